from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from tracker import notices, policy
from tracker.because import because
from tracker.choices import DueBasis, ExtensionStatus, ExtensionStep, Role, Ruling, Status
from tracker.dates import zh_date
from tracker.models.of_ticket import OfTicketQuerySet
from tracker.models.person import Membership, Person, signature
from tracker.models.unit import Unit
from tracker.workflow import MoveRefused

if TYPE_CHECKING:
    from tracker.models.ticket import Ticket
    from tracker.models.ticket_queryset import TicketQuerySet

# A ticket in one of these is being worked on, so that more time can help it.
ASK_FROM = (Status.CLAIMED, Status.IN_PROGRESS, Status.RETURNED)
TOO_LATE = "时限已过，不能再申请延期。请联系整改办，由整改办按督办程序处理。"


def ask_refusal(ticket: "Ticket", person: Person, on: date) -> str:
    """Say in Chinese why this person cannot ask for more time now; empty means they can."""
    roles = person.roles_on(ticket.lead_unit)
    is_theirs = person.pk in (ticket.reporter_id, ticket.person_id)
    if not policy.may(roles, "ask_extension") or not (is_theirs or Role.HEAD in roles):
        return "需要这个问题的填报人、责任人或牵头单位的部门负责人申请。"
    if ticket.status not in ASK_FROM:
        words = "、".join(status.label for status in ASK_FROM)
        return f"只有“{words}”的问题可以申请延期，现在是“{ticket.get_status_display()}”。"
    if ticket.due_on is None:
        return "这个问题没有时限，不需要延期。"
    if on > ticket.due_on:
        return TOO_LATE
    if ticket.extensions.pending().exists():
        return "已有一项延期申请在审批，请等待答复，或由申请人撤回后再报。"
    return ""


def askable(tickets: "TicketQuerySet", person: Person, on: date) -> "TicketQuerySet":
    """Those for which this person may ask for more time now: `ask_refusal` said in SQL."""
    headed = [duty.unit.path for duty in person.duties if duty.role == Role.HEAD]
    theirs = Q(reporter=person) | Q(person=person)
    theirs |= Q(lead_unit__in=Unit.objects.subtree(*headed).values("pk"))
    units = Unit.objects.subtree(*person.reach_for("ask_extension")).values("pk")
    pending = Extension.objects.pending().values("ticket")
    return tickets.filter(theirs, lead_unit__in=units, status__in=ASK_FROM, due_on__gte=on).exclude(
        pk__in=pending
    )


class ExtensionQuerySet(OfTicketQuerySet):
    def pending(self) -> Self:
        return self.filter(status=ExtensionStatus.PENDING)

    def approved(self) -> Self:
        return self.filter(status=ExtensionStatus.APPROVED)

    def awaiting(self, person: Person) -> Self:
        """The requests that this person may decide now: `decide_refusal` said in SQL."""
        waiting = Q(pk__in=[])
        for duty in person.deciding_duties:
            for step, roles in policy.EXTENSION_STEPS.items():
                if duty.role not in roles:
                    continue
                at_step = Q(waits_for=step, ticket__lead_unit__path__startswith=duty.unit.path)
                if duty.role == Role.LEADER:
                    at_step &= Q(ticket__leader=None) | Q(ticket__leader=duty.person_id)
                if duty.person_id != person.pk:
                    at_step &= ~_party_to(duty.person_id)
                waiting |= at_step
        return self.pending().filter(waiting).exclude(_party_to(person.pk))

    def for_list(self) -> Self:
        """Fetch in one query all that a row shows of a request and its ticket."""
        return self.select_related(
            "ticket__inspection",
            "ticket__lead_unit",
            "ticket__person",
            "ticket__leader",
            "by",
        )

    def for_page(self) -> Self:
        """Fetch in two queries a request with its decisions."""
        return self.for_list().prefetch_related(
            models.Prefetch(
                "decisions", ExtensionDecision.objects.select_related("by", "acting_for")
            )
        )


def _party_to(person: int) -> Q:
    """Whose own request it is, or who answers for the ticket, or who decided a step already."""
    decided = ExtensionDecision.objects.filter(Q(by=person) | Q(acting_for=person))
    return (
        Q(by=person)
        | Q(ticket__person=person, ticket__person__isnull=False)
        | Q(ticket__reporter=person, ticket__reporter__isnull=False)
        | Q(pk__in=decided.values("extension"))
    )


