"""What the page of a whole bulletin shows: its lines, where each problem begins, the remarks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tracker.models import Bulletin, Ticket
from tracker.source_text import Mark, SourceLine, find, source_lines


@dataclass(frozen=True, slots=True)
class BulletinLine:
    """One line with the tickets that begin on it; a heading stands above problems."""

    line: SourceLine
    is_heading: bool
    tickets: tuple[Ticket, ...]


def bulletin_lines(
    bulletin: Bulletin, tickets: Iterable[Ticket], *, only_theirs: bool = False
) -> list[BulletinLine]:
    """The whole text, titles and claims of these tickets marked.

    With `only_theirs` no more than the headings and what is printed of these tickets.
    """
    placed = [ticket for ticket in tickets if ticket.source_start is not None]
    headings = [heading["span"] for heading in bulletin.read.get("headings", [])]
    lines = source_lines(bulletin.text, marks=_marks(bulletin.text, placed))
    if only_theirs:
        theirs = [*headings, *((ticket.source_start, ticket.source_end) for ticket in placed)]
        lines = [line for line in lines if any(_is_within(bulletin.text, line, s) for s in theirs)]
    return [
        BulletinLine(
            line,
            any(start < line.end and end > line.start for start, end in headings),
            tuple(t for t in placed if line.start <= t.source_start < line.end),
        )
        for line in lines
    ]


def _is_within(text: str, line: SourceLine, span: tuple[int, int]) -> bool:
    """Whether nothing but blanks of this line stands outside of the span."""
    start, end = span
    outside = text[line.start : start] + text[end : line.end]
    return start < line.end and end > line.start and not outside.strip()


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


def remarks(bulletin: Bulletin, on_lines: Collection[int] | None = None) -> list[PlacedRemark]:
    """What the reader was unsure of when the bulletin was imported; of these lines, if given."""
    placed = [
        PlacedRemark(
            message=remark["message"],
            line=bulletin.text.count("\n", 0, remark["span"][0]) + 1 if remark["span"] else None,
            is_must=remark["severity"] == "must",
        )
        for remark in bulletin.read.get("remarks", [])
    ]
    return [each for each in placed if on_lines is None or each.line in on_lines]
