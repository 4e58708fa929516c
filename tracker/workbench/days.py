"""What happened, and what is coming: the period, the newest events, and two weeks of days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter

from django.db.models import Count, QuerySet, Window
from django.db.models.functions import RowNumber

from tracker.models import Instruction, Milestone, Progress, Ticket, Transition
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.statistics import Focus
from tracker.workbench.desk import BY_DEADLINE, Desk
from tracker.workbench.tiles import brought_by_roles
from tracker.workflow import ACTION_LABELS, IMPORTED, IN_WORK

MOST_EVENTS = 4
MOST_UNREPORTED = 8
DAYS = 14
MOST_A_DAY = 2


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


def period_card(desk: Desk) -> PeriodCard | None:
    """Only for those who report or see to it that others do."""
    if not desk.period or not ("unreported" in brought_by_roles(desk.person) or desk.reports):
        return None
    in_work = (
        desk.waiting["report"]
        if desk.reports
        else sum(desk.tally.by_status[status] for status in IN_WORK)
    )
    first = desk.unreported.order_by(*BY_DEADLINE)[:MOST_UNREPORTED]
    return PeriodCard(
        label=desk.period.label,
        due_on=desk.period.due_on(desk.calendar),
        reported=in_work - desk.counts["unreported"],
        unreported=desk.counts["unreported"],
        first=list(first),
        query=desk.unreported_query,
    )


def events_of(tickets: TicketQuerySet) -> list[Event]:
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


def days_of(desk: Desk, focus: Focus | None) -> list[Day]:
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