class Extension(models.Model):
    """延期: one request to move the deadline of a ticket, and what became of it.

    The request alone moves nothing. What was asked is locked by the database, and so is the
    whole row once it is settled; the decisions are rows of their own.
    """

    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, related_name="extensions", verbose_name="问题"
    )
    ticket_version = models.PositiveIntegerField("申请后版本")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    at = models.DateTimeField("申请时间", auto_now_add=True)
    asked_on = models.DateField("申请日期")
    present_due_on = models.DateField("申请时的时限")
    asked_due_on = models.DateField("申请延至")
    reason = models.TextField("延期理由")
    ground = models.CharField("依据", max_length=200)
    progress = models.TextField("目前进展")
    steps = models.CharField("审批环节", max_length=40)
    waits_for = models.CharField("待谁审批", max_length=10, choices=ExtensionStep, blank=True)
    status = models.CharField(
        "结果", max_length=10, choices=ExtensionStatus, default=ExtensionStatus.PENDING
    )
    permitted_due_on = models.DateField("批准延至", null=True, blank=True)
    settled_on = models.DateField("办结日期", null=True, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "延期"
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(status=ExtensionStatus.PENDING),
                name="extension_one_pending",
                violation_error_message="这个问题已有一项延期申请在审批。",
            ),
            models.UniqueConstraint(
                fields=["ticket", "ticket_version"], name="extension_once_per_version"
            ),
            models.CheckConstraint(
                condition=Q(asked_due_on__gt=F("present_due_on")),
                name="extension_asks_for_later",
                violation_error_message="申请的日期必须晚于现在的时限。",
            ),
            models.CheckConstraint(
                condition=Q(asked_on__lte=F("present_due_on")),
                name="extension_asked_in_time",
                violation_error_message=TOO_LATE,
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(ground="") & ~Q(progress=""),
                name="extension_says_why",
                violation_error_message="延期理由、依据和目前进展都要写明。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ExtensionStatus.values),
                name="extension_status_is_known",
                violation_error_message="没有这种结果。",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=ExtensionStatus.PENDING,
                    waits_for__in=ExtensionStep.values,
                    settled_on__isnull=True,
                )
                | (~Q(status=ExtensionStatus.PENDING) & Q(waits_for="", settled_on__isnull=False)),
                name="extension_waits_iff_pending",
                violation_error_message="在审批的申请要写明待谁审批，办结的要有办结日期。",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=ExtensionStatus.APPROVED,
                    permitted_due_on__isnull=False,
                    permitted_due_on__gt=F("present_due_on"),
                )
                | (~Q(status=ExtensionStatus.APPROVED) & Q(permitted_due_on__isnull=True)),
                name="extension_permits_a_date",
                violation_error_message="批准的延期必须写明晚于原来时限的日期。",
            ),
        ]
        indexes = [models.Index(fields=["status", "waits_for"], name="extension_waiting")]

    def __str__(self):
        return f"{self.ticket.number} 延期至{self.asked_due_on}"

    @property
    def is_pending(self) -> bool:
        return self.status == ExtensionStatus.PENDING

    @property
    def chain(self) -> list[ExtensionStep]:
        """Who decides, in order: the setting of the round when it was asked."""
        return [ExtensionStep(step) for step in self.steps.split(",")]

    @property
    def step(self) -> ExtensionStep | None:
        return ExtensionStep(self.waits_for) if self.waits_for else None

    @property
    def next_step(self) -> ExtensionStep | None:
        """Who decides after the step that it waits for; none if that is the last."""
        steps = self.chain
        place = steps.index(self.waits_for) + 1
        return steps[place] if place < len(steps) else None

    # -- asking -----------------------------------------------------------------------------

    @classmethod
    def ask(
        cls,
        ticket: "Ticket",
        *,
        by: Person,
        due_on: date,
        reason: str,
        ground: str,
        progress: str,
        version: int,
    ) -> "Extension":
        """File a request. Raises TicketChanged, or MoveRefused with the reason in Chinese."""
        words = [text.strip() for text in (reason, ground, progress)]
        today = timezone.localdate()
        with transaction.atomic(), because(by, f"申请延期：{words[0]}"):
            ticket.hold(version)
            if refusal := ask_refusal(ticket, by, today):
                raise MoveRefused(refusal)
            if not all(words):
                raise MoveRefused("延期理由、依据和目前进展都要写明。")
            if due_on <= ticket.due_on:
                raise MoveRefused("申请的日期必须晚于现在的时限。")
            steps = steps_for(ticket, by)
            ticket.save()
            extension = cls.objects.create(
                ticket=ticket,
                ticket_version=ticket.version,
                by=by,
                asked_on=today,
                present_due_on=ticket.due_on,
                asked_due_on=due_on,
                reason=words[0],
                ground=words[1],
                progress=words[2],
                steps=",".join(steps),
                waits_for=steps[0],
            )
            words = f"申请延期至{zh_date(due_on)}：{extension.reason}"
            notices.tell_of_extension(extension, by, words)
            return extension

    def withdraw(self, *, by: Person, version: int) -> None:
        """Take the request back before it is settled. Raises TicketChanged or MoveRefused."""
        with transaction.atomic(), because(by, "撤回延期申请"):
            self._take(version)
            if by.pk != self.by_id:
                raise MoveRefused("只有申请人可以撤回。")
            if not self.is_pending:
                raise MoveRefused(f"这项申请{self.get_status_display()}，不能撤回。")
            pending = self.get_status_display()
            self._settle(ExtensionStatus.WITHDRAWN)
            self.ticket.record_change(
                "延期申请", pending, self.get_status_display(), by=by, why="申请人撤回"
            )
            self.ticket.save()

    # -- deciding ---------------------------------------------------------------------------

    def capacity_of(self, person: Person) -> Membership | None:
        """The duty by which this person decides the present step: their own first, else lent."""
        if not self.is_pending:
            return None
        return person.capacity_on(
            self.ticket.lead_unit, policy.EXTENSION_STEPS[self.waits_for], self.ticket.leader_id
        )

    def decide_refusal(self, person: Person) -> str:
        """Say in Chinese why this person cannot decide now; empty means they can.

        Who asks, and who answers for the ticket, never decides (申请与审批分离), neither in
        person nor through a substitute; no one decides two steps.
        """
        if not self.is_pending:
            return f"这项申请{self.get_status_display()}，不再审批。"
        duty = self.capacity_of(person)
        if duty is None:
            return f"正等待{self.step.label}审批。"
        own = {self.by_id, self.ticket.person_id, self.ticket.reporter_id}
        decided = {pk for d in self.decisions.all() for pk in (d.by_id, d.acting_for_id)}
        for pk, who in ((person.pk, "您"), (duty.person_id, f"被代理人{duty.person}")):
            if pk in own:
                return f"{who}是这项申请的申请人、填报人或责任人，不能审批。"
            if pk in decided:
                return f"{who}已审批过前一环节，须由他人审批。"
        return ""

    def decide(
        self,
        ruling: str,
        *,
        by: Person,
        opinion: str,
        version: int,
        ground: str = "",
        due_on: date | None = None,
    ) -> "ExtensionDecision":
        """Decide the present step; agreement at the last one moves the deadline.

        `due_on` is the date agreed to, which may differ from the one asked for. Raises
        TicketChanged, or MoveRefused with the reason in Chinese.
        """
        ruling, opinion, ground = Ruling(ruling), opinion.strip(), ground.strip()
        with transaction.atomic(), because(by, f"延期审批{ruling.label}：{opinion}"):
            self._take(version)
            if refusal := self.decide_refusal(by):
                raise MoveRefused(refusal)
            if ruling == Ruling.AGREE:
                self._check_agreement(due_on, ground)
            elif not opinion:
                raise MoveRefused("退回和不同意必须写明原因。")
            else:
                due_on, ground = None, ""
            duty = self.capacity_of(by)
            decision = self.decisions.create(
                ticket_version=self.ticket.version,
                step=self.waits_for,
                by=by,
                acting_for=None if duty.person_id == by.pk else duty.person,
                ruling=ruling,
                opinion=opinion,
                ground=ground,
                due_on=due_on,
            )
            self._follow(decision)
            self.ticket.save()
            until = f"至{zh_date(due_on)}" if due_on else ""
            words = f"延期申请{decision.get_step_display()}{ruling.label}{until}"
            notices.tell_of_extension(self, by, f"{words}：{opinion}" if opinion else words)
            return decision

    def _check_agreement(self, due_on: date | None, ground: str) -> None:
        if not self.ticket.is_open:
            raise MoveRefused("这个问题已销号，不需要延期，请退回申请。")
        if due_on is None:
            raise MoveRefused("请写明同意延至哪一天。")
        if due_on <= max(self.ticket.due_on, self.present_due_on):
            raise MoveRefused("同意的日期必须晚于现在的时限。")
        if due_on < timezone.localdate():
            raise MoveRefused("同意的日期不能早于今天。")
        if self.next_step is None and not ground:
            raise MoveRefused("请写明批准的依据。")

    def _follow(self, decision: "ExtensionDecision") -> None:
        if decision.ruling == Ruling.RETURN:
            self._settle(ExtensionStatus.RETURNED)
        elif decision.ruling == Ruling.REFUSE:
            self._settle(ExtensionStatus.REFUSED)
        elif following := self.next_step:
            self.waits_for = following
            self.save(update_fields=["waits_for"])
        else:
            self.permitted_due_on = decision.due_on
            self._settle(ExtensionStatus.APPROVED)
            self._move_deadline(decision)

    def _move_deadline(self, decision: "ExtensionDecision") -> None:
        ticket = self.ticket
        place = f"（代{decision.acting_for}）" if decision.acting_for else ""
        why = f"批准延期{place}：{decision.ground}"
        old, new = zh_date(ticket.due_on), zh_date(decision.due_on)
        ticket.record_change("整改时限", old, new, by=decision.by, why=why)
        if ticket.due_basis != DueBasis.DECIDED:
            old = ticket.get_due_basis_display()
            ticket.record_change("时限来源", old, DueBasis.DECIDED.label, by=decision.by, why=why)
        ticket.due_on, ticket.due_basis = decision.due_on, DueBasis.DECIDED

    def _settle(self, status: ExtensionStatus) -> None:
        self.status, self.waits_for, self.settled_on = status, "", timezone.localdate()
        self.save(update_fields=["status", "waits_for", "settled_on", "permitted_due_on"])

    def _take(self, version: int) -> None:
        """Lock the ticket, whose lock guards its requests, and reload both."""
        self.ticket.hold(version)
        self.refresh_from_db(fields=["status", "waits_for", "permitted_due_on", "settled_on"])


