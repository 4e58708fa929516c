"""Working days: pure functions, the date and the calendar are always arguments."""

from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The exceptions to Monday-to-Friday that the State Council publishes for each year.

    `off` are holidays that fall on weekdays, `on` are make-up workdays (调休) at weekends.
    A year that is not loaded counts Monday to Friday.
    """

    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        return day in self.on or (day.weekday() < 5 and day not in self.off)

    def workdays_between(self, start: date, end: date) -> int:
        """Count the workdays after `start` up to and including `end`; negative if end is earlier.

        >>> WorkCalendar().workdays_between(date(2026, 11, 18), date(2026, 11, 23))
        3
        >>> WorkCalendar().workdays_between(date(2026, 11, 23), date(2026, 11, 18))
        -3
        """
        if end < start:
            return -self.workdays_between(end, start)
        # Whole weeks are five days before the exceptions; only the rest is walked.
        weeks, rest = divmod((end - start).days, 7)
        count = weeks * 5
        day = start + timedelta(weeks=weeks)
        for _ in range(rest):
            day += ONE_DAY
            count += day.weekday() < 5
        count -= sum(start < d <= end and d.weekday() < 5 for d in self.off)
        count += sum(start < d <= end and d.weekday() >= 5 for d in self.on)
        return count

    def last_day_within(self, start: date, workdays: int) -> date:
        """Return the last day that is at most this many workdays after `start`.

        >>> WorkCalendar().last_day_within(date(2026, 11, 18), 3)  # Wed + 3 = Mon
        datetime.date(2026, 11, 23)
        >>> WorkCalendar().last_day_within(date(2026, 11, 18), 2)  # the week-end still counts 2
        datetime.date(2026, 11, 22)
        """
        day, left = start, workdays
        while True:
            left -= self.is_workday(day + ONE_DAY)
            if left < 0:
                return day
            day += ONE_DAY

    def first_day_within(self, end: date, workdays: int) -> date:
        """Return the first day that is at most this many workdays before `end`.

        >>> WorkCalendar().first_day_within(date(2026, 11, 23), 3)  # Mon - 3 = Wed
        datetime.date(2026, 11, 18)
        """
        day, left = end, workdays
        while True:
            left -= self.is_workday(day)
            if left < 0:
                return day
            day -= ONE_DAY

    def workday_after(self, start: date, workdays: int) -> date:
        """Return the workday that comes so many workdays after `start`.

        >>> WorkCalendar().workday_after(date(2026, 11, 20), 1)  # Friday
        datetime.date(2026, 11, 23)
        """
        day = start
        while workdays > 0:
            day += ONE_DAY
            workdays -= self.is_workday(day)
        return day


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day if it has no such day.

    >>> add_months(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - ONE_DAY).day
    return day.replace(year=year, month=month, day=min(day.day, last))


def due_words(due_on: date | None, on: date, calendar: WorkCalendar) -> str:
    """Say how long a deadline leaves, as the office says it.

    >>> due_words(date(2026, 11, 23), date(2026, 11, 18), WorkCalendar())
    '剩3个工作日'
    >>> due_words(date(2026, 11, 22), date(2026, 11, 20), WorkCalendar())  # Friday to Sunday
    '剩2天（均为休息日）'
    """
    if due_on is None:
        return "未定时限"
    if due_on == on:
        return "今天到期"
    days = calendar.workdays_between(on, due_on)
    if due_on > on:
        return f"剩{days}个工作日" if days else f"剩{(due_on - on).days}天（均为休息日）"
    return f"超期{-days}个工作日" if days else "已超期"
