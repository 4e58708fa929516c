"""The light of a ticket: colour, shape and word on the wall. Pure; the bands are data of the round.

A round's bands are asked in their order, and the first of which any condition holds is the light.
Places differ in what a colour means, so three presets are offered and every row can be changed.
`TicketQuerySet.with_light` says the same in SQL.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.choices import (
    Colour,
    Condition,
    Kind,
    Light,
    ReportingPeriod,
    Role,
    Shape,
    Status,
)
from tracker.workflow import IN_WORK
from tracker.worktime import WorkCalendar

NOT_BEGUN = (Status.UNCLAIMED, Status.CLAIMED)
# The lights that somebody must act on, the most pressing first.
PRESSING = (Light.LATE, Light.WARN, Light.BLOCK)
# How many days without a report leave a reporting period out: 久未更新, unless the round says.
PERIOD_DAYS = {
    ReportingPeriod.WEEK: 7,
    ReportingPeriod.HALF_MONTH: 15,
    ReportingPeriod.MONTH: 31,
}


@dataclass(frozen=True, slots=True)
class Lamp:
    """One band of a round: when it lights up, how it looks, and who is to be told.

    `days` belongs to DUE_WITHIN and STALE; other conditions know no number.
    """

    light: Light
    word: str
    colour: Colour
    shape: Shape
    conditions: tuple[Condition, ...]
    days: int | None = None
    in_workdays: bool = True
    tells: tuple[Role, ...] = ()

    @property
    def span(self) -> str:
        """The days in words, for the legend: 5个工作日."""
        if self.days is None:
            return ""
        return f"{self.days}个工作日" if self.in_workdays else f"{self.days}天"

    @property
    def note(self) -> str:
        """What the legend says of the lamp beside its word."""
        if Condition.DUE_WITHIN in self.conditions:
            submitted = "，含待审核" if Condition.SUBMITTED in self.conditions else ""
            return f"{self.span}内到期{submitted}"
        if Condition.STALE in self.conditions:
            return f"{self.span or '一个反馈周期'}没有填报"
        return _NOTES.get(self.conditions[0], "") if self.conditions else ""


_NOTES = {Condition.BLOCKED: "需协调", Condition.UNCLAIMED: "待认领"}


@dataclass(frozen=True, slots=True)
class Facts:
    """All of a ticket, or of a measure, that decides its light.

    `last_word_on` is the day of its last report, or of entering work if that came later; None
    leaves it out of 久未更新.
    """

    status: str
    is_blocked: bool = False
    due_on: date | None = None
    kind: str = Kind.TIME_LIMITED
    is_kept: bool = False
    last_word_on: date | None = None
    judged_on: date | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """The dates between which a lamp's number of days runs, seen from one day."""

    due_until: date
    stale_before: date


@dataclass(slots=True)
class Bands:
    """The lamps of one round in their order, with the calendar by which their days are counted."""

    lamps: Sequence[Lamp]
    calendar: WorkCalendar
    _edges: dict = field(default_factory=dict)

    def __iter__(self) -> Iterator[Lamp]:
        return iter(self.lamps)

    def __getitem__(self, light: str) -> Lamp:
        """The lamp of this name; of a light that the round has not, the plain one."""
        return look(self.lamps, light)

    def edge(self, lamp: Lamp, on: date) -> Edge:
        """Return the last deadline that still warns, and the first day whose report still counts.

        A lamp without a number warns on the day itself.
        """
        days = lamp.days or 0
        key = (days, lamp.in_workdays, on)
        if key not in self._edges:
            if lamp.in_workdays:
                until = self.calendar.last_day_within(on, days)
                since = self.calendar.first_day_within(on, days)
            else:
                until, since = on + timedelta(days), on - timedelta(days)
            self._edges[key] = Edge(until, since)
        return self._edges[key]

    def judge(self, facts: Facts, on: date) -> Lamp:
        """Return the lamp of one ticket or measure on this day.

        What was submitted is judged on the day it was: waiting for a review makes nobody late.
        """
        day = facts.judged_on or on
        for lamp in self.lamps:
            edge = self.edge(lamp, on)
            if any(_holds(one, facts, day, edge) for one in lamp.conditions):
                return lamp
        return PLAIN_BY_LIGHT[Light.OK]


def _holds(condition: Condition, facts: Facts, day: date, edge: Edge) -> bool:
    if facts.status == Status.CLOSED:
        return condition == Condition.CLOSED or (condition == Condition.KEPT and facts.is_kept)
    match condition:
        case Condition.BLOCKED:
            return facts.is_blocked
        case Condition.OVERDUE:
            return facts.due_on is not None and facts.due_on < day
        case Condition.DUE_WITHIN:
            # Once submitted, the clock pauses: nothing comes nearer.
            is_running = facts.status != Status.SUBMITTED
            return is_running and facts.due_on is not None and facts.due_on <= edge.due_until
        case Condition.STALE:
            is_quiet = facts.last_word_on is not None and facts.last_word_on < edge.stale_before
            return facts.status in IN_WORK and is_quiet
        case Condition.SUBMITTED:
            return facts.status == Status.SUBMITTED
        case Condition.UNCLAIMED:
            return facts.status in NOT_BEGUN
        case Condition.LONG_TERM:
            return facts.kind == Kind.LONG_TERM
    return condition == Condition.OTHERWISE


