from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    PositiveSmallIntegerField,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from tracker import lights, notices, policy, supervision, workflow
from tracker.because import because
from tracker.choices import (
    CheckingWay,
    CheckItem,
    Claim,
    Condition,
    DueBasis,
    Kind,
    Light,
    NoticeKind,
    Origin,
    PlanStatus,
    ReopenGround,
    ReportingPeriod,
    ReportResult,
    Role,
    Status,
)
from tracker.lights import Bands, Edge, Facts, Lamp
from tracker.models.assigning import Assigned
from tracker.models.decision import REVIEW_CHOICES, Cycle, SignOff, first_cycle
from tracker.models.evidence import Evidence
from tracker.models.inspection import Inspection, Round
from tracker.models.measure import Indicator, Measure
from tracker.models.progress import Figure, Progress, Verdict
from tracker.models.supervision import Supervised, SupervisedQuerySet
from tracker.models.transition import SIGNED_BY, Change, Transition
from tracker.models.unit import Unit
from tracker.periods import Period, period_of
from tracker.workflow import MOVES, Move, MoveRefused, Standing, TicketChanged
from tracker.worktime import WorkCalendar

if TYPE_CHECKING:
    from tracker.evidence.receiving import Incoming
    from tracker.models.bulletin import Bulletin
    from tracker.models.person import Membership, Person


# What a plan says of a ticket beside its measures.
PLANNED = frozenset(
    {
        "leader",
        "leader_text",
        "lead_unit",
        "lead_unit_text",
        "person",
        "person_text",
        "due_on",
        "due_reason",
    }
)


class Category(models.Model):
    """A heading that stands above problems in the bulletin: 方面, 大类."""

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, related_name="categories", verbose_name="巡视巡察"
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级",
    )
    heading = models.CharField("标题", max_length=300)
    order = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        ordering = ["inspection", "order", "pk"]
        verbose_name = verbose_name_plural = "方面与大类"
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "parent", "heading"],
                name="category_once_per_parent",
                violation_error_message="同一上级下已有这一标题。",
            ),
            models.UniqueConstraint(
                fields=["inspection", "heading"],
                condition=Q(parent__isnull=True),
                name="category_once_at_the_top",
                violation_error_message="这次巡视巡察已有这一方面。",
            ),
        ]

    def __str__(self):
        return self.heading


# Up to so many units in reach, tickets are looked up and not sifted from all there are.
FEW_UNITS = 30


