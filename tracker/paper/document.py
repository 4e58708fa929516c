"""台账 as a Word document in the layout of GB/T 9704: text on A4, the table as an annex on A3.

The numbers are those of the standard; fonts are named, never bundled, and each is named for
Chinese and for Latin, or Word takes its own for one of them. Word leaves a merged cell blank where
it goes on overleaf, so the annex is dealt out to sheets like a print: a table for each of them.
"""

import io
from collections.abc import Sequence
from datetime import datetime, time

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell

from tracker.choices import Colour
from tracker.dates import zh_date
from tracker.lights import Lamp
from tracker.paper.grid import Grid, lamp_words
from tracker.paper.pages import SMALL, Box, Page, Paper, ems, fitted, labels, paginate, widths
from tracker.paper.workbook import INK

TITLE_FONT, TEXT_FONT = "方正小标宋简体", "仿宋_GB2312"
HEI, KAI, SONG = "黑体", "楷体_GB2312", "宋体"
# 天头、地脚、订口、切口: 22 lines of 28 characters fill what they leave.
TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)
SIZE_2, SIZE_3, SIZE_4 = Pt(22), Pt(16), Pt(14)
# 225 mm in 22 lines; 29 points would leave room for 21 only.
LINE = Pt(28.9)
LINE_PITCH, CHARACTER_SPACE = 579, -849
# The grid of characters, said to each run as well: not every program can squeeze a grid.
TRACKING = Pt(-0.25)
# What the schema has after the properties that are added by hand.
_AFTER_SPACING = ("ind", "jc", "w", "kern", "position", "sz", "szCs", "lang")
_AFTER_GAPS = ("autoSpaceDN", "snapToGrid", "spacing", *_AFTER_SPACING)
# The sheet of the annex.
ANNEX = Paper("annex", "A3横向", 390, 243, around=24, padding=5.5, small=SMALL, first=20.5)
# A line of a title: 20 characters of 2号.
TITLE_LINE = 20


def document(grid: Grid) -> bytes:
    """Write the figures as text, and the grid as an annex with its head on every page."""
    book = Document()
    book.core_properties.title = grid.title
    book.core_properties.author = ""
    book.core_properties.created = datetime.combine(grid.as_of, time())
    _base_style(book)
    _text(book, grid)
    _annex(book, grid)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _base_style(book: DocumentType) -> None:
    style = book.styles["Normal"]
    _face(style, TEXT_FONT, SIZE_3)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = LINE
    for properties in (style.element.get_or_add_pPr(), style.element.get_or_add_rPr()):
        _add(properties, "snapToGrid", "0", before=("spacing", *_AFTER_SPACING))
    book.settings.odd_and_even_pages_header_footer = True


def _text(book: DocumentType, grid: Grid) -> None:
    section = book.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    _margins(section, TOP, BOTTOM, LEFT, RIGHT)
    _grid_of_characters(section)
    _page_numbers(section)
    title = book.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title, _in_lines(f"关于{grid.title}的说明"), TITLE_FONT, SIZE_2)
    book.add_paragraph()
    _heading(book, "一、基本情况")
    _indented(book, "；".join(grid.facts) + "。")
    _heading(book, "二、整改数据")
    for line in grid.counted:
        _indented(book, f"{line}。")
    book.add_paragraph()
    _indented(book, f"附件：{grid.title}")
    # The seal, as high as four lines, begins within one line of what stands above.
    book.add_paragraph()
    book.add_paragraph()
    day = zh_date(grid.as_of)
    # Right of the date of a sealed paper four characters stay free; who signs stands in its middle.
    signed_in = 4 + (ems(day) - ems(grid.issuer)) / 2
    for words, indent in ((grid.issuer, max(signed_in, 0)), (day, 4)):
        if words:
            line = book.add_paragraph()
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            line.paragraph_format.right_indent = int(SIZE_3 * indent)
            _run(line, words, TEXT_FONT, SIZE_3)
    # Who signs never stands on a page without any of the text.
    for line in book.paragraphs[-7:-1]:
        line.paragraph_format.keep_with_next = True


