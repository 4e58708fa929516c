"""Many tickets at once: what would happen to each, and doing it.

The same rules decide as for one ticket, since the same methods do it. A row that is refused is
reported with its reason and left alone; the others are written together with their records, all
or none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db import transaction

from tracker import audit, workflow
from tracker.choices import AuditKind, BulkKind, CheckingWay
from tracker.dates import zh_date
from tracker.logs import request_id
from tracker.models import Bulk, BulkRow, Person, Ticket
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.workflow import MOVES, MoveRefused
from tracker.worktime import WorkCalendar

# More would keep others waiting for as long as it takes to write them.
MOST = 500
OUT_OF_REACH = "没有这个问题，或已不在您的范围内。"
# What each act needs besides `bulk`, for some unit; for each ticket it is asked again.
ACTIONS: dict[BulkKind, tuple[str, ...]] = {
    BulkKind.ASSIGN: ("assign", "allot"),
    BulkKind.PRESS: ("press",),
    BulkKind.APPROVE: ("review",),
}


class Act(Protocol):
    """One thing to be done to each of many tickets, with all that was filled in for it."""

    kind: BulkKind

    @property
    def words(self) -> str: ...

    def refusal(self, ticket: Ticket, by: Person) -> str: ...

    def effect(self, ticket: Ticket) -> str: ...

    def remark(self, ticket: Ticket) -> str: ...

    def do(self, ticket: Ticket, *, by: Person, version: int) -> None: ...


@dataclass(frozen=True, slots=True)
class PressAll:
    note: str
    calendar: WorkCalendar
    kind = BulkKind.PRESS

    @property
    def words(self) -> str:
        return self.note

    def refusal(self, ticket, by):
        return ticket.press_refusal(by, self.calendar)

    def effect(self, ticket):
        return f"第{ticket.presses.count() + 1}次催办"

    def remark(self, ticket):
        return ""

    def do(self, ticket, *, by, version):
        ticket.press(by=by, note=self.note, calendar=self.calendar)


@dataclass(frozen=True, slots=True)
class ApproveAll:
    """Each ticket passes its present level; at the last one it is closed."""

    note: str
    way: str
    kind = BulkKind.APPROVE

    @property
    def words(self) -> str:
        return f"{self.note}（{CheckingWay(self.way).label}）" if self.way else self.note

    def refusal(self, ticket, by):
        return workflow.refusal(_approval(ticket), ticket.standing_of(by))

    def effect(self, ticket):
        name = _approval(ticket)
        if not ticket.review_role:
            return ""
        if name == "close":
            return f"{MOVES[name].label}，随即锁定"
        following = workflow.next_level(ticket.inspection.round.levels, ticket.review_role)
        return f"{MOVES[name].label}，转到{workflow.LEVELS[following]}"

    def remark(self, ticket):
        return ticket.left_unproved

    def do(self, ticket, *, by, version):
        ticket.move(_approval(ticket), by=by, note=self.note, way=self.way, version=version)


def _in_words(value: Any) -> str:
    if isinstance(value, date):
        return zh_date(value)
    return str(value or "清空")


def _approval(ticket: Ticket) -> str:
    return workflow.approval(ticket.inspection.round.levels, ticket.review_role)


def closes(ticket: Ticket) -> bool:
    """Whether approving the ticket now would close it."""
    return bool(ticket.review_role) and _approval(ticket) == "close"


@dataclass(frozen=True, slots=True)
class AssignAll:
    """Sets what is given; what is not given stays, and None takes a name away."""

    given: Mapping[str, Any]
    why: str
    kind = BulkKind.ASSIGN

    @property
    def words(self) -> str:
        labels = {name: Ticket._meta.get_field(name).verbose_name for name in self.given}
        shown = [f"{labels[name]}：{_in_words(value)}" for name, value in self.given.items()]
        return f"{'；'.join(shown)}（{self.why}）"

    def refusal(self, ticket, by):
        return ticket.assign_refusal(self.given, by)

    def effect(self, ticket):
        return "；".join(map(str, ticket.assign_steps(self.given)))

    def remark(self, ticket):
        return ""

    def do(self, ticket, *, by, version):
        ticket.assign(self.given, by=by, why=self.why, version=version)


@dataclass(frozen=True, slots=True)
class Row:
    """What would become of one ticket."""

    ticket: Ticket
    effect: str
    refusal: str
    # What to look at before it is done; it keeps nothing from being done.
    remark: str


def offered(person: Person) -> list[BulkKind]:
    """The acts that this person may take on many tickets at once, for some unit."""
    if not person.may("bulk"):
        return []
    return [kind for kind, actions in ACTIONS.items() if any(map(person.may, actions))]


def in_sight(tickets: TicketQuerySet) -> TicketQuerySet:
    """Fetch with each ticket what every act asks of it."""
    return tickets.select_related(
        "inspection__round", "inspection__unit", "lead_unit", "leader", "person", "reporter"
    )


def preview(act: Act, tickets: Iterable[Ticket], by: Person) -> list[Row]:
    """What would become of each of these tickets now; nothing is written."""
    rows = []
    for ticket in tickets:
        refusal = act.refusal(ticket, by)
        effect, remark = ("", "") if refusal else (act.effect(ticket), act.remark(ticket))
        rows.append(Row(ticket, effect, refusal, remark))
    return rows


def apply(act: Act, seen: Mapping[int, int], *, by: Person) -> Bulk:
    """Do it to these tickets, each at the version that the person saw.

    Reach and role are asked again for each ticket. The rows that can go are written in one
    transaction with their records; if writing fails, none is.
    """
    with transaction.atomic():
        # Two people with overlapping rows wait for each other instead of locking each other out.
        locked = Ticket.objects.visible_to(by).filter(pk__in=seen).order_by("pk")
        list(locked.select_for_update(of=("self",)).only("pk"))
        tickets = in_sight(Ticket.objects.visible_to(by)).in_bulk(list(seen))
        bulk = Bulk.objects.create(
            kind=act.kind, by=by, words=act.words, request_id=request_id.get().strip("-")
        )
        rows = [_row(act, bulk, tickets.get(pk), by, version) for pk, version in seen.items()]
        BulkRow.objects.bulk_create(rows)
        refused = [row for row in rows if row.refusal]
        audit.record(
            None,
            AuditKind.BULK,
            bulk,
            after={
                "办理": act.kind.label,
                "内容": act.words,
                "已办": [row.ticket.number for row in rows if not row.refusal],
                "未办": [row.ticket.number if row.ticket else "不在范围内" for row in refused],
            },
        )
    return bulk


def _row(act: Act, bulk: Bulk, ticket: Ticket | None, by: Person, version: int) -> BulkRow:
    if ticket is None:
        return BulkRow(bulk=bulk, refusal=OUT_OF_REACH)
    # Said of the ticket as it is before the act.
    effect = act.effect(ticket)
    try:
        with transaction.atomic():
            act.do(ticket, by=by, version=version)
    except MoveRefused as refused:
        return BulkRow(bulk=bulk, ticket=ticket, refusal=str(refused))
    return BulkRow(bulk=bulk, ticket=ticket, effect=effect)
