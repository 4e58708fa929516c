from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from tracker.choices import ReportResult
from tracker.models.of_ticket import OfTicketQuerySet
from tracker.periods import Period, period_from_key

if TYPE_CHECKING:
    from tracker.models.person import Person
    from tracker.models.ticket import Ticket


class ProgressQuerySet(OfTicketQuerySet):
    def own(self) -> Self:
        """Reports of the unit; what a later bulletin says of the ticket is none."""
        return self.filter(bulletin=None)

    def that_hold(self) -> Self:
        """Reports that hold: neither returned nor replaced by a correction."""
        returned = Verdict.objects.filter(progress=OuterRef("pk"), result=ReportResult.RETURNED)
        corrections = Progress.objects.filter(corrects=OuterRef("pk"))
        return self.own().filter(~Exists(returned), ~Exists(corrections))

    def to_redo(self) -> Self:
        """Reports that were returned and that nobody has made good yet."""
        returned = Verdict.objects.filter(progress=OuterRef("pk"), result=ReportResult.RETURNED)
        corrections = Progress.objects.filter(corrects=OuterRef("pk"))
        return self.filter(Exists(returned), ~Exists(corrections))


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
    period_key = models.CharField(
        "反馈期",
        max_length=10,
        blank=True,
        help_text="空则不计入任何一期：通报所写，或早先的记录。",
    )
    text = models.TextField("进展")
    unchanged_why = models.CharField(
        "与上期相同的原因",
        max_length=300,
        blank=True,
        help_text="填写后，进展、困难和下一步沿用上期的文字。",
    )
    difficulty = models.TextField("困难", blank=True)
    next_step = models.TextField("下一步", blank=True)
    forecast_on = models.DateField("预计完成", null=True, blank=True)
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
    # One correction each: who corrects a corrected one corrects its correction.
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
        verbose_name="更正的填报",
    )

    objects = ProgressQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=Q(bulletin__isnull=True) | Q(period_key="", corrects__isnull=True),
                name="progress_of_bulletin_no_period",
                violation_error_message="通报所写的进展不计入反馈期，也不更正填报。",
            ),
        ]
        indexes = [
            models.Index(fields=["ticket", "-id"], name="progress_latest_first"),
            models.Index(fields=["ticket", "period_key"], name="progress_by_period"),
            # For 久未更新: which tickets were reported on since a day, without reading a report.
            models.Index(fields=["at", "bulletin", "ticket"], name="progress_heard_since"),
        ]

    def __str__(self):
        return self.text[:30]

    @property
    def period(self) -> Period | None:
        return period_from_key(self.period_key) if self.period_key else None

    @property
    def verdict(self) -> "Verdict | None":
        """The last word on it; the verdicts must be prefetched, they are one or two."""
        return max(self.verdicts.all(), key=lambda each: each.pk, default=None)


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


class Verdict(models.Model):
    """进展审阅: a report was accepted, or returned with the reason. Append-only.

    One that was accepted may still be returned later, and never the other way round: a returned
    report is made good by a new one.
    """

    progress = models.ForeignKey(
        Progress, models.PROTECT, related_name="verdicts", verbose_name="进展"
    )
    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, related_name="verdicts", verbose_name="问题"
    )
    ticket_version = models.PositiveIntegerField("审阅后版本")
    result = models.CharField("结果", max_length=10, choices=ReportResult)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="审阅人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    reason = models.TextField("意见", blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "进展审阅"
        constraints = [
            models.UniqueConstraint(
                fields=["progress", "result"],
                name="verdict_once_per_result",
                violation_error_message="这次填报已有这一审阅结果。",
            ),
            models.UniqueConstraint(
                fields=["ticket", "ticket_version"], name="verdict_once_per_version"
            ),
            models.CheckConstraint(
                condition=Q(result__in=ReportResult.values), name="verdict_result_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(result=ReportResult.RETURNED) | ~Q(reason=""),
                name="verdict_return_has_a_reason",
                violation_error_message="退回进展必须写明原因。",
            ),
        ]

    def __str__(self):
        return f"{self.get_result_display()} {self.at:%Y-%m-%d}"


class ReportDraftQuerySet(models.QuerySet["ReportDraft"]):
    def of(self, ticket: "Ticket", person: "Person") -> "ReportDraft | None":
        return self.filter(ticket=ticket, person=person).first()

    def keep(
        self, ticket: "Ticket", person: "Person", typed: dict[str, list[str]], *, version: int
    ) -> "ReportDraft | None":
        """Keep what a person has typed so far; None once it was sent.

        `version` is the ticket's when the form was opened. A late copy of a form that has been
        sent meanwhile must not come back as a draft.
        """
        if ticket.progress.filter(by=person, ticket_version__gt=version).exists():
            return None
        draft, _ = self.update_or_create(ticket=ticket, person=person, defaults={"typed": typed})
        return draft

    def add_words(self, ticket: "Ticket", person: "Person", words: str) -> "ReportDraft":
        """Put these words below what the person has typed of the report so far."""
        draft = self.of(ticket, person) or ReportDraft(ticket=ticket, person=person)
        said = "\n".join(filter(None, [*draft.typed.get("text", []), words]))
        draft.typed = {**draft.typed, "text": [said]}
        draft.save()
        return draft


class ReportDraft(models.Model):
    """暂存: what one person has typed into the report of one ticket and not sent yet.

    It is nobody's record: only its author sees it, and it goes with the report.
    """

    ticket = models.ForeignKey(
        "tracker.Ticket", models.CASCADE, related_name="report_drafts", verbose_name="问题"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="report_drafts",
        verbose_name="填写人",
    )
    typed = models.JSONField("已填内容", default=dict)
    saved_at = models.DateTimeField("暂存时间", auto_now=True)

    objects = ReportDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        verbose_name = verbose_name_plural = "暂存的填报"
        constraints = [
            models.UniqueConstraint(fields=["ticket", "person"], name="report_draft_once")
        ]

    def __str__(self):
        return f"{self.person} {self.saved_at:%Y-%m-%d %H:%M}"
