from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q


class Progress(models.Model):
    """进展填报: what a unit reported. Append-only: a correction is a new report."""

    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, related_name="progress", verbose_name="问题"
    )
    ticket_version = models.PositiveIntegerField("填报后版本")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="填报人",
    )
    at = models.DateTimeField("填报时间", auto_now_add=True)
    text = models.TextField("进展")
    bulletin = models.ForeignKey(
        "tracker.Bulletin",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="progress",
        verbose_name="通报",
        help_text="进展取自这份通报；空则为单位填报。",
    )
    percent = models.PositiveSmallIntegerField(
        "完成比例（%）", null=True, blank=True, validators=[MaxValueValidator(100)]
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "进展"
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="progress_has_text",
                violation_error_message="请填写进展。",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__lte=100),
                name="progress_percent_in_range",
                violation_error_message="完成比例应为0至100。",
            ),
            models.UniqueConstraint(
                fields=["ticket", "ticket_version"], name="progress_once_per_version"
            ),
        ]
        indexes = [models.Index(fields=["ticket", "-id"], name="progress_latest_first")]

    def __str__(self):
        return self.text[:30]


class Figure(models.Model):
    """An indicator's new figures in one progress report, beside the old ones. Append-only."""

    progress = models.ForeignKey(Progress, models.PROTECT, related_name="figures")
    indicator = models.ForeignKey(
        "tracker.Indicator", models.PROTECT, related_name="figures", verbose_name="指标"
    )
    old_done = models.DecimalField("原已完成", max_digits=16, decimal_places=2, null=True)
    done = models.DecimalField("已完成", max_digits=16, decimal_places=2, null=True)
    old_total = models.DecimalField("原总数", max_digits=16, decimal_places=2, null=True)
    total = models.DecimalField("总数", max_digits=16, decimal_places=2, null=True)

    class Meta:
        ordering = ["progress", "pk"]
        verbose_name = verbose_name_plural = "指标数"
        constraints = [
            models.UniqueConstraint(
                fields=["progress", "indicator"],
                name="figure_once_per_report",
                violation_error_message="同一次填报中一个指标只能报一次。",
            )
        ]

    def __str__(self):
        return f"{self.indicator}：{self.done}"
