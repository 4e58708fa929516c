from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker.legends import Lamps
from tracker.models import Holiday, Ticket
from tracker.models.extension import askable
from tracker.workbench import workbench as gather

# What the shortcuts of the page lead to, once a ticket is picked: label and view.
PICKS = {
    "extension": ("申请延期", "tracker:ticket-extension"),
    "evidence": ("上传佐证", "tracker:ticket-evidence"),
}
MOST_PICKS = 50


@require_safe
@login_required
def workbench(request):
    """The first page after login: what this person must do today."""
    calendar, lamps = Holiday.objects.calendar(), Lamps(request.user)
    bench = gather(request.user, timezone.localdate(), calendar, lamps.bands(calendar))
    return render(request, "tracker/workbench.html", {"bench": bench, "lamps": lamps})


@require_safe
@login_required
def pick(request, task: str):
    """Pick one of the person's own tickets for what a shortcut is about."""
    if task not in PICKS:
        raise Http404
    label, view = PICKS[task]
    on, tickets = timezone.localdate(), Ticket.objects.visible_to(request.user)
    if task == "extension":
        found = askable(tickets, request.user, on)
    else:
        found = tickets.awaiting("report", request.user)
    found = found.with_light(on).select_related("lead_unit", "inspection")
    context = {
        "task": task,
        "label": label,
        "view": view,
        "calendar": Holiday.objects.calendar(),
        "tickets": found.order_by(F("due_on").asc(nulls_last=True), "pk").first_rows(MOST_PICKS),
    }
    return render(request, "tracker/pick.html", context)
