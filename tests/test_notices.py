"""Who is told what, once, and in the transaction of its cause."""

import pytest
from django.db import transaction

from tests.conftest import TODAY, acts_for
from tests.factories import PersonFactory
from tracker import notices
from tracker.choices import NoticeKind, Role
from tracker.models import Membership, Notice, Ticket

pytestmark = pytest.mark.django_db


class TestTell:
    def test_each_is_told_once_and_not_whoever_did_it(self, ticket, clerk, supervisor):
        gone = PersonFactory(is_active=False)

        told = notices.tell(
            [clerk, clerk, supervisor, gone, None],
            NoticeKind.PRESSED,
            ticket,
            "请报进展",
            by=supervisor,
        )

        assert [notice.person for notice in told] == [clerk]

    def test_a_long_text_is_cut_to_a_line(self, ticket, clerk):
        notices.tell([clerk], NoticeKind.OTHER, ticket, "长" * 400)

        assert Notice.objects.get().text == "长" * 299 + "…"

    def test_it_goes_with_its_cause(self, ticket, clerk):
        with transaction.atomic():
            notices.tell([clerk], NoticeKind.OTHER, ticket, "没有发生的事")
            transaction.set_rollback(True)

        assert not Notice.objects.exists()

    def test_it_is_one_query_however_many_are_told(
        self, ticket, department, django_assert_num_queries
    ):
        people = [acts_for(department, Role.STAFF) for _ in range(12)]

        with django_assert_num_queries(1):
            notices.tell(people, NoticeKind.OTHER, ticket, "通知")


class TestWhoAnswers:
    def test_reporter_person_and_the_heads_above(self, ticket, clerk, department, bureau):
        person = acts_for(department, Role.STAFF)
        heads = [acts_for(department, Role.HEAD), acts_for(bureau, Role.HEAD)]
        ticket.reporter, ticket.person = clerk, person

        assert set(notices.answering_for(ticket)) == {clerk, person, *heads}

    def test_a_head_of_another_department_is_not_asked(self, ticket, clerk, other_department):
        acts_for(other_department, Role.HEAD)

        assert notices.answering_for(ticket) == [clerk, None]


class TestReach:
    def test_what_has_left_the_readers_reach_is_hidden(self, ticket, clerk):
        notices.tell([clerk], NoticeKind.OTHER, ticket, "通知")
        notices.tell([clerk], NoticeKind.OTHER, None, "不关问题的通知", link="/notices/")
        assert Notice.objects.of(clerk).count() == 2

        Membership.objects.all().delete()

        mover = type(clerk).objects.get(pk=clerk.pk)
        assert [notice.text for notice in Notice.objects.of(mover)] == ["不关问题的通知"]
        assert mover.unread_notices == 1

    def test_nobody_reads_anothers(self, ticket, clerk, supervisor):
        notices.tell([clerk], NoticeKind.OTHER, ticket, "通知")

        assert not Notice.objects.of(supervisor).exists()


def test_a_request_and_its_end_tell_the_office(ticket, clerk, supervisor, today):
    Ticket.objects.update(reporter=clerk)
    ticket.block(by=clerk, reason="待批复", needs_text="市编办", since_on=TODAY, version=1)
    ticket.unblock(by=clerk, outcome="已批复。", version=2)

    kinds = list(Notice.objects.of(supervisor).values_list("kind", flat=True))
    assert kinds == [NoticeKind.UNBLOCKED, NoticeKind.BLOCKED]
    assert not Notice.objects.of(clerk).exists()
