"""The text of a bulletin as pages show it: numbered lines, cut where something is marked. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

# How a web page's bold type comes out as text: no reader wants to see it.
BOLD = "**"


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters of the text that a page sets off; `kind` becomes a class of the <mark>.

    With `ref`, a page can point at the first of them.
    """

    start: int
    end: int
    kind: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one line that look alike; `kind` is empty for plain text.

    `refs` are those of the marks that begin here, `start` and `end` the place in the text.
    """

    text: str
    kind: str
    start: int = 0
    end: int = 0
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line that is not blank; `number` counts every line of the text from 1."""

    number: int
    start: int
    end: int
    runs: tuple[Run, ...]


def find(text: str, words: str, start: int, end: int, kind: str) -> list[Mark]:
    """Mark the first place of these words between two positions, if they stand there.

    Blanks and line ends between characters do not count: a printed sentence may run over a page.
    """
    characters = [re.escape(c) for c in words if not c.isspace()]
    if not characters:
        return []
    found = re.compile(r"\s*".join(characters)).search(text, start, end)
    return [Mark(found.start(), found.end(), kind)] if found else []


def source_lines(
    text: str, *, start: int = 0, end: int | None = None, marks: Iterable[Mark] = ()
) -> list[SourceLine]:
    """Cut a part of the text into its lines; of two marks on one character the earlier given wins.

    >>> [line] = source_lines("一\\n甲乙丙\\n", start=2, marks=[Mark(3, 4, "k")])
    >>> line.number, [(run.text, run.kind) for run in line.runs]
    (2, [('甲', ''), ('乙', 'k'), ('丙', '')])
    """
    end = len(text) if end is None else min(end, len(text))
    marks = list(marks)
    lines, number, at = [], text.count("\n", 0, start) + 1, start
    for line in text[start:end].split("\n"):
        stop = at + len(line)
        if line.strip():
            near = [mark for mark in marks if mark.start < stop and mark.end > at]
            lines.append(SourceLine(number, at, stop, _runs(text, at, stop, near)))
        number, at = number + 1, stop + 1
    return lines


def paragraphs(lines: Iterable[SourceLine]) -> list[list[SourceLine]]:
    """Put lines together that one sentence runs over, as a page break of the print leaves them."""
    together: list[list[SourceLine]] = []
    for line in lines:
        if together and not _ends_a_sentence(together[-1][-1]):
            together[-1].append(line)
        else:
            together.append([line])
    return together


def _ends_a_sentence(line: SourceLine) -> bool:
    return line.runs[-1].text.rstrip().endswith(tuple("。！？；：…”）"))


def _runs(text: str, start: int, end: int, marks: list[Mark]) -> tuple[Run, ...]:
    cuts = {start, end}
    for mark in marks:
        cuts.update(cut for cut in (mark.start, mark.end) if start < cut < end)
    places = sorted(cuts)
    return tuple(
        Run(
            text[a:b].replace(BOLD, ""),
            next((m.kind for m in marks if m.start <= a and m.end >= b), ""),
            a,
            b,
            tuple(m.ref for m in marks if m.ref and m.start == a),
        )
        for a, b in pairwise(places)
    )
