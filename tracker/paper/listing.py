"""清单 as a grid: one line for each ticket, nothing merged, so that it can be written in pieces."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from django.utils import timezone

from tracker import changes
from tracker.choices import DueBasis, Origin
from tracker.legends import Lamps
from tracker.models import Ticket
from tracker.paper.grid import Cell, Grid, Head, Row
from tracker.paper.scope import Scope

HEADS = {
    head.key: head
    for head in (
        Head("light", "灯", 24, is_centred=True),
        Head("number", "编号", 30, is_centred=True),
        Head("printed", "原文序号", 20, is_centred=True),
        Head("title", "问题", 62, is_heading=True),
        Head("category", "方面与大类", 42),
        Head("inspection", "巡视巡察", 44),
        Head("unit", "牵头单位", 27, is_centred=True),
        Head("leader", "责任领导", 20, is_centred=True),
        Head("person", "责任人", 18, is_centred=True),
        Head("due", "整改时限", 25, is_centred=True),
        Head("original_due", "原时限", 25, is_centred=True),
        Head("extensions", "延期次数", 20, is_centred=True),
        Head("status", "状态", 18, is_centred=True),
        Head("latest", "最新进展", 64),
        Head("latest_on", "填报日期", 25, is_centred=True),
        Head("percent", "进度%", 16, is_centred=True),
        Head("closed_on", "销号日期", 25, is_centred=True),
        Head("blocked", "受阻原因", 34),
        Head("marks", "标记", 30),
        Head("changed", "变化", 20, is_centred=True),
    )
}


# What the page itself has columns for: all that a document has room for.
ON_PAGE = (
    *("light", "number", "title", "unit", "leader", "person"),
    *("due", "latest", "status", "marks", "changed"),
)


def listing(
    scope: Scope, *, total: int, since: date | None, of_one: bool, as_document: bool = False
) -> Grid:
    """The grid without its rows; `of_one` says that all are of one inspection."""
    left_out = {"inspection"} if of_one else set()
    left_out |= set() if since else {"changed"}
    left_out |= HEADS.keys() - set(ON_PAGE) if as_document else set()
    facts = [f"共{total}项"]
    heads = [head for key, head in HEADS.items() if key not in left_out]
    return scope.grid("整改问题清单", heads, [], facts=facts, set_label="问题清单", tab="清单")


def lines(tickets: Iterable[Ticket], heads: list[Head], lamps: Lamps) -> Iterator[Row]:
    """The rows of these tickets, one by one; they must come as `ListPage.tickets`."""
    keys = [head.key for head in heads]
    for ticket in tickets:
        yield Row(ticket, tuple(_cell(key, ticket, lamps) for key in keys))


def _cell(key: str, ticket: Ticket, lamps: Lamps) -> Cell:
    group = (ticket.pk, key)
    if key == "light":
        lamp = lamps.of(ticket.light_on_day, ticket.round_key)
        return Cell(lamp.word, group, lamp=lamp)
    said = _SAYS[key](ticket)
    if isinstance(said, str):
        return Cell(said, group)
    return Cell("" if said is None else str(said), group, value=said)


def _category(ticket: Ticket) -> str:
    own = ticket.category
    if own is None:
        return ""
    return f"{own.parent} / {own}" if own.parent else str(own)


def _marks(ticket: Ticket) -> str:
    """What the page shows as chips, and whether the deadline was worked out and not set."""
    marks = []
    if ticket.is_restricted:
        marks.append("限定知悉")
    if ticket.origin != Origin.FEEDBACK:
        marks.append(ticket.get_origin_display())
    if ticket.was_late:
        marks.append("曾超期")
    if ticket.press_count:
        marks.append(f"催办{ticket.press_count}次")
    if ticket.due_on and ticket.due_basis == DueBasis.DERIVED:
        marks.append("时限为推定")
    return "、".join(marks)


_SAYS: dict[str, Callable[[Ticket], str | int | date | None]] = {
    "number": lambda t: t.number,
    "printed": lambda t: t.printed_number,
    "title": lambda t: t.title,
    "category": _category,
    "inspection": lambda t: str(t.inspection),
    "unit": lambda t: str(t.lead_unit),
    "leader": lambda t: t.leader_name,
    "person": lambda t: t.person_name,
    "due": lambda t: t.due_on or "未定时限",
    "original_due": lambda t: t.original_due_on if t.due_was_moved else None,
    "extensions": lambda t: t.extension_count or None,
    "status": lambda t: t.get_status_display(),
    "latest": lambda t: t.latest_text or "",
    "latest_on": lambda t: timezone.localdate(t.latest_at) if t.latest_at else None,
    "percent": lambda t: t.latest_percent,
    "closed_on": lambda t: t.closed_on,
    "blocked": lambda t: t.blocked_reason if t.is_blocked else "",
    "marks": _marks,
    "changed": lambda t: "、".join(kind.label for kind in changes.chips(t)),
}
