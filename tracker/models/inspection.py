from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.functional import cached_property

from tracker import policy
from tracker.choices import (
    Colour,
    Condition,
    ExtensionStep,
    InspectionKind,
    Light,
    PlanStatus,
    ReportingPeriod,
    Role,
    Shape,
)
from tracker.lights import PERIOD_DAYS, PRESETS, Bands, Lamp
from tracker.models.holiday import Holiday
from tracker.models.unit import Unit
from tracker.supervision import Pause
from tracker.worktime import WorkCalendar, add_months

if TYPE_CHECKING:
    from tracker.models.person import Person


# Every choice of one to five levels, in their order: what the database lets a round hold.
REVIEW_ROLES = [
    ",".join(chosen)
    for count in range(1, len(policy.REVIEWERS) + 1)
    for chosen in combinations([role.value for role in policy.REVIEWERS], count)
]
# Who may be set to approve plans.
PLAN_APPROVERS = tuple(role for role in Role if role in policy.ALLOWED["approve_plan"])
# The unit's own consent may come first; somebody above it always decides.
EXTENSION_STEPS = [
    ",".join(first + chosen)
    for first in ((), (ExtensionStep.UNIT.value,))
    for count in range(1, len(ExtensionStep))
    for chosen in combinations([step.value for step in ExtensionStep][1:], count)
]


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, person: "Person") -> Self:
        """The rounds of the inspections that this person may see."""
        return self.filter(pk__in=Inspection.objects.visible_to(person).values("round"))

    def lamps(self) -> dict[int, tuple[Lamp, ...]]:
        """For each round, by key, its lamps in their order (one query)."""
        lamps: dict[int, tuple[Lamp, ...]] = {}
        for band in Band.objects.filter(round__in=self.values("pk")).select_related("round"):
            lamps[band.round_id] = (*lamps.get(band.round_id, ()), band.lamp)
        return lamps

    def bands(self, calendar: WorkCalendar | None = None) -> dict[int, Bands]:
        """For each round, by key, its lamps with the calendar (two queries, or one given it)."""
        calendar = calendar or Holiday.objects.calendar()
        return {pk: Bands(lamps, calendar) for pk, lamps in self.lamps().items()}


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
    review_roles = models.CharField(
        "审核级次",
        max_length=60,
        default=Role.OFFICE,
        help_text="提交销号后逐级审核，最后一级确认销号。至少一级。",
    )
    extension_steps = models.CharField(
        "延期审批",
        max_length=40,
        default=f"{ExtensionStep.UNIT},{ExtensionStep.OFFICE}",
        help_text="申请延期后逐级审批，最后一级批准并定下日期。",
    )
    plan_first = models.BooleanField(
        "先审定方案", default=False, help_text="整改方案审定以前，问题不能启动整改。"
    )
    reporting_period = models.CharField(
        "反馈周期",
        max_length=12,
        choices=ReportingPeriod,
        default=ReportingPeriod.HALF_MONTH,
        help_text="在办问题每期填报一次进展。",
    )

    ranks_units = models.BooleanField(
        "显示单位排名",
        default=False,
        help_text="只按事项（超期、销号）排，写明最少项数和并列办法；不排人员，不计登录。",
    )
    press_pause = models.PositiveSmallIntegerField(
        "催办间隔",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text="同一个问题催办后，过了这段时间才能再催。",
    )
    press_pause_in_workdays = models.BooleanField(
        "催办间隔按工作日计", default=True, help_text="不勾选则按小时计。"
    )
    plan_days = models.PositiveSmallIntegerField(
        "方案报送期限（天）",
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="整改方案应在反馈后这么多天内批准。",
    )
    plan_approver = models.CharField(
        "方案审定",
        max_length=12,
        choices=[(role.value, role.label) for role in PLAN_APPROVERS],
        default=Role.PARTY,
        help_text="整改方案和方案调整由谁审定；被巡察单位没有这一角色的人时由整改办审定。",
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "轮次"
        constraints = [
            models.CheckConstraint(
                condition=Q(plan_days__gte=1, plan_days__lte=365),
                name="round_plan_days_in_range",
                violation_error_message="方案报送期限应为1至365天。",
            ),
            models.CheckConstraint(
                condition=Q(plan_approver__in=PLAN_APPROVERS),
                name="round_plan_approver_is_known",
                violation_error_message="方案只能由党组、整改办或巡察办审定。",
            ),
            models.CheckConstraint(
                condition=Q(focus_months__gte=1, focus_months__lte=60),
                name="round_focus_months_in_range",
                violation_error_message="集中整改期应为1至60个月。",
            ),
            models.CheckConstraint(
                condition=Q(review_roles__in=REVIEW_ROLES),
                name="round_review_roles_in_order",
                violation_error_message="审核级次应为一至五级，从低到高，不重复。",
            ),
            models.CheckConstraint(
                condition=Q(press_pause__gte=1, press_pause__lte=240),
                name="round_press_pause_in_range",
                violation_error_message="催办间隔应为1至240。",
            ),
            models.CheckConstraint(
                condition=Q(reporting_period__in=ReportingPeriod.values),
                name="round_period_is_known",
                violation_error_message="没有这种反馈周期。",
            ),
            models.CheckConstraint(
                condition=Q(extension_steps__in=EXTENSION_STEPS),
                name="round_extension_steps_in_order",
                violation_error_message="延期审批应至少有整改办、党组或巡察办一级。",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """Give a new round the plain lights; without any it could judge nothing."""
        with transaction.atomic():
            is_new = self._state.adding
            super().save(*args, **kwargs)
            if is_new:
                self.take_preset("plain")

    @property
    def pause(self) -> Pause:
        return Pause(self.press_pause, self.press_pause_in_workdays)

    @cached_property
    def bands(self) -> Bands:
        """The round's lamps in their order, with the calendar (two queries)."""
        lamps = tuple(band.lamp for band in self.band_rows.all())
        return Bands(lamps, Holiday.objects.calendar())

    @property
    def levels(self) -> tuple[Role, ...]:
        """The roles that review a submission, the last of which closes."""
        return tuple(Role(role) for role in self.review_roles.split(","))

    def take_preset(self, name: str) -> None:
        """Replace the lights of this round by those of a preset of `lights`."""
        with transaction.atomic():
            self.band_rows.all().delete()
            for order, lamp in enumerate(PRESETS[name].lamps, start=1):
                Band.of(lamp, round=self, order=order).save()
        self.__dict__.pop("bands", None)


class Band(models.Model):
    """灯: one light of a round, asked in its order; how it is judged, `lights` says."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="band_rows", verbose_name="轮次")
    order = models.PositiveSmallIntegerField("判灯顺序")
    light = models.CharField(
        "灯", max_length=12, choices=Light, help_text="网址和统计用的名称；页面上印下面的字。"
    )
    word = models.CharField("字", max_length=10)
    colour = models.CharField("色", max_length=8, choices=Colour)
    shape = models.CharField("形", max_length=10, choices=Shape)
    conditions = models.JSONField("亮灯条件", default=list, help_text="有一条成立就亮。")
    days = models.PositiveSmallIntegerField(
        "天数",
        null=True,
        blank=True,
        validators=[MaxValueValidator(365)],
        help_text="用于“距整改时限”和“没有填报”；后者空则按轮次的反馈周期。",
    )
    in_workdays = models.BooleanField("按工作日计", default=True)
    tells = models.JSONField("亮灯时告知", default=list, blank=True)

    class Meta:
        ordering = ["round", "order"]
        verbose_name = verbose_name_plural = "灯"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "light"],
                name="band_once_per_round",
                violation_error_message="这一轮次已有这种灯。",
            ),
            models.CheckConstraint(
                condition=Q(light__in=Light.values)
                & Q(colour__in=Colour.values)
                & Q(shape__in=Shape.values)
                & ~Q(word=""),
                name="band_look_is_known",
                violation_error_message="灯的名称、色、形须从所列中选，字不能空。",
            ),
        ]

    def __str__(self):
        return self.word

    @classmethod
    def of(cls, lamp: Lamp, **fields) -> Self:
        """Make the row that says the same as this lamp."""
        return cls(
            light=lamp.light,
            word=lamp.word,
            colour=lamp.colour,
            shape=lamp.shape,
            conditions=list(lamp.conditions),
            days=lamp.days,
            in_workdays=lamp.in_workdays,
            tells=list(lamp.tells),
            **fields,
        )

    @property
    def lamp(self) -> Lamp:
        """The row as `lights` judges it; without days of its own 久未更新 follows the round."""
        days = self.days
        if days is None and Condition.STALE in self.conditions:
            days = PERIOD_DAYS[self.round.reporting_period]
        return Lamp(
            light=Light(self.light),
            word=self.word,
            colour=Colour(self.colour),
            shape=Shape(self.shape),
            conditions=tuple(map(Condition, self.conditions)),
            days=days,
            in_workdays=self.in_workdays,
            tells=tuple(map(Role, self.tells)),
        )

    def clean(self):
        """Refuse a row that could never be judged."""
        if not self.conditions or set(self.conditions) - set(Condition.values):
            raise ValidationError({"conditions": "请选亮灯条件。"})
        if set(self.tells) - set(Role.values):
            raise ValidationError({"tells": "没有这种角色。"})
        if Condition.DUE_WITHIN in self.conditions and self.days is None:
            raise ValidationError({"days": "这一条件要写天数。"})


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, person: "Person") -> Self:
        """The inspections that hold at least one ticket this person may see.

        Whoever acts for its unit also sees an inspection that has no ticket yet.
        """
        from tracker.models.ticket import Ticket

        tickets = Ticket.objects.visible_to(person)
        return self.filter(
            Q(unit__in=Unit.objects.in_reach_of(person)) | Q(pk__in=tickets.values("inspection"))
        )

    def for_page(self) -> Self:
        """Fetch in one query what a page names of an inspection: its unit and its round."""
        return self.select_related("round", "unit")


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
    last_found_serial = models.PositiveIntegerField("已用自查序号", default=0, editable=False)

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
                super().save(update_fields=["code"])

    @property
    def focus_ends_on(self) -> date:
        """The end of the focused rectification (集中整改期), counted from the feedback."""
        return add_months(self.feedback_on, self.round.focus_months)

    @property
    def plan_is_approved(self) -> bool:
        """Whether the plan of this inspection was approved (one query)."""
        from tracker.models.plan import Plan

        return Plan.objects.filter(inspection=self, status=PlanStatus.APPROVED).exists()

    @property
    def plan_due_on(self) -> date:
        """The day by which the plan is to be approved, counted from the feedback."""
        return self.feedback_on + timedelta(days=self.round.plan_days)

    def take_found_serial(self) -> int:
        """Reserve the next number of the series of problems found besides the feedback.

        Call it inside the transaction that uses it; the update locks the row.
        """
        Inspection.objects.filter(pk=self.pk).update(last_found_serial=F("last_found_serial") + 1)
        self.refresh_from_db(fields=["last_found_serial"])
        return self.last_found_serial

    def take_serials(self, count: int) -> range:
        """Reserve the next ticket numbers; call inside the transaction that uses them.

        The update locks the row, so two imports at once cannot get the same number.
        """
        Inspection.objects.filter(pk=self.pk).update(last_serial=F("last_serial") + count)
        self.refresh_from_db(fields=["last_serial"])
        return range(self.last_serial - count + 1, self.last_serial + 1)
