"""What the frame of every page needs, whatever the view."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from tracker import policy
from tracker.legends import Lamps


def chrome(request: HttpRequest) -> dict:
    """Return the organisation's name, today, and whether the import is offered.

    Costs at most one query a request: the person keeps their duties once they are read.
    """
    # An error page may be shown before the middleware knew who asks.
    person = getattr(request, "user", None)
    return {
        "org_name": settings.TRACKER_ORG_NAME,
        "today": timezone.localdate(),
        "lamps": Lamps(person if person is not None and person.is_authenticated else None),
        "may_look_back": person is not None
        and person.is_authenticated
        and policy.may(person.roles, "look_back"),
        "may_screen": person is not None
        and person.is_authenticated
        and policy.may(person.roles, "screen"),
        "may_import": person is not None and policy.may_import(person),
    }
