"""From the headings of the problem section to its problems.

A heading with headings below it is a category; one without is a problem, whatever its number
looks like: a （八） that holds 一是 … directly is a problem beside the 1. 2. 3. of its neighbours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest

from tracker.parsing.claims import read_claim
from tracker.parsing.deadlines import read_deadlines, read_promises
from tracker.parsing.documents import read_documents
from tracker.parsing.headings import LEAD_LABEL, SHORTCOMING, Mark
from tracker.parsing.indicators import read_indicators
from tracker.parsing.layout import Passage
from tracker.parsing.measures import (
    Division,
    Piece,
    closing_start,
    divide,
    has_series,
    numbered_labels,
    told_from,
)
from tracker.parsing.owners import Field, fields, own_runs, owner
from tracker.parsing.quotes import Quotes
from tracker.parsing.records import Heading, ParsedMeasure, ParsedProblem
from tracker.parsing.signals import read_blockers, read_flags
from tracker.parsing.titles import title_core

_BLANK = " \u3000\n"
# From 1. downwards a numbered line may be a measure.
_ITEM_RANK = 4
# From ① downwards a line is as a rule a sentence.
_SENTENCE_RANK = 7
# The rank of headings that stand directly above their text, whatever is numbered below them.
_LOWEST_RANK = 9
_LONGEST_PROBLEM = 60
# 已完成4家，其余2家…未办结 tells what was done, whatever its last words.
_DONE_IN_TITLE = re.compile(r"[已现均]\w{0,6}(?:完成|整改)|其余|剩余|另有")


@dataclass(slots=True)
class Node:
    """A heading with what stands below it; its own text is [mark.body_start, text_end)."""

    mark: Mark
    text_end: int
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)
    # Sub-headings that turned out to be the measures of this problem.
    measures: list["Node"] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.children[-1].end if self.children else self.text_end

    def ancestors(self) -> list["Node"]:
        """Return the headings above this one, outermost first."""
        above, node = [], self.parent
        while node:
            above.append(node)
            node = node.parent
        return above[::-1]


def tree(marks: list[Mark], section_end: int) -> list[Node]:
    """Nest the headings by rank and return all of them in reading order.

    Where the first （一） of a file stands directly below a 1. that has no text, the file reverses
    the official order, and so do we from there on.
    """
    nodes: list[Node] = []
    stack: list[Node] = []
    seen: set[str] = set()
    reversed_pairs: set[tuple[str, str]] = set()
    for mark, following in zip_longest(marks, marks[1:]):
        name = mark.style.name
        if stack and stack[-1].mark.style.rank > mark.style.rank and name not in seen:
            above = stack[-1]
            without_text = above.text_end - above.mark.body_start <= 1
            lowest = above.mark.style.rank == _LOWEST_RANK
            if mark.value == 1 and (without_text or lowest):
                reversed_pairs.add((above.mark.style.name, name))
        seen.add(name)
        for depth, node in enumerate(stack):
            style = node.mark.style
            outranked = style.rank >= mark.style.rank and (style.name, name) not in reversed_pairs
            if style.name == name or outranked:
                del stack[depth:]
                break
        node = Node(
            mark, following.start if following else section_end, stack[-1] if stack else None
        )
        if node.parent:
            node.parent.children.append(node)
        stack.append(node)
        nodes.append(node)
    return nodes


def problem_nodes(nodes: list[Node], text: str, quotes: Quotes) -> list[Node]:
    """Return the nodes that are problems, in reading order.

    A category is one too if it numbers measures of its own before its first sub-heading.
    """
    for node in nodes:
        if _labels_only(node, text):
            node.measures, node.children = node.children, []
        elif SHORTCOMING.search(text, node.mark.title_start, node.mark.title_end):
            _fold(node, text, quotes)
    # Where others of its style are problems themselves, a title without such words is one too.
    lowest = {node.mark.style.name for node in nodes if not node.children and not _is_folded(node)}
    for node in nodes:
        title = text[node.mark.title_start : node.mark.title_end]
        if node.mark.style.name in lowest and not title.endswith("方面"):
            _fold(node, text, quotes)
    folded = {id(child) for node in nodes for child in node.measures}
    return [
        node
        for node in nodes
        if id(node) not in folded
        and (not node.children or has_series(text, node.mark.body_start, node.text_end, quotes))
    ]


def _labels_only(node: Node, text: str) -> bool:
    """Tell whether all that is numbered below a heading are labels: 1.整改措施：… 2.整改成效：…"""
    return len(node.children) > 1 and all(
        not child.children and LEAD_LABEL.match(text, child.mark.title_start, child.end)
        for child in node.children
    )


def _fold(node: Node, text: str, quotes: Quotes) -> None:
    """Make the sub-headings of a problem its measures if they are: （1）… （2）… without 一是."""
    children = node.children
    # Sentences without text of their own tell what was done, whatever some of them mention.
    without_text = not any(
        text[child.mark.body_start : child.text_end].strip(_BLANK) for child in children
    ) and not all(
        child.mark.style.rank < _SENTENCE_RANK
        and _names_problem(text[child.mark.title_start : child.mark.title_end])
        for child in children
    )
    if len(children) > 1 and all(
        not child.children
        and child.mark.style.rank >= _ITEM_RANK
        and child.mark.number
        and child.mark.value == n
        and (
            without_text or not _names_problem(text[child.mark.title_start : child.mark.title_end])
        )
        and not has_series(text, child.mark.body_start, child.end, quotes)
        for n, child in enumerate(children, start=1)
    ):
        node.measures, node.children = children, []


def _is_folded(node: Node) -> bool:
    """Tell whether a heading turned out to be a measure of the one above it."""
    return bool(node.parent) and any(child is node for child in node.parent.measures)


def _names_problem(title: str) -> bool:
    """Tell whether a title says what is wrong; a measure may mention it, but ends otherwise."""
    if re.match("关于|针对", title) and re.search("(?:问题|方面)(?:的整改)?$", title):
        return True
    if _DONE_IN_TITLE.search(title):
        return False
    return len(title) <= _LONGEST_PROBLEM and bool(SHORTCOMING.search(title[-12:]))


class ProblemReader:
    """Turns nodes into problems; holds what every step needs: the text and the bulletin's year."""

    def __init__(self, passage: Passage, quotes: Quotes, year: int, said_on: date | None = None):
        self.passage = passage
        self.text = passage.text
        self.quotes = quotes
        self.year = year
        self.said_on = said_on

    def division(self, node: Node) -> Division:
        """Divide the text of a problem into its measures."""
        if node.measures:
            pieces = tuple(
                Piece(n.mark.number, n.mark.title_start, self._trimmed_end(n.text_end))
                for n in node.measures
            )
            lead = node.mark.body_start, self._trimmed_end(node.text_end)
            start, end = node.measures[0].mark.start, self._own_end(node)
            runs = own_runs(self.text, fields(self.passage, start, end), start, end)
            owned = [self._owned(piece, runs) for piece in pieces]
            if not any(piece.owner for piece in owned[:-1]):
                # Behind the last measure alone they are values of the problem.
                owned[-1] = replace(owned[-1], owner=None)
            last = owned[-1]
            at = closing_start(self.text, last.start, last.end)
            closing = (at, last.end) if last.start < at < last.end else None
            if closing:
                owned[-1] = replace(last, end=self._trimmed_end(at))
            division = Division(lead if lead[0] < lead[1] else None, tuple(owned), closing)
            return numbered_labels(self.text, division, self.quotes)
        start, end = node.mark.body_start, node.text_end
        runs = own_runs(self.text, fields(self.passage, start, end), start, end)
        last: list[Field] = []
        for a, b, held in runs:
            if not self.text[start:a].strip(_BLANK):
                start = b
            elif not self.text[b:end].strip(_BLANK):
                end, last = a, held
        if not self.text[start:end].strip(_BLANK):
            # Nothing but labelled values: they are all the text there is.
            start, end = node.mark.body_start, node.text_end
        division = divide(self.text, start, end, self.quotes)
        division = numbered_labels(self.text, division, self.quotes)
        pieces = [self._owned(piece, runs) for piece in division.pieces]
        if last and any(piece.owner for piece in pieces):
            # Each measure names its owner, so the last values are the last measure's.
            pieces[-1] = replace(pieces[-1], owner=owner(last))
        return replace(division, pieces=tuple(pieces))

    def _owned(self, piece: Piece, runs: list[tuple[int, int, list[Field]]]) -> Piece:
        """Take the labelled values at the end of a measure out of it: they name its owner."""
        for a, b, held in runs:
            if piece.start < a < piece.end <= b + 1:
                return replace(piece, end=self._trimmed_end(a), owner=owner(held))
        return piece

    def problem(self, node: Node, division: Division, key: str) -> ParsedProblem:
        """Read one problem."""
        text, mark, passage = self.text, node.mark, self.passage
        title = passage.printed(mark.title_start, mark.title_end)
        start, end = mark.body_start, self._trimmed_end(self._own_end(node))
        labelled = [*self._state(mark), *fields(passage, start, end)]
        told = told_from(text, start, end)
        cuts = [piece.start for piece in division.pieces if told < piece.start < end]
        indicators = read_indicators(passage, told, end, self.year, cuts)
        body = text[start:end]
        return ParsedProblem(
            key=key,
            path=tuple(heading_text(passage, above.mark) for above in node.ancestors()),
            number=mark.number,
            number_value=mark.value,
            title=title,
            title_core=self._core(mark),
            span=passage.span(mark.start, max(end, mark.title_end)),
            body_span=passage.span(start, end) if start < end else None,
            lead_in=self._printed(division.lead_in),
            measures=tuple(
                ParsedMeasure(
                    p.number,
                    passage.printed(p.start, p.end),
                    passage.span(p.start, p.end),
                    p.owner,
                )
                for p in division.pieces
            ),
            closing_statement=self._printed(division.closing),
            claim=read_claim(passage, told, end, division, indicators, labelled),
            deadlines=read_deadlines(passage, told, end, self.year, labelled, self.said_on),
            indicators=indicators,
            documents=read_documents(passage, mark.title_start, end),
            owner=owner(labelled),
            kind_hint=_kind_hint(labelled, body),
            source_lines=(
                passage.line_number(mark.start),
                passage.line_number(max(end, mark.title_end) - 1),
            ),
            blockers=read_blockers(passage, told, end),
            promises=read_promises(passage, told, end),
            flags=read_flags(passage, mark.title_start, max(end, mark.title_end)),
        )

    def _state(self, mark: Mark) -> list[Field]:
        """Return the state printed behind the title, as if it stood behind a label."""
        if mark.state is None:
            return []
        start, end = mark.state
        printed = self.passage.printed(start, end)
        return [Field("state", self.text[start:end], printed, start, start, end)]

    def _core(self, mark: Mark) -> str:
        """Return what the title names, found by the rules' spelling and given as printed."""
        title = self.text[mark.title_start : mark.title_end]
        core = title_core(title)
        start = mark.title_start + title.index(core)
        return self.passage.printed(start, start + len(core))

    def _own_end(self, node: Node) -> int:
        """A problem that has sub-headings of its own ends where the first of them begins."""
        return node.measures[-1].text_end if node.measures else node.text_end

    def _trimmed_end(self, end: int) -> int:
        while end and self.text[end - 1] in _BLANK:
            end -= 1
        return end

    def _printed(self, place: tuple[int, int] | None) -> str | None:
        return self.passage.printed(*place) if place else None


