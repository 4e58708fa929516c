"""What the boards count, and that their sums agree."""

from collections import Counter
from datetime import date, timedelta

import pytest

from tests.conftest import TODAY
from tests.factories import InspectionFactory, RoundFactory, TicketFactory, UnitFactory
from tracker import earlier, statistics
from tracker.choices import Light, Status
from tracker.models import Ticket
from tracker.statistics import Gap
from tracker.worktime import WorkCalendar


def lit():
    return Ticket.objects.with_light(TODAY)


def news_of(name: str) -> int:
    return next(n for kind, n in statistics.news(lit(), TODAY).kinds if kind.name == name)


@pytest.mark.django_db
class TestTally:
    def test_it_agrees_with_counting_by_hand(self, today, inspection, department):
        for n, status in enumerate(Status):
            for due_on in (TODAY - timedelta(days=3), TODAY + timedelta(days=2), None):
                for is_blocked in (False, True):
                    TicketFactory(
                        inspection=inspection,
                        lead_unit=(inspection.unit, department)[n % 2],
                        status=status,
                        closed_on=TODAY if status == Status.CLOSED else None,
                        due_on=due_on,
                        is_blocked=is_blocked,
                        blocked_reason="待批复" if is_blocked else "",
                    )
        tickets = list(Ticket.objects.all())
        bands = inspection.round.bands

        tally = statistics.tally(lit())

        assert tally.total == len(tickets) == 36
        assert tally.by_status == Counter(ticket.status for ticket in tickets)
        assert tally.by_light == Counter(ticket.lamp(TODAY, bands).light for ticket in tickets)
        assert tally.open == 30
        assert tally.closed_percent == 600 / 36
        assert sum(count for _, count in tally.stages) == 36
        assert statistics.total_of(statistics.tally_units(lit())) == tally

    def test_progress_takes_the_last_report_and_believes_the_submitter(
        self, today, inspection, clerk, department
    ):
        TicketFactory(inspection=inspection, closed=True)
        TicketFactory(inspection=inspection, submitted=True)
        TicketFactory(inspection=inspection)
        reported = TicketFactory(inspection=inspection, lead_unit=department, in_progress=True)
        reported.report(by=clerk, text="过半。", percent=60, version=1)
        reported.report(by=clerk, text="复核后下调。", percent=40, version=2)
        reported.report(by=clerk, text="没有新的比例。", version=3)

        assert statistics.tally(lit()).percent == (100 + 100 + 0 + 40) / 4

    def test_no_tickets_have_no_share(self, today):
        tally = statistics.tally(lit())

        assert (tally.total, tally.percent, tally.closed_percent) == (0, None, None)
        assert statistics.total_of([]) == tally

    def test_the_next_deadline_is_none_that_has_passed(self, today, inspection):
        for days in (-5, 12, 30):
            TicketFactory(inspection=inspection, due_on=TODAY + timedelta(days=days))

        tally = statistics.tally(lit())

        assert tally.next_due_on == date(2026, 12, 4)
        assert tally.earliest_due[Light.LATE] == date(2026, 11, 17)

    def test_units_come_in_their_official_order_and_by_their_short_names(self, today, inspection):
        second = UnitFactory(name="临江市审计局", short_name="市审计局", sort_no=2)
        first = UnitFactory(name="临江市住建局", sort_no=1)
        for unit in (second, first, second):
            TicketFactory(inspection=inspection, lead_unit=unit)

        units = statistics.tally_units(lit())

        assert [(unit.name, unit.tally.total) for unit in units] == [
            ("临江市住建局", 1),
            ("市审计局", 2),
        ]

    def test_two_units_of_one_name_are_told_apart_by_the_unit_above(self, today, inspection):
        for bureau in ("市住建局", "市审计局"):
            above = UnitFactory(name=f"临江{bureau}", short_name=bureau)
            office = UnitFactory(name="办公室", parent=above)
            TicketFactory(inspection=inspection, lead_unit=office)

        names = [unit.name for unit in statistics.tally_units(lit())]

        assert names == ["市住建局办公室", "市审计局办公室"]


