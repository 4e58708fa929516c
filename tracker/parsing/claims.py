"""What a problem's own text claims about its state, and the words that claim it."""

from tracker.parsing.layout import Passage
from tracker.parsing.records import Claim


def read_claim(passage: Passage, start: int, end: int, division) -> Claim:
    return Claim()