# -- presets -------------------------------------------------------------------------------------

_LATE = Lamp(
    Light.LATE,
    "超期",
    Colour.RED,
    Shape.SQUARE,
    (Condition.OVERDUE,),
    tells=(Role.STAFF, Role.HEAD, Role.OFFICE),
)
_BLOCK = Lamp(Light.BLOCK, "受阻", Colour.VIOLET, Shape.DIAMOND, (Condition.BLOCKED,))
_IDLE = Lamp(Light.IDLE, "未开始", Colour.GREY, Shape.RING, (Condition.UNCLAIMED,))
_OK = Lamp(Light.OK, "正常", Colour.GREEN, Shape.DISC, (Condition.OTHERWISE,))
_DONE = Lamp(Light.DONE, "已销号", Colour.TEAL, Shape.TICK, (Condition.CLOSED,))
_STALE = Lamp(
    Light.STALE,
    "久未更新",
    Colour.ORANGE,
    Shape.HOURGLASS,
    (Condition.STALE,),
    in_workdays=False,
    tells=(Role.STAFF,),
)


@dataclass(frozen=True, slots=True)
class Preset:
    """A set of lamps that a round can begin with, named after where it is used."""

    label: str
    lamps: tuple[Lamp, ...]


PRESETS: dict[str, Preset] = {
    "plain": Preset(
        "通用（5个工作日临期）",
        (
            _DONE,
            _BLOCK,
            _LATE,
            Lamp(
                Light.WARN,
                "临期",
                Colour.AMBER,
                Shape.TRIANGLE,
                (Condition.DUE_WITHIN,),
                days=5,
                tells=(Role.STAFF,),
            ),
            _STALE,
            _IDLE,
            _OK,
        ),
    ),
    # 剩20天 green, 剩10天 yellow, 超期 red: green is already a warning here.
    "jiangjin": Preset(
        "江津（剩20天绿、剩10天黄、超期红）",
        (
            _DONE,
            _BLOCK,
            Lamp(
                Light.LATE,
                "红色预警",
                Colour.RED,
                Shape.SQUARE,
                (Condition.OVERDUE,),
                tells=(Role.STAFF, Role.HEAD, Role.PARTY, Role.OFFICE),
            ),
            Lamp(
                Light.WARN,
                "黄色预警",
                Colour.AMBER,
                Shape.TRIANGLE,
                (Condition.DUE_WITHIN,),
                days=10,
                in_workdays=False,
                tells=(Role.STAFF, Role.LEADER),
            ),
            Lamp(
                Light.NOTICE,
                "绿色预警",
                Colour.GREEN,
                Shape.FLAG,
                (Condition.DUE_WITHIN,),
                days=20,
                in_workdays=False,
                tells=(Role.STAFF,),
            ),
            _STALE,
            _IDLE,
            Lamp(Light.OK, "正常", Colour.BLUE, Shape.DISC, (Condition.OTHERWISE,)),
        ),
    ),
    # 黄 takes in what is done and not yet accepted; 蓝 is what must be kept up.
    "jingdezhen": Preset(
        "景德镇（蓝为长期坚持，黄含已办未验收）",
        (
            _BLOCK,
            _LATE,
            Lamp(
                Light.WARN,
                "临期或待验收",
                Colour.AMBER,
                Shape.TRIANGLE,
                (Condition.DUE_WITHIN, Condition.SUBMITTED),
                days=10,
                in_workdays=False,
                tells=(Role.STAFF,),
            ),
            _STALE,
            Lamp(
                Light.LONG_TERM,
                "长期坚持",
                Colour.BLUE,
                Shape.LOOP,
                (Condition.LONG_TERM, Condition.KEPT),
            ),
            _DONE,
            _IDLE,
            _OK,
        ),
    ),
}
PLAIN = PRESETS["plain"].lamps
# For a light that a round does not use, and for counts over rounds that differ.
PLAIN_BY_LIGHT: dict[str, Lamp] = {
    lamp.light: lamp
    for preset in ("jingdezhen", "jiangjin", "plain")
    for lamp in PRESETS[preset].lamps
}


def look(lamps: Sequence[Lamp], light: str) -> Lamp:
    """Return the lamp of this name; of a light that these have not, the plain one."""
    return next((lamp for lamp in lamps if lamp.light == light), PLAIN_BY_LIGHT[light])


def legend(lamps: Sequence[Lamp]) -> list[Lamp]:
    """The lamps as the legend prints them: the most pressing first, however they are judged."""
    order = list(Light)
    return sorted(lamps, key=lambda lamp: order.index(lamp.light))


def in_use(lamps: Sequence[Lamp], counts: Mapping[str, int]) -> list[Light]:
    """The lights worth a place on a page: those of these lamps, and any that has a ticket."""
    own = {lamp.light for lamp in lamps}
    return [light for light in Light if light in own or counts.get(light)]
