"""Accounts that somebody must see to: those that nobody uses, and those of people who have left."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker.choices import AccountConcern
from tracker.models import Measure, Person, Ticket


def unused(now: datetime, days: int | None = None) -> QuerySet[Person]:
    """Accounts that can sign in and have not done so for so many days, or not since they exist."""
    since = now - timedelta(days=days or settings.DORMANT_DAYS)
    last = Q(last_login__lt=since) | Q(last_login=None, date_joined__lt=since)
    return Person.objects.filter(last, is_active=True)


def people_of(concern: str, now: datetime) -> QuerySet[Person]:
    """The people to whom this applies; a person may be found under several."""
    if concern == AccountConcern.UNUSED:
        return unused(now)
    without_role = Q(memberships=None, post="")
    if concern == AccountConcern.WITHOUT_ROLE:
        return Person.objects.filter(without_role, is_active=True)
    held = Ticket.objects.open()
    own = (Q(leader=OuterRef("pk")), Q(person=OuterRef("pk")), Q(reporter=OuterRef("pk")))
    measures = Measure.objects.filter(
        person=OuterRef("pk"), done_on=None, ticket__in=held.values("pk")
    )
    still_holds = Exists(measures)
    for part in own:
        still_holds |= Exists(held.filter(part))
    return Person.objects.filter(without_role | Q(is_active=False)).filter(still_holds)


def counts(now: datetime) -> list[tuple[AccountConcern, int]]:
    """How many people each concern applies to, without those that apply to nobody."""
    found = [(concern, people_of(concern, now).count()) for concern in AccountConcern]
    return [(concern, count) for concern, count in found if count]
