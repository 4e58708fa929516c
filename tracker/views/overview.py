from django.contrib.auth.decorators import login_required
from django.http import Http404, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker import statistics
from tracker.models import Holiday, Inspection, Ticket


@require_safe
@login_required
def overview(request):
    """Show how everything in the reader's sight stands, or what one inspection found of it."""
    today = timezone.localdate()
    calendar = Holiday.objects.calendar()
    inspections = list(Inspection.objects.visible_to(request.user).select_related("round", "unit"))
    tickets = Ticket.objects.visible_to(request.user).with_light(today)
    scope = QueryDict(mutable=True)
    picked = None
    if wanted := request.GET.get("inspection"):
        picked = next((one for one in inspections if str(one.pk) == wanted), None)
        if picked is None:
            raise Http404
        tickets = tickets.filter(inspection=picked)
        scope["inspection"] = wanted
    page = statistics.overview(tickets, request.user, today, calendar)
    focus = statistics.focus(picked, today, calendar) if picked else None
    context = {
        "page": page,
        "inspections": inspections,
        "picked": picked,
        "focus": focus,
        "gap": focus and statistics.Gap(page.total.percent or 0.0, focus.time_percent),
        # What every link to the list carries, so that its rows are the number that was clicked.
        "scope": scope,
        "open_statuses": statistics.OPEN_STATUSES,
        "pressing": statistics.PRESSING,
        "now": timezone.now(),
    }
    return render(request, "tracker/overview.html", context)
