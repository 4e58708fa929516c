"""Where a page ends: a grid is dealt out to sheets of paper before a browser draws them.

A browser repeats a table's head, but it cannot say （续） in a cell that it cuts, and cuts it
wherever it likes. So the height of every row is worked out here, from the size of the type, and
a little more than needed is left free on each sheet.
"""

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from tracker.paper.grid import CONTINUED, Cell, Grid, Head, Row, Span, spans

MM = 72 / 25.4
# A half-width character is a little more than half as wide as a Chinese one.
HALF = 0.56


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet: millimetres, and the type in which the table is set, in points.

    `around` is what title, signatures and page number take of the height; what takes one line or
    several (facts, legend, figures) is measured for each grid.
    """

    name: str
    label: str
    width: float
    height: float
    around: float
    font: float = 10.5
    line: float = 15.0
    padding: float = 5.4
    sides: float = 9.0
    # Of the lines above and below the table.
    beside: float = 11.0
    # What is smaller where a table has many columns, and whether it is.
    small: tuple[tuple[str, float], ...] = ()
    is_small: bool = False
    # Millimetres that stand above the title of the first sheet only.
    first: float = 0


# Between the margins: 15 mm at the sides, 12 above and 10 below.
# 五号 on A3, and 小五 where many columns would be too narrow for it: no smaller than that.
SMALL = (("font", 9.0), ("line", 13.0), ("padding", 4.4), ("sides", 5.2), ("is_small", True))
A3_LANDSCAPE = Paper("a3", "A3横向", 390, 275, around=36, small=SMALL)
A4_LANDSCAPE = Paper(
    "a4", "A4横向", 267, 190, around=36, font=9, line=13, padding=4.4, sides=7, beside=10
)
# A bar with its nodes is drawn as high as on the screen.
BAR_HEIGHT = 27.0
# Millimetres of a light's shape, with the gap after it.
LAMP = 4.3


def room(grid: Grid, paper: Paper) -> float:
    """Points that are left for the rows of one page."""
    legend = [f"{lamp.word}：{lamp.note}" for lamp in grid.legend]
    if grid.axis:
        legend += ["反馈至时限，深色为已完成比例", "节点、措施时限", "原时限", "今天"]
    said = (grid.facts, ["图例：", *legend], grid.counted)
    beside = sum(_flowing(words, paper) * (paper.beside + 5) for words in said)
    return paper.height * MM - paper.around * MM - beside - head_height(grid.heads, paper)


def _flowing(words: Sequence[str], paper: Paper) -> int:
    """Lines of some phrases that stand one after the other, none of them broken if it can be."""
    width, count, at = paper.width * MM, 1, 0.0
    for phrase in words:
        # The gap, and the shape before a light.
        long = (ems(phrase) + 2.5) * paper.beside
        if at and at + long > width:
            count, at = count + 1, 0.0
        at += long
        count, at = count + int(at // width), at % width
    return count


def head_height(heads: Sequence[Head], paper: Paper) -> float:
    """Points of the table's head, in which long labels take several lines."""
    across = widths(heads, paper)
    most = max(lines(head.label, width, paper) for head, width in zip(heads, across, strict=True))
    is_double = any(head.above for head in heads)
    return (most + is_double) * paper.line + (1 + is_double) * 9 + 2


@dataclass(frozen=True, slots=True)
class Box:
    """A cell as a page draws it."""

    head: Head
    cell: Cell
    rows: int
    columns: int
    column: int


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one sheet, and the cells to draw in each of them."""

    number: int
    lines: list[list[Box]]


@dataclass(frozen=True, slots=True)
class Label:
    """One cell of a table's head, which has one line or two."""

    words: str
    rows: int = 1
    columns: int = 1
    key: str = ""


def labels(heads: Sequence[Head]) -> list[list[Label]]:
    """The lines of a table's head: what belongs together stands under one label."""
    if not any(head.above for head in heads):
        return [[Label(head.label, key=head.key) for head in heads]]
    upper, lower = [], []
    for above, group in groupby(heads, key=lambda head: head.above):
        members = list(group)
        if above:
            upper.append(Label(above, columns=len(members)))
            lower += [Label(head.label) for head in members]
        else:
            upper += [Label(head.label, rows=2) for head in members]
    return [upper, lower]


