"""较上周一: how the totals stood when a day began, found back from the records.

Nothing of it is stored. What has no record since that day stood as it stands; the few tickets
that have one are put back to what their first record since says they were.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from tracker.choices import Status
from tracker.models import Change, Coordination, Ticket, Transition
from tracker.models.ticket_queryset import TicketQuerySet

_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_DEADLINE = str(Ticket._meta.get_field("due_on").verbose_name)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many tickets there are, closed, late and blocked: by facts, not by lights."""

    total: int
    closed: int
    late: int
    blocked: int

    @property
    def open(self) -> int:
        return self.total - self.closed

    def since(self, then: "Totals") -> dict[str, str]:
        """Each total against that of an earlier day, in words.

        >>> Totals(31, 14, 3, 3).since(Totals(31, 12, 4, 3))
        {'total': '持平', 'open': '-2', 'closed': '+2', 'late': '-1', 'blocked': '持平'}
        """
        names = ("total", "open", "closed", "late", "blocked")
        return {name: _signed(getattr(self, name) - getattr(then, name)) for name in names}


def _signed(number: int) -> str:
    if not number:
        return "持平"
    return f"{'+' if number > 0 else '-'}{abs(number)}"


@dataclass(frozen=True, slots=True)
class _Facts:
    """What of a ticket, at one moment, decides which totals it is in."""

    status: str
    is_blocked: bool
    due_on: date | None
    submitted_on: date | None

    def totals(self, on: date) -> Totals:
        is_closed = self.status == Status.CLOSED
        is_blocked = self.is_blocked and not is_closed
        day = (self.submitted_on or on) if self.status == Status.SUBMITTED else on
        is_late = bool(self.due_on and self.due_on < day) and not is_closed and not is_blocked
        return Totals(1, is_closed, is_late, is_blocked)


def begins(on: date) -> datetime:
    """The first moment of a day."""
    return timezone.make_aware(datetime.combine(on, time.min))


def counts(since: date, on: date) -> dict[str, Count]:
    """What `totals` needs of all tickets, to be counted along with other things."""
    old = Q(created_at__lt=begins(since))
    return {
        **{f"now_{name}": Count("pk", filter=q) for name, q in _conditions(on).items()},
        **{f"then_{name}": Count("pk", filter=old & q) for name, q in _conditions(since).items()},
    }


def _conditions(on: date) -> dict[str, Q]:
    """`_Facts.totals` said in SQL."""
    is_open = ~Q(status=Status.CLOSED)
    submitted = Q(status=Status.SUBMITTED)
    is_late = Q(submitted, due_on__lt=F("submitted_on")) | Q(~submitted, due_on__lt=on)
    return {
        "total": Q(pk__isnull=False),
        "closed": Q(status=Status.CLOSED),
        "late": is_open & Q(is_blocked=False) & is_late,
        "blocked": is_open & Q(is_blocked=True),
    }


def totals(tickets: TicketQuerySet, since: date, counted: dict[str, int]) -> tuple[Totals, Totals]:
    """The totals now and when the day began (one query, of what has a record since)."""
    names = ("total", "closed", "late", "blocked")
    now, then = ({name: counted[f"{when}_{name}"] for name in names} for when in ("now", "then"))
    for row in _touched(tickets, since):
        is_like, was_like = _as_it_is(row).totals(since), _as_it_was(row).totals(since)
        for name in names:
            then[name] += getattr(was_like, name) - getattr(is_like, name)
    return Totals(**now), Totals(**then)


def _touched(tickets: TicketQuerySet, since: date) -> Iterable[dict[str, Any]]:
    """The tickets of before that day of which something was recorded since."""
    at = begins(since)
    own = {"ticket": OuterRef("pk")}
    moves = Transition.objects.filter(at__gte=at)
    deadlines = Change.objects.filter(at__gte=at, field=_DEADLINE)
    blocks = Coordination.objects.filter(Q(at__gte=at) | Q(ended_at__gte=at))
    keys = moves.order_by().values("ticket")
    keys = keys.union(deadlines.order_by().values("ticket"), blocks.order_by().values("ticket"))
    sent = Transition.objects.filter(at__lt=at, target=Status.SUBMITTED, **own)
    stood = Coordination.objects.filter(Q(ended_at=None) | Q(ended_at__gte=at), at__lt=at, **own)
    return (
        tickets.order_by()
        .filter(created_at__lt=at, pk__in=keys)
        .annotate(
            status_then=Subquery(moves.filter(**own).order_by("pk").values("source")[:1]),
            due_then=Subquery(deadlines.filter(**own).order_by("pk").values("old")[:1]),
            blocked_then=Exists(stood),
            sent_then=Subquery(sent.order_by("-pk").values("at")[:1]),
        )
        .values(
            *("status", "is_blocked", "due_on", "submitted_on"),
            *("status_then", "due_then", "blocked_then", "sent_then"),
        )
    )


def _as_it_is(row: dict[str, Any]) -> _Facts:
    return _Facts(row["status"], row["is_blocked"], row["due_on"], row["submitted_on"])


def _as_it_was(row: dict[str, Any]) -> _Facts:
    sent = row["sent_then"]
    return _Facts(
        row["status_then"] or row["status"],
        row["blocked_then"],
        row["due_on"] if row["due_then"] is None else _day(row["due_then"]),
        timezone.localdate(sent) if sent else row["submitted_on"],
    )


def _day(words: str) -> date | None:
    """A day as the change history writes it: 2026年12月1日."""
    match = _DAY.search(words)
    return date(*map(int, match.groups())) if match else None
