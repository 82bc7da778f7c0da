"""A bank line may name a receipt that was there before it; a bank's tables are read as once said."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0011_documents")]
    operations = [
        migrations.AddField(
            model_name="bankmatch",
            name="is_link",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="mapping",
            field=models.JSONField(default=dict),
        ),
        migrations.RemoveConstraint(model_name="bankmatch", name="bank_match_receipt_once"),
        migrations.AddConstraint(
            model_name="bankmatch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("receipt__isnull", False), ("undone_at", None)),
                fields=("receipt",),
                name="bank_match_receipt_once",
            ),
        ),
    ]
