"""工作台: what one person must do today, in a fixed number of queries. No HTML.

What the page holds follows from the roles that a person has anywhere: each role brings its tiles
and its groups of things to do, and who has several gets the union. Each tile is a set of filters
of a list, and its number is the number of rows behind them.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property, reduce
from operator import attrgetter, or_

from django.db.models import (
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Window,
)
from django.db.models.functions import RowNumber
from django.utils.http import urlencode

from tracker import periods, policy, statistics, supervision
from tracker.choices import Light, Role, Status
from tracker.lights import Bands
from tracker.models import (
    Coordination,
    Extension,
    Handover,
    Inspection,
    Instruction,
    Measure,
    Milestone,
    Notice,
    Person,
    Plan,
    PlanAsk,
    Progress,
    ReportDraft,
    SelfCheck,
    Ticket,
    Transition,
)
from tracker.models.plan import lacking
from tracker.models.supervision import CoordinationQuerySet
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.statistics import OPEN_STATUSES, PRESSING, Focus, Tally
from tracker.workflow import ACTION_LABELS, IMPORTED, IN_WORK, MOVES, TASKS
from tracker.worktime import ONE_DAY, WorkCalendar, add_months, due_words

MOST_TILES = 6
MOST_JOBS = 10
MOST_RETURNED = 3
MOST_NOTICES = 5
MOST_EVENTS = 4
MOST_UNREPORTED = 8
DAYS = 14
MOST_A_DAY = 2

# Which tiles each role brings, in its own order. Two roles: the duties of both come first.
TILES: dict[Role, tuple[str, ...]] = {
    Role.STAFF: ("take", "feedback", "warn", "late", "returned", "submitted"),
    Role.HEAD: ("review", "unreported", "late", "warn", "block", "returned"),
    Role.LEADER: ("review", "coordination", "late", "warn", "block", "answers"),
    Role.PARTY: ("review", "coordination", "late", "warn", "block", "answers"),
    Role.OFFICE: ("review", "late", "warn", "block", "unreported", "unclaimed"),
    Role.INSPECTOR: ("review", "late", "warn", "block", "unreported", "unclaimed"),
    Role.OPERATOR: ("total", "open", "late", "warn", "block", "done"),
    Role.VIEWER: ("total", "open", "late", "warn", "block", "done"),
}
# The order of a union: what waits for the person, then what is behind, then the rest.
IMPORTANCE = (
    "take",
    "feedback",
    "review",
    "coordination",
    "returned",
    "late",
    "warn",
    "block",
    "unreported",
    "answers",
    "unclaimed",
    "submitted",
    "open",
    "total",
    "done",
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that is a link: the list at `page` under `query` holds just as many rows."""

    label: str
    count: int
    query: str
    hint: str = ""
    light: Light | None = None
    earliest_on: date | None = None
    page: str = "tracker:ticket-list"


@dataclass(frozen=True, slots=True)
class Answer:
    """Requests that wait for this person's word, on a list of their own: the view and its query."""

    label: str
    count: int
    view: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """A plan that this person's office is drafting, and what keeps it from being submitted.

    `lacking` says how often each thing is missing, in the order in which it was met first.
    """

    plan: Plan
    lacking: list[tuple[str, int]]

    @property
    def count(self) -> int:
        return sum(count for _, count in self.lacking)


@dataclass(frozen=True, slots=True)
class Job:
    """One line of 今日必办: a ticket, how it stands, and what this person does about it.

    `action` is "report", "plan", an act of supervision or the name of a workflow move; empty opens
    the ticket itself. With `wait` the act is not open yet, and the words say when it will be.
    """

    ticket: Ticket
    standing: str
    due: str
    label: str
    action: str = ""
    wait: str = ""


@dataclass(frozen=True, slots=True)
class JobGroup:
    """A heading of 今日必办 with the first of its jobs, and how many there are in all.

    `order` says in words which come first. The ticket list under `query` holds all of them; it
    is empty where the tiles lead there. `is_duty` parts what waits for this person from what
    they only keep an eye on.
    """

    label: str
    count: int
    jobs: list[Job]
    order: str = "时限近的在前"
    query: str = ""
    is_duty: bool = True


