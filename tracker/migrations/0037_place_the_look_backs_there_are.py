from datetime import datetime, time

from django.db import migrations
from django.utils import timezone


def place(apps, schema_editor):
    """What was found before stands after all that had happened by then, at noon of its day."""
    items = apps.get_model("tracker", "LookBackItem").objects.exclude(result="")
    for item in items.filter(at=None).select_related("ticket"):
        item.ticket_version = item.ticket.version
        item.at = timezone.make_aware(datetime.combine(item.checked_on, time(12)))
        item.save(update_fields=["ticket_version", "at"])


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0036_place_look_backs_in_history"),
    ]

    operations = [
        migrations.RunPython(place, migrations.RunPython.noop),
    ]
