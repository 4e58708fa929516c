"""What stands inside quotation marks or brackets, where no rule may split."""

import re
from array import array
from bisect import bisect_right
from heapq import nsmallest
from itertools import chain

_OPENING = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", "〈": "〉", "【": "】"} | {
    "（": ")",
    "(": ")",
}
_CLOSING = {**{close: close for close in _OPENING.values()}, "）": ")"}
_MARK = re.compile(f"[{re.escape(''.join({*_OPENING, *_CLOSING}))}]")
# Enough to remark on; a paragraph with more of them is no text.
_MOST_UNCLOSED = 1_000


class Quotes:
    """The quoted stretches of a text, paragraph by paragraph.

    A mark that is never closed in its paragraph quotes nothing: one forgotten ” must not hide
    the rest of the bulletin.
    """

    def __init__(self, text: str):
        self._starts: list[int] = []
        self._ends: list[int] = []
        #: Offsets of the first marks in each paragraph that are never closed.
        self.unclosed: list[int] = []
        start = 0
        for paragraph in text.split("\n"):
            pairs, unclosed = _scan(paragraph)
            for opened, closed in _outermost(pairs):
                self._starts.append(start + opened)
                self._ends.append(start + closed)
            self.unclosed += [start + offset for offset in unclosed]
            start += len(paragraph) + 1

    def hold(self, offset: int) -> bool:
        """Tell whether the character at `offset` stands between two marks (not on one)."""
        i = bisect_right(self._starts, offset - 1) - 1
        return i >= 0 and offset < self._ends[i]


def ends_open(text: str) -> bool:
    """Tell whether a line breaks off inside 《…》, “…” or brackets.

    >>> ends_open("印发《水库巡查"), ends_open("印发《水库巡查办法》")
    (True, False)
    """
    return bool(_scan(text)[1])


def _outermost(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    outer: list[tuple[int, int]] = []
    for opened, closed in sorted(pairs):
        if not outer or opened > outer[-1][1]:
            outer.append((opened, closed))
    return outer


def _scan(paragraph: str) -> tuple[list[tuple[int, int]], list[int]]:
    """Return the pairs of a paragraph and the offsets of the first marks that stay open."""
    # Arrays, because a megabyte of marks would fill a hundred as tuples.
    unclosed, stack = array("q"), array("q")
    pairs: list[tuple[int, int]] = []
    waiting = dict.fromkeys(_CLOSING.values(), 0)
    for mark in _MARK.finditer(paragraph):
        offset, ch = mark.start(), mark[0]
        if ch in _OPENING:
            stack.append(offset)
            waiting[_OPENING[ch]] += 1
        elif ch in _CLOSING and waiting[_CLOSING[ch]]:
            # Marks opened later but never closed are given up; each is popped only once.
            while stack:
                opened = stack.pop()
                wanted = _OPENING[paragraph[opened]]
                waiting[wanted] -= 1
                if wanted == _CLOSING[ch]:
                    pairs.append((opened, offset))
                    break
                unclosed.append(opened)
    if len(unclosed) + len(stack) <= 1:
        return pairs, [*unclosed, *stack]
    return pairs, nsmallest(_MOST_UNCLOSED, chain(unclosed, stack))
