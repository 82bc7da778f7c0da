"""Staged rows: one index for their keys, room to be marked in on PostgreSQL. Jobs: no progress."""

import django.db.models.deletion
from django.db import migrations, models

from tahsil.store.models.imports import StagedJSON


def leave_room(apps, editor):
    """Committing writes a target into every row: with room on its page no index need change."""
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE store_importrow SET (fillfactor = 50)")


class Migration(migrations.Migration):
    dependencies = [("store", "0008_party_codes")]
    operations = [
        migrations.RemoveField(model_name="job", name="progress"),
        migrations.RemoveIndex(model_name="importrow", name="store_impor_kind_6506eb_idx"),
        migrations.AlterField(
            model_name="importrow",
            name="batch",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="store.importbatch"),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="key",
            field=models.CharField(max_length=200),
        ),
        migrations.AlterField(model_name="importrow", name="raw", field=StagedJSON()),
        migrations.AlterField(model_name="importrow", name="values", field=StagedJSON()),
        migrations.AlterField(
            model_name="importrow", name="remarks", field=StagedJSON(default=list)
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(fields=["key"], name="store_impor_key_f3630e_idx"),
        ),
        migrations.RunPython(leave_room, migrations.RunPython.noop),
    ]
