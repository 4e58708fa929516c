"""The clause around a find, so that a quoted word reads by itself."""

import re

from tracker.parsing.numerals import CHINESE

# 一是 numbers the measure and is no part of what it says.
_MARKER = re.compile(rf"(?:{CHINESE}[是要]|[①-⑳]|[（(]\d{{1,2}}[）)])[，,、]?\s?")
_BREAKS = "，,。；;：:！？\n"
_LONGEST = 120


def clause(text: str, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """Widen [start, end) to whole clauses within [low, high), at most 120 characters each way.

    A measure's 一是 at the beginning is left out, unless it is all there is.
    """
    low, high = max(low, start - _LONGEST), min(high, end + _LONGEST)
    while start > low and text[start - 1] not in _BREAKS:
        start -= 1
    while end < high and text[end] not in _BREAKS:
        end += 1
    while start < end and text[start] in _BREAKS + " \u3000":
        start += 1
    marker = _MARKER.match(text, start, end)
    return (marker.end() if marker and marker.end() < end else start), end
