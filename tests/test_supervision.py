"""When a ticket may be pressed again, and what is open to whom beside the moves."""

from datetime import date, datetime

import pytest

from tracker.supervision import Pause
from tracker.worktime import WorkCalendar

NATIONAL_DAY = WorkCalendar(
    off=frozenset(date(2026, 10, day) for day in (1, 2, 5, 6, 7)),
    on=frozenset({date(2026, 10, 10)}),
)


class TestPause:
    @pytest.mark.parametrize(
        ("pressed_at", "days", "again_at"),
        [
            pytest.param("2026-11-24 16:00", 1, "2026-11-25 16:00", id="tuesday"),
            pytest.param("2026-11-20 16:00", 1, "2026-11-23 16:00", id="friday_until_monday"),
            pytest.param("2026-11-21 10:00", 1, "2026-11-23 10:00", id="saturday_until_monday"),
            pytest.param("2026-09-30 09:00", 1, "2026-10-08 09:00", id="over_a_holiday"),
            pytest.param("2026-10-09 09:00", 1, "2026-10-10 09:00", id="make_up_workday"),
            pytest.param("2026-11-24 16:00", 3, "2026-11-27 16:00", id="three_days"),
        ],
    )
    def test_a_workday_is_the_same_hour_of_the_next_one(self, pressed_at, days, again_at):
        ends = Pause(days).ends(datetime.fromisoformat(pressed_at), NATIONAL_DAY)

        assert ends == datetime.fromisoformat(again_at)

    def test_hours_run_through_the_night(self):
        pause = Pause(4, in_workdays=False)

        ends = pause.ends(datetime.fromisoformat("2026-11-20 22:00"), NATIONAL_DAY)

        assert ends == datetime.fromisoformat("2026-11-21 02:00")

    def test_it_says_how_long_it_is(self):
        assert (str(Pause()), str(Pause(4, in_workdays=False))) == ("1个工作日", "4小时")
