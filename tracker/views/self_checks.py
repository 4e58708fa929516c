"""举一反三: register what was found, send a problem for self-check, answer, link repeats."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tracker.audit import trace_if_restricted
from tracker.forms.meeting import knowing
from tracker.forms.selfcheck import FoundForm, NoneForm, RecursForm, SendForm
from tracker.models import SelfCheck, Ticket, Unit, selfcheck
from tracker.views.lookup import ticket_in_sight
from tracker.workflow import MoveRefused, TicketChanged

# What the pages of one ticket fetch beside it.
RELATED = ("inspection__round", "inspection__unit", "category__parent", "lead_unit", "recurs")


@require_safe
@login_required
def self_check_list(request: HttpRequest) -> HttpResponse:
    """What waits for the reader's answer, and all else that was sent to or from their reach."""
    checks = SelfCheck.objects.visible_to(request.user).select_related(
        "ticket", "unit", "sent_by", "answered_by", "found"
    )
    waiting = list(checks.to_answer_by(request.user))
    mine = {each.pk for each in waiting}
    context = {
        "waiting": waiting,
        "others": [each for each in checks.order_by("-pk")[:200] if each.pk not in mine],
    }
    return render(request, "tracker/self_check_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ticket_found(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a problem that was found by way of this one."""
    parent = ticket_in_sight(request, pk, *RELATED)
    reach = {*request.user.reach_for("self_found"), *request.user.reach_for("allot")}
    form = FoundForm(
        request.POST or None,
        parent=parent,
        units=Unit.objects.subtree(*reach),
        origins=selfcheck.origins_open_to(request.user),
    )
    if request.method == "POST" and form.is_valid():
        try:
            found = selfcheck.open_found(parent, by=request.user, **form.facts())
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已登记{found.get_origin_display()}问题{found.number}。")
            return redirect("tracker:ticket-detail", found.pk)
    refusal = selfcheck.find_refusal(parent, request.user)
    context = {"ticket": parent, "form": form, "refusal": refusal}
    return render(request, "tracker/ticket_found.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ticket_checks(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was asked to look for this problem and what they answered; send it to more units."""
    ticket = ticket_in_sight(request, pk, *RELATED)
    form = SendForm(
        request.POST or None,
        ticket=ticket,
        person=request.user,
        initial={"words": f"请对照“{ticket.title}”开展自查：是否存在同类问题，如何查的。"},
    )
    refusal = selfcheck.send_refusal(ticket, request.user)
    if request.method == "POST" and form.is_valid():
        try:
            sent = selfcheck.send(ticket, by=request.user, **form.cleaned_data)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已发给{len(sent)}个单位自查。")
            return redirect("tracker:ticket-checks", pk)
    checks = list(ticket.self_checks.select_related("unit", "sent_by", "answered_by", "found"))
    today = timezone.localdate()
    context = {
        "ticket": ticket,
        "form": form,
        "refusal": refusal,
        "checks": [(each, each.is_late(today)) for each in checks],
        "answered": sum(not each.is_waiting for each in checks),
        "found": Ticket.objects.visible_to(request.user)
        .filter(parent=ticket)
        .select_related("lead_unit"),
    }
    return render(request, "tracker/ticket_checks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def self_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one self-check: 无此类问题 with a statement, or a problem of one's own."""
    checks = SelfCheck.objects.visible_to(request.user).select_related(
        "ticket__inspection__unit", "ticket__lead_unit", "unit", "sent_by", "answered_by", "found"
    )
    check = get_object_or_404(checks, pk=pk)
    may_see_ticket = _visible(request).filter(pk=check.ticket_id).exists()
    if may_see_ticket:
        trace_if_restricted(request, check.ticket)
    finds = "found" in request.POST or request.GET.get("answer") == "found"
    none = NoneForm(request.POST if request.method == "POST" and not finds else None)
    units = Unit.objects.filter(pk=check.unit_id)
    found = FoundForm(
        request.POST if request.method == "POST" and finds else None,
        parent=check.ticket,
        units=units,
        unit=check.unit,
    )
    form = found if finds else none
    if request.method == "POST" and form.is_valid():
        try:
            if finds:
                ticket = check.answer_found(by=request.user, **found.facts())
            else:
                check.answer_none(by=request.user, **none.cleaned_data)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            if finds:
                messages.success(request, f"已答复并登记问题{ticket.number}。")
                return redirect("tracker:ticket-detail", ticket.pk)
            messages.success(request, "已答复：无此类问题。")
            return redirect("tracker:self-check", pk)
    context = {
        "check": check,
        "is_late": check.is_late(timezone.localdate()),
        "none": none,
        "found": found,
        "finds": finds,
        "refusal": check.answer_refusal(request.user),
        "may_see_ticket": may_see_ticket,
        "may_see_found": _visible(request).filter(pk=check.found_id).exists(),
    }
    return render(request, "tracker/self_check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ticket_recurs(request: HttpRequest, pk: int) -> HttpResponse:
    """Link a problem to the earlier one that it repeats (屡改屡犯)."""
    ticket = ticket_in_sight(request, pk, *RELATED)
    earlier = selfcheck.earlier_problems(ticket, request.user)
    form = RecursForm(request.POST or None, ticket=ticket, earlier=earlier)
    status = 200
    refusal = selfcheck.recurrence_refusal(ticket, request.user)
    if request.method == "POST" and not refusal and form.is_valid():
        try:
            selfcheck.mark_recurrence(ticket, by=request.user, **form.given())
        except MoveRefused as refused:
            form.add_error(None, str(refused))
            if isinstance(refused, TicketChanged):
                status = 409
                knowing(form, Ticket.objects.values_list("version", flat=True).get(pk=pk))
        else:
            messages.success(request, "已保存屡改屡犯的关联。")
            return redirect("tracker:ticket-detail", pk)
    context = {
        "ticket": ticket,
        "form": form,
        "refusal": refusal,
        "earlier": earlier.select_related("inspection", "lead_unit").order_by(
            "-inspection__feedback_on", "order"
        )[:50],
    }
    return render(request, "tracker/ticket_recurs.html", context, status=status)


def _visible(request: HttpRequest) -> QuerySet[Ticket]:
    return Ticket.objects.visible_to(request.user)
