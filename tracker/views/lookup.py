"""What several views ask for first: the ticket in sight, and a person who is signed in."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django_htmx.http import reswap, retarget

from tracker.audit import trace_if_restricted
from tracker.models import Evidence, Ticket


def ticket_in_sight(request: HttpRequest, pk: int, *related: str) -> Ticket:
    """The ticket with all that its page shows, or 404 where the reader may not see it.

    With `related` only these are fetched beside it. Whoever looks at a restricted ticket
    (限定知悉) leaves a trace for the auditor, or does not get to see it.
    """
    tickets = Ticket.objects.visible_to(request.user)
    if related:
        tickets = tickets.select_related(*related)
    else:
        tickets = tickets.for_page(timezone.localdate())
    ticket = get_object_or_404(tickets, pk=pk)
    trace_if_restricted(request, ticket)
    return ticket


def evidence_in_sight(request: HttpRequest, pk: int, files: QuerySet[Evidence]) -> Evidence:
    """One of these files, or 404 where the reader may not see its ticket; traced like it."""
    file = get_object_or_404(files.visible_to(request.user).select_related("ticket"), pk=pk)
    trace_if_restricted(request, file.ticket, file)
    return file


def signed_in_or_told(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """As `login_required`, but in a page still on screen a line appears, and its form stays.

    For forms that say how they are saved; any other is shown to be copied, by the middleware.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.htmx:
            response = render(request, "tracker/_signed_out.html")
            return reswap(retarget(response, "#draft-state"), "innerHTML")
        return redirect_to_login(request.get_full_path())

    return wrapped
