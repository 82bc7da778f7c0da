"""Cash in people's hands: items, hand-overs, deposits, closed days, cases and call-backs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tahsil.store import guards


def guard(apps, editor):
    for statement in guards.cash(editor.connection.vendor):
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0013_custody"),
    ]

    operations = [
        migrations.CreateModel(
            name="CashCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("reason", models.CharField(max_length=200)),
                (
                    "receipt",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_cases",
                        to="store.receipt",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("opened_on", models.DateField()),
                ("opened_at", models.DateTimeField()),
                ("state", models.CharField(default="open", max_length=12)),
                ("settled_on", models.DateField(null=True)),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("settled_note", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [models.Index(fields=["state", "opened_on"], name="cash_case_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="cash_case_positive"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CashItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                (
                    "receipt",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_items",
                        to="store.receipt",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="store.cashcase",
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("taken_at", models.DateTimeField()),
                (
                    "holder",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_held",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("holder__isnull", False)),
                        fields=["holder", "currency"],
                        name="cash_item_held",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("receipt__isnull", False)),
                        fields=("receipt", "kind"),
                        name="cash_item_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor", 0), _negated=True),
                        name="cash_item_not_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CashHandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_given",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_received",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("item_ids", models.JSONField()),
                ("amount_minor", models.BigIntegerField()),
                ("state", models.CharField(default="offered", max_length=10)),
                ("offered_on", models.DateField()),
                ("offered_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("counted_minor", models.BigIntegerField(null=True)),
                ("pieces", models.JSONField(default=dict)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs",
                        to="store.cashcase",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["receiver", "state"], name="cash_hand_over_state")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("giver", models.F("receiver")), _negated=True),
                        name="cash_not_to_oneself",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CashDeposit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "bank_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_deposits",
                        to="store.bankaccount",
                    ),
                ),
                ("number", models.CharField(max_length=40)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_deposits",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("deposited_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "match",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_deposits",
                        to="store.bankmatch",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "deposited_at"], name="cash_deposit_person")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("bank_account", "number"), name="cash_deposit_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="cash_deposit_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CashEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_entries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="store.cashitem",
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("day_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "hand_over",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="store.cashhandover",
                    ),
                ),
                (
                    "deposit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="store.cashdeposit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "currency", "day_on"], name="cash_entry_day")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deposit__isnull", False)),
                        fields=("item",),
                        name="cash_deposited_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CashCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_counts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("day_on", models.DateField()),
                ("pieces", models.JSONField()),
                ("counted_minor", models.BigIntegerField()),
                ("last_entry_id", models.BigIntegerField(default=0)),
                ("counted_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "currency", "day_on"], name="cash_count_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="CashDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_days",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("day_on", models.DateField()),
                ("opening_minor", models.BigIntegerField()),
                ("taken_minor", models.BigIntegerField()),
                ("reversed_minor", models.BigIntegerField()),
                ("received_minor", models.BigIntegerField()),
                ("given_minor", models.BigIntegerField()),
                ("deposited_minor", models.BigIntegerField()),
                ("adjusted_minor", models.BigIntegerField()),
                ("expected_minor", models.BigIntegerField()),
                ("difference_minor", models.BigIntegerField()),
                (
                    "count",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="store.cashcount",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="store.cashcase",
                    ),
                ),
                ("closed_at", models.DateTimeField()),
                ("needs_signature", models.BooleanField(default=False)),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("signed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "currency", "day_on"), name="cash_day_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CashCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "receipt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_call",
                        to="store.receipt",
                    ),
                ),
                ("result", models.CharField(max_length=14)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("called_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cash_calls",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
