"""大屏: the displays that an office has hung up, and what a display itself asks for."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker.forms.screen import ScreenForm
from tracker.legends import Lamps
from tracker.models import Screen
from tracker.screen_page import picture, shell_of, state_of

PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def screen_list(request: HttpRequest) -> HttpResponse:
    """Show the displays of the reader's office with their last use, and make a new one."""
    if not request.user.may("screen"):
        raise Http404
    form = ScreenForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        screen, secret = Screen.issue(
            by=request.user,
            name=form.cleaned_data["name"],
            subject=form.cleaned_data["subject"],
            masks_names=form.cleaned_data["masks_names"],
        )
        path = reverse("tracker:screen", args=[secret])
        request.session["screen_address"] = request.build_absolute_uri(path)
        messages.success(request, f"已设置大屏“{screen.name}”。")
        return redirect("tracker:screen-list")
    screens = Screen.objects.in_reach_of(request.user).for_list()
    # The live ones first, on every database.
    screens = screens.order_by(F("revoked_at").asc(nulls_first=True), "-pk")
    context = {
        "form": form,
        "page": Paginator(screens, PER_PAGE).get_page(request.GET.get("page")),
        # Shown once, right after it was made.
        "address": request.session.pop("screen_address", None),
    }
    return render(request, "tracker/screen_list.html", context)


@require_POST
@login_required
def screen_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    screen = get_object_or_404(Screen.objects.in_reach_of(request.user), pk=pk)
    screen.revoke(by=request.user)
    messages.success(request, f"大屏“{screen.name}”的地址已作废。")
    return redirect("tracker:screen-list")


# -- what a display asks for: the address is the key, and there is no session ---------------------


@require_safe
@never_cache
def screen(request: HttpRequest, secret: str) -> HttpResponse:
    """The whole page. Without a script it asks for itself anew, each time for the next turn."""
    shown, now = _opened(secret)
    turn = request.GET.get("turn", "")
    turn = int(turn) % 1000 if turn.isdecimal() else 1
    context, part = _drawn(shown, now, turn)
    path = reverse("tracker:screen", args=[secret])
    context |= {
        "picture": part,
        "etag": _etag(shown, now, part),
        "as_of": _as_of(now),
        "as_of_words": f"{timezone.localtime(now):%H:%M}",
        "every": settings.SCREEN_SECONDS,
        "turn_every": settings.SCREEN_TURN_SECONDS,
        "picture_url": reverse("tracker:screen-picture", args=[secret]),
        "next_url": f"{path}?turn={turn + 1}",
    }
    return HttpResponse(render_to_string("tracker/screen.html", context))


@require_safe
@never_cache
def screen_picture(request: HttpRequest, secret: str) -> HttpResponse:
    """The picture alone, if it is another than the display has.

    The tag says by its first half how far the records are: if they have not moved, nothing is
    counted. Its second half is of the picture itself, which other units' records leave as it is.
    """
    shown, now = _opened(secret)
    has = request.headers.get("If-None-Match", "").removeprefix("W/").strip('"')
    state, _, had = has.partition(".")
    if had and state == state_of(shown, timezone.localdate(now)):
        response = HttpResponseNotModified()
        response["ETag"] = f'"{has}"'
    else:
        _, part = _drawn(shown, now)
        etag = _etag(shown, now, part)
        is_same = had == etag.strip('"').partition(".")[2]
        response = HttpResponseNotModified() if is_same else HttpResponse(part)
        response["ETag"] = etag
    response["X-As-Of"] = _as_of(now)
    return response


def _opened(secret: str) -> tuple[Screen, datetime]:
    shown = Screen.objects.for_picture().opened_by(secret)
    if shown is None:
        raise Http404
    now = timezone.now()
    shown.note_use(now)
    return shown, now


def _drawn(shown: Screen, now: datetime, turn: int = 1) -> tuple[dict, str]:
    """The picture, rendered without the request: it must not know who asks."""
    on = timezone.localdate(now)
    page = picture(shown, on, turn)
    context = {"page": page, "screen": shown, "on": on, "lamps": Lamps(None)}
    if shown.inspection:
        context["bands"] = shown.inspection.round.bands
    context["shell"] = shell_of(page, shown)
    return context, render_to_string("tracker/_screen.html", context)


def _etag(shown: Screen, now: datetime, part: str) -> str:
    content = hashlib.sha256(part.encode()).hexdigest()[:16]
    return f'"{state_of(shown, timezone.localdate(now))}.{content}"'


def _as_of(now: datetime) -> str:
    return timezone.localtime(now).isoformat(timespec="seconds")
