from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tracker.choices import Light
from tracker.lights import Bands, Lamp


class MeasuresInForce(models.Manager["Measure"]):
    """Leaves out what was taken from the plan, so that no page, count or total meets it."""

    def get_queryset(self):
        return super().get_queryset().filter(dropped_on=None)


class Measure(models.Model):
    """整改措施: one step by which a problem is put right.

    What a bulletin printed stays as printed; what people add to the plan says who added it.
    A measure is never deleted: taken from the plan it leaves `objects`, and `ever` still has it.
    """

    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, related_name="measures", verbose_name="问题"
    )
    order = models.PositiveSmallIntegerField("顺序")
    number = models.CharField("序号", max_length=10, blank=True, help_text="如“一”；原文没有则空。")
    text = models.TextField("措施")
    due_on = models.DateField("完成时限", null=True, blank=True, help_text="空则随问题的时限。")
    done_on = models.DateField("完成日期", null=True, blank=True)
    source_start = models.PositiveIntegerField("原文起", null=True, editable=False)
    source_end = models.PositiveIntegerField("原文止", null=True, editable=False)
    goal = models.CharField("目标（标准）", max_length=500, blank=True)
    unit = models.ForeignKey(
        "tracker.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name="责任部门",
        help_text="空则为问题的牵头单位。",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name="责任人",
        help_text="空则为问题的责任人。",
    )
    starts_on = models.DateField("开始日期", null=True, blank=True)
    printed = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="planned_as",
        verbose_name="对应的通报措施",
        help_text="这条措施在通报里的写法；通报没有写的不选。",
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="编制人",
    )
    dropped_on = models.DateField("撤下日期", null=True, blank=True, editable=False)

    ever = models.Manager()
    objects = MeasuresInForce()

    class Meta:
        ordering = ["ticket", "order"]
        default_manager_name = "objects"
        verbose_name = verbose_name_plural = "整改措施"
        indexes = [
            # Those with a deadline of their own that is not met are few.
            models.Index(
                fields=["due_on", "ticket"],
                condition=Q(done_on=None, dropped_on=None),
                name="measure_unfinished_by_due",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "order"],
                condition=Q(dropped_on=None),
                name="measure_order_once_per_ticket",
                violation_error_message="该问题已有这一顺序的措施。",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(due_on__isnull=True)
                | Q(due_on__gte=F("starts_on")),
                name="measure_ends_after_start",
                violation_error_message="完成时限不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="measure_has_text",
                violation_error_message="请写明措施。",
            ),
            models.CheckConstraint(
                condition=Q(dropped_on__isnull=True) | Q(added_by__isnull=False),
                name="measure_printed_is_kept",
                violation_error_message="通报所印的措施不能撤下。",
            ),
            models.CheckConstraint(
                condition=Q(source_start__isnull=True, source_end__isnull=True)
                | Q(source_end__gt=F("source_start")),
                name="measure_span_in_order",
                violation_error_message="原文位置的止必须大于起。",
            ),
        ]

    def __str__(self):
        return f"{self.number}　{self.text[:30]}" if self.number else self.text[:30]

    def lamp(self, on: date, bands: Bands, last_word_on: date | None = None) -> Lamp:
        """The lamp of its ticket, judged by its own deadline; a finished measure is done."""
        if self.done_on:
            return bands[Light.DONE]
        facts = replace(self.ticket.facts(last_word_on), due_on=self.due_on or self.ticket.due_on)
        return bands.judge(facts, on)

    @property
    def label(self) -> str:
        """How people name it: 措施二, or 措施 where the bulletin gives no number."""
        return f"措施{self.number}"

    @property
    def is_printed(self) -> bool:
        """True for what a bulletin printed: its words are locked."""
        return self.added_by_id is None


class Milestone(models.Model):
    """节点: what must be reached on the way to the deadline of a measure."""

    measure = models.ForeignKey(
        Measure, models.CASCADE, related_name="milestones", verbose_name="措施"
    )
    title = models.CharField("节点", max_length=100)
    due_on = models.DateField("应到日期")
    done_on = models.DateField("到达日期", null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = verbose_name_plural = "节点"
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""),
                name="milestone_has_a_title",
                violation_error_message="请写明节点。",
            ),
        ]

    def __str__(self):
        return self.title

    def is_late(self, on: date) -> bool:
        return self.done_on is None and self.due_on < on


class Indicator(models.Model):
    """量化指标: so many done of so many. The total may be unknown, the rate may pass 100 %."""

    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, related_name="indicators", verbose_name="问题"
    )
    measure = models.ForeignKey(
        Measure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name="措施",
    )
    label = models.CharField("指标", max_length=100)
    unit = models.CharField("计量单位", max_length=20, blank=True)
    total = models.DecimalField("总数", max_digits=16, decimal_places=2, null=True, blank=True)
    done = models.DecimalField("已完成", max_digits=16, decimal_places=2, null=True, blank=True)
    stated_rate = models.DecimalField(
        "原文百分比", max_digits=8, decimal_places=2, null=True, blank=True
    )
    quote = models.CharField("原文", max_length=300, blank=True)
    # The words it was read from; empty for what people have added.
    finding = models.OneToOneField(
        "tracker.Finding", models.PROTECT, null=True, blank=True, related_name="indicator"
    )

    class Meta:
        ordering = ["ticket", "pk"]
        verbose_name = verbose_name_plural = "量化指标"
        constraints = [
            models.CheckConstraint(
                condition=(Q(total__isnull=True) | Q(total__gte=0))
                & (Q(done__isnull=True) | Q(done__gte=0))
                & (Q(stated_rate__isnull=True) | Q(stated_rate__gte=0)),
                name="indicator_is_not_negative",
                violation_error_message="指标不能为负数。",
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=False)
                | Q(done__isnull=False)
                | Q(stated_rate__isnull=False),
                name="indicator_has_a_figure",
                violation_error_message="指标至少要有总数、已完成数或百分比之一。",
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def rate(self) -> Decimal | None:
        """Per cent done, not clamped; what the text stated where it cannot be worked out."""
        if self.total and self.done is not None:
            return self.done * 100 / self.total
        return self.stated_rate

    @property
    def left(self) -> Decimal | None:
        """How much is left; none if the total is unknown, nought once it is passed."""
        if self.total is None or self.done is None:
            return None
        return max(self.total - self.done, Decimal(0))
