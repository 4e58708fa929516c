"""From a file to a draft, and what an operator does with it: restore, merge, split."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.conf import settings
from django.db import IntegrityError, models, transaction

from tracker import findings
from tracker.choices import Claim, Decision, DueBasis, FindingKind, Kind
from tracker.models import (
    Bulletin,
    Draft,
    DraftFinding,
    DraftProblem,
    ImportBatch,
    Person,
    Round,
    SourceFile,
)
from tracker.names import Directory, find_kind, find_unit
from tracker.parsing import BulletinUnreadable, parse
from tracker.parsing.worker import parse_in_worker
from tracker.source_text import find

KIND_HINTS = {"立行立改": Kind.IMMEDIATE, "长期坚持": Kind.LONG_TERM}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file; `message` is Chinese and ready to show."""

    kind: Literal["drafted", "open_draft", "already", "refused", "imported"]
    name: str
    message: str
    draft: Draft | None = None
    bulletin: Bulletin | None = None
    batch: ImportBatch | None = None


def receive(content: bytes, name: str, *, by: Person, today: date) -> Outcome:
    """Read one file and keep its draft; nothing is stored of a file that is refused.

    The same bytes are one SourceFile, whoever sends them: a file that is already imported, or
    that this person is already reviewing, is told so instead of being read again.
    """
    digest = hashlib.sha256(content).hexdigest()
    if known := _known(digest, name, by):
        return known
    try:
        read = _read(content, name, today)
    except BulletinUnreadable as refusal:
        return Outcome("refused", name, refusal.message)
    try:
        with transaction.atomic():
            source, _ = SourceFile.objects.get_or_create(
                sha256=digest,
                defaults={
                    "name": _fit(SourceFile, "name", name),
                    "size": len(content),
                    "content": content,
                    "received_by": by,
                },
            )
            draft = _start(source, read.pop("text"), read, by)
    except IntegrityError:
        # The same person sent the same file twice at once; the other request has made the draft.
        if known := _known(digest, name, by):
            return known
        raise
    count = len(draft.read["problems"])
    words = f"读出{count}个问题、{draft.read['measure_count']}条措施，请校对。"
    return Outcome("drafted", name, words, draft=draft)


def _read(content: bytes, name: str, today: date) -> dict[str, Any]:
    """Return what the reader finds, as JSON with its `text`. Raises BulletinUnreadable."""
    bounds = {
        "name": name,
        "today": today,
        "max_bytes": settings.TRACKER_MAX_BULLETIN_BYTES,
        "converter": settings.TRACKER_CONVERTER,
    }
    if not settings.READ_IN_WORKER:
        bulletin = parse(content, **bounds)
        return {**bulletin.as_json(), "text": bulletin.text}
    return parse_in_worker(
        content,
        **bounds,
        seconds=settings.TRACKER_READ_SECONDS,
        megabytes=settings.TRACKER_READ_MEGABYTES,
    )


def _known(digest: str, name: str, by: Person) -> Outcome | None:
    bulletin = Bulletin.objects.filter(source__sha256=digest).select_related("source").first()
    if bulletin:
        words = f"这份文件已于{bulletin.imported_at:%Y年%m月%d日}入库，不用再导入。"
        return Outcome("already", name, words, bulletin=bulletin)
    draft = Draft.objects.open().of(by).filter(source__sha256=digest).first()
    if draft:
        return Outcome("open_draft", name, "这份文件的草稿还在校对中。", draft=draft)
    return None


def _start(source: SourceFile, text: str, read: Mapping[str, Any], by: Person) -> Draft:
    draft = Draft(source=source, text=text, read=read, by=by)
    restore_facts(draft)
    draft.save()
    _create_as_read(draft)
    return draft


# -- as read ------------------------------------------------------------------------------------


def restore_facts(draft: Draft) -> None:
    """Set the facts of the inspection to what was read; the caller saves."""
    read = draft.read
    contact, counts = read["contact"], read["stated_counts"]
    printed = {
        "title": " ".join((read["title"] or "").split()),
        "unit_text": read["inspected_unit"],
        "inspecting_body": read["inspecting_body"],
        **{name: contact.get(name) for name in ("phone", "address", "postcode", "email")},
    }
    for name, words in printed.items():
        setattr(draft, name, _fit(Draft, name, words))
    for name, key in {
        "feedback_on": "feedback_date",
        "started_on": "inspection_start",
        "ended_on": "inspection_end",
        "published_on": "published_date",
        "signed_on": "signed_date",
        "publicity_from": "publicity_start",
        "publicity_to": "publicity_end",
    }.items():
        setattr(draft, name, read[key] and date.fromisoformat(read[key]))
    for name in ("aspects", "categories", "problems", "measures"):
        setattr(draft, f"stated_{name}", counts.get(name))
    draft.kind = find_kind(read["inspection_kind"])
    draft.unit = find_unit(draft.unit_text, draft.by.reach_for("import"))
    draft.round = Round.objects.filter(name=suggested_round(draft)).first()


