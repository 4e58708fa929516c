"""Which files are taken as evidence: decided by their content, and the name must agree.

Documents and pictures in which offices keep proof, and nothing that runs: no archives (their
contents would be out of sight), no macros, no HTML. What one cannot open is refused now, because
in a year nobody can ask for it again.
"""

import re
import zipfile
import zlib
from io import BytesIO
from typing import BinaryIO

import olefile
from PIL import Image, ImageOps, UnidentifiedImageError

from tracker.choices import FileKind
from tracker.parsing.reading.archive import MAX_ENTRIES, MAX_RATIO, MAX_UNPACKED

MEGABYTE = 1024 * 1024
# A phone's best picture has fifty megapixels; decoded, they are 150 MB for a moment.
MAX_PIXELS = 60_000_000
THUMBNAIL = (320, 240)

# The extensions under which each kind is known: WPS writes the old formats under its own names.
EXTENSIONS: dict[FileKind, tuple[str, ...]] = {
    FileKind.PDF: ("pdf",),
    FileKind.OFD: ("ofd",),
    FileKind.DOCX: ("docx",),
    FileKind.XLSX: ("xlsx",),
    FileKind.PPTX: ("pptx",),
    FileKind.DOC: ("doc", "wps"),
    FileKind.XLS: ("xls", "et"),
    FileKind.PPT: ("ppt", "dps"),
    FileKind.PNG: ("png",),
    FileKind.JPEG: ("jpg", "jpeg"),
}
ALL_EXTENSIONS = tuple(each for names in EXTENSIONS.values() for each in names)
IN_WORDS = "PDF、OFD、Word、Excel、PPT（含WPS）和 PNG、JPG 图片"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = {
    "WordDocument": FileKind.DOC,
    "Workbook": FileKind.XLS,
    "Book": FileKind.XLS,
    "PowerPoint Document": FileKind.PPT,
}
_OFFICE_FOLDERS = {"word/": FileKind.DOCX, "xl/": FileKind.XLSX, "ppt/": FileKind.PPTX}
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    UnicodeError,
    ValueError,
)
_BROKEN_IMAGE = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, zlib.error)


class FileRefused(Exception):
    """This file is not taken; the message says in Chinese why, and what to do instead."""


