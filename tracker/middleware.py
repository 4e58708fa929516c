"""What every request gets: a number for the log, and a session that ends when nobody works."""

import uuid
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect, reselect, reswap, retarget

from tracker import audit, policy, refusals, signing_in
from tracker.choices import AuditKind, AuditResult
from tracker.logs import request_id

# Writing the session on every page would take SQLite's one write lock for a mere glance.
RENEW_AFTER_SECONDS = 60


def number_requests(get_response):
    """Number each request; the same number is in the log and in the X-Request-ID header.

    A number that the client sends is ignored, since it could forge lines of the log.
    """

    def middleware(request):
        # Not cleared at the end: Django logs a 404 only after the last middleware has returned.
        request.id = uuid.uuid4().hex[:12]
        request_id.set(request.id)
        with audit.asked_by(request):
            response = get_response(request)
        response["X-Request-ID"] = request.id
        return response

    return middleware


def guard_sessions(get_response):
    """End a session that is idle or too old, renew that of who works, keep pages out of caches.

    The idle time is written once a minute at most, so it may be up to a minute shorter than set.
    A part of a page that fetches itself anew says so (`hx-headers='{"X-Polling": "1"}'`) and
    renews nothing: an empty chair is not work. Anonymous pages get no session.
    """

    def middleware(request):
        session = request.session
        if SESSION_KEY in session:
            now = int(timezone.now().timestamp())
            idle = now - session.get("renewed_at", now)
            age = now - session.setdefault("began_at", now)
            if idle > settings.SESSION_COOKIE_AGE or age > settings.SESSION_HOURS * 3600:
                session.flush()
            elif "X-Polling" not in request.headers and (
                now - session.get("renewed_at", 0) >= RENEW_AFTER_SECONDS
            ):
                session["renewed_at"] = now
        signed_in = SESSION_KEY in session
        response = get_response(request)
        if signed_in:
            # On a shared computer the back button must not show the last person's tickets.
            add_never_cache_headers(response)
        return response

    return middleware


def tell_why_it_ended(get_response):
    """Say on the next page why a session is gone, once: the answer takes its cookie away."""

    def middleware(request):
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if key and SESSION_KEY not in request.session:
            words = signing_in.why_it_ended(key)
            if words:
                messages.warning(request, words)
        return get_response(request)

    return middleware


def keep_what_was_typed(get_response):
    """Where the login is asked for in the middle of work, lose no words, put no page into a part.

    A form that was sent is shown to be copied, with the way to the login; a part that a page on
    screen asks for leads the whole page there.
    """

    def middleware(request):
        response = get_response(request)
        login = reverse("login")
        asks_to_sign_in = response.status_code == 302 and response.url.startswith(
            (f"{login}?", f"{reverse('admin:login')}?")
        )
        if not asks_to_sign_in or request.user.is_authenticated:
            return response
        is_part = "HX-Request" in request.headers
        back = f"{login}?next={quote(_page_on_screen(request))}"
        if request.method == "POST":
            context, status = {"login": back}, 200 if is_part else 403
            typed = render(request, "tracker/signed_out.html", context, status=status)
            return reselect(reswap(retarget(typed, "#main"), "innerHTML"), "#main > *")
        if is_part:
            return HttpResponseClientRedirect(back)
        return response

    return middleware


def _page_on_screen(request) -> str:
    """The page from which something was sent or asked for; what was asked for may be no page."""
    sent_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    page = urlsplit(sent_from)
    if not page.path or (request.method == "GET" and page.path == request.path):
        # The same page, asked for with another filter.
        return request.get_full_path()
    return page.path + (f"?{page.query}" if page.query else "")


# Where somebody who has not finished signing in may go.
_ALWAYS_OPEN = {"login", "logout"}
_FOR_SECOND_FACTOR = {"account:token", "account:set-up", "account:qr-code"}
_FOR_PASSWORD = {"password_change", "password_change_done"}


def finish_signing_in(get_response):
    """Let nobody go on who owes a one-time password or a new password of their own."""

    def middleware(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        name = request.resolver_match.view_name
        if name in _ALWAYS_OPEN or SESSION_KEY not in request.session:
            return None
        if not request.user.is_authenticated:
            return None
        if signing_in.needs_second_factor(request):
            return None if name in _FOR_SECOND_FACTOR else _lead_to(request, "account:token")
        if request.user.needs_new_password(timezone.now()):
            return None if name in _FOR_PASSWORD else _lead_to(request, "password_change")
        return None

    middleware.process_view = process_view
    return middleware


def _lead_to(request, name):
    """Redirect the page, and not only the part of it that htmx asked for."""
    if "HX-Request" in request.headers:
        return HttpResponseClientRedirect(reverse(name))
    return redirect(name)


def keep_posts_apart(get_response):
    """三员分立: who holds one of the three posts gets no page of the business, whatever it is.

    Said once for every page there is and will be: the app `tracker` is business, and the admin
    and the account pages ask `policy` themselves.
    """

    def middleware(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        if "tracker" not in request.resolver_match.app_names:
            return None
        person = request.user
        if not (person.is_authenticated and person.post):
            return None
        if request.resolver_match.view_name == "tracker:workbench":
            return redirect(front_page(person))
        raise PermissionDenied

    middleware.process_view = process_view
    return middleware


def front_page(person) -> str:
    """Where a person's work begins."""
    if policy.serves(person, "audit"):
        return reverse("audit:trail")
    return reverse("admin:index") if person.post else reverse("tracker:workbench")


def record_refusals(get_response):
    """Write down who was refused what: a page, an object that is not theirs, a move.

    Only for people who are signed in: strangers get no further than the login, and could fill
    the trail. A page that does not exist at all is nobody's secret.
    """

    def middleware(request):
        with refusals.listening() as reasons:
            response = get_response(request)
        match = request.resolver_match
        out_of_reach = response.status_code == 404 and match and match.kwargs
        if (
            response.status_code == 403 or out_of_reach or reasons
        ) and request.user.is_authenticated:
            audit.record(
                request,
                AuditKind.REFUSED,
                f"{request.method} {request.path}",
                result=AuditResult.REFUSED,
                reason="；".join(reasons) or f"{response.status_code} {match and match.view_name}",
            )
        return response

    return middleware
