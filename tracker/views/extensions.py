from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tracker.audit import trace_if_restricted
from tracker.forms.requests import AskForm, DecideForm, WithdrawForm
from tracker.models import Extension
from tracker.models.extension import ask_refusal, steps_for
from tracker.ticket_page import history
from tracker.views.lookup import ticket_in_sight
from tracker.workflow import MoveRefused, TicketChanged

PER_PAGE = 50
TABS = {"waiting": "待我审批", "mine": "我申请的", "pending": "审批中", "all": "全部"}


@require_safe
@login_required
def extension_list(request: HttpRequest) -> HttpResponse:
    """The requests in sight, those that wait for the reader first."""
    visible = Extension.objects.visible_to(request.user)
    lists = {
        "waiting": Extension.objects.awaiting(request.user),
        "mine": visible.filter(by=request.user),
        "pending": visible.pending(),
        "all": visible,
    }
    counts = {name: found.count() for name, found in lists.items()}
    tab = request.GET.get("show")
    if tab not in TABS:
        tab = "waiting" if counts["waiting"] or not counts["mine"] else "mine"
    found = lists[tab].for_list().order_by("at" if tab == "waiting" else "-pk", "pk")
    context = {
        "tab": tab,
        "tabs": [(name, label, counts[name]) for name, label in TABS.items()],
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "tracker/extension_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ticket_extension(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for more time for one ticket."""
    ticket = ticket_in_sight(request, pk)
    form = AskForm(request.POST or None, ticket=ticket)
    changed_since = None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            Extension.ask(ticket, by=request.user, **typed)
        except TicketChanged:
            changed_since = typed["version"]
            ticket = ticket_in_sight(request, pk)
            form = AskForm(_at_version(request, ticket.version), ticket=ticket)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已提交“{ticket.title}”的延期申请，答复以前时限不变。")
            return redirect("tracker:ticket-detail", pk)
    context = {
        "ticket": ticket,
        "form": form,
        "refusal": ask_refusal(ticket, request.user, timezone.localdate()),
        "steps": steps_for(ticket, request.user),
        "events": history(ticket, since=changed_since) if changed_since is not None else [],
        "has_changed": changed_since is not None,
    }
    status = 200 if changed_since is None else 409
    return render(request, "tracker/extension_ask.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def extension_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One request with all that was decided; whoever may decide now does it here."""
    extension = _extension_in_sight(request, pk)
    form = DecideForm(request.POST or None, extension=extension)
    changed_since = None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            decision = extension.decide(
                typed["ruling"],
                by=request.user,
                opinion=typed["opinion"],
                ground=typed["ground"],
                due_on=typed["due_on"],
                version=typed["version"],
            )
        except TicketChanged:
            changed_since = typed["version"]
            extension = _extension_in_sight(request, pk)
            form = DecideForm(_at_version(request, extension.ticket.version), extension=extension)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            now = (
                f"转{extension.step.label}审批"
                if extension.is_pending
                else f"现为{extension.get_status_display()}"
            )
            messages.success(
                request,
                f"已{decision.get_ruling_display()}“{extension.ticket.title}”的延期申请，{now}。",
            )
            return redirect("tracker:extension-detail", pk)
    ticket = extension.ticket
    duty = extension.capacity_of(request.user)
    context = {
        "extension": extension,
        "ticket": ticket,
        "form": form,
        "refusal": extension.decide_refusal(request.user),
        "acting_for": duty.person if duty and duty.person_id != request.user.pk else None,
        "may_withdraw": extension.is_pending and extension.by_id == request.user.pk,
        "others": ticket.extensions.exclude(pk=pk).for_page(),
        "events": history(ticket, since=changed_since) if changed_since is not None else [],
        "has_changed": changed_since is not None,
    }
    status = 200 if changed_since is None else 409
    return render(request, "tracker/extension_detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def extension_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    extension = _extension_in_sight(request, pk)
    form = WithdrawForm(request.POST or None, extension=extension)
    if request.method == "POST" and form.is_valid():
        try:
            extension.withdraw(by=request.user, version=form.cleaned_data["version"])
        except TicketChanged:
            messages.warning(request, "没有撤回：这个问题刚被他人处理，请核对后再撤回。")
        except MoveRefused as refused:
            messages.error(request, f"没有撤回：{refused}")
        else:
            messages.success(request, f"已撤回“{extension.ticket.title}”的延期申请，时限不变。")
        return redirect("tracker:extension-detail", pk)
    return render(
        request, "tracker/extension_withdraw.html", {"extension": extension, "form": form}
    )


def _at_version(request: HttpRequest, version: int):
    """What was typed, to be sent once more knowing what happened up to this version."""
    typed = request.POST.copy()
    typed["version"] = version
    return typed


def _extension_in_sight(request: HttpRequest, pk: int) -> Extension:
    extensions = Extension.objects.visible_to(request.user).for_page()
    extension = get_object_or_404(extensions, pk=pk)
    trace_if_restricted(request, extension.ticket)
    return extension
