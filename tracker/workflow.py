"""Which status may follow which, who may bring it about, and what it needs.

One table. The write, with its record, is `Ticket.move`; the page shows `offers`, so what is
refused and what is greyed out come from the same words.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tracker import policy, refusals
from tracker.choices import Clock, Role, Status

IN_WORK = (Status.IN_PROGRESS, Status.RETURNED)
# The levels at which a submission may be reviewed; a round chooses one to five of them.
LEVELS: dict[Role, str] = {
    Role.HEAD: "部门初审",
    Role.LEADER: "责任领导复核",
    Role.OFFICE: "整改办复核",
    Role.PARTY: "党组审定",
    Role.INSPECTOR: "巡察办验收",
}


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
    """One row of the table; the name is also the action that `policy` grants to roles.

    With `by_level` only the role whose review the ticket waits for may make it. `note_label`
    names the words that the move needs, the `needs_` what else it needs; a review also needs the
    way of checking.
    """

    name: str
    label: str
    sources: tuple[Status, ...]
    target: Status
    clock: Clock
    effect: str
    by_level: bool = False
    note_label: str = ""
    needs_checklist: bool = False
    needs_ground: bool = False
    needs_deadline: bool = False

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
            Status.CLAIMED,
            Clock.RUNS,
            "认领后由您填报和提交，责任人不变；状态变为“待启动”。",
        ),
        Move(
            "start",
            "启动整改",
            (Status.CLAIMED,),
            Status.IN_PROGRESS,
            Clock.RUNS,
            "启动后状态变为“整改中”，按期填报进展。",
        ),
        Move(
            "submit",
            "提交销号",
            IN_WORK,
            Status.SUBMITTED,
            Clock.PAUSES,
            "提交后逐级审核，审核期间暂停计时，不能再填报进展。",
            note_label="整改成效",
            needs_checklist=True,
        ),
        Move(
            "return",
            "退回",
            (Status.SUBMITTED,),
            Status.RETURNED,
            Clock.RUNS,
            "退回后由承办单位补充整改，恢复计时，原因会显示在提交人的工作台。",
            by_level=True,
            note_label="退回原因",
        ),
        Move(
            "review",
            "审核通过",
            (Status.SUBMITTED,),
            Status.SUBMITTED,
            Clock.PAUSES,
            "通过后转到下一级审核。",
            by_level=True,
            note_label="审核意见",
        ),
        Move(
            "close",
            "确认销号",
            (Status.SUBMITTED,),
            Status.CLOSED,
            Clock.STOPS,
            "销号后本问题锁定，不能再填报或修改。",
            by_level=True,
            note_label="审核意见",
        ),
        Move(
            "keep",
            "列入长期坚持",
            (Status.CLOSED,),
            Status.CLOSED,
            Clock.STOPS,
            "销号不变，列入长期坚持清单。",
            note_label="坚持什么",
        ),
        Move(
            "reopen",
            "重启整改",
            (Status.CLOSED,),
            Status.IN_PROGRESS,
            Clock.RESTARTS,
            "重启后开始新一轮整改，按新时限计时；以前各轮的记录保留不变。",
            note_label="重启原因",
            needs_ground=True,
            needs_deadline=True,
        ),
    )
}

# The record with which a ticket enters the board; nobody can make it by hand.
IMPORTED = "import"
# The same for a problem that a unit found besides the feedback.
FOUND = "found"
MOVE_LABELS = {IMPORTED: "导入建立", FOUND: "自查登记", **{m.name: m.label for m in MOVES.values()}}
# The moves that put a ticket before its first reviewer.
SUBMITTING = (IMPORTED, "submit")

REPORT_FROM = IN_WORK
# All that can be done to a ticket, by the action that `policy` grants to roles.
ACTION_LABELS = {"report": "填报进展", **{m.name: m.label for m in MOVES.values()}}


@dataclass(frozen=True, slots=True)
class Task:
    """Work that waits for somebody: tickets of these statuses, for roles that may do the action.

    With `helps` the tickets are those with which the person's unit co-operates and another leads;
    with `by_level` those that wait for a review in one of the person's roles.
    """

    label: str
    sources: tuple[Status, ...]
    action: str
    helps: bool = False
    by_level: bool = False


# What lists and the workbench ask for by `act=`; `TicketQuerySet.awaiting` finds the tickets.
TASKS: dict[str, Task] = {
    "claim": Task("待认领", MOVES["claim"].sources, "claim"),
    "start": Task("待启动", MOVES["start"].sources, "start"),
    "report": Task("待填报", REPORT_FROM, "report"),
    "help": Task("待配合", REPORT_FROM, "report", helps=True),
    "review": Task("待我审核", MOVES["review"].sources, "review", by_level=True),
}


def next_level(levels: Iterable[Role], after: str) -> Role | None:
    """The level that follows this one, None after the last.

    A level that the round has given up meanwhile still has its place in the order.

    >>> next_level([Role.HEAD, Role.PARTY], Role.OFFICE).label
    '党组'
    """
    order = list(LEVELS)
    return next((level for level in levels if order.index(level) > order.index(after)), None)


@dataclass(frozen=True, slots=True)
class Standing:
    """All that decides whether a move is open: the ticket's facts and one person's part in it.

    `roles` are those held for the lead unit; `helps` means staff of a unit that co-operates,
    who report their part but neither claim nor submit. `reported` means that progress was
    reported since the ticket last entered work. `leader` is the registered responsible leader
    where that is somebody else. `unfinished` names the measures that are not done.

    `lent` are the roles of those whose substitute this person is, which carry decisions only;
    `acting_for` is in whose place they would review now. Then the parts that either of the two
    has in the ticket count.
    """

    status: Status
    roles: Collection[str]
    levels: tuple[Role, ...]
    review_role: str = ""
    lent: Collection[str] = ()
    acting_for: str = ""
    helps: bool = False
    is_submitter: bool = False
    is_responsible: bool = False
    has_reviewed: bool = False
    leader: str = ""
    reported: bool = True
    unfinished: str = ""
    has_key_evidence: bool = True
    plan_is_missing: bool = False
    is_kept: bool = False
    is_blocked: bool = False

    def may(self, action: str) -> bool:
        """Tell whether this person's part in the ticket carries the action, whatever its status."""
        if action in policy.BY_SUBSTITUTE and policy.may(self.lent, action):
            return True
        return policy.may(self.roles, action) or (action == "report" and self.helps)


