"""The views of one filter, the plan and the hand-over on sheets of paper.

All of them are grids dealt out to pages by `paper.pages`; what they show is what their page shows,
all of it and not only the first rows.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker import agenda
from tracker.figures import basis_of, figures
from tracker.legends import Lamps
from tracker.models import Handover, Inspection
from tracker.paper import chart, kanban, month, plan
from tracker.paper.grid import Grid, Head, Row, counted_in
from tracker.paper.handover import handover_grid
from tracker.paper.heading import day, facts_of, legend_of, title_of
from tracker.paper.pages import A3_LANDSCAPE, A4_LANDSCAPE, Paper
from tracker.plan_page import plan_page
from tracker.timeline import in_order
from tracker.views.boards import chart_of, grouping_of
from tracker.views.frame import Frame, frame
from tracker.views.papers import MOST_ON_PAPER, back_to, printed


def _grid(shared: Frame, name: str, heads: list[Head], rows: list[Row], **rest) -> Grid:
    """What stands around the rows is the same for every view of a filter."""
    request, inspection = shared.request, shared.inspection
    counted = figures(shared.filter.qs, shared.on)
    conditions = [
        f"{one.label}：{one.words}" if one.words else one.label
        for one in shared.filter.active()
        if one.name != "inspection" or inspection is None
    ]
    facts = facts_of(inspection, shared.on, counted, conditions)
    if counted.total > MOST_ON_PAPER:
        facts.append(f"纸上为前{MOST_ON_PAPER}项")
    return Grid(
        title=title_of(inspection, name, settings.TRACKER_ORG_NAME),
        facts=facts,
        heads=heads,
        rows=rows,
        legend=legend_of(rest.pop("of"), Lamps(request.user)),
        as_of=shared.on,
        counted=counted_in(counted, counted.rate(basis_of(request.GET.get("basis")))),
        inspection=inspection,
        set_label=name,
        **rest,
    )


def _timeline(shared: Frame) -> Grid:
    grouping = grouping_of(shared.request)
    tickets = list(in_order(shared.tickets, grouping)[:MOST_ON_PAPER])
    drawn = chart_of(shared, tickets, shared.context()["calendar"])
    rows = chart.chart_rows(drawn, grouping, Lamps(shared.request.user))
    return _grid(shared, "作战图", chart.chart_heads(grouping), rows, of=tickets, axis=drawn)


def _kanban(shared: Frame) -> Grid:
    found = shared.tickets.with_return_note().order_by("urgency", "due_on", "pk")
    tickets = list(found[:MOST_ON_PAPER])
    rows = kanban.kanban_rows(tickets, Lamps(shared.request.user))
    return _grid(shared, "看板", kanban.HEADS, rows, of=tickets)


def _calendar(shared: Frame) -> Grid:
    first = agenda.month_of(shared.request.GET.get("month", ""), shared.on)
    inspections = [shared.inspection] if shared.inspection else shared.inspections
    calendar = shared.context()["calendar"]
    person = shared.request.user
    shown = agenda.month(shared.bare, inspections, first, shared.on, calendar, person)
    rows = month.month_rows(shown, Lamps(shared.request.user))
    name = f"日历（{first.year}年{first.month}月）"
    tickets = [e.ticket for week in shown.weeks for d in week for e in d.events if e.light]
    return _grid(shared, name, month.HEADS, rows, of=tickets)


VIEWS: dict[str, tuple[Paper, Callable[[Frame], Grid]]] = {
    "timeline": (A3_LANDSCAPE, _timeline),
    "kanban": (A4_LANDSCAPE, _kanban),
    "calendar": (A4_LANDSCAPE, _calendar),
}


@require_safe
@login_required
@transaction.atomic
def view_print(request: HttpRequest, name: str) -> HttpResponse:
    """One of VIEWS under the filter of the address."""
    if not request.user.may("export"):
        raise Http404
    paper, grid_of = VIEWS[name]
    grid = grid_of(frame(request, name))
    return printed(request, grid, paper, back_to(request, reverse(f"tracker:{name}")))


@require_safe
@login_required
@transaction.atomic
def plan_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan of an inspection, as it is put before the party committee."""
    inspections = Inspection.objects.visible_to(request.user).select_related("round", "unit")
    inspection = get_object_or_404(inspections, pk=pk)
    page = plan_page(inspection, request.user)
    if page.plan is None or not request.user.may("export"):
        raise Http404
    on = timezone.localdate()
    partly = f"（仅您可见的，全部{page.total}项）" if page.is_partial else ""
    grid = Grid(
        title=title_of(inspection, "方案", settings.TRACKER_ORG_NAME),
        facts=[
            f"被巡察党组织：{inspection.unit_text or inspection.unit}",
            f"第{page.plan.edition}稿　{page.plan.get_status_display()}",
            f"集中整改期：{day(inspection.feedback_on)}至{day(inspection.focus_ends_on)}",
            f"截至：{day(on)}",
            f"共{len(page.rows)}项{partly}",
        ],
        heads=plan.HEADS,
        rows=plan.plan_rows(page.rows),
        legend=[],
        as_of=on,
        inspection=inspection,
        set_label="整改方案",
        signs=plan.SIGNS,
    )
    back = reverse("tracker:inspection-plan", args=[pk])
    return printed(request, grid, A4_LANDSCAPE, back)


@require_safe
@login_required
@transaction.atomic
def handover_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet of a hand-over, to be signed by both sides."""
    handover = get_object_or_404(Handover.objects.visible_to(request.user).for_list(), pk=pk)
    back = reverse("tracker:handover-detail", args=[pk])
    return printed(request, handover_grid(handover), A4_LANDSCAPE, back)
