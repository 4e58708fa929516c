"""导出: files that are made beside, for nobody but who asked for them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from tracker import audit
from tracker.choices import AuditKind, BoardView, ExportKind
from tracker.evidence import storing
from tracker.exports import files, jobs
from tracker.exports.making import EXPORTS
from tracker.models import ExportJob, ExportRefused
from tracker.views.fragments import wants_fragment

# Older ones are of no use: their files have expired.
MOST_SHOWN = 30


@require_safe
@login_required
@vary_on_headers("HX-Request")
def export_list(request: HttpRequest) -> HttpResponse:
    """The reader's own exports; the table fetches itself anew while one is at work."""
    _may_export(request)
    # A worker may have died, or the server been restarted: whoever looks gets things going.
    jobs.call_worker()
    now = timezone.now()
    mine = list(ExportJob.objects.of(request.user)[:MOST_SHOWN])
    context = {
        "jobs": [
            {
                "job": job,
                "is_lost": job.is_lost(now),
                "is_ready": job.is_ready(now),
                "may_begin_again": job.may_begin_again(now),
            }
            for job in mine
        ],
        "is_working": any(job.is_unfinished for job in mine),
    }
    part = "_export_jobs" if wants_fragment(request) else "export_list"
    return render(request, f"tracker/{part}.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def export_new(request: HttpRequest) -> HttpResponse:
    """Say what a long file will hold, and have it made once that is confirmed."""
    _may_export(request)
    view = request.GET.get("of", BoardView.LIST)
    kind = request.GET.get("as", ExportKind.XLSX)
    if (view, kind) not in EXPORTS:
        raise Http404
    request.GET = request.GET.copy()
    for name in ("of", "as"):
        request.GET.pop(name, None)
    export = EXPORTS[view, kind](request)
    if request.method == "POST":
        query = request.GET.urlencode()
        try:
            with transaction.atomic():
                ExportJob.objects.ask(
                    by=request.user,
                    view=view,
                    kind=kind,
                    query=query,
                    words="；".join(export.scope.conditions),
                    total=export.total,
                )
                audit.record(
                    request,
                    AuditKind.EXPORT,
                    export.title,
                    after={"格式": kind, "条件": query, "行": export.length},
                    reason="交后台生成",
                )
                transaction.on_commit(jobs.call_worker)
        except ExportRefused as refused:
            messages.error(request, str(refused))
        return redirect("tracker:export-list")
    context = {"export": export, "view": BoardView(view)}
    return render(request, "tracker/export_new.html", context)


@require_POST
@login_required
def export_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = _own(request, pk)
    if job.cancel(timezone.now()):
        messages.success(request, f"已取消导出：{job}。")
    else:
        messages.error(request, "没有取消：它已经结束了。")
    return redirect("tracker:export-list")


@require_POST
@login_required
def export_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a file made once more, of what there is now."""
    job = _own(request, pk)
    with transaction.atomic():
        if job.begin_again(timezone.now()):
            transaction.on_commit(jobs.call_worker)
            messages.success(request, f"重新导出：{job}。")
        else:
            messages.error(request, "不用重新导出：它还在生成，或文件还在。")
    return redirect("tracker:export-list")


@require_safe
@login_required
def export_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a file to who asked for it, as long as they may see what they could see then."""
    job = _own(request, pk)
    if not job.is_ready(timezone.now()):
        raise Http404
    if job.reach != jobs.reach_of(request.user):
        # It may hold what its asker may no longer know of: it goes, and can be made anew.
        job.fail("您能看到的变了（任职变了，或有问题限定知悉），这份文件不再提供。", timezone.now())
        messages.error(request, f"{job.trouble}请重新导出。")
        return redirect("tracker:export-list")
    try:
        file = files.open_verified(job.path, job.sha256)
    except (storing.Missing, storing.Tampered) as fault:
        storing.log.error("export %d %s: %s", job.pk, type(fault).__name__, job.path)
        job.fail("文件丢失或损坏，请重新导出。", timezone.now())
        messages.error(request, "文件丢失或损坏，请重新导出。")
        return redirect("tracker:export-list")
    audit.record(request, AuditKind.DOWNLOAD, job, after={"SHA-256": job.sha256})
    kind = ExportKind(job.kind).content_type
    response = FileResponse(file, as_attachment=True, filename=job.name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _may_export(request: HttpRequest) -> None:
    if not request.user.may("export"):
        raise Http404


def _own(request: HttpRequest, pk: int) -> ExportJob:
    _may_export(request)
    return get_object_or_404(ExportJob.objects.of(request.user), pk=pk)
