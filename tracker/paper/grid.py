"""A table as paper shows it: cells that span rows, whoever draws them. No HTML, no file format.

Neighbours of one column with the same `group` are one cell. A page that begins within such a
cell shows it again, with （续） where it is a heading.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.choices import Shape
from tracker.figures import Figures, Rate
from tracker.lights import Lamp
from tracker.models import Inspection, Ticket
from tracker.timeline import Bar, Timeline

CONTINUED = "（续）"
# How many Chinese characters a day written in figures takes, and the word of a light.
DAY, WORD = 5.7, 4
# The shapes of the lights in characters that every Chinese font has.
SHAPES = {
    Shape.SQUARE: "■",
    Shape.TRIANGLE: "▲",
    Shape.FLAG: "★",
    Shape.DIAMOND: "◆",
    Shape.HOURGLASS: "※",
    Shape.DISC: "●",
    Shape.RING: "○",
    Shape.LOOP: "∞",
    Shape.TICK: "√",
}
SIGNS = ("填报人：", "审核人：", "单位负责人：", "（盖章）", "　　　　年　　月　　日")


@dataclass(frozen=True, slots=True)
class Head:
    """One column: its width in millimetres where it stands on A3, and what stands above it.

    What is a heading of others says so when it continues; `edits` names the column of the
    exchange ledger that the cell may change.
    """

    key: str
    label: str
    width: int
    above: str = ""
    is_heading: bool = False
    is_centred: bool = False
    edits: str = ""
    # Where a cell is longer than its neighbours they begin beside it, as the days of a week do.
    is_top: bool = False
    is_date: bool = False
    # Characters that a line must hold; 0 where the kind of the column says how many.
    least: float = 0

    @property
    def fewest(self) -> float:
        """Characters that a line of it must hold, or it is spelt and not read."""
        if self.least:
            return self.least
        if self.is_date:
            return DAY
        if self.is_heading:
            return 5
        return 3 if self.is_centred else 8


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell says; `value` is what a workbook keeps instead of the words."""

    text: str
    group: Hashable
    columns: int = 1
    lamp: Lamp | None = None
    value: date | int | float | None = None
    # Drawn on the axis of the grid instead of the words.
    bar: Bar | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line; a cell is None where the one to its left reaches over it.

    A line of no single ticket, such as a week, must say its block.
    """

    ticket: Ticket | None
    cells: tuple[Cell | None, ...]
    # What stays on one page with its like, if it can; the rows of one ticket do so anyway.
    block: Hashable = None

    @property
    def together(self) -> Hashable:
        return self.block if self.block is not None else self.ticket.pk


@dataclass(frozen=True, slots=True)
class Span:
    """A cell as it is drawn: where it begins, how far it reaches."""

    row: int
    column: int
    rows: int
    columns: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class Grid:
    """All of a sheet of paper but its page ends."""

    title: str
    facts: list[str]
    heads: list[Head]
    rows: list[Row]
    legend: list[Lamp]
    as_of: date
    # Named again on every page, so that a loose one can be put back.
    counted: list[str] = field(default_factory=list)
    inspection: Inspection | None = None
    set_label: str = ""
    # Whose paper it is: who signs and seals it as an official document.
    issuer: str = ""
    # What is written by hand below, from left to right.
    signs: Sequence[str] = SIGNS
    # The time in which the bars of a chart stand.
    axis: Timeline | None = None
    # What the sheet of a workbook is called, if not 台账.
    tab: str = ""


def counted_in(figures: Figures, rate: Rate) -> list[str]:
    """The figures with the rule by which they were counted, word for word as on the page."""
    return [f"{figures}", f"{rate}"]


def spans(rows: Sequence[Row]) -> Iterator[Span]:
    """The cells to draw for these rows, column by column."""
    width = len(rows[0].cells) if rows else 0
    for column in range(width):
        row = 0
        while row < len(rows):
            cell = rows[row].cells[column]
            end = row + 1
            if cell is None:
                row = end
                continue
            while end < len(rows) and _same(cell, rows[end].cells[column]):
                end += 1
            yield Span(row, column, end - row, cell.columns, cell)
            row = end


def _same(cell: Cell, other: Cell | None) -> bool:
    return other is not None and other.group == cell.group and other.columns == cell.columns


def lamp_words(lamp: Lamp, word: str = "") -> str:
    """A light where no shape can be drawn: ■ 超期"""
    return f"{SHAPES[lamp.shape]} {word or lamp.word}"
