"""How a set of tickets stands: counts, progress against time, what is new. No HTML.

Every function takes the tickets that the reader may see and asks a fixed number of queries,
however many tickets there are. Where lights are counted, the tickets must carry `with_light`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import (
    Case,
    Count,
    DateField,
    F,
    IntegerField,
    Min,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce

from tracker import changes, earlier, workflow
from tracker.changes import Kind, last_monday
from tracker.choices import Light, Origin, Status
from tracker.dates import zh_md
from tracker.lights import PLAIN, PRESSING, in_use
from tracker.models import Extension, Inspection, Measure, Person, Ticket, Unit
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.models.unit import told_apart
from tracker.worktime import WorkCalendar, due_words


@dataclass(frozen=True, slots=True)
class Stage:
    """The statuses that a page counts together: what was returned is in work again."""

    label: str
    statuses: tuple[Status, ...]


UNCLAIMED = Stage("待认领", (Status.UNCLAIMED,))
CLAIMED = Stage("待启动", (Status.CLAIMED,))
IN_WORK = Stage("整改中", workflow.IN_WORK)
SUBMITTED = Stage("待审核", (Status.SUBMITTED,))
CLOSED = Stage("已销号", (Status.CLOSED,))
STAGES = (UNCLAIMED, CLAIMED, IN_WORK, SUBMITTED, CLOSED)
OPEN_STATUSES = tuple(status for status in Status if status != Status.CLOSED)
# What a matrix shows beside the statuses: 整改中 must not hide that nobody reports.
WATCHED = (*PRESSING, Light.STALE)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many tickets stand where and under which light, on one day.

    `percent` is 整改进度: the mean over all tickets of the last reported per cent, where a
    closed or submitted ticket counts 100 and one without a report 0; None without tickets.
    """

    total: int
    by_status: Counter[str]
    by_light: Counter[str]
    percent: float | None
    earliest_due: Mapping[str, date]
    by_both: Counter[tuple[str, str]] = field(default_factory=Counter)

    def of(self, stage: Stage) -> int:
        return sum(self.by_status[status] for status in stage.statuses)

    @property
    def closed(self) -> int:
        return self.by_status[Status.CLOSED]

    @property
    def open(self) -> int:
        return self.total - self.closed

    @property
    def closed_percent(self) -> float | None:
        """销号率: closed of all, in per cent; None without tickets."""
        return self.closed * 100 / self.total if self.total else None

    @property
    def lights(self) -> list[tuple[Light, int]]:
        """The plain lights, and any other that a ticket shows, each with its count."""
        return [(light, self.by_light[light]) for light in in_use(PLAIN, self.by_light)]

    @property
    def next_due_on(self) -> date | None:
        """The nearest deadline of an open ticket that is neither late nor blocked."""
        coming = (Light.WARN, Light.IDLE, Light.OK)
        return min(
            (self.earliest_due[one] for one in coming if one in self.earliest_due), default=None
        )

    @property
    def pressing(self) -> int:
        return sum(self.by_light[light] for light in PRESSING)

    @property
    def pressing_lights(self) -> list[tuple[Light, int, date | None]]:
        """Each pressing light with its count and the earliest deadline under it."""
        return [(light, self.by_light[light], self.earliest_due.get(light)) for light in PRESSING]

    @property
    def watched_lights(self) -> list[tuple[Light, int]]:
        return [(light, self.by_light[light]) for light in WATCHED]

    @property
    def stages(self) -> list[tuple[Stage, int]]:
        return [(stage, self.of(stage)) for stage in STAGES]


@dataclass(frozen=True, slots=True)
class UnitTally:
    """One row of the matrix 单位 × 状态: the tickets that this very unit leads."""

    pk: int
    name: str
    tally: Tally


def tally(tickets: TicketQuerySet) -> Tally:
    """Count tickets by status and light in one query."""
    return _tally(_grouped(tickets))


def tally_led(tickets: TicketQuerySet, leader: Person) -> tuple[Tally, Tally]:
    """Count all of these, and those of one responsible leader, in one query."""
    rows = list(_grouped(tickets.annotate(is_led=Q(leader=leader)), "is_led"))
    return _tally(rows), _tally(row for row in rows if row["is_led"])


