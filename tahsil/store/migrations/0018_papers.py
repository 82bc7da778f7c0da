"""What a try asked of the bank, how much came instead, and steps of law after a return."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tahsil.store import guards


def guard(apps, editor):
    for statement in guards.append_only("store_instrumentstep", editor.connection.vendor):
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("store", "0017_tie_out")]

    operations = [
        migrations.AddField(
            model_name="presentment",
            name="asked_minor",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="instrumentreplacement",
            name="amount_minor",
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="InstrumentStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.CharField(max_length=24)),
                ("document", models.CharField(max_length=160)),
                ("effective_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instrument_steps",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="store.instrument",
                    ),
                ),
                (
                    "presentment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="store.presentment",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="store.instrumentstep",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["instrument", "effective_on"],
                        name="store_instr_instrum_1880bd_idx",
                    )
                ],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
