"""What may be done about a ticket beside the moves: block, press, instruct, answer. Pure.

`workflow` decides which status may follow which; nothing here changes a status. Each function
says in Chinese why a thing is not open to a person now; empty means that it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker import policy
from tracker.choices import Role, Status
from tracker.dates import zh_md
from tracker.workflow import Standing
from tracker.worktime import WorkCalendar

# The statuses in which the ball is with the unit: only there can it be blocked or pressed.
WITH_UNIT = tuple(status for status in Status if status not in (Status.SUBMITTED, Status.CLOSED))
# Nobody is blocked by others before they have taken the ticket into their hands.
IN_HAND = tuple(status for status in WITH_UNIT if status != Status.UNCLAIMED)

# The acts, by the action that `policy` grants to roles.
LABELS = {
    "block": "标记受阻",
    "unblock": "解除受阻",
    "press": "催办",
    "instruct": "批示",
    "answer": "回复批示",
    "restrict": "限定知悉",
    "unrestrict": "解除限定",
}
# What may be done about a closed ticket too.
ALSO_CLOSED = ("restrict", "unrestrict")
LOCKED = "已销号的问题已锁定。"


@dataclass(frozen=True, slots=True)
class Pause:
    """How long a ticket that was pressed is left in peace: a setting of its round."""

    length: int = 1
    in_workdays: bool = True

    def ends(self, pressed_at: datetime, calendar: WorkCalendar) -> datetime:
        """Return the instant from which the ticket may be pressed again; `pressed_at` is local.

        A day more is the same hour of the next workday, so whoever is pressed on a Friday has
        Monday to answer.
        """
        if not self.in_workdays:
            return pressed_at + timedelta(hours=self.length)
        day = calendar.workday_after(pressed_at.date(), self.length)
        return pressed_at + (day - pressed_at.date())

    def __str__(self):
        return f"{self.length}个工作日" if self.in_workdays else f"{self.length}小时"


def block_refusal(standing: Standing, is_blocked: bool) -> str:
    if not standing.may("block"):
        return f"需要{_holders('block')}标记。"
    if standing.status == Status.CLOSED:
        return LOCKED
    if is_blocked:
        return "已经标记受阻；情况有变，请先解除再重新标记。"
    if standing.status not in IN_HAND:
        return f"“{Status(standing.status).label}”的问题不能标记受阻。"
    return ""


def unblock_refusal(standing: Standing, is_blocked: bool) -> str:
    if not standing.may("unblock"):
        return f"需要{_holders('unblock')}解除。"
    if not is_blocked:
        return "没有标记受阻。"
    return ""


def press_refusal(standing: Standing, again_at: datetime | None, now: datetime) -> str:
    """`again_at` is when the pause after the last press ends; None if there was no press."""
    if not standing.may("press"):
        return f"需要{_holders('press')}催办。"
    if standing.status == Status.CLOSED:
        return LOCKED
    if standing.status not in WITH_UNIT:
        return "已经提交，正等待审核，不用催办承办单位。"
    if again_at and now < again_at:
        return f"刚催办过，{zh_md(again_at)} {again_at:%H:%M}起可以再催。"
    return ""


def instruct_refusal(standing: Standing) -> str:
    if not standing.may("instruct"):
        return f"需要{_holders('instruct')}批示。"
    if standing.status == Status.CLOSED:
        return LOCKED
    return ""


def answer_refusal(standing: Standing, is_addressee: bool) -> str:
    """The unit that leads or helps answers an instruction, and the person it is addressed to."""
    if not is_addressee and not standing.may("answer") and not standing.helps:
        return f"需要{_holders('answer')}或批示交办的人员回复。"
    if standing.status == Status.CLOSED:
        return LOCKED
    return ""


def restrict_refusal(standing: Standing, is_restricted: bool) -> str:
    if not standing.may("restrict"):
        return f"需要{_holders('restrict')}限定。"
    return "已经限定知悉。" if is_restricted else ""


def unrestrict_refusal(standing: Standing, is_restricted: bool) -> str:
    if not standing.may("unrestrict"):
        return f"需要{_holders('unrestrict')}解除。"
    return "" if is_restricted else "没有限定知悉。"


def _holders(action: str) -> str:
    return "、".join(role.label for role in Role if role in policy.ALLOWED[action])
