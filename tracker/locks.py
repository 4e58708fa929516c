"""Which names are locked out of the login for now; counting and locking is django-axes'."""

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from tracker.models import Person


def is_locked(person: Person) -> bool:
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    attempts = AccessAttempt.objects.filter(
        username=person.username.lower(), attempt_time__gte=since
    )
    failures = attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0
    return failures >= settings.AXES_FAILURE_LIMIT


def unlock(person: Person) -> None:
    reset(username=person.username.lower())
