"""Policies keep what their file says of them: description, and the currency of their amounts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0006_list_indexes")]
    operations = [
        # Nullable, so that SQLite adds the columns in place and the table keeps its triggers.
        migrations.AddField(
            "policyversion", "description", models.CharField(max_length=300, null=True)
        ),
        migrations.AddField("policyversion", "currency", models.CharField(max_length=3, null=True)),
    ]
