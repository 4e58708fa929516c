from django.db import migrations
from django.utils import timezone


def open_requests(apps, schema_editor):
    """Give each blocked ticket the request that marking it now opens.

    Who marked it, and when, stands in its changes; who must act stood in the reason alone.
    """
    request = apps.get_model("tracker", "Coordination")
    change = apps.get_model("tracker", "Change")
    blocked = apps.get_model("tracker", "Ticket").objects.filter(is_blocked=True)
    for ticket in blocked.select_related("bulletin"):
        marks = change.objects.filter(ticket=ticket, field="受阻", new="是")
        mark = marks.order_by("-pk").first()
        at = mark.at if mark else ticket.updated_at
        made = request.objects.create(
            ticket=ticket,
            ticket_version=mark.ticket_version if mark else ticket.version,
            reason=ticket.blocked_reason,
            needs_text="见受阻原因",
            since_on=timezone.localdate(at),
            by_id=mark.by_id if mark else ticket.bulletin.imported_by_id,
        )
        # The field takes the time of the migration; what counts is that of the mark.
        request.objects.filter(pk=made.pk).update(at=at)


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0022_block_press_instruct_and_notify"),
    ]

    operations = [
        migrations.RunPython(open_requests, migrations.RunPython.noop),
    ]
