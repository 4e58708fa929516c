"""挂图作战: one inspection as a merged ledger, in a fixed number of queries. No HTML.

方面 > 大类 > 问题 > 措施. A bulletin has two levels of headings, or one, or none, and may mix
them: a problem without 大类 takes that column too, one without 方面 takes all three.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from tracker import statistics
from tracker.choices import Light, Origin
from tracker.ledger_columns import Choice
from tracker.lights import Bands
from tracker.models import Category, Evidence, Inspection, Measure, Ticket, Unit
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.models.unit import told_apart
from tracker.statistics import Focus, Gap, Tally
from tracker.worktime import WorkCalendar, due_words

# How much of a long text is read at first look, at least and at most, and what is too little
# to hide.
SHORT_LEAD, LONG_LEAD = 20, 48
SHORT_REST = 16

_HEADING_NUMBER = re.compile(
    r"[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十]+、|第[一二三四五六七八九十]+方面|\d+[.．、]"
)
_CLAUSE_END = re.compile("[，。；：！？]")
_headings = attrgetter("headings")

# How the rows of a query come into memory: at once, or by batches.
Fetch = Callable[[TicketQuerySet], list[Ticket]]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A long text for a narrow column: its lead for the first look, and the rest of it."""

    lead: str
    rest: str


@dataclass(frozen=True, slots=True)
class Step:
    """One measure of an open problem."""

    number: str
    text: Excerpt
    goal: str
    due_on: date | None
    due: str
    light: Light
    is_done: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """One ticket with its measures; a closed one is a single row without them.

    `headings` are those between its 方面 and itself, none where the bulletin has no 大类.
    """

    ticket: Ticket
    light: Light
    due: str
    detail: Excerpt
    latest: Excerpt
    helpers: str
    steps: list[Step]
    headings: tuple[str, ...]
    has_aspect: bool

    @property
    def rows(self) -> int:
        return len(self.steps) or 1

    @property
    def columns(self) -> int:
        """The columns that its title takes: its own and those of the levels it lacks."""
        return 1 if self.headings else 2 if self.has_aspect else 3

    @property
    def has_one_deadline(self) -> bool:
        return all(step.due_on == self.ticket.due_on and not step.is_done for step in self.steps)

    @property
    def has_one_light(self) -> bool:
        return all(step.light == self.light for step in self.steps)


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring problems under one 大类, whose cell spans them; no heading, no cell."""

    heading: str
    problems: list[Problem]

    @property
    def rows(self) -> int:
        return sum(problem.rows for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Aspect:
    """方面: one block of the ledger; a merged cell never leaves it."""

    number: str
    heading: str
    runs: list[Run]

    @property
    def rows(self) -> int:
        return sum(run.rows for run in self.runs)

    @property
    def problems(self) -> list[Problem]:
        return [problem for run in self.runs for problem in run.problems]

    @property
    def closed(self) -> int:
        return sum(not problem.ticket.is_open for problem in self.problems)


@dataclass(frozen=True, slots=True)
class WallChart:
    """All that the wall of one inspection shows.

    `whole` counts what the reader may see, `tally` what their filters leave before a light is
    chosen. `units` and `leaders` are what the filters may offer; units by key, told apart.
    """

    focus: Focus
    whole: Tally
    measure_count: int
    is_partial: bool
    found_count: int
    tally: Tally
    units: dict[int, str]
    leaders: list[str]
    aspects: list[Aspect]

    @property
    def gap(self) -> Gap:
        return Gap(self.whole.percent or 0.0, self.focus.time_percent)

    @property
    def problems(self) -> list[Problem]:
        return [problem for aspect in self.aspects for problem in aspect.problems]

    @property
    def is_filtered(self) -> bool:
        return len(self.problems) < self.whole.total

    @property
    def heading_columns(self) -> int:
        """How many columns of headings the ledger needs: 方面 and 大类, one, or none."""
        return max((4 - problem.columns for problem in self.problems), default=1) - 1


def wall_chart(
    inspection: Inspection,
    *,
    visible: TicketQuerySet,
    chosen: TicketQuerySet,
    shown: TicketQuerySet,
    on: date,
    calendar: WorkCalendar,
    columns: Choice,
    found: TicketQuerySet,
    shows_found: bool = False,
    fetch: Fetch = list,
) -> WallChart:
    """Lay out the ledger of one inspection; without a column of measures a problem is one row.

    It is of 反馈问题, or with `shows_found` of what units `found` besides, as far as the reader
    may see it.

    All three querysets hold tickets of this inspection as `for_list` and `with_was_late` fetch
    them: all that the reader may see, those that their filters leave, and of these the ones
    under the chosen light. Counts are of what the reader may see, never of the others.
    """
    whole = statistics.tally(visible)
    is_found = ~Q(origin=Origin.FEEDBACK)
    counts = inspection.tickets.order_by().aggregate(
        in_all=Count("pk", filter=is_found if shows_found else ~is_found),
        found=Count("pk", filter=Q(pk__in=found.order_by().values("pk"))),
    )
    units, leaders = _answerable(visible)
    return WallChart(
        focus=statistics.focus(inspection, on, calendar),
        whole=whole,
        measure_count=Measure.objects.filter(ticket__in=visible.values("pk")).count(),
        is_partial=counts["in_all"] > whole.total,
        found_count=counts["found"],
        tally=statistics.tally(chosen),
        units=units,
        leaders=leaders,
        aspects=_aspects(inspection, shown, on, calendar, columns, fetch),
    )


def _answerable(tickets: TicketQuerySet) -> tuple[dict[int, str], list[str]]:
    """The units and the leaders that answer for these tickets, in their order (one query)."""
    fields = ("pk", "name", "short_name", "sort_no", "path")
    above = ("parent__pk", "parent__name", "parent__short_name")
    rows = tickets.order_by().values_list(
        "leader_shown", *(f"lead_unit__{field}" for field in fields + above)
    )
    units: dict[int, Unit] = {}
    leaders: set[str] = set()
    for leader, *unit, parent, name, short_name in rows.distinct():
        one = Unit(**dict(zip(fields, unit, strict=True)))
        one.parent = parent and Unit(pk=parent, name=name, short_name=short_name)
        units[one.pk] = one
        leaders.add(leader)
    in_order = sorted(units.values(), key=attrgetter("sort_no", "path"))
    return told_apart(in_order), sorted(filter(None, leaders))


def _aspects(
    inspection: Inspection,
    shown: TicketQuerySet,
    on: date,
    calendar: WorkCalendar,
    columns: Choice,
    fetch: Fetch,
) -> list[Aspect]:
    counted = Measure.objects.filter(ticket=OuterRef("pk")).order_by().values("ticket")
    proved = Evidence.objects.not_withdrawn().filter(ticket=OuterRef("pk"))
    proved = proved.order_by().values("ticket")
    tickets = fetch(
        shown.annotate(
            measure_count=Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0),
            evidence_count=Coalesce(Subquery(proved.annotate(n=Count("pk")).values("n")), 0),
        )
        .prefetch_related("co_units")
        .order_by("order", "pk")
    )
    measures: dict[int, list[Measure]] = {}
    spread = [t.pk for t in tickets if t.is_open] if columns.has_measures else []
    for measure in Measure.objects.filter(ticket__in=spread):
        measures.setdefault(measure.ticket_id, []).append(measure)
    chains = _heading_chains(inspection)
    bands = inspection.round.bands

    def steps(ticket: Ticket) -> list[Step]:
        return [_step(m, ticket, on, bands) for m in measures.get(ticket.pk, [])]

    by_aspect: dict[Category | None, list[Problem]] = {}
    for ticket in tickets:
        chain = chains.get(ticket.category_id, ())
        problem = Problem(
            ticket=ticket,
            light=Light(ticket.light_on_day),
            due=due_words(ticket.due_on, on, calendar) if ticket.is_open else "",
            detail=excerpt(ticket.problem),
            latest=excerpt(ticket.latest_text or ""),
            helpers="、".join(map(str, ticket.co_units.all())),
            steps=steps(ticket),
            headings=tuple(category.heading for category in chain[1:]),
            has_aspect=bool(chain),
        )
        by_aspect.setdefault(chain[0] if chain else None, []).append(problem)
    return [
        Aspect(*_numbered(aspect.heading if aspect else ""), _runs(problems))
        for aspect, problems in by_aspect.items()
    ]


def _heading_chains(inspection: Inspection) -> dict[int, tuple[Category, ...]]:
    """For each heading, by key, the headings from the top down to it (one query)."""
    categories = {category.pk: category for category in inspection.categories.all()}

    def chain(category: Category) -> tuple[Category, ...]:
        above = categories.get(category.parent_id)
        return (*chain(above), category) if above else (category,)

    return {pk: chain(category) for pk, category in categories.items()}


def _runs(problems: list[Problem]) -> list[Run]:
    """Merge neighbours under the same 大类; in printed order, so a 大类 may come twice."""
    return [Run("　".join(headings), list(run)) for headings, run in groupby(problems, _headings)]


def _step(measure: Measure, ticket: Ticket, on: date, bands: Bands) -> Step:
    measure.ticket = ticket  # or its light would fetch it again
    # Reports are of the whole ticket: where it is silent, so are its measures.
    last_word_on = date.min if ticket.light_on_day == Light.STALE else None
    due_on = measure.due_on or ticket.due_on
    is_done = measure.done_on is not None
    return Step(
        number=measure.number,
        text=excerpt(measure.text),
        goal=measure.goal,
        due_on=due_on,
        due="" if is_done else due_words(due_on, on, bands.calendar),
        light=measure.lamp(on, bands, last_word_on).light,
        is_done=is_done,
    )


def excerpt(text: str) -> Excerpt:
    """Cut a text for the first look; lead and rest together are the whole of it.

    The lead is the first sentence if it is short, else whole clauses as far as they fit; a first
    clause that is too long is never cut in its middle.

    >>> excerpt("健全台账，逐项登记。")
    Excerpt(lead='健全台账，逐项登记。', rest='')
    """
    if len(text) <= LONG_LEAD + SHORT_REST:
        return Excerpt(text, "")
    stop = text.find("。", 0, LONG_LEAD) + 1
    clauses = [match.end() for match in _CLAUSE_END.finditer(text, SHORT_LEAD)]
    fitting = [end for end in clauses if end <= LONG_LEAD]
    cut = stop or (fitting[-1] if fitting else clauses[0] if clauses else len(text))
    return Excerpt(text[:cut], text[cut:])


def _numbered(heading: str) -> tuple[str, str]:
    """Part a printed heading from its number, which stands on a line of its own."""
    match = _HEADING_NUMBER.match(heading)
    return (match[0], heading[match.end() :].strip()) if match else ("", heading)
