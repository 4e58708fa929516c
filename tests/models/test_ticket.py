"""Numbers that are never given twice, and facts that change only with a record."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from tests.factories import IndicatorFactory, InspectionFactory, MeasureFactory, TicketFactory
from tracker.models import Ticket
from tracker.workflow import MoveRefused, TicketChanged


@pytest.mark.django_db
class TestSerials:
    def test_they_go_on_from_the_last_one_given(self, inspection):
        assert list(inspection.take_serials(3)) == [1, 2, 3]
        assert list(inspection.take_serials(2)) == [4, 5]

    def test_a_stale_copy_gives_none_twice(self, inspection):
        stale = type(inspection).objects.get(pk=inspection.pk)
        inspection.take_serials(3)

        assert list(stale.take_serials(1)) == [4]

    def test_numbers_of_two_inspections_never_meet(self, bureau):
        first, second = (
            TicketFactory(inspection=InspectionFactory(unit=bureau, feedback_on=day))
            for day in (date(2026, 3, 1), date(2026, 9, 1))
        )

        assert first.serial == second.serial == 1
        assert first.number != second.number


@pytest.mark.django_db
class TestAmend:
    def test_each_field_that_differs_becomes_a_record(self, ticket, operator, clerk):
        changes = ticket.amend(
            {"person": clerk, "due_on": date(2026, 12, 18), "title": ticket.title},
            by=operator,
            why="会议纪要三号",
            version=1,
        )

        assert {(c.field, c.old, c.new) for c in changes} >= {
            ("责任人", "", "梁文"),
            ("整改时限", "2026年12月1日", "2026年12月18日"),
        }
        assert all((c.by, c.why) == (operator, "会议纪要三号") for c in changes)
        ticket.refresh_from_db()
        assert (ticket.version, ticket.original_due_on) == (2, date(2026, 12, 1))
        assert "问题" not in {c.field for c in changes}

    def test_nothing_new_is_no_record_and_no_version(self, ticket, operator):
        assert ticket.amend({"title": ticket.title}, by=operator, why="", version=1) == []
        ticket.refresh_from_db()
        assert ticket.version == 1

    def test_a_closed_ticket_is_locked(self, operator):
        closed = TicketFactory(closed=True)

        with pytest.raises(MoveRefused, match="已锁定"):
            closed.amend({"title": "改写"}, by=operator, why="", version=1)

    def test_what_was_printed_cannot_even_be_asked_for(self, ticket, operator):
        with pytest.raises(ValueError, match="not amendable"):
            ticket.amend({"problem": "改写"}, by=operator, why="", version=1)

    def test_an_old_version_changes_nothing(self, ticket, operator):
        ticket.amend({"title": "甲"}, by=operator, why="", version=1)

        with pytest.raises(TicketChanged):
            ticket.amend({"title": "乙"}, by=operator, why="", version=1)
        ticket.refresh_from_db()
        assert ticket.title == "甲"


@pytest.mark.django_db
def test_a_refused_report_leaves_nothing_behind(ticket, clerk):
    """The figures come after the text; a breach there must take the text back as well."""
    measure, indicator = MeasureFactory(ticket=ticket), IndicatorFactory(ticket=ticket)

    with pytest.raises(Exception, match="indicator_is_not_negative"), transaction.atomic():
        ticket.report(
            by=clerk,
            text="已办。",
            version=1,
            figures={indicator: (-1, 20)},
            measures_done=[measure],
        )

    ticket.refresh_from_db()
    assert (ticket.version, ticket.progress.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_very_same_moment_one_wins(ticket, clerk, supervisor):
    """Two connections, one version: whoever comes second is told, on either database."""
    at_once = threading.Barrier(2)
    outcomes = []

    def report(text):
        try:
            mine = Ticket.objects.get(pk=ticket.pk)
            at_once.wait(timeout=10)
            mine.report(by=clerk, text=text, version=1)
            outcomes.append("kept")
        except TicketChanged:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=report, args=(text,)) for text in ("甲", "乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == ["kept", "told"]
    ticket.refresh_from_db()
    assert (ticket.version, ticket.progress.count()) == (2, 1)
