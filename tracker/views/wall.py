from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker.filtersets import TicketFilterSet
from tracker.models import Inspection
from tracker.wall_chart import wall_chart


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
        return redirect("tracker:inspection-wall", newest.pk)
    if picked:
        raise Http404
    return render(request, "tracker/wall_empty.html")


@require_safe
@login_required
def inspection_wall(request, pk):
    """Show one inspection as the merged ledger; the filters are those of the ticket list."""
    inspections = Inspection.objects.visible_to(request.user).select_related("round", "unit")
    inspection = get_object_or_404(inspections, pk=pk)
    today = timezone.localdate()
    tickets = inspection.tickets.visible_to(request.user).for_list(today)
    tickets = tickets.with_was_late(today).with_names()
    filterset = TicketFilterSet(request.GET, queryset=tickets, request=request)
    chart = wall_chart(
        inspection,
        visible=tickets,
        chosen=filterset.of_any_light,
        shown=filterset.qs,
        on=today,
        calendar=inspection.round.bands.calendar,
    )
    context = {
        "chart": chart,
        "inspection": inspection,
        "bands": inspection.round.bands,
        "inspections": inspections,
        "filter": filterset,
        "in_full": request.GET.get("text") == "full",
        "now": timezone.now(),
    }
    return render(request, "tracker/wall.html", context)