@dataclass(frozen=True, slots=True)
class PeriodCard:
    """本期反馈: how many of the tickets in work were reported on in this period, and which not."""

    label: str
    due_on: date
    reported: int
    unreported: int
    first: list[Ticket]
    query: str

    @property
    def percent(self) -> float | None:
        total = self.reported + self.unreported
        return self.reported * 100 / total if total else None


@dataclass(frozen=True, slots=True)
class Event:
    """One report or move in the person's reach."""

    ticket: Ticket
    by: str
    at: datetime
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of 我的两周 with the first tickets due on it, and how many there are in all.

    `nodes` are the first to be reached on it, of `node_count`. `answers` are the tickets on which
    an instruction asks for an answer by this day; `notes` are the ends of periods.
    """

    on: date
    is_today: bool
    is_past: bool
    is_workday: bool
    is_make_up: bool
    notes: list[str]
    tickets: list[Ticket]
    count: int
    nodes: list[Milestone]
    node_count: int
    answers: list[Ticket]

    @property
    def has_more(self) -> bool:
        return self.count > len(self.tickets)

    @property
    def has_more_nodes(self) -> bool:
        return self.node_count > len(self.nodes)

    @property
    def has_events(self) -> bool:
        return bool(self.tickets or self.nodes or self.answers or self.notes)


@dataclass(frozen=True, slots=True)
class Workbench:
    """All that the page shows; `lines` are the tiles for which there was no room.

    `focus` is that of the newest inspection in sight; `focus_of` names it where there are more.
    `led` counts the tickets whose registered leader this person is. `plans` and `plan_asks` are
    all that wait for this person's approval: they are few and have no list of their own; `drafts`
    are the plans that their office has yet to submit.
    """

    tally: Tally
    tiles: list[Tile]
    lines: list[Tile]
    groups: list[JobGroup]
    answers: list[Answer]
    returned: list[Ticket]
    reports_returned: list[Ticket]
    plans: list[Plan]
    plan_asks: list[PlanAsk]
    drafts: list[DraftPlan]
    notices: list[Notice]
    unread: int
    period: PeriodCard | None
    led: Tally | None
    events: list[Event]
    days: list[Day]
    focus: Focus | None
    focus_of: Inspection | None
    has_duties: bool
    reports: bool

    @property
    def job_count(self) -> int:
        return sum(group.count for group in self.groups if group.is_duty)

    @property
    def plan_count(self) -> int:
        return len(self.plans) + len(self.plan_asks)

    @property
    def open_query(self) -> str:
        return _query(status=OPEN_STATUSES)

    @property
    def month_query(self) -> str:
        """The open tickets due in this month."""
        today = next(day.on for day in self.days if day.is_today)
        first = today.replace(day=1)
        last = add_months(first, 1) - ONE_DAY
        return _query(status=OPEN_STATUSES, due_after=first, due_before=last, sort="due")


def workbench(
    person: Person, on: date, calendar: WorkCalendar, bands: Mapping[int, Bands]
) -> Workbench:
    """Gather one person's day; `bands` are those of every round, as `with_light` takes them."""
    tickets = Ticket.objects.visible_to(person).with_light(on, bands=bands)
    if {Role.LEADER, Role.PARTY} & person.roles:
        tally, led = statistics.tally_led(tickets, person)
    else:
        tally, led = statistics.tally(tickets), None
    inspections = Inspection.objects.visible_to(person).select_related("round", "unit")
    newest, *others = inspections[:2] or [None]
    focus = statistics.focus(newest, on, calendar) if newest else None
    period = periods.period_of(on, newest.round.reporting_period) if newest else None
    desk = Desk(person, tickets, tally, on, calendar, period)
    notices = Notice.objects.of(person)
    returned = (
        tickets.filter(status=Status.RETURNED).with_return_note().select_related("inspection")
    )
    redo = tickets.with_returned_report().exclude(redo_why=None)
    tiles, lines = _tiles(desk)
    return Workbench(
        tally=tally,
        tiles=tiles,
        lines=lines,
        groups=_fit(_groups(desk)),
        answers=_answers(desk),
        returned=list(returned.order_by("-return_at")[:MOST_RETURNED]) if desk.reports else [],
        reports_returned=list(redo.order_by("-redo_at")[:MOST_RETURNED]) if desk.reports else [],
        plans=desk.plans,
        plan_asks=desk.plan_asks,
        drafts=desk.drafts,
        notices=list(notices.for_list().unread_first()[:MOST_NOTICES]),
        unread=desk.counts["unread"],
        period=_period_card(desk),
        led=led,
        events=[] if desk.has_duties else _events(tickets),
        days=_days(desk, focus),
        focus=focus,
        focus_of=newest if others else None,
        has_duties=desk.has_duties,
        reports=desk.reports,
    )


