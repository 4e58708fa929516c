"""工作台: what one person must do today, in a fixed number of queries. No HTML.

Which tiles a person gets follows from the roles they hold. Each tile is a set of filters of the
ticket list, and its number is the number of rows behind them.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from operator import attrgetter

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils.http import urlencode

from tracker import policy, statistics
from tracker.choices import Light, Status
from tracker.models import Inspection, Person, Progress, Ticket, Transition
from tracker.models.ticket import TicketQuerySet
from tracker.statistics import OPEN_STATUSES, PRESSING, Focus, Tally
from tracker.workflow import ACTION_LABELS, IMPORTED, MOVES, TASKS
from tracker.worktime import WorkCalendar, due_words

MOST_JOBS = 10
MOST_RETURNED = 3
MOST_EVENTS = 4
DAYS = 14
# Open, and the next step is not the reviewer's.
IN_PLAY = tuple(status for status in OPEN_STATUSES if status != Status.SUBMITTED)
MOST_DUE_A_DAY = 2
# The tasks of the unit that answers for a ticket.
OWN_TASKS = ("claim", "start", "report")


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that is a link: the ticket list under `query` holds just as many rows."""

    label: str
    count: int
    query: str
    hint: str = ""
    light: Light | None = None
    earliest_on: date | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One line of 今日必办: a ticket, how it stands, and what this person does about it.

    `action` is "report" or the name of a workflow move; empty opens the ticket itself.
    """

    ticket: Ticket
    standing: str
    due: str
    label: str
    action: str = ""


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
class Event:
    """One report or move in the person's reach."""

    ticket: Ticket
    by: Person
    at: datetime
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of 我的两周 with the first tickets due on it, and how many there are in all."""

    on: date
    is_today: bool
    is_past: bool
    is_workday: bool
    is_make_up: bool
    ends_focus: bool
    tickets: list[Ticket]
    count: int

    @property
    def has_more(self) -> bool:
        return self.count > len(self.tickets)

    @property
    def has_events(self) -> bool:
        return bool(self.tickets) or self.ends_focus


@dataclass(frozen=True, slots=True)
class Workbench:
    """All that the page shows; `waiting` counts each task that this person may have.

    `focus` is that of the newest inspection in sight; `focus_of` names it where there are more.
    """

    waiting: dict[str, int]
    tally: Tally
    tiles: list[Tile]
    groups: list[JobGroup]
    returned: list[Ticket]
    events: list[Event]
    days: list[Day]
    focus: Focus | None
    focus_of: Inspection | None

    @property
    def job_count(self) -> int:
        return sum(self.waiting.values())

    @property
    def open_query(self) -> str:
        return _query(status=OPEN_STATUSES)


def workbench(person: Person, on: date, calendar: WorkCalendar) -> Workbench:
    """Gather one person's day."""
    tickets = Ticket.objects.visible_to(person).with_light(on)
    tally = statistics.tally(tickets)
    waiting = {
        name: tickets.awaiting(name, person).count()
        for name, task in TASKS.items()
        if policy.may(person.roles, task.action)
    }
    inspections = Inspection.objects.visible_to(person).select_related("round", "unit")
    newest, *others = inspections[:2] or [None]
    focus = statistics.focus(newest, on, calendar) if newest else None
    returned = (
        tickets.filter(status=Status.RETURNED).with_return_note().select_related("inspection")
    )
    return Workbench(
        waiting=waiting,
        tally=tally,
        tiles=_tiles(tally, waiting),
        groups=_fit(_groups(tickets, person, waiting, on, calendar)),
        returned=list(returned.order_by("-return_at")[:MOST_RETURNED])
        if "report" in waiting
        else [],
        events=_events(tickets),
        days=_days(tickets, on, calendar, focus),
        focus=focus,
        focus_of=newest if others else None,
    )


# -- tiles ---------------------------------------------------------------------------------------


def _tiles(tally: Tally, waiting: dict[str, int]) -> list[Tile]:
    """Six numbers: of their own tasks for those who act, of the whole for those who look on."""

    def task(name: str, hint: str) -> Tile:
        return Tile(TASKS[name].label, waiting[name], _query(act=name), hint)

    def status(label: str, status: Status, hint: str) -> Tile:
        return Tile(label, tally.by_status[status], _query(status=status), hint)

    def light(light: Light, hint: str = "") -> Tile:
        count = tally.by_light[light]
        return Tile(
            light.label, count, _query(light=light), hint, light, tally.earliest_due.get(light)
        )

    late, warn = light(Light.LATE), light(Light.WARN)
    block = light(Light.BLOCK, "需要协调")
    if "report" in waiting:
        back = tally.by_status[Status.RETURNED]
        return [
            task("claim", "认领后开始整改"),
            task("report", f"含被退回{back}" if back else "按期填报进展"),
            warn,
            late,
            status("被退回", Status.RETURNED, "补正后重新提交"),
            task("review", "提交人等您答复")
            if "review" in waiting
            else status("待审核", Status.SUBMITTED, "等待逐级审核"),
        ]
    if "review" in waiting:
        return [
            task("review", "提交人等您答复"),
            late,
            warn,
            block,
            status("待认领", Status.UNCLAIMED, "还没有责任人认领"),
            status("已退回", Status.RETURNED, "等承办单位补正"),
        ]
    return [
        Tile("问题总数", tally.total, "", "您可见的全部问题"),
        Tile("在办", tally.open, _query(status=OPEN_STATUSES), "尚未销号"),
        late,
        warn,
        block,
        light(Light.DONE, f"共{tally.total}项"),
    ]


def _query(**filters: object) -> str:
    return "?" + urlencode(filters, doseq=True)


# -- what to do today ----------------------------------------------------------------------------


