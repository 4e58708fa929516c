"""字段变更: what differs between one version of a ticket, or of its measures, and the next.

The history tells the story in the words that people left; this is the plain account of every
column, for whoever asks for it. No HTML.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils import timezone

from tracker.models import Measure, Ticket

# What follows from the writing itself.
_NOT_TOLD = {"id", "version", "created_at", "updated_at"}
# More versions than anybody reads at once.
MOST = 300


@dataclass(frozen=True, slots=True)
class Diff:
    """One field that differs, in the words of the forms."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Version:
    """What one act changed of one record: of the ticket, or of the measure that `of` names."""

    of: str
    at: datetime
    by: str
    why: str
    request_id: str
    diffs: list[Diff]


def versions(ticket: Ticket) -> list[Version]:
    """The versions of a ticket and its measures in which a field changed, the newest first.

    A query for each kind of record, and one for each kind that a changed field points at.
    """
    return _told(
        [
            *_pairs(Ticket.history.filter(id=ticket.pk)),
            *_pairs(Measure.history.filter(ticket_id=ticket.pk)),
        ]
    )


def versions_of(record: models.Model) -> list[Version] | None:
    """The same of one record of any kind; None where no versions are kept."""
    history = getattr(type(record), "history", None)
    return None if history is None else _told(_pairs(history.filter(id=record.pk)))


def _told(rows: Iterable[tuple]) -> list[Version]:
    changed = [
        (before, after, names) for before, after in rows if (names := _differ(before, after))
    ]
    changed.sort(key=lambda each: each[1].history_date, reverse=True)
    named = _names(changed)
    return [
        Version(
            of=after.instance.label if after.instance_type is Measure else "",
            at=after.history_date,
            by=str(after.history_user or ""),
            why=after.history_change_reason or "",
            request_id=after.request_id,
            diffs=[
                Diff(
                    str(field.verbose_name),
                    _words(field, getattr(before, field.attname), named),
                    _words(field, getattr(after, field.attname), named),
                )
                for field in names
            ],
        )
        for before, after, names in changed
    ]


def _pairs(history) -> Iterator[tuple]:
    """Each version with the one before it, record by record; the first of each has none."""
    rows = list(history.select_related("history_user").order_by("-history_id")[:MOST])
    last: dict[int, object] = {}
    for row in reversed(rows):
        if row.id in last:
            yield last[row.id], row
        last[row.id] = row


def _differ(before, after) -> list[models.Field]:
    return [
        field
        for field in after.instance_type._meta.concrete_fields
        if field.name not in _NOT_TOLD
        and hasattr(after, field.attname)  # secrets are not kept
        and getattr(before, field.attname) != getattr(after, field.attname)
    ]


def _names(changed: Iterable[tuple]) -> dict[type[models.Model], dict[int, str]]:
    """What the changed fields point at, by model and key."""
    keys: dict[type[models.Model], set[int]] = {}
    for before, after, fields in changed:
        for field in fields:
            if field.is_relation:
                found = keys.setdefault(field.related_model, set())
                found |= {getattr(before, field.attname), getattr(after, field.attname)} - {None}
    return {
        model: {pk: str(row) for pk, row in model._base_manager.in_bulk(found).items()}
        for model, found in keys.items()
    }


def _words(field: models.Field, value, named: dict[type[models.Model], dict[int, str]]) -> str:
    if value is None or value == "":
        return ""
    if field.is_relation:
        return named[field.related_model].get(value, str(value))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return str(value)