class Desk:
    """One person's tickets on one day, with each number counted at most once."""

    def __init__(
        self,
        person: Person,
        tickets: TicketQuerySet,
        tally: Tally,
        on: date,
        calendar: WorkCalendar,
        period: periods.Period | None,
    ):
        self.person, self.tickets, self.tally = person, tickets, tally
        self.on, self.calendar, self.period = on, calendar, period
        tasks = [name for name, task in TASKS.items() if person.may(task.action)]
        self.reports = "report" in tasks
        self.instructs = policy.may(person.roles, "instruct")
        self.approves_plans = policy.may(person.roles, "approve_plan")
        self.has_duties = bool(tasks) or self.instructs
        self.rows = tickets.select_related(
            "inspection__round", "lead_unit", "leader", "person"
        ).with_latest_progress()
        counts = _count_each(
            person,
            unreported=self.unreported,
            coordination=self.requests,
            to_answer=tickets.with_instruction_to_answer(),
            extensions=Extension.objects.awaiting(person),
            handovers=Handover.objects.awaiting(person),
            self_checks=SelfCheck.objects.to_answer_by(person),
            unread=Notice.objects.of(person).unread(),
            **{name: tickets.awaiting(name, person) for name in tasks},
        )
        self.waiting = {name: counts[name] for name in tasks}
        self.counts = counts
        # The bell above the page shows the same number.
        person.unread_notices = counts["unread"]

    @property
    def unreported(self) -> TicketQuerySet:
        """What this person's units have yet to report, or else all of the reach."""
        mine = self.tickets.awaiting("report", self.person) if self.reports else self.tickets
        return mine.not_reported(self.on)

    @property
    def requests(self) -> CoordinationQuerySet:
        return Coordination.objects.visible_to(self.person).unanswered()

    @cached_property
    def _plans(self) -> list[Plan]:
        plans = Plan.objects
        waiting = plans.on_desk_of(self.person) if self.approves_plans else plans.none()
        return list(waiting.select_related("inspection__unit", "inspection__round", "submitted_by"))

    @property
    def plans(self) -> list[Plan]:
        return [plan for plan in self._plans if not plan.is_editable]

    @property
    def drafts(self) -> list[DraftPlan]:
        editable = [plan for plan in self._plans if plan.is_editable]
        missing = lacking(editable)
        return [
            DraftPlan(plan, list(Counter(lack.words for lack in missing[plan.pk]).items()))
            for plan in editable
        ]

    @cached_property
    def plan_asks(self) -> list[PlanAsk]:
        asks = PlanAsk.objects
        waiting = asks.awaiting(self.person) if self.approves_plans else asks.none()
        return list(waiting.select_related("ticket", "asked_by"))

    @property
    def unreported_query(self) -> str:
        return _query(act="feedback") if self.reports else _query(asks="unreported")

    def due(self, ticket: Ticket) -> str:
        return due_words(ticket.due_on, self.on, self.calendar)


def _count_each(person: Person, **rows: QuerySet) -> dict[str, int]:
    """How many rows each of these has, in one query: a row with a subquery for each."""
    size = Func("pk", function="COUNT", output_field=IntegerField())
    sizes = {
        name: Subquery(one.order_by().annotate(size=size).values("size"))
        for name, one in rows.items()
    }
    counts = Person.objects.filter(pk=person.pk).values(**sizes).get()
    return {name: count or 0 for name, count in counts.items()}


