"""What every reader hands on: the text of a document as lines, and where its tables stand in it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from tracker.parsing.records import BulletinUnreadable

# Hundreds of times the longest bulletin we know; a larger file is a mistake or an attack.
MAX_CHARACTERS = 8_000_000
MAX_CELLS = 200_000
# A paragraph that begins with an outline number.
NUMBERED = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}(?:、|方面|是|要)|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,3}(?:[.．](?!\d)|、)|[①-⑳⑴-⒇㈠-㈩]|【)"
)
_LONGEST_BOLD = 80
# Cells this short share a line with their neighbours; longer ones stand on lines of their own.
_SHORT_CELL = 30
# Control characters, half surrogate pairs and non-characters: no database column takes them.
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its place in the grid, the rows and columns it covers, its place in the text."""

    row: int
    column: int
    rows: int
    columns: int
    text: str
    start: int = 0

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of one table in reading order; a merged cell occurs once."""

    cells: tuple[Cell, ...]

    @property
    def width(self) -> int:
        return max((cell.column + cell.columns for cell in self.cells), default=0)

    @property
    def height(self) -> int:
        return max((cell.row + cell.rows for cell in self.cells), default=0)

    def grid(self) -> list[list[Cell | None]]:
        """Return rows of cells, a merged cell in every place that it covers."""
        rows: list[list[Cell | None]] = [[None] * self.width for _ in range(self.height)]
        for cell in self.cells:
            for row in rows[cell.row : cell.row + cell.rows]:
                row[cell.column : cell.column + cell.columns] = [cell] * cell.columns
        return rows


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a document with its newlines made "\\n".

    `unread` says in Chinese what of the file has no text that could be read (scanned pages).
    """

    text: str
    tables: tuple[Table, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(slots=True)
class Writer:
    """Collects the lines of a document and notes where each cell of a table went."""

    parts: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    length: int = 0
    cell_count: int = 0

    def line(self, text: str) -> None:
        """Add a paragraph; a newline inside it stays one."""
        self._write(clean(text) + "\n")

    def table(self, cells: Iterable[Cell]) -> None:
        """Add a table, row by row; the cells come in reading order."""
        written: list[Cell] = []
        row = -1
        before: str | None = None
        for cell in cells:
            self.cell_count += 1
            if self.cell_count > MAX_CELLS:
                raise BulletinUnreadable(
                    "too_large",
                    f"文件里的表格超过{MAX_CELLS}个单元格，不是整改台账的规模。"
                    "请只留下整改台账那张表，另存后再导入。",
                )
            text = clean(cell.text).strip()
            if cell.row != row and before is not None:
                self._write("\n")
                before = None
            row = cell.row
            if text:
                if before is not None:
                    self._write("\t" if _is_short(before) and _is_short(text) else "\n")
                before = text
            start = self.length
            if text:
                self._write(text)
            written.append(Cell(cell.row, cell.column, cell.rows, cell.columns, text, start))
        if before is not None:
            self._write("\n")
        if written:
            self.tables.append(Table(tuple(written)))

    def source(self, unread: Iterable[str] = ()) -> Source:
        """Return everything written so far."""
        return Source("".join(self.parts), tuple(self.tables), tuple(unread))

    def _write(self, text: str) -> None:
        self.length += len(text)
        if self.length > MAX_CHARACTERS:
            raise BulletinUnreadable(
                "too_large",
                f"文件里的文字超过{MAX_CHARACTERS // 10_000}万字，不像一份整改情况通报。"
                "请确认选对了文件，或拆成几份再导入。",
            )
        self.parts.append(text)


def with_bold_opening(pieces: Iterable[tuple[str, bool]]) -> str:
    """Return the text of a paragraph, with ** around bold words that open it like a title.

    Titles without a number are told from their text by nothing else. Pieces are (text, is bold).

    >>> with_bold_opening([("值班不严", True), ("。已整改。", False)])
    '**值班不严**。已整改。'
    """
    pieces = [(text, bold) for text, bold in pieces if text]
    opening = list(takewhile(lambda piece: piece[1] or not piece[0].strip(), pieces))
    words = "".join(text for text, _ in opening)
    rest = "".join(text for text, _ in pieces[len(opening) :])
    title = words.strip()
    if not 2 <= len(title) <= _LONGEST_BOLD or "\n" in title or NUMBERED.match(title):
        return words + rest
    before, after = words.split(title)[0], words[words.index(title) + len(title) :]
    return f"{before}**{title}**{after}{rest}"


def clean(text: str) -> str:
    """Return the text with "\\n" for every kind of newline and without unprintable characters.

    >>> clean("甲\\r\\n乙\\x0b丙\\x00丁")
    '甲\\n乙\\n丙丁'
    """
    text = re.sub("\r\n|[\r\x0b\x0c\x85\u2028\u2029]", "\n", text)
    return _UNPRINTABLE.sub("", text)


def filled(rows: Iterable[Iterable[tuple[int, int, str]]]) -> Iterator[Cell]:
    """Yield the cells of rows given as (rows covered, columns covered, text), as HTML gives them.

    A place that a cell above reaches down to is skipped, so that each cell gets its true column.
    """
    reaching: dict[int, int] = {}
    for number, row in enumerate(rows):
        column = 0
        for down, across, text in row:
            while reaching.get(column, 0) > number:
                column += 1
            yield Cell(number, column, down, across, text)
            if down > 1:
                reaching.update(dict.fromkeys(range(column, column + across), number + down))
            column += across


def _is_short(text: str) -> bool:
    return len(text) <= _SHORT_CELL and "\n" not in text
