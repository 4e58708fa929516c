"""责任: one sheet for each responsible leader, person or unit, with all they answer for. No HTML.

一个问题、一名领导、一抓到底: the sheet of a leader names every problem, what is being done about
it, by whom and until when.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from tracker.choices import Light, Status
from tracker.figures import Figures, figures
from tracker.models import Measure, Ticket, Unit
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.models.unit import told_apart
from tracker.worktime import WorkCalendar, due_words

BY = {"leader": "责任领导", "person": "责任人", "unit": "牵头单位"}
_FIELD = {"leader": "leader_shown", "person": "person_shown", "unit": "lead_unit"}
# Under these the list finds what has no name; by the field that is empty.
NOBODY = {"leader_shown": "未明确责任领导", "person_shown": "未明确责任人"}


def by_of(word: str | None) -> str:
    """What an address orders the sheets by; leaders where it says nothing known."""
    return word if word in BY else next(iter(BY))


@dataclass(frozen=True, slots=True)
class Answering:
    """One line of the index: who answers for how many, and under which lights."""

    name: str
    value: str
    total: int
    closed: int
    by_light: Counter[str]

    @property
    def open(self) -> int:
        return self.total - self.closed


@dataclass(frozen=True, slots=True)
class Item:
    """One problem of a sheet with its measures."""

    ticket: Ticket
    light: Light
    due: str
    measures: list[Measure]

    @property
    def done(self) -> int:
        return sum(measure.done_on is not None for measure in self.measures)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that one leader or unit answers for."""

    figures: Figures
    items: list[Item]


def index(tickets: TicketQuerySet, by: str) -> list[Answering]:
    """Everybody who answers for any of these; who has most that is late, first.

    One query for people, two for units.
    """
    name = _FIELD[by]
    rows = (
        tickets.with_names()
        .order_by()
        .values(name, "status", "light_on_day")
        .annotate(n=Count("pk"))
    )
    found: dict[Any, dict] = {}
    for row in rows.annotate(n=Count("pk")):
        one = found.setdefault(row[name], {"closed": 0, "lights": Counter()})
        one["lights"][row["light_on_day"]] += row["n"]
        one["closed"] += row["n"] * (row["status"] == Status.CLOSED)
    if by != "unit":
        names = {key: key or NOBODY[name] for key in found}
    else:
        names = told_apart(Unit.objects.filter(pk__in=found).select_related("parent"))
    answering = [
        Answering(
            name=names[key],
            value=str(key) if by == "unit" else names[key],
            total=one["lights"].total(),
            closed=one["closed"],
            by_light=one["lights"],
        )
        for key, one in found.items()
    ]
    return sorted(answering, key=lambda one: (-one.by_light[Light.LATE], -one.open, one.name))


def sheet(tickets: TicketQuerySet, shown: list[Ticket], on: date, calendar: WorkCalendar) -> Sheet:
    """The sheet of these tickets, of which `shown` are on the page (two queries)."""
    return Sheet(figures(tickets, on), items(shown, on, calendar))


def items(shown: list[Ticket], on: date, calendar: WorkCalendar) -> list[Item]:
    """These tickets, each with its measures (one query)."""
    measures: dict[int, list[Measure]] = {}
    for measure in Measure.objects.filter(ticket__in=[ticket.pk for ticket in shown]):
        measures.setdefault(measure.ticket_id, []).append(measure)
    return [
        Item(
            ticket,
            Light(ticket.light_on_day),
            due_words(ticket.due_on, on, calendar) if ticket.is_open else "",
            measures.get(ticket.pk, []),
        )
        for ticket in shown
    ]
