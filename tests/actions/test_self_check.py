"""举一反三: problems found besides the feedback, and one problem sent to other units."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import acts_for
from tests.factories import BulletinFactory, SelfCheckFactory, TicketFactory
from tracker.choices import CheckAnswer, Origin, Role, Status
from tracker.models import SelfCheck, Ticket, selfcheck
from tracker.workflow import MoveRefused

pytestmark = pytest.mark.django_db

FACTS = {
    "title": "路灯台账不健全",
    "problem": "路灯台账缺三十处。",
    "due_on": date(2026, 12, 10),
}


@pytest.fixture
def inspector(bureau, other_bureau):
    """Watches both bureaus."""
    person = acts_for(bureau, Role.INSPECTOR, username="inspector", name="程巡察")
    person.memberships.create(unit=other_bureau, role=Role.INSPECTOR)
    return person


@pytest.fixture
def check(today, ticket, other_bureau, inspector):
    return SelfCheckFactory(ticket=ticket, unit=other_bureau, sent_by=inspector)


class TestFound:
    def test_it_is_a_ticket_with_its_own_number_behind_its_parent(self, today, ticket, clerk):
        found = selfcheck.open_found(
            ticket, by=clerk, origin=Origin.SIMILAR, lead_unit=ticket.lead_unit, **FACTS
        )

        code = ticket.inspection.code
        assert (found.number, found.parent, found.bulletin) == (f"{code}-J001", ticket, None)
        assert (found.status, found.original_due_on) == (Status.UNCLAIMED, FACTS["due_on"])
        record = found.transitions.get()
        assert (record.move, record.by, record.get_move_display()) == ("found", clerk, "自查登记")

    def test_its_series_leaves_that_of_the_feedback_alone(self, today, ticket, clerk):
        before = ticket.inspection.last_serial

        numbers = [
            selfcheck.open_found(
                ticket, by=clerk, origin=origin, lead_unit=ticket.lead_unit, **FACTS
            ).number
            for origin in (Origin.SIMILAR, Origin.SELF)
        ]

        assert [number.rsplit("-", 1)[1] for number in numbers] == ["J001", "Z002"]
        ticket.inspection.refresh_from_db()
        assert ticket.inspection.last_serial == before
        TicketFactory(inspection=ticket.inspection, serial=1 if ticket.serial != 1 else 2)

    def test_it_goes_the_way_of_every_ticket(self, today, ticket, clerk):
        found = selfcheck.open_found(
            ticket, by=clerk, origin=Origin.SELF, lead_unit=ticket.lead_unit, **FACTS
        )

        found.move("claim", by=clerk, version=1)

        assert found.status != Status.UNCLAIMED

    def test_it_counts_apart(self, today, ticket, clerk):
        found = selfcheck.open_found(
            ticket, by=clerk, origin=Origin.SELF, lead_unit=ticket.lead_unit, **FACTS
        )

        assert list(Ticket.objects.fed_back()) == [ticket]
        assert list(Ticket.objects.found()) == [found]

    def test_others_do_not_register_it(self, today, ticket, viewer, neighbour):
        for person in (viewer, neighbour):
            with pytest.raises(MoveRefused):
                selfcheck.open_found(
                    ticket, by=person, origin=Origin.SELF, lead_unit=ticket.lead_unit, **FACTS
                )

    def test_its_words_are_locked_like_printed_ones(self, today, ticket, clerk):
        found = selfcheck.open_found(
            ticket, by=clerk, origin=Origin.SELF, lead_unit=ticket.lead_unit, **FACTS
        )

        for change in ({"problem": "改写"}, {"origin": "transferred"}, {"parent": None}):
            with pytest.raises(IntegrityError, match="锁定"), transaction.atomic():
                Ticket.objects.filter(pk=found.pk).update(**change)

    def test_feedback_without_a_bulletin_is_refused(self, ticket):
        with pytest.raises(IntegrityError, match="bulletin"), transaction.atomic():
            TicketFactory(inspection=ticket.inspection, bulletin=None)

    def test_a_found_problem_with_a_bulletin_or_without_a_parent_is_refused(self, ticket):
        facts = {"inspection": ticket.inspection, "origin": Origin.SELF}
        bulletin = BulletinFactory(inspection=ticket.inspection)
        with pytest.raises(IntegrityError, match="parent"), transaction.atomic():
            TicketFactory(**facts, parent=ticket, bulletin=bulletin)
        with pytest.raises(IntegrityError, match="parent"), transaction.atomic():
            TicketFactory(**facts, bulletin=None)


class TestSend:
    def test_each_unit_gets_one_request(
        self, today, ticket, inspector, other_bureau, other_department
    ):
        sent = selfcheck.send(
            ticket, [other_bureau, other_department], by=inspector, words="请自查。",
            due_on=date(2026, 12, 1),
        )  # fmt: skip

        assert {each.unit for each in sent} == {other_bureau, other_department}
        assert all(each.is_waiting and each.sent_by == inspector for each in sent)

    def test_the_unit_is_told(self, today, ticket, inspector, other_bureau, neighbour):
        (sent,) = selfcheck.send(
            ticket, [other_bureau], by=inspector, words="请自查。", due_on=date(2026, 12, 1)
        )

        assert neighbour.notices.get().link == f"/self-checks/{sent.pk}/"

    def test_no_unit_gets_it_twice(self, check, ticket, inspector, other_bureau):
        with pytest.raises(MoveRefused, match="已经发过"):
            selfcheck.send(
                ticket, [other_bureau], by=inspector, words="再查。", due_on=date(2026, 12, 1)
            )

    def test_only_units_in_reach(self, today, ticket, bureau, other_bureau):
        office = acts_for(bureau, Role.OFFICE)

        with pytest.raises(MoveRefused, match="不在您的范围内"):
            selfcheck.send(
                ticket, [other_bureau], by=office, words="请自查。", due_on=date(2026, 12, 1)
            )

    def test_staff_do_not_send(self, today, ticket, clerk, other_department):
        with pytest.raises(MoveRefused, match="整改办或巡察办"):
            selfcheck.send(
                ticket, [other_department], by=clerk, words="查。", due_on=date(2026, 12, 1)
            )

    def test_not_to_be_answered_before_today(self, today, ticket, inspector, other_bureau):
        with pytest.raises(MoveRefused, match="早于今天"):
            selfcheck.send(
                ticket, [other_bureau], by=inspector, words="查。", due_on=date(2026, 11, 21)
            )


class TestAnswer:
    def test_none_with_what_was_looked_at(self, check, neighbour):
        check.answer_none(by=neighbour, statement="查了全部12本台账，无缺项。")

        check.refresh_from_db()
        assert (check.answer, check.answered_by) == (CheckAnswer.NONE, neighbour)

    def test_none_needs_a_statement(self, check, neighbour):
        with pytest.raises(MoveRefused, match="怎么查的"):
            check.answer_none(by=neighbour, statement=" ")

    def test_found_opens_a_ticket_of_the_unit(self, check, neighbour, ticket, other_bureau):
        found = check.answer_found(by=neighbour, **FACTS)

        assert (found.lead_unit, found.parent, found.origin) == (other_bureau, ticket, "similar")
        check.refresh_from_db()
        assert (check.answer, check.found) == (CheckAnswer.FOUND, found)
        assert found in Ticket.objects.visible_to(neighbour)
        assert ticket not in Ticket.objects.visible_to(neighbour)

    def test_it_is_answered_once(self, check, neighbour):
        stale = SelfCheck.objects.get(pk=check.pk)
        check.answer_none(by=neighbour, statement="没有。")

        with pytest.raises(MoveRefused, match="已经答复"):
            stale.answer_found(by=neighbour, **FACTS)
        assert not Ticket.objects.found().exists()

    def test_by_the_unit_that_was_asked(self, check, clerk, inspector):
        for person in (clerk, inspector):
            with pytest.raises(MoveRefused, match="市林业局"):
                check.answer_none(by=person, statement="没有。")

    def test_an_answer_cannot_be_altered(self, check, neighbour):
        check.answer_none(by=neighbour, statement="没有。")

        with pytest.raises(IntegrityError, match="不能修改或删除"), transaction.atomic():
            SelfCheck.objects.update(statement="改写")
        with pytest.raises(IntegrityError, match="不能修改或删除"), transaction.atomic():
            SelfCheck.objects.update(words="改写")
        with pytest.raises(IntegrityError, match="不能修改或删除"), transaction.atomic():
            SelfCheck.objects.all().delete()


def test_whom_a_self_check_waits_for(check, neighbour, clerk, inspector):
    assert list(SelfCheck.objects.to_answer_by(neighbour)) == [check]
    for person in (clerk, inspector):
        assert not SelfCheck.objects.to_answer_by(person).exists()
        assert list(SelfCheck.objects.visible_to(person)) == [check]