def tally_units(tickets: TicketQuerySet) -> list[UnitTally]:
    """Count tickets by lead unit in two queries; the units in their official order."""
    units: dict[int, list[dict]] = {}
    for row in _grouped(tickets, "lead_unit"):
        units.setdefault(row["lead_unit"], []).append(row)
    names = told_apart(Unit.objects.filter(pk__in=units).select_related("parent"))
    return [UnitTally(pk, name, _tally(units[pk])) for pk, name in names.items()]


def total_of(units: Iterable[UnitTally]) -> Tally:
    """Add up the rows of the matrix, so that its sum line cannot differ from its cells."""
    tallies = [unit.tally for unit in units]
    total = sum(one.total for one in tallies)
    earliest: dict[str, date] = {}
    for one in tallies:
        for light, day in one.earliest_due.items():
            earliest[light] = min(day, earliest.get(light, day))
    return Tally(
        total=total,
        by_status=sum((one.by_status for one in tallies), Counter()),
        by_light=sum((one.by_light for one in tallies), Counter()),
        percent=sum(one.percent * one.total for one in tallies) / total if total else None,
        earliest_due=earliest,
        by_both=sum((one.by_both for one in tallies), Counter()),
    )


def _grouped(tickets: TicketQuerySet, *by: str) -> Iterable[dict]:
    claims_all = Q(status__in=[Status.CLOSED, Status.SUBMITTED])
    percent = Case(
        When(claims_all, then=Value(100)),
        default=Coalesce(F("latest_percent"), Value(0)),
        output_field=IntegerField(),
    )
    return (
        tickets.with_latest_progress()
        .annotate(percent=percent)
        .order_by()
        .values(*by, "status", "light_on_day")
        .annotate(n=Count("pk"), percents=Sum("percent"), earliest=Min("due_on"))
    )


def _tally(rows: Iterable[dict]) -> Tally:
    by_status: Counter[str] = Counter()
    by_light: Counter[str] = Counter()
    by_both: Counter[tuple[str, str]] = Counter()
    earliest: dict[str, date] = {}
    percents = 0
    for row in rows:
        light = row["light_on_day"]
        by_status[row["status"]] += row["n"]
        by_light[light] += row["n"]
        by_both[row["status"], light] += row["n"]
        percents += row["percents"]
        if row["earliest"]:
            earliest[light] = min(row["earliest"], earliest.get(light, row["earliest"]))
    total = by_status.total()
    percent = percents / total if total else None
    return Tally(total, by_status, by_light, percent, earliest, by_both)


# -- work against time ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Focus:
    """The focused period (集中整改期) of one inspection as it stands on a day."""

    ends_on: date
    days: int
    workdays: int
    time_percent: float

    @property
    def is_over(self) -> bool:
        return self.days < 0

    @property
    def days_over(self) -> int:
        return -self.days


