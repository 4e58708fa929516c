from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker import common_problems, dashboard, policy, statistics
from tracker.figures import BASES, basis_of, figures
from tracker.filtersets import FED_BACK, FOUND, TicketFilterSet
from tracker.frame import IN_TOOLBAR, conditions, hidden_fields, view_links
from tracker.legends import Lamps
from tracker.models import Holiday, Inspection, Ticket, Unit
from tracker.models.unit import told_apart
from tracker.statistics import UnitTally


@require_safe
@login_required
def overview(request):
    """Show how everything in the reader's sight stands, or one inspection, unit or leader of it."""
    shown = overview_context(request)
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


def overview_context(request: HttpRequest) -> dict:
    """What both the page of the address and its file show."""
    today = timezone.localdate()
    calendar = Holiday.objects.calendar()
    inspections = list(Inspection.objects.visible_to(request.user).select_related("round", "unit"))
    lamps = Lamps(request.user)
    bands = lamps.bands(calendar)
    visible = Ticket.objects.visible_to(request.user).with_light(today, bands=bands)
    visible = visible.with_was_late(today)
    filterset = TicketFilterSet(request.GET, queryset=visible, request=request)
    if filterset.errors:
        # What is not the reader's own is not there.
        raise Http404
    # What changed is counted below; it does not narrow what it is counted of.
    tickets = filterset.but("changed")
    # Totals are of what was fed back; what units found besides has totals of its own.
    counted = statistics.courses(tickets)
    found_count = sum(course.count for course in counted if not course.is_fed_back)
    shows_found = filterset.chosen.get("origin") == FOUND
    if not shows_found:
        tickets = tickets.fed_back()
        counted = [course for course in counted if course.is_fed_back]
    chosen = filterset.chosen.get("inspection")
    picked = next((one for one in inspections if chosen and one.pk == chosen.pk), None)
    since = filterset.changed_from
    page = statistics.overview(tickets, counted, request.user, today, calendar, since)
    fed = dashboard.fed_back(counted)
    outcomes = figures(tickets, today)
    basis = basis_of(request.GET.get("basis"))
    focus = statistics.focus(picked, today, calendar) if picked else None
    rounds = {one.round for one in inspections if picked is None or one == picked}
    # What every link to the list carries, so that its rows are the number that was clicked.
    scope = filterset.query
    for name in ("since", "changed"):
        scope.pop(name, None)
    if found_count and not shows_found:
        scope["origin"] = FED_BACK
    return {
        "page": page,
        # The frame shows the lights that were asked for once, above.
        "lamps": lamps,
        "filter": filterset,
        "inspections": inspections,
        "tickets": tickets,
        "picked": picked,
        "found_count": found_count,
        "shows_found": shows_found,
        "focus": focus,
        "gap": focus and statistics.Gap(page.total.percent or 0.0, focus.time_percent),
        "figures": outcomes,
        "rate": outcomes.rate(basis),
        "bases": BASES.values(),
        "ages": fed.ages(today),
        "fed_by_week": [fed.until(week.ends_on) for week in page.weeks],
        "common_problems": common_problems.among(tickets),
        "common_rule": common_problems.RULE,
        "ranking": dashboard.ranking(page.units)
        if rounds and all(one.ranks_units for one in rounds)
        else None,
        "rank_rule": dashboard.RANK_RULE,
        "scope": scope,
        "views": view_links("overview", filterset.query),
        "open_statuses": statistics.OPEN_STATUSES,
        "pressing": statistics.PRESSING,
        "watched": statistics.WATCHED,
        "may_press": policy.may(request.user.roles, "press"),
        "now": timezone.now(),
    }
