"""整改方案: the whole plan, the plan of one ticket, its measures, and requests to change it."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tracker import drafting, planning
from tracker.audit import trace_if_restricted
from tracker.choices import AskKind
from tracker.forms.meeting import MeetsHalfway, knowing
from tracker.forms.plan import (
    DecideForm,
    DropForm,
    FactsForm,
    MeasureForm,
    MilestoneFormSet,
    PlanMoveForm,
)
from tracker.models import Holiday, Inspection, Milestone, Plan, PlanAsk, Ticket
from tracker.models.plan import begin_refusal, planned_problem
from tracker.names import Directory
from tracker.plan_page import compare_editions, nodes, plan_page
from tracker.planning import PLAN_MOVES, Stop
from tracker.ticket_page import history
from tracker.views.lookup import ticket_in_sight
from tracker.workflow import MoveRefused, TicketChanged

# What the pages of one ticket fetch beside it.
RELATED = (
    "inspection__round",
    "inspection__unit",
    "category__parent",
    "lead_unit",
    "leader",
    "person",
)


# -- the whole plan -------------------------------------------------------------------------------


@require_safe
@login_required
def inspection_plan(request: HttpRequest, pk: int) -> HttpResponse:
    inspection = _inspection_in_sight(request, pk)
    context = {"inspection": inspection, "page": plan_page(inspection, request.user)}
    return render(request, "tracker/plan.html", context)


@require_safe
@login_required
def plan_editions(request: HttpRequest, pk: int) -> HttpResponse:
    """Two editions of a plan beside each other, or the last one beside what the plan says now."""
    inspection = _inspection_in_sight(request, pk)
    plan = get_object_or_404(Plan, inspection=inspection)
    plan.inspection = inspection
    page = compare_editions(plan, request.user, request.GET.get("old"), request.GET.get("new"))
    context = {"inspection": inspection, "plan": plan, "page": page}
    return render(request, "tracker/plan_editions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def plan_move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Confirm one move of the plan; `begin` opens the plan of an inspection that has none."""
    inspection = _inspection_in_sight(request, pk)
    plan = Plan.objects.filter(inspection=inspection).first()
    if name == "begin":
        return _begin(request, inspection, plan)
    if name not in PLAN_MOVES or plan is None:
        raise Http404
    plan.inspection = inspection
    move = PLAN_MOVES[name]
    form = PlanMoveForm(request.POST or None, move=move, version=plan.version)
    status = 200
    if request.method == "POST" and form.is_valid():
        note, version = form.cleaned_data["note"], form.cleaned_data["version"]
        try:
            plan.move(name, by=request.user, note=note, version=version)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
            status = 409 if isinstance(refused, TicketChanged) else 200
            plan.refresh_from_db()
            form = knowing(form, plan.version)
        else:
            messages.success(request, f"已{move.label}，方案现为“{plan.get_status_display()}”。")
            return redirect("tracker:inspection-plan", pk)
    context = {
        "inspection": inspection,
        "plan": plan,
        "move": move,
        "form": form,
        "refusal": planning.refusal(name, plan.standing_of(request.user)),
    }
    return render(request, "tracker/plan_move.html", context, status=status)


def _begin(request: HttpRequest, inspection: Inspection, plan: Plan | None) -> HttpResponse:
    refusal = "这次巡视巡察已经有整改方案。" if plan else begin_refusal(inspection, request.user)
    if request.method == "POST" and not refusal:
        try:
            Plan.begin(inspection, by=request.user)
        except MoveRefused as refused:
            refusal = str(refused)
        else:
            messages.success(request, "已开始编制整改方案，各牵头单位可以填写措施。")
            return redirect("tracker:inspection-plan", inspection.pk)
    context = {"inspection": inspection, "refusal": refusal}
    return render(request, "tracker/plan_begin.html", context)


