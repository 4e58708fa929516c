"""What several views ask for first: the ticket in sight, and a person who is signed in."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django_htmx.http import reswap, retarget

from tracker.models import Ticket


def ticket_in_sight(request: HttpRequest, pk: int) -> Ticket:
    """The ticket with all that its page shows, or 404 where the reader may not see it."""
    tickets = Ticket.objects.visible_to(request.user).for_page(timezone.localdate())
    return get_object_or_404(tickets, pk=pk)


def signed_in_or_told(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """As `login_required`, but what was typed in a session that has ended is not lost.

    A form that was sent is shown to be copied, with the way to the login; in a page that is still
    on screen only a line appears, and the form stays as it is.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.htmx:
            response = render(request, "tracker/_signed_out.html")
            return reswap(retarget(response, "#draft-state"), "innerHTML")
        if request.method == "POST":
            return render(request, "tracker/signed_out.html", status=403)
        return redirect_to_login(request.get_full_path())

    return wrapped
