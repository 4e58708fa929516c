"""A workbook as lines of the ledger, one for each ticket, with the place of every cell.

Both forms come back: the merged ledger of 台账, in which a problem has several rows, and the flat
one of the admin. What the program that saved it did to merged cells does not matter.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tracker.ledger import LedgerResource, words_in
from tracker.paper.workbook import END, ID
from tracker.parsing.reading.archive import Archive

# How the merged ledger words the headings of the flat one.
SAME = {"反馈问题": "问题", "完成状态": "状态"}
# What stands above the headings: a title and a line of facts.
LOOK_FOR_HEADINGS = 10
MOST_ROWS = 50_000


class WorkbookUnreadable(Exception):
    """Why nothing of a file can be taken, in words for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where: the cell, or the row where no single cell is to blame."""

    sheet: str
    row: int
    column: str
    heading: str
    words: str

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.column}{self.row}" if self.column else f"第{self.row}行"


@dataclass(slots=True)
class Line:
    """What a workbook says of one ticket; `columns` are the letters of its headings."""

    sheet: str
    row: int
    columns: dict[str, str]
    cells: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, heading: str, words: str, row: int | None = None) -> Fault:
        column = self.columns.get(heading, "")
        return Fault(self.sheet, row or self.row, column, heading if column else "", words)


def read(content: bytes) -> list[Line]:
    """Find the lines of a workbook. Raises WorkbookUnreadable."""
    try:
        Archive(content)
        book = openpyxl.load_workbook(io.BytesIO(content))
        formulas = _formulas(book)
        if formulas:
            book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    except Exception as error:  # whatever a broken file makes the reader stumble over
        raise WorkbookUnreadable(
            "这不是可以读取的 .xlsx 文件，或已损坏。请用 Excel 或 WPS 另存为 .xlsx 再上传。"
        ) from error
    lines: dict[Any, Line] = {}
    found = False
    for sheet in book.worksheets:
        if (head := _head_row(sheet)) is None:
            continue
        found = True
        if sheet.max_row > MOST_ROWS:
            raise WorkbookUnreadable(f"“{sheet.title}”超过{MOST_ROWS}行。")
        for line in _lines(sheet, head, formulas):
            key = words_in(line.cells[ID]) or (line.sheet, line.row)
            if key in lines:
                _join(lines[key], line)
            else:
                lines[key] = line
    if not found:
        raise WorkbookUnreadable(
            "文件里没有 id 列（导出时隐藏的列），不能确定是哪些问题。请用“导出Excel”得到的文件。"
        )
    return list(lines.values())


def _head_row(sheet: Worksheet) -> int | None:
    for row in sheet.iter_rows(max_row=LOOK_FOR_HEADINGS):
        if any(cell.value == ID for cell in row):
            return row[0].row
    return None


def _formulas(book: Workbook) -> set[tuple[str, int, int]]:
    """Where something is worked out; what came of it a program may have left out of the file."""
    return {
        (sheet.title, cell.row, cell.column)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def _lines(sheet: Worksheet, head: int, formulas: set) -> Iterator[Line]:
    headings = {
        cell.column: SAME.get(words_in(cell.value), words_in(cell.value))
        for cell in sheet[head]
        if words_in(cell.value)
    }
    columns = {heading: get_column_letter(at) for at, heading in headings.items()}
    spread = _spread(sheet)
    for cells in sheet.iter_rows(min_row=head + 1):
        row = cells[0].row
        said = {
            headings[cell.column]: spread.get((row, cell.column), cell.value)
            for cell in cells
            if cell.column in headings
        }
        key = words_in(said[ID])
        if key == END:
            return
        if key or any(words_in(value) for value in said.values()):
            line = Line(sheet.title, row, columns, said)
            line.faults += [
                line.fault(headings[cell.column], wrong)
                for cell in cells
                if headings.get(cell.column) in LedgerResource.EDITED
                and (wrong := _wrong(cell, formulas))
            ]
            yield line


def _wrong(cell: Cell | MergedCell, formulas: set) -> str:
    """Why a cell says nothing that could be taken, though something was typed."""
    if cell.data_type == "e":
        return f"公式出错（{cell.value}），请改成文字或日期。"
    is_formula = (cell.parent.title, cell.row, cell.column) in formulas
    return (
        "这一格是公式，文件里没有算出的结果，请改成文字或日期。"
        if is_formula and cell.value is None
        else ""
    )


def _spread(sheet: Worksheet) -> dict[tuple[int, int], Any]:
    """What stands in the first row of cells merged sideways: a title may take 大类's column."""
    spread = {}
    for span in sheet.merged_cells.ranges:
        if span.max_col > span.min_col:
            value = sheet.cell(span.min_row, span.min_col).value
            for column in range(span.min_col, span.max_col + 1):
                spread[span.min_row, column] = value
    return spread


def _join(line: Line, other: Line) -> None:
    """Another row of the same ticket: it may repeat the first, and fill what that leaves blank."""
    for heading in LedgerResource.EDITED:
        said, more = words_in(line.cells.get(heading)), words_in(other.cells.get(heading))
        if not more or more == said:
            continue
        if not said:
            line.cells[heading] = other.cells[heading]
            continue
        fault = other.fault(
            heading, f"同一个问题的几行写得不一样：“{said}”和“{more}”，请只留一种写法。"
        )
        # Said once, though a program may have filled every row of what was merged.
        if fault.words not in {one.words for one in line.faults}:
            line.faults.append(fault)
