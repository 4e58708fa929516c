"""Plain text: UTF-8 or UTF-16 with or without a byte order mark, or GB18030."""

import codecs
from collections.abc import Iterator

from tracker.parsing.records import BulletinUnreadable

# Control characters that no text editor writes; tab, newlines, form feed and the DOS end-of-file
# mark are left out because old office files hold them.
_BINARY = bytes(set(range(32)) - {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A, 0x1B})
_SAMPLE = 20_000


def is_binary(content: bytes) -> bool:
    """Tell whether the first kilobytes hold control characters, which text never does."""
    head = content[:8192]
    return len(head.translate(None, _BINARY)) < len(head)


def decode(content: bytes) -> str:
    """Return the text of a .txt file.

    UTF-8 goes before GB18030 because GB18030 accepts almost any bytes. A file cut off inside its
    last character still reads as GB18030 in many cases; that is why the result must look Chinese.
    Raises BulletinUnreadable (binary, undecodable).
    """
    for text in _utf16(content):
        return text
    if is_binary(content):
        raise BulletinUnreadable(
            "binary",
            "文件不是纯文本（含有二进制内容）。请在 Word 或 WPS 中打开，另存为 .docx 后再导入。",
        )
    for encoding in ("utf-8-sig", "gb18030"):
        text = decoded(content, encoding)
        if text is not None and (encoding == "utf-8-sig" or looks_chinese(text)):
            return text
    raise BulletinUnreadable(
        "undecodable",
        "无法识别文件的文字编码（不是 UTF-8、UTF-16，也不是 GB18030）。"
        "请用记事本打开原文件，另存为时编码选择“UTF-8”。",
    )


def decoded(content: bytes, encoding: str) -> str | None:
    """Return the content in one encoding, None if it is not written in it."""
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def looks_chinese(text: str) -> bool:
    """Common ideographs and punctuation outweigh the rare ones that wrong decoding produces."""
    sample = text[:_SAMPLE]
    wide = sum(ch > "\x7f" for ch in sample)
    return _common(sample) >= wide * 0.9


def _utf16(content: bytes) -> Iterator[str]:
    """Yield the text if it is certain: nearly every character of it is Chinese or ASCII.

    Read in the wrong order of bytes, or read from a picture, most characters are rare ones.
    """
    encodings: tuple[str, ...] = ()
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)
    elif is_binary(content):
        encodings = ("utf-16-le", "utf-16-be")
    for encoding in encodings:
        text = decoded(content, encoding)
        sample = (text or "")[:_SAMPLE]
        common = _common(sample)
        printable = common + sum(" " <= ch <= "~" or ch in "\t\r\n\x0c" for ch in sample)
        if common and printable >= len(sample) * 0.97:
            yield text


def _common(sample: str) -> int:
    return sum(
        "\u4e00" <= ch <= "\u9fa5"
        or "\u3000" <= ch <= "\u303f"
        or "\uff00" <= ch <= "\uffef"
        or "\u2010" <= ch <= "\u2040"
        or ch in "\xa0·①②③④⑤⑥⑦⑧⑨⑩×℃"
        for ch in sample
    )
