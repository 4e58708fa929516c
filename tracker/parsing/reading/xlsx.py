"""Workbooks (.xlsx, .xlsm): every visible sheet as one table, cells as a person would read them."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from tracker.parsing.reading.archive import Archive
from tracker.parsing.reading.source import Cell, Source, Writer
from tracker.parsing.records import BulletinUnreadable

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MAX_ROWS = 20_000
MAX_COLUMNS = 60
_MAX_SHEETS = 50
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})$")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a day of a sheet has no time zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_LAST_DAY = 2_958_465

# The cells of a sheet that hold text: row -> column -> text, both counted from 0.
Grid = dict[int, dict[int, str]]


def read_xlsx(archive: Archive) -> Source:
    """Return the sheets of a workbook; hidden sheets are left out, filtered rows are not."""
    main = next((path for _, kind, path in archive.relations("") if kind == "officeDocument"), "")
    book = archive.xml(main)
    targets = {name: (kind, path) for name, kind, path in archive.relations(main)}
    parts = {kind: path for kind, path in targets.values() if path in archive.names}
    settings = book.find(f"{_S}workbookPr")
    is_1904 = settings is not None and settings.get("date1904") in ("1", "true")
    values = _Values(
        list(_strings(archive.xml(parts["sharedStrings"]))) if "sharedStrings" in parts else [],
        list(_formats(archive.xml(parts["styles"]))) if "styles" in parts else [],
        _EPOCH_1904 if is_1904 else _EPOCH,
    )
    writer = Writer()
    for sheet in book.findall(f"{_S}sheets/{_S}sheet")[:_MAX_SHEETS]:
        _, path = targets.get(sheet.get(f"{_R}id", ""), ("", ""))
        if sheet.get("state", "visible") == "visible" and path in archive.names:
            root = archive.xml(path)
            if grid := _grid(root, values):
                writer.table(_cells(grid, root))
    return writer.source()


@dataclass(frozen=True, slots=True)
class _Values:
    """What cells refer to: shared strings, the number format of each style, the first day."""

    strings: list[str]
    formats: list[str]
    epoch: datetime

    def text(self, cell: etree._Element) -> str:
        """Return a cell as it is shown."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _joined(cell)
        value = (cell.findtext(f"{_S}v") or "").strip()
        if kind == "s":
            return self.strings[int(value)] if _is_index(value, self.strings) else ""
        if kind == "b":
            return {"1": "是", "0": "否"}.get(value, "")
        if kind == "e":
            return ""
        style = cell.get("s", "0")
        shown = self.formats[int(style)] if _is_index(style, self.formats) else ""
        return value if kind in ("str", "d") else self.number(value, shown)

    def number(self, value: str, shown: str) -> str:
        """Return a number as its format shows it: a day, a percentage, or plain."""
        try:
            number = float(value)
        except ValueError:
            return value
        if is_date_format(shown) and 1 <= number <= _LAST_DAY:
            day = self.epoch + timedelta(days=int(number))
            words = f"{day.year}年{day.month}月"
            return f"{words}{day.day}日" if "d" in shown.lower() else words
        if "%" in shown:
            return f"{number * 100:.6g}%"
        return f"{number:.12g}"


def _strings(root: etree._Element) -> Iterator[str]:
    for item in root.iterfind(f"{_S}si"):
        yield _joined(item)


def _joined(item: etree._Element) -> str:
    """Join the runs of a text; how its characters are pronounced is no part of it."""
    if item.tag == f"{_S}c":
        found = item.find(f"{_S}is")
        return "" if found is None else _joined(found)
    return "".join(
        text.text or ""
        for text in item.iter(f"{_S}t")
        if text.getparent() is not None and text.getparent().tag != f"{_S}rPh"
    )


def _formats(root: etree._Element) -> Iterator[str]:
    """Yield the number format of each cell style."""
    own = {f.get("numFmtId"): f.get("formatCode", "") for f in root.iter(f"{_S}numFmt")}
    for style in root.iterfind(f"{_S}cellXfs/{_S}xf"):
        name = style.get("numFmtId", "0")
        builtin = BUILTIN_FORMATS.get(int(name), "") if name.isdecimal() else ""
        # 27-36 and 50-58 are dates in a Chinese Excel; the list of the standard leaves them out.
        if name.isdecimal() and (27 <= int(name) <= 36 or 50 <= int(name) <= 58):
            builtin = "yyyy-mm-dd"
        yield own.get(name, builtin)


def _grid(root: etree._Element, values: _Values) -> Grid:
    grid: Grid = {}
    row = -1
    for element in root.iterfind(f"{_S}sheetData/{_S}row"):
        row = _index(element.get("r", ""), row + 1)
        column = -1
        for cell in element.iterfind(f"{_S}c"):
            place = _REFERENCE.match(cell.get("r", ""))
            column = _column(place[1]) if place else column + 1
            text = values.text(cell).strip()
            if not text:
                continue
            if row >= MAX_ROWS or column >= MAX_COLUMNS:
                raise BulletinUnreadable(
                    "too_large",
                    f"表格超过{MAX_ROWS}行或{MAX_COLUMNS}列，不是整改台账的规模。"
                    "请只留下整改台账那张表，另存后再导入。",
                )
            grid.setdefault(row, {})[column] = text
    return grid


def _cells(grid: Grid, root: etree._Element) -> Iterator[Cell]:
    """Yield the cells row by row, merged ranges as one; rows without any text are left out."""
    used = sorted(grid)
    covered: set[tuple[int, int]] = set()
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for merge in root.iterfind(f"{_S}mergeCells/{_S}mergeCell"):
        first, _, last = merge.get("ref", "").partition(":")
        start, end = _REFERENCE.match(first), _REFERENCE.match(last)
        if not start or not end:
            continue
        left, right = _column(start[1]), min(_column(end[1]), MAX_COLUMNS - 1)
        top = int(start[2]) - 1
        rows = used[bisect_left(used, top) : bisect_left(used, int(end[2]))]
        if len(covered) + len(rows) * (right - left + 1) > MAX_ROWS * MAX_COLUMNS:
            break
        if rows and rows[0] == top and left <= right:
            spans[top, left] = len(rows), right - left + 1
            covered.update((row, column) for row in rows for column in range(left, right + 1))
    for number, row in enumerate(used):
        for column in sorted(grid[row]):
            if (row, column) in spans or (row, column) not in covered:
                yield Cell(number, column, *spans.get((row, column), (1, 1)), grid[row][column])


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _index(number: str, default: int) -> int:
    return int(number) - 1 if re.fullmatch(r"[1-9]\d{0,6}", number, re.A) else default


def _is_index(number: str, items: list[str]) -> bool:
    return bool(re.fullmatch(r"\d{1,8}", number, re.A)) and int(number) < len(items)
