from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0039_keep_views_and_recent_tickets"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                condition=models.Q(("done_on", None), ("dropped_on", None)),
                fields=["due_on", "ticket"],
                name="measure_unfinished_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="progress",
            index=models.Index(fields=["at", "bulletin", "ticket"], name="progress_heard_since"),
        ),
        migrations.AddIndex(
            model_name="transition",
            index=models.Index(fields=["at", "target", "ticket"], name="transition_moved_since"),
        ),
    ]
