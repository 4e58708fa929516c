"""整改方案 of an inspection: its drafts, its approval, and the changes asked for afterwards."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from tracker import notices, planning, policy
from tracker.choices import AskKind, AskStatus, NoticeKind, Origin, PlanStatus, Role
from tracker.models.inspection import Inspection
from tracker.models.measure import Measure
from tracker.models.of_ticket import OfTicketQuerySet
from tracker.models.ticket import Ticket
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.models.unit import Unit
from tracker.planning import PLAN_MOVES, PlannedMeasure, PlannedProblem, PlanStanding
from tracker.workflow import MoveRefused, TicketChanged

if TYPE_CHECKING:
    from tracker.models.person import Person

PLAN_MOVE_LABELS = {"begin": "开始编制", **{move.name: move.label for move in PLAN_MOVES.values()}}


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, person: "Person") -> Self:
        """The plans of the inspections of which the person sees anything."""
        return self.filter(inspection__in=Inspection.objects.visible_to(person))

    def awaiting(self, person: "Person") -> Self:
        """The submitted plans that this person approves in the role which the round names."""
        submitted = self.filter(status=PlanStatus.SUBMITTED).exclude(submitted_by=person)
        return submitted.filter(approved_by("inspection", person))

    def on_desk_of(self, person: "Person") -> Self:
        """What this person is to approve, and what their office still drafts (one query).

        With `return_note`, the words with which the last edition was sent back.
        """
        units = Unit.objects.subtree(*person.reach_for("submit_plan")).values("pk")
        drafted = self.filter(status__in=planning.EDITABLE, inspection__unit__in=units)
        last = PlanDecision.objects.filter(plan=OuterRef("pk"), move="return").order_by("-pk")
        plans = self.awaiting(person) | drafted
        return plans.annotate(return_note=Subquery(last.values("note")[:1]))


class Plan(models.Model):
    """整改方案: how an inspection's problems are to be put right, and who approved that.

    What it says is the measures, owners and deadlines of the tickets; the plan itself says whether
    they may still be edited. Each submission is an edition (稿) and keeps what it said. An
    inspection without a plan, as a published bulletin leaves it, has no gate.
    """

    inspection = models.OneToOneField(
        Inspection, models.PROTECT, related_name="plan", verbose_name="巡视巡察"
    )
    status = models.CharField(
        "状态", max_length=12, choices=PlanStatus, default=PlanStatus.DRAFTING, editable=False
    )
    edition = models.PositiveSmallIntegerField("稿次", default=1, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="提请人",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="审定人",
    )
    approved_on = models.DateField("批准日期", null=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "整改方案"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=PlanStatus.values),
                name="plan_status_is_known",
                violation_error_message="没有这种状态。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("submitted_by")),
                name="plan_decided_by_another",
                violation_error_message="提请人不能审定自己提请的方案。",
            ),
            models.CheckConstraint(
                condition=~Q(status=PlanStatus.SUBMITTED)
                | Q(submitted_by__isnull=False, decided_by__isnull=True),
                name="plan_submitted_has_submitter",
                violation_error_message="待审定的方案必须有提请人。",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=PlanStatus.APPROVED,
                    submitted_by__isnull=False,
                    decided_by__isnull=False,
                    approved_on__isnull=False,
                )
                | (~Q(status=PlanStatus.APPROVED) & Q(approved_on__isnull=True)),
                name="plan_approved_by_somebody",
                violation_error_message="已批准的方案必须有提请人、审定人和批准日期。",
            ),
        ]

    def __str__(self):
        return f"{self.inspection}整改方案"

    @property
    def is_editable(self) -> bool:
        return self.status in planning.EDITABLE

    @property
    def is_approved(self) -> bool:
        return self.status == PlanStatus.APPROVED

    @classmethod
    def begin(cls, inspection: Inspection, *, by: "Person") -> "Plan":
        """Open the plan of an inspection that has none; refuses the second of two at once."""
        if reason := begin_refusal(inspection, by):
            raise MoveRefused(reason)
        with transaction.atomic():
            plan, is_new = cls.objects.get_or_create(inspection=inspection)
            if not is_new:
                raise TicketChanged("这次巡视巡察已经有整改方案。")
            plan.decisions.create(plan_version=plan.version, move="begin", edition=1, by=by)
        return plan

    def move(self, name: str, *, by: "Person", note: str = "", version: int) -> "PlanDecision":
        """Submit, return or approve the plan, and record it with what the plan then said.

        Raises TicketChanged if the plan is no longer at `version`, MoveRefused with the reason.
        """
        move, note = PLAN_MOVES[name], note.strip()
        with transaction.atomic():
            self._take(version)
            problems = planned(self.inspection)
            if reason := planning.refusal(name, self.standing_of(by, problems)):
                raise MoveRefused(reason)
            if move.needs_note and not note:
                raise MoveRefused(f"请填写{move.note_label}。")
            submitter = self.submitted_by if name != "submit" else None
            if name == "submit":
                if self.status == PlanStatus.RETURNED:
                    self.edition += 1
                self.submitted_by, self.decided_by = by, None
            else:
                self.decided_by = by
            self.status = move.target
            self.approved_on = timezone.localdate() if self.is_approved else None
            self.save()
            words = f"整改方案{move.label}：{note}" if note else f"整改方案{move.label}"
            told = (
                notices.holding(approver_of(self.inspection), self.inspection.unit)
                if name == "submit"
                else [submitter]
            )
            page = reverse("tracker:inspection-plan", args=[self.inspection_id])
            notices.tell(told, NoticeKind.PLAN, None, words, by=by, link=page)
            return self.decisions.create(
                plan_version=self.version,
                move=name,
                edition=self.edition,
                by=by,
                submitter=submitter,
                note=note,
                content=[as_words(problem) for problem in problems] if name == "submit" else [],
            )

    def standing_of(
        self, person: "Person", problems: Iterable[PlannedProblem] | None = None
    ) -> PlanStanding:
        """What decides which moves are open to this person."""
        if problems is None:
            problems = planned(self.inspection)
        ends_on = self.inspection.focus_ends_on
        return PlanStanding(
            status=PlanStatus(self.status),
            roles=person.roles_on(self.inspection.unit),
            approver=approver_of(self.inspection),
            is_submitter=self.submitted_by_id == person.pk,
            lacking=sum(1 for _ in planning.all_lacks(problems, ends_on)),
        )

    def _take(self, version: int) -> None:
        """Lock and reload this plan at the version the person saw; the next one is ours."""
        fresh = Plan.objects.select_for_update(of=("self",)).filter(pk=self.pk, version=version)
        if not fresh.exists():
            raise TicketChanged("整改方案刚被他人处理，请核对后再提交。")
        self.refresh_from_db()
        self.version += 1


def begin_refusal(inspection: Inspection, person: "Person") -> str:
    """Say why this person cannot open a plan for the inspection; empty means they can."""
    if policy.may(person.roles_on(inspection.unit), "submit_plan"):
        return ""
    return "整改方案由整改办开始编制。"


def approved_by(inspection: str, person: "Person") -> Q:
    """That the person holds, for the inspected unit, the role by which its round approves.

    `inspection` is the way to the inspection. Where nobody holds that role the office approves
    (`approver_of`); it is told so by a notice.
    """
    approves = Q(pk__in=[])
    for role in policy.ALLOWED["approve_plan"]:
        if paths := [duty.unit.path for duty in person.duties if duty.role == role]:
            approves |= Q(
                **{
                    f"{inspection}__round__plan_approver": role,
                    f"{inspection}__unit__in": Unit.objects.subtree(*paths).values("pk"),
                }
            )
    return approves


def approver_of(inspection: Inspection) -> Role:
    """The role that approves: the round's, else the office where nobody holds it (one query)."""
    from tracker.models.person import Membership

    wanted = Role(inspection.round.plan_approver)
    above = [int(key) for key in inspection.unit.path.split("/") if key]
    held = Membership.objects.filter(role=wanted, unit__in=above, person__is_active=True)
    return wanted if held.exists() else Role.OFFICE