def _in_lines(title: str) -> str:
    """A title that is longer than a line is broken where its words allow, not where it is full."""
    at = title.rfind("整改")
    return f"{title[:at]}\n{title[at:]}" if at > 0 and ems(title) > TITLE_LINE else title


def _annex(book: DocumentType, grid: Grid) -> None:
    """The table, on sheets of its own that lie on their side."""
    section = book.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(420), Mm(297)
    _margins(section, LEFT, RIGHT, Mm(15), Mm(15))
    section.footer_distance = Mm(14)
    # The lines of a table are closer than those of the text.
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    paper = fitted(grid.heads, ANNEX)
    for page in paginate(grid, paper):
        title = book.add_paragraph()
        if page.number == 1:
            _run(title, "附件", HEI, SIZE_3)
            # The title of an annex stands in the third line.
            book.add_paragraph()
            title = book.add_paragraph()
        else:
            title.paragraph_format.page_break_before = True
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(title, grid.title, TITLE_FONT, SIZE_2)
        _small(book, "　　".join(grid.facts))
        _table(book, grid, page, paper)
        if grid.legend:
            _small(book, "图例：" + "　".join(_noted(lamp) for lamp in grid.legend))
        if grid.counted:
            _small(book, "　".join(f"{line}。" for line in grid.counted))
        _small(book, ("　" * 8).join(sign.strip("　") for sign in grid.signs), 12)


def _noted(lamp: Lamp) -> str:
    return lamp_words(lamp) + (f"（{lamp.note}）" if lamp.note else "")


def _small(book: DocumentType, words: str, points: int = 11) -> None:
    paragraph = book.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(points + 5)
    paragraph.paragraph_format.space_before = Pt(points / 4)
    _run(paragraph, words, TEXT_FONT, Pt(points))


def _table(book: DocumentType, grid: Grid, page: Page, paper: Paper) -> None:
    head = labels(grid.heads)
    table = book.add_table(rows=len(head) + len(page.lines), cols=len(grid.heads))
    table.style = "Table Grid"
    table.autofit = False
    _pad(table, paper)
    across = [Mm(width) for width in widths(grid.heads, paper)]
    for column, width in zip(table.columns, across, strict=True):
        column.width = width
    # Asked for once: each `table.cell` walks the whole table.
    cells = [list(row.cells) for row in table.rows]
    for line in cells:
        # Word goes by the widths of the cells, other programs by those of the columns.
        for cell, width in zip(line, across, strict=True):
            cell._tc.width = width
    _head(table, cells, head, paper)
    for top, line in enumerate(page.lines, start=len(head)):
        for box in line:
            _box(cells, top, box, paper)
    for row in table.rows:
        # A line of the table does not break over the end of a page.
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _pad(table: Table, paper: Paper) -> None:
    """Room around the words of every cell, in twentieths of a point."""
    margins = OxmlElement("w:tblCellMar")
    beside = "40" if paper.is_small else "80"
    # In the order of the schema.
    for side, room in (("top", "40"), ("left", beside), ("bottom", "40"), ("right", beside)):
        one = OxmlElement(f"w:{side}")
        one.set(qn("w:w"), room)
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    # The schema wants it before how the table looks.
    properties = table._tbl.tblPr
    properties.insert(list(properties).index(properties.find(qn("w:tblLook"))), margins)


def _box(cells: list[list[_Cell]], top: int, box: Box, paper: Paper) -> None:
    drawn, one = box.cell, box.head
    cell = _merged(cells, top, box.column, box.rows, box.columns)
    words = lamp_words(drawn.lamp, drawn.text) if drawn.lamp else drawn.text
    colour = INK[Colour(drawn.lamp.colour)][0] if drawn.lamp else ""
    face = HEI if one.is_heading and one.key != "title" else TEXT_FONT
    _fill(cell, words, face, paper, is_centred=one.is_centred, colour=colour)


