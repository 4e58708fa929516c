"""Evidence on its way in and out, and everything on a ticket as one file."""

from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from tracker import audit, dossier, workflow
from tracker.choices import AuditKind
from tracker.evidence import storing
from tracker.evidence.receiving import FilesRefused, incoming
from tracker.forms.evidence import EvidenceForm, WithdrawForm
from tracker.models import Evidence
from tracker.views.fragments import wants_fragment
from tracker.views.lookup import evidence_in_sight, signed_in_or_told, ticket_in_sight
from tracker.workflow import MoveRefused


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_told
def ticket_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """All files of a ticket, the withdrawn ones too, and the way to add more."""
    ticket = ticket_in_sight(request, pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EvidenceForm(*sent, ticket=ticket)
    refusal = workflow.attach_refusal(ticket.standing_of(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            with incoming(form.cleaned_data["files"]) as files:
                added = ticket.attach(
                    files,
                    by=request.user,
                    measure=form.cleaned_data.get("measure"),
                    make_key=form.cleaned_data["make_key"],
                )
                known = [file.name for file in files if file.row is None]
        except FilesRefused as refused:
            form.add_error("files", [*refused.reasons, "一份都没有上传，请改正后重新选择。"])
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            _tell(request, added, known)
            if wants_fragment(request):
                return HttpResponseClientRedirect(reverse("tracker:ticket-evidence", args=[pk]))
            return redirect("tracker:ticket-evidence", pk)
    part = "_evidence_form" if wants_fragment(request) else "ticket_evidence"
    context = {
        "ticket": ticket,
        "form": form,
        "refusal": refusal,
        "files": ticket.evidence.for_card(),
        "has_key": ticket.evidence.filter(is_key=True).exists(),
    }
    return render(request, f"tracker/{part}.html", context)


def _tell(request: HttpRequest, added: list[Evidence], known: list[str]) -> None:
    """Say what was kept, what was there already, and what also proves another ticket."""
    if added:
        messages.success(request, f"已上传{len(added)}份材料。")
    if known:
        messages.warning(request, f"已有内容相同的材料，没有重复保存：{'、'.join(known)}。")
    elsewhere = (
        Evidence.objects.visible_to(request.user)
        .filter(sha256__in=[each.sha256 for each in added])
        .exclude(ticket__in=[each.ticket_id for each in added])
        .select_related("ticket")
    )
    for other in elsewhere[:3]:
        messages.warning(request, f"“{other.name}”也是问题{other.ticket.number}的佐证材料。")


@require_safe
@login_required
def evidence_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a file, always as a download: it came from outside."""
    evidence = evidence_in_sight(request, pk, Evidence.objects.all())
    try:
        file = storing.open_verified(evidence.path, evidence.sha256)
    except (storing.Missing, storing.Tampered) as fault:
        return _damaged(request, evidence, fault)
    audit.record(request, AuditKind.DOWNLOAD, evidence)
    response = FileResponse(
        file, as_attachment=True, filename=evidence.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@login_required
def evidence_thumbnail(request: HttpRequest, pk: int) -> HttpResponse:
    """The small picture of an image, drawn here: no byte of the upload is in it."""
    evidence = evidence_in_sight(request, pk, Evidence.objects.images())
    try:
        picture = storing.thumbnail(evidence.path, evidence.sha256)
    except (storing.Missing, storing.Tampered) as fault:
        return _damaged(request, evidence, fault)
    response = HttpResponse(picture, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    # Opened by itself a picture stands in a page of the browser's own making, styled in place.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def _damaged(request: HttpRequest, evidence: Evidence, fault: Exception) -> HttpResponse:
    storing.log.error("evidence %d %s: %s", evidence.pk, type(fault).__name__, evidence.path)
    return render(
        request,
        "tracker/evidence_damaged.html",
        {"evidence": evidence, "is_missing": isinstance(fault, storing.Missing)},
        status=410,
    )


@require_POST
@login_required
def evidence_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark this file as the key evidence of its ticket."""
    evidence = evidence_in_sight(request, pk, Evidence.objects.all())
    try:
        evidence.ticket.make_key(evidence, by=request.user)
    except MoveRefused as refused:
        messages.error(request, f"没有保存。{refused}")
    else:
        messages.success(request, f"“{evidence.name}”已设为关键佐证。")
    return redirect("tracker:ticket-evidence", evidence.ticket_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def evidence_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    evidence = get_object_or_404(Evidence.objects.visible_to(request.user).for_card(), pk=pk)
    ticket = ticket_in_sight(request, evidence.ticket_id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    refusal = workflow.attach_refusal(ticket.standing_of(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            ticket.withdraw(evidence, by=request.user, why=form.cleaned_data["why"])
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已撤回“{evidence.name}”。")
            return redirect("tracker:ticket-evidence", ticket.pk)
    context = {"ticket": ticket, "evidence": evidence, "form": form, "refusal": refusal}
    return render(request, "tracker/evidence_withdraw.html", context)


@require_safe
@login_required
def ticket_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """一事一档: everything on one ticket as a zip, written while it is sent."""
    ticket = ticket_in_sight(request, pk)
    made_at = timezone.localtime()
    audit.record(request, AuditKind.EXPORT, ticket, reason="一事一档")
    response = StreamingHttpResponse(
        dossier.stream(ticket, by=request.user, made_at=made_at), content_type="application/zip"
    )
    name = dossier.file_name(ticket, made_at)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
