"""Custody of papers: hand-overs, counts with their signatures, matters; who holds a paper."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tahsil.store import guards


def guard(apps, editor):
    vendor = editor.connection.vendor
    statements = [
        *guards.append_only("store_safecountsignature", vendor),
        *guards.settled("store_handoverline", "OLD.result <> ''", vendor),
        *guards.settled("store_handover", "OLD.state <> 'open'", vendor),
    ]
    for statement in statements:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("store", "0012_bank_links")]

    operations = [
        migrations.DeleteModel(name="SafeCount"),  # a draft that nothing ever wrote to
        migrations.AddField(
            model_name="instrumentmove",
            name="custodian",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="held_papers",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                ("from_place", models.CharField(max_length=80)),
                ("to_place", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=12)),
                ("giver_name", models.CharField(blank=True, max_length=160)),
                ("receiver_name", models.CharField(blank=True, max_length=160)),
                ("receiver_company", models.CharField(blank=True, max_length=160)),
                ("receiver_identity", models.CharField(blank=True, max_length=60)),
                ("given_on", models.DateField()),
                ("given_at", models.DateTimeField()),
                ("count", models.IntegerField()),
                ("totals", models.JSONField(default=list)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("state", models.CharField(default="open", max_length=10)),
                ("accepted_on", models.DateField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("found_count", models.IntegerField(null=True)),
                ("document", models.CharField(blank=True, max_length=160)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs_accepted",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs_given",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs_taken",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HandOverLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("result", models.CharField(blank=True, max_length=10)),
                (
                    "hand_over",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="store.handover",
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_over_lines",
                        to="store.instrument",
                    ),
                ),
                (
                    "move",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_over_line",
                        to="store.instrumentmove",
                    ),
                ),
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
                ("month", models.CharField(blank=True, max_length=7)),
                ("counted_on", models.DateField()),
                ("opened_at", models.DateTimeField()),
                ("last_move", models.BigIntegerField(default=0)),
                ("state", models.CharField(default="counting", max_length=10)),
                ("said", models.JSONField(default=list)),
                ("sums", models.JSONField(default=list)),
                ("book_count", models.IntegerField(null=True)),
                ("found_count", models.IntegerField(null=True)),
                ("variance_count", models.IntegerField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("signers", models.IntegerField(null=True)),
                ("policy", models.CharField(blank=True, max_length=40)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "counter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="safe_counts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SafeCountLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("book_minor", models.BigIntegerField(default=0)),
                ("found_minor", models.BigIntegerField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=14)),
                (
                    "count",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="store.safecount",
                    ),
                ),
                (
                    "custodian",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="count_lines",
                        to="store.instrument",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SafeCountEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40)),
                ("amount", models.CharField(blank=True, max_length=24)),
                ("entered_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "count",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="store.safecount",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="store.safecountline",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CustodyMatter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=14)),
                ("number", models.CharField(max_length=40)),
                ("place", models.CharField(max_length=80)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("amount_minor", models.BigIntegerField(default=0)),
                ("opened_on", models.DateField()),
                ("state", models.CharField(default="open", max_length=10)),
                ("explanation", models.CharField(blank=True, max_length=300)),
                ("closed_on", models.DateField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matters",
                        to="store.instrument",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="custody_matters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hand_over",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matters",
                        to="store.handover",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matters",
                        to="store.safecountline",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SafeCountSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_custodian", models.BooleanField(default=False)),
                ("signed_at", models.DateTimeField()),
                (
                    "count",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="store.safecount",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="count_signatures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["state", "given_on"], name="hand_over_state"),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted_by", None),
                    models.Q(("accepted_by", models.F("giver")), _negated=True),
                    _connector="OR",
                ),
                name="hand_over_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoverline",
            constraint=models.UniqueConstraint(
                fields=("hand_over", "instrument"), name="hand_over_paper_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="handoverline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("result", "")),
                fields=("instrument",),
                name="hand_over_open_once",
            ),
        ),
        migrations.AddIndex(
            model_name="safecount",
            index=models.Index(fields=["place", "counted_on"], name="safe_count_place"),
        ),
        migrations.AddConstraint(
            model_name="safecount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "counting")),
                fields=("place", "month"),
                name="safe_count_open_once",
            ),
        ),
        migrations.AddIndex(
            model_name="safecountline",
            index=models.Index(fields=["count", "outcome"], name="safe_count_line_outcome"),
        ),
        migrations.AddIndex(
            model_name="custodymatter",
            index=models.Index(fields=["state", "opened_on"], name="custody_matter_state"),
        ),
        migrations.AddConstraint(
            model_name="safecountsignature",
            constraint=models.UniqueConstraint(
                fields=("count", "person"), name="safe_count_sign_once"
            ),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
