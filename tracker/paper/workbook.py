"""Grids as workbooks: merged cells, frozen head, A3 landscape, and what may be edited left open.

Each row of a 台账 carries the key and the version of its ticket in hidden columns, so that the file
can come back (`tracker.exchange`); other tables only leave. Nothing is ever a formula.
"""

import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import BinaryIO

import xlsxwriter

from tracker.choices import Colour, Kind
from tracker.ledger import escaped
from tracker.models import Ticket
from tracker.paper.grid import Grid, Head, Row, Span, lamp_words, spans
from tracker.paper.pages import (
    A3_LANDSCAPE,
    A4_LANDSCAPE,
    MM,
    Paper,
    ems,
    head_height,
    heights,
    least,
    widths,
)

SHEET, GUIDE, LISTS = "台账", "填写说明", "选项"
# The hidden columns, and the mark below the last row of the table.
ID, VERSION, END = "id", "version", "end"
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)

INK = {
    Colour.RED: ("#B42318", "#FDECEA"),
    Colour.ORANGE: ("#9A3412", "#FFF0E6"),
    Colour.AMBER: ("#8A5A00", "#FFF4D6"),
    Colour.GREEN: ("#15803D", "#F0F9F3"),
    Colour.TEAL: ("#0B6A6A", "#E5F2F2"),
    Colour.BLUE: ("#1D4ED8", "#EAF0FE"),
    Colour.VIOLET: ("#6B3FA6", "#F3EDFA"),
    Colour.GREY: ("#4B5563", "#EEF0F3"),
}
LOCKED_GROUND, HEAD_GROUND, OPEN_GROUND = "#F2F4F7", "#EDEFF2", "#FFFFFF"
# Millimetres to what a spreadsheet counts: characters across, points down.
CHARACTERS_PER_MM, MOST_POINTS = 0.46, 409
# A table leaves room for its title and legend, in millimetres; so many rows stay on one sheet.
NARROWEST, MOST_ON_ONE = 190, 40
# What a spreadsheet calls these sheets.
A3, A4 = 8, 9

RULES = (
    "白底的格可以改，灰底的格锁定：改了也不会导入。",
    "改完保存，在“导回台账”上传；可以一次上传几个单位的文件，导入前逐格列出差异供核对。",
    "没有改过的格不起作用，空格不会清掉库中的内容；要清空请到问题页办理。",
    "“整改时限”写成 2026-12-31；“整改类型”“牵头单位”从下拉选项里选；配合单位有几个的，用“、”隔开。",
    "“责任领导”“责任人”写姓名；同名的按导入时的提示写明是哪一个。",
    "导出之后别人又改过的问题，这里改的不会覆盖，导入时会列出是谁、改成了什么。",
    "不要删除隐藏的列，不要增加行：台账不能新增问题。措施、进展、佐证、状态在问题页办理。",
    "已销号的问题已锁定，不能修改。",
)


def workbook(
    grid: Grid,
    *,
    units: Sequence[str] = (),
    tick: Callable[[float], None] = lambda share: None,
) -> bytes:
    """Write a 台账 to be filled in; `units` are the names that 牵头单位 may take.

    `tick` is called now and then with the share that is written; it may raise, to stop the work.
    """
    stream = io.BytesIO()
    book = _open(stream, grid, in_memory=True)
    sheet = _Sheet(book, grid, units, is_exchanged=True)
    sheet.tick = tick
    sheet.write()
    _guide(book, grid)
    book.close()
    return stream.getvalue()


def tables(grids: Sequence[Grid], *, tick: Callable[[float], None] = lambda share: None) -> bytes:
    """Write each grid on a sheet of its own, to be read and worked with, not to come back.

    `tick` is called with the share of each sheet that is written.
    """
    stream = io.BytesIO()
    book = _open(stream, grids[0], in_memory=True)
    for grid in grids:
        sheet = _Sheet(book, grid)
        sheet.tick = tick
        sheet.write()
    book.close()
    return stream.getvalue()


