"""What the page of a whole bulletin shows: its lines, where each problem begins, the remarks."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.models import Bulletin, Ticket
from tracker.source_text import Mark, SourceLine, find, source_lines


@dataclass(frozen=True, slots=True)
class BulletinLine:
    """One line with the tickets that begin on it; a heading stands above problems."""

    line: SourceLine
    is_heading: bool
    tickets: tuple[Ticket, ...]


def bulletin_lines(bulletin: Bulletin, tickets: Iterable[Ticket]) -> list[BulletinLine]:
    """The whole text, titles and claims of these tickets marked."""
    placed = [ticket for ticket in tickets if ticket.source_start is not None]
    headings = [heading["span"] for heading in bulletin.read.get("headings", [])]
    lines = source_lines(bulletin.text, marks=_marks(bulletin.text, placed))
    return [
        BulletinLine(
            line,
            any(start < line.end and end > line.start for start, end in headings),
            tuple(t for t in placed if line.start <= t.source_start < line.end),
        )
        for line in lines
    ]


def _marks(text: str, tickets: list[Ticket]) -> list[Mark]:
    marks = []
    for ticket in tickets:
        place = ticket.source_start, ticket.source_end
        marks += find(text, ticket.title, *place, "k")
        marks += find(text, ticket.claim_quote, *place, "claim")
    return marks


@dataclass(frozen=True, slots=True)
class PlacedRemark:
    """A remark of the reader with the line it speaks of, or none for the whole bulletin."""

    message: str
    line: int | None
    is_must: bool


def remarks(bulletin: Bulletin) -> list[PlacedRemark]:
    """What the reader was unsure of when the bulletin was imported."""
    return [
        PlacedRemark(
            message=remark["message"],
            line=bulletin.text.count("\n", 0, remark["span"][0]) + 1 if remark["span"] else None,
            is_must=remark["severity"] == "must",
        )
        for remark in bulletin.read.get("remarks", [])
    ]
