"""Working days: whole weeks, holidays, make-up days, both ways; and months."""

from datetime import date, timedelta

import pytest

from tracker.models import Holiday
from tracker.worktime import WorkCalendar, add_months, due_words

PLAIN = WorkCalendar()
# A week off from Thursday, 1 October, made up for on the Saturday after.
OCTOBER = WorkCalendar(
    off=frozenset(date(2026, 10, day) for day in (1, 2, 5, 6, 7)),
    on=frozenset({date(2026, 10, 10)}),
)


def counted_one_by_one(calendar, start, end):
    days = ((start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
    return sum(calendar.is_workday(day) for day in days)


class TestWorkdaysBetween:
    @pytest.mark.parametrize("calendar", [PLAIN, OCTOBER], ids=["plain", "october"])
    @pytest.mark.parametrize("start", [date(2026, 9, 23) + timedelta(days=n) for n in range(7)])
    def test_it_agrees_with_counting_day_by_day(self, calendar, start):
        for length in range(30):
            end = start + timedelta(days=length)
            expected = counted_one_by_one(calendar, start, end)
            assert calendar.workdays_between(start, end) == expected
            assert calendar.workdays_between(end, start) == -expected

    def test_a_holiday_does_not_count_and_a_make_up_day_does(self):
        assert OCTOBER.workdays_between(date(2026, 9, 30), date(2026, 10, 8)) == 1
        assert OCTOBER.workdays_between(date(2026, 10, 9), date(2026, 10, 11)) == 1


class TestLastDayWithin:
    @pytest.mark.parametrize("calendar", [PLAIN, OCTOBER], ids=["plain", "october"])
    def test_it_is_the_last_day_with_that_many_workdays(self, calendar):
        for offset in range(14):
            start = date(2026, 9, 28) + timedelta(days=offset)
            for workdays in range(8):
                last = calendar.last_day_within(start, workdays)
                assert calendar.workdays_between(start, last) == workdays
                after = last + timedelta(days=1)
                assert calendar.workdays_between(start, after) == workdays + 1


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 9, 1), 3, date(2026, 12, 1)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_add_months(day, months, expected):
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (None, "未定时限"),
        (date(2026, 9, 30), "今天到期"),
        (date(2026, 10, 8), "剩1个工作日"),
        (date(2026, 10, 7), "剩7天（均为休息日）"),
        (date(2026, 9, 29), "超期1个工作日"),
    ],
)
def test_due_words(due_on, words):
    assert due_words(due_on, date(2026, 9, 30), OCTOBER) == words


def test_due_words_on_a_sunday_for_a_deadline_on_saturday():
    assert due_words(date(2026, 11, 21), date(2026, 11, 22), PLAIN) == "已超期"


@pytest.mark.django_db
def test_the_calendar_is_loaded_from_the_table_of_holidays():
    Holiday.objects.all().delete()
    Holiday.objects.create(on=date(2031, 10, 1), name="国庆节")
    Holiday.objects.create(on=date(2031, 10, 11), is_workday=True)

    calendar = Holiday.objects.calendar()

    assert not calendar.is_workday(date(2031, 10, 1))
    assert calendar.is_workday(date(2031, 10, 11))
