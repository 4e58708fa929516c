"""Documents that a text names in 《…》."""

import re

from tracker.parsing.layout import Passage
from tracker.parsing.records import Document

# An inner 《…》 stays inside; the bounds keep unbalanced brackets from being searched for ever.
_DOCUMENT = re.compile(r"《(?:[^《》\n]|《[^《》\n]{1,100}》){1,200}》")


def read_documents(passage: Passage, start: int, end: int) -> tuple[Document, ...]:
    """Return each document once, where it is named first, brackets included."""
    seen: dict[str, Document] = {}
    for match in _DOCUMENT.finditer(passage.text, start, end):
        seen.setdefault(
            re.sub(r"\s", "", match[0]),
            Document(passage.printed(*match.span()), passage.span(*match.span())),
        )
    return tuple(seen.values())
