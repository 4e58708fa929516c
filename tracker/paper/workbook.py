"""台账 as a workbook: merged cells, frozen head, A3 landscape, and what may be edited left open.

Each row carries the key and the version of its ticket in hidden columns, so that the file can
come back (`tracker.exchange`). Nothing in it is ever a formula.
"""

import io
from collections.abc import Sequence
from datetime import date, datetime, time

import xlsxwriter

from tracker.choices import Colour, Kind
from tracker.ledger import escaped
from tracker.paper.grid import Grid, Head, Span, lamp_words, spans
from tracker.paper.pages import A3_LANDSCAPE, heights, widths

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

SIGN = ("　" * 8).join(("填报人：", "审核人：", "单位负责人：", "（盖章）", "　　年　　月　　日"))
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


def workbook(grid: Grid, *, units: Sequence[str] = (), is_exchanged: bool = True) -> bytes:
    """Write a grid; `units` are the names that 牵头单位 may take.

    What is not exchanged carries no keys and no guide, and every cell is locked.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": grid.title, "created": datetime.combine(grid.as_of, time())})
    _Sheet(book, grid, units, is_exchanged).write()
    if is_exchanged:
        _guide(book, grid)
    book.close()
    return stream.getvalue()


class _Sheet:
    """The table itself, with what stands above and below it."""

    def __init__(self, book, grid: Grid, units: Sequence[str], is_exchanged: bool):
        self.book, self.grid, self.units = book, grid, units
        self.is_exchanged = is_exchanged
        self.sheet = book.add_worksheet(SHEET)
        self.formats: dict[tuple, object] = {}
        self.left = 2 if is_exchanged else 0
        self.head_row = 2
        self.first_row = 3

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
        else:
            self.sheet.write_string(row, column, escaped(words), look)

    def _above(self) -> None:
        width = len(self.grid.heads)
        title = self._format(
            font_name="方正小标宋简体", font_size=22, align="center", valign="vcenter"
        )
        self._put(0, self.left, 1, width, self.grid.title, title)
        facts = self._format(font_size=11, valign="vcenter")
        self._put(1, self.left, 1, width, "　　".join(self.grid.facts), facts)
        self.sheet.set_row_pixels(0, 48)
        look = self._format(
            font_name="黑体", align="center", valign="vcenter", border=1, bg_color=HEAD_GROUND
        )
        if self.is_exchanged:
            self.sheet.write_string(self.head_row, 0, ID, look)
            self.sheet.write_string(self.head_row, 1, VERSION, look)
        for column, head in enumerate(self.grid.heads, start=self.left):
            self.sheet.write_string(self.head_row, column, head.label, look)
        self.sheet.set_row_pixels(self.head_row, 32)

    def _table(self) -> None:
        key = self._format(font_color="#808080")
        if self.is_exchanged:
            for at, row in enumerate(self.grid.rows, start=self.first_row):
                self.sheet.write_string(at, 0, str(row.ticket.pk), key)
                self.sheet.write_string(at, 1, str(row.ticket.version), key)
        for span in spans(self.grid.rows):
            self._cell(span)
        across = widths(self.grid.heads, A3_LANDSCAPE)
        for at, height in enumerate(
            heights(self.grid.rows, self.grid.heads, A3_LANDSCAPE), start=self.first_row
        ):
            self.sheet.set_row(at, min(height, MOST_POINTS))
        for column, width in enumerate(across, start=self.left):
            self.sheet.set_column(column, column, width * CHARACTERS_PER_MM)

    def _cell(self, span: Span) -> None:
        cell, head = span.cell, self._head_of(span)
        is_open = self._is_open(span, head)
        look = {
            "border": 1,
            "valign": "vcenter",
            "align": "center" if head.is_centred else "left",
            "locked": not is_open,
            "bg_color": OPEN_GROUND if is_open or not self.is_exchanged else LOCKED_GROUND,
        }
        words = cell.text
        if cell.lamp:
            ink, ground = INK[Colour(cell.lamp.colour)]
            look |= {"font_color": ink, "bg_color": ground, "font_name": "黑体"}
            words = lamp_words(cell.lamp, cell.text)
        if cell.value or head.edits == "整改时限":
            look["num_format"] = "yyyy-mm-dd"
        row, column = self.first_row + span.row, self.left + span.column
        self._put(row, column, span.rows, span.columns, cell.value or words, self._format(**look))
        if is_open:
            self._validate(row, column, head)

    def _head_of(self, span: Span) -> Head:
        """The column that a cell belongs to: one that reaches over others is of the last."""
        return self.grid.heads[span.column + span.columns - 1]

    def _is_open(self, span: Span, head: Head) -> bool:
        return self.is_exchanged and bool(head.edits) and self.grid.rows[span.row].ticket.is_open

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
        row = self.first_row + len(self.grid.rows)
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
            self._put(row, self.left, 1, width, line, plain)
            row += 1
        self._put(row, self.left, 1, width, SIGN, self._format(font_size=12, valign="vcenter"))
        self.sheet.set_row_pixels(row, 40)
        self.last_row = row

    def _set_up(self) -> None:
        sheet = self.sheet
        last = self.left + len(self.grid.heads) - 1
        if self.is_exchanged:
            sheet.set_column(0, self.left - 1, 8, None, {"hidden": True})
        title = next((n for n, head in enumerate(self.grid.heads) if head.key == "title"), 0)
        sheet.freeze_panes(self.first_row, self.left + title + 1)
        sheet.set_paper(8)  # A3
        sheet.set_landscape()
        sheet.set_margins(left=0.6, right=0.6, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
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
    sheet.set_paper(9)
    sheet.protect()
