"""What the printed 对账销号单 shows beside its own fields; no HTML."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from tracker.choices import Role
from tracker.models import Measure, Opinion, SignOff, Ticket
from tracker.workflow import LEVELS


@dataclass(frozen=True, slots=True)
class Line:
    """One level of review; without an opinion the line waits for a signature."""

    label: str
    opinion: Opinion | None


def lines(sheet: SignOff, levels: Sequence[Role]) -> list[Line]:
    """The levels that the round asks, and any at which somebody spoke, in their order.

    A round may have given up a level since; what was said there stays on the sheet.
    """
    said = {opinion.level: opinion for opinion in sheet.opinions.all()}
    return [
        Line(label, said.get(level))
        for level, label in LEVELS.items()
        if level in levels or level in said
    ]


def as_handed_in(sheet: SignOff) -> tuple[Ticket, list[Measure]]:
    """The ticket and its measures as they stood then (two queries): a sheet never changes.

    Of a ticket from before its versions were kept, as they stand now.
    """
    ticket = sheet.ticket
    version = _newest(Ticket.history.filter(id=ticket.pk), sheet)
    if not version:
        return ticket, list(ticket.measures.all())
    measures = _newest(Measure.history.filter(ticket_id=ticket.pk), sheet)
    there = [each for each in measures if each.dropped_on is None]
    return version[0], sorted(there, key=lambda measure: (measure.order, measure.pk))


def _newest(history, sheet: SignOff) -> list:
    """Of each record the last version that was there when the sheet was handed in."""
    rows = history.filter(history_date__lte=sheet.at).order_by("history_id")
    return [row.instance for row in {row.id: row for row in rows}.values()]


@dataclass(frozen=True, slots=True)
class Filed:
    """One file of evidence as it was when the sheet was handed in."""

    name: str
    size: int
    sha256: str
    is_key: bool
    was_withdrawn: bool


def sheet_evidence(sheet: SignOff) -> list[Filed]:
    """The files that were on record when the sheet was handed in (one query).

    A sheet from before they were kept on it lists what was there by the times of the files.
    """
    evidence = sheet.ticket.evidence
    if sheet.files is None:
        there = Q(withdrawn_at=None) | Q(withdrawn_at__gt=sheet.at)
        found = evidence.filter(there, at__lte=sheet.at).order_by("-is_key", "pk")
        withdrawn = {file.pk for file in found if file.is_withdrawn}
        kept = [file.as_filed() for file in found]
    else:
        kept = sheet.files
        withdrawn = set(evidence.exclude(withdrawn_at=None).values_list("pk", flat=True))
    return [
        Filed(
            name=file["name"],
            size=file["size"],
            sha256=file["sha256"],
            is_key=file["is_key"],
            was_withdrawn=file["evidence"] in withdrawn,
        )
        for file in kept
    ]
