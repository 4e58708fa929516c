"""What the page of a whole plan and the plan page of one ticket show; no HTML."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from tracker import drafting, planning
from tracker.models import (
    Inspection,
    Measure,
    Milestone,
    Person,
    Plan,
    PlanAsk,
    PlanDecision,
    Ticket,
)
from tracker.models.plan import approver_of, as_words, begin_refusal, planned_problem
from tracker.planning import Difference, Lack, Lists, PlanOffer, differences


@dataclass(frozen=True, slots=True)
class LackAt:
    """One thing that is missing, with the link to the place where it is put right."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """One problem of the plan with its measures, and what it lacks."""

    ticket: Ticket
    measures: list[Measure]
    lacks: list[LackAt]
    advice: list[str]
    may_edit: bool
    pending: int


@dataclass(frozen=True, slots=True)
class PlanPage:
    """All that the page of the whole plan shows to one reader.

    `lacking` counts the whole plan, `rows` hold only what the reader may see of it.
    """

    plan: Plan | None
    rows: list[Row]
    total: int
    lacking: int
    lists: Lists
    begin_refusal: str
    offers: list[PlanOffer]
    approver: str
    decisions: list[PlanDecision]
    asks: list[PlanAsk]

    @property
    def is_partial(self) -> bool:
        return len(self.rows) < self.total

    @property
    def incomplete(self) -> list[Row]:
        return [row for row in self.rows if row.lacks]

    @property
    def lacking_elsewhere(self) -> int:
        """What is missing in problems that this reader does not see."""
        return self.lacking - sum(len(row.lacks) for row in self.rows)


def plan_page(inspection: Inspection, person: Person) -> PlanPage:
    """Gather the page in a fixed number of queries."""
    plan = Plan.objects.filter(inspection=inspection).select_related("inspection__unit").first()
    tickets = list(
        inspection.tickets.fed_back()
        .select_related("leader", "person", "lead_unit")
        .prefetch_related("measures__milestones", "measures__unit", "measures__person")
    )
    seen = set(inspection.tickets.visible_to(person).values_list("pk", flat=True))
    problems = {ticket.pk: planned_problem(ticket) for ticket in tickets if ticket.is_open}
    ends_on = inspection.focus_ends_on
    missing = {pk: planning.lacks(problem, ends_on) for pk, problem in problems.items()}
    asks = list(
        PlanAsk.objects.visible_to(person)
        .filter(ticket__inspection=inspection)
        .select_related("ticket", "measure", "asked_by", "decided_by")
    )
    pending: dict[int, int] = {}
    for each in asks:
        if each.is_pending:
            pending[each.ticket_id] = pending.get(each.ticket_id, 0) + 1
    approver = approver_of(inspection)
    standing = None
    if plan:
        plan.inspection = inspection
        standing = plan.standing_of(person, problems.values())
    return PlanPage(
        plan=plan,
        rows=[
            Row(
                ticket=ticket,
                measures=list(ticket.measures.all()),
                lacks=[LackAt(lack.words, _place(lack)) for lack in missing.get(ticket.pk, [])],
                advice=planning.advice(problems[ticket.pk]) if ticket.is_open else [],
                may_edit=not drafting.draft_refusal(ticket, plan, person),
                pending=pending.get(ticket.pk, 0),
            )
            for ticket in tickets
            if ticket.pk in seen
        ],
        total=len(tickets),
        lacking=sum(map(len, missing.values())),
        lists=planning.lists(problems.values()),
        begin_refusal=begin_refusal(inspection, person),
        offers=planning.offers(standing) if standing else [],
        approver=approver.label,
        decisions=list(plan.decisions.defer("content").select_related("by")) if plan else [],
        asks=asks,
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """One problem of which two editions differ."""

    label: str
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two editions of a plan side by side; the last in `editions` is what it says now."""

    editions: list[tuple[str, str]]
    old: str
    new: str
    changed: list[Changed]
    same: int


# What the plan says now, where the other editions are named by their number.
NOW = "now"


def compare_editions(plan: Plan, reader: Person, old: str | None, new: str | None) -> Comparison:
    """Compare two editions, at first the last one with what the plan says now (five queries).

    Only the problems that the reader may see are compared. An edition that does not exist gives
    way to the first choice.
    """
    submitted = {str(each.edition): each for each in plan.decisions.filter(move="submit")}
    numbers = sorted(submitted, key=int)
    tickets = plan.inspection.tickets.visible_to(reader).select_related(
        "leader", "person", "lead_unit"
    )
    problems = {
        ticket.pk: planned_problem(ticket) for ticket in tickets.prefetch_related("measures")
    }
    labels = {problem.label: key for key, problem in problems.items()}

    def content(name: str) -> dict[int, dict]:
        if name == NOW:
            return {key: as_words(problem) for key, problem in problems.items()}
        kept = submitted[name].content if name in submitted else []
        found = {each.get("ticket", labels.get(each["problem"])): each for each in kept}
        return {key: each for key, each in found.items() if key in problems}

    names = [*numbers, NOW]
    new = new if new in names else NOW
    old = old if old in names else (numbers or [NOW])[-1]
    before, after = content(old), content(new)
    keys = [key for key in problems if key in before or key in after]
    changed = [
        Changed(problems[key].label, found)
        for key in keys
        if (found := differences(before.get(key, {}), after.get(key, {})))
    ]
    return Comparison(
        editions=[*((name, f"第{name}稿") for name in numbers), (NOW, "现在的方案")],
        old=old,
        new=new,
        changed=changed,
        same=len(keys) - len(changed),
    )


def _place(lack: Lack) -> str:
    """The address where a lack is put right."""
    if lack.measure:
        return reverse("tracker:ticket-measure", args=[lack.problem, lack.measure]) + "#id_due_on"
    page = reverse("tracker:ticket-plan", args=[lack.problem])
    return page + {"measures": "#measures", "unit": "#measures"}.get(
        lack.field, f"#id_{lack.field}"
    )


@dataclass(frozen=True, slots=True)
class Node:
    """One milestone as the page shows it on a day."""

    milestone: Milestone
    is_late: bool


def nodes(measures: Iterable[Measure], on: date) -> dict[int, list[Node]]:
    """The milestones of each measure by its key; they are prefetched."""
    return {
        measure.pk: [Node(each, each.is_late(on)) for each in measure.milestones.all()]
        for measure in measures
    }
