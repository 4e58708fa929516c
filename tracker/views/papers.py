"""The views of the tickets as files and on paper; each is written down for the auditor."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tracker import audit
from tracker.choices import AuditKind
from tracker.models import Inspection, Unit
from tracker.paper.grid import Grid
from tracker.paper.ledger import ledger_grid
from tracker.paper.workbook import workbook
from tracker.wall_page import WallPage, wall_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _wall(request: HttpRequest, pk: int) -> WallPage:
    """The wall that the address asks for, of an inspection in sight."""
    inspections = Inspection.objects.visible_to(request.user).select_related("round", "unit")
    inspection = get_object_or_404(inspections, pk=pk)
    if not request.user.may("export"):
        raise Http404
    return wall_page(request, inspection)


def send_file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _record(request: HttpRequest, kind: AuditKind, grid: Grid, what: str) -> None:
    audit.record(
        request,
        kind,
        grid.inspection or grid.title,
        after={
            "格式": what,
            "列": grid.set_label,
            "条件": request.GET.urlencode(),
            "行": len(grid.rows),
        },
    )


@require_safe
@login_required
@transaction.atomic
def wall_workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the ledger as the screen shows it, to be filled in and taken back."""
    page = _wall(request, pk)
    grid = ledger_grid(page, for_exchange=True)
    units = [str(unit) for unit in Unit.objects.subtree(page.inspection.unit.path)]
    content = workbook(grid, units=units)
    _record(request, AuditKind.EXPORT, grid, "xlsx")
    name = f"{page.inspection.unit}整改台账{page.on:%Y%m%d}.xlsx"
    return send_file(content, name, XLSX)