def focus(inspection: Inspection, on: date, calendar: WorkCalendar) -> Focus:
    """Measure the focused period; `days` and `workdays` are what is left, negative once over."""
    ends_on = inspection.focus_ends_on
    length = (ends_on - inspection.feedback_on).days
    gone = (on - inspection.feedback_on).days
    return Focus(
        ends_on=ends_on,
        days=(ends_on - on).days,
        workdays=calendar.workdays_between(on, ends_on),
        time_percent=min(max(gone * 100 / length, 0.0), 100.0),
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """整改进度 beside 时间进度, in per cent."""

    work: float
    time: float

    @property
    def points(self) -> float:
        """How far the work is ahead, in the points that the page prints; negative if behind."""
        return round(round(self.work, 1) - round(self.time, 1), 1)

    def __str__(self):
        """Say it as the office does.

        >>> str(Gap(82.3, 94.6)), str(Gap(50.0, 50.04))
        ('落后12.3个百分点', '与时间进度持平')
        """
        if not self.points:
            return "与时间进度持平"
        return f"{'领先' if self.points > 0 else '落后'}{abs(self.points):g}个百分点"


# -- what is new ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class News:
    """What happened since a day, in tickets, and how the totals stand against that day's.

    `since` is those totals in words, as `earlier.Totals.since` says them.
    """

    since_on: date
    is_last_monday: bool
    new: int
    kinds: list[tuple[Kind, int]]
    since: dict[str, str]
    first_submitted_on: date | None
    asking_for_more_time: int

    @property
    def than(self) -> str:
        """What the totals are compared with, in words."""
        if self.is_last_monday:
            return "较上周一"
        return f"较{zh_md(self.since_on)}"


# What 总览 says of the time since then, in this order; each opens its list by `changed=`.
NEWS = ("closed", "submitted", "red", "returned", "claimed", "blocked")


def news(tickets: TicketQuerySet, on: date, since_on: date | None = None) -> News:
    """Count from the records what happened since a day, else last Monday (two queries)."""
    monday = last_monday(on)
    since_on = since_on or monday
    waiting = Ticket.objects.asking_for_more_time().order_by().values("pk")
    counted = tickets.order_by().aggregate(
        first_submitted_on=Min("submitted_on", filter=Q(status=Status.SUBMITTED)),
        asking_for_more_time=Count("pk", filter=Q(pk__in=waiting)),
        **changes.counts(("new", *NEWS), since_on),
        **earlier.counts(since_on, on),
    )
    now, then = earlier.totals(tickets, since_on, counted)
    kinds = changes.KINDS | changes.EVENTS
    return News(
        since_on=since_on,
        is_last_monday=since_on == monday,
        new=counted["new"],
        kinds=[(kinds[name], counted[name]) for name in NEWS],
        since=now.since(then),
        first_submitted_on=counted["first_submitted_on"],
        asking_for_more_time=counted["asking_for_more_time"],
    )


# -- closings over time --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Week:
    """All closed by the end of a week, beside all that was due by then; None: not yet known."""

    starts_on: date
    closed: int | None
    planned: int

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(days=6)


WEEKS_BACK, WEEKS_AHEAD = 18, 6


@dataclass(frozen=True, slots=True)
class Course:
    """Tickets that have one of their days in common: `of` says which, and how many are open.

    `of` is "fed_back", "closed" or "first_due"; under "measures" their measures are counted.
    """

    of: str
    is_fed_back: bool
    on: date | None
    count: int
    open: int


def courses(tickets: TicketQuerySet) -> list[Course]:
    """Count tickets by each of their days in one query: what trend, ages and totals are told from.

    Each kind of day by itself: together the days of two tickets are hardly ever the same.
    """
    open_ones = Count("pk", filter=Q(closed_on=None))

    def by(of: str, rows: QuerySet, origin: str, day: F | Cast, left: Count) -> QuerySet:
        counted = rows.order_by().values(of=Value(of), origin_of=F(origin), day=day)
        return counted.annotate(n=Count("pk"), left=left).values_list(
            "of", "origin_of", "day", "n", "left"
        )

    no_day = Cast(Value(None), DateField())
    own = Measure.objects.filter(ticket__in=tickets.order_by().values("pk"))
    rows = by("fed_back", tickets, "origin", F("inspection__feedback_on"), open_ones).union(
        by("closed", tickets.exclude(closed_on=None), "origin", F("closed_on"), open_ones),
        by("first_due", tickets, "origin", F("original_due_on"), open_ones),
        by("measures", own, "ticket__origin", no_day, Count("pk")),
        all=True,
    )
    return [Course(of, origin == Origin.FEEDBACK, *facts) for of, origin, *facts in rows]


def trend(counted: Iterable[Course], on: date) -> list[Week]:
    """Count closings week by week against the original deadlines.

    The plan is the original deadlines: moving a deadline does not mend the plan.
    """
    closed: Counter[date] = Counter()
    planned: Counter[date] = Counter()
    for course in counted:
        if course.of == "closed" and course.on <= on:
            closed[_monday(course.on)] += course.count
        if course.of == "first_due" and course.on:
            planned[_monday(course.on)] += course.count
    this_week = _monday(on)
    first = this_week - timedelta(weeks=WEEKS_BACK)
    closed_so_far = sum(n for week, n in closed.items() if week < first)
    planned_so_far = sum(n for week, n in planned.items() if week < first)
    weeks = []
    for step in range(WEEKS_BACK + WEEKS_AHEAD + 1):
        week = first + timedelta(weeks=step)
        closed_so_far += closed[week]
        planned_so_far += planned[week]
        weeks.append(Week(week, closed_so_far if week <= this_week else None, planned_so_far))
    return weeks


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


# -- the page 总览 -------------------------------------------------------------------------------

MOST_PRESSING = 10
MOST_TO_REVIEW = 5
MOST_CLOSED = 5


@dataclass(frozen=True, slots=True)
class PressingTicket:
    """A late, near or blocked ticket with its deadline in words.

    `pressed` says how often it was pressed, `wait` from when it may be pressed again, if not now.
    """

    ticket: Ticket
    light: Light
    due: str
    pressed: str
    wait: str


@dataclass(frozen=True, slots=True)
class Review:
    """What waits for this reader's review: the first few, and how many in all."""

    count: int
    tickets: list[Ticket]


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests for more time that wait for this reader: the first few, and how many in all."""

    count: int
    first: list[Extension]


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page 总览 shows of one inspection, or of all in sight."""

    total: Tally
    units: list[UnitTally]
    measure_count: int
    pressing: list[PressingTicket]
    review: Review | None
    extensions: Requests
    closed: list[Ticket]
    news: News
    weeks: list[Week]


def overview(
    tickets: TicketQuerySet,
    counted: Collection[Course],
    person: Person,
    on: date,
    calendar: WorkCalendar,
    since_on: date | None = None,
) -> Overview:
    """Gather the page; the tickets are those in sight, `with_light` on this day, and `counted`.

    What is new is what happened since last Monday, or since another day.
    """
    units = tally_units(tickets)
    return Overview(
        total=total_of(units),
        units=units,
        measure_count=sum(course.count for course in counted if course.of == "measures"),
        pressing=_pressing(tickets, on, calendar),
        review=_review(tickets, person),
        extensions=_extensions(tickets, person),
        closed=list(latest_closed(tickets)[:MOST_CLOSED]),
        news=news(tickets, on, since_on),
        weeks=trend(counted, on),
    )


def most_pressing(tickets: TicketQuerySet) -> TicketQuerySet:
    """Those under a pressing light, the most pressing first."""
    pressing = tickets.filter(is_pressing=True)
    return pressing.order_by("urgency", F("due_on").asc(nulls_last=True), "pk")


def latest_closed(tickets: TicketQuerySet) -> TicketQuerySet:
    return tickets.filter(status=Status.CLOSED).order_by("-closed_on", "-pk")


def _pressing(tickets: TicketQuerySet, on: date, calendar: WorkCalendar) -> list[PressingTicket]:
    first = most_pressing(tickets).select_related("inspection__round", "lead_unit", "person")
    first = first.with_presses().first_rows(MOST_PRESSING)
    return [
        PressingTicket(
            ticket,
            Light(ticket.light_on_day),
            due_words(ticket.due_on, on, calendar),
            pressed=f"已催办{ticket.press_count}次" if ticket.press_count else "",
            wait=ticket.press_wait(calendar),
        )
        for ticket in first
    ]


def _review(tickets: TicketQuerySet, person: Person) -> Review | None:
    """The submitted tickets of one who may close them; nothing for anybody else."""
    if not person.may(workflow.TASKS["review"].action):
        return None
    waiting = tickets.awaiting("review", person).annotate(in_all=Window(Count("pk")))
    rows = waiting.select_related("lead_unit").with_submission().order_by("submitted_at", "pk")
    first = list(rows[:MOST_TO_REVIEW])
    return Review(first[0].in_all if first else 0, first)


def _extensions(tickets: TicketQuerySet, person: Person) -> Requests:
    """What this reader may decide now of these tickets, the oldest first (one query)."""
    waiting = Extension.objects.awaiting(person).filter(ticket__in=tickets.order_by().values("pk"))
    rows = waiting.select_related("ticket__lead_unit").annotate(in_all=Window(Count("pk")))
    first = list(rows.order_by("at", "pk")[:MOST_TO_REVIEW])
    return Requests(first[0].in_all if first else 0, first)