def _groups(
    tickets: TicketQuerySet,
    person: Person,
    waiting: dict[str, int],
    on: date,
    calendar: WorkCalendar,
) -> list[JobGroup]:
    rows = tickets.select_related("lead_unit", "leader", "person").with_latest_progress()

    def due(ticket: Ticket) -> str:
        return due_words(ticket.due_on, on, calendar)

    groups = []
    if "report" in waiting:
        mine = rows.none()
        for task in OWN_TASKS:
            mine |= rows.awaiting(task, person)
        mine = mine.with_return_note().order_by(F("due_on").asc(nulls_last=True), "pk")
        jobs = [_own_job(ticket, due(ticket)) for ticket in mine[:MOST_JOBS]]
        groups.append(JobGroup("待我办理", sum(waiting[task] for task in OWN_TASKS), jobs))
    if waiting.get("help"):
        helped = rows.awaiting("help", person).order_by(F("due_on").asc(nulls_last=True), "pk")
        jobs = [
            Job(ticket, _led_by(ticket), due(ticket), ACTION_LABELS["report"], "report")
            for ticket in helped[:MOST_JOBS]
        ]
        groups.append(JobGroup("待我配合", waiting["help"], jobs, query=_query(act="help")))
    if "review" in waiting:
        submitted = rows.awaiting("review", person).with_submission()
        submitted = submitted.order_by("submitted_at", "pk")
        jobs = [
            Job(ticket, _submission(ticket), due(ticket), "审核")
            for ticket in submitted[:MOST_JOBS]
        ]
        groups.append(
            JobGroup("待我审核", waiting["review"], jobs, "先提交的在前", _query(act="review"))
        )
    if "report" not in waiting:
        pressing = rows.filter(light_on_day__in=PRESSING)
        if "review" in waiting:
            pressing = pressing.filter(status__in=IN_PLAY)
        first = pressing.order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST_JOBS]
        jobs = [Job(ticket, _owner(ticket), due(ticket), "查看") for ticket in first]
        statuses = IN_PLAY if "review" in waiting else OPEN_STATUSES
        query = _query(light=PRESSING, status=statuses, sort="due")
        groups.append(
            JobGroup("超期、临期与受阻", pressing.count(), jobs, query=query, is_duty=False)
        )
    return [group for group in groups if group.count]


def _own_job(ticket: Ticket, due: str) -> Job:
    """The next step of the unit that answers for a ticket; what is open, `workflow` decides."""
    if ticket.status == Status.UNCLAIMED:
        return Job(ticket, "还没有人认领", due, MOVES["claim"].label, "claim")
    if ticket.status == Status.CLAIMED:
        return Job(ticket, "已认领，还没有启动", due, MOVES["start"].label, "start")
    if ticket.status == Status.RETURNED:
        return Job(ticket, f"已退回：{ticket.return_note}", due, "修改重报", "report")
    if ticket.latest_percent == 100:
        return Job(ticket, ticket.latest_text, due, MOVES["submit"].label, "submit")
    return Job(
        ticket, ticket.latest_text or "还没有填报过进展", due, ACTION_LABELS["report"], "report"
    )


def _led_by(ticket: Ticket) -> str:
    return f"{ticket.lead_unit}牵头　{ticket.latest_text or '还没有填报过进展'}"


def _submission(ticket: Ticket) -> str:
    """Who asks for the closing and with what words; at first it is the bulletin that does."""
    if ticket.submitted_by_move == IMPORTED:
        return f"{ticket.lead_unit}　通报称：{ticket.claim_quote}"
    return f"{ticket.lead_unit}　{ticket.submitted_by}提交：{ticket.submitted_note}"


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


def _events(tickets: TicketQuerySet) -> list[Event]:
    """The newest reports and moves; an import would fill the list with its own lines."""
    records = [
        record
        for kind in (Progress.objects.all(), Transition.objects.exclude(move=IMPORTED))
        for record in kind.filter(ticket__in=tickets.values("pk"))
        .select_related("ticket", "by")
        .order_by("-pk")[:MOST_EVENTS]
    ]
    # Two records of one moment can only be told apart by the version they made.
    records.sort(key=attrgetter("at", "ticket_version"), reverse=True)
    return [_event(record) for record in records[:MOST_EVENTS]]


def _event(record: Progress | Transition) -> Event:
    if isinstance(record, Progress):
        return Event(record.ticket, record.by, record.at, ACTION_LABELS["report"], record.text)
    return Event(record.ticket, record.by, record.at, record.get_move_display(), record.note)


def _days(
    tickets: TicketQuerySet, on: date, calendar: WorkCalendar, focus: Focus | None
) -> list[Day]:
    """Two weeks from this week's Monday; of each day the first tickets due and a count."""
    first = on - timedelta(days=on.weekday())
    days = [first + timedelta(days=step) for step in range(DAYS)]
    due = (
        tickets.open()
        .filter(due_on__range=(days[0], days[-1]))
        .annotate(
            rank=Window(RowNumber(), partition_by="due_on", order_by="pk"),
            on_that_day=Window(Count("pk"), partition_by="due_on"),
        )
        .filter(rank__lte=MOST_DUE_A_DAY)
        .order_by("due_on", "pk")
    )
    by_day: dict[date, list[Ticket]] = {}
    for ticket in due:
        by_day.setdefault(ticket.due_on, []).append(ticket)
    return [
        Day(
            on=day,
            is_today=day == on,
            is_past=day < on,
            is_workday=calendar.is_workday(day),
            is_make_up=day in calendar.on,
            ends_focus=focus is not None and focus.ends_on == day,
            tickets=(shown := by_day.get(day, [])),
            count=shown[0].on_that_day if shown else 0,
        )
        for day in days
    ]