@dataclass(frozen=True, slots=True)
class Offer:
    """A move as the page shows it: open, or with the reason why it is not.

    `is_own` tells a move of this person's roles from one that somebody else makes; `is_due` that
    it is the person's turn, whether or not something is still missing.
    """

    move: Move
    refusal: str
    is_own: bool
    is_due: bool

    @property
    def is_open(self) -> bool:
        return not self.refusal


def refusal(name: str, standing: Standing) -> str:
    """Say in Chinese why this person cannot make this move now; empty means it is open.

    Who submits, who is responsible and who reviews are always different people
    (申请与审批分离).
    """
    move = MOVES[name]
    if not standing.may(name):
        needed = "、".join(_who(name, standing))
        return f"需要牵头单位的{needed}办理。" if standing.helps else f"需要{needed}办理。"
    if standing.status not in move.sources:
        words = "、".join(source.label for source in move.sources)
        return f"只有“{words}”的问题可以{move.label}，现在是“{Status(standing.status).label}”。"
    if move.by_level:
        return _review_refusal(name, standing)
    if name == "keep" and standing.is_kept:
        return "已列入长期坚持。"
    if lacking := _lacking(name, standing):
        return f"还差：{'；'.join(lacking)}。"
    return ""


def _who(name: str, standing: Standing) -> list[str]:
    """The roles that may make a move, in words; of the reviewers only those that the round asks."""
    allowed = policy.ALLOWED[name]
    asked = standing.levels if MOVES[name].by_level else Role
    return [role.label for role in asked if role in allowed]


def _review_refusal(name: str, standing: Standing) -> str:
    role = Role(standing.review_role)
    if role not in standing.roles and role not in standing.lent:
        return f"现在等{LEVELS[role]}，需要{role.label}办理。"
    if role == Role.LEADER and standing.leader:
        return f"由这个问题的责任领导{standing.leader}复核。"
    if standing.is_submitter:
        return "提交人不能审核自己提交的问题。"
    if standing.is_responsible:
        return "责任人不能审核自己负责的问题。"
    if standing.has_reviewed:
        return "您已审核过这次提交，下一级须由另一人审核。"
    following = next_level(standing.levels, role)
    if name == "close" and following:
        return f"审核通过后还要{LEVELS[following]}，不能直接销号。"
    if name == "review" and not following:
        return "这是最后一级审核，请确认销号或退回。"
    return ""


def _lacking(name: str, standing: Standing) -> list[str]:
    """All that is missing before this move, so that a person is told everything at once."""
    lacking = []
    if name == "start" and standing.plan_is_missing:
        lacking.append("整改方案尚未审定")
    if name == "submit":
        if standing.is_blocked:
            lacking.append("问题受阻，请先解除受阻")
        if not standing.reported:
            returned = standing.status == Status.RETURNED
            lacking.append("退回后还没有填报进展" if returned else "还没有填报过进展")
        if standing.unfinished:
            lacking.append(f"{standing.unfinished}未完成")
        if not standing.has_key_evidence:
            lacking.append("没有关键佐证")
        if standing.is_responsible:
            lacking.append("您是责任人，须由填报人或本单位其他承办人提交")
    return lacking


def offers(standing: Standing) -> list[Offer]:
    """All moves in the order of the table, each open or with its reason."""
    return [_offer(move, refusal(name, standing), standing) for name, move in MOVES.items()]


