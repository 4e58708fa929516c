"""Reading bulletins: bytes and today's date in, frozen records and remarks out. No Django."""

from tracker.parsing.bulletin import parse
from tracker.parsing.records import (
    BulletinUnreadable,
    ParsedBulletin,
    ParsedMeasure,
    ParsedProblem,
    Remark,
    Span,
)

__all__ = [
    "BulletinUnreadable",
    "ParsedBulletin",
    "ParsedMeasure",
    "ParsedProblem",
    "Remark",
    "Span",
    "parse",
]
