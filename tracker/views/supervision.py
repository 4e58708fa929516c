from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker import policy, supervision
from tracker.audit import trace_if_restricted
from tracker.forms.supervision import (
    ActForm,
    AnswerForm,
    BlockForm,
    InstructForm,
    PressForm,
    RestrictForm,
    UnblockForm,
)
from tracker.models import Coordination, Holiday, Instruction, Ticket
from tracker.models.supervision import CoordinationQuerySet
from tracker.ticket_page import history
from tracker.views.lookup import ticket_in_sight
from tracker.workflow import MoveRefused, TicketChanged

PER_PAGE = 20
# Where a press may lead back to, by the name in the address.
BACK = {"workbench": "tracker:workbench", "overview": "tracker:overview"}

# The tabs of the list of requests, the one that asks for something first.
STATES = {
    "unanswered": ("待批示", CoordinationQuerySet.unanswered),
    "open": ("未解除", CoordinationQuerySet.open),
    "ended": ("已解除", CoordinationQuerySet.ended),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ticket_block(request: HttpRequest, pk: int) -> HttpResponse:
    ticket = ticket_in_sight(request, pk)
    return _act(
        request,
        ticket,
        BlockForm,
        act=partial(ticket.block, by=request.user),
        refusal=supervision.block_refusal(ticket.standing_of(request.user), ticket.is_blocked),
        name="block",
        effect="标记后亮“受阻”灯，协调请求送到责任领导和整改办。时限不变，照常填报进展。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ticket_unblock(request: HttpRequest, pk: int) -> HttpResponse:
    ticket = ticket_in_sight(request, pk)
    return _act(
        request,
        ticket,
        UnblockForm,
        act=partial(ticket.unblock, by=request.user),
        refusal=supervision.unblock_refusal(ticket.standing_of(request.user), ticket.is_blocked),
        name="unblock",
        effect="解除后按时限重新亮灯，这次受阻的起止和说明留在历史里。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ticket_press(request: HttpRequest, pk: int) -> HttpResponse:
    ticket, calendar = ticket_in_sight(request, pk), Holiday.objects.calendar()
    pause = ticket.inspection.round.pause
    return _act(
        request,
        ticket,
        PressForm,
        act=partial(ticket.press, by=request.user, calendar=calendar),
        refusal=ticket.press_refusal(request.user, calendar),
        name="press",
        effect=f"催办会记入历史并编号；同一个问题{pause}内只能催一次。",
        back=BACK.get(request.GET.get("back", "")),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ticket_restrict(request: HttpRequest, pk: int) -> HttpResponse:
    ticket = ticket_in_sight(request, pk)
    standing = ticket.standing_of(request.user)
    return _act(
        request,
        ticket,
        RestrictForm,
        act=partial(ticket.restrict, by=request.user),
        refusal=supervision.restrict_refusal(standing, ticket.is_restricted),
        name="restrict",
        effect="限定后配合单位和只读人员看不到这个问题，日历订阅不再列出，每次查阅都留痕。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ticket_unrestrict(request: HttpRequest, pk: int) -> HttpResponse:
    ticket = ticket_in_sight(request, pk)
    standing = ticket.standing_of(request.user)
    return _act(
        request,
        ticket,
        RestrictForm,
        act=partial(ticket.restrict, is_restricted=False, by=request.user),
        refusal=supervision.unrestrict_refusal(standing, ticket.is_restricted),
        name="unrestrict",
        effect="解除后配合单位和只读人员又能看到这个问题，查阅不再留痕。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ticket_instruct(request: HttpRequest, pk: int) -> HttpResponse:
    ticket = ticket_in_sight(request, pk)
    return _act(
        request,
        ticket,
        InstructForm,
        act=partial(ticket.instruct, by=request.user),
        refusal=supervision.instruct_refusal(ticket.standing_of(request.user)),
        name="instruct",
        effect="批示置顶显示在问题页面，并送到承办人员的消息里；写下后不能修改。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def instruction_answer(request: HttpRequest, pk: int) -> HttpResponse:
    instruction = _instruction_in_sight(request, pk)
    return _act(
        request,
        instruction.ticket,
        AnswerForm,
        act=partial(instruction.ticket.answer, instruction, by=request.user),
        refusal=instruction.ticket.answer_refusal(instruction, request.user),
        name="answer",
        effect=f"{instruction.by}批示：{instruction.text}",
    )


@require_POST
@login_required
def instruction_receive(request: HttpRequest, pk: int) -> HttpResponse:
    instruction = _instruction_in_sight(request, pk)
    try:
        instruction.ticket.answer(instruction, by=request.user, text="")
    except MoveRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"已签收{instruction.by}的批示。")
    return redirect("tracker:ticket-detail", instruction.ticket_id)


@require_safe
@login_required
def coordination_list(request: HttpRequest) -> HttpResponse:
    """协调请求: what keeps tickets of the reader's reach from going on, and who answered."""
    requests = Coordination.objects.visible_to(request.user)
    state = request.GET.get("state")
    state = state if state in STATES else "unanswered"
    shown = STATES[state][1](requests).for_list(timezone.localdate())
    context = {
        "state": state,
        "tabs": [(name, label, of(requests).count()) for name, (label, of) in STATES.items()],
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "may_instruct": policy.may(request.user.roles, "instruct"),
    }
    return render(request, "tracker/coordination_list.html", context)


def _instruction_in_sight(request: HttpRequest, pk: int) -> Instruction:
    instructions = Instruction.objects.visible_to(request.user)
    instruction = get_object_or_404(instructions.select_related("by", "ticket"), pk=pk)
    trace_if_restricted(request, instruction.ticket)
    return instruction


def _act(
    request: HttpRequest,
    ticket: Ticket,
    form_class: type[ActForm],
    *,
    act: Callable,
    refusal: str,
    name: str,
    effect: str,
    back: str | None = None,
) -> HttpResponse:
    """Show the form of one act, or do it; a refusal keeps what was typed.

    Where a colleague changed the ticket meanwhile, the form comes back beside what happened,
    with the new version, to be sent once more.
    """
    bind = partial(form_class, ticket=ticket, on=timezone.localdate())
    form = bind(request.POST or None)
    events, status = [], 200
    if request.method == "POST" and form.is_valid():
        try:
            act(**form.act_data())
        except TicketChanged:
            seen = form.cleaned_data["version"]
            ticket.refresh_from_db()
            form = bind({**request.POST.dict(), "version": ticket.version})
            events, status = history(ticket, since=seen), 409
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已{supervision.LABELS[name]}：{ticket.title}")
            return redirect(back) if back else redirect("tracker:ticket-detail", ticket.pk)
    context = {
        "ticket": ticket,
        "form": form,
        "refusal": refusal,
        "title": supervision.LABELS[name],
        "effect": effect,
        "events": events,
        "is_conflict": status == 409,
        "back_url": reverse(back) if back else reverse("tracker:ticket-detail", args=[ticket.pk]),
    }
    return render(request, "tracker/ticket_act.html", context, status=status)
