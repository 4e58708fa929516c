"""看板 as a grid: on paper a column of cards is a list under the name of its stage."""

from collections.abc import Iterable

from tracker.choices import Light, Status
from tracker.legends import Lamps
from tracker.models import Ticket
from tracker.paper.grid import Cell, Head, Row
from tracker.paper.heading import marks_of
from tracker.statistics import STAGES

HEADS = [
    Head("stage", "环节", 26, is_heading=True, is_centred=True),
    Head("number", "编号", 26, is_centred=True),
    Head("title", "问题", 84, is_heading=True),
    Head("unit", "牵头单位", 34, is_centred=True),
    Head("person", "责任人", 20, is_centred=True),
    Head("due", "整改时限", 24, is_centred=True, is_date=True),
    Head("percent", "进度", 16, is_centred=True),
    Head("note", "说明", 52),
    Head("light", "亮灯", 22, is_centred=True),
]


def kanban_rows(tickets: Iterable[Ticket], lamps: Lamps) -> list[Row]:
    """Sort the cards into their stages; they must carry what `for_list` and `was_late` add."""
    by_stage: dict[str, list[Ticket]] = {stage.label: [] for stage in STAGES}
    stage_of = {status: stage.label for stage in STAGES for status in stage.statuses}
    for ticket in tickets:
        by_stage[stage_of[ticket.status]].append(ticket)
    return [
        _row(ticket, f"{label}\n{len(own)}项", lamps)
        for label, own in by_stage.items()
        for ticket in own
    ]


def _row(ticket: Ticket, stage: str, lamps: Lamps) -> Row:
    lamp = lamps.of(Light(ticket.light_on_day), ticket.round_key)
    words = {
        "number": ticket.number,
        "title": f"{ticket.printed_number}　{ticket.title}".strip(),
        "unit": str(ticket.lead_unit),
        "person": ticket.person_name,
        "due": ticket.due_on.isoformat() if ticket.due_on else "未定",
        "percent": _percent(ticket),
        "note": _note(ticket),
    }
    cells = {key: Cell(value, (ticket.pk, key)) for key, value in words.items()}
    cells["stage"] = Cell(stage, ("stage", stage))
    cells["light"] = Cell(lamp.word, (ticket.pk, "light"), lamp=lamp)
    return Row(ticket, tuple(cells[head.key] for head in HEADS))


def _percent(ticket: Ticket) -> str:
    return "" if ticket.latest_percent is None else f"{ticket.latest_percent}%"


def _note(ticket: Ticket) -> str:
    said = marks_of(ticket)
    if ticket.is_blocked:
        said.append(f"受阻：{ticket.blocked_reason}")
    if ticket.status == Status.RETURNED and getattr(ticket, "return_note", ""):
        said.append(f"退回：{ticket.return_note}")
    if ticket.closed_on:
        said.append(f"{ticket.closed_on.isoformat()}销号")
    return "；".join(said)
