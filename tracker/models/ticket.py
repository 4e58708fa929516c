from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from tracker import policy, workflow
from tracker.choices import Claim, DueBasis, Kind, Origin, Role, Status
from tracker.lights import Bands, Facts, Lamp
from tracker.models.amending import Amended
from tracker.models.assigning import Assigned
from tracker.models.category import Category
from tracker.models.decision import REVIEW_CHOICES, first_cycle
from tracker.models.holding import Held
from tracker.models.inspection import Inspection
from tracker.models.measure import Measure
from tracker.models.moving import Moved
from tracker.models.progress import Progress
from tracker.models.proving import Proven
from tracker.models.reporting import Reported
from tracker.models.supervision import Supervised
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.models.transition import Change, Transition
from tracker.models.unit import Unit
from tracker.workflow import Standing

if TYPE_CHECKING:
    from tracker.models.person import Membership, Person


class Ticket(Held, Moved, Reported, Proven, Amended, Assigned, Supervised):
    """One problem, followed until its unit has put it right: 反馈问题, or one that a unit found.

    A 反馈问题 stands in a bulletin; what was found besides (自查、举一反三) has none, and names the
    problem that led to it. The words and the number are locked by the database. Here are its facts
    and what follows from them. Every change is an act of a class that it inherits (`move`,
    `report`, `attach`, `amend`, `assign`, `block` and so on): each writes the ticket and its record
    in one transaction and refuses if a colleague was faster (`version`).
    """

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, related_name="tickets", verbose_name="巡视巡察"
    )
    bulletin = models.ForeignKey(
        "tracker.Bulletin",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name="通报",
    )
    origin = models.CharField(
        "问题来源", max_length=12, choices=Origin, default=Origin.FEEDBACK, editable=False
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="found_by_it",
        verbose_name="由此查出",
        help_text="由哪个问题举一反三查出。",
    )
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="登记人",
    )
    recurs = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recurred_as",
        verbose_name="屡改屡犯",
        help_text="以前已经反馈过的同一问题。",
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name="方面与大类",
    )
    serial = models.PositiveIntegerField("序号", editable=False)
    number = models.CharField("编号", max_length=24, unique=True, editable=False)
    printed_number = models.CharField("原文序号", max_length=20, blank=True)
    order = models.PositiveIntegerField("顺序", default=0)
    title = models.CharField("问题", max_length=300)
    problem = models.TextField("问题原文", help_text="通报所印的标题，锁定不改。")
    source_start = models.PositiveIntegerField("原文起", null=True, editable=False)
    source_end = models.PositiveIntegerField("原文止", null=True, editable=False)
    claim = models.CharField(
        "通报所称",
        max_length=12,
        choices=Claim,
        default=Claim.NOT_STATED,
        editable=False,
    )
    claim_quote = models.TextField("所称原话", blank=True, editable=False)

    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets_led",
        verbose_name="责任领导",
    )
    leader_text = models.CharField("责任领导（原文）", max_length=100, blank=True)
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="tickets", verbose_name="牵头单位"
    )
    lead_unit_text = models.CharField("牵头单位（原文）", max_length=100, blank=True)
    co_units = models.ManyToManyField(
        Unit, blank=True, related_name="tickets_helped", verbose_name="配合单位"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name="责任人",
    )
    person_text = models.CharField("责任人（原文）", max_length=100, blank=True)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets_reported",
        verbose_name="填报人",
        editable=False,
    )

    kind = models.CharField("整改类型", max_length=12, choices=Kind, default=Kind.TIME_LIMITED)
    due_on = models.DateField("整改时限", null=True, blank=True)
    original_due_on = models.DateField("原时限", null=True, blank=True, editable=False)
    due_basis = models.CharField(
        "时限来源", max_length=8, choices=DueBasis, default=DueBasis.DERIVED
    )
    due_reason = models.CharField(
        "超出集中整改期的理由",
        max_length=300,
        blank=True,
        help_text="完成时限晚于集中整改期满时必须写明。",
    )
    status = models.CharField("状态", max_length=12, choices=Status, default=Status.UNCLAIMED)
    review_role = models.CharField(
        "待谁审核", max_length=12, choices=REVIEW_CHOICES, blank=True, editable=False
    )
    submitted_on = models.DateField("提交日期", null=True, blank=True, editable=False)
    closed_on = models.DateField("销号日期", null=True, blank=True, editable=False)
    long_term_on = models.DateField("列入长期坚持日期", null=True, blank=True, editable=False)
    cycle_number = models.PositiveSmallIntegerField("整改轮次", default=1, editable=False)
    # Kept in step with the open Coordination by `block` and `unblock`, for lights and lists.
    is_blocked = models.BooleanField("受阻", default=False, editable=False)
    blocked_reason = models.CharField("受阻原因", max_length=300, blank=True, editable=False)
    is_restricted = models.BooleanField("限定知悉", default=False, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["inspection", "order", "pk"]
        verbose_name = verbose_name_plural = "问题"
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "serial"],
                condition=Q(origin=Origin.FEEDBACK),
                name="ticket_serial_once",
                violation_error_message="这次巡视巡察已有这一序号。",
            ),
            models.UniqueConstraint(
                fields=["inspection", "serial"],
                condition=~Q(origin=Origin.FEEDBACK),
                name="ticket_found_serial_once",
                violation_error_message="这次巡视巡察已有这一自查序号。",
            ),
            models.CheckConstraint(
                condition=Q(origin__in=Origin.values),
                name="ticket_origin_is_known",
                violation_error_message="没有这种问题来源。",
            ),
            models.CheckConstraint(
                condition=~Q(origin=Origin.FEEDBACK)
                | Q(bulletin__isnull=False, parent__isnull=True),
                name="ticket_fed_back_has_bulletin",
                violation_error_message="反馈问题必须有通报。",
            ),
            models.CheckConstraint(
                condition=~Q(origin__in=[Origin.SELF, Origin.SIMILAR])
                | Q(bulletin__isnull=True, parent__isnull=False, found_by__isnull=False),
                name="ticket_found_has_parent",
                violation_error_message="自查问题必须写明由哪个问题查出、由谁登记，并且没有通报。",
            ),
            models.CheckConstraint(
                condition=Q(recurs__isnull=True) | ~Q(recurs=F("pk")),
                name="ticket_recurs_another",
                violation_error_message="不能指向问题自己。",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.CLOSED, closed_on__isnull=False)
                | (~Q(status=Status.CLOSED) & Q(closed_on__isnull=True)),
                name="ticket_closed_on_iff_closed",
                violation_error_message="已销号的问题必须有销号日期，未销号的不能有。",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.SUBMITTED, review_role__in=policy.REVIEWERS)
                | (~Q(status=Status.SUBMITTED) & Q(review_role="")),
                name="ticket_review_role_iff_waiting",
                violation_error_message="待审核的问题必须写明待哪一级审核，其他状态不能有。",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[Status.SUBMITTED, Status.CLOSED], submitted_on__isnull=False
                )
                | (~Q(status__in=[Status.SUBMITTED, Status.CLOSED]) & Q(submitted_on__isnull=True)),
                name="ticket_submitted_on_is_kept",
                violation_error_message="待审核和已销号的问题必须有提交日期，其他状态不能有。",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.CLOSED) | Q(long_term_on__isnull=True),
                name="ticket_long_term_once_closed",
                violation_error_message="销号后才能列入长期坚持。",
            ),
            models.CheckConstraint(
                condition=Q(cycle_number__gte=1),
                name="ticket_cycle_counts_from_one",
                violation_error_message="整改轮次从1数起。",
            ),
            models.CheckConstraint(
                condition=Q(is_blocked=False) | ~Q(blocked_reason=""),
                name="ticket_blocked_has_reason",
                violation_error_message="标记受阻必须写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="ticket_status_is_known",
                violation_error_message="没有这种状态。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values),
                name="ticket_kind_is_known",
                violation_error_message="没有这种整改类型。",
            ),
            models.CheckConstraint(
                condition=Q(claim=Claim.NOT_STATED) | ~Q(claim_quote=""),
                name="ticket_claim_has_quote",
                violation_error_message="通报所称必须附原话。",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(problem=""),
                name="ticket_has_a_problem",
                violation_error_message="问题不能为空。",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True, original_due_on__isnull=True)
                | Q(due_on__isnull=False, original_due_on__isnull=False),
                name="ticket_original_due_is_kept",
                violation_error_message="有时限的问题必须留有原时限。",
            ),
            models.CheckConstraint(
                condition=Q(source_start__isnull=True, source_end__isnull=True)
                | Q(source_end__gt=F("source_start")),
                name="ticket_span_in_order",
                violation_error_message="原文位置的止必须大于起。",
            ),
        ]
        indexes = [
            models.Index(fields=["inspection", "order"], name="ticket_by_inspection"),
            models.Index(fields=["lead_unit", "status"], name="ticket_by_unit_status"),
            models.Index(fields=["status", "due_on"], name="ticket_by_status_due"),
            models.Index(fields=["person", "status"], name="ticket_by_person_status"),
            models.Index(fields=["reporter", "status"], name="ticket_by_reporter_status"),
        ]

    def __str__(self):
        return f"{self.printed_number or self.number}　{self.title}"

    def save(self, *args, **kwargs):
        """Open the first cycle of a ticket that comes in."""
        with transaction.atomic():
            is_new = self._state.adding
            super().save(*args, **kwargs)
            if is_new:
                first_cycle(self, timezone.localdate(self.created_at))

    # -- what follows from the stored facts ---------------------------------------------------

    @property
    def audit_name(self) -> str:
        """What the auditor reads of it, who sees no business: its number, and none of its words."""
        return self.number

    @property
    def leader_name(self) -> str:
        """The responsible leader: the registered person, else the name as printed."""
        return self.leader.name if self.leader else self.leader_text

    @property
    def person_name(self) -> str:
        """The person responsible: the registered person, else the name as printed."""
        return self.person.name if self.person else self.person_text

    @property
    def review_level(self) -> str:
        """The level whose review it waits for, in words; empty unless submitted."""
        return workflow.LEVELS[Role(self.review_role)] if self.review_role else ""

    @property
    def due_was_moved(self) -> bool:
        return self.due_on != self.original_due_on

    @property
    def is_open(self) -> bool:
        return self.status != Status.CLOSED

    def finished_measures(self) -> list[Measure]:
        return [measure for measure in self.measures.all() if measure.done_on]

    @property
    def left_unproved(self) -> str:
        """What a submission leaves open, as that of a bulletin's own claim may; two queries."""
        unfinished = _named(each for each in self.measures.all() if not each.done_on)
        open_points = [f"{unfinished}未完成"] if unfinished else []
        if not self.evidence.filter(is_key=True).exists():
            open_points.append("没有关键佐证")
        return "；".join(open_points)

    def facts(self, last_word_on: date | None = None) -> Facts:
        """What decides the light; without its last word a ticket is never 久未更新."""
        return Facts(
            status=self.status,
            is_blocked=self.is_blocked,
            due_on=self.due_on,
            kind=self.kind,
            is_kept=self.long_term_on is not None,
            judged_on=self.submitted_on if self.status == Status.SUBMITTED else None,
            last_word_on=last_word_on,
        )

    def last_word_on(self, records: "Iterable[Progress | Transition | Change]") -> date:
        """The day of the last report of the unit among these, or of entering work if later."""
        words = [
            record.at
            for record in records
            if (isinstance(record, Progress) and record.bulletin_id is None)
            or (isinstance(record, Transition) and record.target in workflow.IN_WORK)
        ]
        return timezone.localdate(max([self.created_at, *words]))

    def lamp(self, on: date, bands: Bands) -> Lamp:
        """Judge this ticket alone (two queries); lists ask `with_light`."""
        records = [*self.progress.all(), *self.transitions.all()]
        return bands.judge(self.facts(self.last_word_on(records)), on)

    def is_answered_for_by(self, person: "Person") -> bool:
        """Whether this is the person responsible, registered or by the name that is printed."""
        if self.person_id:
            return self.person_id == person.pk
        return bool(self.person_text) and self.person_text == person.name

    def review_duty_of(self, person: "Person") -> "Membership | None":
        """The duty by which this person reviews at the present level, their own or a lent one."""
        return person.capacity_on(self.lead_unit, {self.review_role}, self.leader_id)

    def standing_of(self, person: "Person") -> Standing:
        """What decides which moves are open to this person (six small queries)."""
        # What a bulletin says is no report of the unit, and what was returned does not hold.
        reported = self.progress.that_hold()
        entered_work = self.transitions.filter(target__in=workflow.IN_WORK).order_by("-pk").first()
        if entered_work:
            reported = reported.filter(ticket_version__gt=entered_work.ticket_version)
        sheet = self.signoffs.select_related("submitter").first()
        round = self.inspection.round
        duty = self.review_duty_of(person)
        # Who decides in another's place must be free of that person's part in the ticket as well.
        parties = {person, duty.person} if duty else {person}
        return Standing(
            status=Status(self.status),
            roles=person.roles_on(self.lead_unit),
            lent=person.lent_roles_on(self.lead_unit),
            acting_for=duty.person.name if duty and duty.person_id != person.pk else "",
            levels=round.levels,
            review_role=self.review_role,
            helps=not self.is_restricted
            and policy.may(person.roles_on(*self.co_units.all()), "report"),
            is_submitter=sheet is not None and sheet.submitter in parties,
            is_responsible=any(self.is_answered_for_by(each) for each in parties),
            has_reviewed=sheet is not None
            and sheet.opinions.filter(Q(by__in=parties) | Q(acting_for__in=parties)).exists(),
            leader=self.leader.name if self.leader_id and not duty else "",
            reported=reported.exists(),
            unfinished=_named(each for each in self.measures.all() if not each.done_on),
            has_key_evidence=self.evidence.filter(is_key=True).exists(),
            plan_is_missing=round.plan_first
            and self.origin == Origin.FEEDBACK
            and not self.inspection.plan_is_approved,
            is_kept=self.long_term_on is not None,
            is_blocked=self.is_blocked,
        )


def _named(measures: Iterable[Measure]) -> str:
    """措施一、三: how people name several measures at once."""
    numbers = [measure.number or str(measure.order) for measure in measures]
    return f"措施{'、'.join(numbers)}" if numbers else ""
