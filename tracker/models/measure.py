from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from tracker.choices import Light
from tracker.lights import Bands, Lamp


class Measure(models.Model):
    """整改措施: one step by which a problem is put right."""

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

    class Meta:
        ordering = ["ticket", "order"]
        verbose_name = verbose_name_plural = "整改措施"
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "order"],
                name="measure_order_once_per_ticket",
                violation_error_message="该问题已有这一顺序的措施。",
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
