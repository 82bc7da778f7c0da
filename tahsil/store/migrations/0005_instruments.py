"""What an instrument covers, its moves, its tries at the bank, slips and counts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tahsil.store import guards


def guard(apps, editor):
    for table in guards.MADE_LATER:
        for statement in guards.append_only(table, editor.connection.vendor):
            editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0004_tokens"),
    ]

    operations = [
        migrations.CreateModel(
            name="DepositSlip",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                ("sent_on", models.DateField()),
                ("count", models.IntegerField()),
                ("total_minor", models.BigIntegerField()),
                ("state", models.CharField(default="sent", max_length=10)),
                ("received_on", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="InstrumentLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="InstrumentMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=24)),
                ("before", models.CharField(max_length=24)),
                ("after", models.CharField(max_length=24)),
                ("place", models.CharField(blank=True, max_length=80)),
                ("document", models.CharField(blank=True, max_length=160)),
                ("effective_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="InstrumentReplacement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Presentment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.IntegerField()),
                ("sent_on", models.DateField()),
                ("expected_on", models.DateField()),
                ("result", models.CharField(blank=True, max_length=12)),
                ("answered_on", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=24)),
                ("memo", models.CharField(blank=True, max_length=160)),
                ("paid_minor", models.BigIntegerField(default=0)),
                ("charge_minor", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="SafeCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.CharField(max_length=80)),
                ("counted_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("book_count", models.IntegerField()),
                ("book_minor", models.BigIntegerField()),
                ("found_count", models.IntegerField()),
                ("found_minor", models.BigIntegerField()),
                ("explanation", models.CharField(blank=True, max_length=300)),
                ("signers", models.JSONField(default=list)),
                ("missing", models.JSONField(default=list)),
            ],
        ),
        migrations.AddField(
            model_name="instrument",
            name="branch",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="instrument",
            name="drawer_relation",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="instrument",
            name="drawn_on",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="instrument",
            name="held_until_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="instrument",
            name="owner",
            field=models.CharField(default="own", max_length=12),
        ),
        migrations.AddField(
            model_name="instrument",
            name="payee",
            field=models.CharField(blank=True, max_length=160),
        ),
        migrations.AddField(
            model_name="instrument",
            name="received_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="instrument",
            name="rule",
            field=models.CharField(default="any", max_length=20),
        ),
        migrations.AddField(
            model_name="instrument",
            name="temporary_receipt",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="instrument",
            name="warning",
            field=models.CharField(blank=True, max_length=24),
        ),
        migrations.AddIndex(
            model_name="instrument",
            index=models.Index(fields=["state", "matures_on"], name="store_instr_state_b84628_idx"),
        ),
        migrations.AddField(
            model_name="depositslip",
            name="bank_account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="slips",
                to="store.bankaccount",
            ),
        ),
        migrations.AddField(
            model_name="depositslip",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="slips",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="instrumentline",
            name="instrument",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="store.instrument",
            ),
        ),
        migrations.AddField(
            model_name="instrumentline",
            name="obligation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instrument_lines",
                to="store.obligation",
            ),
        ),
        migrations.AddField(
            model_name="instrumentmove",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instrument_moves",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="instrumentmove",
            name="instrument",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="moves",
                to="store.instrument",
            ),
        ),
        migrations.AddField(
            model_name="instrumentreplacement",
            name="new",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaces",
                to="store.instrument",
            ),
        ),
        migrations.AddField(
            model_name="instrumentreplacement",
            name="old",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="store.instrument",
            ),
        ),
        migrations.AddField(
            model_name="instrumentreplacement",
            name="receipt",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaces",
                to="store.receipt",
            ),
        ),
        migrations.AddField(
            model_name="presentment",
            name="bank_account",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="store.bankaccount"
            ),
        ),
        migrations.AddField(
            model_name="presentment",
            name="instrument",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="presentments",
                to="store.instrument",
            ),
        ),
        migrations.AddField(
            model_name="presentment",
            name="receipt",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="presentments",
                to="store.receipt",
            ),
        ),
        migrations.AddField(
            model_name="presentment",
            name="slip",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="presentments",
                to="store.depositslip",
            ),
        ),
        migrations.AddField(
            model_name="safecount",
            name="creditor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="safe_counts",
                to="store.creditor",
            ),
        ),
        migrations.AddConstraint(
            model_name="instrumentline",
            constraint=models.UniqueConstraint(
                fields=("instrument", "obligation"), name="instrument_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="instrumentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="instrument_line_positive"
            ),
        ),
        migrations.AddIndex(
            model_name="instrumentmove",
            index=models.Index(
                fields=["instrument", "effective_on"], name="store_instr_instrum_236214_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="presentment",
            index=models.Index(
                fields=["result", "expected_on"], name="store_prese_result_34d555_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="presentment",
            constraint=models.UniqueConstraint(
                fields=("instrument", "seq"), name="presentment_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="presentment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("result", "")),
                fields=("instrument",),
                name="presentment_open_once",
            ),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
