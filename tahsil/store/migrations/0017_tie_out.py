"""Balances of the general ledger, notes on differences, and the months that are closed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tahsil.store import guards


def guard(apps, editor):
    for table in guards.SINCE["0017"]:
        for statement in guards.append_only(table, editor.connection.vendor):
            editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0016_objections"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerLoad",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "creditor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger_loads",
                        to="store.creditor",
                    ),
                ),
                ("balance_on", models.DateField()),
                ("layout", models.CharField(max_length=20)),
                ("file_name", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["creditor", "balance_on"], name="ledger_load_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerBalance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="balances",
                        to="store.ledgerload",
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, max_length=160)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("load", "code", "currency"), name="ledger_balance_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="store.ledgerload",
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("currency", models.CharField(max_length=3)),
                ("booked_on", models.DateField()),
                ("reference", models.CharField(blank=True, max_length=120)),
                ("text", models.CharField(blank=True, max_length=200)),
                ("amount_minor", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="TieNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "creditor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tie_notes",
                        to="store.creditor",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("part", models.CharField(max_length=20)),
                ("tied_on", models.DateField()),
                ("difference_minor", models.BigIntegerField()),
                ("text", models.CharField(max_length=300)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tie_notes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PeriodAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "creditor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="period_acts",
                        to="store.creditor",
                    ),
                ),
                ("month_on", models.DateField()),
                ("is_closed", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("totals", models.JSONField(default=dict)),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("agreed_by", models.CharField(blank=True, max_length=160)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["creditor", "month_on"], name="period_month")],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