class TicketQuerySet(SupervisedQuerySet):
    def open(self) -> Self:
        return self.exclude(status=Status.CLOSED)

    def closed(self) -> Self:
        return self.filter(status=Status.CLOSED)

    def fed_back(self) -> Self:
        """反馈问题: what the inspection itself fed back; these are what totals count."""
        return self.filter(origin=Origin.FEEDBACK)

    def found(self) -> Self:
        """What units found besides the feedback, or had transferred to them; counted apart."""
        return self.exclude(origin=Origin.FEEDBACK)

    def visible_to(self, person: "Person") -> Self:
        """The tickets that a unit in the person's reach leads or helps with.

        Of the restricted ones (限定知悉) only those that such a unit leads, and whoever merely
        looks on only those of which they are the responsible leader.
        """
        if person.acts_for_all_units:
            return self.all()
        known = Q(is_restricted=False) | Q(leader=person)
        if person.units_acted_for:
            known |= Q(lead_unit__in=person.units_acted_for)
        return self.of_units(person.units_in_reach).filter(known)

    def of_units(self, units: Collection[int]) -> Self:
        """The tickets that one of these units, by key, leads or helps with."""
        helped = Ticket.co_units.through.objects.filter(unit__in=units).values("ticket")
        if len(units) > FEW_UNITS:
            return self.filter(Q(lead_unit__in=units) | Q(pk__in=helped))
        # Of few units the tickets are few: each half has an index, which an OR would not use.
        led = Ticket.objects.filter(lead_unit__in=units).order_by().values("pk")
        return self.filter(pk__in=led.union(helped))

    def unrestricted(self) -> Self:
        """Without what only a few may know of: for all that leaves the board unasked."""
        return self.filter(is_restricted=False)

    def led_in_reach_of(self, person: "Person", action: str) -> Self:
        """The tickets led by units for which the person may take this action of `policy`."""
        units = Unit.objects.subtree(*person.reach_for(action)).values("pk")
        return self.filter(lead_unit__in=units)

    def awaiting(self, task: str, person: "Person") -> Self:
        """The tickets at which a task of `workflow.TASKS` waits for this person."""
        task = workflow.TASKS[task]
        if task.by_level:
            return self.filter(status__in=task.sources).filter(_waiting_for_review_by(person))
        units = Unit.objects.subtree(*person.reach_for(task.action)).values("pk")
        waiting = self.filter(status__in=task.sources)
        if task.helps:
            helping = Ticket.co_units.through.objects.filter(unit__in=units).values("ticket")
            return waiting.filter(pk__in=helping).exclude(lead_unit__in=units)
        return waiting.filter(lead_unit__in=units)

    def returned_to(self, person: "Person") -> Self:
        """The returned tickets that this person had handed in: they are back with them."""
        newest = SignOff.objects.filter(ticket=OuterRef("pk")).order_by("-pk")
        return (
            self.filter(status=Status.RETURNED)
            .alias(handed_in_by=Subquery(newest.values("submitter")[:1]))
            .filter(handed_in_by=person.pk)
        )

    def with_light(
        self,
        on: date,
        calendar: WorkCalendar | None = None,
        bands: Mapping[int, Bands] | None = None,
    ) -> Self:
        """Annotate `light_on_day`: `lights.Bands.judge` said in SQL, so that lists can filter.

        `urgency` is its rank, to sort by; `round_key` tells a page whose lights they are. Two
        small queries fetch the bands of all rounds and the calendar, if they are not given; rounds
        with the same lights are judged by one expression. `bands` must hold every round of these
        tickets.
        """
        if bands is None:
            bands = Round.objects.all().bands(calendar)
        rounds: dict[tuple, list[int]] = {}
        bands_of: dict[tuple, Bands] = {}
        for pk, one in bands.items():
            rounds.setdefault(one.lamps, []).append(pk)
            bands_of[one.lamps] = one

        def judged(say: Callable[[Light], str | int], output_field) -> Case | Cast:
            if not bands_of:
                # A bare number at the head of an order would be read as the place of a column.
                return Cast(Value(say(Light.OK)), output_field)
            each = {
                lamps: _judged(bands, on, say, output_field) for lamps, bands in bands_of.items()
            }
            if len(each) == 1:
                return each.popitem()[1]
            return Case(
                *(
                    When(inspection__round__in=rounds[lamps], then=one)
                    for lamps, one in each.items()
                ),
                default=Value(say(Light.OK)),
                output_field=output_field,
            )

        # The rank is judged anew and not read off the light, which would repeat it nine times.
        return self.annotate(
            light_on_day=judged(str, CharField()),
            urgency=judged(list(Light).index, PositiveSmallIntegerField()),
            round_key=F("inspection__round"),
        )

    def with_latest_progress(self) -> Self:
        """Annotate what the newest report says: `latest_text`, `latest_percent` and so on."""
        latest = Progress.objects.filter(ticket=OuterRef("pk")).order_by("-pk")
        return self.annotate(
            latest_text=Subquery(latest.values("text")[:1], output_field=TextField()),
            latest_percent=Subquery(
                latest.exclude(percent=None).values("percent")[:1],
                output_field=PositiveSmallIntegerField(),
            ),
            latest_at=Subquery(latest.values("at")[:1]),
            latest_difficulty=Subquery(latest.values("difficulty")[:1]),
            latest_next_step=Subquery(latest.values("next_step")[:1]),
        )

    def with_was_late(self, on: date) -> Self:
        """Annotate `was_late`: late now, or submitted after the deadline. 曾超期 never goes away.

        A deadline that was moved leaves its mark too: the original one counts, unless more time
        was asked for before it and granted (延期), which counts from the new date; and so does
        that of an earlier cycle. The time that a review takes does not.
        """
        from tracker.models.extension import Extension

        granted = Extension.objects.approved().filter(
            ticket=OuterRef("pk"), present_due_on__gte=OuterRef("original_due_on")
        )
        extended = Subquery(granted.order_by("-permitted_due_on").values("permitted_due_on")[:1])
        asked_in_time = Exists(granted.filter(present_due_on=OuterRef("original_due_on")))
        earlier = Cycle.objects.filter(ticket=OuterRef("pk"), submitted_on__gt=F("due_on"))
        return self.annotate(
            due_in_time=Case(When(asked_in_time, then=extended), default=F("original_due_on")),
            was_late=Case(
                When(Q(cycle_number__gt=1) & Exists(earlier), then=Value(True)),
                When(submitted_on__gt=F("due_in_time"), then=Value(True)),
                When(submitted_on=None, due_in_time__lt=on, then=Value(True)),
                default=Value(False),
                output_field=models.BooleanField(),
            ),
        )

    def asking_for_more_time(self) -> Self:
        """Those with a request for more time that is not settled."""
        from tracker.models.extension import Extension

        return self.filter(pk__in=Extension.objects.pending().order_by().values("ticket"))

    def named_leaders(self) -> list[str]:
        """Who answers for any of these, each once and in order."""
        named = self.with_names().exclude(leader_shown="").order_by("leader_shown")
        return list(named.values_list("leader_shown", flat=True).distinct())

    def with_extension_count(self) -> Self:
        """Annotate `extension_count`: how often more time was granted. 延期1次 is counted apart."""
        from tracker.models.extension import Extension

        granted = Extension.objects.approved().filter(ticket=OuterRef("pk")).order_by()
        counts = granted.values("ticket").annotate(count=Count("pk")).values("count")
        return self.annotate(extension_count=Coalesce(Subquery(counts), 0))

    def with_names(self) -> Self:
        """Annotate `leader_shown` and `person_shown`: registered names, else as printed."""
        return self.annotate(
            leader_shown=Coalesce("leader__name", "leader_text"),
            person_shown=Coalesce("person__name", "person_text"),
        )

    def not_reported_in(self, period: Period) -> Self:
        """The tickets in work that owe a report for this period, in rounds that count like it.

        A report that was returned, or that a correction replaced, does not count.
        """
        return self.filter(_owes_report_for(period))

    def not_reported(self, on: date) -> Self:
        """The tickets in work that still owe a report for the period of this day."""
        owes = [_owes_report_for(period_of(on, kind)) for kind in ReportingPeriod]
        return self.filter(reduce(or_, owes))

    def with_returned_report(self) -> Self:
        """Annotate `redo_why`, `redo_by` and `redo_at` of a report that was returned and waits."""
        last = Verdict.objects.filter(
            ticket=OuterRef("pk"), progress__in=Progress.objects.to_redo()
        ).order_by("-pk")
        last = last.filter(result=ReportResult.RETURNED)
        return self.annotate(
            redo_why=Subquery(last.values("reason")[:1]),
            redo_by=Subquery(last.values("by__name")[:1]),
            redo_at=Subquery(last.values("at")[:1]),
        )

    def with_return_note(self) -> Self:
        """Annotate `return_note`, `return_by` and `return_at` of the last return."""
        last = Transition.objects.filter(ticket=OuterRef("pk"), move="return").order_by("-pk")
        return self.annotate(
            return_note=Subquery(last.values("note")[:1]),
            return_by=Subquery(last.values(name=SIGNED_BY)[:1]),
            return_at=Subquery(last.values("at")[:1]),
        )

    def with_submission(self) -> Self:
        """Annotate `submitted_at`, `_by`, `_note` and `_by_move` of the last submission.

        The first may be the import, which submits what the bulletin calls done.
        """
        last = Transition.objects.submissions().filter(ticket=OuterRef("pk")).order_by("-pk")
        return self.annotate(
            submitted_at=Subquery(last.values("at")[:1]),
            submitted_by=Subquery(last.values("by__name")[:1]),
            submitted_note=Subquery(last.values("note")[:1]),
            submitted_by_move=Subquery(last.values("move")[:1]),
        )

    def first_rows(self, most: int, skip: int = 0) -> Self:
        """These rows of the order in force, found by key before anything else is fetched.

        What a row shows costs subqueries and joins; thus only the rows of a page pay for them.
        """
        return self.filter(pk__in=self.values("pk")[skip : skip + most])

    def for_list(self, on: date, bands: Mapping[int, Bands] | None = None) -> Self:
        """Fetch in one query all that a row of the ticket table shows."""
        return (
            self.select_related("inspection", "lead_unit", "category__parent", "leader", "person")
            .with_light(on, bands=bands)
            .with_latest_progress()
            .with_presses()
            .with_extension_count()
        )

    def for_page(self, on: date) -> Self:
        """Fetch in five queries what the page of one ticket shows of it."""
        return (
            self.select_related(
                "inspection__round",
                "inspection__unit",
                "bulletin",
                "category__parent",
                "lead_unit",
                "leader",
                "person",
                "reporter",
            )
            .defer("bulletin__read")
            .prefetch_related("measures__indicators", "indicators", "co_units")
            .with_latest_progress()
            .with_return_note()
            .with_was_late(on)
            .with_extension_count()
        )


