"""Word documents (.docx, .docm): paragraphs, automatic numbers, tables and boxes, in order.

Read as it would print with all changes accepted: insertions are in, deletions and hidden text
out. Headers, footers, notes, comments and the table of contents are no text of the bulletin.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from tracker.parsing.reading.archive import MAX_DEPTH, Archive, broken, too_deep
from tracker.parsing.reading.numbering import Numbering, W
from tracker.parsing.reading.source import Cell, Source, Writer, with_bold_opening

_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_BOX = f"{W}txbxContent"
_MAX_COLUMNS = 200
# Wrappers whose content counts as if they were not there.
_WRAPPERS = {
    f"{W}{name}"
    for name in (
        *("ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple"),
        *("dir", "bdo", "sdtContent", "ruby", "rubyBase"),
    )
}
_CHARACTERS = {
    W + "tab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}


def read_docx(archive: Archive) -> Source:
    """Return the text of a Word document."""
    main = next((path for _, kind, path in archive.relations("") if kind == "officeDocument"), "")
    root = archive.xml(main)
    parts = {kind: path for _, kind, path in archive.relations(main) if path in archive.names}
    body = root.find(f"{W}body")
    if body is None:
        raise broken()
    styles = _Styles(archive.xml(parts["styles"]) if "styles" in parts else None)
    numbering = Numbering(
        archive.xml(parts["numbering"]) if "numbering" in parts else None,
        {name: style.number for name, style in styles.named.items() if style.number},
    )
    writer = Writer()
    _Reader(writer, styles, numbering).blocks(body)
    return writer.source()


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    based_on: str
    number: str
    depth: int | None
    # Bold type, or a heading: both set a title off from its text.
    is_bold: bool


class _Styles:
    """The paragraph styles by their id, with the numbering each one brings along."""

    def __init__(self, root: etree._Element | None):
        self.named: dict[str, _Style] = {}
        self.default = ""
        for element in root.iterfind(f"{W}style") if root is not None else ():
            name = element.get(f"{W}styleId", "")
            properties = element.find(f"{W}pPr")
            number, depth = _number(properties)
            title = _value(element, "name").lower()
            bold = _is_on(element.find(f"{W}rPr/{W}b")) or title.startswith("heading ")
            self.named[name] = _Style(title, _value(element, "basedOn"), number, depth, bold)
            if element.get(f"{W}type") == "paragraph" and element.get(f"{W}default") in (
                "1",
                "true",
            ):
                self.default = name

    def chain(self, name: str) -> Iterator[tuple[str, _Style]]:
        """Yield a style and the ones it is based on; a chain that bites its tail ends there."""
        seen: set[str] = set()
        while name in self.named and name not in seen:
            seen.add(name)
            yield name, self.named[name]
            name = self.named[name].based_on


class _Reader:
    def __init__(self, writer: Writer, styles: _Styles, numbering: Numbering):
        self.writer = writer
        self.styles = styles
        self.numbering = numbering
        # Text of a paragraph whose end mark was deleted: it runs on into the next.
        self.carried = ""

    def blocks(self, parent: etree._Element, depth: int = 0) -> None:
        """Write the paragraphs and tables below an element."""
        for block in self.children(parent, depth):
            if block.tag == f"{W}p":
                for line in self.paragraph(block, depth):
                    self.writer.line(line)
            else:
                self.table(block, depth + 1)

    def children(self, parent: etree._Element, depth: int) -> Iterator[etree._Element]:
        """Yield the paragraphs and tables below an element, wrappers opened."""
        if depth > MAX_DEPTH:
            raise too_deep()
        for child in parent:
            if child.tag in (f"{W}p", f"{W}tbl"):
                yield child
            elif (inner := _unwrapped(child)) is not None:
                yield from self.children(inner, depth + 1)

    def paragraph(
        self, paragraph: etree._Element, depth: int, *, in_cell: bool = False
    ) -> Iterator[str]:
        """Yield the lines of a paragraph, then those of the text boxes anchored in it."""
        properties = paragraph.find(f"{W}pPr")
        style = _value(properties, "pStyle") or self.styles.default
        if any(found.name.startswith("toc ") for _, found in self.styles.chain(style)):
            return
        boxes: list[etree._Element] = []
        is_bold = any(found.is_bold for _, found in self.styles.chain(style))
        pieces = list(self.inline(paragraph, boxes, depth, is_bold))
        text = self.carried + "".join(words for words, _ in pieces).strip(" \t\n")
        if properties is not None and properties.find(f"{W}rPr/{W}del") is not None:
            self.carried = text
        else:
            number = self.number(properties, style)
            # A centred line is the title of the document, and a cell has no titles.
            if not (number or self.carried or in_cell or _is_centred(properties)):
                text = with_bold_opening(pieces).strip(" \t\n")
            self.carried = ""
            if text:
                yield number + text
        for box in boxes:
            for block in self.children(box, depth + 1):
                # A table in a box is read as the lines of its cells.
                for inner in block.iter(f"{W}p") if block.tag == f"{W}tbl" else (block,):
                    yield from self.paragraph(inner, depth + 1)

    def inline(
        self, parent: etree._Element, boxes: list[etree._Element], depth: int, is_bold: bool
    ) -> Iterator[tuple[str, bool]]:
        """Yield the text of a paragraph as (words, are they bold).

        The text boxes met go into `boxes`.
        """
        if depth > MAX_DEPTH:
            raise too_deep()
        for child in parent:
            if child.tag == f"{W}t":
                yield child.text or "", is_bold
            elif child.tag in _CHARACTERS:
                yield _CHARACTERS[child.tag], is_bold
            elif child.tag == f"{W}r":
                if not _is_on(child.find(f"{W}rPr/{W}vanish")):
                    bold = child.find(f"{W}rPr/{W}b")
                    own = is_bold if bold is None else _is_on(bold)
                    yield from self.inline(child, boxes, depth + 1, own)
            elif child.tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
                boxes += _outermost_boxes(child)
            elif (inner := _unwrapped(child)) is not None:
                yield from self.inline(inner, boxes, depth + 1, is_bold)

    def number(self, properties: etree._Element | None, style: str) -> str:
        """Return the automatic number of a paragraph, its own or the one of its style."""
        number, depth = _number(properties)
        if not number:
            for name, found in self.styles.chain(style):
                if found.number:
                    number = found.number
                    tied = self.numbering.depth_of_style(number, name)
                    depth = next(d for d in (depth, tied, found.depth, 0) if d is not None)
                    break
        return self.numbering.label(number, depth or 0) if number else ""

    def table(self, table: etree._Element, depth: int) -> None:
        """Write a table; one that only lays out the page is read as the text of its cells."""
        rows = [list(_cells(row)) for row in self.rows(table, depth)]
        nested = any(next(c.iter(f"{W}tbl"), None) is not None for row in rows for c in row)
        if nested or all(len(row) <= 1 for row in rows):
            for row in rows:
                for cell in row:
                    if _merged(cell) != "continue":
                        self.blocks(cell, depth + 1)
            return
        self.writer.table(self.grid(rows, depth))

    def rows(self, parent: etree._Element, depth: int) -> Iterator[etree._Element]:
        if depth > MAX_DEPTH:
            raise too_deep()
        for child in parent:
            if child.tag == f"{W}tr":
                if child.find(f"{W}trPr/{W}del") is None:
                    yield child
            elif (inner := _unwrapped(child)) is not None:
                yield from self.rows(inner, depth + 1)

    def grid(self, rows: list[list[etree._Element]], depth: int) -> list[Cell]:
        """Return the cells with their true columns, the ones merged downwards as one."""
        cells: list[Cell] = []
        above: dict[int, int] = {}
        for number, row in enumerate(rows):
            column = _grid_before(row)
            for element in row:
                across = _across(element)
                if column + across > _MAX_COLUMNS:
                    raise broken()
                index = above.get(column)
                if _merged(element) == "continue" and index is not None:
                    old = cells[index]
                    down = number - old.row + 1
                    cells[index] = Cell(old.row, old.column, down, old.columns, old.text)
                else:
                    text = "\n".join(
                        line
                        for block in self.children(element, depth)
                        for line in self.paragraph(block, depth, in_cell=True)
                    )
                    above.pop(column, None)
                    if _merged(element) == "restart":
                        above[column] = len(cells)
                    cells.append(Cell(number, column, 1, across, text))
                column += across
        return cells


def _unwrapped(element: etree._Element) -> etree._Element | None:
    """Return what holds the content of a wrapper, None if its content does not count."""
    if element.tag in _WRAPPERS:
        return element
    if element.tag == f"{W}sdt":
        gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        if gallery is not None and gallery.get(f"{W}val") == "Table of Contents":
            return None
        return element.find(f"{W}sdtContent")
    if element.tag == _ALTERNATE:
        # The same content twice, for newer and for older programs.
        return next(iter(element), None)
    return element if etree.QName(element).localname in ("Choice", "Fallback") else None


def _outermost_boxes(element: etree._Element) -> list[etree._Element]:
    found = list(element.iter(_BOX))
    return [box for box in found if next(box.iterancestors(_BOX, element.tag), None) is element]


def _is_centred(properties: etree._Element | None) -> bool:
    return _value(properties, "jc") == "center"


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif (inner := _unwrapped(child)) is not None:
            yield from inner.iterfind(f"{W}tc")


def _grid_before(row: list[etree._Element]) -> int:
    if not row:
        return 0
    before = next(row[0].iterancestors(f"{W}tr")).find(f"{W}trPr/{W}gridBefore")
    return _integer(before)


def _across(cell: etree._Element) -> int:
    return max(_integer(cell.find(f"{W}tcPr/{W}gridSpan")), 1)


def _merged(cell: etree._Element) -> str:
    """restart, continue, or "" for a cell that is not merged with the one above."""
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return "" if merge is None else merge.get(f"{W}val", "continue")


def _number(properties: etree._Element | None) -> tuple[str, int | None]:
    """Return numbering instance ("" for none) and level of paragraph properties."""
    found = None if properties is None else properties.find(f"{W}numPr")
    if found is None:
        return "", None
    depth = found.find(f"{W}ilvl")
    return _value(found, "numId"), None if depth is None else min(_integer(depth), 8)


def _value(element: etree._Element | None, name: str) -> str:
    child = None if element is None else element.find(f"{W}{name}")
    return "" if child is None else child.get(f"{W}val", "")


def _integer(element: etree._Element | None) -> int:
    value = "" if element is None else element.get(f"{W}val", "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 6 else 0


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and element.get(f"{W}val", "1") not in ("0", "false", "off")
