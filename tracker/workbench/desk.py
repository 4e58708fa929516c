"""What the parts of the workbench share: one person's tickets on one day, and their numbers."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import F, Func, IntegerField, QuerySet, Subquery
from django.utils.http import urlencode

from tracker import periods, policy
from tracker.models import (
    Coordination,
    Extension,
    Handover,
    Notice,
    Person,
    Plan,
    PlanAsk,
    SelfCheck,
    Ticket,
)
from tracker.models.plan import lacking
from tracker.models.supervision import CoordinationQuerySet
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.statistics import Tally
from tracker.workflow import TASKS
from tracker.worktime import WorkCalendar, due_words

MOST_JOBS = 10
BY_DEADLINE = (F("due_on").asc(nulls_last=True), "pk")


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """A plan that this person's office is drafting, and what keeps it from being submitted.

    `lacking` says how often each thing is missing, in the order in which it was met first.
    """

    plan: Plan
    lacking: list[tuple[str, int]]

    @property
    def count(self) -> int:
        return sum(count for _, count in self.lacking)


class Desk:
    """One person's tickets on one day, with each number counted at most once."""

    def __init__(
        self,
        person: Person,
        tickets: TicketQuerySet,
        tally: Tally,
        on: date,
        calendar: WorkCalendar,
        period: periods.Period | None,
    ):
        self.person, self.tickets, self.tally = person, tickets, tally
        self.on, self.calendar, self.period = on, calendar, period
        tasks = [name for name, task in TASKS.items() if person.may(task.action)]
        self.reports = "report" in tasks
        self.instructs = policy.may(person.roles, "instruct")
        self.approves_plans = policy.may(person.roles, "approve_plan")
        self.has_duties = bool(tasks) or self.instructs
        self.rows = tickets.select_related(
            "inspection__round", "lead_unit", "leader", "person"
        ).with_latest_progress()
        counts = _count_each(
            person,
            unreported=self.unreported,
            coordination=self.requests,
            to_answer=tickets.with_instruction_to_answer(),
            extensions=Extension.objects.awaiting(person),
            handovers=Handover.objects.awaiting(person),
            self_checks=SelfCheck.objects.to_answer_by(person),
            unread=Notice.objects.of(person).unread(),
            **{name: tickets.awaiting(name, person) for name in tasks},
        )
        self.waiting = {name: counts[name] for name in tasks}
        self.counts = counts
        # The bell above the page shows the same number.
        person.unread_notices = counts["unread"]

    @property
    def unreported(self) -> TicketQuerySet:
        """What this person's units have yet to report, or else all of the reach."""
        mine = self.tickets.awaiting("report", self.person) if self.reports else self.tickets
        return mine.not_reported(self.on)

    @property
    def requests(self) -> CoordinationQuerySet:
        return Coordination.objects.visible_to(self.person).unanswered()

    @cached_property
    def _plans(self) -> list[Plan]:
        plans = Plan.objects
        waiting = plans.on_desk_of(self.person) if self.approves_plans else plans.none()
        return list(waiting.select_related("inspection__unit", "inspection__round", "submitted_by"))

    @property
    def plans(self) -> list[Plan]:
        return [plan for plan in self._plans if not plan.is_editable]

    @property
    def drafts(self) -> list[DraftPlan]:
        editable = [plan for plan in self._plans if plan.is_editable]
        missing = lacking(editable)
        return [
            DraftPlan(plan, list(Counter(lack.words for lack in missing[plan.pk]).items()))
            for plan in editable
        ]

    @cached_property
    def plan_asks(self) -> list[PlanAsk]:
        asks = PlanAsk.objects
        waiting = asks.awaiting(self.person) if self.approves_plans else asks.none()
        return list(waiting.select_related("ticket", "asked_by"))

    @property
    def unreported_query(self) -> str:
        return query_of(act="feedback") if self.reports else query_of(asks="unreported")

    def due(self, ticket: Ticket) -> str:
        return due_words(ticket.due_on, self.on, self.calendar)


def _count_each(person: Person, **rows: QuerySet) -> dict[str, int]:
    """How many rows each of these has, in one query: a row with a subquery for each."""
    size = Func("pk", function="COUNT", output_field=IntegerField())
    sizes = {
        name: Subquery(one.order_by().annotate(size=size).values("size"))
        for name, one in rows.items()
    }
    counts = Person.objects.filter(pk=person.pk).values(**sizes).get()
    return {name: count or 0 for name, count in counts.items()}


def query_of(**filters: object) -> str:
    """The part of an address that asks a list for just these."""
    return "?" + urlencode(filters, doseq=True)
