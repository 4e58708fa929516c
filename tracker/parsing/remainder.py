"""Text of the problem section that is in no problem and no heading."""

from collections.abc import Iterable

from tracker.parsing.layout import FURNITURE
from tracker.parsing.records import Remainder, Span

# Blanks, and the marks of a heading in bold or in brackets that frame it.
_NOTHING = " \t\r\n\u3000\xa0*_"


def uncovered(text: str, section: Span, covered: Iterable[Span]) -> tuple[Remainder, ...]:
    """Return every stretch of the section outside the covered spans that is not blank.

    A page number between two problems is no text of the bulletin.
    """
    found = []
    position = section.start
    for span in sorted(covered, key=lambda span: span.start):
        found.append((position, min(span.start, section.end)))
        position = max(position, span.end)
    found.append((position, section.end))
    return tuple(
        Remainder(
            words,
            Span(
                start + text[start:end].index(words),
                start + text[start:end].index(words) + len(words),
            ),
        )
        for start, end in found
        if start < end and (words := text[start:end].strip(_NOTHING)) and not FURNITURE.match(words)
    )