def heading_text(passage: Passage, mark: Mark) -> str:
    """Return number and title of a heading as printed, the closing 。left out."""
    return passage.printed(mark.start, mark.title_end)


def headings(nodes: list[Node], problems: list[Node], passage: Passage) -> Iterator[Heading]:
    """Yield the headings above the problems, each with its depth and place."""
    leaves = {id(node) for node in problems} | {id(n) for node in problems for n in node.measures}
    for node in nodes:
        if id(node) in leaves:
            continue
        mark, text = node.mark, passage.text
        # The closing 。 is no part of the title but of the heading's place.
        end = mark.title_end + (
            text[mark.title_end : mark.title_end + 1] in "。：:" and mark.title_end < len(text)
        )
        yield Heading(
            depth=len(node.ancestors()) + 1,
            number=mark.number,
            value=mark.value,
            title=passage.printed(mark.title_start, mark.title_end),
            text=heading_text(passage, mark),
            span=passage.span(mark.start, end),
        )


def keys(nodes: list[Node]) -> Iterator[str]:
    """Yield a handle for each problem: the numbers of its path and its own, 4.17.1."""
    used: dict[str, int] = {}
    for node in nodes:
        key = ".".join(str(n.mark.value) for n in [*node.ancestors(), node])
        used[key] = used.get(key, 0) + 1
        yield key if used[key] == 1 else f"{key}#{used[key]}"


def _kind_hint(labelled: list[Field], body: str) -> str | None:
    """Return the kind the text names; 完成时限：长期坚持 outweighs what the measures say."""
    stated = " ".join(field.value for field in labelled if field.name == "deadline")
    kinds = ("立行立改", "长期坚持")
    return next((kind for words in (stated, body) for kind in kinds if kind in words), None)
