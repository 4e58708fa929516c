"""From bytes to text: one reader per kind of file, chosen by content, never by name."""

from collections.abc import Callable

from tracker.parsing.reading import txt
from tracker.parsing.records import BulletinUnreadable

MEGABYTE = 1024 * 1024

# (how to recognise the content, what the file is called, its reader or None if we refuse it).
# The first row that matches wins; whatever matches none is tried as plain text.
READERS: tuple[tuple[Callable[[bytes], bool], str, Callable[[bytes], str] | None], ...] = (
    (lambda content: content.startswith(b"%PDF-"), "PDF 文件", None),
    (
        lambda content: content.startswith(b"PK\x03\x04"),
        "压缩包或 docx、xlsx 文件",
        None,
    ),
    (
        lambda content: content.startswith(b"\xd0\xcf\x11\xe0"),
        "旧版 Office 文件（doc、wps、xls）",
        None,
    ),
    (lambda content: content.startswith(b"{\\rtf"), "RTF 文件", None),
    (lambda content: True, "纯文本", txt.decode),
)


def read(content: bytes, *, max_bytes: int) -> str:
    """Return the text of a bulletin, its newlines made "\\n".

    Raises BulletinUnreadable (empty, too_large, binary, undecodable).
    """
    if len(content) > max_bytes:
        raise BulletinUnreadable(
            "too_large",
            f"文件有 {len(content) / MEGABYTE:.1f} MB，超过上限 {max_bytes / MEGABYTE:g} MB。"
            "请确认选对了文件；如确需导入，请联系管理员调整上限。",
        )
    if not content.strip():
        raise BulletinUnreadable("empty", "文件是空的，没有任何文字。请检查原文件后重新选择。")
    kind, reader = next((kind, reader) for matches, kind, reader in READERS if matches(content))
    if reader is None:
        raise BulletinUnreadable(
            "binary",
            f"这是{kind}，目前只能导入纯文本。请打开后另存为“纯文本（.txt）”再导入。",
        )
    text = reader(content).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip("\ufeff \n\t\u3000\xa0\x0c\x1a"):
        raise BulletinUnreadable("empty", "文件里只有空白，没有任何文字。请检查原文件后重新选择。")
    return text
