"""Reading bulletins: bytes and today's date in, frozen records and remarks out. No Django."""

from datetime import date

from tracker.parsing.reading import read
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


def parse(
    content: bytes, *, name: str = "", today: date, max_bytes: int = 20 * 1024 * 1024
) -> ParsedBulletin:
    """Read one bulletin.

    `today` stands in for the year of a bulletin that prints no date of its own; `name` only
    appears in messages. Raises BulletinUnreadable when there is nothing to make a draft of.
    """
    read(content, max_bytes=max_bytes)
    raise BulletinUnreadable("no_problem", "没有找到反馈问题。")