# -- tiles ---------------------------------------------------------------------------------------


def _tiles(desk: Desk) -> tuple[list[Tile], list[Tile]]:
    """The six numbers of this person, and as lines those for which there is no room."""
    roles = [role for role in TILES if role in desk.person.roles]
    names = list(dict.fromkeys(name for role in roles for name in TILES[role]))
    if len(roles) > 1:
        names.sort(key=IMPORTANCE.index)
    if "review" in desk.waiting and "review" not in names:  # a substitute's
        names.insert(0, "review")
    if desk.reports and "review" in names and "submitted" in names:
        names.remove("submitted")
    tiles = [_tile(name, desk) for name in names[:MOST_TILES]]
    # At nought a hint says what is not so; the words of the period still hold.
    tiles = [
        tile if tile.count or tile.hint == _period_words(desk) else replace(tile, hint="没有")
        for tile in tiles
    ]
    more = [*names[MOST_TILES:], *(["answers", "help"] if desk.reports else [])]
    lines = [_tile(name, desk) for name in dict.fromkeys(more) if name not in names[:MOST_TILES]]
    return tiles, [line for line in lines if line.count]


def _tile(name: str, desk: Desk) -> Tile:
    tally, waiting = desk.tally, desk.waiting
    match name:
        case "take":
            unclaimed, claimed = waiting["claim"], waiting["start"]
            hint = f"{unclaimed}项待认领，{claimed}项待启动" if unclaimed or claimed else ""
            return Tile("待签收", unclaimed + claimed, _query(act="take"), hint)
        case "feedback" | "unreported":
            count, query = desk.counts["unreported"], desk.unreported_query
            label = "待反馈" if name == "feedback" else "未反馈"
            return Tile(label, count, query, _period_words(desk))
        case "review":
            return Tile("待我审核", waiting["review"], _query(act="review"), "提交人等您答复")
        case "help":
            return Tile(TASKS["help"].label, waiting["help"], _query(act="help"))
        case "coordination":
            return Tile(
                "待协调",
                desk.counts["coordination"],
                "",
                "受阻待您批示",
                page="tracker:coordination-list",
            )
        case "answers":
            count = desk.counts["to_answer"]
            return Tile("批示待回复", count, _query(asks="instruction"), "还没有回复的批示")
        case "returned":
            return _status_tile("被退回", Status.RETURNED, "补正后重新提交", tally)
        case "submitted":
            return _status_tile("待审核", Status.SUBMITTED, "已提交，等待审核", tally)
        case "unclaimed":
            return _status_tile("待认领", Status.UNCLAIMED, "还没有人认领", tally)
        case "total":
            return Tile("问题总数", tally.total, "", "您可见的全部问题")
        case "open":
            return Tile("在办", tally.open, _query(status=OPEN_STATUSES), "尚未销号")
    light = Light(name)
    hint = {Light.BLOCK: "需要协调", Light.DONE: f"共{tally.total}项"}.get(light, "")
    count = tally.by_light[light]
    return Tile(light.label, count, _query(light=light), hint, light, tally.earliest_due.get(light))


def _status_tile(label: str, status: Status, hint: str, tally: Tally) -> Tile:
    return Tile(label, tally.by_status[status], _query(status=status), hint)


def _period_words(desk: Desk) -> str:
    if not desk.period:
        return ""
    due_on = desk.period.due_on(desk.calendar)
    return f"{desk.period.label}，{due_on.month}月{due_on.day}日截止"


def _answers(desk: Desk) -> list[Answer]:
    answers = [
        Answer(
            "延期申请待审批",
            desk.counts["extensions"],
            "tracker:extension-list",
            _query(show="waiting"),
        ),
        Answer(
            "责任交接待确认",
            desk.counts["handovers"],
            "tracker:handover-list",
        ),
        Answer(
            "举一反三自查待答复",
            desk.counts["self_checks"],
            "tracker:self-check-list",
        ),
    ]
    return [answer for answer in answers if answer.count]


def _query(**filters: object) -> str:
    return "?" + urlencode(filters, doseq=True)


# -- what to do today ----------------------------------------------------------------------------


