"""The rows that an import left out, each with its reasons, to be mended and sent again."""

import io
import math
from collections.abc import Sequence

import xlsxwriter

from tracker.exchange.taking import FileOutcome
from tracker.ledger import LedgerResource, escaped
from tracker.paper.workbook import ID, MOST_POINTS, SHEET, VERSION

HEADINGS = (ID, VERSION, *LedgerResource.READ, "为什么没有导入", "原文件", "原位置")
WIDTHS = {"问题": 40, "为什么没有导入": 60, "原文件": 24, "原位置": 16}


def returned_workbook(files: Sequence[FileOutcome]) -> bytes:
    """One row for each ticket: what was typed, the wrong cells in red.

    The rest of a row is as it is now, so that sending it again undoes nobody's change.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(SHEET)
    base = {"text_wrap": True, "valign": "top", "border": 1}
    plain, wrong = book.add_format(base), book.add_format({**base, "bg_color": "#FDECEA"})
    head = book.add_format({**base, "bold": True, "bg_color": "#EDEFF2"})
    for column, heading in enumerate(HEADINGS):
        sheet.write_string(0, column, heading, head)
        hidden = {"hidden": heading in (ID, VERSION)}
        sheet.set_column(column, column, WIDTHS.get(heading, 14), None, hidden)
    at = 1
    for file in files:
        for row in file.faulty:
            blamed = {fault.heading for fault in row.faults}
            # What a file left out of the columns of 台账, so that the row can be told apart.
            known = {"编号": row.ticket.number} if row.ticket else {}
            said = (
                known
                | {k: v for k, v in row.cells.items() if v}
                | {
                    "为什么没有导入": "\n".join(
                        f"{fault.heading}：{fault.words}" if fault.heading else fault.words
                        for fault in row.faults
                    ),
                    "原文件": file.name,
                    "原位置": f"{row.line.sheet} 第{row.line.row}行",
                }
            )
            for column, heading in enumerate(HEADINGS):
                words = escaped(str(said.get(heading, "")))
                sheet.write_string(at, column, words, wrong if heading in blamed else plain)
            longest = max(len(str(said.get(h, ""))) / w for h, w in WIDTHS.items())
            # Two characters wide each, and a line for every reason.
            tall = max(math.ceil(longest * 2), len(row.faults))
            sheet.set_row(at, min(15 * tall, MOST_POINTS))
            at += 1
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.close()
    return stream.getvalue()
