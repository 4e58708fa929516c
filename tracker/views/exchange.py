"""导回台账: workbooks of one or many units, looked over cell by cell before they go in."""

from collections import Counter
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_http_methods, require_safe

from tracker import audit
from tracker.choices import AuditKind, ExportKind
from tracker.exchange import FileOutcome, take
from tracker.forms.exchange import WorkbooksForm
from tracker.models import PendingUpload
from tracker.paper.returned import returned_workbook
from tracker.views.papers import send_file

KEPT_FOR = timedelta(days=1)


def _amends(request: HttpRequest) -> None:
    if not request.user.may("amend"):
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ledger_import(request: HttpRequest) -> HttpResponse:
    """Take the workbooks in, and go on to what they would change."""
    _amends(request)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = WorkbooksForm(*sent)
    if request.method == "POST" and form.is_valid():
        group = get_random_string(32)
        PendingUpload.objects.forget(timezone.now() - KEPT_FOR)
        for file in form.cleaned_data["files"]:
            PendingUpload.objects.create(
                group=group, file_name=file.name[-255:], content=file.read(), by=request.user
            )
        return redirect("tracker:ledger-preview", group)
    return render(request, "tracker/ledger_import.html", {"form": form})


def _outcomes(request: HttpRequest, group: str, *, dry_run: bool) -> list[FileOutcome]:
    _amends(request)
    files = list(PendingUpload.objects.sent_as(group, by=request.user))
    if not files:
        raise Http404
    sent = ((file.file_name, bytes(file.content)) for file in files)
    return take(sent, by=request.user, dry_run=dry_run)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ledger_preview(request: HttpRequest, group: str) -> HttpResponse:
    """Show what the files would change, cell by cell, and all that is wrong; a post takes them.

    Afterwards it shows what was left out, which is what the same files still differ in.
    """
    if request.method == "POST":
        taken = _outcomes(request, group, dry_run=False)
        changed = sum(len(file.changed) for file in taken)
        left = sum(len(file.faulty) for file in taken)
        if changed:
            messages.success(request, f"已导入：{changed}个问题有变更，都记入了变更历史。")
        if left:
            messages.warning(request, f"{left}行没有导入，原因见下；可以取回改正后再传。")
        if not changed and not left:
            messages.success(request, "文件与导出时一致，没有修改。")
        return redirect("tracker:ledger-preview", group)
    files = _outcomes(request, group, dry_run=True)
    totals = Counter(
        {
            "changed": sum(len(file.changed) for file in files),
            "faulty": sum(len(file.faulty) for file in files),
            "unchanged": sum(file.unchanged for file in files),
            "doubts": sum(file.doubts for file in files),
            "refused": sum(bool(file.refusal) for file in files),
        }
    )
    context = {"files": files, "totals": totals, "group": group}
    return render(request, "tracker/ledger_preview.html", context)


@require_safe
@login_required
def ledger_returned(request: HttpRequest, group: str) -> HttpResponse:
    """Send back the rows that cannot be taken, each with its reasons."""
    files = _outcomes(request, group, dry_run=True)
    if not any(file.faulty for file in files):
        raise Http404
    with transaction.atomic():
        content = returned_workbook(files)
        audit.record(
            request,
            AuditKind.EXPORT,
            "导回台账：退回的行",
            after={"行": sum(len(file.faulty) for file in files)},
        )
    return send_file(content, f"退回修改的行{timezone.localdate():%Y%m%d}", ExportKind.XLSX)
