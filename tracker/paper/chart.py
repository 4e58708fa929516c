"""作战图 as a grid: one cell of each row is its bar in time, drawn as on the page."""

from tracker.legends import Lamps
from tracker.paper.grid import Cell, Head, Row
from tracker.paper.heading import marks_of
from tracker.timeline import Bar, Timeline

HEADS = [
    Head("group", "", 28, is_heading=True),
    Head("number", "序号", 14, is_centred=True),
    Head("title", "问题", 66, is_heading=True),
    Head("who", "责任", 26, is_centred=True),
    Head("axis", "", 190),
    Head("due", "时限", 40, is_centred=True),
    Head("light", "亮灯", 22, is_centred=True),
]


def chart_heads(grouping: str) -> list[Head]:
    """The columns; the first is what the bars are grouped by, and not said again beside them."""
    named = {"group": "牵头单位" if grouping == "unit" else "方面", "axis": "反馈至时限"}
    return [
        Head(one.key, named.get(one.key, one.label), one.width, "", one.is_heading, one.is_centred)
        for one in HEADS
    ]


def chart_rows(chart: Timeline, grouping: str, lamps: Lamps) -> list[Row]:
    """One row for each bar, under its group."""
    return [
        _row(bar, (n, group.label), grouping, lamps)
        for n, group in enumerate(chart.groups)
        for bar in group.bars
    ]


def _row(bar: Bar, group: tuple[int, str], grouping: str, lamps: Lamps) -> Row:
    ticket = bar.ticket
    lamp = lamps.of(bar.light, ticket.round_key)
    due = [ticket.due_on.isoformat() if ticket.due_on else "未定时限", bar.due]
    over = ticket.leader_name if grouping == "unit" else str(ticket.lead_unit)
    words = {
        "number": ticket.printed_number or ticket.number,
        "title": ticket.title,
        "who": "\n".join(name for name in (over, ticket.person_name) if name),
        "due": "\n".join(due if ticket.due_on else due[:1]),
        "light": "\n".join([lamp.word, *marks_of(ticket)]),
    }
    cells = {key: Cell(value, (ticket.pk, key)) for key, value in words.items()}
    cells["group"] = Cell(group[1], ("group", *group))
    cells["axis"] = Cell(bar.spoken, (ticket.pk, "axis"), bar=bar)
    cells["light"] = Cell(words["light"], (ticket.pk, "light"), lamp=lamp)
    return Row(ticket, tuple(cells[head.key] for head in HEADS))
