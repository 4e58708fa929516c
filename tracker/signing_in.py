"""What a login leaves behind: in the session, on the account, and among the open sessions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from tracker.client import client_ip
from tracker.models import Person, Visit

# Days before a password runs out on which the person is told.
REMIND_AT = (14, 7, 1)
# What a session says of the second factor; without a word of it, none is needed.
SECOND_FACTOR, WANTED, GIVEN = "second_factor", "wanted", "given"


def login_name(request: HttpRequest, credentials: dict | None = None) -> str:
    """The name as failures are counted: however it was typed, it is one account."""
    name = (credentials or {}).get("username") or request.POST.get("username") or ""
    return name.strip().lower()


@receiver(user_logged_in)
def remember(sender, request, user, **kwargs):
    """Begin the session; comes before Django writes the time of this login over the last."""
    now = timezone.now()
    session, ip = request.session, client_ip(request)
    session["began_at"] = session["renewed_at"] = int(now.timestamp())
    if user.last_login:
        session["last_login"] = [user.last_login.isoformat(), user.last_login_ip]
    if TOTPDevice.objects.filter(user=user, confirmed=True).exists():
        session[SECOND_FACTOR] = WANTED
    if session.session_key is None:
        # Somebody else was signed in here: their session was emptied and has no key yet.
        session.save()
    Visit.objects.update_or_create(
        session_key=session.session_key,  # the same where one signs in once more
        defaults={
            "person": user,
            "ip": ip,
            "agent": request.headers.get("User-Agent", "")[:200],
        },
    )
    user.last_login_ip = ip
    user.save(update_fields=["last_login_ip"])


def needs_second_factor(request: HttpRequest) -> bool:
    """True until a one-time password was given, for whoever has one or must have one."""
    said = request.session.get(SECOND_FACTOR)
    return said == WANTED or (said != GIVEN and bool(request.user.post) and settings.ADMIN_TOTP)


@dataclass(frozen=True, slots=True)
class LastLogin:
    at: datetime
    ip: str


def last_login(request: HttpRequest) -> LastLogin | None:
    """The login before this one, so that a stranger's would be noticed."""
    said = request.session.get("last_login")
    return LastLogin(datetime.fromisoformat(said[0]), said[1]) if said else None


def days_to_remind(person: Person, since: datetime | None, now: datetime) -> int | None:
    """How many days the password has left, if a day to tell it has come since the last login."""
    expires_at = person.password_expires_at
    if expires_at is None or expires_at <= now:
        return None
    left = ceil((expires_at - now) / timedelta(days=1))
    before = ceil((expires_at - since) / timedelta(days=1)) if since else max(REMIND_AT) + 1
    return left if any(left <= day < before for day in REMIND_AT) else None
