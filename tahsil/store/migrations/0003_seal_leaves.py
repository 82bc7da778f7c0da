"""Seals keep each event's id and the start of its hash, so that an altered one is named."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0002_guards")]
    operations = [
        # Nullable, so that SQLite adds the column in place and the table keeps its triggers.
        migrations.AddField("eventseal", "leaves", models.BinaryField(null=True)),
    ]