def suggested_round(draft: Draft) -> str:
    """A name for the round: as printed, else the year of the feedback and who inspected."""
    if printed := draft.read["inspection_round"]:
        return _fit(Round, "name", printed)
    if draft.feedback_on is None:
        return ""
    return _fit(
        Round,
        "name",
        f"{draft.feedback_on.year}年{draft.inspecting_body}{draft.get_kind_display()}",
    )


def _create_as_read(draft: Draft) -> None:
    read = list(enumerate(draft.read["problems"], start=1))
    _create(draft, read)


def _create(draft: Draft, ordered: Iterable[tuple[int, Mapping[str, Any]]]) -> list[DraftProblem]:
    """Make the rows of these problems, as the reader found them, at these places."""
    directory = Directory.of(draft.unit)
    numbers = printed_numbers(draft.read["problems"])
    rows, found = [], []
    for order, read in ordered:
        problem = _as_read(draft, read, numbers[read["key"]], order, directory)
        rows.append(problem)
        found += list(_findings(problem, read))
    DraftProblem.objects.bulk_create(rows)
    DraftFinding.objects.bulk_create(found)
    return rows


def _as_read(
    draft: Draft, read: Mapping[str, Any], number: str, order: int, directory: Directory
) -> DraftProblem:
    """Build the row of one problem as the reader found it."""
    start, end = read["span"]
    due_on = _stated_deadline(read["deadlines"])
    problem = DraftProblem(
        draft=draft,
        order=order,
        keys=[read["key"]],
        path=read["path"],
        printed_number=_fit(DraftProblem, "printed_number", number),
        title=_fit(DraftProblem, "title", read["title_core"] or read["title"]),
        problem=read["title"],
        source_start=start,
        source_end=end,
        kind=KIND_HINTS.get(read["kind_hint"], ""),
        due_on=due_on,
        due_basis=DueBasis.STATED if due_on else DueBasis.DERIVED,
        measures=[
            {"number": m["number"], "text": m["text"], "span": m["span"]} for m in read["measures"]
        ],
    )
    owner = read["owner"]
    for name, printed in (
        ("leader", owner["leader"]),
        ("lead_unit", owner["unit"]),
        ("person", owner["person"]),
    ):
        setattr(problem, f"{name}_text", _fit(DraftProblem, f"{name}_text", printed))
    match_names(problem, directory)
    return problem


def _findings(problem: DraftProblem, read: Mapping[str, Any]) -> Iterator[DraftFinding]:
    """Build what was read of one problem, item by item, each with its words."""

    def finding(kind: FindingKind, value: dict[str, Any], quote: str, span) -> DraftFinding:
        start, end = span or (None, None)
        if span and end <= start:
            start = end = None
        return DraftFinding(
            problem=problem,
            kind=kind,
            value=value,
            quote=quote,
            source_start=start,
            source_end=end,
        )

    if read["status"] != Claim.NOT_STATED and read["status_evidence"]:
        value = {"status": read["status"], "secondary": read["status_secondary"]}
        yield finding(FindingKind.CLAIM, value, read["status_evidence"], read["status_span"])
    for role, name in (
        ("leader", problem.leader_text),
        ("lead_unit", problem.lead_unit_text),
        ("person", problem.person_text),
    ):
        if name:
            places = find(problem.draft.text, name, problem.source_start, problem.source_end, "")
            span = (places[0].start, places[0].end) if places else None
            yield finding(FindingKind.OWNER, {"role": role, "name": name}, name, span)
    for each in read["deadlines"]:
        value = {
            "date": each["date"],
            "type": each["type"],
            "is_forecast": each["forecast"],
        }
        yield finding(FindingKind.DEADLINE, value, each["quote"], each["span"])
    for each in read["indicators"]:
        value = {name: each.get(name) for name in findings.KEYS[FindingKind.INDICATOR]}
        yield finding(FindingKind.INDICATOR, value, each["quote"], each["span"])
    for each in read["document_items"]:
        value = {"title": each["title"], "is_issued": each["role"] == "issued"}
        yield finding(FindingKind.DOCUMENT, value, each["title"], each["span"])
    for each in read["blockers"]:
        yield finding(FindingKind.BLOCKER, {"text": each["quote"]}, each["quote"], each["span"])


