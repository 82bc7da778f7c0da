"""A customer code is a creditor's own: two creditors may both number a customer C-1."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import functions


def number(apps, editor):
    """Every code so far is of the creditor whose file brought it, or of the first account's."""
    batches = apps.get_model("store", "ImportBatch").objects.filter(id=models.OuterRef("batch_id"))
    accounts = apps.get_model("store", "Account").objects.filter(party=models.OuterRef("pk"))
    whose = functions.Coalesce(
        models.Subquery(batches.values("creditor_id")[:1]),
        models.Subquery(accounts.order_by("id").values("creditor_id")[:1]),
    )
    coded = apps.get_model("store", "Party").objects.exclude(code="")
    coded.update(numbered_by_id=whose)


class Migration(migrations.Migration):
    dependencies = [("store", "0007_policy_currency")]
    operations = [
        migrations.AddField(
            "party",
            "numbered_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="store.creditor",
            ),
        ),
        migrations.RemoveConstraint("party", "party_code_once"),
        migrations.RunPython(number, migrations.RunPython.noop),
        migrations.AddConstraint(
            "party",
            models.UniqueConstraint(
                fields=["numbered_by", "code"],
                condition=models.Q(("code", ""), _negated=True),
                name="party_code_once",
            ),
        ),
    ]
