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
from docx.shared import Mm, Pt

from tracker.dates import zh_date
from tracker.lights import Lamp
from tracker.paper.grid import Grid, lamp_words
from tracker.paper.pages import SMALL, Paper, ems, fitted, paginate
from tracker.paper.word_table import add_style, filled_in, keep_place, word_table

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
    tables = _annex(book, grid)
    stream = io.BytesIO()
    book.save(stream)
    return filled_in(stream.getvalue(), tables)


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


def _annex(book: DocumentType, grid: Grid) -> list[str]:
    """The table, on sheets of its own that lie on their side: a part of it on each."""
    section = book.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(420), Mm(297)
    _margins(section, LEFT, RIGHT, Mm(15), Mm(15))
    section.footer_distance = Mm(14)
    # The lines of a table are closer than those of the text.
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    paper = fitted(grid.heads, ANNEX)
    add_style(book, paper, lambda style, size: _face(style, TEXT_FONT, size))
    tables: list[str] = []
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
        keep_place(book, len(tables))
        tables.append(word_table(grid.heads, page, paper, HEI))
        if grid.legend:
            _small(book, "图例：" + "　".join(_noted(lamp) for lamp in grid.legend))
        if grid.counted:
            _small(book, "　".join(f"{line}。" for line in grid.counted))
        _small(book, ("　" * 8).join(sign.strip("　") for sign in grid.signs), 12)
    return tables


def _noted(lamp: Lamp) -> str:
    return lamp_words(lamp) + (f"（{lamp.note}）" if lamp.note else "")


def _small(book: DocumentType, words: str, points: int = 11) -> None:
    paragraph = book.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(points + 5)
    paragraph.paragraph_format.space_before = Pt(points / 4)
    _run(paragraph, words, TEXT_FONT, Pt(points))


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
