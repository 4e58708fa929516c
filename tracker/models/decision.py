"""What was decided on a ticket: its cycles, the sign-off sheet of each submission, the opinions."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Prefetch, Q

from tracker import policy
from tracker.choices import CheckingWay, CheckItem, ReopenGround, Role
from tracker.models.of_ticket import OfTicketQuerySet
from tracker.workflow import LEVELS

if TYPE_CHECKING:
    pass

REVIEW_CHOICES = [(role.value, label) for role, label in LEVELS.items()]


class Cycle(models.Model):
    """整改轮次: a ticket's way from its opening, or reopening, to its closing.

    Of an earlier cycle nothing ever changes; of the open one only the day of its closing is set.
    """

    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, related_name="cycles", verbose_name="问题"
    )
    number = models.PositiveSmallIntegerField("轮次", default=1)
    opened_on = models.DateField("开始日期")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="开始人"
    )
    ground = models.CharField("重启依据", max_length=16, choices=ReopenGround, blank=True)
    reason = models.TextField("重启原因", blank=True)
    due_on = models.DateField("首个时限", null=True)
    submitted_on = models.DateField("提交日期", null=True)
    closed_on = models.DateField("销号日期", null=True)

    class Meta:
        ordering = ["ticket", "number"]
        verbose_name = verbose_name_plural = "整改轮次"
        constraints = [
            models.UniqueConstraint(fields=["ticket", "number"], name="cycle_number_once"),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(closed_on__isnull=True), name="cycle_one_is_open"
            ),
            models.CheckConstraint(
                condition=Q(number=1, ground="", reason="")
                | (Q(number__gt=1, ground__in=ReopenGround.values) & ~Q(reason="")),
                name="cycle_reopened_with_ground",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, submitted_on__isnull=True)
                | Q(closed_on__isnull=False, submitted_on__isnull=False),
                name="cycle_closed_once_submitted",
            ),
        ]

    def __str__(self):
        return f"第{self.number}轮"


class SignOffQuerySet(OfTicketQuerySet):
    def for_card(self) -> Self:
        """Fetch in two queries what a list of sheets shows, the newest first."""
        return self.select_related("submitter", "cycle").prefetch_related(
            Prefetch("opinions", Opinion.objects.select_related("by", "acting_for"))
        )


class SignOff(models.Model):
    """对账销号单: one submission with its effect statement and acceptance checklist. Append-only.

    `explained` holds a reason for each item of the checklist that is not a plain yes, `files` what
    evidence was on record, with its digests; None on a sheet from before they were kept. The
    import of a bulletin that claims a problem done makes such a sheet too, under the operator's
    name.
    """

    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, related_name="signoffs", verbose_name="问题"
    )
    ticket_version = models.PositiveIntegerField("提交后版本")
    cycle = models.ForeignKey(
        Cycle, models.PROTECT, related_name="signoffs", verbose_name="整改轮次"
    )
    number = models.PositiveSmallIntegerField("第几次提交")
    submitter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提交人"
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="责任人",
    )
    at = models.DateTimeField("提交时间", auto_now_add=True)
    result = models.TextField("整改成效")
    explained = models.JSONField("验收说明", default=dict, blank=True)
    files = models.JSONField("提交时的佐证", null=True, blank=True, editable=False)

    objects = SignOffQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "对账销号单"
        constraints = [
            models.UniqueConstraint(fields=["ticket", "number"], name="signoff_number_once"),
            models.UniqueConstraint(
                fields=["ticket", "ticket_version"], name="signoff_once_per_version"
            ),
            models.CheckConstraint(
                condition=Q(responsible__isnull=True) | ~Q(submitter=F("responsible")),
                name="signoff_not_by_responsible",
                violation_error_message="提交人和责任人不能是同一人。",
            ),
            models.CheckConstraint(
                condition=~Q(result=""),
                name="signoff_has_result",
                violation_error_message="请填写整改成效。",
            ),
        ]

    def __str__(self):
        return f"{self.ticket}　第{self.number}次提交"

    @property
    def by_import(self) -> bool:
        """Whether a bulletin claimed it done, rather than a unit handing it in."""
        return self.number == 1 and self.result == self.ticket.claim_quote

    @property
    def checklist(self) -> list[tuple[CheckItem, str]]:
        """Every item with its explanation, empty where it is a plain yes."""
        return [(item, self.explained.get(item, "")) for item in CheckItem]


class Opinion(models.Model):
    """审核意见: what one level of review said of a submission. Append-only.

    The people of the sheet are copied, so that the database itself can refuse to let the same
    person submit, answer and approve. `acting_for` names the approver whom a substitute stood in
    for; who decided is always `by`.
    """

    signoff = models.ForeignKey(
        SignOff, models.PROTECT, related_name="opinions", verbose_name="对账销号单"
    )
    ticket_version = models.PositiveIntegerField("办理后版本")
    level = models.CharField("审核级次", max_length=12, choices=REVIEW_CHOICES)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="审核人"
    )
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="代理谁",
    )
    submitter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提交人"
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="责任人",
    )
    is_approval = models.BooleanField("通过")
    text = models.TextField("意见")
    way = models.CharField("核查方式", max_length=12, choices=CheckingWay)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "审核意见"
        constraints = [
            models.UniqueConstraint(fields=["signoff", "by"], name="opinion_once_per_person"),
            models.UniqueConstraint(fields=["signoff", "level"], name="opinion_once_per_level"),
            models.CheckConstraint(
                condition=~Q(by=F("submitter"))
                & (Q(acting_for__isnull=True) | ~Q(acting_for=F("submitter"))),
                name="opinion_not_by_submitter",
                violation_error_message="提交人不能审核自己提交的问题。",
            ),
            models.CheckConstraint(
                condition=Q(responsible__isnull=True)
                | (
                    ~Q(by=F("responsible"))
                    & (Q(acting_for__isnull=True) | ~Q(acting_for=F("responsible")))
                ),
                name="opinion_not_by_responsible",
                violation_error_message="责任人不能审核自己负责的问题。",
            ),
            models.CheckConstraint(
                condition=Q(acting_for__isnull=True) | ~Q(acting_for=F("by")),
                name="opinion_acts_for_another",
                violation_error_message="不能代理自己。",
            ),
            models.CheckConstraint(
                condition=Q(level__in=policy.REVIEWERS) & Q(way__in=CheckingWay.values),
                name="opinion_level_is_known",
                violation_error_message="没有这种审核级次或核查方式。",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="opinion_has_words",
                violation_error_message="请填写审核意见。",
            ),
        ]

    def __str__(self):
        return f"{self.get_level_display()}：{self.verdict}"

    @property
    def verdict(self) -> str:
        return "通过" if self.is_approval else "退回"

    @property
    def role(self) -> Role:
        return Role(self.level)


def first_cycle(ticket, opened_on: date) -> Cycle:
    """Open the first cycle of a ticket that has just come in."""
    return Cycle.objects.create(
        ticket=ticket,
        opened_on=opened_on,
        opened_by_id=ticket.bulletin.imported_by_id if ticket.bulletin else ticket.found_by_id,
        due_on=ticket.original_due_on,
        submitted_on=ticket.closed_on and ticket.submitted_on,
        closed_on=ticket.closed_on,
    )
