"""作战图: tickets as bars on an axis of months or weeks, grouped by unit or heading. No HTML.

Places are per cent of the axis, so that the page can draw them without a style of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from math import ceil

from django.db.models import F

from tracker.choices import Light
from tracker.dates import zh_date, zh_md
from tracker.models import Ticket
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.models.unit import told_apart
from tracker.worktime import WorkCalendar, add_months, due_words

SCALES = {"month": "按月", "week": "按周"}
GROUPINGS = {"unit": "按单位", "category": "按方面"}
# What a sheet of paper or a screen can still show.
MOST_MONTHS, MOST_WEEKS = 18, 26
WEEKS_BEFORE = 6
# More names than this above the bars run into each other.
MOST_NAMES = 16


@dataclass(frozen=True, slots=True)
class Tick:
    """One month or week of the axis: where it begins, how wide it is, what it is called.

    Where they are many, only some bear their names; that of today always does.
    """

    at: float
    width: float
    label: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """The stretch of days that the chart shows, `last` included."""

    first: date
    last: date
    scale: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def at(self, day: date) -> float:
        """Where the morning of a day stands, in per cent; beyond the ends it is the end."""
        gone = (day - self.first).days
        return round(min(max(gone, 0), self.days) * 100 / self.days, 3)

    def shows(self, day: date) -> bool:
        return self.first <= day <= self.last

    def ticks(self, on: date) -> list[Tick]:
        starts = [self.first]
        while starts[-1] <= self.last:
            starts.append(_after(starts[-1], self.scale))
        spans = list(pairwise(starts))
        now = next((n for n, (start, after) in enumerate(spans) if start <= on < after), 0)
        every = ceil(len(spans) / MOST_NAMES)
        ticks = []
        for n, (start, after) in enumerate(spans):
            at, end = self.at(start), self.at(after)
            label = "" if (n - now) % every else _name(start, self)
            ticks.append(Tick(at, round(end - at, 3), label, start <= on < after))
        return ticks


@dataclass(frozen=True, slots=True)
class Node:
    """倒排节点: a milestone as a diamond on its ticket's row."""

    at: float
    label: str
    is_done: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One ticket on the axis: from its start to its deadline, with its nodes and its light.

    `done` is how much of the bar is worked off; up to `late_to` an overdue ticket drags on. A
    ticket without a deadline has no bar.
    """

    ticket: Ticket
    light: Light
    due: str
    at: float | None
    width: float
    done: float
    late_to: float | None
    original_at: float | None
    nodes: list[Node]
    spoken: str


@dataclass(frozen=True, slots=True)
class Group:
    """The tickets of one unit or heading."""

    label: str
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that the chart shows of one page of tickets."""

    axis: Axis
    ticks: list[Tick]
    now_at: float | None
    groups: list[Group]


def in_order(tickets: TicketQuerySet, grouping: str) -> TicketQuerySet:
    """Sort so that a page of the chart holds whole groups as far as it can."""
    if grouping == "category":
        return tickets.order_by(
            "inspection__feedback_on",
            "inspection",
            F("category__parent__order").asc(nulls_first=True),
            F("category__order").asc(nulls_last=True),
            "order",
            "pk",
        )
    return tickets.select_related("lead_unit__parent").order_by(
        "lead_unit__sort_no", "lead_unit__path", F("due_on").asc(nulls_last=True), "pk"
    )


def timeline(
    tickets: Sequence[Ticket],
    nodes: dict[int, list],
    *,
    scale: str,
    grouping: str,
    on: date,
    calendar: WorkCalendar,
) -> Timeline:
    """Lay out these tickets, which come `in_order`; `nodes` are their milestones by key."""
    axis = axis_of(tickets, scale, on)
    names = told_apart({ticket.lead_unit for ticket in tickets}) if grouping == "unit" else {}
    groups = [
        Group(label, [_bar(ticket, nodes.get(ticket.pk, []), axis, on, calendar) for ticket in run])
        for label, run in groupby(tickets, lambda ticket: _group(ticket, names))
    ]
    return Timeline(
        axis=axis,
        ticks=axis.ticks(on),
        now_at=axis.at(on) if axis.shows(on) else None,
        groups=groups,
    )


