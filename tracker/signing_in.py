"""What a login leaves behind: in the session, on the account, and among the open sessions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from tracker import audit
from tracker.choices import AuditKind
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
    _keep_to_the_limit(user, session)
    user.last_login_ip = ip
    user.save(update_fields=["last_login_ip"])


def _keep_to_the_limit(person: Person, session) -> None:
    """End the sessions of this person that are too many, and leave word for this one of which."""
    ended = person.visits.all().make_room(session.session_key, settings.SESSIONS_AT_ONCE)
    if not ended:
        return
    places = [f"{timezone.localtime(each.began_at):%m-%d %H:%M}登录，{each.ip}" for each in ended]
    session["made_room"] = places
    reason = f"同时登录超过{settings.SESSIONS_AT_ONCE}处"
    audit.record(person, AuditKind.SESSION, person, before={"会话": places}, reason=reason)


def why_it_ended(session_key: str) -> str:
    """What to tell a browser whose session is gone; nothing where nobody was signed in."""
    visit = Visit.objects.filter(session_key=session_key).first()
    if visit is None:
        return ""
    if visit.gave_way:
        return (
            f"您的账号在别处登录，同时登录不能超过{settings.SESSIONS_AT_ONCE}处，这里已退出。"
            "不是您本人登录的，请重新登录并立即修改密码。"
        )
    return "登录已失效，请重新登录。"


def needs_second_factor(request: HttpRequest) -> bool:
    """True until a one-time password was given, for whoever has one or must have one."""
    said = request.session.get(SECOND_FACTOR)
    return said == WANTED or (said != GIVEN and bool(request.user.post) and settings.ADMIN_TOTP)


def is_own_password(request: HttpRequest, password: str) -> bool:
    """Ask once more who sits there; a wrong one counts as a login that failed, five lock."""
    person = authenticate(request, username=request.user.username, password=password)
    return person is not None and person.pk == request.user.pk


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
