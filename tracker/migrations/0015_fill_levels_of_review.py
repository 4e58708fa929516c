from django.db import migrations
from django.utils import timezone

# How many levels there were, and which they are taken to have been.
LEVELS = {
    1: "office",
    2: "head,office",
    3: "head,leader,office",
    4: "head,leader,office,party",
    5: "head,leader,office,party,inspector",
}


def fill(apps, schema_editor):
    """Name the levels of each round, and for each ticket who reports and whom it waits for."""
    membership = apps.get_model("tracker", "Membership")
    membership.objects.filter(role="supervisor").update(role="office")
    for item in apps.get_model("tracker", "Round").objects.all():
        item.review_roles = LEVELS[item.review_levels]
        item.save(update_fields=["review_roles"])

    ticket = apps.get_model("tracker", "Ticket")
    transition = apps.get_model("tracker", "Transition")
    for record in transition.objects.filter(move="claim").order_by("pk"):
        ticket.objects.filter(pk=record.ticket_id).update(reporter=record.by_id)
    waiting = ticket.objects.filter(status="submitted").select_related("inspection__round")
    for item in waiting:
        first = item.inspection.round.review_roles.split(",")[0]
        ticket.objects.filter(pk=item.pk).update(review_role=first)
    handed_in = ticket.objects.filter(status__in=["submitted", "closed"])
    for item in handed_in.values("pk", "closed_on", "updated_at"):
        last = transition.objects.filter(ticket=item["pk"], target="submitted").order_by("-pk")
        at = last.values_list("at", flat=True).first() or item["updated_at"]
        day = timezone.localdate(at)
        if item["closed_on"]:
            day = min(day, item["closed_on"])
        ticket.objects.filter(pk=item["pk"]).update(submitted_on=day)


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0014_add_levels_of_review"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