# -- the plan of one ticket -----------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ticket_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and edit what the plan says of one ticket: who, by when, and the list of measures."""
    ticket = ticket_in_sight(request, pk, *RELATED)
    form = partial(FactsForm, ticket=ticket, directory=Directory.for_ticket(ticket))
    status, refused_words, bound, since = 200, "", None, None
    if request.method == "POST":
        try:
            if "act" in request.POST:
                done = _act_on_list(request, ticket)
            else:
                bound = form(request.POST)
                done = _save_facts(request, ticket, bound)
        except MoveRefused as refused:
            refused_words = str(refused)
            ticket = ticket_in_sight(request, pk, *RELATED)
            if isinstance(refused, TicketChanged):
                status, since = 409, request.POST["version"]
                bound = bound and _meeting(bound, ticket)
        else:
            if done:
                messages.success(request, done)
                return redirect("tracker:ticket-plan", pk)
    plan = drafting.plan_of(ticket)
    measures = list(
        ticket.measures.select_related("unit", "person", "printed").prefetch_related(
            "milestones", "plan_asks"
        )
    )
    for measure in measures:
        measure.ticket = ticket
    reached = nodes(measures, timezone.localdate())
    problem = planned_problem(ticket)
    context = {
        "ticket": ticket,
        "plan": plan,
        "calendar": Holiday.objects.calendar(),
        "form": bound or form(),
        "refusal": drafting.draft_refusal(ticket, plan, request.user),
        "refused": refused_words,
        "typed": _typed(bound),
        "has_changed": since is not None,
        "events": [] if since is None else history(ticket, since=int(since)),
        "ask_refusal": drafting.ask_refusal(ticket, plan, request.user),
        "measures": [
            (
                measure,
                reached[measure.pk],
                not drafting.tick_refusal(measure, ticket, request.user),
                any(each.is_pending for each in measure.plan_asks.all()),
            )
            for measure in measures
        ],
        "lacks": planning.lacks(problem, ticket.inspection.focus_ends_on),
        "advice": planning.advice(problem),
        "asks": ticket.plan_asks.select_related("measure", "asked_by", "decided_by"),
    }
    return render(request, "tracker/ticket_plan.html", context, status=status)


def _save_facts(request: HttpRequest, ticket: Ticket, form: FactsForm) -> str:
    if not form.is_valid():
        return ""
    version = form.cleaned_data["version"]
    changed = drafting.save_facts(ticket, form.facts(), by=request.user, version=version)
    return "已保存责任与时限。" if changed else "没有改动。"


def _act_on_list(request: HttpRequest, ticket: Ticket) -> str:
    """Do what one button of the list of measures says; the value names the measure."""
    act, _, key = request.POST["act"].partition(":")
    version = request.POST.get("version", "")
    if not (key.isdecimal() and version.isdecimal()):
        raise Http404
    keep = {"by": request.user, "version": int(version)}
    if act == "tick":
        milestone = get_object_or_404(
            Milestone.objects.select_related("measure__unit"),
            pk=key,
            measure__in=ticket.measures.all(),
        )
        drafting.tick(ticket, milestone, **keep)
        return f"节点“{milestone.title}”{'已到达' if milestone.done_on else '改回未到达'}。"
    measure = get_object_or_404(ticket.measures, pk=key)
    if act == "drop":
        drafting.drop_measure(ticket, measure, **keep)
        return f"已撤下{measure.label}。"
    if act not in ("up", "down"):
        raise Http404
    drafting.shift_measure(ticket, measure, -1 if act == "up" else 1, **keep)
    return "已调整顺序。"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ticket_measure(request: HttpRequest, pk: int, measure: int | None = None) -> HttpResponse:
    """Add or edit one measure with its milestones; once the plan is approved, ask for it."""
    ticket = ticket_in_sight(request, pk, *RELATED)
    measures = ticket.measures.prefetch_related("milestones").select_related("unit", "person")
    found = get_object_or_404(measures, pk=measure) if measure else None
    plan = drafting.plan_of(ticket)
    asks = drafting.is_settled(ticket, plan)
    may = drafting.ask_refusal if asks else drafting.draft_refusal
    refusal = may(ticket, plan, request.user)
    before = [Stop(m.title, m.due_on) for m in found.milestones.all()] if found else []
    form = MeasureForm(
        request.POST or None,
        ticket=ticket,
        measure=found,
        directory=Directory.for_ticket(ticket),
        asks=asks,
    )
    rows = MilestoneFormSet(request.POST or None, stops=before)
    status, laid_out, since = 200, False, None
    if request.method == "POST" and not refusal:
        if "lay_out" in request.POST:
            rows, laid_out = _laid_out(ticket, form), True
        elif form.is_valid() and rows.is_valid():
            try:
                said = _save_measure(request, ticket, found, form, rows, asks=asks)
            except MoveRefused as refused:
                form.add_error(None, str(refused))
                if isinstance(refused, TicketChanged):
                    status, since = 409, form.cleaned_data["version"]
                    ticket = ticket_in_sight(request, pk, *RELATED)
                    form = _meeting(form, ticket)
            else:
                messages.success(request, said)
                return redirect("tracker:ticket-plan", pk)
    context = {
        "ticket": ticket,
        "measure": found,
        "form": form,
        "rows": rows,
        "asks": asks,
        "laid_out": laid_out,
        "refusal": refusal,
        "typed": _typed(form),
        "has_changed": since is not None,
        "events": [] if since is None else history(ticket, since=since),
    }
    return render(request, "tracker/measure_form.html", context, status=status)


