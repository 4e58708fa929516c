"""What the page of one ticket shows beside its own fields; no HTML."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Literal

from django.db.models import Q, QuerySet
from django.utils import timezone

from tracker import supervision
from tracker.choices import FindingKind, Role, Status
from tracker.models import (
    Bulletin,
    Change,
    Coordination,
    Extension,
    ExtensionDecision,
    Finding,
    Instruction,
    LookBackItem,
    Person,
    Plan,
    Press,
    Progress,
    Reply,
    SelfCheck,
    Ticket,
    Transition,
    Verdict,
)
from tracker.models.selfcheck import find_refusal, recurrence_refusal, send_refusal
from tracker.periods import Period, next_report_on
from tracker.source_text import SourceLine, find, paragraphs, source_lines
from tracker.workflow import FOUND, IMPORTED, LEVELS, SUBMITTING, Standing
from tracker.worktime import WorkCalendar


@dataclass(frozen=True, slots=True)
class Event:
    """One record of the ticket's history; the kind tells how the page words it.

    A request for coordination makes two: it was blocked, and later unblocked.
    """

    kind: Literal[
        "progress",
        "verdict",
        "move",
        "change",
        "blocked",
        "unblocked",
        "press",
        "instruction",
        "reply",
        "extension",
        "decision",
        "look_back",
    ]
    record: (
        Progress
        | Verdict
        | Transition
        | Change
        | Coordination
        | Press
        | Instruction
        | Reply
        | Extension
        | ExtensionDecision
        | LookBackItem
    )

    @property
    def tab(self) -> str:
        """Under which of the tabs above the history it stands."""
        return TAB_OF.get(self.kind, self.kind)

    @property
    def by(self) -> Person:
        return self.record.ended_by if self.kind == "unblocked" else self.record.by

    @property
    def at(self) -> datetime:
        return self.record.ended_at if self.kind == "unblocked" else self.record.at

    @property
    def place(self) -> tuple[int, bool, int]:
        """Where it stands in the story: by the version it made, or else after the one it found."""
        if self.kind == "unblocked":
            return self.record.ended_version, False, 0
        is_aside = self.kind in ("press", "instruction", "reply", "look_back")
        return self.record.ticket_version, is_aside, is_aside and self.at.timestamp()


# The verdict on a report stands with the reports.
TAB_OF = {
    "verdict": "progress",
    "blocked": "move",
    "unblocked": "move",
    "press": "move",
    "reply": "instruction",
    "decision": "extension",
    "look_back": "move",
}


def history(ticket: Ticket, since: int = 0) -> list[Event]:
    """All that happened to a ticket, the newest first (sixteen queries at most).

    With `since`, only what came after that version: what a person who opened it has not seen.
    """
    progress = ticket.progress.prefetch_related(
        "figures__indicator", "verdicts", "evidence"
    ).select_related("correction")
    requests = list(ticket.coordinations.select_related("by", "ended_by", "needs_unit"))
    replies = Reply.objects.filter(instruction__ticket=ticket).select_related("instruction")
    events = [
        *(Event("progress", record) for record in _after(progress, since)),
        *(Event("verdict", each) for each in _after(ticket.verdicts, since)),
        *(
            Event("move", record)
            for record in _after(ticket.transitions, since).select_related("acting_for")
        ),
        *_of_extensions(ticket, since),
        *(Event("look_back", each) for each in _after(ticket.look_backs, since)),
        *(Event("change", record) for record in _after(ticket.changes, since)),
        *(Event("blocked", one) for one in requests if one.ticket_version > since),
        *(Event("unblocked", one) for one in requests if (one.ended_version or 0) > since),
        *(Event("press", record) for record in _after(ticket.presses, since)),
        *(Event("instruction", each) for each in _after(ticket.instructions, since)),
        *(Event("reply", record) for record in _after(replies, since)),
    ]
    # One version is one act; the sort is stable, so its changes stay below what made them.
    return sorted(events, key=attrgetter("place"), reverse=True)


def _after(records: QuerySet, version: int) -> QuerySet:
    return records.filter(ticket_version__gt=version).select_related("by")


def _of_extensions(ticket: Ticket, version: int) -> list[Event]:
    """The requests for more time and the decisions on them; a withdrawal is a change."""
    events = []
    for request in ticket.extensions.for_page():
        events.append(Event("extension", request))
        events += [Event("decision", decision) for decision in request.decisions.all()]
    return [event for event in events if event.record.ticket_version > version]


@dataclass(frozen=True, slots=True)
class Stage:
    """One step on the line from import to closing: past, now, or still to come."""

    label: str
    state: Literal["ok", "now", ""]
    on: date | None = None
    note: str = ""


# What stands before and after the levels of review.
BEFORE, AFTER = ("立项", "认领", "启动", "整改"), ("销号",)
# The stage at which a ticket of this status waits.
WAITS_AT = {
    Status.UNCLAIMED: 1,
    Status.CLAIMED: 2,
    Status.IN_PROGRESS: 3,
    Status.RETURNED: 3,
}


def stages(ticket: Ticket, events: list[Event]) -> list[Stage]:
    """How far the ticket has come in this cycle, with the days on which it passed each stage.

    A stage that the import skipped, because a person was named or the bulletin claims the work
    done, carries the day of the import. The last level of review closes: both have one day.
    """
    levels = ticket.inspection.round.levels
    labels = (*BEFORE, *(LEVELS[level] for level in levels), *AFTER)
    moves = [event.record for event in events if event.kind == "move"]
    entered_on = _last_day(moves, IMPORTED) or _last_day(moves, FOUND)
    imported_on = entered_on or timezone.localdate(ticket.created_at)
    reviewed_on = [timezone.localdate(record.at) for record in reversed(_reviews(moves))]
    passed_on = [
        imported_on,
        _last_day(moves, "claim") or imported_on,
        _last_day(moves, "start") or imported_on,
        ticket.submitted_on,
        *(reviewed_on + [None] * len(labels))[: len(levels)],
        ticket.closed_on,
    ]
    now = _place(ticket, levels)
    line = []
    for place, label in enumerate(labels):
        if place < now:
            line.append(Stage(label, "ok", on=passed_on[place]))
        elif place == now:
            line.append(Stage(label, "now", note=_waiting_for(ticket)))
        else:
            line.append(Stage(label, ""))
    return line


def _place(ticket: Ticket, levels: tuple[Role, ...]) -> int:
    """The number of the stage at which it waits; a closed ticket has passed them all."""
    if ticket.status == Status.CLOSED:
        return len(BEFORE) + len(levels) + len(AFTER)
    if ticket.status == Status.SUBMITTED:
        order = list(LEVELS)
        waiting = order.index(ticket.review_role)
        return len(BEFORE) + sum(order.index(level) < waiting for level in levels)
    return WAITS_AT[Status(ticket.status)]


def _reviews(moves: list[Transition]) -> list[Transition]:
    """The approvals since the last submission, the newest first."""
    approvals = []
    for record in moves:
        if record.move in SUBMITTING:
            break
        if record.move in ("review", "close"):
            approvals.append(record)
    return approvals


def _waiting_for(ticket: Ticket) -> str:
    match ticket.status:
        case Status.UNCLAIMED:
            return "待承办人认领"
        case Status.CLAIMED:
            return "待填报人启动"
        case Status.SUBMITTED:
            return f"待{Role(ticket.review_role).label}办理"
        case Status.RETURNED:
            return "已退回，待补充"
    return "进行中" if ticket.latest_percent is None else f"进度{ticket.latest_percent}%"


def _last_day(moves: list[Transition], name: str) -> date | None:
    return next((timezone.localdate(record.at) for record in moves if record.move == name), None)


@dataclass(frozen=True, slots=True)
class ReportStatus:
    """Whether the unit owes a report for this period, and when the next one is asked.

    `report` is the one that counts for the period, if there is one.
    """

    rhythm: str
    period: Period
    due_on: date
    next_on: date
    report: Progress | None


def report_status(ticket: Ticket, on: date, calendar: WorkCalendar) -> ReportStatus:
    """The reporting period of this day and how it stands (one query)."""
    period = ticket.period_on(on)
    report = ticket.progress.that_hold().filter(period_key=period.key).select_related("by").first()
    return ReportStatus(
        rhythm=ticket.inspection.round.get_reporting_period_display(),
        period=period,
        due_on=period.due_on(calendar),
        next_on=next_report_on(on, period.kind, calendar, reported=report is not None),
        report=report,
    )


def printed_source(ticket: Ticket) -> list[list[SourceLine]]:
    """The bulletin's own paragraphs about this problem, its title and its claim marked."""
    if ticket.source_start is None or ticket.bulletin is None:
        return []
    text, start, end = ticket.bulletin.text, ticket.source_start, ticket.source_end
    title = find(text, ticket.title, start, end, "k") or find(text, ticket.problem, start, end, "k")
    claim = find(text, ticket.claim_quote, start, end, "claim")
    return paragraphs(source_lines(text, start=start, end=end, marks=title + claim))


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a bulletin says of the problem, and the line on which it says it."""

    finding: Finding
    line: int | None


def said_by_bulletins(ticket: Ticket) -> list[tuple[Bulletin, list[Said]]]:
    """What was adopted from each bulletin, the newest bulletin first (two queries)."""
    findings = list(ticket.findings.select_related("by"))
    texts = Bulletin.objects.defer("read").in_bulk({each.bulletin_id for each in findings})
    order = list(FindingKind)
    findings.sort(key=lambda each: (-each.bulletin_id, order.index(FindingKind(each.kind))))
    return [
        (texts[pk], [Said(each, _line(texts[pk].text, each.source_start)) for each in group])
        for pk, group in groupby(findings, key=lambda each: each.bulletin_id)
    ]


def _line(text: str, offset: int | None) -> int | None:
    return None if offset is None else text.count("\n", 0, offset) + 1


def neighbours(ticket: Ticket, reader: Person) -> tuple[Ticket | None, Ticket | None]:
    """The tickets before and after this one in its inspection, of those the reader may see."""
    tickets = Ticket.objects.visible_to(reader).filter(inspection=ticket.inspection_id)
    before = Q(order__lt=ticket.order) | Q(order=ticket.order, pk__lt=ticket.pk)
    after = Q(order__gt=ticket.order) | Q(order=ticket.order, pk__gt=ticket.pk)
    return (
        tickets.filter(before).order_by("-order", "-pk").first(),
        tickets.filter(after).order_by("order", "pk").first(),
    )


@dataclass(frozen=True, slots=True)
class Act:
    """One act of supervision as the page shows it: open, or with the reason why it is not."""

    name: str
    label: str
    refusal: str

    @property
    def url_name(self) -> str:
        return f"tracker:ticket-{self.name}"


@dataclass(frozen=True, slots=True)
class Oversight:
    """督办: how the ticket is blocked, pressed and instructed, and what the reader may do.

    Each instruction says whether the reader is one of those who answer it.
    """

    request: Coordination | None
    presses: list[Press]
    instructions: list[tuple[Instruction, bool]]
    acts: list[Act]

    @property
    def unanswered(self) -> int:
        return sum(not instruction.is_answered for instruction, _ in self.instructions)


def oversight(
    ticket: Ticket, reader: Person, standing: Standing, calendar: WorkCalendar
) -> Oversight:
    """Gather it in four queries; of the acts only those of the reader's own roles are shown."""
    presses = list(ticket.presses.select_related("by"))
    again_at = ticket.pause_after(presses[0].at, calendar) if presses else None
    refusals = {
        "block": supervision.block_refusal(standing, ticket.is_blocked),
        "unblock": supervision.unblock_refusal(standing, ticket.is_blocked),
        "press": supervision.press_refusal(standing, again_at, timezone.localtime()),
        "instruct": supervision.instruct_refusal(standing),
        "restrict": supervision.restrict_refusal(standing, ticket.is_restricted),
        "unrestrict": supervision.unrestrict_refusal(standing, ticket.is_restricted),
    }
    # Of each pair only one can ever be open.
    del refusals["block" if ticket.is_blocked else "unblock"]
    del refusals["restrict" if ticket.is_restricted else "unrestrict"]
    return Oversight(
        request=ticket.coordinations.open().select_related("needs_unit", "by").first()
        if ticket.is_blocked
        else None,
        presses=presses,
        instructions=[
            (each, not supervision.answer_refusal(standing, is_addressee=each.to == reader))
            for each in ticket.instructions.for_page()
        ],
        acts=[
            Act(name, supervision.LABELS[name], refusal)
            for name, refusal in refusals.items()
            if standing.may(name) and (ticket.is_open or name in supervision.ALSO_CLOSED)
        ],
    )


