"""矩阵: units against statuses, headings or single problems; a fixed number of queries. No HTML."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Min, Window
from django.db.models.functions import Coalesce, RowNumber

from tracker.choices import Light
from tracker.models import Category, Ticket, Unit
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.models.unit import told_apart

AXES = {"status": "单位×状态", "problem": "单位×问题", "aspect": "单位×方面"}
# Problems of one unit that a row shows; the rest are behind its last cell.
MOST_IN_ROW = 30
UNITS_ON_PAGE = 40


@dataclass(frozen=True, slots=True)
class Row:
    """A unit with its problems, the most pressing first, and how many there are in all."""

    unit: Unit
    name: str
    tickets: list[Ticket]
    count: int

    @property
    def left(self) -> int:
        return self.count - len(self.tickets)


def by_problem(tickets: TicketQuerySet, units: Iterable[Unit]) -> list[Row]:
    """Each of these units with its first problems (one query)."""
    shown = (
        tickets.filter(lead_unit__in=units)
        .select_related("lead_unit__parent")
        .annotate(
            rank=Window(
                RowNumber(),
                partition_by="lead_unit",
                order_by=["urgency", F("due_on").asc(nulls_last=True), "pk"],
            ),
            in_unit=Window(Count("pk"), partition_by="lead_unit"),
        )
        .filter(rank__lte=MOST_IN_ROW)
        .order_by("lead_unit__sort_no", "lead_unit__path", "rank")
    )
    rows: dict[Unit, list[Ticket]] = {}
    for ticket in shown:
        rows.setdefault(ticket.lead_unit, []).append(ticket)
    names = told_apart(rows)
    return [Row(unit, names[unit.pk], own, own[0].in_unit) for unit, own in rows.items()]


@dataclass(frozen=True, slots=True)
class Cell:
    """How many tickets of a unit stand under a heading, and the most pressing light among them."""

    count: int
    light: Light | None


@dataclass(frozen=True, slots=True)
class AspectTable:
    """Units against 方面 of one inspection; a heading of None is for problems without any."""

    aspects: list[Category | None]
    rows: list[tuple[Unit, str, list[Cell], int]]


def by_aspect(tickets: TicketQuerySet) -> AspectTable:
    """Count by unit and 方面 (three queries)."""
    counted = (
        tickets.annotate(aspect=Coalesce("category__parent_id", "category_id"))
        .order_by()
        .values("lead_unit", "aspect")
        .annotate(n=Count("pk"), worst=Min("urgency"))
    )
    cells = {(row["lead_unit"], row["aspect"]): row for row in counted}
    keys = {unit for unit, _ in cells}
    units = list(Unit.objects.filter(pk__in=keys).select_related("parent"))
    names = told_apart(units)
    named = Category.objects.filter(pk__in={aspect for _, aspect in cells if aspect})
    aspects: list[Category | None] = list(named.order_by("inspection", "order", "pk"))
    if any(aspect is None for _, aspect in cells):
        aspects.append(None)
    totals = Counter()
    for (unit, _), row in cells.items():
        totals[unit] += row["n"]
    order = list(Light)

    def cell(unit: Unit, aspect: Category | None) -> Cell:
        row = cells.get((unit.pk, aspect.pk if aspect else None))
        return Cell(row["n"], order[row["worst"]]) if row else Cell(0, None)

    return AspectTable(
        aspects,
        [
            (unit, names[unit.pk], [cell(unit, aspect) for aspect in aspects], totals[unit.pk])
            for unit in units
        ],
    )
