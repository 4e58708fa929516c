from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker import dashboard
from tracker.filtersets import TicketFilterSet
from tracker.frame import IN_TOOLBAR, conditions, hidden_fields
from tracker.models import Unit
from tracker.models.unit import told_apart
from tracker.overview_page import overview_page
from tracker.statistics import UnitTally


@require_safe
@login_required
def overview(request):
    """Show how everything in the reader's sight stands, or one inspection, unit or leader of it."""
    shown = overview_page(request)
    tickets, filterset = shown["tickets"], shown["filter"]
    units = _units(filterset, shown["page"].units)
    shown |= conditions(filterset, units, but=("since", "changed")) | {
        "units": units,
        "hidden": hidden_fields(filterset.query, (*IN_TOOLBAR, "since", "changed")),
        "leaders": filterset.but("leader", "changed").named_leaders(),
        "decisions": dashboard.decisions(tickets),
        "blocked": dashboard.blocked(tickets),
    }
    return render(request, "tracker/overview.html", shown)


def _units(filterset: TicketFilterSet, shown: list[UnitTally]) -> dict[int, str]:
    """The units to choose from: those that the page shows, or all if it shows one by choice."""
    if not filterset.chosen.get("unit"):
        return {one.pk: one.name for one in shown}
    leading = filterset.but("unit", "own", "changed").order_by().values("lead_unit")
    return told_apart(Unit.objects.filter(pk__in=leading).select_related("parent"))