def planned(
    inspection: Inspection, tickets: Iterable[Ticket] | None = None
) -> list[PlannedProblem]:
    """The open feedback problems of an inspection as the check of the plan sees them.

    Without `tickets` all of them: what a plan lacks does not depend on who looks.
    """
    if tickets is None:
        tickets = to_be_planned(inspection.tickets.all())
    return [planned_problem(ticket) for ticket in tickets]


def lacking(plans: Iterable[Plan]) -> dict[int, list[planning.Lack]]:
    """What each of these plans still lacks, by its key (two queries for all)."""
    of_inspection: dict[int, list[Ticket]] = {plan.inspection_id: [] for plan in plans}
    if not of_inspection:
        return {}
    tickets = to_be_planned(Ticket.objects.filter(inspection__in=of_inspection))
    for ticket in tickets.order_by("inspection", "order", "pk"):
        of_inspection[ticket.inspection_id].append(ticket)
    return {
        plan.pk: list(
            planning.all_lacks(
                map(planned_problem, of_inspection[plan.inspection_id]),
                plan.inspection.focus_ends_on,
            )
        )
        for plan in plans
    }


def to_be_planned(tickets: TicketQuerySet) -> TicketQuerySet:
    """Those of these tickets that a plan must answer, with what its check looks at."""
    return (
        tickets.open()
        .filter(origin=Origin.FEEDBACK)
        .select_related("leader", "person", "lead_unit")
        .prefetch_related("measures")
    )


