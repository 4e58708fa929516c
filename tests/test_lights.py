"""The light of a ticket: the order of judgement, the edges of the bands, and the presets."""

from datetime import date

import pytest

from tracker.choices import Colour, Condition, Kind, Light, Shape, Status
from tracker.lights import PLAIN, PRESETS, Bands, Facts, Lamp, in_use, legend
from tracker.worktime import WorkCalendar

TODAY = date(2026, 11, 18)  # a Wednesday
PAST, NEAR, FAR = date(2026, 11, 17), date(2026, 11, 20), date(2026, 12, 31)
WARN_UNTIL, FIRST_AFTER = date(2026, 11, 25), date(2026, 11, 26)


def bands(preset="plain", calendar=None) -> Bands:
    return Bands(PRESETS[preset].lamps, calendar or WorkCalendar())


def warning(days, *, in_workdays=True, calendar=None) -> date:
    lamp = Lamp(
        Light.WARN,
        "临期",
        Colour.AMBER,
        Shape.TRIANGLE,
        (Condition.DUE_WITHIN,),
        days=days,
        in_workdays=in_workdays,
    )
    return Bands((lamp,), calendar or WorkCalendar()).edge(lamp, TODAY).due_until


@pytest.mark.parametrize(
    ("status", "is_blocked", "due_on", "expected"),
    [
        pytest.param(Status.CLOSED, True, PAST, Light.DONE, id="closed_beats_all"),
        pytest.param(Status.IN_PROGRESS, True, PAST, Light.BLOCK, id="blocked_beats_late"),
        pytest.param(Status.UNCLAIMED, True, FAR, Light.BLOCK, id="blocked_beats_idle"),
        pytest.param(Status.UNCLAIMED, False, PAST, Light.LATE, id="late_beats_idle"),
        pytest.param(Status.CLAIMED, False, FAR, Light.IDLE, id="claimed_is_not_begun"),
        pytest.param(Status.UNCLAIMED, False, NEAR, Light.WARN, id="near_beats_idle"),
        pytest.param(Status.IN_PROGRESS, False, TODAY, Light.WARN, id="due_today_is_not_late"),
        pytest.param(Status.IN_PROGRESS, False, WARN_UNTIL, Light.WARN, id="last_day_of_band"),
        pytest.param(Status.IN_PROGRESS, False, FIRST_AFTER, Light.OK, id="first_day_after_band"),
        pytest.param(Status.UNCLAIMED, False, FAR, Light.IDLE, id="idle"),
        pytest.param(Status.UNCLAIMED, False, None, Light.IDLE, id="idle_without_deadline"),
        pytest.param(Status.RETURNED, False, FAR, Light.OK, id="returned_is_in_work"),
        pytest.param(Status.SUBMITTED, False, None, Light.OK, id="no_deadline_is_never_late"),
        pytest.param(Status.SUBMITTED, False, NEAR, Light.OK, id="in_review_nothing_comes_nearer"),
    ],
)
def test_the_order_of_judgement(status, is_blocked, due_on, expected):
    facts = Facts(status=status, is_blocked=is_blocked, due_on=due_on)

    assert bands().judge(facts, TODAY).light == expected


class TestSubmitted:
    """A ticket that waits for its review is judged on the day it was submitted."""

    @pytest.mark.parametrize(
        ("submitted_on", "expected"),
        [(PAST, Light.OK), (date(2026, 11, 16), Light.OK), (TODAY, Light.LATE)],
    )
    def test_waiting_makes_nobody_late(self, submitted_on, expected):
        facts = Facts(status=Status.SUBMITTED, due_on=PAST, judged_on=submitted_on)

        assert bands().judge(facts, TODAY).light == expected