def _groups(desk: Desk) -> list[JobGroup]:
    groups = []
    if desk.reports:
        groups += [_own_jobs(desk), _helping_jobs(desk)]
    if "review" in desk.waiting:
        groups.append(_review_jobs(desk))
    if desk.instructs:
        groups.append(_coordination_jobs(desk))
    if not desk.reports:
        groups.append(_pressing_jobs(desk))
    return [group for group in groups if group.count]


def _by_deadline(rows: TicketQuerySet) -> TicketQuerySet:
    return rows.order_by(F("due_on").asc(nulls_last=True), "pk").first_rows(MOST_JOBS)


def _own_jobs(desk: Desk) -> JobGroup:
    names = ("claim", "start", "report")
    mine = reduce(or_, (desk.rows.awaiting(name, desk.person) for name in names))
    unfinished = Measure.objects.filter(ticket=OuterRef("pk"), done_on=None)
    typed = ReportDraft.objects.filter(ticket=OuterRef("pk"), person=desk.person)
    mine = (
        mine.with_return_note()
        .with_returned_report()
        .annotate(
            has_unfinished=Exists(unfinished),
            is_unreported=Exists(desk.unreported.filter(pk=OuterRef("pk"))),
            draft_at=Subquery(typed.values("saved_at")),
        )
        .select_related("inspection__plan")
    )
    jobs = [
        _own_job(
            ticket,
            desk.due(ticket),
            may_submit=ticket.latest_percent == 100
            and not (ticket.has_unfinished or ticket.is_blocked or ticket.person == desk.person),
        )
        for ticket in _by_deadline(mine)
    ]
    return JobGroup("待我办理", sum(desk.waiting[name] for name in names), jobs)


def _own_job(ticket: Ticket, due: str, *, may_submit: bool) -> Job:
    """The next step of the unit that answers for a ticket; what is open, `workflow` decides."""
    if ticket.status == Status.UNCLAIMED:
        return Job(ticket, "还没有人认领", due, MOVES["claim"].label, "claim")
    if ticket.status == Status.CLAIMED:
        return _starting_job(ticket, due)
    if ticket.draft_at:
        words = f"有暂存的填报没有提交　{ticket.redo_why or ticket.return_note or ''}"
        return Job(ticket, words.strip(), due, "接着填报", "report")
    if ticket.status == Status.RETURNED:
        return Job(ticket, f"已退回：{ticket.return_note}", due, "修改重报", "report")
    if ticket.redo_why:
        return Job(ticket, f"进展被退回：{ticket.redo_why}", due, "修改重报", "report")
    if may_submit:
        return Job(ticket, ticket.latest_text, due, MOVES["submit"].label, "submit")
    words = ticket.latest_text or "还没有填报过进展"
    if ticket.is_unreported and ticket.latest_text:
        words = f"缺本期进展　{words}"
    return Job(ticket, words, due, ACTION_LABELS["report"], "report")


def _starting_job(ticket: Ticket, due: str) -> Job:
    """Where the round wants the plan approved first, the plan is what is to be done."""
    plan = getattr(ticket.inspection, "plan", None)
    if not ticket.inspection.round.plan_first or (plan and plan.is_approved):
        return Job(ticket, "已认领，还没有启动", due, MOVES["start"].label, "start")
    if plan is None:
        return Job(ticket, "已认领，等整改办开始编制整改方案", due, "查看")
    if plan.is_editable:
        return Job(ticket, "整改方案编制中，批准后启动", due, "编制方案", "plan")
    return Job(ticket, "整改方案待审定，批准后启动", due, "看方案", "plan")


def _helping_jobs(desk: Desk) -> JobGroup:
    helped = _by_deadline(desk.rows.awaiting("help", desk.person)) if desk.waiting["help"] else []
    jobs = [
        Job(ticket, _led_by(ticket), desk.due(ticket), ACTION_LABELS["report"], "report")
        for ticket in helped
    ]
    return JobGroup("待我配合", desk.waiting["help"], jobs, query=_query(act="help"))


