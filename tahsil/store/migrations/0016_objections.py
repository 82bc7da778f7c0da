"""Objections to payments: what was claimed stays as it was said."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tahsil.store import guards


def guard(apps, editor):
    """What a customer claimed is never edited and never goes."""
    for statement in guards.objection(editor.connection.vendor):
        editor.execute(statement, params=None)


def link(to, name="objections", null=True):
    return models.ForeignKey(
        null=null, on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to
    )


class Migration(migrations.Migration):
    dependencies = [("store", "0015_refunds")]
    operations = [
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=24)),
                ("channel", models.CharField(max_length=12)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("claimed_minor", models.BigIntegerField(null=True)),
                ("claimed_on", models.DateField(null=True)),
                ("claimed_method", models.CharField(blank=True, max_length=16)),
                ("claimed_reference", models.CharField(blank=True, max_length=80)),
                ("claimed_bank", models.CharField(blank=True, max_length=80)),
                ("opened_on", models.DateField()),
                ("opened_at", models.DateTimeField()),
                ("state", models.CharField(default="open", max_length=10)),
                ("answer_by_on", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("answer", models.CharField(blank=True, max_length=300)),
                ("account", link("store.account", null=False)),
                ("act", link("store.event", "+")),
                ("bank_line", link("store.bankline")),
                ("closed_by", link(settings.AUTH_USER_MODEL, "+")),
                ("dispute", link("store.dispute")),
                ("instrument", link("store.instrument")),
                ("obligation", link("store.obligation")),
                ("opened_by", link(settings.AUTH_USER_MODEL, "+")),
                ("owner", link(settings.AUTH_USER_MODEL)),
                ("paid_to", link(settings.AUTH_USER_MODEL, "+")),
                ("receipt", link("store.receipt")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "opened_on"], name="objection_account"),
                    models.Index(fields=["state", "answer_by_on"], name="objection_state"),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["owner", "answer_by_on"],
                        name="objection_owner",
                    ),
                ],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