def _judged(
    bands: Bands, on: date, say: Callable[[Light], str | int], output_field: models.Field
) -> Case:
    """What these bands say of a ticket, as an expression; `say` puts a light into a value."""
    return Case(
        *(
            When(_holds(condition, bands.edge(lamp, on), on), then=Value(say(lamp.light)))
            for lamp in bands
            for condition in lamp.conditions
        ),
        default=Value(say(Light.OK)),
        output_field=output_field,
    )


def _holds(condition: Condition, edge: Edge, on: date) -> Q:
    """One condition of a lamp; each but the closed ones holds only for an open ticket."""
    is_open = ~Q(status=Status.CLOSED)
    match condition:
        case Condition.CLOSED:
            return ~is_open
        case Condition.KEPT:
            return Q(long_term_on__isnull=False)
        case Condition.BLOCKED:
            return is_open & Q(is_blocked=True)
        case Condition.OVERDUE:
            in_review = Q(status=Status.SUBMITTED)
            late = Q(due_on__lt=on) & ~in_review
            return is_open & (late | Q(due_on__lt=F("submitted_on")) & in_review)
        case Condition.DUE_WITHIN:
            return is_open & ~Q(status=Status.SUBMITTED) & Q(due_on__lte=edge.due_until)
        case Condition.STALE:
            since = timezone.make_aware(datetime.combine(edge.stale_before, time.min))
            own = {"ticket": OuterRef("pk"), "at__gte": since}
            # Where few tickets are in sight, each is looked up by itself: no list of all reports.
            heard = Progress.objects.own().filter(**own)
            entered = Transition.objects.filter(**own, target__in=workflow.IN_WORK)
            # In this order: a CASE asks from left to right, and the records cost the most.
            in_work = Q(status__in=workflow.IN_WORK, created_at__lt=since)
            return in_work & Q(~Exists(heard)) & Q(~Exists(entered))
        case Condition.SUBMITTED:
            return Q(status=Status.SUBMITTED)
        case Condition.UNCLAIMED:
            return Q(status__in=lights.NOT_BEGUN)
        case Condition.LONG_TERM:
            return is_open & Q(kind=Kind.LONG_TERM)
    return is_open


