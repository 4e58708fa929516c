"""What every request gets: a number for the log, and a session that ends when nobody works."""

import logging
import uuid
from contextvars import ContextVar

from django.contrib.auth import SESSION_KEY
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

_request_id: ContextVar[str] = ContextVar("request_id", default="-")

# Writing the session on every page would take SQLite's one write lock for a mere glance.
RENEW_AFTER_SECONDS = 60


class RequestIdFilter(logging.Filter):
    """Gives every log record the number of the request that it belongs to, or a dash."""

    def filter(self, record):
        record.request_id = _request_id.get()
        return True


class ShortWarningFilter(logging.Filter):
    """Leaves a warning one line long: a refused page is no fault whose traceback anyone reads."""

    def filter(self, record):
        if record.levelno < logging.ERROR:
            record.exc_info = record.exc_text = None
        return True


def number_requests(get_response):
    """Number each request; the same number is in the log and in the X-Request-ID header.

    A number that the client sends is ignored, since it could forge lines of the log.
    """

    def middleware(request):
        # Not cleared at the end: Django logs a 404 only after the last middleware has returned.
        _request_id.set(uuid.uuid4().hex[:12])
        response = get_response(request)
        response["X-Request-ID"] = _request_id.get()
        return response

    return middleware


def guard_sessions(get_response):
    """Renew the idle time of who is signed in, and keep their pages out of every cache.

    SESSION_COOKIE_AGE counts from the last write of the session, so the idle time may be up to
    a minute shorter than set. Anonymous pages get no session.
    """

    def middleware(request):
        signed_in = SESSION_KEY in request.session
        if signed_in:
            now = int(timezone.now().timestamp())
            if now - request.session.get("renewed_at", 0) >= RENEW_AFTER_SECONDS:
                request.session["renewed_at"] = now
        response = get_response(request)
        if signed_in:
            # On a shared computer the back button must not show the last person's tickets.
            add_never_cache_headers(response)
        return response

    return middleware
