"""Refunds and money on account; paper receipt books, spoilt numbers, who paid for the debtor."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tahsil.store import guards


def guard(apps, editor):
    for table in guards.REFUNDS:
        for statement in guards.append_only(table, editor.connection.vendor):
            editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("store", "0014_cash")]
    operations = [
        migrations.CreateModel(
            name="RefundEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("reason", models.CharField(max_length=200)),
                ("effective_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RefundPart",
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
            name="RefundPayment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("method", models.CharField(max_length=16)),
                ("reference", models.CharField(blank=True, max_length=80)),
                ("value_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OnAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=24)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("step_on", models.DateField(null=True)),
                ("changed_at", models.DateTimeField()),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="on_account",
                        to="store.account",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="on_account",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReceiptBook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("first", models.IntegerField()),
                ("last", models.IntegerField()),
                ("issued_on", models.DateField()),
                ("document", models.CharField(max_length=160)),
                ("recorded_at", models.DateTimeField()),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt_books",
                        to="store.branch",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipt_books",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CancelledNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("serial", models.IntegerField()),
                ("reason", models.CharField(max_length=200)),
                ("effective_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
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
                    "series",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cancelled",
                        to="store.receiptseries",
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cancelled",
                        to="store.receiptbook",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BookEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("document", models.CharField(blank=True, max_length=160)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("effective_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
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
                    "book",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ending",
                        to="store.receiptbook",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReceiptPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("serial", models.IntegerField()),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="store.receiptbook",
                    ),
                ),
                (
                    "receipt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper",
                        to="store.receipt",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReceiptPayer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("relation", models.CharField(max_length=16)),
                ("identity", models.CharField(blank=True, max_length=60)),
                ("has_consent", models.BooleanField(default=False)),
                (
                    "receipt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="third_party",
                        to="store.receipt",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=60, unique=True)),
                ("amount_minor", models.BigIntegerField()),
                ("payee", models.CharField(max_length=160)),
                ("payee_reason", models.CharField(blank=True, max_length=200)),
                ("reason", models.CharField(max_length=200)),
                ("is_despite_overdue", models.BooleanField(default=False)),
                ("approved_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="store.account",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
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
            model_name="bankmatch",
            name="refund",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bank_matches",
                to="store.refund",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankmatch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("refund__isnull", False), ("undone_at__isnull", True)),
                fields=("refund", "purpose"),
                name="bank_match_refund_once",
            ),
        ),
        migrations.AddField(
            model_name="refundend",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="refundend",
            name="refund",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ending",
                to="store.refund",
            ),
        ),
        migrations.AddField(
            model_name="refundpart",
            name="receipt",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refund_parts",
                to="store.receipt",
            ),
        ),
        migrations.AddField(
            model_name="refundpart",
            name="refund",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="store.refund"
            ),
        ),
        migrations.AddField(
            model_name="refundpayment",
            name="bank_account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="store.bankaccount",
            ),
        ),
        migrations.AddField(
            model_name="refundpayment",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="refundpayment",
            name="obligation",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refund_payment",
                to="store.obligation",
            ),
        ),
        migrations.AddField(
            model_name="refundpayment",
            name="refund",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payment",
                to="store.refund",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptbook",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__gt", 0), ("last__gte", models.F("first"))),
                name="book_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="cancellednumber",
            constraint=models.UniqueConstraint(
                fields=("series", "serial"), name="cancelled_series_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="cancellednumber",
            constraint=models.UniqueConstraint(
                fields=("book", "serial"), name="cancelled_book_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="cancellednumber",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("book__isnull", True), ("series__isnull", False)),
                    models.Q(("book__isnull", False), ("series__isnull", True)),
                    _connector="OR",
                ),
                name="cancelled_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptpaper",
            constraint=models.UniqueConstraint(fields=("book", "serial"), name="book_number_once"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="refund_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="refundpart",
            constraint=models.UniqueConstraint(
                fields=("refund", "receipt"), name="refund_part_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="refundpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="refund_part_positive"
            ),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
