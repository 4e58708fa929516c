"""日历 as a grid: a month on one sheet, a row for each week, every event in full."""

from tracker.agenda import KINDS, Day, Event, Month
from tracker.dates import zh_md
from tracker.legends import Lamps
from tracker.paper.grid import Cell, Head, Row, lamp_words

HEADS = [Head(name, f"周{name}", 38, is_top=True) for name in "一二三四五六日"]


def month_rows(month: Month, lamps: Lamps) -> list[Row]:
    """The weeks; a day without events is blank, to be written on."""
    return [
        Row(
            None,
            tuple(Cell(_words(day, lamps), ("day", day.on)) for day in week),
            block=("week", week[0].on),
        )
        for week in month.weeks
    ]


def _words(day: Day, lamps: Lamps) -> str:
    number = zh_md(day.on) if not day.is_of_month else f"{day.on.day}日"
    rest = "　班" if day.is_make_up else "" if day.is_workday else "　休"
    now = "　今天" if day.is_today else ""
    return "\n".join([f"{number}{rest}{now}", *(_line(event, lamps) for event in day.events)])


def _line(event: Event, lamps: Lamps) -> str:
    if event.kind == "due" and event.ticket is not None:
        lamp = lamps.of(event.light, event.ticket.round_key)
        return f"{lamp_words(lamp)}　{event.label}"
    return f"【{KINDS[event.kind]}】{event.label}"
