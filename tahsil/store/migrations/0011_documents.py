"""Documents kept with what they show."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tahsil.store import guards


def keep(apps, editor):
    """A document is never changed and never goes."""
    for table in guards.SINCE["0011"]:
        for statement in guards.append_only(table, editor.connection.vendor):
            editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("store", "0010_bank")]
    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=24)),
                ("sha256", models.CharField(max_length=64)),
                ("media_type", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=160)),
                ("size", models.IntegerField()),
                ("note", models.CharField(blank=True, max_length=200)),
                ("kept_on", models.DateField()),
                ("kept_at", models.DateTimeField()),
                ("account", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="store.account")),
                ("by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="documents", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                fields=("subject", "kind", "sha256"), name="document_once"
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["account", "kept_on"], name="document_account"),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
