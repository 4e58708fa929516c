from io import BytesIO

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker import audit
from tracker.audit import trace_if_restricted
from tracker.bulletin_page import bulletin_lines, remarks
from tracker.choices import AuditKind
from tracker.models import Bulletin, Ticket


@require_safe
@login_required
def bulletin_detail(request: HttpRequest, pk: int) -> HttpResponse:
    bulletins = Bulletin.objects.visible_to(request.user)
    bulletin = get_object_or_404(
        bulletins.select_related("inspection__unit", "source", "imported_by").defer(
            "source__content"
        ),
        pk=pk,
    )
    tickets = (
        Ticket.objects.visible_to(request.user)
        .filter(bulletin=bulletin)
        .with_light(timezone.localdate())
        .order_by("source_start", "pk")
    )
    for ticket in tickets:
        trace_if_restricted(request, ticket)
    is_withheld = bulletin.is_withheld_from(request.user)
    lines = bulletin_lines(bulletin, tickets, only_theirs=is_withheld)
    context = {
        "bulletin": bulletin,
        "tickets": tickets,
        "is_withheld": is_withheld,
        "lines": lines,
        "remarks": remarks(bulletin, {item.line.number for item in lines} if is_withheld else None),
    }
    return render(request, "tracker/bulletin_detail.html", context)


@require_safe
@login_required
def bulletin_file(request: HttpRequest, pk: int) -> FileResponse:
    """Send the file as it was received, always as a download: it came from outside."""
    bulletins = Bulletin.objects.visible_to(request.user).select_related("source")
    bulletin = get_object_or_404(bulletins, pk=pk)
    if bulletin.is_withheld_from(request.user):
        raise Http404
    source = bulletin.source
    audit.record(request, AuditKind.DOWNLOAD, source.name)
    response = FileResponse(
        BytesIO(source.content),
        as_attachment=True,
        filename=source.name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
