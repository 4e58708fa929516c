"""One sheet of a grid as a Word table, written as XML.

The library builds a table cell by cell and merges what it has built: some thousand rows take
minutes and a gigabyte that way. So it only keeps the place, and what it has saved is filled in. How
the words look, a paragraph style says once for all cells.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from lxml.etree import ProcessingInstruction

from tracker.choices import Colour
from tracker.paper.grid import Head, lamp_words
from tracker.paper.pages import Box, Label, Page, Paper, labels, widths
from tracker.paper.workbook import HEAD_GROUND, INK

STYLE = "Table Text"
_PLACE = re.compile(rb"<\?table (\d+)\?>")
# Twentieths of a point in a millimetre.
TWIPS = 1440 / 25.4
# What XML has no way to say.
_UNSAID = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A cell: the rows and columns it takes, and its words as XML."""

    words: str
    rows: int
    columns: int
    is_centred: bool
    ground: str = ""


def add_style(book: DocumentType, paper: Paper, face) -> None:
    """Add the style of the words in a table; `face` names its font and size."""
    style = book.styles.add_style(STYLE, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = book.styles["Normal"]
    face(style, Pt(paper.font))
    style.paragraph_format.line_spacing = Pt(paper.line)
    # No gap between Chinese and figures: 原2026-12-31 stands in one line.
    for at, name in enumerate(("autoSpaceDE", "autoSpaceDN")):
        gap = parse_xml(f'<w:{name} {nsdecls("w")} w:val="0"/>')
        style.element.get_or_add_pPr().insert(at, gap)


def word_table(heads: Sequence[Head], page: Page, paper: Paper, heading_font: str) -> str:
    """The `w:tbl` of a page: its head, which Word repeats, its rows, which it does not break."""
    across = [round(width * TWIPS) for width in widths(heads, paper)]
    head = [[_label(label, heading_font) for label in line] for line in labels(heads)]
    body = [[(box.column, _box(box, heading_font)) for box in line] for line in page.lines]
    rows = [*_rows(list(_placed(head)), across, is_head=True), *_rows(body, across)]
    beside = 40 if paper.is_small else 80
    room = (("top", 40), ("left", beside), ("bottom", 40), ("right", beside))
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(across)}" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        + "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in room)
        + '</w:tblCellMar><w:tblLook w:val="04A0"/></w:tblPr><w:tblGrid>'
        + "".join(f'<w:gridCol w:w="{width}"/>' for width in across)
        + f"</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def keep_place(book: DocumentType, number: int) -> None:
    """Mark where a table goes: after all that the document has so far."""
    book.element.body.sectPr.addprevious(ProcessingInstruction("table", str(number)))


def filled_in(saved: bytes, tables: Sequence[str]) -> bytes:
    """The document with these tables in the places that were kept for them."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved)) as half,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as whole,
    ):
        for part in half.infolist():
            content = half.read(part)
            if part.filename == "word/document.xml":
                content = _PLACE.sub(lambda place: tables[int(place[1])].encode(), content)
            whole.writestr(part, content)
    return stream.getvalue()


def _placed(head: list[list[Drawn]]) -> Iterator[list[tuple[int, Drawn]]]:
    """Tell of each label its column: those of the upper line may reach into the lower."""
    taken: set[tuple[int, int]] = set()
    for at, line in enumerate(head):
        placed, column = [], 0
        for label in line:
            while (at, column) in taken:
                column += 1
            taken |= {(at + down, column) for down in range(label.rows)}
            placed.append((column, label))
            column += label.columns
        yield placed


def _rows(
    lines: list[list[tuple[int, Drawn]]], across: Sequence[int], *, is_head: bool = False
) -> Iterator[str]:
    """The rows, in which a cell that reaches down is said again in each row, without words."""
    reaching: dict[int, tuple[Drawn, int]] = {}
    for line in lines:
        own, cells, column = dict(line), [], 0
        while column < len(across):
            if column in own:
                cell, left, merge = own[column], own[column].rows, "restart"
            else:
                (cell, left), merge = reaching.pop(column), "continue"
            if left > 1:
                reaching[column] = cell, left - 1
            width = sum(across[column : column + cell.columns])
            cells.append(_cell(cell, width, merge if cell.rows > 1 else ""))
            column += cell.columns
        repeated = '<w:tblHeader w:val="true"/>' if is_head else ""
        yield f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(cell: Drawn, width: int, merge: str) -> str:
    return (
        # Word goes by the widths of the cells, other programs by those of the columns.
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
        + (f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else "")
        + (f'<w:vMerge w:val="{merge}"/>' if merge else "")
        + (f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.ground}"/>' if cell.ground else "")
        + '<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="TableText"/>'
        + ('<w:jc w:val="center"/>' if cell.is_centred else "")
        + f"</w:pPr>{'' if merge == 'continue' else cell.words}</w:p></w:tc>"
    )


def _label(label: Label, face: str) -> Drawn:
    ground = HEAD_GROUND.removeprefix("#")
    return Drawn(_run(label.words, face), label.rows, label.columns, True, ground)


def _box(box: Box, heading_font: str) -> Drawn:
    drawn, head = box.cell, box.head
    words = lamp_words(drawn.lamp, drawn.text) if drawn.lamp else drawn.text
    colour = INK[Colour(drawn.lamp.colour)][0] if drawn.lamp else ""
    face = heading_font if head.is_heading and head.key != "title" else ""
    run = _run(words, face, colour.removeprefix("#"))
    return Drawn(run, box.rows, box.columns, head.is_centred)


def _run(words: str, face: str = "", colour: str = "") -> str:
    """Words in the font of the style or another, in lines."""
    if not words:
        return ""
    names = " ".join(f'w:{name}="{face}"' for name in ("ascii", "hAnsi", "eastAsia", "cs"))
    look = (f"<w:rFonts {names}/>" if face else "") + (
        f'<w:color w:val="{colour}"/>' if colour else ""
    )
    said = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>'
        for line in _UNSAID.sub("", words).split("\n")
    )
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{said}</w:r>"
