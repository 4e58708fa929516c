"""Which tickets speak of what somebody types, and where: words, a number, initials of a name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.utils import timezone

from tracker.choices import FindingKind
from tracker.dates import zh_date
from tracker.models import Evidence, Finding, Measure, Person, Progress, Ticket, Unit, UnitAlias
from tracker.models.mentions import Together
from tracker.models.ticket_queryset import TicketQuerySet

# One letter is the initial of half of all names.
FEWEST_LETTERS = 2
# How much of a text an excerpt shows: before the first word found, and in all.
BEFORE, SHOWN = 14, 64

Run = tuple[str, bool]
# Which units help with which tickets.
_HELP = Ticket.co_units.through


def words_of(typed: str) -> list[str]:
    """The words of a search, each once; a space of Chinese width parts them as well."""
    return list(dict.fromkeys(typed.split()))


def speaking_of(tickets: TicketQuerySet, words: Iterable[str]) -> TicketQuerySet:
    """Keep the tickets in which every word stands somewhere, if not all in one place.

    Each place is asked by itself and by its own index; an OR over tables would read them whole.
    """
    for word in words:
        units = _units_called(word).values("pk")
        people = _called(Person.objects.all(), word, "name").values("pk")
        first, *others = (
            _mentioning(Ticket.objects.all(), word).values("pk"),
            Ticket.objects.filter(printed_number=word).values("pk"),
            Ticket.objects.filter(lead_unit__in=units).values("pk"),
            _HELP.objects.filter(unit__in=units).values("ticket"),
            Ticket.objects.filter(leader__in=people).values("pk"),
            Ticket.objects.filter(person__in=people).values("pk"),
            _mentioning(Measure.objects.all(), word).values("ticket"),
            _mentioning(Progress.objects.all(), word).values("ticket"),
            _documents(Q(document__mentions=word)).values("ticket"),
            _mentioning(Evidence.objects.not_withdrawn(), word).values("ticket"),
        )
        found = first.order_by().union(*(one.order_by() for one in others))
        tickets = tickets.filter(pk__in=found)
    return tickets


def _mentioning(rows: QuerySet, *words: str) -> QuerySet:
    """The rows of a searched table whose text holds one of these words."""
    held = reduce(or_, (Q(together__mentions=word) for word in words))
    return rows.alias(together=Together.of(rows.model)).filter(held)


def _documents(condition: Q) -> QuerySet[Finding]:
    titled = Finding.objects.filter(kind=FindingKind.DOCUMENT).annotate(document=KT("value__title"))
    return titled.filter(condition)


def _units_called(word: str) -> QuerySet[Unit]:
    """The units that have this in a name, a short name or an alias, or are spelt by it."""
    also = UnitAlias.objects.alias(together=Together("name")).filter(together__mentions=word)
    named = _called(Unit.objects.all(), word, "name", "short_name")
    called = Q(pk__in=named.values("pk")) | Q(pk__in=also.values("unit"))
    return Unit.objects.order_by().filter(called)


def _called(named: QuerySet, word: str, *fields: str) -> QuerySet:
    named = named.order_by().alias(together=Together(*fields))
    condition = Q(together__mentions=word)
    return named.filter(
        condition | Q(initials__contains=word.lower()) if _spells(word) else condition
    )


def _spells(word: str) -> bool:
    return len(word) >= FEWEST_LETTERS and word.isascii() and word.isalnum()


# -- where it was found -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of one text with the words found in it; `runs` says which pieces are such words."""

    where: str
    runs: list[Run]


@dataclass(frozen=True, slots=True)
class Found:
    """How one row of the list shows why it is there."""

    number: list[Run]
    title: list[Run]
    excerpts: list[Excerpt]


def explain(tickets: Sequence[Ticket], words: Sequence[str]) -> None:
    """Give each ticket of a page its `found`; six queries more, however many tickets there are.

    A word that stands in the number or the title is marked there, any other in the first place
    that has it: the problem, the measures, documents, reports from the newest, names of files,
    and the names of those who answer or help.
    """
    pattern = _pattern(words)
    rows = {ticket.pk: _Row(ticket, list(words)) for ticket in tickets}
    for row in rows.values():
        row.look("", row.ticket.number)
        row.look("", row.ticket.title)
        row.left = [word for word in row.left if word != row.ticket.printed_number]
        row.look("问题原文", row.ticket.problem, pattern)
        row.look("通报所称", row.ticket.claim_quote, pattern)
    for ticket, where, text in _texts_below([pk for pk, row in rows.items() if row.left], words):
        rows[ticket].look(where, text, pattern)
    helpers, aliases = _units_of([row.ticket for row in rows.values() if row.left])
    for row in rows.values():
        for where, text, initials in _names(row.ticket, helpers, aliases):
            row.look(where, text, pattern)
            row.look_for_initials(where, text, initials)
        row.ticket.found = Found(
            runs(row.ticket.number, pattern), runs(row.ticket.title, pattern), row.excerpts
        )