def axis_of(tickets: Iterable[Ticket], scale: str, on: date) -> Axis:
    """Take in every start and deadline, in whole months or weeks, as far as a screen holds them."""
    days = [on]
    for ticket in tickets:
        days += [starts_on(ticket), ticket.due_on or on]
    first, last = min(days), max(days)
    if scale == "week":
        monday = on - timedelta(days=on.weekday())
        first = max(first - timedelta(days=first.weekday()), monday - timedelta(weeks=WEEKS_BEFORE))
        last = min(last, first + timedelta(weeks=MOST_WEEKS) - timedelta(days=1))
        return Axis(first, last + timedelta(days=6 - last.weekday()), scale)
    first = max(first.replace(day=1), add_months(on.replace(day=1), -MOST_MONTHS // 2))
    last = min(last, add_months(first, MOST_MONTHS) - timedelta(days=1))
    return Axis(first, add_months(last.replace(day=1), 1) - timedelta(days=1), scale)


def starts_on(ticket: Ticket) -> date:
    """Rectification starts with the feedback; the day of the import says nothing of it."""
    return ticket.inspection.feedback_on


def _bar(ticket: Ticket, nodes: list, axis: Axis, on: date, calendar: WorkCalendar) -> Bar:
    start, end = starts_on(ticket), ticket.closed_on or ticket.due_on
    light = Light(ticket.light_on_day)
    at = width = late_to = original_at = None
    if end:
        at = axis.at(start)
        width = max(axis.at(end + timedelta(days=1)) - at, 0.4)
        if light == Light.LATE:
            late_to = axis.at(on)
        if ticket.due_was_moved and axis.shows(ticket.original_due_on):
            original_at = axis.at(ticket.original_due_on)
    percent = 100 if not ticket.is_open else (ticket.latest_percent or 0)
    due = due_words(end, on, calendar) if ticket.is_open else "已销号"
    return Bar(
        ticket=ticket,
        light=light,
        due=due,
        at=at,
        width=round(width or 0, 3),
        done=round((width or 0) * min(percent, 100) / 100, 3),
        late_to=late_to,
        original_at=original_at,
        nodes=[
            _node(one, axis, on)
            for one in sorted(nodes, key=lambda one: one.due_on)
            if axis.shows(one.due_on)
        ],
        spoken=_spoken(ticket, start, end, due, percent),
    )


def _node(milestone, axis: Axis, on: date) -> Node:
    is_done = milestone.done_on is not None
    return Node(
        at=axis.at(milestone.due_on),
        label=f"{zh_md(milestone.due_on)} {milestone}",
        is_done=is_done,
        is_late=not is_done and milestone.due_on < on,
    )


def _spoken(ticket: Ticket, start: date, end: date | None, due: str, percent: int) -> str:
    if end is None:
        return "未定时限"
    span = f"{zh_date(start)}至{zh_date(end)}"
    return f"{span}，完成{percent}%，{due}"


def _group(ticket: Ticket, names: Mapping[int, str]) -> str:
    """The unit's name, where the groups are units; else the heading."""
    if names:
        return names[ticket.lead_unit_id]
    category = ticket.category
    if category is None:
        return "没有列出方面"
    return str(category.parent or category)


def _after(start: date, scale: str) -> date:
    return start + timedelta(weeks=1) if scale == "week" else add_months(start, 1)


def _name(start: date, axis: Axis) -> str:
    if axis.scale == "week":
        return f"{start.month}-{start.day:02d}"
    return (
        f"{start.year}年{start.month}月"
        if start.month == 1 or start == axis.first
        else (f"{start.month}月")
    )
