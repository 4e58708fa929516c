"""大屏: what a display on a wall shows, in pages that take turns. No HTML, and no count of its own.

Every number comes from `statistics` and `figures`, as on 总览.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import east_asian_width

from django.templatetags.static import static

from tracker import matrix, statistics
from tracker.choices import Light
from tracker.dates import zh_date
from tracker.figures import BASES, DEFAULT_BASIS, Rate, figures
from tracker.lights import PRESSING
from tracker.masking import masked
from tracker.models import Holiday, Inspection, Screen, Ticket, Unit
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.statistics import Focus, Gap, Tally, UnitTally, Week
from tracker.worktime import WorkCalendar

# What fits on a page of 16:9: lines of the matrix with so many problems each, and so on.
LINES, CELLS_IN_LINE, MOST_UNITS = 8, 7, 64
# The roll has so many pixels (at 1920) below five units; a title runs over lines of so many
# half characters.
ROLL_PIXELS, UNIT_PIXELS, LINE_PIXELS, GAP_PIXELS, TITLE_WIDTH = 576, 38, 28, 24, 28
MOST_ON_ROLL = 40
UNITS_IN_FOCUS, BLOCKS = 5, 6
LEAST_CLOSED, MOST_CLOSED = 3, 10

ASSETS = ("css/screen.css", "js/screen.js")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One of the pages that a panel shows in turn."""

    number: int
    is_shown: bool
    items: Sequence


def leaves(pages: Iterable[Sequence], turn: int) -> list[Leaf]:
    """Number the pages; the one whose turn it is, is shown."""
    pages = list(pages)
    return [
        Leaf(number, (turn - number) % len(pages) == 0, items)
        for number, items in enumerate(pages, start=1)
    ]


def dealt(things: Iterable, room: int) -> list[list]:
    """Deal things out to pages in their order; each has a `height`, and no page is overfull."""
    pages: list[list] = []
    used = room
    for thing in things:
        if used + thing.height > room:
            pages.append([])
            used = 0
        pages[-1].append(thing)
        used += thing.height
    return pages


