"""Append-only triggers and the search index, as tahsil/store/guards.py words them."""

from django.db import migrations

from tahsil.store import guards


def set_up(apps, editor):
    for statement in guards.statements(editor.connection.vendor):
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("store", "0001_tables")]
    operations = [migrations.RunPython(set_up, migrations.RunPython.noop)]
