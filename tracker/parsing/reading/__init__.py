"""From bytes to text: one reader per kind of file, chosen by content, never by name."""

import re
from collections.abc import Callable

from tracker.parsing.reading import legacy, txt
from tracker.parsing.reading.archive import Archive
from tracker.parsing.reading.docx import read_docx
from tracker.parsing.reading.html import read_html, read_mht
from tracker.parsing.reading.pdf import read_pdf
from tracker.parsing.reading.source import MAX_CHARACTERS, Cell, Source, Table, clean
from tracker.parsing.reading.xlsx import read_xlsx
from tracker.parsing.records import BulletinUnreadable

__all__ = ["Cell", "Source", "Table", "read"]

MEGABYTE = 1024 * 1024

_HEAD = 4096
_HTML = re.compile(
    rb"^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|p|table|article|section|font|span)\b",
    re.I | re.S,
)
_MHT = re.compile(rb"^(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:mime-version|content-type):", re.I)


def _read_plain(content: bytes) -> Source:
    text = clean(txt.decode(content))
    if len(text) > MAX_CHARACTERS:
        raise BulletinUnreadable(
            "too_large",
            f"文件里的文字超过{MAX_CHARACTERS // 10_000}万字，不像一份整改情况通报。"
            "请确认选对了文件，或拆成几份再导入。",
        )
    return Source(text)


def _read_archive(content: bytes) -> Source:
    archive = Archive(content)
    if "word/document.xml" in archive.names or any(n.startswith("word/") for n in archive.names):
        return read_docx(archive)
    if any(name.startswith("xl/") for name in archive.names):
        return read_xlsx(archive)
    if "OFD.xml" in archive.names:
        raise _refused("OFD 版式文件", "用阅读器另存为 PDF，或用原来的 Word 文件")
    if "mimetype" in archive.names and b"opendocument" in archive.read("mimetype")[:100]:
        raise _refused("OpenDocument 文件（odt、ods）", "打开后另存为 .docx 或 .xlsx")
    raise _refused("压缩包", "解压后选择其中的通报文件")


def _refused(kind: str, remedy: str) -> BulletinUnreadable:
    return BulletinUnreadable("binary", f"这是{kind}，不能直接读取。请{remedy}，再导入。")


def _refuse(kind: str, remedy: str) -> Callable[[bytes], Source]:
    def reader(content: bytes) -> Source:
        raise _refused(kind, remedy)

    return reader


# How to recognise the content, and its reader. The first row that matches wins; whatever matches
# none is tried as plain text.
READERS: tuple[tuple[Callable[[bytes], object], Callable[[bytes], Source]], ...] = (
    (lambda content: b"%PDF-" in content[:1024], read_pdf),
    (lambda content: content.startswith((b"PK\x03\x04", b"PK\x05\x06")), _read_archive),
    (
        lambda content: content.startswith(b"{\\rtf"),
        _refuse("RTF 文件", "用 Word 或 WPS 打开，另存为 .docx"),
    ),
    (
        lambda content: b"<?mso-application" in content[:_HEAD],
        _refuse("Word 2003 的 XML 文件", "用 Word 或 WPS 打开，另存为 .docx"),
    ),
    (
        lambda content: content.startswith(
            (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*")
        ),
        _refuse("图片", "用带文字的原文件（.docx 或文字版 PDF），或用识别软件转成文字"),
    ),
    (lambda content: _HTML.match(content[:_HEAD].replace(b"\0", b"")), read_html),
    (
        lambda content: _MHT.match(content[:_HEAD]) and b"text/html" in content[: 4 * _HEAD],
        read_mht,
    ),
    (lambda content: True, _read_plain),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(content: bytes, *, max_bytes: int, converter: str = "") -> Source:
    """Return what a bulletin's file says.

    `converter` is the command that turns old office files into new ones, "" if there is none.
    Raises BulletinUnreadable (empty, too_large, binary, undecodable, legacy, encrypted, scanned,
    broken, hostile).
    """
    if len(content) > max_bytes:
        raise BulletinUnreadable(
            "too_large",
            f"文件有 {len(content) / MEGABYTE:.1f} MB，超过上限 {max_bytes / MEGABYTE:g} MB。"
            "请确认选对了文件；如确需导入，请联系管理员调整上限。",
        )
    if not content.strip():
        raise BulletinUnreadable("empty", "文件是空的，没有任何文字。请检查原文件后重新选择。")
    if content.startswith(_OLE):
        content = legacy.convert(content, converter)
    reader = next(reader for matches, reader in READERS if matches(content))
    source = reader(content)
    if not source.text.strip("\ufeff \n\t\u3000\xa0\x0c\x1a"):
        raise BulletinUnreadable("empty", "文件里只有空白，没有任何文字。请检查原文件后重新选择。")
    return source
