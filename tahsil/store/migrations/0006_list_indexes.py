"""Indexes by which a worklist of any size is read in its order, a page at a time."""

from django.db import migrations, models

LISTED = models.Q(("is_listed", True))
MADE = {
    "standing_all": ["-priority"],
    "standing_list": ["collector_id", "-priority"],
    "standing_project": ["project_id", "-priority"],
    "standing_bucket": ["bucket", "-priority"],
    "standing_rung": ["rung", "-priority"],
}


class Migration(migrations.Migration):
    dependencies = [("store", "0005_instruments")]
    operations = [
        migrations.RemoveIndex(model_name="standing", name="standing_list"),
        migrations.RemoveIndex(model_name="standing", name="standing_all"),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["collector_id"], name="standing_owner"),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["-overdue_minor", "account"], name="standing_overdue"),
        ),
        *(
            migrations.AddIndex(
                model_name="standing",
                index=models.Index(fields=[*fields, "account"], name=name, condition=LISTED),
            )
            for name, fields in MADE.items()
        ),
    ]
