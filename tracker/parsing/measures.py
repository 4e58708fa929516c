"""How the text of a problem falls into measures: 一是 … 二是 …, and the sentence that closes it."""

import re
from dataclasses import dataclass, replace
from itertools import zip_longest

from tracker.parsing.headings import LEAD_LABEL
from tracker.parsing.numerals import CHINESE, number_value
from tracker.parsing.quotes import Quotes
from tracker.parsing.records import Owner

# Not after a character or digit: 统一是, 第一是, 2.1是 begin no measure.
_CLAUSE = r"(?<![\u4e00-\u9fff\w])"
_ORDER = {"首先": 1, "其次": 2, "再次": 3}


@dataclass(frozen=True, slots=True)
class Series:
    """One way to number measures in running text; group n is the number.

    `first` is what its first number always has: most texts have none of it, and need not be
    searched.
    """

    first: re.Pattern[str]
    pattern: re.Pattern[str]
    # 首先 and ① also occur alone; then they number nothing.
    needs_second: bool = True


SERIES = (
    Series(
        re.compile("一是"),
        re.compile(rf"{_CLAUSE}(?P<n>{CHINESE})是[，,：:]?\s*"),
        needs_second=False,
    ),
    Series(re.compile("一要"), re.compile(rf"{_CLAUSE}(?P<n>{CHINESE})要[，,]?\s*")),
    Series(re.compile("①"), re.compile(r"(?P<n>[①-⑳])[、.．]?\s*")),
    Series(
        re.compile("[（(][1１]"),
        re.compile(r"(?<![\w\u4e00-\u9fff])[（(](?P<n>\d{1,2})[）)][、.．]?\s*"),
    ),
    Series(
        re.compile("[（(]一"),
        re.compile(rf"(?<![\w\u4e00-\u9fff])[（(](?P<n>{CHINESE})[）)][、.．]?\s*"),
    ),
    Series(re.compile("[1１][)）]"), re.compile(r"(?<![\w（(])(?P<n>\d{1,2})[)）]\s*")),
    Series(
        re.compile("首先"),
        re.compile(rf"{_CLAUSE}(?P<n>首先|其次|再次|最后|第[三四五六七八])[，,：:]?\s*"),
    ),
    Series(re.compile("第一"), re.compile(rf"{_CLAUSE}第(?P<n>{CHINESE})[，,：:、]\s*")),
    # On a line of its own, or behind a sentence; there 2.5亿元 is a number.
    Series(
        re.compile(r"[1１]\s?[.．、]"),
        re.compile(
            r"(?:^|(?<=[：；。】])(?!\s?\d{1,2}[.．]\d))\s?(?P<n>\d{1,2})\s?[.．、]\s*", re.M
        ),
    ),
    Series(
        re.compile("[•●◆■▪▶➢✓★]"),
        re.compile(r"(?:^|(?<=[；。：]))(?P<n>[•●◆■▪▶➢✓★])\s*(?=[\u4e00-\u9fff“《])", re.M),
    ),
    Series(
        re.compile("[·—–-]"),
        re.compile(r"(?:^|(?<=[；。：]))(?P<n>[·—–-]{1,2})\s*(?=[\u4e00-\u9fff“《])", re.M),
    ),
)
# 该问题现已整改，… : a sentence on the whole problem, which no measure owns.
_CLOSING_STATEMENT = re.compile(
    r"(?:(?<=[。；;])|(?<=\n)|^)(?:(?:截至)?目前[，,]?|现[，,]?)?(?:该|此|上述|本)(?:项)?(?:整改)?(?:事项|问题|任务)"
)
_LONGEST_CLOSING = 300
# What has come of it, on a line of its own below the measures.
_RESULT = re.compile(
    r"(?:【|\[)?(?:整改|工作|取得(?:的)?)?(?:成效|效果|结果)(?:】|\])?\s?[：:】\]]"
)
_RESULT_LABEL = re.compile(rf"(?<=\n){_RESULT.pattern}")
# A sentence that says nothing but how far the problem is: 该问题已完成整改。 已完成，并长期坚持。
STATE_SENTENCE = re.compile(
    r"(?:(?<=[。；;：:\n])|\A)\s?(?P<words>(?:(?:截至)?目前[，,]?)?(?:(?:该|此|本|上述|以上)(?:项|类|个)?(?:整改)?(?:问题|事项|任务))?"
    r"(?:目前|现)?(?:已(?:经)?(?:全部|基本)?(?:完成(?:整改)?|整改(?:到位|完[成毕])?|销号|办结)|整改(?:已)?(?:完[成毕]|到位)"
    r"|正在(?:持续)?(?:整改|推进)中?|(?:整改|推进)中|持续(?:整改|推进)中?|(?:尚)?未(?:完成)?整改|尚未完成|(?:基本|部分)(?:完成)?整改(?:到位)?|基本完成|长期坚持)"
    r"(?:[，,、]?(?:并|将|需|并将)?(?:长期坚持|持续(?:推进|坚持|巩固|整改)))?)(?:[。；;]|\Z)"
)
# What was found, what is to be reached: no part of what was done.
PREFACE_LABEL = re.compile(
    r"(?:存在(?:的)?(?:主要)?问题|问题(?:表现|描述)|主要表现|整改目标)\s?[：:]"
)
_LONGEST_PREFACE = 600
_STOP = re.compile(r"[\n。；]\s?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A measure's place in the clean text, without its 一是."""

    number: str | None
    start: int
    end: int
    owner: Owner | None = None


@dataclass(frozen=True, slots=True)
class Division:
    """A problem's text, divided; `odd_at` are the numbers that were skipped or repeated."""

    lead_in: tuple[int, int] | None
    pieces: tuple[Piece, ...]
    closing: tuple[int, int] | None
    odd_at: tuple[int, ...] = ()
    #: The sentence before the measures that says how far the problem is.
    state: tuple[int, int] | None = None


def divide(text: str, start: int, end: int, quotes: Quotes) -> Division:
    """Divide text[start:end], the text of one problem, into its measures.

    Without a series the whole is one measure with number None. A label (整改情况：) or a sentence
    before the first number is the lead-in.
    """
    start, end = _trim(text, start, end)
    if start >= end:
        return Division(None, (), None)
    openings, odd_at = _openings(text, start, end, quotes)
    label = _label(text, start, end)
    body = label.end() if label else start
    said = STATE_SENTENCE.match(text, body, end)
    state = said.span("words") if said and said.end() < end else None
    if state:
        body = said.end()
    closing_at = closing_start(text, openings[-1].end() if openings else body, end)
    if not openings:
        pieces = _piece(text, None, body, closing_at)
        return Division(
            (start, _trim(text, start, body)[1]) if label or state else None,
            pieces,
            (closing_at, end) if closing_at < end else None,
            state=state,
        )
    found: list[Piece] = []
    for opening, following in zip_longest(openings, openings[1:]):
        stop = following.start() if following else closing_at
        number = opening["n"]
        found += _piece(text, number, opening.end(), stop)
    lead = _trim(text, start, openings[0].start())
    return Division(
        lead if lead[0] < lead[1] else None,
        tuple(found),
        (closing_at, end) if closing_at < end else None,
        odd_at,
        state,
    )


def numbered_labels(text: str, division: Division, quotes: Quotes) -> Division:
    """Return the division of a text whose labels are numbered: （1）整改措施：…（2）整改成效：…"""
    labels = [LEAD_LABEL.match(text, piece.start, piece.end) for piece in division.pieces]
    if not labels or not all(labels):
        return division
    told: list[Piece] = []
    closing = division.closing
    for piece, label in zip(division.pieces, labels, strict=True):
        if told and _RESULT.match(label[0]):
            closing = piece.start, closing[1] if closing else division.pieces[-1].end
            break
        told += divide(text, label.end(), piece.end, quotes).pieces
    return replace(division, pieces=tuple(told), closing=closing)


def told_from(text: str, start: int, end: int) -> int:
    """Return where the rectification begins, behind 存在问题：… or 整改目标：… before it."""
    begin, _ = _trim(text, start, end)
    label = _label(text, begin, end) if PREFACE_LABEL.match(text, begin, end) else None
    return label.end() if label else start


def _label(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the label that the rectification stands behind.

    What was found and what is to be reached may stand before it, in sentences of their own.
    """
    if label := LEAD_LABEL.match(text, start, end):
        return label
    if not PREFACE_LABEL.match(text, start, end):
        return None
    for stop in _STOP.finditer(text, start, min(end, start + _LONGEST_PREFACE)):
        if label := LEAD_LABEL.match(text, stop.end(), end):
            return label
    return None


def has_series(text: str, start: int, end: int, quotes: Quotes) -> bool:
    """Tell whether text[start:end] numbers measures."""
    return bool(_openings(text, start, end, quotes)[0])


def _openings(
    text: str, start: int, end: int, quotes: Quotes
) -> tuple[list[re.Match[str]], tuple[int, ...]]:
    """Return the numbers of the series that begins first, and where it skips or repeats."""
    best: tuple[list[re.Match[str]], tuple[int, ...]] = ([], ())
    for series in SERIES:
        if not series.first.search(text, start, end):
            continue
        found, odd = [], []
        last = 0
        for match in series.pattern.finditer(text, start, end):
            value = _value(match["n"], last)
            if quotes.hold(match.start()) or match.end() >= end:
                continue
            # A second series in the same problem starts again at one.
            if value == last + 1 or (value == 1 and last > 1):
                found.append(match)
                last = value
            elif last and last <= value <= last + 3:
                found.append(match)
                odd.append(match.start())
                last = value
        if series.needs_second and len(found) < 2:
            continue
        if found and (not best[0] or found[0].start() < best[0][0].start()):
            best = found, tuple(odd)
    return best


def closing_start(text: str, start: int, end: int) -> int:
    """Return where the sentence on the whole problem begins, `end` if there is none.

    整改成效：… on a line of its own below the measures begins it too.
    """
    result = _RESULT_LABEL.search(text, start, end)
    found = _CLOSING_STATEMENT.search(text, max(start, end - _LONGEST_CLOSING), end)
    return min((match.start() for match in (result, found) if match), default=end)


def _piece(text: str, number: str | None, start: int, end: int) -> tuple[Piece, ...]:
    start, end = _trim(text, start, end)
    return (Piece(number, start, end),) if start < end else ()


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in " \u3000\n":
        start += 1
    while end > start and text[end - 1] in " \u3000\n":
        end -= 1
    return start, end


def _value(number: str, last: int) -> int:
    if number == "最后" or not (number in _ORDER or number.isalnum() or number.isnumeric()):
        return last + 1
    return _ORDER.get(number) or number_value(number.removeprefix("第"))
