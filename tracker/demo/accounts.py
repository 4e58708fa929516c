"""Accounts that are not simply in use: one waits for its role, one is locked out."""

from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone

from tracker.choices import Role
from tracker.demo import cast
from tracker.demo.plans import Scene
from tracker.models import MembershipProposal, Person, Unit


def new_colleague() -> None:
    """待授权: made by the system administrator, of no use until another one grants the role."""
    system = Person.objects.get(username="xitong")
    newcomer = Person(username="luzhiyao", name="陆知遥", title="科员")
    newcomer.issue_secret(timezone.now())
    newcomer.save()
    MembershipProposal.objects.create(
        person=newcomer,
        unit=Unit.objects.get(name="办公室", parent__name=cast.TRANSPORT),
        role=Role.STAFF,
        proposed_by=system,
    )


def lock_out() -> None:
    """Too many wrong passwords just now; it opens by itself, or by the security administrator."""
    AccessAttempt.objects.create(
        username=cast.LOCKED_OUT,
        ip_address="192.0.2.18",
        path_info="/login/",
        failures_since_start=settings.AXES_FAILURE_LIMIT,
    )


SCENES = (Scene(1, new_colleague),)
