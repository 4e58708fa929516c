"""What lists ask of tickets: each method is a phrase that the office would say."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    Expression,
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

from tracker import workflow
from tracker.choices import Light, Origin, ReportingPeriod, ReportResult, Role, Status
from tracker.lights import PRESSING, Bands
from tracker.models.decision import Cycle, SignOff
from tracker.models.extension import Extension
from tracker.models.inspection import Inspection, Round
from tracker.models.lighting import among, judged
from tracker.models.progress import Progress, Verdict
from tracker.models.supervision import SupervisedQuerySet
from tracker.models.transition import SIGNED_BY, Transition
from tracker.models.unit import Unit
from tracker.periods import Period, period_of
from tracker.worktime import WorkCalendar

if TYPE_CHECKING:
    from tracker.models.person import Person

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
        helped = self.model.co_units.through.objects.filter(unit__in=units).values("ticket")
        if len(units) > FEW_UNITS:
            return self.filter(Q(lead_unit__in=units) | Q(pk__in=helped))
        # Of few units the tickets are few: each half has an index, which an OR would not use.
        led = self.model.objects.filter(lead_unit__in=units).order_by().values("pk")
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
            helping = self.model.co_units.through.objects.filter(unit__in=units).values("ticket")
            return waiting.filter(pk__in=helping).exclude(lead_unit__in=units)
        return waiting.filter(lead_unit__in=units)

    def with_light(
        self,
        on: date,
        calendar: WorkCalendar | None = None,
        bands: Mapping[int, Bands] | None = None,
    ) -> Self:
        """Annotate `light_on_day`: `lights.Bands.judge` said in SQL, so that lists can filter.

        `urgency` is its rank, to sort by; `round_key` tells a page whose lights they are. By
        `is_late` and `is_pressing` it costs less to filter. Two
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

        def in_its_round(judge: Callable[[Bands], Case], ok: str | int | bool, field) -> Expression:
            if not bands_of:
                # A bare number at the head of an order would be read as the place of a column.
                return Cast(Value(ok), field)
            each = {lamps: judge(bands) for lamps, bands in bands_of.items()}
            if len(each) == 1:
                return each.popitem()[1]
            return Case(
                *(
                    When(inspection__round__in=rounds[lamps], then=one)
                    for lamps, one in each.items()
                ),
                default=Value(ok),
                output_field=field,
            )

        def said(say: Callable[[Light], str | int], field) -> Expression:
            return in_its_round(lambda bands: judged(bands, on, say, field), say(Light.OK), field)

        def is_among(*wanted: Light) -> Expression:
            return in_its_round(lambda bands: among(wanted, bands, on), False, BooleanField())

        inspections = Inspection.objects.filter(pk=OuterRef("inspection")).order_by()
        # The rank is judged anew and not read off the light, which would repeat it nine times.
        return self.annotate(
            light_on_day=said(str, CharField()),
            urgency=said(list(Light).index, PositiveSmallIntegerField()),
            # Not by a join, which every count would make for nothing.
            round_key=Subquery(inspections.values("round")[:1]),
        ).alias(is_late=is_among(Light.LATE), is_pressing=is_among(*PRESSING))

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
        return self.filter(pk__in=Extension.objects.pending().order_by().values("ticket"))

    def named_leaders(self) -> list[str]:
        """Who answers for any of these, each once and in order."""
        named = self.with_names().exclude(leader_shown="").order_by("leader_shown")
        return list(named.values_list("leader_shown", flat=True).distinct())

    def with_extension_count(self) -> Self:
        """Annotate `extension_count`: how often more time was granted. 延期1次 is counted apart."""
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


def _owes_report_for(period: Period) -> Q:
    reported = Progress.objects.that_hold().filter(ticket=OuterRef("pk"), period_key=period.key)
    return Q(
        ~Exists(reported),
        status__in=workflow.REPORT_FROM,
        inspection__round__reporting_period=period.kind,
    )


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
