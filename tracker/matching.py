"""Which problem of a later bulletin is which ticket, though it was renumbered or reworded.

What reads alike for certain is matched; what only may be the same is left to the operator, since
a wrong match writes one problem's progress to another, and a missed one doubles the ticket.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz

from tracker.models import Category, DraftProblem, Indicator, Ticket

# Titles are short and built alike (…制度不健全): of unrelated ones that share such an ending about
# 70 of 100 characters agree, of reworded ones 80 and more. Measured by `fuzz.ratio` on titles
# without 关于…的问题 and without punctuation.
LIKELY = 85
POSSIBLE = 60
# How far the best must be ahead of the second best, on both sides, to be taken unasked.
MARGIN = 10
# A select with more than these is no help.
MOST_CANDIDATES = 5

_NUMBER = re.compile(r"^[（(]?[一二三四五六七八九十\d]{1,3}[）)、．.]")
_FRAME = re.compile(r"^(?:关于|针对|对于|反馈问题[：:])|(?:的?问题|方面)$")


def core(title: str) -> str:
    """The words of a title by which it is compared.

    >>> core("3.关于“堤防台账”不健全的问题。")
    '堤防台账不健全'
    """
    return _FRAME.sub("", re.sub(r"[\W_]", "", _NUMBER.sub("", title.strip())))


@dataclass(slots=True)
class Matches:
    """What was found for the problems of a draft; a problem that is in neither is new.

    `candidates` are the tickets, the likeliest first, of problems that a person has to decide on.
    """

    found: dict[DraftProblem, Ticket] = field(default_factory=dict)
    candidates: dict[DraftProblem, list[Ticket]] = field(default_factory=dict)

    def ticket(self, problem: DraftProblem) -> Ticket | None:
        return self.found.get(problem)


def match_tickets(tickets: Iterable[Ticket], problems: Sequence[DraftProblem]) -> Matches:
    """Tell which problem of a draft is which ticket of the same inspection.

    What the operator has decided comes first; then headings, printed number and title together;
    then headings and title, where both are unique, which finds what was renumbered; then titles
    that are much alike. No ticket is matched twice.
    """
    tickets = list(tickets)
    matches = Matches()
    by_pk = {ticket.pk: ticket for ticket in tickets}
    for problem in problems:
        if problem.match_is_decided and problem.ticket_id in by_pk:
            matches.found[problem] = by_pk[problem.ticket_id]
    open_problems = [problem for problem in problems if not problem.match_is_decided]
    headings = _paths_of(tickets)
    _match_equal(
        matches,
        tickets,
        open_problems,
        lambda ticket: (headings[ticket.pk], ticket.printed_number, ticket.problem),
        lambda problem: (tuple(problem.path), problem.printed_number, problem.problem),
    )
    _match_equal(
        matches,
        tickets,
        open_problems,
        lambda ticket: (headings[ticket.pk], ticket.problem),
        lambda problem: (tuple(problem.path), problem.problem),
    )
    _match_alike(matches, tickets, open_problems)
    return matches


def _match_equal(
    matches: Matches,
    tickets: list[Ticket],
    problems: list[DraftProblem],
    key_of_ticket: Callable[[Ticket], Any],
    key_of_problem: Callable[[DraftProblem], Any],
) -> None:
    taken = set(matches.found.values())
    free = _by_key(key_of_ticket, (t for t in tickets if t not in taken))
    rest = _by_key(key_of_problem, (p for p in problems if p not in matches.found))
    for key, candidates in rest.items():
        if len(candidates) == 1 and len(free.get(key, ())) == 1:
            matches.found[candidates[0]] = free[key][0]


def _by_key(key, items) -> dict[Any, list]:
    groups = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups


def _match_alike(matches: Matches, tickets: list[Ticket], problems: list[DraftProblem]) -> None:
    taken = set(matches.found.values())
    free = [ticket for ticket in tickets if ticket not in taken]
    rest = [problem for problem in problems if problem not in matches.found]
    if not free or not rest:
        return
    titles = [core(ticket.problem) for ticket in free]
    scores = [[fuzz.ratio(core(p.problem), title) for title in titles] for p in rest]
    for row, problem in enumerate(rest):
        ranked = sorted(range(len(free)), key=lambda column: -scores[row][column])
        possible = [column for column in ranked if scores[row][column] >= POSSIBLE]
        if not possible:
            continue
        best = possible[0]
        rivals = [scores[row][column] for column in ranked[1:2]]
        rivals += [scores[other][best] for other in range(len(rest)) if other != row]
        if scores[row][best] >= LIKELY and scores[row][best] - max(rivals, default=0) >= MARGIN:
            matches.found[problem] = free[best]
        else:
            matches.candidates[problem] = [free[column] for column in possible[:MOST_CANDIDATES]]
    taken = set(matches.found.values())
    for problem, candidates in list(matches.candidates.items()):
        left = [ticket for ticket in candidates if ticket not in taken]
        if left:
            matches.candidates[problem] = left
        else:
            del matches.candidates[problem]


def match_indicators(
    indicators: Iterable[Indicator], figures: Sequence[dict[str, Any]]
) -> list[tuple[Indicator, dict[str, Any]]]:
    """Pair the known indicators of a ticket with the figures of a later bulletin.

    The label must be much alike and the unit the same; each is used once, the likeliest first.
    """
    indicators = list(indicators)
    pairs = [
        (fuzz.ratio(core(indicator.label), core(figure["label"] or "")), n, m)
        for n, indicator in enumerate(indicators)
        for m, figure in enumerate(figures)
        if indicator.unit == (figure["unit"] or "")
    ]
    pairs.sort(key=lambda pair: (-pair[0], pair[1:]))
    matched, used = {}, set()
    for score, n, m in pairs:
        if score >= LIKELY and n not in matched and m not in used:
            matched[n] = m
            used.add(m)
    return [(indicators[n], figures[m]) for n, m in matched.items()]


def _paths_of(tickets: Iterable[Ticket]) -> dict[int, tuple[str, ...]]:
    """For each ticket, by key, the headings above it from the outermost in."""
    inspections = {ticket.inspection_id for ticket in tickets}
    categories = Category.objects.in_bulk(
        Category.objects.filter(inspection__in=inspections).values_list("pk", flat=True)
    )

    def path(pk: int | None) -> tuple[str, ...]:
        if pk is None:
            return ()
        return (*path(categories[pk].parent_id), categories[pk].heading)

    return {ticket.pk: path(ticket.category_id) for ticket in tickets}
