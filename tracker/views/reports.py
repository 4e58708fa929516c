"""A unit reports its progress, a draft is kept while it types, and the report is judged."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from tracker import workflow
from tracker.choices import ReportResult
from tracker.evidence.receiving import FilesRefused, incoming, refusals
from tracker.forms.judge import JudgeForm
from tracker.forms.meeting import knowing
from tracker.forms.report import ReportForm
from tracker.models import Holiday, Progress, ReportDraft, Ticket
from tracker.ticket_page import history, report_status
from tracker.views.fragments import wants_fragment
from tracker.views.lookup import signed_in_or_told, ticket_in_sight
from tracker.workflow import MoveRefused, TicketChanged

# What one person can have typed into one report, several times over.
MOST_TYPED = 100_000

NOT_UPLOADED = "文件没有上传，请改正后重新选择。"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_told
@vary_on_headers("HX-Request")
def ticket_report(request: HttpRequest, pk: int) -> HttpResponse:
    ticket = ticket_in_sight(request, pk)
    form = _bind(request, ticket)
    if request.method == "POST":
        # Whatever becomes of it, what was typed is there when the person comes back.
        _keep_draft(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            with incoming(form.cleaned_data["files"]) as files:
                ticket.report(
                    by=request.user,
                    figures=form.figures(),
                    measures_done=form.measures_done(),
                    files=files,
                    make_key=form.cleaned_data["make_key"],
                    **form.said(),
                )
                known = [file.name for file in files if file.row is None]
        except TicketChanged:
            return _conflict(request, pk, seen=form.cleaned_data["version"])
        except FilesRefused as refused:
            form.add_error("files", [*refused.reasons, NOT_UPLOADED])
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已填报“{ticket.title}”的进展。")
            if known:
                messages.warning(request, f"已有内容相同的材料，没有重复保存：{'、'.join(known)}。")
            return _leave(request, "tracker:ticket-detail", pk)
    elif chosen := request.FILES.getlist("files"):
        # The browser gives no file a second time: say so beside what else is wrong.
        form.add_error("files", [*refusals(chosen), NOT_UPLOADED])
    part = "_report_form" if wants_fragment(request) else "ticket_report"
    return render(request, f"tracker/{part}.html", _context(request, ticket, form))


@require_POST
@signed_in_or_told
def report_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is typed so far; a page on screen gets one line that says so."""
    ticket = ticket_in_sight(request, pk)
    form = _bind(request, ticket)
    draft = _keep_draft(request, form)
    if wants_fragment(request):
        return render(request, "tracker/_draft_state.html", {"ticket": ticket, "draft": draft})
    if draft:
        messages.success(request, "已暂存，还没有提交。")
    return redirect("tracker:ticket-report", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_draft_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then forget what was typed and not sent."""
    ticket = ticket_in_sight(request, pk)
    draft = ReportDraft.objects.of(ticket, request.user)
    leaves = "leave" in request.GET
    if request.method == "POST":
        if draft:
            draft.delete()
        messages.success(request, "暂存的内容已清空。")
        return redirect("tracker:ticket-detail" if leaves else "tracker:ticket-report", pk)
    context = {"ticket": ticket, "draft": draft, "leaves": leaves}
    return render(request, "tracker/report_draft_discard.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept one progress report, or return it with the reason."""
    reports = Progress.objects.visible_to(request.user).select_related("by")
    report = get_object_or_404(reports.prefetch_related("figures__indicator", "evidence"), pk=pk)
    ticket = ticket_in_sight(request, report.ticket_id)
    form = JudgeForm(request.POST or None, ticket=ticket)
    if request.method == "POST" and form.is_valid():
        result = ReportResult(form.cleaned_data["result"])
        try:
            ticket.judge(
                report,
                result,
                by=request.user,
                reason=form.cleaned_data["reason"],
                version=form.cleaned_data["version"],
            )
        except MoveRefused as refused:
            # A colleague was faster: the page below shows the ticket as it is now.
            ticket = ticket_in_sight(request, report.ticket_id)
            knowing(form, ticket.version).add_error(None, str(refused))
        else:
            words = "已退回" if result == ReportResult.RETURNED else "已认可"
            messages.success(request, f"{words}{report.by}填报的“{ticket.title}”进展。")
            return redirect("tracker:ticket-detail", ticket.pk)
    context = {
        "ticket": ticket,
        "report": report,
        "form": form,
        "refusal": ticket.judge_refusal(report, request.user),
    }
    return render(request, "tracker/report_judge.html", context)


# -- how they do it ------------------------------------------------------------------------------


def _bind(request: HttpRequest, ticket: Ticket, **data) -> ReportForm:
    """The report form with what is carried forward; `data` replaces what the request holds."""
    redo = None
    if wanted := request.POST.get("corrects") or request.GET.get("corrects"):
        own = ticket.progress.own().prefetch_related("verdicts__by")
        redo = own.filter(pk=wanted).first() if wanted.isdecimal() else None
    elif request.method != "POST":
        redo = ticket.report_to_redo()
    return ReportForm(
        data.get("typed", ReportForm.chosen(request.POST) if request.POST else None),
        request.FILES or None,
        ticket=ticket,
        last=ticket.last_report(),
        redo=redo,
        draft=ReportDraft.objects.of(ticket, request.user),
    )


def _keep_draft(request: HttpRequest, form: ReportForm) -> ReportDraft | None:
    """Keep the fields of the form as they were typed, right or wrong; None if nothing is kept."""
    typed = {name: request.POST.getlist(name) for name in form.draft_fields}
    length = sum(len(value) for values in typed.values() for value in values)
    version = request.POST.get("version", "")
    if not length or length > MOST_TYPED or not version.isdecimal():
        return None
    if workflow.report_refusal(form.ticket.standing_of(request.user)):
        return None
    return ReportDraft.objects.keep(form.ticket, request.user, typed, version=int(version))


def _context(request: HttpRequest, ticket: Ticket, form: ReportForm) -> dict[str, object]:
    return {
        "ticket": ticket,
        "form": form,
        "status": report_status(ticket, timezone.localdate(), Holiday.objects.calendar()),
        "refusal": workflow.report_refusal(ticket.standing_of(request.user)),
        "has_key": ticket.evidence.filter(is_key=True).exists(),
    }


def _conflict(request: HttpRequest, pk: int, *, seen: int) -> HttpResponse:
    """Show what happened since version `seen` beside all that was typed, to be sent once more."""
    ticket = ticket_in_sight(request, pk)
    typed = request.POST.copy()
    typed["version"] = ticket.version
    form, events = _bind(request, ticket, typed=typed), history(ticket, since=seen)
    context = _context(request, ticket, form) | {
        "events": events,
        "clashes": form.clashes(
            [event.record for event in events if event.kind == "progress"],
            {event.record.field for event in events if event.kind == "change"},
        ),
        "is_conflict": True,
    }
    # htmx swaps no 409 into a page; the fragment says itself that nothing was saved.
    if wants_fragment(request):
        return render(request, "tracker/_conflict.html", context)
    return render(request, "tracker/ticket_conflict.html", context, status=409)


def _leave(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Go on to a page: htmx is told to, since the browser would not see its redirect."""
    if wants_fragment(request):
        return HttpResponseClientRedirect(reverse(name, args=[pk]))
    return redirect(name, pk)
