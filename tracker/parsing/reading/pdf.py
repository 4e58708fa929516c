"""PDF files with a text layer: lines from the places of their characters, paragraphs from lines.

A PDF knows no paragraphs, only where each character is drawn. Lines that fill their width are
joined with the next, page numbers and running headers are dropped, and ruled tables are read cell
by cell. Coordinates are points (1/72 inch) from the upper left corner of the page as shown.
"""

import ctypes
import logging
import re
import statistics
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice, pairwise

import pdfplumber
import pypdfium2
import pypdfium2.raw as pdfium

from tracker.parsing.reading.source import MAX_CHARACTERS, NUMBERED, Cell, Source, Writer
from tracker.parsing.records import BulletinUnreadable

MAX_PAGES = 1_000
# A page with fewer characters that shows a picture was scanned.
_FEW_CHARACTERS = 10
# Pages with more lines than any table has are drawings; looking for cells in them takes for ever.
_MAX_RULES = 5_000
_SENTENCE_END = "。！？；：!?;:…"
_NEVER_FIRST = "，。、；：！？）》」』”’】〉…,.;:!?)%％"
# Alone on the first or last line of a page: its number, or the address that a browser prints.
_PAGE_LINE = re.compile(
    r"[\s\-—–―·~～_第]*\d{1,4}\s*页?\s*(?:[,，]?\s*[共/／of]{1,2}\s*第?\s*\d{1,4}\s*页?)?[\s\-—–―·~～_]*$"
    r"|(?:https?|file)://\S+(?:\s+\d+\s*/\s*\d+)?$"
)
# Some fonts map characters to the signs of the radical tables, which look the same; those that
# Unicode itself maps back (U+2F00 on) need no entry.
_RADICALS = str.maketrans(
    dict(
        zip(
            "⺟⺠⺢⺼⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
            "母民氵月虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
            strict=True,
        )
    )
)

# Broken fonts make it warn once for each character.
logging.getLogger("pdfminer").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class _Char:
    """One character: its left and right edge, its base line, its size."""

    text: str
    left: float
    right: float
    base: float
    size: float


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    left: float
    right: float
    base: float
    size: float


