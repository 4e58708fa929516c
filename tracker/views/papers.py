"""The views of the tickets as files and on paper; each is written down for the auditor."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tracker import audit
from tracker.choices import AuditKind, ExportKind
from tracker.models import Inspection
from tracker.paper.grid import Grid
from tracker.paper.ledger import ledger_grid
from tracker.paper.pages import A3_LANDSCAPE, Paper, fitted, labels, paginate, widths
from tracker.wall_page import WallAsked, wall_asked, wall_page

# Of problems: more than anybody answers for, and more than anybody would print.
MOST_ON_PAPER = 2_000


def _wall(request: HttpRequest, pk: int) -> WallAsked:
    """What the address asks for of the wall of an inspection in sight."""
    inspections = Inspection.objects.visible_to(request.user).for_page()
    inspection = get_object_or_404(inspections, pk=pk)
    if not request.user.may("export"):
        raise Http404
    return wall_asked(request, inspection)


def send_file(content: bytes, name: str, kind: ExportKind) -> HttpResponse:
    response = HttpResponse(content, content_type=kind.content_type)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def record_paper(
    request: HttpRequest, kind: AuditKind, grid: Grid, what: str, rows: int | None = None
) -> None:
    """Write down what leaves the board on paper or as a file; `rows` where the grid has none."""
    audit.record(
        request,
        kind,
        grid.inspection or grid.title,
        after={
            "格式": what,
            "列": grid.set_label,
            "条件": request.GET.urlencode(),
            "行": len(grid.rows) if rows is None else rows,
        },
    )


def too_long(request: HttpRequest, count: int, back: str, *, of: str = "项") -> HttpResponse | None:
    """Refuse what nobody would read on paper; the first part of it would pass for the whole."""
    if count <= MOST_ON_PAPER:
        return None
    messages.error(
        request,
        f"没有打印：共{count}{of}，打印一次最多{MOST_ON_PAPER}{of}。请加条件分几次打印，"
        f"或导出Excel：行数多的在后台生成，好了有消息。",
    )
    return redirect(back)


def printed(request: HttpRequest, grid: Grid, paper: Paper, back: str) -> HttpResponse:
    """The sheets of a grid, each with its head, legend, figures and signatures."""
    record_paper(request, AuditKind.PRINT, grid, paper.label)
    paper = fitted(grid.heads, paper)
    context = {
        "grid": grid,
        "paper": paper,
        "pages": paginate(grid, paper),
        "labels": labels(grid.heads),
        "widths": [width * 100 / paper.width for width in widths(grid.heads, paper)],
        "back": back,
        "chart": grid.axis,
    }
    return render(request, "tracker/print.html", context)


def back_to(request: HttpRequest, address: str) -> str:
    """The page that was printed, under the same filter."""
    return f"{address}?{request.GET.urlencode()}" if request.GET else address


@require_safe
@login_required
@transaction.atomic
def wall_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledger, or the wall, on sheets of A3."""
    asked = _wall(request, pk)
    back = back_to(request, reverse("tracker:inspection-wall", args=[pk]))
    if refusal := too_long(request, asked.figures.total, back):
        return refusal
    grid = ledger_grid(wall_page(asked))
    return printed(request, grid, A3_LANDSCAPE, back)
