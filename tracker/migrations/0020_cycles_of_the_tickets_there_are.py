from django.db import migrations
from django.utils import timezone


def fill(apps, schema_editor):
    """Give every ticket its first cycle, and what was submitted its sheet and its opinion.

    Who claimed a ticket used to become responsible for it and to submit it as well: such an old
    sheet names nobody as responsible, since the rule that they differ is younger than it.
    """
    ticket_model, transition_model, cycle_model, sheet_model, opinion_model = (
        apps.get_model("tracker", name)
        for name in ("Ticket", "Transition", "Cycle", "SignOff", "Opinion")
    )
    for ticket in ticket_model.objects.select_related("bulletin").order_by("pk"):
        cycle = cycle_model.objects.create(
            ticket=ticket,
            opened_on=timezone.localdate(ticket.created_at),
            opened_by_id=ticket.bulletin.imported_by_id,
            due_on=ticket.original_due_on,
            submitted_on=ticket.submitted_on if ticket.closed_on else None,
            closed_on=ticket.closed_on,
        )
        moves = transition_model.objects.filter(ticket=ticket).order_by("-pk")
        submission = moves.filter(target="submitted", move__in=["submit", "import"]).first()
        if ticket.status not in ("submitted", "closed") or submission is None:
            continue
        responsible = None if ticket.person_id == submission.by_id else ticket.person_id
        sheet = sheet_model.objects.create(
            ticket=ticket,
            ticket_version=submission.ticket_version,
            cycle=cycle,
            number=1,
            submitter_id=submission.by_id,
            responsible_id=responsible,
            result=submission.note or ticket.claim_quote or ticket.title,
        )
        sheet_model.objects.filter(pk=sheet.pk).update(at=submission.at)
        closing = moves.filter(move="close", pk__gt=submission.pk).first()
        if closing and closing.by_id not in (submission.by_id, responsible):
            opinion = opinion_model.objects.create(
                signoff=sheet,
                ticket_version=closing.ticket_version,
                level="office",
                by_id=closing.by_id,
                submitter_id=submission.by_id,
                responsible_id=responsible,
                is_approval=True,
                text=closing.note or "同意销号。",
                way="documents",
            )
            opinion_model.objects.filter(pk=opinion.pk).update(at=closing.at)


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0019_cycles_and_sign_off_sheets"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