def clean_name(name: str) -> str:
    """The last part of a file's name, without what no folder or header can hold.

    >>> clean_name("C:\\\\材料\\\\验收单\\r\\n.pdf")
    '验收单.pdf'
    >>> clean_name("../../.htaccess")
    'htaccess'
    """
    name = re.split(r"[/\\]", name)[-1]
    # Control characters, and those that turn the direction of writing and so hide an extension.
    name = re.sub(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", "", name)
    stem, dot, extension = name.strip(" .").rpartition(".")
    return f"{stem.strip()[:180]}{dot}{extension[:10]}" if dot else extension[:180]


def inspect(file: BinaryIO, name: str, *, max_bytes: int) -> FileKind:
    """Say what kind of file this is; raises FileRefused. The file is left at its start."""
    try:
        return _inspect(file, name, max_bytes)
    finally:
        file.seek(0)


def _inspect(file: BinaryIO, name: str, max_bytes: int) -> FileKind:
    size = file.seek(0, 2)
    file.seek(0)
    if not size:
        raise FileRefused("是空文件。")
    if size > max_bytes:
        raise FileRefused(
            f"有{size / MEGABYTE:.1f} MB，超过上限{max_bytes / MEGABYTE:g} MB。"
            "请压缩图片或拆成几份。"
        )
    kind = _kind_of(file)
    extension = name.rpartition(".")[2].lower()
    if extension not in EXTENSIONS[kind]:
        raise FileRefused(
            f"内容是{kind.label}，扩展名却是“.{extension[:10]}”。请用原来的文件，不要改扩展名。"
        )
    return kind


def _kind_of(file: BinaryIO) -> FileKind:
    head = file.read(1024)
    file.seek(0)
    if b"%PDF-" in head:
        return FileKind.PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_archive(file)
    if head.startswith(_OLE):
        return _kind_of_ole(file)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _kind_of_image(file, FileKind.PNG)
    if head.startswith(b"\xff\xd8\xff"):
        return _kind_of_image(file, FileKind.JPEG)
    if head.startswith((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")):
        raise FileRefused("是压缩包。请解压后逐份上传。")
    if head.startswith((b"MZ", b"\x7fELF", b"#!")):
        raise FileRefused("是程序，不能作为佐证材料。")
    if head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        raise FileRefused("是 HEIC 照片。请在手机上转成 JPG 再上传。")
    raise FileRefused(f"不是可以接收的类型。可以上传{IN_WORDS}。")


def _kind_of_archive(file: BinaryIO) -> FileKind:
    """Tell office files from other archives by what they hold, without unpacking anything."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except _BROKEN_ZIP as error:
        raise FileRefused("已损坏，打不开。请重新导出或另存后再上传。") from error
    if len(entries) > MAX_ENTRIES or sum(each.file_size for each in entries) > MAX_UNPACKED:
        raise FileRefused("解压后大得不正常，不予接收。请打开核对后另存。")
    if any(
        each.file_size > MEGABYTE and each.file_size > MAX_RATIO * max(each.compress_size, 1)
        for each in entries
    ):
        raise FileRefused("解压后大得不正常，不予接收。请打开核对后另存。")
    if any(each.flag_bits & 1 for each in entries):
        raise FileRefused("加了密码，审核人打不开。请去掉密码再上传。")
    names = {each.filename for each in entries}
    if "OFD.xml" in names:
        return FileKind.OFD
    if "[Content_Types].xml" not in names:
        raise FileRefused("是压缩包。请解压后逐份上传。")
    if any(each.lower().endswith("vbaproject.bin") for each in names):
        raise FileRefused("带有宏，不予接收。请另存为不含宏的文件，或导出 PDF。")
    for folder, kind in _OFFICE_FOLDERS.items():
        if any(each.startswith(folder) for each in names):
            return kind
    raise FileRefused(f"不是可以接收的类型。可以上传{IN_WORDS}。")


def _kind_of_ole(file: BinaryIO) -> FileKind:
    # olefile would take short bytes for the name of a file.
    content = file.read()
    try:
        with olefile.OleFileIO(BytesIO(content)) as ole:
            names = {"/".join(each) for each in ole.listdir(streams=True, storages=True)}
    except Exception as error:  # olefile raises whatever a broken file makes it stumble over
        raise FileRefused("已损坏，打不开。请重新另存后再上传。") from error
    if "EncryptedPackage" in names:
        raise FileRefused("加了密码，审核人打不开。请去掉密码再上传。")
    if any(each.split("/")[0] in ("Macros", "_VBA_PROJECT_CUR", "VBA") for each in names):
        raise FileRefused("带有宏，不予接收。请另存为不含宏的文件，或导出 PDF。")
    for stream, kind in _OLE_STREAMS.items():
        if stream in names:
            return kind
    raise FileRefused(f"不是可以接收的类型。可以上传{IN_WORDS}。")


def _kind_of_image(file: BinaryIO, kind: FileKind) -> FileKind:
    """Refuse a picture that is broken, or that would fill the memory when it is decoded."""
    try:
        draw_thumbnail(file)
    except Image.DecompressionBombError as error:
        raise FileRefused("图片的像素多得不正常，不予接收。请缩小后再上传。") from error
    except _BROKEN_IMAGE as error:
        raise FileRefused("图片已损坏，打不开。请重新导出后再上传。") from error
    return kind


def draw_thumbnail(file: BinaryIO) -> bytes:
    """A small JPEG of a picture, upright and without what a camera notes of place and owner.

    Raises FileRefused for one with too many pixels before any is decoded.
    """
    file.seek(0)
    with Image.open(file, formats=("PNG", "JPEG")) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise FileRefused(
                f"图片有{width}×{height}像素，超过{MAX_PIXELS // 1_000_000}百万像素的上限。"
                "请缩小后再上传。"
            )
        # For a JPEG this decodes an eighth of the pixels at best; a PNG ignores it.
        image.draft("RGB", (THUMBNAIL[0] * 2, THUMBNAIL[1] * 2))
        image.load()
        small = ImageOps.exif_transpose(image)
        small.thumbnail(THUMBNAIL)
        flat = Image.new("RGB", small.size, "white")
        small = small.convert("RGBA")
        flat.paste(small, mask=small)
    out = BytesIO()
    flat.save(out, "JPEG", quality=80)
    return out.getvalue()
