"""Bank statements, their lines and matches, and what corrections have taught."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tahsil.store import guards


def guard(apps, editor):
    for statement in guards.bank(editor.connection.vendor):
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0009_staging"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.IntegerField()),
                ("booked_on", models.DateField()),
                ("value_on", models.DateField()),
                ("amount_minor", models.BigIntegerField()),
                ("reference", models.CharField(blank=True, max_length=200)),
                ("bank_reference", models.CharField(blank=True, max_length=200)),
                ("code", models.CharField(default="other", max_length=20)),
                ("bank_code", models.CharField(blank=True, max_length=60)),
                ("text", models.TextField(blank=True)),
                ("payer", models.CharField(blank=True, max_length=200)),
                ("payer_account", models.CharField(blank=True, max_length=80)),
                ("cheque_number", models.CharField(blank=True, max_length=40)),
                ("is_reversal", models.BooleanField(default=False)),
                ("is_pending", models.BooleanField(default=False)),
                ("parts", models.JSONField(default=list)),
                ("fingerprint", models.CharField(max_length=80)),
                ("state", models.CharField(default="open", max_length=12)),
                (
                    "bank_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="store.bankaccount",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BankProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("purpose", models.CharField(max_length=24)),
                ("body", models.JSONField()),
                ("policy", models.CharField(blank=True, max_length=40)),
                ("made_on", models.DateField()),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposal",
                        to="store.bankline",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BankStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("format", models.CharField(max_length=20)),
                ("number", models.CharField(blank=True, max_length=80)),
                ("opened_on", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("opening_minor", models.BigIntegerField(null=True)),
                ("closing_minor", models.BigIntegerField(null=True)),
                ("line_count", models.IntegerField()),
                ("credit_minor", models.BigIntegerField()),
                ("debit_minor", models.BigIntegerField()),
                ("repeats", models.JSONField(default=list)),
                ("remarks", models.JSONField(default=list)),
                ("imported_at", models.DateTimeField()),
                (
                    "bank_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="store.bankaccount",
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="bankline",
            name="statement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="store.bankstatement",
            ),
        ),
        migrations.CreateModel(
            name="LearnedFee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("count", models.IntegerField()),
                (
                    "creditor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.creditor",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LearnedPattern",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pattern", models.CharField(max_length=60)),
                ("right", models.IntegerField(default=0)),
                ("wrong", models.IntegerField(default=0)),
                (
                    "creditor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.creditor",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LearnedPayer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("payer", models.CharField(max_length=240)),
                ("count", models.IntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="known_payers",
                        to="store.account",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BankMatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("purpose", models.CharField(max_length=24)),
                ("kind", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("matched_on", models.DateField()),
                ("matched_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_reason", models.CharField(blank=True, max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matches",
                        to="store.bankline",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspense",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "presentment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_matches",
                        to="store.presentment",
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_matches",
                        to="store.receipt",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("undone_at", None)),
                        fields=["purpose"],
                        name="bank_live",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("receipt__isnull", False)),
                        fields=("receipt",),
                        name="bank_match_receipt_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor", 0), _negated=True),
                        name="bank_match_not_nothing",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="bankstatement",
            index=models.Index(fields=["bank_account", "closed_on"], name="bank_statement_end"),
        ),
        migrations.AddConstraint(
            model_name="bankstatement",
            constraint=models.UniqueConstraint(
                fields=("bank_account", "digest"), name="bank_statement_once"
            ),
        ),
        migrations.AddIndex(
            model_name="bankline",
            index=models.Index(fields=["state", "booked_on"], name="bank_line_state"),
        ),
        migrations.AddIndex(
            model_name="bankline",
            index=models.Index(fields=["bank_account", "booked_on"], name="bank_line_day"),
        ),
        migrations.AddConstraint(
            model_name="bankline",
            constraint=models.UniqueConstraint(
                fields=("bank_account", "fingerprint"), name="bank_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="learnedfee",
            constraint=models.UniqueConstraint(
                fields=("creditor", "amount_minor"), name="learned_fee_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="learnedpattern",
            constraint=models.UniqueConstraint(
                fields=("creditor", "pattern"), name="learned_pattern_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="learnedpayer",
            constraint=models.UniqueConstraint(
                fields=("payer", "account"), name="learned_payer_once"
            ),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
