from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker import changes
from tracker.filtersets import tidy
from tracker.frame import IN_TOOLBAR, conditions, hidden_fields, view_links
from tracker.ledger_columns import COLUMNS, SETS
from tracker.models import Inspection
from tracker.wall_page import wall_asked, wall_page


@require_safe
@login_required
def wall(request):
    """Go to the wall of the newest inspection in sight, or of the one that was picked."""
    inspections = Inspection.objects.visible_to(request.user)
    if picked := request.GET.get("inspection"):
        if not picked.isdecimal():
            raise Http404
        inspections = inspections.filter(pk=picked)
    newest = inspections.first()
    if newest:
        # The filter of another view comes along; which inspection, the address itself says.
        kept = tidy(request.GET)
        kept.pop("inspection", None)
        address = reverse("tracker:inspection-wall", args=[newest.pk])
        return redirect(f"{address}?{kept.urlencode()}" if kept else address)
    if picked:
        raise Http404
    return render(request, "tracker/wall_empty.html")


@require_safe
@login_required
def inspection_wall(request, pk):
    """Show one inspection as the merged ledger; the filters are those of the ticket list."""
    inspections = Inspection.objects.visible_to(request.user).for_page()
    inspection = get_object_or_404(inspections, pk=pk)
    page = wall_page(wall_asked(request, inspection))
    filterset, since = page.filter, page.filter.changed_from
    elsewhere = filterset.query
    elsewhere["inspection"] = inspection.pk
    context = conditions(filterset, page.chart.units) | {
        "page": page,
        "chart": page.chart,
        "inspection": inspection,
        "bands": inspection.round.bands,
        "inspections": inspections,
        "found_count": page.found_count,
        "shows_found": page.shows_found,
        "filter": filterset,
        "since": since,
        "changes": since and changes.summary(filterset.but("changed"), since),
        "views": view_links("wall", elsewhere),
        "hidden": hidden_fields(filterset.query, IN_TOOLBAR),
        "choice": page.choice,
        "columns": COLUMNS.values(),
        "sets": SETS,
        "may_amend": request.user.may("amend"),
        "in_full": request.GET.get("text") == "full",
        "now": timezone.now(),
    }
    return render(request, "tracker/wall.html", context)
