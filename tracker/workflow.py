"""Which status may follow which, who may bring it about, and what it needs.

One table. The write, with its record, is `Ticket.move`; the page shows `offers`, so what is
refused and what is greyed out come from the same words.
"""

from collections.abc import Collection
from dataclasses import dataclass

from tracker import policy, refusals
from tracker.choices import Role, Status

IN_WORK = (Status.IN_PROGRESS, Status.RETURNED)


class MoveRefused(Exception):
    """The ticket, the person or the form does not allow this; the message says why, in Chinese.

    The audit trail hears of it: whoever catches it to show the reason need not tell.
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        refusals.tell(reason)


class TicketChanged(MoveRefused):
    """A colleague changed the ticket after this person opened it: show both, lose nothing."""


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table; the name is also the action that `policy` grants to roles."""

    name: str
    label: str
    sources: tuple[Status, ...]
    target: Status
    note_label: str = ""
    effect: str = ""

    @property
    def needs_note(self) -> bool:
        return bool(self.note_label)


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move(
            "claim",
            "认领",
            (Status.UNCLAIMED,),
            Status.IN_PROGRESS,
            effect="认领后由您负责办理，状态变为“整改中”。",
        ),
        Move(
            "submit",
            "提交销号",
            IN_WORK,
            Status.SUBMITTED,
            note_label="整改成效",
            effect="提交后等待督办员审核，审核前不能再填报进展。",
        ),
        Move(
            "return",
            "退回",
            (Status.SUBMITTED,),
            Status.RETURNED,
            note_label="退回原因",
            effect="退回后由承办单位补充整改，原因会显示在其工作台。",
        ),
        Move(
            "close",
            "确认销号",
            (Status.SUBMITTED,),
            Status.CLOSED,
            note_label="审核意见",
            effect="销号后本问题锁定，不能再填报或修改。",
        ),
    )
}

# The record with which a ticket enters the board; nobody can make it by hand.
IMPORTED = "import"
MOVE_LABELS = {IMPORTED: "导入建立", **{m.name: m.label for m in MOVES.values()}}

REPORT_FROM = IN_WORK
# All that can be done to a ticket, by the action that `policy` grants to roles.
ACTION_LABELS = {"report": "填报进展", **{m.name: m.label for m in MOVES.values()}}


@dataclass(frozen=True, slots=True)
class Task:
    """Work that waits for somebody: tickets of these statuses, for roles that may do the action.

    With `helps` the tickets are those with which the person's unit co-operates and another leads.
    """

    label: str
    sources: tuple[Status, ...]
    action: str
    helps: bool = False


# What lists and the workbench ask for by `act=`; `TicketQuerySet.awaiting` finds the tickets.
TASKS: dict[str, Task] = {
    "claim": Task("待认领", MOVES["claim"].sources, "claim"),
    "report": Task("待填报", REPORT_FROM, "report"),
    "help": Task("待配合", REPORT_FROM, "report", helps=True),
    "review": Task("待我审核", MOVES["close"].sources, "close"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """All that decides whether a move is open: the ticket's facts and one person's part in it.

    `roles` are those held for the lead unit; `helps` means staff of a unit that co-operates,
    who report their part but neither claim nor submit. `reported` means that progress was
    reported since the ticket last entered work.
    """

    status: Status
    roles: Collection[str]
    helps: bool
    is_submitter: bool
    reported: bool

    def may(self, action: str) -> bool:
        """Tell whether this person's part in the ticket carries the action, whatever its status."""
        return policy.may(self.roles, action) or (action == "report" and self.helps)


@dataclass(frozen=True, slots=True)
class Offer:
    """A move as the page shows it: open, or with the reason why it is not.

    `is_own` tells a move of this person's roles from one that somebody else makes.
    """

    move: Move
    refusal: str
    is_own: bool

    @property
    def is_open(self) -> bool:
        return not self.refusal


def refusal(name: str, standing: Standing) -> str:
    """Say in Chinese why this person cannot make this move now; empty means it is open.

    The one who asks for a closing is never the one who grants it (申请与审批分离).
    """
    move = MOVES[name]
    if not standing.may(name):
        needed = "、".join(role.label for role in sorted(policy.ALLOWED[name]))
        return f"需要牵头单位的{needed}办理。" if standing.helps else f"需要{needed}办理。"
    if standing.status not in move.sources:
        words = "、".join(source.label for source in move.sources)
        return f"只有“{words}”的问题可以{move.label}，现在是“{Status(standing.status).label}”。"
    if name == "submit" and not standing.reported:
        return (
            "退回后还没有填报进展。" if standing.status == Status.RETURNED else "还没有填报过进展。"
        )
    if name == "close" and standing.is_submitter:
        return "提交人不能审核自己提交的问题。"
    return ""


def offers(standing: Standing) -> list[Offer]:
    """All moves in the order of the table, each open or with its reason."""
    return [
        Offer(move, refusal(name, standing), standing.may(name)) for name, move in MOVES.items()
    ]


def left_to_others(standing: Standing) -> list[tuple[str, list[str]]]:
    """Who else acts on the ticket: each role with what it does and this person's roles do not.

    >>> left_to_others(Standing(Status.SUBMITTED, {Role.STAFF}, False, False, True))
    [('督办员', ['退回', '确认销号'])]
    """
    left = {name: label for name, label in ACTION_LABELS.items() if not standing.may(name)}
    by_role = [
        (role.label, [label for name, label in left.items() if role in policy.ALLOWED[name]])
        for role in Role
    ]
    return [(role, labels) for role, labels in by_role if labels]


def report_refusal(standing: Standing) -> str:
    """Say why this person cannot report progress now; empty means they can."""
    if not standing.may("report"):
        return "需要承办人填报。"
    if standing.status == Status.UNCLAIMED:
        return "请先认领。"
    if standing.status not in REPORT_FROM:
        return f"“{Status(standing.status).label}”的问题不能填报进展。"
    return ""


def attach_refusal(standing: Standing) -> str:
    """Say why this person can neither add evidence nor change it now; empty means they can.

    While a ticket waits for review, what the reviewer looks at stays what was submitted.
    """
    if not standing.may("attach") and not standing.may("report"):
        return "需要承办人或督办员上传。"
    if standing.status == Status.CLOSED:
        return "已销号的问题已锁定，不能再上传或撤回材料。"
    if standing.status == Status.UNCLAIMED and standing.may("report"):
        return "请先认领。"
    if standing.status == Status.SUBMITTED and standing.may("report"):
        return "已提交审核，退回后才能补充材料。"
    return ""


def judge_refusal(standing: Standing) -> str:
    """Say why this person can neither accept nor return a progress report now."""
    if not standing.may("judge"):
        needed = "、".join(role.label for role in Role if role in policy.ALLOWED["judge"])
        return f"需要{needed}审核进展。"
    if standing.status not in IN_WORK:
        return f"“{Status(standing.status).label}”的问题不再审核进展。"
    return ""