def _offer(move: Move, reason: str, standing: Standing) -> Offer:
    """A review that is refused is somebody else's turn."""
    is_due = standing.status in move.sources and not (move.by_level and reason)
    return Offer(move, reason, standing.may(move.name), is_due)


def own_offers(standing: Standing) -> list[Offer]:
    """The moves of this person's roles, without those of the other side of the closing.

    What can be done now comes first, then what lacks something, then what the ticket has passed
    or has yet to reach.
    """
    is_closed = standing.status == Status.CLOSED
    own = [
        offer
        for offer in offers(standing)
        if offer.is_own and is_closed == (Status.CLOSED in offer.move.sources)
    ]
    return sorted(own, key=lambda offer: (not offer.is_open, not offer.is_due))


def left_to_others(standing: Standing) -> list[tuple[str, list[str]]]:
    """Who else acts on the ticket: each role with what it does and this person's roles do not.

    Reviewers stand there with their level, and only those that the round asks.

    >>> left_to_others(Standing(Status.SUBMITTED, {Role.STAFF}, (Role.OFFICE,)))
    [('整改办', ['整改办复核'])]
    """
    is_closed = standing.status == Status.CLOSED
    left = {
        name: label
        for name, label in ACTION_LABELS.items()
        if not standing.may(name)
        and not (name in MOVES and MOVES[name].by_level)
        and is_closed == (name in MOVES and Status.CLOSED in MOVES[name].sources)
    }
    by_role = []
    for role in Role:
        labels = [label for name, label in left.items() if role in policy.ALLOWED[name]]
        if role in standing.levels and role not in standing.roles and not is_closed:
            labels.append(LEVELS[role])
        by_role.append((role.label, labels))
    return [(role, labels) for role, labels in by_role if labels]


def report_refusal(standing: Standing) -> str:
    """Say why this person cannot report progress now; empty means they can."""
    if not standing.may("report"):
        return "需要承办人填报。"
    if standing.status == Status.UNCLAIMED:
        return "请先认领。"
    if standing.status == Status.CLAIMED:
        return "请先启动整改。"
    if standing.status not in REPORT_FROM:
        return f"“{Status(standing.status).label}”的问题不能填报进展。"
    return ""


def attach_refusal(standing: Standing) -> str:
    """Say why this person can neither add evidence nor change it now; empty means they can.

    While a ticket waits for review, what the reviewer looks at stays what was submitted.
    """
    if not standing.may("attach") and not standing.may("report"):
        return "需要承办人、整改办或巡察办上传。"
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
        return f"需要{needed}审阅进展。"
    if standing.status not in IN_WORK:
        return f"“{Status(standing.status).label}”的问题不再审阅进展。"
    return ""


# What can be assigned, by the name of the ticket's field: who may, what is there already once the
# ticket has been claimed, and how that changes then.
ASSIGNED: dict[str, tuple[str, str, str]] = {
    "lead_unit": ("allot", "已有单位认领", "换牵头单位由导入员更正并写明依据"),
    "leader": ("allot", "已有责任领导", "换人请走责任交接"),
    "person": ("assign", "已有责任人", "换人请走责任交接"),
    "reporter": ("assign", "已有填报人", "换人请走责任交接"),
    "due_on": ("allot", "已有时限", "只能由延期审批调整"),
}
# Of these what a plan lays down, as the plan calls it.
IN_PLAN = {"lead_unit": "牵头单位", "leader": "责任领导", "person": "责任人", "due_on": "时限"}


def assign_refusal(name: str, standing: Standing, *, is_set: bool, is_planned: bool = False) -> str:
    """Say why this person cannot set this field of `ASSIGNED` now; empty means they can.

    All is open until the plan is approved where work begins with a plan, elsewhere until somebody
    has claimed the ticket. Afterwards, and when it stands in an approved plan (`is_planned`), only
    what is empty can be filled; the rest moves by a hand-over or an extension.
    """
    action, already, way_out = ASSIGNED[name]
    if not standing.may(action):
        needed = "、".join(role.label for role in Role if role in policy.ALLOWED[action])
        return f"需要{needed}{policy.ACTION_WORDS[action]}。"
    if standing.status == Status.CLOSED:
        return "已销号的问题已锁定，不能修改。"
    if standing.status == Status.SUBMITTED and name != "leader":
        return "正在审核，退回后才能改。"
    if not is_set:
        return ""
    if is_planned and name in IN_PLAN:
        return f"{IN_PLAN[name]}已写入批准的整改方案，{way_out}。"
    is_drafted = standing.plan_is_missing and standing.status == Status.CLAIMED
    if standing.status == Status.UNCLAIMED or is_drafted:
        return ""
    return f"{already}，{way_out}。"


def approval(levels: Iterable[Role], review_role: str) -> str:
    """The move that passes this level: on to the next one, or the closing at the last.

    >>> approval([Role.HEAD, Role.OFFICE], Role.OFFICE)
    'close'
    """
    return "close" if review_role and next_level(levels, review_role) is None else "review"
