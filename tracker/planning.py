"""整改方案: what a plan lacks, who may move it, and milestones laid back from a deadline. Pure.

A plan answers every problem that was fed back (全覆盖、零遗漏) with the five things that each
problem needs: 整改措施、责任领导、责任部门、责任人、完成时限.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker import policy
from tracker.choices import PlanStatus, Role
from tracker.dates import zh_date
from tracker.worktime import ONE_DAY, WorkCalendar

# -- what is missing ------------------------------------------------------------------------------

# The five things without which a problem is not planned, in the order in which they are listed.
REQUIRED = {
    "measures": "整改措施",
    "leader": "责任领导",
    "unit": "责任部门",
    "person": "责任人",
    "due_on": "完成时限",
}


@dataclass(frozen=True, slots=True)
class PlannedMeasure:
    """One measure as the check sees it; department, person and deadline may be the problem's."""

    key: int
    label: str
    text: str
    goal: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlannedProblem:
    """One problem as the check sees it; people and departments by the names that are shown."""

    key: int
    label: str
    leader: str
    unit: str
    person: str
    due_on: date | None
    due_reason: str
    measures: tuple[PlannedMeasure, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing or does not fit, and where: the problem, its measure, the field."""

    problem: int
    field: str
    words: str
    measure: int | None = None


def lacks(problem: PlannedProblem, focus_ends_on: date) -> list[Lack]:
    """All that keeps one problem from being planned, at once.

    >>> bare = PlannedProblem(1, "1", "", "工程科", "", None, "", ())
    >>> [lack.words for lack in lacks(bare, date(2026, 12, 1))]
    ['没有整改措施', '没有责任领导', '没有责任人', '没有完成时限']
    """
    found = [
        Lack(problem.key, field, f"没有{words}")
        for field, words in REQUIRED.items()
        if not getattr(problem, field)
    ]
    if problem.due_on and problem.due_on > focus_ends_on and not problem.due_reason.strip():
        found.append(
            Lack(
                problem.key,
                "due_reason",
                f"完成时限晚于集中整改期满（{zh_date(focus_ends_on)}），没有说明理由",
            )
        )
    found += [
        Lack(
            problem.key,
            "due_on",
            f"{measure.label}的完成时限（{zh_date(measure.due_on)}）晚于问题的完成时限",
            measure.key,
        )
        for measure in problem.measures
        if measure.due_on and problem.due_on and measure.due_on > problem.due_on
    ]
    return found


# Words of a measure that only meets, studies or issues a paper.
_ON_PAPER = ("召开", "会议", "学习", "传达", "印发", "发文", "动员", "研讨")


def advice(problem: PlannedProblem) -> list[str]:
    """What a reviewer would ask about, though it stops nothing."""
    asked = []
    without_goal = [measure.label for measure in problem.measures if not measure.goal]
    if without_goal:
        asked.append(f"{'、'.join(without_goal)}没有写目标")
    if problem.measures and all(_is_on_paper(measure.text) for measure in problem.measures):
        asked.append("措施都是开会、学习或发文，看不出怎样解决问题")
    return asked


def _is_on_paper(text: str) -> bool:
    return len(text) < 40 and any(word in text for word in _ON_PAPER)


@dataclass(frozen=True, slots=True)
class Lists:
    """三张清单: of how many problems each list could be printed today."""

    problems: int
    with_tasks: int
    with_owners: int
    with_deadlines: int

    @property
    def rows(self) -> list[tuple[str, str, int]]:
        """Each list with what it needs and the problems that are ready for it."""
        return [
            ("问题清单", "编号、问题原文", self.problems),
            ("任务清单", "每个问题至少一条措施", self.with_tasks),
            ("责任清单", "责任领导、责任部门、责任人", self.with_owners),
            ("时限清单", "每个问题都有完成时限", self.with_deadlines),
        ]


def lists(problems: Collection[PlannedProblem]) -> Lists:
    return Lists(
        problems=len(problems),
        with_tasks=sum(bool(each.measures) for each in problems),
        with_owners=sum(bool(each.leader and each.unit and each.person) for each in problems),
        with_deadlines=sum(each.due_on is not None for each in problems),
    )


# -- the moves of a plan --------------------------------------------------------------------------

EDITABLE = (PlanStatus.DRAFTING, PlanStatus.RETURNED)


@dataclass(frozen=True, slots=True)
class PlanMove:
    """One row of the table; `action` is what `policy` grants to roles."""

    name: str
    label: str
    sources: tuple[PlanStatus, ...]
    target: PlanStatus
    action: str
    note_label: str = ""
    needs_note: bool = False
    effect: str = ""


PLAN_MOVES: dict[str, PlanMove] = {
    move.name: move
    for move in (
        PlanMove(
            "submit",
            "提请审定",
            EDITABLE,
            PlanStatus.SUBMITTED,
            "submit_plan",
            note_label="说明",
            effect="提请后方案锁定，等待审定；审定前不能再修改。",
        ),
        PlanMove(
            "return",
            "退回修改",
            (PlanStatus.SUBMITTED,),
            PlanStatus.RETURNED,
            "approve_plan",
            note_label="退回意见",
            needs_note=True,
            effect="退回后由编制单位修改，改好后重新提请审定。",
        ),
        PlanMove(
            "approve",
            "批准方案",
            (PlanStatus.SUBMITTED,),
            PlanStatus.APPROVED,
            "approve_plan",
            note_label="审定意见",
            needs_note=True,
            effect="批准后方案锁定，各问题按方案启动整改；以后调整要逐条申请。",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """All that decides whether a move of the plan is open to one person.

    `roles` are those held on the inspected unit, `approver` is the role whose decision the plan
    waits for, `lacking` counts what is missing.
    """

    status: PlanStatus
    roles: Collection[str]
    approver: Role
    is_submitter: bool
    lacking: int

    @property
    def may_approve(self) -> bool:
        return self.approver in self.roles

    def may(self, move: PlanMove) -> bool:
        if move.action == "approve_plan":
            return self.may_approve
        return policy.may(self.roles, move.action)


def refusal(name: str, standing: PlanStanding) -> str:
    """Say in Chinese why this person cannot make this move now; empty means it is open."""
    move = PLAN_MOVES[name]
    if not standing.may(move):
        needed = (
            standing.approver.label
            if move.action == "approve_plan"
            else "、".join(role.label for role in Role if role in policy.ALLOWED[move.action])
        )
        return f"需要被巡察单位的{needed}办理。"
    if standing.status not in move.sources:
        words = "、".join(source.label for source in move.sources)
        return f"只有“{words}”的方案可以{move.label}，现在是“{standing.status.label}”。"
    if name != "return" and standing.lacking:
        return f"方案还缺{standing.lacking}处，补齐后才能{move.label}。"
    if move.action == "approve_plan" and standing.is_submitter:
        return "提请人不能审定自己提请的方案。"
    return ""


@dataclass(frozen=True, slots=True)
class PlanOffer:
    """A move as the page shows it: open, or with the reason why it is not."""

    move: PlanMove
    refusal: str

    @property
    def is_open(self) -> bool:
        return not self.refusal


def offers(standing: PlanStanding) -> list[PlanOffer]:
    """The moves of this person's roles from where the plan stands, each open or with its reason."""
    return [
        PlanOffer(move, refusal(name, standing))
        for name, move in PLAN_MOVES.items()
        if standing.may(move) and standing.status in move.sources
    ]


# -- two editions ---------------------------------------------------------------------------------

# What an edition keeps of a problem beside its measures, and of a measure beside its words.
_KEPT = {"leader": "责任领导", "unit": "责任部门", "person": "责任人", "due_on": "完成时限"}
_KEPT_OF_MEASURE = {"text": "措施", "goal": "目标", "due_on": "完成时限"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One value of a problem that two editions give differently; empty is what one has not."""

    label: str
    old: str
    new: str


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """What differs between two editions of one problem, as `models.plan.as_words` keeps them.

    A problem or a measure that one edition does not have is given as an empty mapping.

    >>> differences({"person": "梁文", "measures": []}, {"person": "莫志", "measures": []})
    [Difference(label='责任人', old='梁文', new='莫志')]
    """
    found = _between(old, new, _KEPT)
    before, after = (
        {each.get("key", each["label"]): each for each in side.get("measures", ())}
        for side in (old, new)
    )
    for key in dict.fromkeys([*before, *after]):
        one, other = before.get(key, {}), after.get(key, {})
        label = (other or one)["label"]
        found += [
            Difference(
                label if each.label == "措施" else f"{label}{each.label}", each.old, each.new
            )
            for each in _between(one, other, _KEPT_OF_MEASURE)
        ]
    return found


def _between(
    old: Mapping[str, Any], new: Mapping[str, Any], fields: Mapping[str, str]
) -> list[Difference]:
    return [
        Difference(label, old.get(name, ""), new.get(name, ""))
        for name, label in fields.items()
        if old.get(name, "") != new.get(name, "")
    ]


# -- 倒排 -----------------------------------------------------------------------------------------

# How much of the working time is gone when each stage must be done, in per cent.
STAGES = (
    ("细化方案，明确分工", 15),
    ("集中推进整改", 70),
    ("自查成效，补齐短板", 90),
    ("完成整改，备齐佐证材料", 100),
)


@dataclass(frozen=True, slots=True)
class Stop:
    """A milestone to be: what must be done by when."""

    title: str
    due_on: date


def count_back(
    start: date,
    due_on: date,
    calendar: WorkCalendar,
    stages: Sequence[tuple[str, int]] = STAGES,
) -> list[Stop]:
    """Lay milestones from the deadline backward (倒排), each on a workday after `start`.

    Where the time is too short for all of them, the later ones stay: the deadline is what counts.

    >>> stops = count_back(date(2026, 11, 2), date(2026, 11, 29), WorkCalendar())
    >>> [str(stop.due_on) for stop in stops]
    ['2026-11-05', '2026-11-19', '2026-11-25', '2026-11-27']
    """
    last = _workday_at_or_before(due_on, calendar)
    workdays = calendar.workdays_between(start, last)
    if workdays <= 0:
        return [Stop(stages[-1][0], due_on)] if due_on > start else []
    stops: list[Stop] = []
    day, walked = last, 0
    for title, share in reversed(stages):
        for _ in range(walked, min(workdays - round(workdays * share / 100), workdays - 1)):
            day = _workday_at_or_before(day - ONE_DAY, calendar)
            walked += 1
        if not stops or day < stops[-1].due_on:
            stops.append(Stop(title, day))
    return stops[::-1]


def _workday_at_or_before(day: date, calendar: WorkCalendar) -> date:
    while not calendar.is_workday(day):
        day -= ONE_DAY
    return day


# -- the numbers of measures ----------------------------------------------------------------------

_DIGITS = "一二三四五六七八九"


def measure_number(n: int) -> str:
    """The n-th measure as a bulletin would number it.

    >>> [measure_number(n) for n in (1, 10, 12, 20, 35)]
    ['一', '十', '十二', '二十', '三十五']
    """
    tens, ones = divmod(n, 10)
    head = "" if not tens else ("" if tens == 1 else _DIGITS[tens - 1]) + "十"
    return head + (_DIGITS[ones - 1] if ones else "")


def all_lacks(problems: Iterable[PlannedProblem], focus_ends_on: date) -> Iterator[Lack]:
    """What is missing in the whole plan, problem by problem."""
    for problem in problems:
        yield from lacks(problem, focus_ends_on)