@dataclass(frozen=True, slots=True)
class _Box:
    """A cell or a whole table on its page."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, char: _Char) -> bool:
        return (
            self.left <= (char.left + char.right) / 2 <= self.right
            and self.top <= char.base - char.size / 3 <= self.bottom
        )


@dataclass(slots=True)
class _Grid:
    """A table: where it stands, its column edges and its cells."""

    box: _Box
    columns: list[float]
    cells: list[Cell]

    @property
    def height(self) -> int:
        return max((cell.row + cell.rows for cell in self.cells), default=0)


@dataclass(slots=True)
class _Page:
    width: float
    height: float
    lines: list[_Line]
    tables: list[_Grid]

    def items(self) -> list[_Line | _Grid]:
        """Return lines and tables from top to bottom."""
        places = [(line.base, line) for line in self.lines]
        places += [(table.box.top, table) for table in self.tables]
        return [item for _, item in sorted(places, key=lambda place: place[0])]


def read_pdf(content: bytes) -> Source:
    """Return the text of a PDF file.

    Raises BulletinUnreadable (encrypted, broken, too_large, scanned, undecodable).
    """
    document = _open(content)
    try:
        if len(document) > MAX_PAGES:
            raise BulletinUnreadable(
                "too_large",
                f"PDF 有{len(document)}页，超过上限{MAX_PAGES}页，不像一份整改情况通报。"
                "请只留下通报所在的几页，另存后再导入。",
            )
        pages, scanned = _pages(document, content)
    finally:
        document.close()
    pages = list(_without_running_lines(pages))
    writer = Writer()
    for item in _paragraphs(_with_whole_tables(pages), pages):
        if isinstance(item, str):
            writer.line(item)
        else:
            writer.table(item.cells)
    unread = []
    if scanned:
        numbers = "、".join(map(str, scanned[:20])) + ("等" if len(scanned) > 20 else "")
        unread.append(f"PDF 第{numbers}页是扫描的图片，没有文字，读不到其中的内容，请人工补录")
    return writer.source(unread)


def _open(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise BulletinUnreadable(
                "encrypted",
                "PDF 加了打开密码，读不出内容。请用密码打开，另存为不加密的 PDF 后再导入。",
            ) from error
        raise BulletinUnreadable(
            "broken", "PDF 已损坏，读不出内容。请重新下载，或用原来的 Word 文件（.docx）导入。"
        ) from error


def _pages(document: pypdfium2.PdfDocument, content: bytes) -> tuple[list[_Page], list[int]]:
    """Return the pages with text, and the numbers of those that are pictures."""
    pages: list[_Page] = []
    scanned: list[int] = []
    total = unmapped = 0
    plumber = None
    try:
        for number in range(len(document)):
            try:
                page = document[number]
            except pypdfium2.PdfiumError:
                continue
            chars, odd = _chars(page)
            total, unmapped = total + len(chars) + odd, unmapped + odd
            if total > MAX_CHARACTERS:
                raise BulletinUnreadable(
                    "too_large",
                    f"PDF 里的文字超过{MAX_CHARACTERS // 10_000}万字，不像一份整改情况通报。"
                    "请只留下通报所在的几页，另存后再导入。",
                )
            rules, pictures = _drawn(page)
            if len(chars) < _FEW_CHARACTERS and pictures:
                scanned.append(number + 1)
            tables = []
            if 4 <= rules <= _MAX_RULES and chars:
                if plumber is None:
                    plumber = _plumber(content)
                tables = list(_tables(plumber, number, chars))
            outside = [c for c in chars if not any(table.box.holds(c) for table in tables)]
            pages.append(_Page(*_shown_size(page), list(_lines(outside)), tables))
            page.close()
    finally:
        if plumber is not None:
            plumber.close()
    if scanned and total < _FEW_CHARACTERS * len(document):
        raise BulletinUnreadable(
            "scanned",
            "这是扫描的 PDF，只有图片、没有文字。请用原来的 Word 文件（另存为 .docx）导入，"
            "或先用文字识别软件转成带文字的 PDF。",
        )
    if total and unmapped > total * 0.3:
        raise BulletinUnreadable(
            "undecodable",
            "PDF 的字体没有带文字编码，读出来是乱码。请用原来的 Word 文件（另存为 .docx）导入。",
        )
    return pages, scanned


# -- characters and lines -------------------------------------------------------------------------


def _chars(page: pypdfium2.PdfPage) -> tuple[list[_Char], int]:
    """Return the characters of a page as shown, and how many have no readable code."""
    text = page.get_textpage()
    place = _shown(page)
    found: list[_Char] = []
    odd = 0
    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(min(pdfium.FPDFText_CountChars(text), MAX_CHARACTERS + 1)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        # pdfium makes up blanks and line ends of its own; where they belong is seen below.
        if code in (0x0A, 0x0D) or pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue
        if code < 0x20 or 0xD800 <= code <= 0xF8FF or code in (0xFFFD, 0xFFFE, 0xFFFF):
            odd += 1
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text, index, box):
            continue
        if not pdfium.FPDFText_GetCharOrigin(text, index, x, y):
            continue
        size = pdfium.FPDFText_GetFontSize(text, index)
        left, base = place(box.left, y.value)
        right, _ = place(box.right, y.value)
        if right < left:
            left, right = right, left
        shown = max(abs(box.top - box.bottom), 1.0)
        found.append(_Char(_usual(chr(code)), left, right, base, min(size or shown, shown, 200.0)))
    text.close()
    return found, odd


def _shown(page: pypdfium2.PdfPage):
    """Return the way from the page's own coordinates to those of the page as shown."""
    left, bottom, right, top = page.get_mediabox()
    turns = {
        0: lambda x, y: (x - left, top - y),
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }
    return turns.get(page.get_rotation(), turns[0])


def _shown_size(page: pypdfium2.PdfPage) -> tuple[float, float]:
    left, bottom, right, top = page.get_mediabox()
    size = right - left, top - bottom
    return size[::-1] if page.get_rotation() in (90, 270) else size


def _usual(char: str) -> str:
    """Return the usual character for a sign that only looks like it."""
    if "\u2e80" <= char <= "\u2fd5" or "\uf900" <= char <= "\ufaff":
        return unicodedata.normalize("NFKC", char.translate(_RADICALS))
    return char


