"""Files that wait to be read: kept, then read one by one, each by the request that asks for it.

Several requests may ask at once, from any worker: each takes another file. One that was taken
and never finished is given out again, so nothing is lost when a process or a browser goes.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from tracker.intake import drafting
from tracker.models import Person, Upload

# A list of outcomes is looked at the same day; what became of the files is in the drafts.
FORGOTTEN_AFTER = timedelta(days=7)
# How much longer than the reading itself a file may be away before another takes it.
GRACE_SECONDS = 60


def enqueue(files: Iterable[tuple[str, bytes]], *, by: Person) -> str:
    """Keep these files (name, content) to be read; return the group by which to ask for them."""
    Upload.objects.forget(timezone.now() - FORGOTTEN_AFTER)
    group = get_random_string(32)
    limit = Upload._meta.get_field("name").max_length
    Upload.objects.bulk_create(
        Upload(group=group, by=by, name=name[:limit], content=content) for name, content in files
    )
    return group


def read_next(group: str, *, by: Person) -> Upload | None:
    """Read one file of a group that nobody else is reading; None if there is none."""
    upload = _take(group, by)
    if upload is None:
        return None
    outcome = drafting.receive(
        bytes(upload.content), upload.name, by=by, today=timezone.localdate()
    )
    upload.outcome, upload.message = outcome.kind, outcome.message
    upload.draft, upload.bulletin = outcome.draft, outcome.bulletin
    upload.content = None
    upload.save()
    return upload


def _take(group: str, by: Person) -> Upload | None:
    now = timezone.now()
    given_up = now - timedelta(seconds=settings.TRACKER_READ_SECONDS + GRACE_SECONDS)
    free = Q(taken_at__isnull=True) | Q(taken_at__lt=given_up)
    waiting = Upload.objects.of(by).waiting().filter(free, group=group)
    for pk in waiting.values_list("pk", flat=True):
        # Only one of those who saw it free changes this row.
        if waiting.filter(pk=pk).update(taken_at=now):
            return Upload.objects.get(pk=pk)
    return None
