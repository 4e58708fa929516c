"""责任交接单 as a grid: what is handed over, and the lines that both sides sign."""

from django.utils import timezone

from tracker.dates import zh_date
from tracker.models import Handover
from tracker.paper.grid import Cell, Grid, Head, Row

HEADS = [
    Head("order", "序号", 14, is_centred=True),
    Head("number", "编号", 30, is_centred=True),
    Head("title", "问题", 96, is_heading=True),
    Head("unit", "牵头单位", 36, is_centred=True),
    Head("as", "身份", 30, is_centred=True),
    Head("due", "时限", 26, is_centred=True),
    Head("status", "状态", 20, is_centred=True),
    Head("outcome", "交接结果", 50),
]
SIGNS = ("移交人：", "接收人：", "监交人：", "（盖章）", "　　　　年　　月　　日")


def handover_grid(handover: Handover) -> Grid:
    """Lay out the sheet; who has confirmed on the board stands above, the signatures below."""
    facts = [
        f"编号：{handover.number}",
        f"移交人：{_named(handover.giver)}（{_confirmed(handover.giver_confirmed_at)}）",
        f"接收人：{_named(handover.receiver)}（{_confirmed(handover.receiver_confirmed_at)}）",
        f"原因：{handover.reason}",
        f"发起：{handover.started_by}　{zh_date(timezone.localdate(handover.started_at))}",
        handover.get_status_display(),
    ]
    rows = [_row(n, ticket, items) for n, (ticket, items) in enumerate(handover.rows(), start=1)]
    return Grid(
        title="整改责任交接单",
        facts=facts,
        heads=HEADS,
        rows=rows,
        legend=[],
        as_of=timezone.localdate(handover.started_at),
        set_label="责任交接单",
        signs=SIGNS,
    )


def _named(person) -> str:
    return f"{person}　{person.title}" if person.title else str(person)


def _confirmed(at) -> str:
    return f"{zh_date(timezone.localdate(at))}确认" if at else "未确认"


def _row(order: int, ticket, items) -> Row:
    several = len(items) > 1
    words = {
        "order": str(order),
        "number": ticket.number,
        "title": ticket.title,
        "unit": str(ticket.lead_unit),
        "as": "、".join(item.label for item in items),
        "due": ticket.due_on.isoformat() if ticket.due_on else "未定",
        "status": ticket.get_status_display(),
        "outcome": "\n".join(_outcome(item, several) for item in items),
    }
    return Row(ticket, tuple(Cell(words[head.key], (order, head.key)) for head in HEADS))


def _outcome(item, several: bool) -> str:
    if not item.outcome:
        return "待确认"
    why = f"：{item.why}" if item.why else ""
    return f"{item.label if several else ''}{item.get_outcome_display()}{why}"