def _lines(chars: Iterable[_Char]) -> Iterator[_Line]:
    """Yield the lines that the characters make, from top to bottom."""
    row: list[_Char] = []
    for char in sorted(chars, key=lambda char: (char.base, char.left)):
        if row and char.base - row[0].base > max(char.size, row[0].size) * 0.45:
            yield from _line(row)
            row = []
        row.append(char)
    if row:
        yield from _line(row)


def _line(row: list[_Char]) -> Iterator[_Line]:
    row = sorted(row, key=lambda char: char.left)
    text = row[0].text
    for before, char in pairwise(row):
        if char.text == before.text and abs(char.left - before.left) < char.size * 0.1:
            # Bold made by printing a character twice.
            continue
        gap = char.left - before.right
        ascii_words = before.text.isascii() and char.text.isascii()
        if gap > char.size * (0.25 if ascii_words else 1.5) and not text.endswith(" "):
            text += " "
        text += char.text
    if text.strip():
        ink = [char for char in row if char.text.strip()]
        size = statistics.median(char.size for char in ink)
        yield _Line(text.strip(), ink[0].left, ink[-1].right, ink[0].base, size)


# -- tables ---------------------------------------------------------------------------------------


def _drawn(page: pypdfium2.PdfPage) -> tuple[int, int]:
    """Return how many lines and boxes, and how many pictures a page shows."""
    rules = pictures = 0
    for item in islice(page.get_objects(max_depth=3), 50_000):
        rules += item.type == pdfium.FPDF_PAGEOBJ_PATH
        pictures += item.type == pdfium.FPDF_PAGEOBJ_IMAGE
    return rules, pictures


def _plumber(content: bytes) -> pdfplumber.PDF | None:
    try:
        return pdfplumber.open(BytesIO(content))
    except Exception:  # noqa: BLE001 - what it raises depends on what is broken
        # Its parser trips over files that pdfium mends; then their tables are read as lines.
        return None


def _tables(plumber: pdfplumber.PDF | None, number: int, chars: list[_Char]) -> Iterator[_Grid]:
    """Yield the ruled tables of a page that have columns; a frame around text is none."""
    try:
        page = plumber.pages[number]
        found = [(table.bbox, table.cells) for table in page.find_tables(_open_ends(page))]
        page.close()
    except Exception:  # noqa: BLE001 - as above
        return
    for bbox, boxes in found:
        columns = _edges(x for left, _, right, _ in boxes for x in (left, right))
        rows = _edges(y for _, top, _, bottom in boxes for y in (top, bottom))
        if len(columns) < 3 or len(rows) < 2:
            continue
        box = _Box(*bbox)
        inside = [char for char in chars if box.holds(char)]
        if inside:
            yield _Grid(box, columns, list(_cells(boxes, columns, rows, inside)))


def _open_ends(page: pdfplumber.page.Page) -> dict[str, list[float]]:
    """Return the rules to add where a table breaks off at the end of a page without one."""
    # Rules are often drawn as thin boxes; the short sides of those are no rules.
    across = [rule for rule in page.horizontal_edges if rule["width"] > 5]
    down = [rule for rule in page.vertical_edges if rule["height"] > 5]
    if not across or not down:
        return {}
    top, bottom = min(rule["top"] for rule in down), max(rule["bottom"] for rule in down)
    missing = []
    if top < min(rule["top"] for rule in across) - 3:
        missing.append(top)
    if bottom > max(rule["bottom"] for rule in across) + 3:
        missing.append(bottom)
    return {"explicit_horizontal_lines": missing} if missing else {}


def _edges(places: Iterable[float]) -> list[float]:
    """Return the places of the rules, those closer than three points taken as one."""
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > 3:
            edges.append(place)
    return edges


