"""Small files to upload, sound and hostile; everything in them is invented."""

import struct
import zipfile
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def pdf(mark: str = "") -> bytes:
    """A PDF that differs from others by its mark."""
    return PDF + f"% {mark}\n".encode()


def png(size: tuple[int, int] = (64, 48), colour: str = "#1F5EA8") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def jpeg(size: tuple[int, int] = (64, 48), exif: Image.Exif | None = None) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#15803D").save(out, "JPEG", exif=exif or Image.Exif())
    return out.getvalue()


def xlsx() -> bytes:
    out = BytesIO()
    book = Workbook()
    book.active.append(["序号", "隐患点", "已除险"])
    book.save(out)
    return out.getvalue()


def archive(*names: str, content: bytes = b"x", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name in names:
            made.writestr(name, content)
    return out.getvalue()


def docx(*more: str, content: bytes = b"<xml/>") -> bytes:
    """The skeleton of a Word file, with more parts where a test wants them."""
    return archive("[Content_Types].xml", "word/document.xml", *more, content=content)


def huge_png(width: int, height: int) -> bytes:
    """A few hundred bytes that claim to be a picture of any size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
