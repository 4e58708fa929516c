"""What the printed 对账销号单 shows beside its own fields; no HTML."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from tracker.choices import Role
from tracker.models import Opinion, SignOff
from tracker.models.evidence import EvidenceQuerySet
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


def sheet_evidence(sheet: SignOff) -> EvidenceQuerySet:
    """The files that were on record when the sheet was handed in."""
    there = Q(withdrawn_at=None) | Q(withdrawn_at__gt=sheet.at)
    return sheet.ticket.evidence.filter(there, at__lte=sheet.at).order_by("-is_key", "pk")