def _cells(
    boxes: list[tuple[float, float, float, float]],
    columns: list[float],
    rows: list[float],
    chars: list[_Char],
) -> Iterator[Cell]:
    filled: list[tuple[int, int, _Box, list[_Line]]] = []
    left_out = chars
    for left, top, right, bottom in boxes:
        box = _Box(left, top, right, bottom)
        inside = [char for char in left_out if box.holds(char)]
        left_out = [char for char in left_out if not box.holds(char)]
        filled.append((_edge(rows, top), _edge(columns, left), box, list(_lines(inside))))
    margins = [line.left - box.left for _, _, box, lines in filled for line in lines]
    margin = min(max(min(margins, default=0), 0), 8)
    for row, column, box, lines in sorted(filled, key=lambda cell: cell[:2]):
        down = max(_edge(rows, box.bottom) - row, 1)
        across = max(_edge(columns, box.right) - column, 1)
        width = box.right - box.left - 2 * margin
        yield Cell(row, column, down, across, _cell_text(lines, width))


def _edge(edges: list[float], place: float) -> int:
    return max(bisect_left(edges, place - 3), 0)


def _cell_text(lines: list[_Line], width: float) -> str:
    """Join the lines of a cell that were wrapped at its width."""
    text = ""
    for before, line in zip([None, *lines], lines, strict=False):
        if before is None:
            text = line.text
        elif _wrapped(before, line, width - (before.right - before.left)):
            text = _joined(text, line.text)
        else:
            text += "\n" + line.text
    return text


def _with_whole_tables(pages: list[_Page]) -> Iterator[tuple[int, _Line | _Grid]]:
    """Yield (page, item) in order; a table that goes on over the next page is one."""
    last: _Grid | None = None
    waiting: list[tuple[int, _Line | _Grid]] = []
    for number, page in enumerate(pages):
        for item in page.items():
            if isinstance(item, _Grid) and last is not None and _goes_on(last, item):
                _append(last, item)
                continue
            last = item if isinstance(item, _Grid) else None
            waiting.append((number, item))
    yield from waiting


def _goes_on(table: _Grid, below: _Grid) -> bool:
    return len(table.columns) == len(below.columns) and all(
        abs(a - b) <= 4 for a, b in zip(table.columns, below.columns, strict=True)
    )


def _append(table: _Grid, below: _Grid) -> None:
    """Add the rows of the next page; a row that the page break tore is made whole."""
    rows = _rows(below.cells)
    head = _rows(table.cells)
    repeated = 0
    while repeated < min(len(rows), 3, len(head)) and _texts(rows[repeated]) == _texts(
        head[repeated]
    ):
        repeated += 1
    rest = rows[repeated:]
    if not rest:
        return
    offset = table.height - repeated
    bottom = {
        column: index
        for index, cell in enumerate(table.cells)
        if cell.row + cell.rows == table.height
        for column in range(cell.column, cell.column + cell.columns)
    }
    if _is_torn(table, bottom, rest[0]):
        for cell in rest.pop(0):
            if cell.text and (index := bottom.get(cell.column)) is not None:
                above = table.cells[index]
                table.cells[index] = Cell(
                    above.row,
                    above.column,
                    above.rows,
                    above.columns,
                    _mended(above.text, cell.text),
                )
        offset -= 1
    table.cells += [
        Cell(cell.row + offset, cell.column, cell.rows, cell.columns, cell.text)
        for row in rest
        for cell in row
    ]


def _is_torn(table: _Grid, bottom: dict[int, int], row: list[Cell]) -> bool:
    """A torn row has no number of its own, and some cell of it goes on in mid-sentence."""
    if not row or (row[0].column == 0 and row[0].text):
        return False
    return any(
        cell.text
        and not NUMBERED.match(cell.text)
        and (index := bottom.get(cell.column)) is not None
        and table.cells[index].text[-1:] not in ("", *_SENTENCE_END)
        for cell in row
    )


def _mended(above: str, below: str) -> str:
    if not above or above[-1] in _SENTENCE_END or NUMBERED.match(below):
        return f"{above}\n{below}".strip("\n")
    return _joined(above, below)


def _rows(cells: list[Cell]) -> list[list[Cell]]:
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    return [rows.get(number, []) for number in range(max(rows, default=-1) + 1)]


def _texts(row: list[Cell]) -> list[str]:
    return [cell.text for cell in row]


# -- paragraphs -----------------------------------------------------------------------------------


