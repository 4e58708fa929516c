"""编制方案: how what a plan says of a ticket changes, before the plan is approved and after.

Before, staff edit and every change is recorded. After, they ask; what was asked for is done, in
one transaction with its records, when the one who approves the plan grants it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Model
from django.urls import reverse
from django.utils import timezone

from tracker import notices, policy, workflow
from tracker.choices import (
    AskKind,
    AskStatus,
    DueBasis,
    NoticeKind,
    Origin,
    PlanStatus,
    Status,
)
from tracker.dates import zh_md
from tracker.models import Measure, Milestone, Person, Plan, PlanAsk, Ticket, Unit
from tracker.models.plan import approver_of
from tracker.models.tracked import create_all
from tracker.models.transition import in_words
from tracker.planning import Stop, measure_number
from tracker.workflow import MoveRefused, TicketChanged

# What may be said of a measure. The deadline of an approved one moves by extension alone.
ASKABLE = ("text", "goal", "unit", "person", "starts_on", "printed")
FACTS = ("leader", "person", "lead_unit", "kind", "due_on", "due_reason")
_RELATED: dict[str, type[Model]] = {"unit": Unit, "person": Person, "printed": Measure}
MILESTONES = "milestones"

WHY = "编制整改方案"


def draft_refusal(ticket: Ticket, plan: Plan | None, person: Person) -> str:
    """Say why this person cannot edit what the plan says of the ticket; empty means they can."""
    if not policy.may(person.roles_on(ticket.lead_unit), "plan"):
        return "由牵头单位的承办人、部门负责人或整改办编制。"
    if ticket.status in (Status.SUBMITTED, Status.CLOSED):
        return f"“{Status(ticket.status).label}”的问题不能修改措施。"
    if ticket.origin != Origin.FEEDBACK:
        return ""  # what a unit finds by itself is no part of the plan that is approved
    if plan is None:
        return "这次巡视巡察没有编制整改方案，措施以通报所印为准。"
    if plan.status == PlanStatus.SUBMITTED:
        return "整改方案正在审定，不能修改。"
    if plan.status == PlanStatus.APPROVED:
        return "整改方案已批准，修改要申请调整。"
    return ""


def is_settled(ticket: Ticket, plan: Plan | None) -> bool:
    """Whether what the plan says of this ticket is approved, so that a change has to be asked for.

    What a unit found besides the feedback is in no plan that anybody approves.
    """
    return ticket.origin == Origin.FEEDBACK and plan is not None and plan.is_approved


def ask_refusal(ticket: Ticket, plan: Plan | None, person: Person) -> str:
    """Say why this person cannot ask to change the approved plan; empty means they can."""
    if not policy.may(person.roles_on(ticket.lead_unit), "plan"):
        return "由牵头单位的承办人、部门负责人或整改办申请调整。"
    if ticket.status in (Status.SUBMITTED, Status.CLOSED):
        return f"“{Status(ticket.status).label}”的问题不能申请调整。"
    if not is_settled(ticket, plan):
        return "整改方案批准以后才需要申请调整。"
    return ""


def plan_of(ticket: Ticket) -> Plan | None:
    return Plan.objects.filter(inspection=ticket.inspection_id).first()


def _hold_plan(ticket: Ticket) -> Plan | None:
    """Lock the plan, so that it is not submitted while one of its measures changes."""
    return Plan.objects.select_for_update().filter(inspection=ticket.inspection_id).first()


def _refuse_if(reason: str) -> None:
    if reason:
        raise MoveRefused(reason)


# -- before the plan is approved ------------------------------------------------------------------


def save_facts(ticket: Ticket, values: Mapping[str, Any], *, by: Person, version: int) -> bool:
    """Set who answers for a problem and by when, as the plan is drafted.

    The deadline that a plan sets is the first one: it does not count as moved. Tells whether
    anything differed.
    """
    if unknown := set(values) - set(FACTS):
        raise ValueError(f"not part of a plan: {sorted(unknown)}")
    with transaction.atomic():
        _refuse_if(draft_refusal(ticket, _hold_plan(ticket), by))
        with ticket.revising(by=by, why=WHY, version=version) as record:
            before = {name: getattr(ticket, name) for name in values}
            changed = {name: new for name, new in values.items() if new != before[name]}
            for name, new in changed.items():
                field = Ticket._meta.get_field(name)
                record(str(field.verbose_name), in_words(field, before[name]), in_words(field, new))
                setattr(ticket, name, new)
            if "due_on" in changed:
                ticket.original_due_on, ticket.due_basis = ticket.due_on, DueBasis.DECIDED
            ticket.full_clean(validate_unique=False)
            if not changed:
                ticket.version -= 1
    return bool(changed)


def save_measure(
    ticket: Ticket,
    measure: Measure | None,
    values: Mapping[str, Any],
    stops: Sequence[Stop],
    *,
    by: Person,
    version: int,
) -> Measure:
    """Add a measure, or edit one, with its milestones; each field that differs is recorded."""
    with transaction.atomic():
        _refuse_if(draft_refusal(ticket, _hold_plan(ticket), by))
        with ticket.revising(by=by, why=WHY, version=version) as record:
            return _write(ticket, measure, values, stops, by, record)


def drop_measure(ticket: Ticket, measure: Measure, *, by: Person, version: int) -> None:
    """Take a measure from the plan; it is kept, but counts and shows nowhere any more."""
    with transaction.atomic():
        _refuse_if(draft_refusal(ticket, _hold_plan(ticket), by))
        with ticket.revising(by=by, why=WHY, version=version) as record:
            _drop(ticket, measure, record)


def shift_measure(ticket: Ticket, measure: Measure, step: int, *, by: Person, version: int) -> None:
    """Move a measure one place up (-1) or down (1) in the plan."""
    with transaction.atomic():
        _refuse_if(draft_refusal(ticket, _hold_plan(ticket), by))
        with ticket.revising(by=by, why=WHY, version=version) as record:
            measures = list(ticket.measures.all())
            at = measures.index(measure)
            if not 0 <= at + step < len(measures):
                raise MoveRefused("已经在最前或最后。")
            other = measures[at + step]
            # No two measures may share a place even for a moment.
            places, spare = (other.order, measure.order), _last_order(ticket) + 1
            for each, order in ((measure, spare), (other, places[1]), (measure, places[0])):
                each.order = order
                each.save(update_fields=["order"])
            record(f"{measure.label}的顺序", f"第{at + 1}条", f"第{at + step + 1}条")
            _renumber(ticket)


def _write(ticket, measure, values, stops, by, record) -> Measure:
    """Set what differs and record it; the caller holds plan and ticket."""
    if measure is None:
        order = _last_order(ticket) + 1
        measure = Measure(ticket=ticket, order=order, added_by=by)
        for name, value in values.items():
            setattr(measure, name, value)
        _check(measure)
        measure.save()
        _renumber(ticket)
        measure.refresh_from_db()
        record(measure.label, "", measure.text)
    else:
        for name, old, new in differences(measure, values):
            field = Measure._meta.get_field(name)
            record(
                f"{measure.label}的{field.verbose_name}", in_words(field, old), in_words(field, new)
            )
            setattr(measure, name, new)
        _check(measure)
        measure.save()
    before = [Stop(each.title, each.due_on) for each in measure.milestones.all()]
    if before != list(stops):
        _set_milestones(measure, stops)
        record(f"{measure.label}的节点", stops_in_words(before), stops_in_words(stops))
    return measure


def _check(measure: Measure) -> None:
    try:
        # The place is kept by the database; a message about it would name no field of the form.
        measure.full_clean(validate_unique=False, validate_constraints=False)
        measure.validate_constraints(exclude={"order"})
    except ValidationError as wrong:
        raise MoveRefused("；".join(wrong.messages)) from wrong


def _drop(ticket: Ticket, measure: Measure, record) -> None:
    if measure.is_printed:
        raise MoveRefused("通报所印的措施不能撤下。")
    if measure.done_on:
        raise MoveRefused("已完成的措施不能撤下。")
    measure.dropped_on = timezone.localdate()
    measure.save(update_fields=["dropped_on"])
    record(measure.label, measure.text, "已撤下")
    _renumber(ticket)


def _set_milestones(measure: Measure, stops: Iterable[Stop]) -> None:
    """Make the milestones these; one that stays as it was keeps the day on which it was reached."""
    wanted = list(stops)
    for each in measure.milestones.all():
        stop = Stop(each.title, each.due_on)
        if stop in wanted:
            wanted.remove(stop)
        else:
            each.delete()
    create_all(
        Milestone,
        (Milestone(measure=measure, title=stop.title, due_on=stop.due_on) for stop in wanted),
    )


def _last_order(ticket: Ticket) -> int:
    # Of what was taken away too: a place is free again, but nobody should wonder.
    return Measure.ever.filter(ticket=ticket).aggregate(last=Max("order"))["last"] or 0


def _renumber(ticket: Ticket) -> None:
    """Number the measures that people added; the printed ones keep the numbers of the print."""
    measures = list(Measure.objects.filter(ticket=ticket))
    taken = {measure.number for measure in measures if measure.is_printed}
    free = (number for n in range(1, 1000) if (number := measure_number(n)) not in taken)
    for measure in measures:
        if measure.is_printed:
            continue
        number = next(free)
        if number != measure.number:
            measure.number = number
            measure.save(update_fields=["number"])


# -- after the plan is approved -------------------------------------------------------------------


def ask(
    ticket: Ticket,
    measure: Measure | None,
    kind: AskKind,
    values: Mapping[str, Any],
    stops: Sequence[Stop],
    *,
    reason: str,
    by: Person,
) -> PlanAsk:
    """Ask for one change of an approved plan; nothing moves until it is granted."""
    reason = reason.strip()
    with transaction.atomic():
        _refuse_if(ask_refusal(ticket, _hold_plan(ticket), by))
        if not reason:
            raise MoveRefused("请写明调整理由。")
        fields = [] if kind == AskKind.DROP else _asked_fields(measure, values, stops)
        if kind == AskKind.CHANGE and not fields:
            raise MoveRefused("没有改动。")
        if kind == AskKind.DROP and measure.is_printed:
            raise MoveRefused("通报所印的措施不能撤下。")
        if measure and measure.plan_asks.pending().exists():
            raise MoveRefused("这条措施已有一个待审定的调整申请。")
        if kind == AskKind.ADD:
            _check(Measure(ticket=ticket, order=1, added_by=by, **values))
        made = PlanAsk.objects.create(
            ticket=ticket, measure=measure, kind=kind, fields=fields, reason=reason, asked_by=by
        )
        inspection = ticket.inspection
        approvers = notices.holding(approver_of(inspection), inspection.unit)
        _tell(approvers, made, f"申请{kind.label}：{reason}", by)
        return made


def _tell(people: Iterable[Person], plan_ask: PlanAsk, text: str, by: Person) -> None:
    page = reverse("tracker:plan-ask", args=[plan_ask.pk])
    notices.tell(people, NoticeKind.PLAN, plan_ask.ticket, text, by=by, link=page)


def decide_refusal(plan_ask: PlanAsk, person: Person) -> str:
    """Say why this person cannot decide the request; empty means they can."""
    inspection = plan_ask.ticket.inspection
    approver = approver_of(inspection)
    if approver not in person.roles_on(inspection.unit):
        return f"由被巡察单位的{approver.label}审定。"
    if not plan_ask.is_pending:
        return "已经审定。"
    if plan_ask.asked_by_id == person.pk:
        return "申请人不能审定自己的申请。"
    return ""


def decide(plan_ask: PlanAsk, *, granted: bool, opinion: str, by: Person) -> None:
    """Grant or refuse a request; what is granted is done here, in the same transaction."""
    opinion = opinion.strip()
    with transaction.atomic():
        _hold_plan(plan_ask.ticket)
        PlanAsk.objects.select_for_update(of=("self",)).get(pk=plan_ask.pk)
        plan_ask.refresh_from_db()
        _refuse_if(decide_refusal(plan_ask, by))
        if not opinion:
            raise MoveRefused("请填写审定意见。")
        if granted:
            _apply(plan_ask, by)
        plan_ask.status = AskStatus.APPROVED if granted else AskStatus.REFUSED
        plan_ask.decided_by, plan_ask.decided_at = by, timezone.now()
        plan_ask.opinion = opinion
        plan_ask.save()
        words = f"方案调整{plan_ask.get_status_display()}：{opinion}"
        _tell([plan_ask.asked_by], plan_ask, words, by)


def _apply(plan_ask: PlanAsk, by: Person) -> None:
    ticket, measure = plan_ask.ticket, plan_ask.measure
    if ticket.status in (Status.SUBMITTED, Status.CLOSED):
        raise MoveRefused(
            f"问题现在是“{Status(ticket.status).label}”，不能调整；请不同意并写明原因。"
        )
    why = f"方案调整：{plan_ask.reason}"
    with ticket.revising(by=by, why=why, version=ticket.version) as record:
        if plan_ask.kind == AskKind.DROP:
            _drop(ticket, measure, record)
            return
        values = {f["name"]: _value(f["name"], f["value"]) for f in plan_ask.fields}
        stops = [
            Stop(each["title"], date.fromisoformat(each["due_on"]))
            for each in values.pop(MILESTONES, [])
        ]
        if measure is None:
            _write(ticket, None, values, stops, plan_ask.asked_by, record)
            return
        for field in plan_ask.fields:
            if (
                field["name"] != MILESTONES
                and _stored(getattr(measure, field["name"])) != field["old_value"]
            ):
                raise TicketChanged(
                    f"申请以后“{field['label']}”已经改变，请不同意并请申请人重新申请。"
                )
        if not any(field["name"] == MILESTONES for field in plan_ask.fields):
            stops = [Stop(each.title, each.due_on) for each in measure.milestones.all()]
        _write(ticket, measure, values, stops, by, record)


def _asked_fields(
    measure: Measure | None, values: Mapping[str, Any], stops: Sequence[Stop]
) -> list[dict]:
    """What a request keeps: words for people to read, values for the day it is granted."""
    asked = []
    if measure is None:
        changed = [(name, None, value) for name, value in values.items() if value not in (None, "")]
        before: list[Stop] = []
    else:
        allowed = {name: value for name, value in values.items() if name in ASKABLE}
        changed = differences(measure, allowed)
        before = [Stop(each.title, each.due_on) for each in measure.milestones.all()]
    for name, old, new in changed:
        field = Measure._meta.get_field(name)
        asked.append(
            {
                "name": name,
                "label": str(field.verbose_name),
                "old": in_words(field, old),
                "new": in_words(field, new),
                "old_value": _stored(old),
                "value": _stored(new),
            }
        )
    if before != list(stops):
        asked.append(
            {
                "name": MILESTONES,
                "label": "节点",
                "old": stops_in_words(before),
                "new": stops_in_words(stops),
                "old_value": None,
                "value": [{"title": s.title, "due_on": s.due_on.isoformat()} for s in stops],
            }
        )
    return asked


def differences(measure: Measure, values: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """The fields that would change, with both values; the words of a printed measure never do."""
    return [
        (name, getattr(measure, name), new)
        for name, new in values.items()
        if getattr(measure, name) != new and not (name == "text" and measure.is_printed)
    ]


def _stored(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value


def _value(name: str, stored: Any) -> Any:
    if stored is None or name == MILESTONES:
        return stored or ([] if name == MILESTONES else None)
    if name in _RELATED:
        return _RELATED[name]._base_manager.get(pk=stored)
    return date.fromisoformat(stored) if name in ("starts_on", "due_on") else stored


# -- milestones -----------------------------------------------------------------------------------


def tick_refusal(measure: Measure, ticket: Ticket, person: Person) -> str:
    """Say why this person cannot mark milestones as reached; empty means they can."""
    units: Collection[Unit] = [unit for unit in (ticket.lead_unit, measure.unit) if unit]
    if not policy.may(person.roles_on(*units), "report"):
        return "由承办人登记节点。"
    if ticket.status not in workflow.REPORT_FROM:
        return f"“{Status(ticket.status).label}”的问题不能登记节点。"
    return ""


def tick(ticket: Ticket, milestone: Milestone, *, by: Person, version: int) -> None:
    """Mark a milestone as reached today, or take the mark back."""
    measure = milestone.measure
    _refuse_if(tick_refusal(measure, ticket, by))
    with ticket.revising(by=by, why="登记节点", version=version) as record:
        before = milestone.done_on
        milestone.done_on = None if before else timezone.localdate()
        milestone.save(update_fields=["done_on"])
        states = ("已到达", "未到达") if before else ("未到达", "已到达")
        record(f"{measure.label}节点“{milestone.title}”", *states)


# -- in words -------------------------------------------------------------------------------------


def stops_in_words(stops: Iterable[Stop]) -> str:
    """9月1日立项；10月8日完工"""
    return "；".join(f"{zh_md(s.due_on)}{s.title}" for s in stops)
