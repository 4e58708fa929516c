"""The views of one filter, the plan and the hand-over on sheets of paper.

All of them are grids dealt out to pages by `paper.pages`; what they show is what their page shows,
all of it and not only the first rows, or nothing where that would be too much to read.
"""

from collections import Counter
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker import sheets
from tracker.agenda import MOST_IN_FEED
from tracker.dates import zh_date
from tracker.exports.making import ListDocument
from tracker.figures import basis_of
from tracker.frame import OF_FEEDBACK, Frame, frame
from tracker.legends import Lamps
from tracker.models import Handover, Inspection
from tracker.paper import chart, kanban, month, plan
from tracker.paper.grid import Grid, Head, Row
from tracker.paper.handover import handover_grid
from tracker.paper.heading import counted_words, title_of
from tracker.paper.leader import leader_grid
from tracker.paper.pages import A3_LANDSCAPE, A4_LANDSCAPE, Paper
from tracker.paper.scope import scope_of
from tracker.plan_page import plan_page
from tracker.timeline import in_order
from tracker.views.boards import chart_of, grouping_of, month_of
from tracker.views.papers import back_to, printed, too_long
from tracker.views.workbooks import index_table, matrix_table


def _may_export(request: HttpRequest) -> None:
    if not request.user.may("export"):
        raise Http404


def _grid(shared: Frame, name: str, heads: list[Head], rows: list[Row], **rest) -> Grid:
    """What stands around the rows is the same for every view of a filter."""
    lamps = Lamps(shared.request.user)
    scope = scope_of(shared.filter, lamps, shared.on, of_feedback=shared.name in OF_FEEDBACK)
    facts = [counted_words(scope.figures)]
    title = title_of(shared.inspection, name, settings.TRACKER_ORG_NAME)
    return scope.grid(title, heads, rows, facts=facts, set_label=name, **rest)


def _timeline(shared: Frame) -> Grid:
    grouping = grouping_of(shared.request)
    tickets = list(in_order(shared.tickets, grouping))
    drawn = chart_of(shared, tickets, shared.context()["calendar"])
    rows = chart.chart_rows(drawn, grouping, Lamps(shared.request.user))
    return _grid(shared, "作战图", chart.chart_heads(grouping), rows, axis=drawn)


def _kanban(shared: Frame) -> Grid:
    found = shared.tickets.with_return_note().order_by("urgency", "due_on", "pk")
    rows = kanban.kanban_rows(found, Lamps(shared.request.user))
    return _grid(shared, "看板", kanban.HEADS, rows)


VIEWS: dict[str, tuple[Paper, Callable[[Frame], Grid]]] = {
    "timeline": (A3_LANDSCAPE, _timeline),
    "kanban": (A4_LANDSCAPE, _kanban),
}


@require_safe
@login_required
@transaction.atomic
def view_print(request: HttpRequest, name: str) -> HttpResponse:
    """One of VIEWS under the filter of the address."""
    _may_export(request)
    paper, grid_of = VIEWS[name]
    shared = frame(request, name)
    back = back_to(request, reverse(f"tracker:{name}"))
    if refusal := too_long(request, shared.filter.qs.count(), back):
        return refusal
    return printed(request, grid_of(shared), paper, back)


@require_safe
@login_required
@transaction.atomic
def calendar_print(request: HttpRequest) -> HttpResponse:
    """A month: what counts is how many events it has, not how many problems there are."""
    _may_export(request)
    shared = frame(request, "calendar")
    shown = month_of(shared, shared.context()["calendar"])
    back = back_to(request, reverse("tracker:calendar"))
    kinds = Counter(event.kind for week in shown.weeks for day in week for event in day.events)
    # Of one kind no more than these are looked up: there may be others.
    is_cut = MOST_IN_FEED in kinds.values()
    if refusal := too_long(request, kinds.total() + is_cut, back, of="条事项"):
        return refusal
    name = f"日历（{shown.first.year}年{shown.first.month}月）"
    grid = _grid(shared, name, month.HEADS, month.month_rows(shown, Lamps(request.user)))
    return printed(request, grid, A4_LANDSCAPE, back)


@require_safe
@login_required
@transaction.atomic
def list_print(request: HttpRequest) -> HttpResponse:
    """清单: all that match, in the columns of its page."""
    _may_export(request)
    export = ListDocument(request)
    back = back_to(request, reverse("tracker:ticket-list"))
    if refusal := too_long(request, export.total, back):
        return refusal
    return printed(request, export.whole(), A4_LANDSCAPE, back)


@require_safe
@login_required
@transaction.atomic
def matrix_print(request: HttpRequest) -> HttpResponse:
    """Units against statuses, problems or headings; a unit names its first problems only."""
    _may_export(request)
    _, grid = matrix_table(request, on_paper=True)
    return printed(request, grid, A3_LANDSCAPE, back_to(request, reverse("tracker:matrix")))


@require_safe
@login_required
@transaction.atomic
def sheet_print(request: HttpRequest) -> HttpResponse:
    """The sheet of the leader or unit that the address chooses, or the list of all who answer."""
    _may_export(request)
    shared = frame(request, "sheets")
    by = sheets.by_of(request.GET.get("by"))
    back = back_to(request, reverse("tracker:sheets"))
    chosen = shared.filter.chosen.get(by)
    if not chosen:
        _, index = index_table(request, by)
        return printed(request, index, A4_LANDSCAPE, back)
    if refusal := too_long(request, shared.filter.qs.count(), back):
        return refusal
    tickets = list(shared.tickets.with_names().order_by("urgency", "due_on", "pk"))
    calendar = shared.context()["calendar"]
    sheet = sheets.sheet(shared.filter.qs, tickets, shared.on, calendar)
    grid = leader_grid(
        sheet,
        by=by,
        whose=str(chosen),
        lamps=Lamps(request.user),
        rate=sheet.figures.rate(basis_of(request.GET.get("basis"))),
        on=shared.on,
    )
    return printed(request, grid, A4_LANDSCAPE, back)


@require_safe
@login_required
@transaction.atomic
def plan_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan of an inspection, as it is put before the party committee."""
    inspections = Inspection.objects.visible_to(request.user).for_page()
    inspection = get_object_or_404(inspections, pk=pk)
    _may_export(request)
    page = plan_page(inspection, request.user)
    if page.plan is None:
        raise Http404
    back = reverse("tracker:inspection-plan", args=[pk])
    if refusal := too_long(request, len(page.rows), back):
        return refusal
    on = timezone.localdate()
    partly = f"（仅您可见的，全部{page.total}项）" if page.is_partial else ""
    grid = Grid(
        title=title_of(inspection, "方案", settings.TRACKER_ORG_NAME),
        facts=[
            f"被巡察党组织：{inspection.unit_text or inspection.unit}",
            f"第{page.plan.edition}稿　{page.plan.get_status_display()}",
            f"集中整改期：{zh_date(inspection.feedback_on)}至{zh_date(inspection.focus_ends_on)}",
            f"截至：{zh_date(on)}",
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
    return printed(request, grid, A4_LANDSCAPE, back)


@require_safe
@login_required
@transaction.atomic
def handover_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet of a hand-over, to be signed by both sides."""
    handover = get_object_or_404(Handover.objects.visible_to(request.user).for_list(), pk=pk)
    back = reverse("tracker:handover-detail", args=[pk])
    return printed(request, handover_grid(handover), A4_LANDSCAPE, back)
