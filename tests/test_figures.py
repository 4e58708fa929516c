"""口径: three buckets that hold every ticket once, and rates that name their rule."""

from datetime import date

import pytest

from tests.factories import MeasureFactory, TicketFactory
from tracker.figures import BASES, BUCKETS, OUTCOMES, Figures, basis_of, figures
from tracker.models import Ticket

TODAY = date(2026, 11, 22)


@pytest.fixture
def counted(inspection, today) -> Figures:
    def ticket(**facts):
        return TicketFactory(inspection=inspection, **facts)

    ticket(closed=True, due_on=date(2026, 11, 5))
    ticket(closed=True, due_on=date(2026, 10, 5))  # submitted on 1 November: late
    ticket(closed=True, due_on=date(2026, 11, 5), long_term_on=date(2026, 11, 3))
    ticket(in_progress=True, due_on=date(2026, 12, 30))
    ticket(in_progress=True, due_on=date(2026, 12, 30), original_due_on=date(2026, 12, 1))
    ticket(in_progress=True, due_on=date(2026, 11, 2))
    behind = ticket(in_progress=True, due_on=date(2026, 12, 30))
    MeasureFactory(ticket=behind, due_on=date(2026, 11, 2))
    finished = ticket(in_progress=True, due_on=date(2026, 12, 30))
    MeasureFactory(ticket=finished, due_on=date(2026, 11, 2), done_on=date(2026, 11, 9))
    return figures(Ticket.objects.with_light(TODAY), TODAY)


@pytest.mark.django_db
class TestFigures:
    def test_every_ticket_is_in_one_bucket(self, counted):
        assert counted.total == 8
        assert {one.name: n for one, n in counted.buckets} == {
            "done": 2,
            "lasting": 1,
            "undone": 5,
        }

    def test_what_is_counted_beside_them(self, counted):
        assert {one.name: n for one, n in counted.beside} == {
            "delayed": 1,
            "on_schedule": 3,
            "behind": 2,
            "on_time": 2,
            "late_closed": 1,
        }

    @pytest.mark.parametrize(
        ("name", "part", "whole", "words"),
        [
            ("done", 2, 8, "完成率＝完成÷问题总数"),
            ("closed", 3, 8, "销号率＝（完成＋基本完成·长期坚持）÷问题总数"),
            ("schedule", 6, 8, "序时率＝（完成＋基本完成·长期坚持＋达到序时）÷问题总数"),
            ("on_time", 2, 3, "按时销号率＝按时销号÷（按时销号＋超期销号）"),
        ],
    )
    def test_a_rate_names_its_rule(self, counted, name, part, whole, words):
        rate = counted.rate(BASES[name])

        assert (rate.part, rate.whole, rate.basis.words) == (part, whole, words)
        assert rate.percent == part * 100 / whole

    def test_basically_done_counts_as_done_only_if_asked_for(self, counted):
        assert counted.rate(basis_of(None)).part == counted.counts["done"]
        assert counted.rate(basis_of("nonsense")).basis is BASES["done"]


def test_a_rate_of_nothing_is_no_rate():
    nothing = Figures(0, dict.fromkeys(OUTCOMES, 0))

    assert nothing.rate(BASES["on_time"]).percent is None


def test_the_buckets_come_first():
    assert tuple(OUTCOMES)[: len(BUCKETS)] == BUCKETS
