"""清单, 台账, 矩阵, 责任 and 总览 as workbooks and documents, under the filter of the page."""

import io
from dataclasses import replace

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker import sheets
from tracker.choices import AuditKind, BoardView, ExportKind
from tracker.exports import files
from tracker.exports.making import EXPORTS
from tracker.frame import frame
from tracker.legends import Lamps
from tracker.overview_page import overview_page
from tracker.paper import tables as grids
from tracker.paper.grid import Grid
from tracker.paper.scope import Scope, scope_of
from tracker.paper.workbook import tables
from tracker.views.boards import matrix_context
from tracker.views.papers import MOST_ON_PAPER, record_paper, send_file


def _may_export(request: HttpRequest) -> None:
    if not request.user.may("export"):
        raise Http404


def _made(
    request: HttpRequest, view: BoardView, kind: ExportKind = ExportKind.XLSX
) -> HttpResponse:
    """The file of a view at once, or, if it is long, the page that has it made beside."""
    _may_export(request)
    export = EXPORTS[view, kind](request)
    if export.length > settings.EXPORT_ROWS:
        asked = f"of={view}&as={kind}&{request.GET.urlencode()}"
        return redirect(f"{reverse('tracker:export-new')}?{asked}")
    stream = io.BytesIO()
    with files.own_folder() as folder:
        export.write(stream, folder, lambda done: None)
    record_paper(request, AuditKind.EXPORT, export.grid, kind, export.length)
    return send_file(stream.getvalue(), export.name, kind)


@require_safe
@login_required
def list_workbook(request: HttpRequest) -> HttpResponse:
    """Send 清单 as a workbook: all that match, not one page of them."""
    return _made(request, BoardView.LIST)


@require_safe
@login_required
def wall_workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the ledger as the screen shows it, to be filled in and taken back."""
    return _made_of_wall(request, pk, ExportKind.XLSX)


@require_safe
@login_required
def wall_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the ledger, or the wall, as a Word document in the layout of official papers."""
    return _made_of_wall(request, pk, ExportKind.DOCX)


def _made_of_wall(request: HttpRequest, pk: int, kind: ExportKind) -> HttpResponse:
    request.GET = request.GET.copy()
    request.GET["inspection"] = str(pk)
    return _made(request, BoardView.WALL, kind)


@require_safe
@login_required
def list_document(request: HttpRequest) -> HttpResponse:
    """Send 清单 as a Word document."""
    return _made(request, BoardView.LIST, ExportKind.DOCX)


@require_safe
@login_required
def matrix_workbook(request: HttpRequest) -> HttpResponse:
    """Send 矩阵 as the page shows it, with all units."""
    _may_export(request)
    scope, grid = matrix_table(request)
    return _send_tables(request, [grid], "整改矩阵", scope)


def matrix_table(request: HttpRequest, *, on_paper: bool = False) -> tuple[Scope, Grid]:
    """矩阵 as the address asks for it, or 404 where it asks for none."""
    page = matrix_context(request, units_on_page=MOST_ON_PAPER)
    if page["filter"].errors:
        raise Http404
    scope = scope_of(page["filter"], Lamps(request.user), page["frame"].on, of_feedback=True)
    match page["axis"]:
        case "status":
            grid = grids.by_stage(scope, page["page"]["units"], page["page"]["total"])
        case "problem" if on_paper:
            grid = grids.by_problem_in_words(scope, page["rows"])
        case "problem":
            grid = grids.by_problem(scope, page["rows"])
        case _ if "table" in page:
            grid = grids.by_aspect(scope, page["table"])
        case _:
            raise Http404
    return scope, grid


@require_safe
@login_required
def sheets_workbook(request: HttpRequest) -> HttpResponse:
    """Send 责任: the sheet that the address chooses, or the list of all who answer."""
    by = sheets.by_of(request.GET.get("by"))
    if request.GET.get(by):
        return _made(request, BoardView.SHEETS)
    _may_export(request)
    scope, grid = index_table(request, by)
    return _send_tables(request, [grid], "整改责任名单", scope)


def index_table(request: HttpRequest, by: str) -> tuple[Scope, Grid]:
    """Who answers for how much, by leader or unit."""
    shared = frame(request, "sheets")
    if shared.filter.errors:
        raise Http404
    scope = scope_of(shared.filter, Lamps(request.user), shared.on)
    index = sheets.index(shared.filter.qs, by)
    return scope, grids.answering(scope, index, by, shared.filter.light_counts())


@require_safe
@login_required
def overview_workbook(request: HttpRequest) -> HttpResponse:
    """Send the tables of 总览, each on a sheet of its own."""
    _may_export(request)
    shown = overview_page(request)
    page = shown["page"]
    scope = scope_of(
        shown["filter"],
        shown["lamps"],
        timezone.localdate(),
        counted=shown["figures"],
        of_feedback=True,
    )
    made = [
        grids.outcomes(scope, shown["figures"]),
        grids.by_stage(scope, page.units, page.total, tab="单位进展"),
        grids.pressing(scope, page.pressing),
        grids.trend(scope, page.weeks, shown["fed_by_week"]),
        grids.ages(scope, shown["ages"]),
        grids.common_problems(scope, shown["common_problems"]),
    ]
    if shown["ranking"] is not None:
        made.append(grids.ranking(scope, shown["ranking"], shown["rank_rule"]))
    return _send_tables(request, [grid for grid in made if grid.rows], "整改总览", scope)


def _send_tables(request: HttpRequest, made: list[Grid], name: str, scope: Scope) -> HttpResponse:
    content = tables(made)
    record_paper(request, AuditKind.EXPORT, replace(made[0], title=name), ExportKind.XLSX)
    return send_file(content, f"{name}{scope.on:%Y%m%d}", ExportKind.XLSX)
