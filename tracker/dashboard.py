"""总览: what supervisors look for beside the tallies — age, decisions, ranking.

Every number here can be asked of the ticket list; the filter that finds its tickets comes with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from tracker.choices import Light
from tracker.models import Transition
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.statistics import Course, UnitTally

# How old an open problem is, in days since the feedback, up to and including each of these.
AGES = (30, 60, 90, 180)
MOST_DECISIONS, MOST_BLOCKED = 6, 5
# A unit with fewer problems is not ranked: one late of two says nothing.
LEAST_FOR_RANK = 3
# The moves by which somebody decides on a ticket.
DECISIONS = ("review", "close", "return", "reopen", "keep")


@dataclass(frozen=True, slots=True)
class Age:
    """Open problems of one age; `fed_from` to `fed_to` are the days of feedback that make it."""

    label: str
    count: int
    fed_from: date | None
    fed_to: date | None


@dataclass(frozen=True, slots=True)
class FedBack:
    """How many problems each day of feedback brought, and how many of them are open."""

    by_day: dict[date, tuple[int, int]]

    def until(self, day: date) -> int:
        return sum(count for on, (count, _) in self.by_day.items() if on <= day)

    def ages(self, on: date) -> list[Age]:
        """The open ones by age, the youngest first."""
        edges = [0, *AGES]
        ages = [
            (f"{low + 1 if low else 0}至{high}天", on - timedelta(high), on - timedelta(low + 1))
            if low
            else (f"{high}天以内", on - timedelta(high), None)
            for low, high in pairwise(edges)
        ]
        ages.append((f"{AGES[-1]}天以上", None, on - timedelta(AGES[-1] + 1)))
        return [Age(label, self._open_between(*days), *days) for label, *days in ages]

    def _open_between(self, first: date | None, last: date | None) -> int:
        return sum(
            n
            for day, (_, n) in self.by_day.items()
            if (first is None or day >= first) and (last is None or day <= last)
        )


def fed_back(counted: Iterable[Course]) -> FedBack:
    """Count by the day of feedback."""
    by_day: dict[date, tuple[int, int]] = {}
    for course in counted:
        if course.of == "fed_back":
            count, left = by_day.get(course.on, (0, 0))
            by_day[course.on] = (count + course.count, left + course.open)
    return FedBack(by_day)


# -- decisions -----------------------------------------------------------------------------------


def decisions(tickets: TicketQuerySet) -> list[Transition]:
    """The last decisions on these tickets, the newest first (one query)."""
    made = Transition.objects.filter(move__in=DECISIONS, ticket__in=tickets.order_by().values("pk"))
    return list(made.select_related("ticket", "by").order_by("-pk")[:MOST_DECISIONS])


def blocked(tickets: TicketQuerySet) -> list:
    """The blocked ones that have waited longest for help (one query)."""
    # Few are blocked at all: the mark is asked before the light is judged.
    rows = tickets.filter(is_blocked=True, light_on_day=Light.BLOCK).select_related(
        "lead_unit", "person"
    )
    return list(rows.order_by("updated_at", "pk").first_rows(MOST_BLOCKED))


# -- ranking -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A unit in the ranking; without a place it has too few problems to be ranked."""

    place: int | None
    unit: UnitTally
    late: int
    closed: int
    total: int

    @property
    def late_percent(self) -> float:
        return self.late * 100 / self.total

    @property
    def closed_percent(self) -> float:
        return self.closed * 100 / self.total


RANK_RULE = (
    f"按超期占比从低到高、占比相同按销号占比从高到低；两项都相同的名次并列，下一名顺延；"
    f"不足{LEAST_FOR_RANK}项的单位不排名。只看事项，不看人员、登录和填报次数。"
)


def ranking(units: Iterable[UnitTally]) -> list[Place]:
    """Rank units by facts of their items only; those with too few come last, without a place."""
    ranked, rest = [], []
    for unit in units:
        late, tally = unit.tally.by_light[Light.LATE], unit.tally
        place = Place(None, unit, late, tally.closed, tally.total)
        (ranked if tally.total >= LEAST_FOR_RANK else rest).append(place)
    ranked.sort(key=_merit)
    merits = [_merit(place) for place in ranked]
    return [
        *(
            Place(merits.index(merit) + 1, one.unit, one.late, one.closed, one.total)
            for one, merit in zip(ranked, merits, strict=True)
        ),
        *rest,
    ]


def _merit(place: Place) -> tuple[float, float]:
    return place.late_percent, -place.closed_percent