def steps_for(ticket: "Ticket", by: Person) -> list[ExtensionStep]:
    """The steps of the round, without the unit's own where its head asks or it has none.

    A unit without a head or leader on the board cannot agree first, and the request must not
    wait for ever.
    """
    steps = [ExtensionStep(step) for step in ticket.inspection.round.extension_steps.split(",")]
    own = policy.EXTENSION_STEPS[ExtensionStep.UNIT]
    if ExtensionStep.UNIT not in steps:
        return steps
    heads = Membership.objects.filter(
        role__in=own,
        person__is_active=True,
        unit__in=Unit.objects.filter(pk=ticket.lead_unit_id).and_above(),
    ).exclude(person__in=[pk for pk in (by.pk, ticket.person_id, ticket.reporter_id) if pk])
    if ticket.leader_id:
        heads = heads.exclude(~Q(person=ticket.leader_id), role=Role.LEADER)
    if own & by.roles_on(ticket.lead_unit) or not heads.exists():
        steps.remove(ExtensionStep.UNIT)
    return steps


class ExtensionDecision(models.Model):
    """One step's decision on a request: who, in whose place, what and why. Append-only.

    The database refuses who asked, who answers for the ticket, and who decided a step before.
    """

    extension = models.ForeignKey(
        Extension, models.PROTECT, related_name="decisions", verbose_name="延期申请"
    )
    ticket_version = models.PositiveIntegerField("审批后版本")
    step = models.CharField("环节", max_length=10, choices=ExtensionStep)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="审批人"
    )
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代",
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    ruling = models.CharField("决定", max_length=10, choices=Ruling)
    opinion = models.TextField("意见", blank=True)
    ground = models.CharField("依据", max_length=200, blank=True)
    due_on = models.DateField("同意延至", null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "延期审批"
        constraints = [
            models.UniqueConstraint(
                fields=["extension", "step"],
                name="extension_step_decided_once",
                violation_error_message="这一环节已经审批。",
            ),
            models.CheckConstraint(
                condition=Q(ruling__in=Ruling.values) & Q(step__in=ExtensionStep.values),
                name="extension_ruling_is_known",
                violation_error_message="没有这种决定。",
            ),
            models.CheckConstraint(
                condition=Q(ruling=Ruling.AGREE) | ~Q(opinion=""),
                name="extension_no_has_a_reason",
                violation_error_message="退回和不同意必须写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(ruling=Ruling.AGREE, due_on__isnull=False)
                | (~Q(ruling=Ruling.AGREE) & Q(due_on__isnull=True)),
                name="extension_yes_has_a_date",
                violation_error_message="同意必须写明日期。",
            ),
            models.CheckConstraint(
                condition=Q(acting_for__isnull=True) | ~Q(acting_for=F("by")),
                name="extension_acts_for_another",
                violation_error_message="不能代自己审批。",
            ),
        ]

    def __str__(self):
        return f"{self.get_step_display()}{self.get_ruling_display()}"

    @property
    def signed_by(self) -> str:
        """Who decided, and in whose place."""
        return signature(self.by, self.acting_for)
