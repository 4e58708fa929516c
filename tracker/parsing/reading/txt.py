"""Plain text: UTF-8 with or without a byte order mark, or GB18030."""

from tracker.parsing.records import BulletinUnreadable

# Control characters that no text editor writes; tab, newlines, form feed and the DOS end-of-file
# mark are left out because old office files hold them.
_BINARY = bytes(set(range(32)) - {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A, 0x1B})


def is_binary(content: bytes) -> bool:
    """Tell whether the first kilobytes hold control characters, which text never does."""
    head = content[:8192]
    return len(head.translate(None, _BINARY)) < len(head)


def decode(content: bytes) -> str:
    """Return the text of a .txt file.

    UTF-8 goes first because GB18030 accepts almost any bytes. A file cut off inside its last
    character still reads as GB18030 in many cases; that is why the result must look Chinese.
    Raises BulletinUnreadable (binary, undecodable).
    """
    if is_binary(content):
        raise BulletinUnreadable(
            "binary",
            "文件不是纯文本（含有二进制内容）。请在 Word 或 WPS 中另存为“纯文本（.txt）”后再导入。",
        )
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8-sig" or _looks_chinese(text):
            return text
    raise BulletinUnreadable(
        "undecodable",
        "无法识别文件的文字编码（既不是 UTF-8，也不是 GB18030）。"
        "请用记事本打开原文件，另存为时编码选择“UTF-8”。",
    )


def _looks_chinese(text: str) -> bool:
    """Common ideographs and punctuation outweigh the rare ones that wrong decoding produces."""
    sample = text[:20000]
    wide = sum(ch > "\x7f" for ch in sample)
    common = sum(
        "\u4e00" <= ch <= "\u9fa5"
        or "\u3000" <= ch <= "\u303f"
        or "\uff00" <= ch <= "\uffef"
        or "\u2010" <= ch <= "\u2040"
        or ch in "·①②③④⑤⑥⑦⑧⑨⑩×℃"
        for ch in sample
    )
    return common >= wide * 0.9
