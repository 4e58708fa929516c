"""口径: by which rule the office counts, and the rates that follow. One place for all pages.

The three public buckets are 完成, 基本完成·长期坚持 and 未完成, and every ticket is in exactly one.
延期, 序时 and 按时 are counted beside them and never mixed in. A rate is the first bucket over the
total unless the reader picks another rule, and the rule is printed below the figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Case, Count, F, Q, Value, When

from tracker.choices import Status
from tracker.models import Measure
from tracker.models.ticket_queryset import TicketQuerySet


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way of counting tickets; the ticket list finds the same ones by `outcome=`."""

    name: str
    label: str
    rule: str


OUTCOMES: dict[str, Outcome] = {
    one.name: one
    for one in (
        Outcome("done", "完成", "已销号，且没有列入长期坚持"),
        Outcome("lasting", "基本完成·长期坚持", "已销号并列入长期坚持"),
        Outcome("undone", "未完成", "没有销号，含待审核"),
        Outcome("delayed", "延期", "没有销号，现时限晚于原时限"),
        Outcome("on_schedule", "达到序时", "没有销号，没有超期，到期的措施都已完成"),
        Outcome("behind", "未达序时", "没有销号，已超期或有到期未完成的措施"),
        Outcome("on_time", "按时销号", "已销号，提交不晚于原时限"),
        Outcome("late_closed", "超期销号", "已销号，提交晚于原时限"),
    )
}
BUCKETS = ("done", "lasting", "undone")
# What is all of some outcomes but one: `having` says it too, but a light is dear to judge twice.
REST_OF: dict[str, tuple[tuple[str, ...], str]] = {
    "on_schedule": (("undone",), "behind"),
    "late_closed": (("done", "lasting"), "on_time"),
}


@dataclass(frozen=True, slots=True)
class Basis:
    """A rule by which a rate is worked out: these outcomes over those, or over all tickets."""

    name: str
    label: str
    over: tuple[str, ...]
    under: tuple[str, ...] = BUCKETS

    @property
    def part(self) -> str:
        """By which `outcome=` the ticket list finds what is over the line."""
        return self.over[0] if len(self.over) == 1 else f"{RATED}{self.name}"

    @property
    def words(self) -> str:
        """The rule as it is printed below the figure."""
        if self.under == BUCKETS:
            return f"{self.label}＝{_sum_of(self.over)}÷问题总数"
        return f"{self.label}＝{_sum_of(self.over)}÷{_sum_of(self.under)}"


def _sum_of(names: tuple[str, ...]) -> str:
    words = "＋".join(OUTCOMES[name].label for name in names)
    return f"（{words}）" if len(names) > 1 else words


BASES: dict[str, Basis] = {
    one.name: one
    for one in (
        Basis("done", "完成率", ("done",)),
        Basis("closed", "销号率", ("done", "lasting")),
        Basis("schedule", "序时率", ("done", "lasting", "on_schedule")),
        Basis("on_time", "按时销号率", ("on_time",), ("on_time", "late_closed")),
    )
}
DEFAULT_BASIS = "done"
# What a rate counts, where that is more than one outcome: rated_closed.
RATED = "rated_"


def choices() -> list[tuple[str, str]]:
    """All that `outcome=` can ask the ticket list for."""
    parts = [(one.part, f"计入{one.label}") for one in BASES.values() if len(one.over) > 1]
    return [*((name, one.label) for name, one in OUTCOMES.items()), *parts]


def basis_of(name: str | None) -> Basis:
    """The rule that an address asks for; the default where it asks for none that is known."""
    return BASES.get(name or "", BASES[DEFAULT_BASIS])


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with all that it must not be printed without."""

    basis: Basis
    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        return self.part * 100 / self.whole if self.whole else None

    def __str__(self):
        """The rate as paper prints it: 完成率18.8%（3／16）。口径：完成率＝完成÷问题总数"""
        percent = "—" if self.percent is None else f"{self.percent:.1f}%"
        return f"{self.basis.label}{percent}（{self.part}／{self.whole}）。口径：{self.basis.words}"


@dataclass(frozen=True, slots=True)
class Figures:
    """How many tickets have come to which outcome."""

    total: int
    counts: Mapping[str, int]

    @property
    def outcomes(self) -> list[tuple[Outcome, int]]:
        return [(one, self.counts[one.name]) for one in OUTCOMES.values()]

    @property
    def buckets(self) -> list[tuple[Outcome, int]]:
        return [(OUTCOMES[name], self.counts[name]) for name in BUCKETS]

    @property
    def beside(self) -> list[tuple[Outcome, int]]:
        """What is counted beside the buckets."""
        return [(one, n) for one, n in self.outcomes if one.name not in BUCKETS]

    def __str__(self):
        """All of them in a line, as the page, the files and the paper of a ledger print it."""
        buckets, beside = (
            "，".join(f"{outcome.label}{count}" for outcome, count in counted)
            for counted in (self.buckets, self.beside)
        )
        return f"问题{self.total}个：{buckets}。另计：{beside}"

    def rate(self, basis: Basis) -> Rate:
        def count(names: tuple[str, ...]) -> int:
            return sum(self.counts[name] for name in names)

        return Rate(basis, count(basis.over), count(basis.under))


def having(outcome: str, on: date) -> Q:
    """The condition under which a ticket counts; it must carry `with_light` and `with_was_late`."""
    if outcome.startswith(RATED):
        parts = BASES[outcome.removeprefix(RATED)].over
        return reduce(or_, (having(one, on) for one in parts))
    closed = Q(status=Status.CLOSED)
    kept = Q(long_term_on__isnull=False)
    unfinished = Measure.objects.filter(due_on__lt=on, done_on=None).order_by().values("ticket")
    behind = Q(is_late=True) | Q(pk__in=unfinished)
    return {
        "done": closed & ~kept,
        "lasting": closed & kept,
        "undone": ~closed,
        "delayed": ~closed & Q(due_on__gt=F("original_due_on")),
        "on_schedule": ~closed & ~behind,
        "behind": ~closed & behind,
        "on_time": closed & Q(was_late=False),
        "late_closed": closed & Q(was_late=True),
    }[outcome]


def figures(tickets: TicketQuerySet, on: date) -> Figures:
    """Count the outcomes of these tickets in one query; they must carry `with_light`."""
    tickets = tickets.with_was_late(on).order_by()
    counted = [name for name in OUTCOMES if name not in REST_OF]
    flags = {name: Count(Case(When(having(name, on), then=Value(1)))) for name in counted}
    counts = tickets.aggregate(total=Count("pk"), **flags)
    total = counts.pop("total")
    for name, (whole, part) in REST_OF.items():
        counts[name] = sum(counts[one] for one in whole) - counts[part]
    return Figures(total, counts)