class TestStale:
    """久未更新: no report within a period, and 整改中 does not hide it."""

    def judged(self, last_word_on, **facts) -> Light:
        facts = {"status": Status.IN_PROGRESS, "due_on": FAR} | facts
        return bands().judge(Facts(last_word_on=last_word_on, **facts), TODAY).light

    # The plain preset leaves the days to the round; without a round only today counts.
    def test_a_ticket_in_work_without_a_word_is_not_on_course(self):
        assert self.judged(PAST) == Light.STALE
        assert self.judged(TODAY) == Light.OK

    def test_nor_is_one_that_was_returned(self):
        assert self.judged(PAST, status=Status.RETURNED) == Light.STALE

    @pytest.mark.parametrize("status", [Status.UNCLAIMED, Status.SUBMITTED, Status.CLOSED], ids=str)
    def test_who_has_nothing_to_report_is_never_stale(self, status):
        assert self.judged(PAST, status=status) != Light.STALE

    def test_being_late_is_worse(self):
        assert self.judged(PAST, due_on=PAST) == Light.LATE

    def test_workdays_count_back_over_a_week_end(self):
        lamp = Lamp(
            Light.STALE, "久未更新", Colour.ORANGE, Shape.HOURGLASS, (Condition.STALE,), days=3
        )

        edge = Bands((lamp,), WorkCalendar()).edge(lamp, date(2026, 11, 24))

        assert edge.stale_before == date(2026, 11, 19)


class TestEdges:
    def test_workdays_jump_the_week_end(self):
        assert warning(3) == date(2026, 11, 23)

    def test_workdays_jump_a_holiday(self):
        holiday = WorkCalendar(off=frozenset({date(2026, 11, 19)}))

        assert warning(1, calendar=holiday) == date(2026, 11, 22)

    def test_natural_days_do_not(self):
        assert warning(3, in_workdays=False) == date(2026, 11, 21)

    def test_nought_warns_on_the_day_itself(self):
        assert warning(0) == TODAY
        assert warning(0, in_workdays=False) == TODAY


class TestPresets:
    @pytest.mark.parametrize("preset", PRESETS)
    def test_every_ticket_gets_a_light_and_every_light_looks_like_no_other(self, preset):
        lamps = PRESETS[preset].lamps

        assert Condition.OTHERWISE in lamps[-1].conditions
        assert len({lamp.light for lamp in lamps}) == len(lamps)
        assert len({lamp.word for lamp in lamps}) == len(lamps)
        assert len({lamp.shape for lamp in lamps}) == len(lamps)
        assert len({lamp.colour for lamp in lamps}) == len(lamps)

    @pytest.mark.parametrize(
        ("due_on", "word"),
        [
            (date(2026, 11, 17), "红色预警"),
            (date(2026, 11, 28), "黄色预警"),
            (date(2026, 11, 29), "绿色预警"),
            (date(2026, 12, 8), "绿色预警"),
            (date(2026, 12, 9), "正常"),
        ],
    )
    def test_jiangjin_warns_in_green_at_twenty_days_and_in_yellow_at_ten(self, due_on, word):
        facts = Facts(status=Status.IN_PROGRESS, due_on=due_on)

        assert bands("jiangjin").judge(facts, TODAY).word == word

    def test_jingdezhen_is_blue_for_what_must_be_kept_up(self):
        in_work = Facts(status=Status.IN_PROGRESS, due_on=FAR, kind=Kind.LONG_TERM)
        kept = Facts(status=Status.CLOSED, due_on=PAST, is_kept=True)
        closed = Facts(status=Status.CLOSED, due_on=PAST)

        lights = [bands("jingdezhen").judge(one, TODAY) for one in (in_work, kept, closed)]

        assert [lamp.colour for lamp in lights] == [Colour.BLUE, Colour.BLUE, Colour.TEAL]

    def test_jingdezhen_is_yellow_for_what_is_done_and_not_accepted(self):
        facts = Facts(status=Status.SUBMITTED, due_on=FAR)

        assert bands("jingdezhen").judge(facts, TODAY).colour == Colour.AMBER


class TestLegend:
    def test_it_says_the_days_and_begins_with_the_most_pressing(self):
        lamps = legend(PRESETS["jiangjin"].lamps)

        assert [(lamp.word, lamp.note) for lamp in lamps][:3] == [
            ("红色预警", ""),
            ("黄色预警", "10天内到期"),
            ("绿色预警", "20天内到期"),
        ]

    def test_a_page_shows_the_lights_of_its_round_and_any_that_a_ticket_has(self):
        assert Light.NOTICE not in in_use(PLAIN, {})
        assert Light.NOTICE in in_use(PLAIN, {Light.NOTICE: 1})