class TestFocus:
    @pytest.mark.parametrize(
        ("on", "days", "workdays", "percent"),
        [
            pytest.param(date(2026, 9, 1), 91, 65, 0, id="the day of feedback"),
            pytest.param(date(2026, 11, 22), 9, 7, 82 * 100 / 91, id="under way"),
            pytest.param(date(2026, 12, 1), 0, 0, 100, id="the last day"),
            pytest.param(date(2026, 12, 8), -7, -5, 100, id="over"),
            pytest.param(date(2026, 8, 1), 122, 87, 0, id="before the feedback"),
        ],
    )
    def test_it_measures_what_is_left(self, on, days, workdays, percent):
        inspection = InspectionFactory.build(
            feedback_on=date(2026, 9, 1), round=RoundFactory.build(focus_months=3)
        )

        focus = statistics.focus(inspection, on, WorkCalendar())

        assert focus.ends_on == date(2026, 12, 1)
        assert (focus.days, focus.workdays) == (days, workdays)
        assert focus.time_percent == pytest.approx(percent)
        assert focus.is_over == (days < 0)

    @pytest.mark.parametrize(
        ("work", "time", "words"),
        [
            (82.3, 94.6, "落后12.3个百分点"),
            (90.0, 80.0, "领先10个百分点"),
            (50.0, 50.04, "与时间进度持平"),
            # As the page prints them: 33.3 and 66.7 are 33.4 apart.
            (100 / 3, 200 / 3, "落后33.4个百分点"),
        ],
    )
    def test_the_gap_is_that_between_the_printed_numbers(self, work, time, words):
        assert str(Gap(work, time)) == words


@pytest.mark.django_db
class TestNews:
    """Since Monday of last week, 9 November."""

    def test_it_counts_tickets_from_the_records(
        self, time_machine, inspection, department, clerk, supervisor
    ):
        def at(day: str) -> None:
            time_machine.move_to(f"2026-11-{day}T10:00:00+08:00", tick=False)

        at("06")
        before, twice, closed = (
            TicketFactory(inspection=inspection, lead_unit=department, in_progress=True)
            for _ in range(3)
        )
        before.report(by=clerk, text="已办。", version=1)
        before.move("submit", by=clerk, note="已办。", version=2)
        twice.report(by=clerk, text="已办。", version=1)
        closed.report(by=clerk, text="已办。", version=1)
        at("09")
        closed.move("submit", by=clerk, note="已办。", version=2)
        closed.move("close", by=supervisor, note="同意。", version=3)
        at("10")
        twice.move("submit", by=clerk, note="已办。", version=2)
        twice.move("return", by=supervisor, note="再补。", version=3)
        at("12")
        twice.report(by=clerk, text="已补。", version=4)
        twice.move("submit", by=clerk, note="已补。", version=5)
        at("22")

        news = statistics.news(lit(), TODAY)
        counts = {kind.name: n for kind, n in news.kinds}

        assert (news.since_on, news.than) == (date(2026, 11, 9), "较上周一")
        assert (counts["closed"], counts["submitted"], counts["returned"]) == (1, 2, 1)
        assert counts["claimed"] == 0
        assert news.since == {
            "total": "持平",
            "open": "-1",
            "closed": "+1",
            "late": "持平",
            "blocked": "持平",
        }

    def test_a_total_of_then_is_found_back_from_the_records(
        self, time_machine, inspection, department, clerk, supervisor
    ):
        """A ticket reopened since was closed then; a moved deadline was another; and so on."""

        def at(day: str) -> None:
            time_machine.move_to(f"2026-11-{day}T10:00:00+08:00", tick=False)

        at("01")
        facts = {"inspection": inspection, "lead_unit": department}
        due = date(2026, 11, 5)
        closed = TicketFactory(**facts, closed=True, due_on=date(2026, 11, 30))
        _late, moved, in_review, freed = (
            TicketFactory(**facts, in_progress=True, due_on=due) for _ in range(4)
        )
        freed.block(
            by=clerk, reason="待批复", needs_text="市编办", since_on=date(2026, 11, 1), version=1
        )
        in_review.report(by=clerk, text="已办。", version=1)
        in_review.move("submit", by=clerk, note="已办。", version=2)
        at("12")
        TicketFactory(**facts, in_progress=True, due_on=due)  # new, and late
        moved.record_change(
            "整改时限", "2026年11月5日", "2026年12月30日", by=supervisor, why="批准延期"
        )
        Ticket.objects.filter(pk=moved.pk).update(due_on=date(2026, 12, 30))
        freed.unblock(by=clerk, outcome="已批复。", version=2)
        closed.move(
            "reopen",
            by=supervisor,
            note="又停记。",
            ground="rebound",
            due_on=date(2026, 11, 30),
            version=closed.version,
        )
        in_review.move("return", by=supervisor, note="再补。", version=3)
        at("22")

        counted = lit().aggregate(**earlier.counts(date(2026, 11, 9), TODAY))
        now, then = earlier.totals(lit(), date(2026, 11, 9), counted)

        # Now late: the late one, what is not blocked or in review any more, and the new one.
        assert now == earlier.Totals(total=6, closed=0, late=4, blocked=0)
        assert then == earlier.Totals(total=5, closed=1, late=2, blocked=1)

    @pytest.mark.parametrize(
        ("due_on", "is_new"),
        [
            (date(2026, 11, 7), False),
            (date(2026, 11, 8), True),  # late since the ninth
            (date(2026, 11, 21), True),
            (date(2026, 11, 22), False),  # due today
        ],
    )
    def test_a_ticket_is_newly_late_the_day_after_its_deadline(
        self, today, inspection, due_on, is_new
    ):
        TicketFactory(inspection=inspection, due_on=due_on)
        TicketFactory(inspection=inspection, due_on=due_on, closed=True)

        assert news_of("red") == is_new

    def test_only_what_became_blocked_and_still_is_counts(
        self, time_machine, inspection, department, clerk
    ):
        def block(ticket, version):
            ticket.block(
                by=clerk,
                reason="待批复",
                needs_text="市编办",
                since_on=date(2026, 11, 1),
                version=version,
            )

        long_ago, freed, still = TicketFactory.create_batch(
            3, inspection=inspection, lead_unit=department, in_progress=True
        )
        time_machine.move_to("2026-11-01T10:00:00+08:00", tick=False)
        block(long_ago, 1)
        time_machine.move_to("2026-11-16T10:00:00+08:00", tick=False)
        block(freed, 1)
        block(still, 1)
        freed.unblock(by=clerk, outcome="已批复。", version=2)

        assert news_of("blocked") == 1


