"""责任 as a grid: the sheet of one leader, person or unit, every problem with its measures."""

from datetime import date

from tracker.dates import zh_date
from tracker.legends import Lamps
from tracker.lights import legend
from tracker.paper.grid import Cell, Grid, Head, Row, counted_in
from tracker.paper.heading import counted_words, marks_of
from tracker.paper.ledger import progress_words
from tracker.sheets import BY, Item, Sheet

HEADS = {
    "number": Head("number", "序号", 15, is_centred=True),
    "title": Head("title", "反馈问题", 46, is_heading=True),
    "measure": Head("measure", "整改措施", 74),
    "leader": Head("leader", "责任领导", 19, is_centred=True),
    "unit": Head("unit", "牵头单位", 24, is_centred=True),
    "person": Head("person", "责任人", 18, is_centred=True),
    "due": Head("due", "整改时限", 24, is_centred=True, is_date=True),
    "progress": Head("progress", "最新进展", 56),
    "light": Head("light", "亮灯", 22, is_centred=True),
}


def leader_grid(sheet: Sheet, *, by: str, whose: str, lamps: Lamps, rate, on: date) -> Grid:
    """One row for each measure; `by` is what the sheet is of, so that column is left out.

    What it counts is the whole sheet, of which paper may show only the first problems.
    """
    heads = [head for key, head in HEADS.items() if key != by]
    rounds = {item.ticket.round_key for item in sheet.items}
    own = lamps.by_round.get(rounds.pop(), lamps.shared) if len(rounds) == 1 else lamps.shared
    return Grid(
        title=f"{whose}整改责任清单",
        facts=[
            f"{BY[by]}：{whose}",
            "一个问题、一名领导、一抓到底",
            f"截至：{zh_date(on)}",
            counted_words(sheet.figures),
        ],
        heads=heads,
        rows=[row for item in sheet.items for row in _rows(item, heads, lamps)],
        legend=legend(own),
        as_of=on,
        counted=counted_in(sheet.figures, rate),
        set_label="责任清单",
        tab="责任清单",
    )


def _rows(item: Item, heads: list[Head], lamps: Lamps) -> list[Row]:
    ticket = item.ticket
    lamp = lamps.of(item.light, ticket.round_key)
    due = ticket.due_on.isoformat() if ticket.due_on else ""
    if ticket.due_on and ticket.due_was_moved:
        due = f"{due}\n原{ticket.original_due_on.isoformat()}"
    words = {
        "light": "\n".join([lamp.word, *marks_of(ticket)]),
        "number": ticket.printed_number or ticket.number,
        "title": ticket.title,
        "leader": ticket.leader_name,
        "unit": str(ticket.lead_unit),
        "person": ticket.person_name,
        "due": due,
        "progress": progress_words(ticket, ticket.latest_text or ""),
    }
    rows = []
    for n, measure in enumerate(item.measures or [None]):
        text = "通报没有列出"
        if measure:
            number = f"{measure.number}、" if measure.number else ""
            done = "（已完成）" if measure.done_on else ""
            text = f"{number}{measure.text}{done}"
        cells = {key: Cell(value, ("problem", ticket.pk)) for key, value in words.items()}
        cells["measure"] = Cell(text, (ticket.pk, n))
        cells["light"] = Cell(words["light"], ("problem", ticket.pk), lamp=lamp)
        rows.append(Row(ticket, tuple(cells[head.key] for head in heads)))
    return rows
