"""The light of a ticket: colour, shape and word on the wall. Pure; bands are data of the round.

Order of judgement: closed, blocked, late, near the deadline, not begun, on course. The default
band of five workdays follows common practice; rounds set their own, since places differ.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.choices import Light, Status
from tracker.worktime import WorkCalendar


@dataclass(frozen=True, slots=True)
class Bands:
    """How near a deadline must be to warn: a number of days, working or natural."""

    warn_days: int = 5
    in_workdays: bool = True

    def warn_until(self, on: date, calendar: WorkCalendar) -> date:
        """Return the last deadline that still warns on this day."""
        if self.in_workdays:
            return calendar.last_day_within(on, self.warn_days)
        return on + timedelta(days=self.warn_days)


def light(
    *, status: str, is_blocked: bool, due_on: date | None, on: date, warn_until: date
) -> Light:
    """Judge one ticket or measure; `TicketQuerySet.with_light` says the same in SQL."""
    if status == Status.CLOSED:
        return Light.DONE
    if is_blocked:
        return Light.BLOCK
    if due_on and due_on < on:
        return Light.LATE
    if due_on and due_on <= warn_until:
        return Light.WARN
    if status == Status.UNCLAIMED:
        return Light.IDLE
    return Light.OK
