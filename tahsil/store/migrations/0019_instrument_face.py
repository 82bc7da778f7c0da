"""What is printed and written on a paper."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0018_papers")]
    operations = [
        migrations.CreateModel(
            name="InstrumentFace",
            fields=[
                ("instrument", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="face", serialize=False, to="store.instrument")),
                ("code_line", models.CharField(blank=True, max_length=60)),
                ("drawer_identity", models.CharField(blank=True, max_length=40)),
                ("issued_at", models.CharField(blank=True, max_length=80)),
                ("payee_only", models.BooleanField(default=False)),
                ("is_crossed", models.BooleanField(default=False)),
                ("has_words", models.BooleanField(default=True)),
                ("channel", models.CharField(blank=True, max_length=12)),
            ],
        ),
    ]