def runs(text: str, pattern: re.Pattern[str]) -> list[Run]:
    """Part a text into what was found and what stands between.

    >>> runs("健全台账。", re.compile("台账"))
    [('健全', False), ('台账', True), ('。', False)]
    """
    parts, end = [], 0
    for match in pattern.finditer(text):
        parts += [(text[end : match.start()], False), (match[0], True)]
        end = match.end()
    return [part for part in (*parts, (text[end:], False)) if part[0]]


def excerpt(text: str, pattern: re.Pattern[str]) -> list[Run]:
    """The piece of a text around the first word that is found in it."""
    text = " ".join(text.split())
    match = pattern.search(text)
    start = max(match.start() - BEFORE, 0) if match else 0
    end = max(start + SHOWN, match.end() if match else 0)
    piece = runs(text[start:end], pattern)
    before, after = [("…", False)] if start else [], [("…", False)] if end < len(text) else []
    return [*before, *piece, *after]


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Find any of the words, the longest first; only the case of A to Z is passed over."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE | re.ASCII)


@dataclass(slots=True)
class _Row:
    """One ticket, the words that are not shown yet, and the excerpts that show the others."""

    ticket: Ticket
    left: list[str]
    excerpts: list[Excerpt]

    def __init__(self, ticket: Ticket, left: list[str]):
        self.ticket, self.left, self.excerpts = ticket, left, []

    def look(self, where: str, text: str, pattern: re.Pattern[str] | None = None) -> None:
        here = [word for word in self.left if _pattern([word]).search(text)]
        if not here:
            return
        self.left = [word for word in self.left if word not in here]
        if pattern:
            self.excerpts.append(Excerpt(where, excerpt(text, pattern)))

    def look_for_initials(self, where: str, name: str, initials: str) -> None:
        here = [word for word in self.left if _spells(word) and word.lower() in initials]
        if here:
            self.left = [word for word in self.left if word not in here]
            self.excerpts.append(Excerpt(where, [(name, True)]))


def _texts_below(tickets: list[int], words: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Each text of these tickets with one of the words in it: whose, what it is, and the text."""
    if not tickets:
        return
    measures = Measure.objects.filter(ticket__in=tickets).order_by("ticket", "order")
    for measure in _mentioning(measures, *words):
        yield measure.ticket_id, measure.label, measure.text
        yield measure.ticket_id, f"{measure.label}目标", measure.goal
    named = _documents(reduce(or_, (Q(document__mentions=word) for word in words)))
    for finding in named.filter(ticket__in=tickets).order_by("pk"):
        yield finding.ticket_id, "文件", finding.document
    reports = Progress.objects.filter(ticket__in=tickets).order_by("-pk")
    for report in _mentioning(reports, *words):
        day = zh_date(timezone.localdate(report.at))
        yield report.ticket_id, f"{day}进展", report.text
        yield report.ticket_id, f"{day}困难", report.difficulty
        yield report.ticket_id, f"{day}下一步", report.next_step
    files = Evidence.objects.not_withdrawn().filter(ticket__in=tickets).order_by("pk")
    for file in _mentioning(files, *words):
        yield file.ticket_id, "佐证", file.name


def _units_of(tickets: Sequence[Ticket]) -> tuple[dict[int, list[Unit]], dict[int, list[str]]]:
    """The units that help with each of these tickets, and what else each unit is called."""
    helpers: dict[int, list[Unit]] = defaultdict(list)
    aliases: dict[int, list[str]] = defaultdict(list)
    if tickets:
        keys = [ticket.pk for ticket in tickets]
        for one in _HELP.objects.filter(ticket__in=keys).select_related("unit").order_by("pk"):
            helpers[one.ticket_id].append(one.unit)
        units = {ticket.lead_unit_id for ticket in tickets}
        units |= {unit.pk for some in helpers.values() for unit in some}
        for unit, name in UnitAlias.objects.filter(unit__in=units).values_list("unit", "name"):
            aliases[unit].append(name)
    return helpers, aliases


def _names(
    ticket: Ticket, helpers: Mapping[int, list[Unit]], aliases: Mapping[int, list[str]]
) -> Iterator[tuple[str, str, str]]:
    """The names on a ticket, registered and as printed, with the initials of the registered."""
    units = [("牵头单位", ticket.lead_unit)]
    units += [("配合单位", unit) for unit in helpers.get(ticket.pk, ())]
    for where, unit in units:
        yield where, unit.name, unit.initials
        yield where, unit.short_name, unit.initials
        for alias in aliases.get(unit.pk, ()):
            yield f"{where}（别名）", alias, ""
    yield "牵头单位（原文）", ticket.lead_unit_text, ""
    for where, person, printed in (
        ("责任领导", ticket.leader, ticket.leader_text),
        ("责任人", ticket.person, ticket.person_text),
    ):
        if person:
            yield where, person.name, person.initials
        yield f"{where}（原文）", printed, ""