def _without_running_lines(pages: list[_Page]) -> Iterator[_Page]:
    """Drop page numbers, and the headers and footers that most pages repeat."""
    outer = [list(_outer_lines(page)) for page in pages]
    seen = Counter(key for lines in outer for key in {key for _, key in lines})
    often = max(3, len(pages) * 0.5)
    for page, lines in zip(pages, outer, strict=True):
        dropped = {
            id(line) for line, key in lines if _PAGE_LINE.match(line.text) or seen[key] >= often
        }
        page.lines = [line for line in page.lines if id(line) not in dropped]
        yield page


def _outer_lines(page: _Page) -> Iterator[tuple[_Line, tuple[str, int]]]:
    """Yield the first and last two lines in the outer eighths of a page, each with a key.

    Equal keys mean that two pages repeat a line. Only the outermost ones may count pages.
    """
    edge = page.height / 8
    for line in dict.fromkeys([*page.lines[:2], *page.lines[-2:]]):
        if edge < line.base < page.height - edge:
            continue
        outermost = line in (page.lines[0], page.lines[-1])
        text = re.sub(r"\d+", "#", line.text) if outermost else line.text
        yield line, (text, round(line.base / 6))


def _paragraphs(
    items: Iterable[tuple[int, _Line | _Grid]], pages: list[_Page]
) -> Iterator[str | _Grid]:
    """Join the lines that were wrapped; everything else is a paragraph of its own."""
    left, right = _margins(pages)
    gap = _usual_gap(pages)
    text = ""
    before: tuple[int, _Line] | None = None
    for number, item in items:
        if isinstance(item, _Grid):
            if text:
                yield text
            text, before = "", None
            yield item
            continue
        if before and _continues(before, (number, item), left, right, gap):
            text = _joined(text, item.text)
        else:
            if text:
                yield text
            text = item.text
        before = number, item
    if text:
        yield text


def _margins(pages: list[_Page]) -> tuple[float, float]:
    """Return where most lines begin and where full lines end.

    A text of short lines only has no full ones: those reach well into the right half.
    """
    lines = [line for page in pages for line in page.lines]
    if not lines:
        return 0, 0
    ends = sorted(line.right for line in lines)
    starts = Counter(round(line.left) for line in lines)
    common = [place for place, count in starts.items() if count >= len(lines) * 0.1]
    left = min(common, default=min(starts))
    width = max(page.width for page in pages)
    return left, max(ends[int(len(ends) * 0.95)], (width - left) * 0.75)


def _usual_gap(pages: list[_Page]) -> float:
    """Return the distance from line to line inside paragraphs: the most common small one."""
    gaps = Counter(
        round(below.base - above.base) for page in pages for above, below in pairwise(page.lines)
    )
    return float(max(gaps, key=lambda gap: (gaps[gap], -gap), default=0))


def _continues(
    before: tuple[int, _Line], after: tuple[int, _Line], left: float, right: float, gap: float
) -> bool:
    (page, above), (next_page, line) = before, after
    if line.left > left + line.size * 1.2 or abs(above.size - line.size) > 0.15 * above.size:
        return False
    if page == next_page and gap and line.base - above.base > gap * 1.35:
        return False
    return _wrapped(above, line, right - above.right)


def _wrapped(above: _Line, line: _Line, room: float) -> bool:
    """Tell whether a line ends because its width ends: what follows would not have fit.

    `room` is what the line above left free, in points.
    """
    if NUMBERED.match(line.text) and above.text[-1] in _SENTENCE_END:
        return False
    return room < _first_word(line.text) * line.size + line.size * 0.4


def _first_word(text: str) -> float:
    """Return the width of what cannot be parted at the start of a line, in ems."""
    word = re.match(r"[!-~]+", text)
    width = len(word[0]) * 0.5 if word else 1.0
    rest = text[len(word[0]) if word else 1 :]
    return width + sum(1 for _ in re.match(f"[{re.escape(_NEVER_FIRST)}]*", rest)[0])


def _joined(text: str, line: str) -> str:
    """Join two lines, with a blank only between Latin words."""
    apart = re.search(r"[A-Za-z.,;:!?]$", text) and re.match(r"[A-Za-z]", line)
    return f"{text} {line}" if apart else text + line