def _review_jobs(desk: Desk) -> JobGroup:
    submitted = desk.rows.awaiting("review", desk.person).with_submission()
    jobs = [
        Job(ticket, _submission(ticket), desk.due(ticket), "审核")
        for ticket in submitted.order_by("submitted_at", "pk").first_rows(MOST_JOBS)
    ]
    return JobGroup("待我审核", desk.waiting["review"], jobs, "先提交的在前", _query(act="review"))


def _coordination_jobs(desk: Desk) -> JobGroup:
    asked = desk.requests.select_related("needs_unit").order_by("since_on", "pk")[:MOST_JOBS]
    jobs = [
        Job(one.ticket, _request(one), desk.due(one.ticket), "批示", "instruct")
        for one in asked.prefetch_related(Prefetch("ticket", desk.rows))
    ]
    return JobGroup(
        "待我批示",
        desk.counts["coordination"],
        jobs,
        "受阻久的在前",
        _query(asks="coordination"),
    )


def _pressing_jobs(desk: Desk) -> JobGroup:
    """Who does not report keeps an eye on what is late, near or blocked, and may press it."""
    statuses = supervision.WITH_UNIT if desk.has_duties else OPEN_STATUSES
    pressing = desk.rows.filter(light_on_day__in=PRESSING, status__in=statuses).with_presses()
    paths = tuple(desk.person.reach_for("press"))

    def job(ticket: Ticket) -> Job:
        words, due = _owner(ticket), desk.due(ticket)
        if not ticket.lead_unit.path.startswith(paths):
            return Job(ticket, words, due, "查看")
        if ticket.press_count:
            words = f"{words}　已催办{ticket.press_count}次"
            if wait := ticket.press_wait(desk.calendar):
                return Job(ticket, words, due, "已催办", "press", wait)
        return Job(ticket, words, due, "催办", "press")

    query = _query(light=PRESSING, status=statuses, sort="due")
    jobs = [job(ticket) for ticket in _by_deadline(pressing)]
    count = sum(desk.tally.by_both[status, light] for status in statuses for light in PRESSING)
    return JobGroup("超期、临期与受阻", count, jobs, query=query, is_duty=False)


def _led_by(ticket: Ticket) -> str:
    return f"{ticket.lead_unit}牵头　{ticket.latest_text or '还没有填报过进展'}"


def _submission(ticket: Ticket) -> str:
    """Who asks for the closing and with what words; at first it is the bulletin that does."""
    if ticket.submitted_by_move == IMPORTED:
        return f"{ticket.lead_unit}　通报称：{ticket.claim_quote}"
    return f"{ticket.lead_unit}　{ticket.submitted_by}提交：{ticket.submitted_note}"


def _request(request: Coordination) -> str:
    return f"{request.ticket.lead_unit}　需{request.needs}：{request.reason}"


def _owner(ticket: Ticket) -> str:
    words = f"{ticket.lead_unit}　{ticket.person_name or ticket.get_status_display()}"
    return f"{words}　{ticket.blocked_reason}" if ticket.is_blocked else words


def _fit(groups: list[JobGroup]) -> list[JobGroup]:
    """Keep ten jobs in all: a second group gets at least half, or what it has if that is less."""
    kept, left = [], MOST_JOBS
    for index, group in enumerate(groups):
        later = sum(len(other.jobs) for other in groups[index + 1 :])
        room = max(left - later, left // 2) if later else left
        kept.append(replace(group, jobs=group.jobs[:room]))
        left -= len(kept[-1].jobs)
    return kept


# -- what happened, and what is coming -----------------------------------------------------------


def _period_card(desk: Desk) -> PeriodCard | None:
    """Only for those who report or see to it that others do."""
    if not desk.period or not ("unreported" in _names(desk) or desk.reports):
        return None
    in_work = (
        desk.waiting["report"]
        if desk.reports
        else sum(desk.tally.by_status[status] for status in IN_WORK)
    )
    first = desk.unreported.order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST_UNREPORTED]
    return PeriodCard(
        label=desk.period.label,
        due_on=desk.period.due_on(desk.calendar),
        reported=in_work - desk.counts["unreported"],
        unreported=desk.counts["unreported"],
        first=list(first),
        query=desk.unreported_query,
    )


def _names(desk: Desk) -> set[str]:
    return {name for role in desk.person.roles for name in TILES[role]}


