from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tracker.forms.requests import HandoverForm, ReasonForm
from tracker.models import Handover, Person
from tracker.models.in_hand import givers, leavers, open_duties, who_may_receive
from tracker.workflow import MoveRefused

PER_PAGE = 50


@require_safe
@login_required
def handover_list(request: HttpRequest) -> HttpResponse:
    """The sheets in the reader's sight, and whose work lies idle since they left."""
    visible = Handover.objects.visible_to(request.user)
    is_office = request.user.may("hand_over")
    left = leavers(request.user) if is_office else []
    gone = [person.pk for person, _ in left]
    context = {
        "page": Paginator(visible.for_list(), PER_PAGE).get_page(request.GET.get("page")),
        "awaiting": set(Handover.objects.awaiting(request.user).values_list("pk", flat=True)),
        "is_office": is_office,
        "leavers": left,
        "givers": givers(request.user).exclude(pk__in=gone) if is_office else [],
        "own_count": len(open_duties(request.user, request.user)),
    }
    return render(request, "tracker/handover_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def handover_new(request: HttpRequest) -> HttpResponse:
    """Hand over the reader's own work, or as the office that of the person named by `giver=`."""
    giver = _giver(request)
    duties = open_duties(giver, request.user)
    form = HandoverForm(
        request.POST or None, duties=duties, receivers=who_may_receive(giver, request.user)
    )
    if request.method == "POST" and form.is_valid():
        try:
            handover = Handover.objects.start(
                form.chosen(),
                giver=giver,
                receiver=form.cleaned_data["receiver"],
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, f"已发起交接（{handover.number}），等待{handover.waits_for_words}确认。"
            )
            return redirect("tracker:handover-detail", handover.pk)
    context = {"form": form, "giver": giver, "is_own": giver.pk == request.user.pk}
    return render(request, "tracker/handover_new.html", context)


@require_safe
@login_required
def handover_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet, as it is printed and signed; below it what the reader may do."""
    handover = _in_sight(request, pk)
    giving = handover.giving_refusal(request.user)
    context = {
        "handover": handover,
        "rows": handover.rows(),
        "may_take": not handover.taking_refusal(request.user),
        "may_give": not giving,
        "gives_for_another": request.user.pk != handover.giver_id,
        "may_cancel": not handover.cancel_refusal(request.user),
        "form": ReasonForm(label="代为确认的原因"),
    }
    return render(request, "tracker/handover_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def handover_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm as the receiver, the giver, or the office for a giver who has left."""
    handover = _in_sight(request, pk)
    as_receiver = request.user.pk == handover.receiver_id
    for_another = not as_receiver and request.user.pk != handover.giver_id
    refusal = (
        handover.taking_refusal(request.user)
        if as_receiver
        else handover.giving_refusal(request.user)
    )
    form = ReasonForm(request.POST or None, label="代为确认的原因") if for_another else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            if as_receiver:
                handover.confirm_taking(by=request.user)
            else:
                reason = form.cleaned_data["reason"] if form else ""
                handover.confirm_giving(by=request.user, reason=reason)
        except MoveRefused as refused:
            messages.error(request, f"没有确认：{refused}")
        else:
            messages.success(request, handover.outcome_words)
        return redirect("tracker:handover-detail", pk)
    rows = handover.rows()
    context = {
        "handover": handover,
        "rows": rows,
        "taken_whole": handover.taken_whole(rows) if as_receiver else [],
        "form": form,
        "refusal": refusal,
        "as_receiver": as_receiver,
    }
    return render(request, "tracker/handover_confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def handover_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    handover = _in_sight(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            handover.cancel(by=request.user, reason=form.cleaned_data["reason"])
        except MoveRefused as refused:
            messages.error(request, f"没有取消：{refused}")
        else:
            messages.success(request, f"已取消交接（{handover.number}），各问题的责任不变。")
        return redirect("tracker:handover-detail", pk)
    refusal = handover.cancel_refusal(request.user)
    context = {"handover": handover, "form": form, "refusal": refusal}
    return render(request, "tracker/handover_cancel.html", context)


def _in_sight(request: HttpRequest, pk: int) -> Handover:
    return get_object_or_404(Handover.objects.visible_to(request.user).for_list(), pk=pk)


def _giver(request: HttpRequest) -> Person:
    """The reader, or somebody who has work in the reach of the reader's office."""
    picked = request.GET.get("giver", "")
    if not picked or picked == str(request.user.pk):
        return request.user
    if not picked.isdecimal() or not request.user.may("hand_over"):
        raise Http404
    giver = get_object_or_404(Person, pk=picked)
    if not open_duties(giver, request.user):
        raise Http404
    return giver