def _owes_report_for(period: Period) -> Q:
    reported = Progress.objects.that_hold().filter(ticket=OuterRef("pk"), period_key=period.key)
    return Q(
        ~Exists(reported),
        status__in=workflow.REPORT_FROM,
        inspection__round__reporting_period=period.kind,
    )


class Ticket(Assigned, Supervised):
    """One problem, followed until its unit has put it right: 反馈问题, or one that a unit found.

    A 反馈问题 stands in a bulletin; what was found besides (自查、举一反三) has none, and names the
    problem that led to it. The words and the number are locked by the database. Every change goes
    through `move`, `report`, `record_bulletin`, `amend`, `assign`, `revising` or the acts of
    `Supervised`: each writes the ticket and its record in one transaction and refuses if a
    colleague was faster (`version`).
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

    AMENDABLE = (
        "title",
        "leader",
        "leader_text",
        "lead_unit",
        "lead_unit_text",
        "person",
        "person_text",
        "kind",
        "due_on",
        "due_basis",
        "due_reason",
        "recurs",
    )

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

    # -- the ways in which a ticket changes ---------------------------------------------

    def move(
        self,
        name: str,
        *,
        by: "Person",
        version: int,
        note: str = "",
        explained: Mapping[str, str] | None = None,
        way: str = CheckingWay.DOCUMENTS,
        ground: str = "",
        due_on: date | None = None,
    ) -> Transition:
        """Make one workflow move and record it.

        `explained` belongs to a submission: why an item of the checklist is not a plain yes;
        `way` to a review, `ground` and `due_on` to a reopening. In whose place a substitute
        reviews, nobody chooses: it follows from who they are. Raises TicketChanged if the ticket is
        no longer at `version`, MoveRefused (with the reason in Chinese) if the move is not open to
        this person or something that it needs is missing.
        """
        move, note, today = MOVES[name], note.strip(), timezone.localdate()
        with transaction.atomic(), because(by, f"{move.label}：{note}" if note else move.label):
            self._take(version)
            if reason := workflow.refusal(name, self.standing_of(by)):
                raise MoveRefused(reason)
            if move.needs_note and not note:
                raise MoveRefused(f"请填写{move.note_label}。")
            if move.by_level and way not in CheckingWay.values:
                raise MoveRefused("请选择核查方式。")
            if move.needs_ground and ground not in ReopenGround.values:
                raise MoveRefused("请选择重启依据。")
            if move.needs_deadline and (due_on is None or due_on <= today):
                raise MoveRefused("请填写今天以后的新时限。")
            source = self.status
            duty = self.review_duty_of(by) if move.by_level else None
            acting_for = duty.person if duty and duty.person_id != by.pk else None
            self.status = move.target
            if move.by_level:
                self._say(note, move=move, by=by, acting_for=acting_for, way=way)
            self._follow(move, by=by, today=today, due_on=due_on)
            self.save()
            if name == "submit":
                self._hand_in(note, by=by, explained=explained or {})
            if name == "reopen":
                self._open_cycle(by=by, today=today, ground=ground, reason=note)
            record = self.transitions.create(
                ticket_version=self.version,
                move=name,
                source=source,
                target=move.target,
                by=by,
                acting_for=acting_for,
                note=note,
            )
            notices.tell_of_move(self, record)
            return record

    def _follow(self, move: Move, *, by: "Person", today: date, due_on: date | None) -> None:
        """Set the facts that follow from a move, beside the status."""
        levels = self.inspection.round.levels
        match move.name:
            case "claim":
                named = self.reporter.name if self.reporter else ""
                if self.reporter_id != by.pk:
                    self._record("填报人", named, by.name, by=by, why=move.label)
                self.reporter = by
            case "submit":
                self.review_role, self.submitted_on = levels[0], today
                if self.reporter_id is None:
                    self._record("填报人", "", by.name, by=by, why=move.label)
                    self.reporter = by
            case "return":
                self.review_role, self.submitted_on = "", None
            case "review":
                self.review_role = workflow.next_level(levels, self.review_role)
            case "close":
                self.review_role, self.closed_on = "", today
                cycle = self.cycles.get(closed_on=None)
                cycle.submitted_on, cycle.closed_on = self.submitted_on, today
                cycle.save()
            case "keep":
                self.long_term_on = today
            case "reopen":
                self.cycle_number += 1
                self.submitted_on = self.closed_on = self.long_term_on = None
                shown = [
                    _in_words(self._meta.get_field("due_on"), d) for d in (self.due_on, due_on)
                ]
                self._record("整改时限", *shown, by=by, why=move.label)
                # A new cycle has a first deadline of its own.
                self.due_on = self.original_due_on = due_on
                self.due_basis = DueBasis.DECIDED

    def _say(
        self, text: str, *, move: Move, by: "Person", acting_for: "Person | None", way: str
    ) -> None:
        """Put the opinion of this level on the sign-off sheet that waits for it."""
        sheet = self.signoffs.first()
        sheet.opinions.create(
            ticket_version=self.version,
            level=self.review_role,
            by=by,
            acting_for=acting_for,
            submitter_id=sheet.submitter_id,
            responsible_id=sheet.responsible_id,
            is_approval=move.name != "return",
            text=text,
            way=way,
        )

    def said_before(self, name: str, ground: str = "") -> dict[str, str]:
        """What the form of a move begins with: for a new submission what the returned one said.

        The ticks are not carried over: what was found wanting is checked anew. A reopening upon a
        look back begins with what was found.
        """
        if name == "reopen" and ground == ReopenGround.LOOK_BACK:
            found = self.look_backs.exclude(result="").order_by("-pk").first()
            return {"note": found.note} if found else {}
        if name != "submit" or self.status not in workflow.IN_WORK:
            return {}
        sheet = self.signoffs.filter(cycle__closed_on=None).first()
        if sheet is None or sheet.by_import:
            return {}
        return {"note": sheet.result} | {
            f"why_{item}": why for item, why in sheet.explained.items()
        }

    def _hand_in(self, result: str, *, by: "Person", explained: Mapping[str, str]) -> None:
        self.signoffs.create(
            ticket_version=self.version,
            cycle=self.cycles.get(closed_on=None),
            number=self.signoffs.count() + 1,
            submitter=by,
            responsible=self.person,
            result=result,
            explained={item: why.strip() for item, why in explained.items() if why.strip()},
            files=[
                file.as_filed() for file in self.evidence.not_withdrawn().order_by("-is_key", "pk")
            ],
        )

    def _open_cycle(self, *, by: "Person", today: date, ground: str, reason: str) -> None:
        self.cycles.create(
            number=self.cycle_number,
            opened_on=today,
            opened_by=by,
            ground=ground,
            reason=reason,
            due_on=self.due_on,
        )

    def hand_in_claim(self, *, by: "Person") -> SignOff:
        """Make the sign-off sheet of what a bulletin calls done: nobody has checked it yet."""
        explained = dict.fromkeys(CheckItem.values, "通报称已完成，未逐项说明。")
        self._hand_in(self.claim_quote, by=by, explained=explained)
        return self.signoffs.first()

    def report(
        self,
        *,
        by: "Person",
        text: str = "",
        version: int,
        percent: int | None = None,
        figures: Mapping[Indicator, tuple[Decimal | None, Decimal | None]] | None = None,
        measures_done: Collection[Measure] | None = None,
        difficulty: str = "",
        next_step: str = "",
        forecast_on: date | None = None,
        unchanged_why: str = "",
        corrects: Progress | None = None,
        files: Sequence["Incoming"] = (),
        make_key: bool = False,
    ) -> Progress:
        """Record one progress report with its figures and its evidence.

        `figures` maps an indicator of this ticket to its (done, total) as of now; only what
        differs is recorded. `measures_done`, if given, is the whole set of finished measures.
        With `unchanged_why` there is no text, and what is not given is carried over from the last
        report. A report that `corrects` another belongs to the period of that one. The draft of
        this person is gone afterwards. Raises TicketChanged or MoveRefused as `move` does.
        """
        text, unchanged_why = text.strip(), unchanged_why.strip()
        with transaction.atomic(), because(by, "更正进展" if corrects else "填报进展"):
            self._take(version)
            if reason := workflow.report_refusal(self.standing_of(by)):
                raise MoveRefused(reason)
            words = {
                "text": text,
                "difficulty": difficulty.strip(),
                "next_step": next_step.strip(),
                "forecast_on": forecast_on,
            }
            if unchanged_why:
                if text:
                    raise MoveRefused("勾选了“与上期相同”，就不再写本期进展；有变化请取消勾选。")
                last = self.last_report()
                if last is None:
                    raise MoveRefused("还没有上期进展，不能填“与上期相同”。")
                words = {name: said or getattr(last, name) for name, said in words.items()}
                percent = last.percent if percent is None else percent
            elif not text:
                raise MoveRefused("请填写进展。")
            if corrects is not None:
                self._check_correctable(corrects)
            period = self.period_on(timezone.localdate())
            self.save()
            progress = self.progress.create(
                ticket_version=self.version,
                by=by,
                percent=percent,
                period_key=corrects.period_key if corrects else period.key,
                unchanged_why=unchanged_why,
                corrects=corrects,
                **words,
            )
            self._record_figures(progress, figures or {})
            if measures_done is not None:
                self._finish_measures({m.pk for m in measures_done}, by)
            self._attach(files, by=by, progress=progress, make_key=make_key)
            self.report_drafts.filter(person=by).delete()
            return progress

    def judge(
        self,
        progress: Progress,
        result: ReportResult,
        *,
        by: "Person",
        reason: str = "",
        version: int,
    ) -> Verdict:
        """Accept a progress report, or return it with the reason.

        One that is returned stays on record and no longer counts as the period's report. Nobody
        judges their own. Raises TicketChanged or MoveRefused as `move` does.
        """
        reason = reason.strip()
        with transaction.atomic(), because(by, reason or "认可进展"):
            self._take(version)
            if refusal := self.judge_refusal(progress, by):
                raise MoveRefused(refusal)
            if result == ReportResult.RETURNED and not reason:
                raise MoveRefused("请填写退回原因。")
            if progress.verdicts.filter(result=result).exists():
                raise MoveRefused("这次填报已经认可过。")
            self.save()
            if result == ReportResult.RETURNED:
                words = f"进展退回：{reason}"
                notices.tell([progress.by], NoticeKind.RETURNED, self, words, by=by)
            return self.verdicts.create(
                progress=progress,
                ticket_version=self.version,
                result=result,
                by=by,
                reason=reason,
            )

    def judge_refusal(self, progress: Progress, person: "Person") -> str:
        """Say why this person cannot accept or return this report now; empty means they can."""
        if refusal := workflow.judge_refusal(self.standing_of(person)):
            return refusal
        if progress.by_id == person.pk:
            return "填报人不能审阅自己填报的进展。"
        if not self.progress.that_hold().filter(pk=progress.pk).exists():
            return "这次填报已被退回或更正，不再审阅。"
        return ""

    def attach(
        self,
        files: Sequence["Incoming"],
        *,
        by: "Person",
        measure: Measure | None = None,
        make_key: bool = False,
    ) -> list[Evidence]:
        """Put stored files on record as evidence and return the rows of those that are new.

        A file that is there already, byte for byte, is left out: its `row` stays None. Evidence
        adds and alters nothing else, so the ticket keeps its version and nobody's open form is
        refused; only another key evidence is a change of the ticket.
        """
        with transaction.atomic(), because(by, "上传佐证"):
            self._lock()
            if refusal := workflow.attach_refusal(self.standing_of(by)):
                raise MoveRefused(refusal)
            return self._attach(files, by=by, measure=measure, make_key=make_key)

    def make_key(self, evidence: Evidence, *, by: "Person") -> None:
        """Mark one file as the key evidence (关键佐证), in place of the one before."""
        with transaction.atomic(), because(by, "指定关键佐证"):
            self._lock()
            evidence.refresh_from_db()
            if refusal := workflow.attach_refusal(self.standing_of(by)):
                raise MoveRefused(refusal)
            if evidence.is_withdrawn:
                raise MoveRefused("已撤回的材料不能设为关键佐证。")
            if not evidence.is_key:
                self._make_key(evidence, by)

    def withdraw(self, evidence: Evidence, *, by: "Person", why: str) -> None:
        """Take a file out of the evidence; row and file stay, with who took it out and why."""
        why = why.strip()
        with transaction.atomic(), because(by, why):
            self._lock()
            evidence.refresh_from_db()
            if refusal := workflow.attach_refusal(self.standing_of(by)):
                raise MoveRefused(refusal)
            if evidence.is_withdrawn:
                raise MoveRefused("这份材料已经撤回。")
            if not why:
                raise MoveRefused("请填写撤回原因。")
            evidence.is_key = False
            evidence.withdrawn_at = timezone.now()
            evidence.withdrawn_by, evidence.withdrawn_why = by, why
            evidence.save(update_fields=["is_key", "withdrawn_at", "withdrawn_by", "withdrawn_why"])
            self.version += 1
            self.save()
            self._record("佐证材料", evidence.name, "已撤回", by=by, why=why)

    def record_bulletin(
        self,
        bulletin: "Bulletin",
        *,
        by: "Person",
        text: str,
        version: int,
        figures: Mapping[Indicator, tuple[Decimal | None, Decimal | None]] | None = None,
    ) -> Progress:
        """Record what a later bulletin says of this ticket as progress; its status stays.

        It counts as no report of the unit. Raises TicketChanged, or MoveRefused if it is closed.
        """
        with transaction.atomic(), because(by, f"通报所写进展：{bulletin}"):
            self._take(version)
            if not self.is_open:
                raise MoveRefused("已销号的问题已锁定，不能修改。")
            self.save()
            progress = self.progress.create(
                ticket_version=self.version, by=by, text=text, bulletin=bulletin
            )
            self._record_figures(progress, figures or {})
            return progress

    def amend_refusal(self, names: Collection[str]) -> str:
        """Say why these facts cannot be corrected now; empty means they can.

        What a plan says of a ticket stands still while it waits for its approval (one query).
        """
        from tracker.models.plan import Plan

        if PLANNED.isdisjoint(names) or self.origin != Origin.FEEDBACK:
            return ""
        plans = Plan.objects.filter(inspection=self.inspection_id)
        if not plans.filter(status=PlanStatus.SUBMITTED).exists():
            return ""
        return "整改方案正在审定，责任和时限不能更正；请审定人退回修改，或批准以后再改。"

    def amend(
        self,
        changes: Mapping[str, Any],
        *,
        by: "Person",
        why: str,
        version: int,
        co_units: Iterable[Unit] | None = None,
    ) -> list[Change]:
        """Correct facts of an open ticket; each field that differs becomes one Change.

        `changes` may hold any of AMENDABLE; a deadline that comes without its basis is a person's
        decision. Returns the changes, none if nothing differs (the version then stays).
        Raises MoveRefused for a closed ticket, TicketChanged as `move` does.
        """
        if unknown := set(changes) - set(self.AMENDABLE):
            raise ValueError(f"not amendable: {sorted(unknown)}")
        with transaction.atomic(), because(by, why):
            self._take(version)
            if not self.is_open:
                raise MoveRefused("已销号的问题已锁定，不能修改。")
            if "due_basis" not in changes and changes.get("due_on", self.due_on) != self.due_on:
                changes = {**changes, "due_basis": DueBasis.DECIDED}
            differing = [name for name, new in changes.items() if getattr(self, name) != new]
            if reason := self.amend_refusal(differing):
                raise MoveRefused(reason)
            records = []
            for name in differing:
                field, new = self._meta.get_field(name), changes[name]
                old = getattr(self, name)
                shown = [_in_words(field, value) for value in (old, new)]
                records.append(self._change(str(field.verbose_name), *shown, by=by, why=why))
                setattr(self, name, new)
            if co_units is not None:
                co_units = list(co_units)
                before = list(self.co_units.all())
                if set(before) != set(co_units):
                    shown = ["、".join(map(str, units)) for units in (before, co_units)]
                    records.append(self._change("配合单位", *shown, by=by, why=why))
                    self.co_units.set(co_units)
            if not records:
                self.version -= 1
                return []
            if self.due_on and self.original_due_on is None:
                self.original_due_on = self.due_on
            self.full_clean(validate_unique=False)
            self.save()
            return Change.objects.bulk_create(records)

    def restrict(
        self, *, is_restricted: bool = True, by: "Person", reason: str, version: int
    ) -> Change:
        """Limit who may know of this ticket (限定知悉), or lift that again; closed ones too.

        Raises TicketChanged or MoveRefused as `move` does.
        """
        reason = reason.strip()
        with transaction.atomic(), because(by, reason):
            self._take(version)
            refusal_of = (
                supervision.restrict_refusal if is_restricted else supervision.unrestrict_refusal
            )
            if refusal := refusal_of(self.standing_of(by), self.is_restricted):
                raise MoveRefused(refusal)
            if not reason:
                raise MoveRefused("请填写原因。")
            field = self._meta.get_field("is_restricted")
            words = [_in_words(field, value) for value in (self.is_restricted, is_restricted)]
            self.is_restricted = is_restricted
            self.save()
            change = self._change(str(field.verbose_name), *words, by=by, why=reason)
            change.save()
            return change

    # -- reporting ------------------------------------------------------------------------------

    def period_on(self, day: date) -> Period:
        """The reporting period of a day, as the round of this ticket counts."""
        return period_of(day, self.inspection.round.reporting_period)

    def has_report_for(self, period: Period) -> bool:
        return self.progress.that_hold().filter(period_key=period.key).exists()

    def last_report(self) -> Progress | None:
        """The unit's newest report that holds: what the next one is compared with."""
        return self.progress.that_hold().select_related("by").first()

    def report_to_redo(self) -> Progress | None:
        """The newest report that was returned and that nobody has made good yet."""
        redo = self.progress.to_redo().select_related("by")
        return redo.prefetch_related("verdicts__by").first()

    @contextmanager
    def revising(
        self, *, by: "Person", why: str, version: int
    ) -> Iterator[Callable[[str, str, str], None]]:
        """Hold this ticket while what hangs on it is changed; yields how to record each change.

        The function takes what changed, the old words and the new. Raises TicketChanged as
        `move` does; all or nothing.
        """
        with transaction.atomic(), because(by, why):
            self._take(version)
            yield partial(self._record, by=by, why=why)
            self.save()

    # -- how they do it -------------------------------------------------------------------------

    def _take(self, version: int) -> None:
        """Lock and reload this ticket at the version the person saw; the next one is ours.

        What every move asks of it comes along in the one query.
        """
        held = Ticket.objects.select_for_update(of=("self",)).filter(version=version)
        asked = held.select_related("inspection__round", "inspection__unit", "lead_unit")
        try:
            self.refresh_from_db(from_queryset=asked)
        except Ticket.DoesNotExist:
            raise TicketChanged("该问题刚被他人处理，请核对后再提交。") from None
        self.version += 1

    def _lock(self) -> None:
        """Lock and reload this ticket at whatever version it is, for what only adds."""
        Ticket.objects.select_for_update(of=("self",)).get(pk=self.pk)
        self.refresh_from_db()

    def _check_correctable(self, report: Progress) -> None:
        if report.ticket_id != self.pk or report.bulletin_id:
            raise MoveRefused("只能更正本问题的填报。")
        if Progress.objects.filter(corrects=report).exists():
            raise MoveRefused("这次填报已经更正过，请更正最新的一次。")

    def _attach(
        self,
        files: Sequence["Incoming"],
        *,
        by: "Person",
        measure: Measure | None = None,
        progress: Progress | None = None,
        make_key: bool = False,
    ) -> list[Evidence]:
        there = set(self.evidence.not_withdrawn().values_list("sha256", flat=True))
        added = []
        for file in files:
            if file.sha256 in there:
                continue
            there.add(file.sha256)
            file.row = self.evidence.create(
                name=file.name,
                kind=file.kind,
                size=file.size,
                sha256=file.sha256,
                path=file.path,
                by=by,
                measure=measure,
                progress=progress,
            )
            added.append(file.row)
        if make_key and added:
            self._make_key(added[0], by)
        return added

    def _make_key(self, evidence: Evidence, by: "Person") -> None:
        """The first key evidence needs no record beside its own; another one is a change."""
        before = self.evidence.filter(is_key=True).first()
        if before:
            before.is_key = False
            before.save(update_fields=["is_key"])
            self.version += 1
            self.save()
            self._record("关键佐证", before.name, evidence.name, by=by, why="另行指定")
        evidence.is_key = True
        evidence.save(update_fields=["is_key"])

    def _change(self, field: str, old: str, new: str, *, by: "Person", why: str) -> Change:
        return Change(
            ticket=self,
            ticket_version=self.version,
            field=field,
            old=old,
            new=new,
            by=by,
            why=why[:200],
        )

    def _record(self, field: str, old: str, new: str, *, by: "Person", why: str) -> None:
        self._change(field, old, new, by=by, why=why).save()

    def _record_figures(
        self,
        progress: Progress,
        figures: Mapping[Indicator, tuple[Decimal | None, Decimal | None]],
    ) -> None:
        for indicator, (done, total) in figures.items():
            if (done, total) == (indicator.done, indicator.total):
                continue
            Figure.objects.create(
                progress=progress,
                indicator=indicator,
                old_done=indicator.done,
                done=done,
                old_total=indicator.total,
                total=total,
            )
            indicator.done, indicator.total = done, total
            indicator.save(update_fields=["done", "total"])

    def _finish_measures(self, done: set[int], by: "Person") -> None:
        for measure in self.measures.all():
            is_done = measure.pk in done
            if is_done == (measure.done_on is not None):
                continue
            measure.done_on = timezone.localdate() if is_done else None
            measure.save(update_fields=["done_on"])
            words = ("未完成", "已完成") if is_done else ("已完成", "未完成")
            self._record(measure.label, *words, by=by, why="填报进展")