@dataclass(frozen=True, slots=True)
class Relations:
    """The plan of a ticket, what led to it, what it led to, and what this person may add.

    Tickets out of the reader's sight are left out, all but the number of the one that led here.
    """

    plan: Plan | None
    pending_asks: int
    parent: Ticket | None
    may_see_parent: bool
    found: list[Ticket]
    checks: int
    answered: int
    earlier: list[Ticket]
    later: list[Ticket]
    may_find: bool
    may_send: bool
    may_mark: bool


def relations(ticket: Ticket, reader: Person) -> Relations:
    """Gather what a ticket hangs together with (five queries)."""
    plan = Plan.objects.filter(inspection=ticket.inspection_id).first()
    near = Q(parent=ticket) | Q(recurs=ticket) | Q(pk__in=(ticket.parent_id, ticket.recurs_id))
    seen = list(Ticket.objects.visible_to(reader).filter(near).order_by("number"))
    parent = next((each for each in seen if each.pk == ticket.parent_id), None)
    may_see_parent = parent is not None
    if ticket.parent_id and parent is None:
        parent = Ticket.objects.only("number").get(pk=ticket.parent_id)
    answers = list(SelfCheck.objects.filter(ticket=ticket).values_list("answer", flat=True))
    return Relations(
        plan=plan,
        pending_asks=ticket.plan_asks.pending().count(),
        parent=parent,
        may_see_parent=may_see_parent,
        found=[each for each in seen if each.parent_id == ticket.pk],
        checks=len(answers),
        answered=sum(bool(answer) for answer in answers),
        earlier=[each for each in seen if each.pk == ticket.recurs_id],
        later=[each for each in seen if each.recurs_id == ticket.pk],
        may_find=not find_refusal(ticket, reader),
        may_send=not send_refusal(ticket, reader),
        may_mark=not recurrence_refusal(ticket, reader),
    )