def match_names(problem: DraftProblem, directory: Directory) -> None:
    """Find the registered unit and people for the names as printed; the caller saves."""
    problem.leader = directory.person(problem.leader_text)
    problem.lead_unit = directory.unit(problem.lead_unit_text)
    problem.person = directory.person(problem.person_text)


def printed_numbers(problems: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """For each problem, by key, the number by which people find it in the bulletin.

    Its own number; where numbers restart, as many of the numbers above it as tell it apart, and
    for its neighbours under the same heading as many.

    >>> keys = [("1.1", "1"), ("2.2", "2"), ("2.3.1", "(1)"), ("2.4.1", "(1)"), ("2.4.2", "(2)")]
    >>> list(printed_numbers({"key": key, "number": number} for key, number in keys).values())
    ['1', '2', '3(1)', '4(1)', '4(2)']
    """
    chains = {read["key"]: (read["key"].split("."), read["number"]) for read in problems}
    groups: dict[tuple[str, ...], list[str]] = {}
    for key, (chain, _) in chains.items():
        groups.setdefault(tuple(chain[:-1]), []).append(key)
    numbers: dict[str, str] = {}
    for length in range(1, max((len(above) for above in groups), default=0) + 2):
        words = {
            key: _number_in_words(chain[-length:], number)
            for key, (chain, number) in chains.items()
        }
        times = Counter(words.values())
        for keys in groups.values():
            if keys[0] not in numbers and all(times[words[key]] == 1 for key in keys):
                numbers.update((key, words[key]) for key in keys)
    return {key: numbers.get(key, key) for key in chains}


def _number_in_words(chain: list[str], printed: str) -> str:
    """A number with those above it, as 17(1) or 3.2, whatever the width of its brackets."""
    number = printed.translate({ord("（"): "(", ord("）"): ")"}).strip(" .．、")
    above = ".".join(chain[:-1])
    return f"{above}.{number}" if above and not number.startswith("(") else above + number


def _stated_deadline(deadlines: Iterable[Mapping[str, Any]]) -> date | None:
    """The latest day by which the text promises completion: until then it is not all done."""
    days = [
        d["date"]
        for d in deadlines
        if d["type"] == "completion" and d["date"] and not d["forecast"]
    ]
    return date.fromisoformat(max(days)) if days else None


def _fit(model: type[models.Model], name: str, words: str | None) -> str:
    """Cut words to what the column holds, so that one long line does not refuse a bulletin."""
    return (words or "")[: model._meta.get_field(name).max_length]


# -- what the operator does -----------------------------------------------------------------------


@transaction.atomic
def decide(
    finding: DraftFinding, decision: Decision, value: Mapping[str, Any] | None = None
) -> None:
    """Accept, correct (with the new value), discard or reopen one thing that was read.

    A deadline that the text states and an owner that it names follow into the row, unless the
    operator has set the date there by hand.
    """
    as_read = finding.value if finding.read_value is None else finding.read_value
    is_corrected = decision == Decision.CORRECTED
    finding.decision = decision
    finding.read_value = as_read if is_corrected else None
    finding.value = dict(value) if is_corrected else as_read
    finding.save()
    problem = finding.problem
    if finding.kind == FindingKind.DEADLINE and problem.due_basis != DueBasis.DECIDED:
        problem.due_on = problem.stated_due_on
        problem.due_basis = DueBasis.STATED if problem.due_on else DueBasis.DERIVED
        problem.save()
    elif finding.kind == FindingKind.OWNER:
        name = "" if decision == Decision.DISCARDED else finding.value["name"]
        setattr(problem, f"{finding.value['role']}_text", name)
        match_names(problem, Directory.of(problem.draft.unit))
        problem.save()


def accept_all(problem: DraftProblem) -> int:
    """Accept everything of a problem that nobody has decided on; return how much that was."""
    pending = problem.findings.filter(decision=Decision.PENDING)
    return pending.update(decision=Decision.ACCEPTED)


def rematch(draft: Draft) -> None:
    """Match the printed names anew, after another unit was said to be the inspected one."""
    directory = Directory.of(draft.unit)
    problems = list(draft.problems.all())
    for problem in problems:
        match_names(problem, directory)
    DraftProblem.objects.bulk_update(problems, ["leader", "lead_unit", "person"])


@transaction.atomic
def restore(problem: DraftProblem) -> None:
    """Put a problem back as it was read, with all it was merged with or split into."""
    draft = problem.draft
    rows = list(draft.problems.all())
    keys, touched = set(problem.keys), {problem.pk}
    while True:
        # A merged row may share a key with a split one, which shares another with a third.
        found = {row.pk for row in rows if keys.intersection(row.keys)} | touched
        if found == touched:
            break
        touched = found
        keys.update(key for row in rows if row.pk in touched for key in row.keys)
    first = next(index for index, row in enumerate(rows) if row.pk in touched)
    kept = [row for row in rows if row.pk not in touched]
    draft.problems.filter(pk__in=touched).delete()
    again = [read for read in draft.read["problems"] if read["key"] in keys]
    fresh = _create(draft, ((problem.order, read) for read in again))
    _renumber([*kept[:first], *fresh, *kept[first:]])


@transaction.atomic
def restore_all(draft: Draft) -> None:
    """Put the whole draft back as it was read."""
    restore_facts(draft)
    draft.save()
    draft.problems.all().delete()
    _create_as_read(draft)


class NotPossible(Exception):
    """The draft cannot be changed this way; the message says why, in Chinese."""


@transaction.atomic
def merge_with_previous(problem: DraftProblem) -> DraftProblem:
    """Make one problem of this and the one above it; the facts entered above win.

    Raises NotPossible for the first problem of a draft.
    """
    above = problem.draft.problems.filter(order__lt=problem.order).last()
    if above is None:
        raise NotPossible("第一个问题上面没有可合并的问题。")
    above.keys = [*above.keys, *(key for key in problem.keys if key not in above.keys)]
    if problem.problem not in above.problem:
        above.problem = f"{above.problem}；{problem.problem}"
    above.source_start = min(above.source_start, problem.source_start)
    above.source_end = max(above.source_end, problem.source_end)
    above.measures = [*above.measures, *problem.measures]
    problem.findings.update(problem=above)
    for name in ("leader", "leader_text", "lead_unit", "lead_unit_text", "person", "person_text"):
        if not getattr(above, name):
            setattr(above, name, getattr(problem, name))
    if problem.due_on and (above.due_on is None or problem.due_on > above.due_on):
        above.due_on, above.due_basis = problem.due_on, problem.due_basis
    above.kind = above.kind or problem.kind
    above.save()
    problem.delete()
    return above


@transaction.atomic
def split(problem: DraftProblem, before: int) -> DraftProblem:
    """Make two problems of one; the second starts with the measure at index `before` (from 1).

    A finding stays with the part that holds its words. Raises NotPossible when no measure would
    be left in one of the parts.
    """
    if not 0 < before < len(problem.measures):
        raise NotPossible("只能从第二条及以后的措施处拆分。")
    cut = problem.measures[before]["span"][0]
    second = DraftProblem(
        **{
            field.attname: getattr(problem, field.attname)
            for field in DraftProblem._meta.concrete_fields
            if not field.primary_key
        }
    )
    second.printed_number = _next_number(problem)
    second.source_start, problem.source_end = cut, cut
    second.measures, problem.measures = problem.measures[before:], problem.measures[:before]
    problem.save()
    rows = list(problem.draft.problems.all())
    second.save()
    problem.findings.filter(source_start__gte=cut).update(problem=second)
    at = next(index for index, row in enumerate(rows) if row.pk == problem.pk) + 1
    _renumber([*rows[:at], second, *rows[at:]])
    return second


def _next_number(problem: DraftProblem) -> str:
    """The number of a part that was split off: 5-2, or 5-3 where 5-2 is taken."""
    taken = set(problem.draft.problems.values_list("printed_number", flat=True))
    stem = problem.printed_number.split("-")[0][:16]
    return next(name for n in range(2, 1000) if (name := f"{stem}-{n}") not in taken)


def _renumber(rows: list[DraftProblem]) -> None:
    for order, row in enumerate(rows, start=1):
        row.order = order
    DraftProblem.objects.bulk_update(rows, ["order"])