def _save_measure(request, ticket, measure, form, rows, *, asks: bool) -> str:
    if asks:
        kind = AskKind.CHANGE if measure else AskKind.ADD
        reason = form.cleaned_data["reason"]
        drafting.ask(
            ticket, measure, kind, form.values(), rows.stops(), reason=reason, by=request.user
        )
        return "已提出方案调整申请，审定前不生效。"
    version = form.cleaned_data["version"]
    saved = drafting.save_measure(
        ticket, measure, form.values(), rows.stops(), by=request.user, version=version
    )
    return f"已保存{saved.label}。"


def _laid_out(ticket: Ticket, form: MeasureForm) -> MilestoneFormSet:
    """Milestones counted back from the deadline that was typed, else from the ticket's."""
    form.is_valid()
    due_on = form.cleaned_data.get("due_on") or ticket.due_on
    start = form.cleaned_data.get("starts_on") or timezone.localdate()
    # A glance at a draft is no attempt to save it.
    form.errors.clear()
    stops = planning.count_back(start, due_on, Holiday.objects.calendar()) if due_on else []
    return MilestoneFormSet(stops=stops)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def measure_drop(request: HttpRequest, pk: int, measure: int) -> HttpResponse:
    """Ask to take a measure from an approved plan."""
    ticket = ticket_in_sight(request, pk, *RELATED)
    found = get_object_or_404(ticket.measures, pk=measure)
    refusal = drafting.ask_refusal(ticket, drafting.plan_of(ticket), request.user)
    form = DropForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            drafting.ask(ticket, found, AskKind.DROP, {}, [], reason=reason, by=request.user)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已申请撤下，审定前不生效。")
            return redirect("tracker:ticket-plan", pk)
    context = {"ticket": ticket, "measure": found, "form": form, "refusal": refusal}
    return render(request, "tracker/measure_drop.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def plan_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what would change, old beside new, and let the one who approves decide."""
    asks = PlanAsk.objects.visible_to(request.user).select_related(
        "ticket__inspection__round",
        "ticket__inspection__unit",
        "ticket__category__parent",
        "ticket__lead_unit",
        "measure",
        "asked_by",
        "decided_by",
    )
    found = get_object_or_404(asks, pk=pk)
    trace_if_restricted(request, found.ticket)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        granted = "grant" in request.POST
        try:
            opinion = form.cleaned_data["opinion"]
            drafting.decide(found, granted=granted, opinion=opinion, by=request.user)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已审定：{found.get_status_display()}。")
            return redirect("tracker:plan-ask", pk)
    context = {
        "ask": found,
        "ticket": found.ticket,
        "form": form,
        "refusal": drafting.decide_refusal(found, request.user),
    }
    return render(request, "tracker/plan_ask.html", context)


# -- how they do it -------------------------------------------------------------------------------


def _inspection_in_sight(request: HttpRequest, pk: int) -> Inspection:
    inspections = Inspection.objects.visible_to(request.user).for_page()
    return get_object_or_404(inspections, pk=pk)


def _meeting(form: MeetsHalfway, ticket: Ticket) -> MeetsHalfway:
    """The same form once a colleague was first: own changes on what stands there now."""
    form.meet_halfway()
    return knowing(form, ticket.version)


def _typed(form: MeetsHalfway | None) -> dict[str, str]:
    """What was typed into a form that cannot be saved any more, for the page to show."""
    return {"value": form.typed() if form and form.is_bound else ""}
