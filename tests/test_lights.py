"""The light of a ticket: the order of judgement and the edges of the bands."""

from datetime import date

import pytest

from tracker.choices import Light, Status
from tracker.lights import Bands, light
from tracker.worktime import WorkCalendar

TODAY = date(2026, 11, 18)  # a Wednesday
WARN_UNTIL = date(2026, 11, 25)
PAST, NEAR, FAR = date(2026, 11, 17), date(2026, 11, 20), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("status", "is_blocked", "due_on", "expected"),
    [
        pytest.param(Status.CLOSED, True, PAST, Light.DONE, id="closed_beats_all"),
        pytest.param(Status.IN_PROGRESS, True, PAST, Light.BLOCK, id="blocked_beats_late"),
        pytest.param(Status.UNCLAIMED, True, FAR, Light.BLOCK, id="blocked_beats_idle"),
        pytest.param(Status.UNCLAIMED, False, PAST, Light.LATE, id="late_beats_idle"),
        pytest.param(Status.SUBMITTED, False, PAST, Light.LATE, id="submitting_does_not_stop_it"),
        pytest.param(Status.UNCLAIMED, False, NEAR, Light.WARN, id="near_beats_idle"),
        pytest.param(Status.IN_PROGRESS, False, TODAY, Light.WARN, id="due_today_is_not_late"),
        pytest.param(Status.IN_PROGRESS, False, WARN_UNTIL, Light.WARN, id="last_day_of_band"),
        pytest.param(
            Status.IN_PROGRESS, False, date(2026, 11, 26), Light.OK, id="first_day_after_band"
        ),
        pytest.param(Status.UNCLAIMED, False, FAR, Light.IDLE, id="idle"),
        pytest.param(Status.UNCLAIMED, False, None, Light.IDLE, id="idle_without_deadline"),
        pytest.param(Status.RETURNED, False, FAR, Light.OK, id="returned_is_in_work"),
        pytest.param(Status.SUBMITTED, False, None, Light.OK, id="no_deadline_is_never_late"),
    ],
)
def test_the_order_of_judgement(status, is_blocked, due_on, expected):
    judged = light(
        status=status, is_blocked=is_blocked, due_on=due_on, on=TODAY, warn_until=WARN_UNTIL
    )

    assert judged == expected


class TestBands:
    def test_workdays_jump_the_week_end(self):
        assert Bands(3).warn_until(TODAY, WorkCalendar()) == date(2026, 11, 23)

    def test_workdays_jump_a_holiday(self):
        holiday = WorkCalendar(off=frozenset({date(2026, 11, 19)}))

        assert Bands(1).warn_until(TODAY, holiday) == date(2026, 11, 22)

    def test_natural_days_do_not(self):
        assert Bands(3, in_workdays=False).warn_until(TODAY, WorkCalendar()) == date(2026, 11, 21)

    def test_nought_warns_on_the_day_itself(self):
        assert Bands(0).warn_until(TODAY, WorkCalendar()) == TODAY
        assert Bands(0, in_workdays=False).warn_until(TODAY, WorkCalendar()) == TODAY
