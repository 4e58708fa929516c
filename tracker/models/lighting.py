"""`lights.Bands.judge` said in SQL, so that lists can filter and sort by the light of a ticket."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime, time

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone

from tracker import lights, workflow
from tracker.choices import Condition, Kind, Light, Status
from tracker.lights import Bands, Edge
from tracker.models.progress import Progress
from tracker.models.transition import Transition


def judged(
    bands: Bands, on: date, say: Callable[[Light], str | int | bool], output_field: models.Field
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


def among(wanted: Collection[Light], bands: Bands, on: date) -> Case:
    """Whether what these bands say is one of some lights, as an expression.

    Bands after the last of these are not asked: what is late is known without its records. OK,
    which is what is left when no band holds, cannot be wanted.
    """
    lamps = list(bands)
    while lamps and lamps[-1].light not in wanted:
        lamps.pop()
    asked = replace(bands, lamps=lamps)
    return judged(asked, on, lambda light: light in wanted, models.BooleanField())


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
