"""What who reports has at hand: their own tickets, those they help with, and what came back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from operator import attrgetter, or_

from django.db.models import Exists, F, OuterRef, Subquery

from tracker.choices import Status
from tracker.models import Measure, ReportDraft, Ticket
from tracker.workbench.desk import BY_DEADLINE, MOST_JOBS, Desk

MOST_RETURNED = 3
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
# What of `workflow.TASKS` waits for the unit that answers for a ticket.
OWN_TASKS = ("claim", "start", "report")


@dataclass(frozen=True, slots=True)
class AtHand:
    """The first of each: `own` and `helped` by deadline, what came back with the newest first.

    `returned` are tickets, `reports_returned` those of which a report waits to be made good.
    """

    own: list[Ticket]
    helped: list[Ticket]
    returned: list[Ticket]
    reports_returned: list[Ticket]


def at_hand(desk: Desk) -> AtHand:
    """Find all four in one query; nothing for who does not report."""
    if not desk.reports:
        return AtHand([], [], [], [])
    tickets, person = desk.tickets, desk.person
    own = reduce(or_, (tickets.awaiting(name, person) for name in OWN_TASKS))
    helped = tickets.awaiting("help", person)
    back = tickets.filter(status=Status.RETURNED).with_return_note()
    redo = tickets.with_returned_report().exclude(redo_why=None)
    first = (
        own.order_by(*BY_DEADLINE)[:MOST_JOBS],
        helped.order_by(*BY_DEADLINE)[:MOST_JOBS],
        back.order_by(F("return_at").desc(nulls_last=True), "-pk")[:MOST_RETURNED],
        redo.order_by("-redo_at")[:MOST_RETURNED],
    )
    # SQLite knows neither order nor limit inside a union.
    keys, *others = (
        Ticket.objects.filter(pk__in=rows.values("pk")).order_by().values("pk") for rows in first
    )
    unfinished = Measure.objects.filter(ticket=OuterRef("pk"), done_on=None)
    typed = ReportDraft.objects.filter(ticket=OuterRef("pk"), person=person)
    rows = list(
        desk.rows.filter(pk__in=keys.union(*others))
        .with_return_note()
        .with_returned_report()
        .annotate(
            is_own=Exists(own.order_by().filter(pk=OuterRef("pk"))),
            is_helped=Exists(helped.order_by().filter(pk=OuterRef("pk"))),
            has_unfinished=Exists(unfinished),
            is_unreported=Exists(desk.unreported.filter(pk=OuterRef("pk"))),
            draft_at=Subquery(typed.values("saved_at")),
        )
        .select_related("inspection__plan")
        .order_by(*BY_DEADLINE)
    )
    came_back = [ticket for ticket in rows if ticket.status == Status.RETURNED]
    # One that came in as returned has no record of it.
    came_back.sort(key=lambda one: (one.return_at or _LONG_AGO, one.pk), reverse=True)
    to_redo = [ticket for ticket in rows if ticket.redo_why is not None]
    return AtHand(
        own=[ticket for ticket in rows if ticket.is_own][:MOST_JOBS],
        helped=[ticket for ticket in rows if ticket.is_helped][:MOST_JOBS],
        returned=came_back[:MOST_RETURNED],
        reports_returned=sorted(to_redo, key=attrgetter("redo_at"), reverse=True)[:MOST_RETURNED],
    )