@pytest.mark.django_db
class TestTrend:
    def test_it_adds_up_by_week_and_knows_nothing_of_the_future(self, today, inspection):
        for closed_on, due_on in [
            (date(2025, 3, 3), date(2025, 3, 31)),  # long before the chart begins
            (date(2026, 11, 15), date(2026, 11, 20)),  # the Sunday of last week
            (date(2026, 11, 16), date(2026, 12, 4)),  # the Monday of this week
        ]:
            TicketFactory(
                inspection=inspection, status="closed", closed_on=closed_on, due_on=due_on
            )

        weeks = statistics.trend(statistics.courses(lit()), TODAY)

        by_week = {week.starts_on: (week.closed, week.planned) for week in weeks}
        assert len(by_week) == 25
        assert weeks[0] == statistics.Week(date(2026, 7, 13), 1, 1)
        assert by_week[date(2026, 11, 2)] == (1, 1)
        assert by_week[date(2026, 11, 9)] == (2, 1)
        assert by_week[date(2026, 11, 16)] == (3, 2)
        assert by_week[date(2026, 11, 30)] == (None, 3)

    def test_a_moved_deadline_does_not_mend_the_plan(self, today, inspection):
        TicketFactory(
            inspection=inspection,
            original_due_on=date(2026, 11, 6),
            due_on=date(2027, 1, 15),
            in_progress=True,
        )

        weeks = {
            week.starts_on: week.planned
            for week in statistics.trend(statistics.courses(lit()), TODAY)
        }

        assert (weeks[date(2026, 10, 26)], weeks[date(2026, 11, 2)]) == (0, 1)
