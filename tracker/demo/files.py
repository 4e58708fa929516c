"""Small invented files to serve as evidence in the demo: a document, a sheet, a picture."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image, ImageDraw


def made(name: str) -> SimpleUploadedFile:
    """A file whose content fits the extension of its name, and differs from every other's."""
    extension = name.rpartition(".")[2]
    return SimpleUploadedFile(name, {"pdf": _pdf, "xlsx": _sheet, "png": _picture}[extension](name))


def _pdf(name: str) -> bytes:
    """One page with a line in Latin letters: the standard fonts of a PDF know no others."""
    text = b"BT /F1 24 Tf 72 720 Td (Guatu demo: invented evidence) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n% " + name.encode().hex().encode() + b"\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )


def _sheet(name: str) -> bytes:
    book = Workbook()
    for row in (("演示材料", name), ("序号", "内容", "数量"), (1, "示例", 12), (2, "示例", 8)):
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _picture(name: str) -> bytes:
    """A road, a bridge and a sky: enough to tell one small picture from another."""
    shade = sum(name.encode()) % 60
    image = Image.new("RGB", (960, 720), (120 + shade, 170, 215))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 430, 960, 720), fill=(110, 130 + shade, 90))
    draw.polygon([(380, 720), (470, 430), (500, 430), (640, 720)], fill=(90, 92, 98))
    draw.rectangle((120, 400, 840, 440), fill=(160, 155 - shade, 140))
    for x in range(180, 840, 120):
        draw.rectangle((x, 440, x + 24, 560), fill=(140, 138, 130))
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
