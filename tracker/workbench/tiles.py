"""The six numbers of the workbench, and what else waits for this person's word."""

from dataclasses import dataclass, replace
from datetime import date

from tracker.choices import Light, Role, Status
from tracker.dates import zh_md
from tracker.models import Person
from tracker.statistics import OPEN_STATUSES, Tally
from tracker.workbench.desk import Desk, query_of
from tracker.workflow import TASKS

MOST_TILES = 6

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


def brought_by_roles(person: Person) -> list[str]:
    """The names of the tiles that this person's roles bring, each once."""
    roles = (role for role in TILES if role in person.roles)
    return list(dict.fromkeys(name for role in roles for name in TILES[role]))


def tiles_of(desk: Desk) -> tuple[list[Tile], list[Tile]]:
    """The six numbers of this person, and as lines those for which there is no room."""
    names = brought_by_roles(desk.person)
    if len(desk.person.roles) > 1:
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
            return Tile("待签收", unclaimed + claimed, query_of(act="take"), hint)
        case "feedback" | "unreported":
            count, query = desk.counts["unreported"], desk.unreported_query
            label = "待反馈" if name == "feedback" else "未反馈"
            return Tile(label, count, query, _period_words(desk))
        case "review":
            return Tile("待我审核", waiting["review"], query_of(act="review"), "提交人等您答复")
        case "help":
            return Tile(TASKS["help"].label, waiting["help"], query_of(act="help"))
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
            return Tile("批示待回复", count, query_of(asks="instruction"), "还没有回复的批示")
        case "returned":
            return _status_tile("被退回", Status.RETURNED, "补正后重新提交", tally)
        case "submitted":
            return _status_tile("待审核", Status.SUBMITTED, "已提交，等待审核", tally)
        case "unclaimed":
            return _status_tile("待认领", Status.UNCLAIMED, "还没有人认领", tally)
        case "total":
            return Tile("问题总数", tally.total, "", "您可见的全部问题")
        case "open":
            return Tile("在办", tally.open, query_of(status=OPEN_STATUSES), "尚未销号")
    light = Light(name)
    hint = {Light.BLOCK: "需要协调", Light.DONE: f"共{tally.total}项"}.get(light, "")
    count = tally.by_light[light]
    return Tile(
        light.label, count, query_of(light=light), hint, light, tally.earliest_due.get(light)
    )


def _status_tile(label: str, status: Status, hint: str, tally: Tally) -> Tile:
    return Tile(label, tally.by_status[status], query_of(status=status), hint)


def _period_words(desk: Desk) -> str:
    if not desk.period:
        return ""
    due_on = desk.period.due_on(desk.calendar)
    return f"{desk.period.label}，{zh_md(due_on)}截止"


def answers_of(desk: Desk) -> list[Answer]:
    """The lists of requests on which anything waits for this person."""
    answers = [
        Answer(
            "延期申请待审批",
            desk.counts["extensions"],
            "tracker:extension-list",
            query_of(show="waiting"),
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
