"""共性问题: what several inspected units have in common, by the likeness of titles and headings.

Two phrases are alike if most of their signs agree, or one holds the other. It is the same on
every run, and the work is bounded: only the newest problems are compared.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from tracker.choices import Status
from tracker.models.ticket_queryset import TicketQuerySet

MOST_SHOWN = 6
# A matter is common once so many units have it.
LEAST_UNITS = 2
# Problems that are compared, the last fed back first; the work grows with the square of it.
MOST_COMPARED = 600
LEAST_LIKENESS = 70
# A shorter phrase inside a longer one says too little: 学习, 作风.
LEAST_HELD = 4
RULE = (
    f"题目或所属大类相近（相似度{LEAST_LIKENESS}以上，或一个含另一个），"
    f"且{LEAST_UNITS}个以上被巡察单位都有；比较最近反馈的{MOST_COMPARED}个问题。"
)

_NUMBER = re.compile(
    r"^(?:[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十]+、|第[一二三四五六七八九十]+方面|\d+[.．、])\s*"
)
_OPENS = re.compile("^(?:关于|对于|对)")
_ENDS = re.compile("(?:问题的整改|方面存在|方面|的问题|问题|。)+$")
_MARKS = re.compile("[“”‘’\"'《》，、；。：\\s]")


def plain(words: str) -> str:
    """A title or heading without number, marks and the words that all of them share.

    >>> plain("（一）工程管理方面"), plain("2.关于工程管理的问题"), plain("对“四风”问题的整改")
    ('工程管理', '工程管理', '四风')
    """
    return _MARKS.sub("", _ENDS.sub("", _OPENS.sub("", _NUMBER.sub("", words.strip()))))


def are_alike(one: str, other: str) -> bool:
    """Whether two plain phrases say the same.

    >>> are_alike("干部选拔任用工作不规范", "干部选拔任用工作政策程序不规范")
    True
    >>> are_alike("财务管理", "上一届党委财务管理存在漏洞"), are_alike("学习", "学习不深不透")
    (True, False)
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) >= LEAST_HELD and short in long:
        return True
    return fuzz.ratio(one, other, score_cutoff=LEAST_LIKENESS) > 0


@dataclass(frozen=True, slots=True)
class CommonProblem:
    """A matter that several units have: how many problems, and how many of them are open."""

    words: str
    units: int
    count: int
    open: int


@dataclass(frozen=True, slots=True)
class _Said:
    """One problem as far as it is compared."""

    pk: int
    unit: int
    is_open: bool
    phrases: frozenset[str]


def _said(tickets: TicketQuerySet) -> list[_Said]:
    """What the newest of these say (one query)."""
    rows = tickets.order_by("-inspection__feedback_on", "-pk").values_list(
        "pk", "inspection__unit", "status", "title", "category__heading"
    )
    return [
        _Said(
            pk,
            unit,
            status != Status.CLOSED,
            frozenset(filter(None, (plain(words or "") for words in printed))),
        )
        for pk, unit, status, *printed in rows[:MOST_COMPARED]
    ]


def like(tickets: TicketQuerySet, words: str) -> list[int]:
    """The keys of the problems that say the same as these words (one query)."""
    words = plain(words)
    return [one.pk for one in _said(tickets) if any(are_alike(words, p) for p in one.phrases)]


def among(tickets: TicketQuerySet) -> list[CommonProblem]:
    """The matters that most inspected units share (one query)."""
    said = _said(tickets)
    by_phrase: dict[str, list[_Said]] = {}
    for one in said:
        for phrase in one.phrases:
            by_phrase.setdefault(phrase, []).append(one)
    alike = _alike(by_phrase)
    found = {words: _counted(words, (by_phrase[one] for one in alike[words])) for words in alike}
    shared = [one for one in found.values() if one.units >= LEAST_UNITS]
    shared.sort(key=lambda one: (-one.units, -one.count, one.words))
    shown, covered = [], set()
    for one in shared:
        # The same matter under other words is said once.
        if one.words not in covered:
            shown.append(one)
            covered |= alike[one.words]
    return shown[:MOST_SHOWN]


def _alike(phrases: Iterable[str]) -> Mapping[str, set[str]]:
    """For each phrase those that say the same, itself among them: `are_alike` of all pairs."""
    ordered = sorted(phrases)
    whole = "\n".join(ordered)
    alike = {phrase: {phrase} for phrase in ordered}
    for place, one in enumerate(ordered):
        near = process.extract(
            one,
            ordered[place + 1 :],
            scorer=fuzz.ratio,
            score_cutoff=LEAST_LIKENESS,
            limit=None,
        )
        others = {other for other, _, _ in near}
        if len(one) >= LEAST_HELD and whole.count(one) > 1:
            others |= {other for other in ordered if one in other}
        for other in others:
            alike[one].add(other)
            alike[other].add(one)
    return alike


def _counted(words: str, groups: Iterable[list[_Said]]) -> CommonProblem:
    said = {one.pk: one for group in groups for one in group}.values()
    units = {one.unit for one in said}
    return CommonProblem(words, len(units), len(said), sum(one.is_open for one in said))