def widths(heads: Sequence[Head], paper: Paper) -> list[float]:
    """Millimetres of each column: as it wishes, stretched or narrowed to the width of the paper.

    What is narrowed keeps what it needs to be read; only what it wishes beyond that is cut, of
    all columns by the same share.
    """
    needs = [least(head, paper) for head in heads]
    wishes = [max(head.width, need) for head, need in zip(heads, needs, strict=True)]
    needed, wished = sum(needs), sum(wishes)
    if wished <= paper.width:
        return [wish * paper.width / wished for wish in wishes]
    if needed >= paper.width:
        return [need * paper.width / needed for need in needs]
    share = (paper.width - needed) / (wished - needed)
    return [need + (wish - need) * share for need, wish in zip(needs, wishes, strict=True)]


def least(head: Head, paper: Paper) -> float:
    """Millimetres that a column needs in this type; the shape of a light stands beside its word."""
    inside = head.fewest * paper.font + paper.sides
    return inside / MM + (LAMP if head.key == "light" else 0)


def fitted(heads: Sequence[Head], paper: Paper) -> Paper:
    """The same sheet in smaller type, where many columns could not be read in the usual one."""
    fits = sum(least(head, paper) for head in heads) <= paper.width
    return paper if fits or not paper.small else replace(paper, small=(), **dict(paper.small))


def heights(rows: Sequence[Row], heads: Sequence[Head], paper: Paper) -> list[float]:
    """Points of each row; what spans several and needs more than they have, the last one gets."""
    across = widths(heads, paper)
    tall = [paper.line + paper.padding] * len(rows)
    spanning = []
    for span in spans(rows):
        if span.rows == 1:
            tall[span.row] = max(tall[span.row], _height(span, across, paper))
        else:
            spanning.append(span)
    for span in sorted(spanning, key=lambda span: span.rows):
        last = span.row + span.rows
        lacking = _height(span, across, paper) - sum(tall[span.row : last])
        if lacking > 0:
            tall[last - 1] += lacking
    return tall


def _height(span: Span, across: Sequence[float], paper: Paper) -> float:
    words = _lines(span, across, paper) * paper.line + paper.padding
    return max(words, BAR_HEIGHT) if span.cell.bar else words


def _lines(span: Span, across: Sequence[float], paper: Paper) -> int:
    width = sum(across[span.column : span.column + span.columns])
    # Beside the words stands the shape of a light.
    return lines(span.cell.text, width - LAMP if span.cell.lamp else width, paper)


@lru_cache(maxsize=20_000)  # the same cell is measured for every place where a page may end
def lines(text: str, width: float, paper: Paper) -> int:
    """How many lines a text takes in a column of so many millimetres."""
    inside = max((width * MM - paper.sides) / paper.font, 1.6)
    return sum(_lines_of(ems(part), inside) for part in text.split("\n"))


def _lines_of(ems: float, inside: float) -> int:
    """A line may end a character early, so that no comma begins the next."""
    return 1 if ems <= inside else math.ceil(ems / (inside - 0.6))


def ems(text: str) -> float:
    wide = sum(unicodedata.east_asian_width(c) in "WFA" for c in text)
    return wide + (len(text) - wide) * HALF


def paginate(grid: Grid, paper: Paper) -> list[Page]:
    """Deal the rows out to pages. A problem stays together unless that leaves much of a page blank.

    Whatever goes on is said again at the top of the next page: a heading with （续）, a long text
    only where it stood first.
    """
    free = room(grid, paper)
    rows = list(_broken(grid, paper, free - paper.first * MM))
    pages: list[Page] = []
    start = 0
    while start < len(rows):
        before = rows[start - 1] if start else None
        end = _end_of_page(rows, start, grid, paper, free)
        pages.append(_page(len(pages) + 1, rows[start:end], before, grid))
        start = end
    return pages or [Page(1, [])]