def _head(table, cells: list[list[_Cell]], head: Sequence, paper: Paper) -> None:
    taken: set[tuple[int, int]] = set()
    for at, line in enumerate(head):
        column = 0
        for label in line:
            while (at, column) in taken:
                column += 1
            cell = _merged(cells, at, column, label.rows, label.columns)
            taken |= {
                (r, c)
                for r in range(at, at + label.rows)
                for c in range(column, column + label.columns)
            }
            _fill(cell, label.words, HEI, paper, is_centred=True)
            _shade(cell, "EDEFF2")
        _add(table.rows[at]._tr.get_or_add_trPr(), "tblHeader", "true")


def _merged(cells, row: int, column: int, rows: int, columns: int) -> _Cell:
    cell = cells[row][column]
    if rows > 1 or columns > 1:
        return cell.merge(cells[row + rows - 1][column + columns - 1])
    return cell


def _fill(
    cell: _Cell, words: str, face: str, paper: Paper, *, is_centred: bool, colour: str = ""
) -> None:
    paragraph = cell.paragraphs[0]
    for spare in cell.paragraphs[1:]:
        spare._p.getparent().remove(spare._p)
    paragraph.paragraph_format.line_spacing = Pt(paper.line)
    if is_centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = _run(paragraph, words, face, Pt(paper.font))
    # No gap between Chinese and figures: 原2026-12-31 stands in one line.
    for name in ("autoSpaceDE", "autoSpaceDN"):
        _add(paragraph._p.get_or_add_pPr(), name, "0", before=_AFTER_GAPS)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour.removeprefix("#"))
    _add(cell._tc.get_or_add_tcPr(), "vAlign", "center")


def _shade(cell: _Cell, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    properties = cell._tc.get_or_add_tcPr()
    # The schema wants it before the alignment.
    properties.insert(len(properties) - 1, shade)


def _margins(section: Section, top, bottom, left, right) -> None:
    section.top_margin, section.bottom_margin = top, bottom
    section.left_margin, section.right_margin = left, right


def _grid_of_characters(section: Section) -> None:
    """22 lines of 28 characters on a page."""
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    grid = OxmlElement("w:docGrid")
    for name, value in (
        ("type", "linesAndChars"),
        ("linePitch", LINE_PITCH),
        ("charSpace", CHARACTER_SPACE),
    ):
        grid.set(qn(f"w:{name}"), str(value))
    properties.append(grid)


def _page_numbers(section: Section) -> None:
    """— 1 — in 4号宋体, on the right of odd pages and on the left of even ones, one space in."""
    # The dashes are 7 mm below the text, which ends 35 mm above the edge, and half as high as
    # a line of no more than the figures.
    section.footer_distance = Mm(35 - 7 - 3)
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.right_indent = SIZE_4
        paragraph.paragraph_format.left_indent = SIZE_4
        paragraph.paragraph_format.line_spacing = SIZE_4
        _run(paragraph, "— ", SONG, SIZE_4)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        paragraph._p.append(field)
        number = _run(paragraph, "1", SONG, SIZE_4)
        field.append(number._r)
        _run(paragraph, " —", SONG, SIZE_4)


def _heading(book: DocumentType, words: str) -> None:
    paragraph = book.add_paragraph()
    paragraph.paragraph_format.first_line_indent = SIZE_3 * 2
    _tracked(_run(paragraph, words, HEI, SIZE_3))


def _indented(book: DocumentType, words: str) -> None:
    paragraph = book.add_paragraph()
    paragraph.paragraph_format.first_line_indent = SIZE_3 * 2
    _tracked(_run(paragraph, words, TEXT_FONT, SIZE_3))


def _tracked(run) -> None:
    """28 characters of this size fill a line."""
    _add(run._r.get_or_add_rPr(), "spacing", str(round(TRACKING.pt * 20)), before=_AFTER_SPACING)


def _run(paragraph, words: str, face: str, size):
    run = paragraph.add_run(words)
    _face(run, face, size)
    return run


def _add(properties, name: str, value: str, *, before: Sequence[str] = ()) -> None:
    """Add a property where the schema has it, or Word may refuse the file."""
    one = OxmlElement(f"w:{name}")
    one.set(qn("w:val"), value)
    properties.insert_element_before(one, *(f"w:{each}" for each in before))


def _face(styled, face: str, size) -> None:
    styled.font.name = face
    styled.font.size = size
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), face)