@dataclass(frozen=True, slots=True)
class Line:
    """A unit in the matrix: its problems, the most pressing first, and its 整改进度."""

    unit: Unit
    tickets: list[Ticket]
    left: int
    percent: float

    @property
    def height(self) -> int:
        """How many lines its problems take, with the cell that says how many more there are."""
        return -(-(len(self.tickets) + bool(self.left)) // CELLS_IN_LINE)


@dataclass(frozen=True, slots=True)
class Concern:
    """A unit with what is pressing there: single marks, or their number where they are many."""

    unit: UnitTally

    @property
    def marks(self) -> list[tuple[Light, int]]:
        lights = [(light, self.unit.tally.by_light[light]) for light in PRESSING]
        if self.unit.tally.pressing > BLOCKS:
            return [(light, count) for light, count in lights if count]
        return [(light, 1) for light, count in lights for _ in range(count)]


@dataclass(frozen=True, slots=True)
class Item:
    """A pressing problem on the roll; `due` is in workdays: 超12, 剩3."""

    ticket: Ticket
    light: Light
    due: str
    person: str

    @property
    def height(self) -> int:
        """In pixels at 1920: its title on one line or two, the unit below."""
        width = sum(1 + (east_asian_width(sign) in "WF") for sign in f"{self.ticket}")
        return LINE_PIXELS * (2 + (width > TITLE_WIDTH)) + GAP_PIXELS


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the screen shows at one moment."""

    heading: str
    source: str
    total: Tally
    rate: Rate
    focus: Focus | None
    gap: Gap | None
    schedule: Rate
    weeks: list[Week]
    matrix: list[Leaf]
    units_left: int
    concerns: list[Concern]
    concerns_left: int
    roll: list[Leaf]
    roll_left: int
    closed: list[Ticket]

    @property
    def kpis(self) -> list[tuple[Light, int]]:
        return [(light, self.total.by_light[light]) for light in (Light.DONE, *PRESSING)]


def state_of(screen: Screen, on: date) -> str:
    """While this is the same, the picture is: nothing need be counted. Needs `for_picture`."""
    return _digest(screen.pk, screen.masks_names, on, screen.marks, *map(static, ASSETS))


def shell_of(page: Picture, screen: Screen) -> str:
    """Another shell means that the page around the picture is out of date as well."""
    return _digest(page.heading, page.source, screen.masks_names, *map(static, ASSETS))


def _digest(*facts) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def picture(screen: Screen, on: date, turn: int = 1) -> Picture:
    """Gather what the screen shows, in a fixed number of queries."""
    calendar = Holiday.objects.calendar()
    tickets = screen.tickets(on, calendar)
    units = statistics.tally_units(tickets)
    total = statistics.total_of(units)
    counted = figures(tickets, on)
    inspection = screen.inspection or _only_inspection(tickets)
    focus = statistics.focus(inspection, on, calendar) if inspection else None
    pages = _matrix(tickets, units)
    spare = LINES - max((sum(line.height for line in page) for page in pages), default=0)
    concerns = sorted(
        (Concern(unit) for unit in units if unit.tally.pressing),
        key=lambda concern: -concern.unit.tally.pressing,
    )
    room = ROLL_PIXELS + UNIT_PIXELS * (UNITS_IN_FOCUS - min(len(concerns), UNITS_IN_FOCUS))
    return Picture(
        heading=f"{_kind(inspection)}反馈意见整改挂图作战",
        source=_source(screen, inspection),
        total=total,
        rate=counted.rate(BASES[DEFAULT_BASIS]),
        focus=focus,
        gap=focus and Gap(total.percent or 0.0, focus.time_percent),
        schedule=counted.rate(BASES["schedule"]),
        weeks=statistics.trend(statistics.courses(tickets), on),
        matrix=leaves(pages, turn),
        units_left=max(len(units) - MOST_UNITS, 0),
        concerns=concerns[:UNITS_IN_FOCUS],
        concerns_left=max(len(concerns) - UNITS_IN_FOCUS, 0),
        roll=leaves(
            dealt(
                _roll(tickets, on, calendar, screen.masks_names),
                room - 2 * LINE_PIXELS * (len(concerns) > UNITS_IN_FOCUS),
            ),
            turn,
        ),
        roll_left=max(total.pressing - MOST_ON_ROLL, 0),
        closed=list(
            statistics.latest_closed(tickets).select_related("lead_unit")[
                : min(LEAST_CLOSED + 2 * spare, MOST_CLOSED)
            ]
        ),
    )


def _only_inspection(tickets: TicketQuerySet) -> Inspection | None:
    """The inspection of a unit that was inspected once; time runs differently for each."""
    found = tickets.order_by().values("inspection")
    inspections = list(Inspection.objects.filter(pk__in=found).select_related("round")[:2])
    return inspections[0] if len(inspections) == 1 else None


def _kind(inspection: Inspection | None) -> str:
    return "巡视巡察" if inspection is None else inspection.get_kind_display()


def _source(screen: Screen, inspection: Inspection | None) -> str:
    if inspection is None:
        return screen.body.name
    fed_back = f"{inspection.inspecting_body}{zh_date(inspection.feedback_on)}反馈"
    return f"{screen.body.name}　{fed_back}"


def _matrix(tickets: TicketQuerySet, units: Sequence[UnitTally]) -> list[list[Line]]:
    """The units in their official order, on as many pages as their problems need."""
    percents = {unit.pk: unit.tally.percent or 0.0 for unit in units}
    rows = matrix.by_problem(tickets, list(percents)[:MOST_UNITS])
    lines = [Line(row.unit, row.tickets, row.left, percents[row.unit.pk]) for row in rows]
    return dealt(lines, LINES)


def _roll(
    tickets: TicketQuerySet, on: date, calendar: WorkCalendar, masks_names: bool
) -> list[Item]:
    pressing = statistics.most_pressing(tickets).with_names().select_related("lead_unit")
    return [
        Item(
            ticket,
            Light(ticket.light_on_day),
            short_due(ticket.due_on, on, calendar),
            masked(ticket.person_shown or "") if masks_names else ticket.person_shown or "",
        )
        for ticket in pressing[:MOST_ON_ROLL]
    ]


def short_due(due_on: date | None, on: date, calendar: WorkCalendar) -> str:
    """What a deadline leaves, for a narrow column that says its unit above: workdays.

    >>> short_due(date(2026, 11, 10), date(2026, 11, 18), WorkCalendar())
    '超6'
    >>> short_due(date(2026, 11, 22), date(2026, 11, 20), WorkCalendar())  # Friday to Sunday
    '剩2天'
    """
    if due_on is None:
        return "未定"
    if due_on == on:
        return "今天"
    days, natural = calendar.workdays_between(on, due_on), (due_on - on).days
    word = "剩" if due_on > on else "超"
    return f"{word}{abs(days)}" if days else f"{word}{abs(natural)}天"
