"""日历: what falls on which day — deadlines, nodes, report dates, reviews. No HTML.

The page shows a month of it; the feed sends a year, in the form that calendars subscribe to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F

from tracker import periods
from tracker.choices import Light, Status
from tracker.models import Inspection, LookBackItem, Measure, Milestone, Person, Ticket
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.worktime import ONE_DAY, WorkCalendar, add_months

# Events of one day that the month shows; the rest are counted.
MOST_IN_DAY = 4
FEED_MONTHS_BACK, FEED_MONTHS_AHEAD = 3, 12
MOST_IN_FEED = 2000


@dataclass(frozen=True, slots=True)
class Event:
    """One thing on one day; `kind` tells which, `ticket` is what it belongs to, if anything."""

    on: date
    kind: str
    label: str
    key: str
    ticket: Ticket | None = None
    light: Light | None = None

    @property
    def mark(self) -> str:
        """A sign for the narrow square of a month; a deadline has its light, and 延 once moved."""
        if self.kind == "due":
            return "延" if self.ticket and self.ticket.due_was_moved else ""
        return MARKS[self.kind]


KINDS = {
    "due": "整改时限",
    "measure": "措施时限",
    "node": "节点",
    "report": "反馈日",
    "review": "待审核",
    "look_back": "回头看",
    "focus": "集中整改期满",
}
# What stands before an event of the month, where no light does.
MARKS = {
    "measure": "措",
    "node": "◆",
    "report": "报",
    "review": "审",
    "look_back": "回",
    "focus": "满",
}
# How the day lists them.
ORDER = list(KINDS)


@dataclass(frozen=True, slots=True)
class Day:
    """A square of the month."""

    on: date
    is_of_month: bool
    is_today: bool
    is_workday: bool
    is_make_up: bool
    events: list[Event]

    @property
    def first(self) -> list[Event]:
        return self.events[:MOST_IN_DAY]

    @property
    def rest(self) -> list[Event]:
        """What unfolds below the others."""
        return self.events[MOST_IN_DAY:]

    @property
    def left(self) -> int:
        return len(self.rest)


@dataclass(frozen=True, slots=True)
class Month:
    """The weeks of one month, from Monday, with the days of its neighbours at the ends."""

    first: date
    weeks: list[list[Day]]
    count: int

    @property
    def before(self) -> date:
        return add_months(self.first, -1)

    @property
    def after(self) -> date:
        return add_months(self.first, 1)


def month_of(words: str, on: date) -> date:
    """The first day of the month that an address names (2026-11), else of this month."""
    try:
        return datetime.strptime(words, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return on.replace(day=1)


def month(
    tickets: TicketQuerySet,
    inspections: Iterable[Inspection],
    first: date,
    on: date,
    calendar: WorkCalendar,
    person: Person,
) -> Month:
    """Lay out one month of these tickets and of the inspections they come from."""
    start = first - timedelta(days=first.weekday())
    last = add_months(first, 1) - ONE_DAY
    end = last + timedelta(days=6 - last.weekday())
    by_day: dict[date, list[Event]] = {}
    found = events(tickets, inspections, start, end, calendar, person)
    for event in found:
        by_day.setdefault(event.on, []).append(event)
    days = [
        Day(
            on=day,
            is_of_month=day.month == first.month,
            is_today=day == on,
            is_workday=calendar.is_workday(day),
            is_make_up=day in calendar.on,
            events=by_day.get(day, []),
        )
        for day in (start + timedelta(days=step) for step in range((end - start).days + 1))
    ]
    weeks = [days[at : at + 7] for at in range(0, len(days), 7)]
    return Month(first, weeks, sum(first <= event.on <= last for event in found))


def events(
    tickets: TicketQuerySet,
    inspections: Iterable[Inspection],
    start: date,
    end: date,
    calendar: WorkCalendar,
    person: Person,
    most: int = MOST_IN_FEED,
) -> list[Event]:
    """All that falls between two days (five queries); `tickets` must carry `with_light`."""
    found = [
        *_deadlines(tickets, start, end, most),
        *_measures(tickets, start, end, most),
        *_nodes(tickets, start, end, most),
        *_reviews(tickets, start, end, most),
        *_look_backs(tickets, person, start, end, most),
        *_dates_of(inspections, start, end, calendar),
    ]
    return sorted(found, key=lambda event: (event.on, ORDER.index(event.kind), event.label))


def _deadlines(tickets: TicketQuerySet, start: date, end: date, most: int) -> list[Event]:
    due = tickets.open().filter(due_on__range=(start, end)).order_by("due_on", "pk")
    return [
        Event(
            ticket.due_on,
            "due",
            f"{ticket}（已延期）" if ticket.due_was_moved else str(ticket),
            f"due-{ticket.pk}",
            ticket,
            Light(ticket.light_on_day),
        )
        for ticket in due.first_rows(most)
    ]


def _measures(tickets: TicketQuerySet, start: date, end: date, most: int) -> list[Event]:
    """Measures with a deadline of their own that is not their ticket's."""
    due = (
        Measure.objects.filter(
            ticket__in=tickets.open().order_by().values("pk"),
            due_on__range=(start, end),
            done_on=None,
        )
        .exclude(due_on=F("ticket__due_on"))
        .select_related("ticket")
        .order_by("due_on", "pk")
    )
    return [
        Event(
            measure.due_on,
            "measure",
            f"{measure.ticket.printed_number or measure.ticket.number}　{measure.label}",
            f"measure-{measure.pk}",
            measure.ticket,
        )
        for measure in due[:most]
    ]