def _end_of_page(rows: list[Row], start: int, grid: Grid, paper: Paper, free: float) -> int:
    """The first row that does not fit on the page which begins with `start`."""
    free -= 0 if start else paper.first * MM
    end = start + 1
    before = rows[start - 1] if start else None
    # Many short rows fit on a page, never more than this.
    most = start + int(free // (paper.line + paper.padding)) + 1
    while end < min(len(rows), most):
        part = _again(rows[start : end + 1], before, grid)
        if sum(heights(part, grid.heads, paper)) > free:
            break
        end += 1
    if end >= len(rows) or rows[end].together != rows[end - 1].together:
        return end
    # The page would end within a problem: it had better begin on the next one.
    begin = end
    while begin > start and rows[begin - 1].together == rows[end].together:
        begin -= 1
    if begin == start:
        return end
    kept = heights(_again(rows[start:begin], before, grid), grid.heads, paper)
    return begin if sum(kept) > free * 2 / 3 else end


def _again(rows: Sequence[Row], before: Row | None, grid: Grid) -> list[Row]:
    """The rows of a page, with the cells that come from the page before as they stand here."""
    if before is None:
        return list(rows)
    said: dict = {}
    for column, head in enumerate(grid.heads):
        cell, past = rows[0].cells[column], before.cells[column]
        if cell is not None and past is not None and cell.group == past.group:
            said[column, cell.group] = replace(cell, text=_words_again(cell, head, grid, column))
    return [
        replace(
            row,
            cells=tuple(
                said.get((column, cell.group), cell) if cell else None
                for column, cell in enumerate(row.cells)
            ),
        )
        for row in rows
    ]


def _words_again(cell: Cell, head: Head, grid: Grid, column: int) -> str:
    reach = grid.heads[column : column + cell.columns]
    if any(one.is_heading for one in reach):
        return f"{cell.text}{CONTINUED}"
    if len(cell.text) > 40 and not head.is_centred:
        return "（见上页）"
    return cell.text


def _page(number: int, rows: Sequence[Row], before: Row | None, grid: Grid) -> Page:
    table: list[list[Span]] = [[] for _ in rows]
    for span in spans(_again(rows, before, grid)):
        table[span.row].append(span)
    return Page(
        number,
        [
            [
                Box(
                    grid.heads[span.column + span.columns - 1],
                    span.cell,
                    span.rows,
                    span.columns,
                    span.column,
                )
                for span in sorted(line, key=lambda span: span.column)
            ]
            for line in table
        ],
    )


# -- texts that are taller than a page -----------------------------------------------------------


def _broken(grid: Grid, paper: Paper, free: float) -> Iterator[Row]:
    """Cut what no page could hold: such a text goes on in rows of its own below."""
    across = widths(grid.heads, paper)
    most = int((free / 2 - paper.padding) // paper.line)
    for _, block in groupby(grid.rows, key=lambda row: row.together):
        yield from _cut(list(block), grid, across, most, paper)


def _cut(block: list[Row], grid: Grid, across: list[float], most: int, paper: Paper) -> list[Row]:
    for column in range(len(grid.heads)):
        tall = [
            span
            for span in spans(block)
            if span.column == column and _lines(span, across, paper) > most
        ]
        # From below, so that the places of those above stay right.
        for span in reversed(tall):
            block = _cut_cell(block, span, sum(across[column : column + span.columns]), most, paper)
    return block


def _cut_cell(block: list[Row], span: Span, width: float, most: int, paper: Paper) -> list[Row]:
    parts = _parts(span.cell.text, width, most, paper)
    last = span.row + span.rows
    # As many rows as there are parts: the last one again, of which all other cells go on.
    spare = max(len(parts) - span.rows, 0)
    block = [*block[:last], *[block[last - 1]] * spare, *block[last:]]
    for at in range(span.row, last + spare):
        n = min(at - span.row, len(parts) - 1)
        cells = list(block[at].cells)
        cells[span.column] = replace(span.cell, text=parts[n], group=(span.cell.group, "part", n))
        block[at] = replace(block[at], cells=tuple(cells))
    return block


def _parts(text: str, width: float, most: int, paper: Paper) -> list[str]:
    """The text in pieces of at most so many lines."""
    parts, rest = [], text
    while lines(rest, width, paper) > most:
        low, high = 1, len(rest)
        while low < high:
            middle = (low + high + 1) // 2
            if lines(rest[:middle], width, paper) <= most:
                low = middle
            else:
                high = middle - 1
        parts.append(rest[:low])
        rest = rest[low:]
    return [*parts, rest]