def _events(tickets: TicketQuerySet) -> list[Event]:
    """The newest reports and moves; an import would fill the list with its own lines."""
    moves = Transition.objects.exclude(move=IMPORTED).select_related("acting_for")
    records = [
        record
        for kind in (Progress.objects.all(), moves)
        for record in kind.filter(ticket__in=tickets.values("pk"))
        .select_related("ticket", "by")
        .order_by("-pk")[:MOST_EVENTS]
    ]
    # Two records of one moment can only be told apart by the version they made.
    records.sort(key=attrgetter("at", "ticket_version"), reverse=True)
    return [_event(record) for record in records[:MOST_EVENTS]]


def _event(record: Progress | Transition) -> Event:
    if isinstance(record, Progress):
        return Event(record.ticket, record.by.name, record.at, ACTION_LABELS["report"], record.text)
    return Event(record.ticket, record.signed_by, record.at, record.get_move_display(), record.note)


def _days(desk: Desk, focus: Focus | None) -> list[Day]:
    """Two weeks from this week's Monday; of each day the first tickets due and a count."""
    first = desk.on - timedelta(days=desk.on.weekday())
    days = [first + timedelta(days=step) for step in range(DAYS)]
    due = (
        desk.tickets.open()
        .filter(due_on__range=(days[0], days[-1]))
        .annotate(
            rank=Window(RowNumber(), partition_by="due_on", order_by="pk"),
            on_that_day=Window(Count("pk"), partition_by="due_on"),
        )
        .filter(rank__lte=MOST_A_DAY)
        .order_by("due_on", "pk")
    )
    by_day: dict[date, list[Ticket]] = {}
    for ticket in due:
        by_day.setdefault(ticket.due_on, []).append(ticket)
    nodes: dict[date, list[Milestone]] = {}
    for node in _nodes(desk, days):
        nodes.setdefault(node.due_on, []).append(node)
    answers: dict[date, list[Ticket]] = {}
    for instruction in _to_answer(desk, days):
        answers.setdefault(instruction.reply_due_on, []).append(instruction.ticket)
    notes: dict[date, list[str]] = {}
    if desk.period and desk.has_duties:
        for period in (desk.period, desk.period.next()):
            notes.setdefault(period.due_on(desk.calendar), []).append("反馈截止")
    if focus:
        notes.setdefault(focus.ends_on, []).append("集中整改期满")
    return [
        Day(
            on=day,
            is_today=day == desk.on,
            is_past=day < desk.on,
            is_workday=desk.calendar.is_workday(day),
            is_make_up=day in desk.calendar.on,
            notes=notes.get(day, []),
            tickets=(shown := by_day.get(day, [])),
            count=shown[0].on_that_day if shown else 0,
            nodes=(to_reach := nodes.get(day, [])),
            node_count=to_reach[0].on_that_day if to_reach else 0,
            answers=answers.get(day, [])[:MOST_A_DAY],
        )
        for day in days
    ]


def _nodes(desk: Desk, days: list[date]) -> QuerySet[Milestone]:
    """What is to be reached within the two weeks and has not been, on open tickets in reach."""
    nodes = Milestone.objects.filter(
        measure__ticket__in=desk.tickets.open().order_by().values("pk"),
        due_on__range=(days[0], days[-1]),
        done_on=None,
    )
    return (
        nodes.select_related("measure__ticket")
        .annotate(
            rank=Window(RowNumber(), partition_by="due_on", order_by="pk"),
            on_that_day=Window(Count("pk"), partition_by="due_on"),
        )
        .filter(rank__lte=MOST_A_DAY)
        .order_by("due_on", "pk")
    )


def _to_answer(desk: Desk, days: list[date]) -> list[Instruction]:
    """The unanswered instructions with a day within the two weeks, on open tickets in reach."""
    instructions = Instruction.objects.unanswered().filter(
        ticket__in=desk.tickets.open().values("pk"), reply_due_on__range=(days[0], days[-1])
    )
    return list(
        instructions.select_related("ticket").order_by("reply_due_on", "pk")[: DAYS * MOST_A_DAY]
    )