def planned_problem(ticket: Ticket) -> PlannedProblem:
    """One ticket as the check sees it; its measures are prefetched."""
    return PlannedProblem(
        key=ticket.pk,
        label=f"{ticket.printed_number or ticket.number}　{ticket.title}",
        leader=ticket.leader_name,
        unit=str(ticket.lead_unit),
        person=ticket.person_name,
        due_on=ticket.due_on,
        due_reason=ticket.due_reason,
        measures=tuple(
            PlannedMeasure(m.pk, m.label, m.text, m.goal, m.due_on) for m in ticket.measures.all()
        ),
    )


def as_words(problem: PlannedProblem) -> dict[str, Any]:
    """What an edition keeps of one problem."""
    return {
        "ticket": problem.key,
        "problem": problem.label,
        "leader": problem.leader,
        "unit": problem.unit,
        "person": problem.person,
        "due_on": problem.due_on.isoformat() if problem.due_on else "",
        "measures": [
            {
                "key": measure.key,
                "label": measure.label,
                "text": measure.text,
                "goal": measure.goal,
                "due_on": measure.due_on.isoformat() if measure.due_on else "",
            }
            for measure in problem.measures
        ],
    }


class PlanDecision(models.Model):
    """方案办理: who began, submitted, returned or approved a plan, and its words. Append-only."""

    plan = models.ForeignKey(
        Plan, models.PROTECT, related_name="decisions", verbose_name="整改方案"
    )
    plan_version = models.PositiveIntegerField("办理后版本")
    move = models.CharField("办理", max_length=12, choices=PLAN_MOVE_LABELS)
    edition = models.PositiveSmallIntegerField("稿次")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    submitter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="提请人",
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    note = models.TextField("意见", blank=True)
    content = models.JSONField("提请时的方案", default=list)

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "方案办理"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "plan_version"], name="plandecision_once_per_version"
            ),
            models.CheckConstraint(
                condition=~Q(move__in=["approve", "return"])
                | (Q(submitter__isnull=False) & ~Q(submitter=F("by")) & ~Q(note="")),
                name="plandecision_by_another",
                violation_error_message="审定人不能是提请人，并且要写明意见。",
            ),
        ]

    def __str__(self):
        return f"{self.get_move_display()} {self.at:%Y-%m-%d}"


class PlanAskQuerySet(OfTicketQuerySet):
    def pending(self) -> Self:
        return self.filter(status=AskStatus.PENDING)

    def awaiting(self, person: "Person") -> Self:
        """The pending requests that this person decides in the role which the round names."""
        pending = self.pending().exclude(asked_by=person)
        return pending.filter(approved_by("ticket__inspection", person))


class PlanAsk(models.Model):
    """方案调整: a request to change an approved plan, and the decision. Neither can be altered.

    `fields` holds for each field the words before and after and the value to be set. Until it is
    approved nothing moves. Deadlines are not among them: they move by extension (延期).
    """

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="plan_asks", verbose_name="问题"
    )
    measure = models.ForeignKey(
        Measure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_asks",
        verbose_name="措施",
    )
    kind = models.CharField("调整", max_length=8, choices=AskKind)
    fields = models.JSONField("内容", default=list)
    reason = models.CharField("理由", max_length=500)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    asked_at = models.DateTimeField("申请时间", auto_now_add=True)
    status = models.CharField(
        "结果", max_length=10, choices=AskStatus, default=AskStatus.PENDING, editable=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="审定人",
    )
    decided_at = models.DateTimeField("审定时间", null=True, blank=True, editable=False)
    opinion = models.CharField("审定意见", max_length=500, blank=True)

    objects = PlanAskQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "方案调整"
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="planask_has_a_reason",
                violation_error_message="请写明调整理由。",
            ),
            models.CheckConstraint(
                condition=Q(kind=AskKind.ADD, measure__isnull=True)
                | (Q(kind__in=[AskKind.CHANGE, AskKind.DROP]) & Q(measure__isnull=False)),
                name="planask_names_its_measure",
                violation_error_message="调整或撤下要指明措施。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="planask_decided_by_another",
                violation_error_message="申请人不能审定自己的申请。",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=AskStatus.PENDING, decided_by__isnull=True, decided_at__isnull=True
                )
                | (
                    Q(status__in=[AskStatus.APPROVED, AskStatus.REFUSED])
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(opinion="")
                ),
                name="planask_decided_by_somebody",
                violation_error_message="审定的申请必须有审定人、时间和意见。",
            ),
            models.UniqueConstraint(
                fields=["measure"],
                condition=Q(status=AskStatus.PENDING),
                name="planask_one_pending_a_measure",
                violation_error_message="这条措施已有一个待审定的调整申请。",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}：{self.ticket}"

    @property
    def is_pending(self) -> bool:
        return self.status == AskStatus.PENDING


def units_offered(ticket: Ticket) -> models.QuerySet[Unit]:
    """The units that may be responsible for a measure: those of the lead unit's own body."""
    return Unit.objects.subtree(ticket.inspection.unit.path, ticket.lead_unit.path)