def long_table(stream: BinaryIO, grid: Grid, rows: Iterable[Row], folder: Path) -> int:
    """Write a grid with these rows instead of its own, however many; return how many they were.

    No cell may span rows. One row at a time is in memory; until the end, those before it lie in
    `folder`, which nobody else may read.
    """
    book = _open(stream, grid, constant_memory=True, tmpdir=str(folder))
    sheet = _LongSheet(book, grid)
    sheet.rows = rows
    sheet.write()
    book.close()
    return sheet.count


def _open(stream: BinaryIO, grid: Grid, **options) -> xlsxwriter.Workbook:
    off = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = xlsxwriter.Workbook(stream, options | off)
    book.set_properties({"title": grid.title, "created": datetime.combine(grid.as_of, time())})
    return book


class _Sheet:
    """The table itself, with what stands above and below it.

    From top to bottom, and of each row its height first: a long table lets go of a row as soon as
    the next begins.
    """

    def __init__(self, book, grid: Grid, units: Sequence[str] = (), is_exchanged: bool = False):
        self.book, self.grid, self.units = book, grid, units
        self.is_exchanged = is_exchanged
        self.sheet = book.add_worksheet(grid.tab or SHEET)
        self.formats: dict[tuple, object] = {}
        self.left = 2 if is_exchanged else 0
        self.head_row = 2
        self.first_row = 3
        self.count = len(grid.rows)
        self.has_merged = False
        self.tick: Callable[[float], None] = lambda share: None
        self.paper = self._paper()
        self.across = widths(grid.heads, self.paper)

    def _paper(self) -> Paper:
        """A 台账 fills a sheet of A3 if it can; of other tables the columns keep their widths.

        What is wider than the sheet then, the program that prints it makes smaller.
        """
        if self.is_exchanged:
            needed = sum(least(head, A3_LANDSCAPE) for head in self.grid.heads)
            return replace(A3_LANDSCAPE, width=max(needed, A3_LANDSCAPE.width))
        own = sum(head.width for head in self.grid.heads)
        return replace(A3_LANDSCAPE, width=max(own, NARROWEST))

    @property
    def is_small(self) -> bool:
        """Whether the table goes on a sheet of A4."""
        return self.paper.width <= A4_LANDSCAPE.width

    def write(self) -> None:
        self._above()
        self._table()
        self._below()
        self._set_up()

    def _format(self, **look):
        key = tuple(sorted(look.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(
                {"font_name": "仿宋_GB2312", "font_size": 10.5, "text_wrap": True, **look}
            )
        return self.formats[key]

    def _put(self, row: int, column: int, rows: int, columns: int, words, look) -> None:
        """Write a cell over so many rows and columns; a date stays a date."""
        if rows > 1 or columns > 1:
            self.sheet.merge_range(row, column, row + rows - 1, column + columns - 1, "", look)
        if isinstance(words, date):
            self.sheet.write_datetime(row, column, datetime.combine(words, time()), look)
        elif isinstance(words, int | float):
            self.sheet.write_number(row, column, words, look)
        else:
            self.sheet.write_string(row, column, escaped(words), look)

    def _above(self) -> None:
        width = len(self.grid.heads)
        title = self._format(
            font_name="方正小标宋简体", font_size=22, align="center", valign="vcenter"
        )
        self.sheet.set_row_pixels(0, 48)
        self._put(0, self.left, 1, width, self.grid.title, title)
        facts = self._format(font_size=11, valign="vcenter")
        self._tall_enough(1, "　　".join(self.grid.facts), 11)
        self._put(1, self.left, 1, width, "　　".join(self.grid.facts), facts)
        look = self._format(
            font_name="黑体", align="center", valign="vcenter", border=1, bg_color=HEAD_GROUND
        )
        if self.is_exchanged:
            self.sheet.write_string(self.head_row, 0, ID, look)
            self.sheet.write_string(self.head_row, 1, VERSION, look)
        for column, head in enumerate(self.grid.heads, start=self.left):
            self.sheet.write_string(self.head_row, column, head.label, look)
        in_one_line = [replace(head, above="") for head in self.grid.heads]
        self.sheet.set_row(self.head_row, max(head_height(in_one_line, self.paper), 24))

    def _tall_enough(self, row: int, words: str, size: float) -> None:
        """A program finds the height of a line by itself, but not where its cells are merged."""
        room = sum(self.across) * MM / size - 1
        lines = max(math.ceil(ems(words) / room), 1)
        self.sheet.set_row(row, min(lines * size * 1.5 + 3, MOST_POINTS))

    def _table(self) -> None:
        key = self._format(font_color="#808080")
        if self.is_exchanged:
            for at, row in enumerate(self.grid.rows, start=self.first_row):
                self.sheet.write_string(at, 0, str(row.ticket.pk), key)
                self.sheet.write_string(at, 1, str(row.ticket.version), key)
        column = 0
        for span in spans(self.grid.rows):
            if span.column > column:
                column = span.column
                self.tick(column / len(self.grid.heads))
            self.has_merged |= span.rows > 1
            self._cell(span, self.grid.rows[span.row].ticket)
        for at, height in enumerate(
            heights(self.grid.rows, self.grid.heads, self.paper), start=self.first_row
        ):
            self.sheet.set_row(at, min(height, MOST_POINTS))

    def _cell(self, span: Span, ticket: Ticket | None) -> None:
        cell, head = span.cell, self._head_of(span)
        is_open = bool(self.is_exchanged and head.edits and ticket and ticket.is_open)
        look = {
            "border": 1,
            # The middle of a heading may stand pages away from where it begins.
            "valign": "top" if span.rows > 1 and head.key in ("aspect", "category") else "vcenter",
            "align": "center" if head.is_centred else "left",
            "locked": not is_open,
            "bg_color": OPEN_GROUND if is_open or not self.is_exchanged else LOCKED_GROUND,
        }
        words = cell.text
        if cell.lamp:
            ink, ground = INK[Colour(cell.lamp.colour)]
            look |= {"font_color": ink, "bg_color": ground, "font_name": "黑体"}
            words = lamp_words(cell.lamp, cell.text)
        if isinstance(cell.value, date) or head.edits == "整改时限":
            look["num_format"] = "yyyy-mm-dd"
        if cell.value is not None:
            words = cell.value
        row, column = self.first_row + span.row, self.left + span.column
        self._put(row, column, span.rows, span.columns, words, self._format(**look))
        if is_open:
            self._validate(row, column, head)

    def _head_of(self, span: Span) -> Head:
        """The column that a cell belongs to: one that reaches over others is of the last."""
        return self.grid.heads[span.column + span.columns - 1]

    def _validate(self, row: int, column: int, head: Head) -> None:
        rules = {
            "整改时限": {
                "validate": "date",
                "criteria": "between",
                "minimum": FIRST_DAY,
                "maximum": LAST_DAY,
                "error_title": "不是日期",
                "error_message": "请写成 2026-12-31。",
            },
            "整改类型": {
                "validate": "list",
                "source": Kind.labels,
                "error_title": "没有这种类型",
                "error_message": f"可用：{'、'.join(Kind.labels)}。",
            },
            "问题": {
                "validate": "length",
                "criteria": "between",
                "minimum": 1,
                "maximum": 300,
                "error_title": "太长",
                "error_message": "不超过300字。",
            },
        }
        if self.units:
            rules["牵头单位"] = {
                "validate": "list",
                "source": f"={LISTS}!$A$1:$A${len(self.units)}",
                "error_title": "没有这个单位",
                "error_message": "请从下拉选项里选。",
            }
        if rule := rules.get(head.edits):
            self.sheet.data_validation(row, column, row, column, rule)

    def _below(self) -> None:
        row = self.first_row + self.count
        width = len(self.grid.heads)
        if self.is_exchanged:
            # The import stops reading here.
            self.sheet.write_string(row, 0, END, self._format(font_color="#808080"))
        plain = self._format(valign="vcenter")
        legend = "　".join(
            lamp_words(lamp) + (f"（{lamp.note}）" if lamp.note else "")
            for lamp in self.grid.legend
        )
        lines = [*(["图例：" + legend] if legend else []), *self.grid.counted]
        for line in lines:
            self._tall_enough(row, line, 10.5)
            self._put(row, self.left, 1, width, line, plain)
            row += 1
        if self.grid.signs:
            self.sheet.set_row_pixels(row, 40)
            # So far apart that all of it stays in one line.
            gap = "　" * max(1, min(8, int(self.paper.width / 25) - 3))
            look = self._format(font_size=12, valign="vcenter")
            self._put(row, self.left, 1, width, gap.join(self.grid.signs), look)
            row += 1
        self.last_row = row - 1

    def _set_up(self) -> None:
        sheet = self.sheet
        last = self.left + len(self.grid.heads) - 1
        if self.is_exchanged:
            sheet.set_column(0, self.left - 1, 8, None, {"hidden": True})
        for column, width in enumerate(self.across, start=self.left):
            sheet.set_column(column, column, width * CHARACTERS_PER_MM)
        title = next((n for n, head in enumerate(self.grid.heads) if head.key == "title"), 0)
        sheet.freeze_panes(self.first_row, self.left + title + 1)
        sheet.set_paper(A4 if self.is_small else A3)
        sheet.set_landscape()
        sheet.set_margins(left=0.6, right=0.6, top=0.5, bottom=0.6)
        # A small table is made a little smaller rather than be torn in two.
        sheet.fit_to_pages(1, int(self.is_small and self.count <= MOST_ON_ONE))
        sheet.repeat_rows(0, self.head_row)
        sheet.print_area(0, self.left, self.last_row, last)
        sheet.set_footer("&C第&P页　共&N页")
        sheet.center_horizontally()
        if self.is_exchanged:
            sheet.protect("", {"format_cells": True, "format_columns": True, "format_rows": True})
            if self.units:
                lists = self.book.add_worksheet(LISTS)
                lists.write_column(0, 0, [escaped(name) for name in self.units])
                lists.hide()
        elif self.count and not self.has_merged:
            sheet.autofilter(self.head_row, self.left, self.first_row + self.count - 1, last)


class _LongSheet(_Sheet):
    """A table whose rows are written as they come, and not kept."""

    rows: Iterable[Row]

    def _table(self) -> None:
        self.count = 0
        for row in self.rows:
            at = self.first_row + self.count
            height = heights([row], self.grid.heads, self.paper)[0]
            self.sheet.set_row(at, min(height, MOST_POINTS))
            for column, cell in enumerate(row.cells):
                if cell is not None:
                    self._cell(Span(self.count, column, 1, cell.columns, cell), row.ticket)
            self.count += 1


def _guide(book, grid: Grid) -> None:
    sheet = book.add_worksheet(GUIDE)
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 110)
    head = book.add_format({"font_name": "黑体", "font_size": 16})
    text = book.add_format({"font_name": "仿宋_GB2312", "font_size": 12, "text_wrap": True})
    sheet.write_string(0, 0, GUIDE, head)
    for number, rule in enumerate(RULES, start=1):
        sheet.write_string(number, 0, f"{number}.", text)
        sheet.write_string(number, 1, rule, text)
    at = len(RULES) + 2
    for line in (grid.title, f"列：{grid.set_label}", *grid.facts, *grid.counted):
        sheet.write_string(at, 1, escaped(line), text)
        at += 1
    sheet.set_paper(A4)
    sheet.protect()