def _waiting_for_review_by(person: "Person") -> Q:
    """That a ticket waits for a role which this person holds, or is lent, for its unit.

    A registered responsible leader reviews alone; nobody reviews what they answer for, what they
    submitted, or the same submission twice.
    """
    waiting = Q(pk__in=[])
    for duty in person.deciding_duties:
        within = Q(review_role=duty.role, lead_unit__path__startswith=duty.unit.path)
        if duty.role == Role.LEADER:
            within &= Q(leader=None) | Q(leader=duty.person_id)
        if duty.person_id != person.pk:
            within &= _is_not_party_to(duty.person_id)
        waiting |= within
    return waiting & _is_not_party_to(person.pk)


def _is_not_party_to(person: int) -> Q:
    """That somebody neither answers for a ticket nor submitted or reviewed what is in review."""
    in_review = SignOff.objects.filter(cycle__closed_on=None).exclude(opinions__is_approval=False)
    handled = in_review.filter(
        Q(submitter=person) | Q(opinions__by=person) | Q(opinions__acting_for=person)
    )
    return ~Q(person=person) & ~Q(pk__in=handled.values("ticket"))


def _named(measures: Iterable[Measure]) -> str:
    """措施一、三: how people name several measures at once."""
    numbers = [measure.number or str(measure.order) for measure in measures]
    return f"措施{'、'.join(numbers)}" if numbers else ""


def _in_words(field: models.Field, value: Any) -> str:
    """A value as the change history prints it."""
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value)