def _nodes(tickets: TicketQuerySet, start: date, end: date, most: int) -> list[Event]:
    """What must be reached on the way (倒排节点), and has not been."""
    due = (
        Milestone.objects.filter(
            measure__ticket__in=tickets.open().order_by().values("pk"),
            due_on__range=(start, end),
            done_on=None,
        )
        .select_related("measure__ticket")
        .order_by("due_on", "pk")
    )
    return [
        Event(
            node.due_on,
            "node",
            f"{node.measure.ticket.printed_number or node.measure.ticket.number}　{node}",
            f"node-{node.pk}",
            node.measure.ticket,
        )
        for node in due[:most]
    ]


def _reviews(tickets: TicketQuerySet, start: date, end: date, most: int) -> list[Event]:
    """Tickets that wait for a review, on the day they were submitted."""
    waiting = tickets.filter(status=Status.SUBMITTED, submitted_on__range=(start, end))
    return [
        Event(
            ticket.submitted_on,
            "review",
            str(ticket),
            f"review-{ticket.pk}",
            ticket,
            Light(ticket.light_on_day),
        )
        for ticket in waiting.order_by("submitted_on", "pk").first_rows(most)
    ]


def _look_backs(
    tickets: TicketQuerySet, person: Person, start: date, end: date, most: int
) -> list[Event]:
    """What was looked back at, with what was found; what is drawn and waits, on the day of the lot.

    A lot is told only to who looks back: the others learn what was found.
    """
    items = LookBackItem.objects.told_to(person).filter(ticket__in=tickets.order_by().values("pk"))
    items = items.between(start, end).select_related("ticket")
    return [
        Event(
            item.day,
            "look_back",
            f"{item.get_result_display() or '待核查'}　{item.ticket}",
            f"look-back-{item.pk}",
            item.ticket,
        )
        for item in items.order_by("-pk")[:most]
    ]


def _dates_of(
    inspections: Iterable[Inspection], start: date, end: date, calendar: WorkCalendar
) -> list[Event]:
    """The ends of focus periods, and the day by which each round asks for a report."""
    found: dict[tuple[date, str], Event] = {}
    for inspection in inspections:
        if start <= inspection.focus_ends_on <= end:
            day = inspection.focus_ends_on
            event = Event(day, "focus", f"{inspection}集中整改期满", f"focus-{inspection.pk}")
            found[day, event.key] = event
        kind = inspection.round.reporting_period
        day = start
        while day <= end:
            period = periods.period_of(day, kind)
            asked_on = period.due_on(calendar)
            if start <= asked_on <= end:
                key = f"report-{period.key}"
                found[asked_on, key] = Event(asked_on, "report", f"{period.label}反馈", key)
            day = period.last + ONE_DAY
    return list(found.values())


# -- the feed ------------------------------------------------------------------------------------


def feed(found: Iterable[Event], *, name: str, host: str, stamp: datetime, link) -> str:
    """Write the events as an iCalendar file (RFC 5545); `link` gives a ticket's address."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Guatu//Guatu//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for event in found:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.key}@{host}",
            f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.on + ONE_DAY:%Y%m%d}",
            f"SUMMARY:{_escaped(f'{KINDS[event.kind]}：{event.label}')}",
            "TRANSP:TRANSPARENT",
        ]
        if event.ticket is not None:
            lines.append(f"URL:{link(event.ticket)}")
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _escaped(words: str) -> str:
    """Escape what has a meaning in a value of iCalendar.

    >>> _escaped("甲；乙, 丙;丁")
    '甲；乙\\\\, 丙\\\\;丁'
    """
    for mark in ("\\", ";", ","):
        words = words.replace(mark, f"\\{mark}")
    return words.replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """Break a line into parts of at most 75 bytes, the later ones after a blank.

    >>> [len(part.encode()) for part in _folded("字" * 30)]
    [75, 16]
    """
    parts, part, room = [], "", 75
    for sign in line:
        if len(part.encode()) + len(sign.encode()) > room:
            parts.append(part)
            part = " "
        part += sign
    return [*parts, part]
