"""Reporting periods (week, half-month, month). Pure; day and calendar are arguments.

A unit reports once in each period. The key is stored with the report, so that it stays what it was
when the round later changes its rhythm.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.choices import ReportingPeriod
from tracker.worktime import ONE_DAY, WorkCalendar, add_months

# Up to this day of a month it is 上半月.
MID_MONTH = 15


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch of days for which a unit owes one report."""

    kind: ReportingPeriod
    first: date
    last: date

    @property
    def key(self) -> str:
        """A name that sorts by time and is never another period's.

        >>> period_of(date(2026, 9, 3), ReportingPeriod.HALF_MONTH).key
        '2026-09-a'
        >>> period_of(date(2027, 1, 1), ReportingPeriod.WEEK).key  # ISO weeks: still 2026
        '2026-W53'
        """
        if self.kind == ReportingPeriod.WEEK:
            year, week, _ = self.first.isocalendar()
            return f"{year}-W{week:02d}"
        month = f"{self.first.year}-{self.first.month:02d}"
        if self.kind == ReportingPeriod.MONTH:
            return month
        return f"{month}-{'a' if self.first.day == 1 else 'b'}"

    @property
    def label(self) -> str:
        """What the office calls it.

        >>> period_of(date(2026, 9, 16), ReportingPeriod.HALF_MONTH).label
        '9月下半月'
        >>> period_of(date(2026, 10, 1), ReportingPeriod.WEEK).label
        '9月28日至10月4日'
        """
        if self.kind == ReportingPeriod.WEEK:
            first, last = self.first, self.last
            month = "" if first.month == last.month else f"{last.month}月"
            return f"{first.month}月{first.day}日至{month}{last.day}日"
        if self.kind == ReportingPeriod.MONTH:
            return f"{self.first.month}月"
        return f"{self.first.month}月{'上' if self.first.day == 1 else '下'}半月"

    def due_on(self, calendar: WorkCalendar) -> date:
        """The day by which its report is asked: its last workday.

        Earlier than the last day rather than later, since afterwards the next period has begun;
        a period without any workday (a week of holidays) is asked on the first workday after it.

        >>> period_of(date(2026, 11, 20), ReportingPeriod.MONTH).due_on(WorkCalendar())
        datetime.date(2026, 11, 30)
        >>> period_of(date(2026, 11, 3), ReportingPeriod.HALF_MONTH).due_on(WorkCalendar())
        datetime.date(2026, 11, 13)
        >>> golden_week = WorkCalendar(off=frozenset(date(2029, 10, day) for day in range(1, 6)))
        >>> period_of(date(2029, 10, 3), ReportingPeriod.WEEK).due_on(golden_week)
        datetime.date(2029, 10, 8)
        """
        day = self.last
        while day >= self.first:
            if calendar.is_workday(day):
                return day
            day -= ONE_DAY
        day = self.last + ONE_DAY
        while not calendar.is_workday(day):
            day += ONE_DAY
        return day

    def next(self) -> "Period":
        return period_of(self.last + ONE_DAY, self.kind)

    def before(self) -> "Period":
        return period_of(self.first - ONE_DAY, self.kind)


def period_of(day: date, kind: str) -> Period:
    """The period to which a day belongs.

    >>> half = period_of(date(2028, 2, 20), ReportingPeriod.HALF_MONTH)
    >>> half.first, half.last
    (datetime.date(2028, 2, 16), datetime.date(2028, 2, 29))
    """
    kind = ReportingPeriod(kind)
    if kind == ReportingPeriod.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(kind, monday, monday + timedelta(days=6))
    first = day.replace(day=1)
    last = add_months(first, 1) - ONE_DAY
    if kind == ReportingPeriod.MONTH:
        return Period(kind, first, last)
    if day.day <= MID_MONTH:
        return Period(kind, first, day.replace(day=MID_MONTH))
    return Period(kind, day.replace(day=MID_MONTH + 1), last)


def period_from_key(key: str) -> Period:
    """Read a key back, whatever the rhythm was at the time.

    >>> [period_from_key(key).label for key in ("2026-W48", "2026-11-b", "2026-11")]
    ['11月23日至29日', '11月下半月', '11月']
    """
    year, _, rest = key.partition("-")
    if rest.startswith("W"):
        return period_of(date.fromisocalendar(int(year), int(rest[1:]), 1), ReportingPeriod.WEEK)
    month, _, half = rest.partition("-")
    day = date(int(year), int(month), MID_MONTH + 1 if half == "b" else 1)
    return period_of(day, ReportingPeriod.HALF_MONTH if half else ReportingPeriod.MONTH)


def next_report_on(on: date, kind: str, calendar: WorkCalendar, *, reported: bool) -> date:
    """When the next report is asked: for this period, or the next one once this has its report.

    >>> next_report_on(date(2026, 9, 16), "half_month", WorkCalendar(), reported=False)
    datetime.date(2026, 9, 30)
    >>> next_report_on(date(2026, 9, 16), "half_month", WorkCalendar(), reported=True)
    datetime.date(2026, 10, 15)
    """
    period = period_of(on, kind)
    return (period.next() if reported else period).due_on(calendar)
