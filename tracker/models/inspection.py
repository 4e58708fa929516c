from datetime import date
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q

from tracker.choices import InspectionKind, ReportingPeriod
from tracker.lights import Bands
from tracker.models.holiday import Holiday
from tracker.models.unit import Unit
from tracker.worktime import add_months

if TYPE_CHECKING:
    from tracker.models.person import Person


class RoundQuerySet(models.QuerySet["Round"]):
    def warn_until(self, on: date) -> dict[int, date]:
        """For each round, by key, the last deadline that still warns on this day (two queries)."""
        calendar = Holiday.objects.calendar()
        return {item.pk: item.bands.warn_until(on, calendar) for item in self}


class Round(models.Model):
    """轮次: the settings that the inspections of one round share.

    No regulation that we could read fixes the months for every level, so they are settings.
    """

    name = models.CharField("轮次", max_length=100, unique=True)
    focus_months = models.PositiveSmallIntegerField(
        "集中整改期（月）",
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="通报没有写明时限的问题，从反馈之日起按这个月数推定。",
    )
    warn_days = models.PositiveSmallIntegerField(
        "临期提前天数", default=5, validators=[MaxValueValidator(365)]
    )
    warn_in_workdays = models.BooleanField("临期按工作日计", default=True)
    review_levels = models.PositiveSmallIntegerField(
        "审核级数", default=1, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    reporting_period = models.CharField(
        "反馈周期",
        max_length=12,
        choices=ReportingPeriod,
        default=ReportingPeriod.HALF_MONTH,
        help_text="在办问题每期填报一次进展。",
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "轮次"
        constraints = [
            models.CheckConstraint(
                condition=Q(focus_months__gte=1, focus_months__lte=60),
                name="round_focus_months_in_range",
                violation_error_message="集中整改期应为1至60个月。",
            ),
            models.CheckConstraint(
                condition=Q(review_levels__gte=1, review_levels__lte=5),
                name="round_review_levels_in_range",
                violation_error_message="审核级数应为1至5。",
            ),
            models.CheckConstraint(
                condition=Q(reporting_period__in=ReportingPeriod.values),
                name="round_period_is_known",
                violation_error_message="没有这种反馈周期。",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def bands(self) -> Bands:
        return Bands(self.warn_days, self.warn_in_workdays)


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, person: "Person") -> Self:
        """The inspections that hold at least one ticket this person may see.

        A supervisor or operator also sees an inspection of their units that has no ticket yet.
        """
        from tracker.models.ticket import Ticket

        tickets = Ticket.objects.visible_to(person)
        return self.filter(
            Q(unit__in=Unit.objects.in_reach_of(person)) | Q(pk__in=tickets.values("inspection"))
        )


class Inspection(models.Model):
    """One inspection of one unit, whose feedback is to be put right."""

    # Null only between the two statements of `save`: a blank could not be unique.
    code = models.CharField("编号", max_length=20, unique=True, editable=False, null=True)  # noqa: DJ001
    round = models.ForeignKey(
        Round, models.PROTECT, related_name="inspections", verbose_name="轮次"
    )
    kind = models.CharField("类型", max_length=12, choices=InspectionKind)
    inspecting_body = models.CharField("巡视巡察机构", max_length=100)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="inspections", verbose_name="被巡察单位"
    )
    unit_text = models.CharField("被巡察单位（原文）", max_length=200, blank=True)
    chief_text = models.CharField("第一责任人", max_length=50, blank=True)
    started_on = models.DateField("进驻日期", null=True, blank=True)
    ended_on = models.DateField("结束日期", null=True, blank=True)
    feedback_on = models.DateField("反馈日期")
    phone = models.CharField("电话", max_length=50, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    postcode = models.CharField("邮编", max_length=10, blank=True)
    email = models.CharField("电子邮箱", max_length=100, blank=True)
    stated_aspects = models.PositiveIntegerField("文中称方面数", null=True, blank=True)
    stated_categories = models.PositiveIntegerField("文中称大类数", null=True, blank=True)
    stated_problems = models.PositiveIntegerField("文中称问题数", null=True, blank=True)
    stated_measures = models.PositiveIntegerField("文中称措施数", null=True, blank=True)
    last_serial = models.PositiveIntegerField("已用序号", default=0, editable=False)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ["-feedback_on", "-pk"]
        verbose_name = verbose_name_plural = "巡视巡察"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "inspecting_body", "feedback_on"],
                name="inspection_once",
                violation_error_message="这次巡视巡察已经登记。",
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True)
                | Q(ended_on__isnull=True)
                | Q(ended_on__gte=F("started_on")),
                name="inspection_ends_after_start",
                violation_error_message="结束日期不能早于进驻日期。",
            ),
        ]

    def __str__(self):
        return (
            f"{self.inspecting_body}{self.get_kind_display()}{self.unit}（{self.feedback_on.year}）"
        )

    def save(self, *args, **kwargs):
        """Give a new inspection its code: the year of feedback and its own key, never reused."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            if not self.code:
                self.code = f"{self.feedback_on.year}-{self.pk:02d}"
                Inspection.objects.filter(pk=self.pk).update(code=self.code)

    @property
    def focus_ends_on(self) -> date:
        """The end of the focused rectification (集中整改期), counted from the feedback."""
        return add_months(self.feedback_on, self.round.focus_months)

    def take_serials(self, count: int) -> range:
        """Reserve the next ticket numbers; call inside the transaction that uses them.

        The update locks the row, so two imports at once cannot get the same number.
        """
        Inspection.objects.filter(pk=self.pk).update(last_serial=F("last_serial") + count)
        self.refresh_from_db(fields=["last_serial"])
        return range(self.last_serial - count + 1, self.last_serial + 1)
