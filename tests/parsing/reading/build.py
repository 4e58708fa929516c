"""Builds small files of every format, as bytes, with just what a test is about."""

import struct
import zipfile
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def archive(parts: dict[str, str | bytes]) -> bytes:
    """Return a zip archive."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def relations(**targets: str) -> str:
    """Return a part that refers to others, by kind."""
    each = "".join(
        f'<Relationship Id="{kind}" Type="{R}/{kind.rstrip("0123456789")}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}">{each}</Relationships>'


def paragraph(text: str, *, number: str = "", depth: int = 0, style: str = "") -> str:
    """Return a paragraph, with an automatic number if a numbering instance is named."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number:
        properties += f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    words = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{words}</w:p>"


def docx(body: str, *, numbering: str = "", styles: str = "") -> bytes:
    """Return a Word document with this XML as its body."""
    kinds = {"numbering": numbering, "styles": styles}
    parts = {
        f"word/{kind}.xml": f'<w:{kind} xmlns:w="{W}">{xml}</w:{kind}>'
        for kind, xml in kinds.items()
        if xml
    }
    return archive(
        {
            "_rels/.rels": relations(officeDocument="word/document.xml"),
            "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
            "word/_rels/document.xml.rels": relations(
                **{kind: f"{kind}.xml" for kind, xml in kinds.items() if xml}
            ),
            **parts,
        }
    )


def word_table(*rows: list[str]) -> str:
    """Return a table; ^ goes on with the cell above, and >2 text covers two columns."""
    xml = ""
    for n, row in enumerate(rows):
        cells = ""
        for column, cell in enumerate(row):
            properties, text = "", cell
            if text.startswith(">"):
                properties, text = f'<w:gridSpan w:val="{text[1]}"/>', text[2:]
            if text == "^":
                properties, text = properties + "<w:vMerge/>", ""
            elif n + 1 < len(rows) and column < len(rows[n + 1]) and rows[n + 1][column] == "^":
                properties += '<w:vMerge w:val="restart"/>'
            lines = "".join(paragraph(line) for line in text.split("\n"))
            cells += f"<w:tc><w:tcPr>{properties}</w:tcPr>{lines}</w:tc>"
        xml += f"<w:tr>{cells}</w:tr>"
    return f"<w:tbl>{xml}</w:tbl>"


def workbook(sheet: str, *, strings: list[str] = (), formats: list[str] = ()) -> bytes:
    """Return a workbook of one sheet with this XML; cell style n shows `formats[n]`."""
    shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
    codes = "".join(
        f'<numFmt numFmtId="{200 + n}" formatCode={quoteattr(code)}/>'
        for n, code in enumerate(formats)
    )
    styles = "".join(f'<xf numFmtId="{200 + n}"/>' for n in range(len(formats)))
    return archive(
        {
            "_rels/.rels": relations(officeDocument="xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets>'
            '<sheet name="台账" sheetId="1" r:id="worksheet1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": relations(
                worksheet1="worksheets/sheet1.xml",
                sharedStrings="sharedStrings.xml",
                styles="styles.xml",
            ),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}">{sheet}</worksheet>',
            "xl/sharedStrings.xml": f'<sst xmlns="{S}">{shared}</sst>',
            "xl/styles.xml": f'<styleSheet xmlns="{S}"><numFmts>{codes}</numFmts>'
            f"<cellXfs>{styles}</cellXfs></styleSheet>",
        }
    )


def pdf(*pages: bytes, trailer: bytes = b"", extra: list[bytes] = ()) -> bytes:
    """Return a PDF whose pages have these content streams; object 3 is the font F1 (Latin)."""
    count = len(pages)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>"
        % (count, b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(count))),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for n, content in enumerate(pages):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>/XObject<</I1 %d 0 R>>>>>>" % (5 + 2 * n, 4 + 2 * count)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    # Object 4 + 2 * count: a picture of one dot.
    objects.append(
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Length 1>>stream\n\x7f\nendstream"
    )
    objects += extra
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        start,
    )


def ole(*streams: str) -> bytes:
    """Return an OLE 2 container with (empty) streams of these names."""
    sector = 512
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * (sector - len(header) - 4)
    allocation = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE) + b"\xff" * (sector - 8)
    entries = b""
    for n, name in enumerate(("Root Entry", *streams)):
        encoded = name.encode("utf-16-le")
        following = n + 1 if 0 < n < len(streams) else 0xFFFFFFFF
        entries += encoded.ljust(64, b"\0") + struct.pack(
            "<HBB", len(encoded) + 2, 2 if n else 5, 1
        )
        entries += struct.pack("<III", 0xFFFFFFFF, following, 0xFFFFFFFF if n else 1)
        entries += bytes(36) + struct.pack("<IQ", 0xFFFFFFFE, 0)
    return header + allocation + entries.ljust(sector, b"\0")
