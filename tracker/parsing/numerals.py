"""Chinese numerals as bulletins print them: 三, 十二, 二十五, 一百一十二, ①, ㈠, 12, １２."""

import unicodedata

# Usable inside any pattern; four characters reach 九十九 with room for 一百零二.
CHINESE = r"[一二三四五六七八九十百零〇两]{1,5}"
# A count as text prints it, in either script.
COUNT = rf"(?:\d{{1,4}}|{CHINESE})"

_DIGITS = {ch: value for value, ch in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100}


def number_value(printed: str) -> int:
    """Return the integer that a printed number stands for.

    >>> [number_value(n) for n in ("十", "二十五", "一百一十二", "⑴", "１２", "㈡")]
    [10, 25, 112, 1, 12, 2]

    Raises ValueError if it is no number.
    """
    text = printed.strip()
    if text.isdecimal():
        return int(text)
    if len(text) == 1 and text not in _DIGITS and text not in _UNITS:
        return int(unicodedata.numeric(text))
    total = digit = 0
    for ch in text:
        if ch in _UNITS:
            total += (digit or 1) * _UNITS[ch]
            digit = 0
        elif ch in _DIGITS:
            digit = _DIGITS[ch]
        else:
            raise ValueError(f"not a number: {printed!r}")
    return total + digit
