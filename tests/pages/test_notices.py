"""消息 and the bell: what a person was told, read or not."""

import re

import pytest

from tests.conftest import acts_for
from tests.factories import TicketFactory
from tracker import notices
from tracker.choices import NoticeKind, Role
from tracker.models import Membership, Notice

pytestmark = pytest.mark.django_db


def bell(response) -> str:
    return re.search(r'class="gt-bell"[^>]*aria-label="([^"]+)"', response.content.decode())[1]


@pytest.fixture
def told(ticket, clerk, supervisor):
    """The clerk was told three things; the newest first."""
    for kind, text in [
        (NoticeKind.RETURNED, "缺监理单位的回执"),
        (NoticeKind.INSTRUCTED, "排出周计划"),
        (NoticeKind.PRESSED, "请于今日报送（第1次）"),
    ]:
        notices.tell([clerk], kind, ticket, text, by=supervisor)
    return list(Notice.objects.of(clerk))


class TestBell:
    def test_it_counts_the_unread(self, sign_in, clerk, told):
        client = sign_in(clerk)
        assert bell(client.get("/")) == "未读消息 3 条"

        client.post(f"/notices/{told[0].pk}/open/")

        assert bell(client.get("/")) == "未读消息 2 条"
        client.post("/notices/read/")
        assert bell(client.get("/")) == "消息，没有未读"

    def test_it_costs_one_query(self, clerk, told, django_assert_num_queries):
        assert clerk.units_in_reach

        with django_assert_num_queries(1):
            assert clerk.unread_notices == 3


class TestList:
    def test_the_newest_first_with_kind_words_and_author(self, sign_in, clerk, supervisor, told):
        page = sign_in(clerk).get("/notices/").content.decode()

        assert re.findall(r'class="t">\d+　([^<]+)<', page) == [one.text for one in told]
        assert "邓佳" in page
        assert page.count("is-unread") == 3

    @pytest.mark.parametrize(
        ("query", "count"),
        [("", 3), ("?unread=on", 2), ("?kind=pressed", 1), ("?kind=pressed&kind=returned", 2)],
    )
    def test_it_is_filtered(self, sign_in, clerk, told, query, count):
        client = sign_in(clerk)
        client.post(f"/notices/{told[1].pk}/open/")

        assert client.get(f"/notices/{query}").context["page"].paginator.count == count

    def test_opening_one_leads_to_its_ticket_and_marks_it(self, sign_in, clerk, ticket, told):
        response = sign_in(clerk).post(f"/notices/{told[0].pk}/open/")

        assert response.url == f"/tickets/{ticket.pk}/"
        told[0].refresh_from_db()
        assert told[0].read_at

    def test_a_notice_about_no_ticket_leads_where_it_says(self, sign_in, clerk):
        notices.tell([clerk], NoticeKind.HANDOVER, None, "请确认交接", link="/overview/")

        response = sign_in(clerk).post(f"/notices/{Notice.objects.get().pk}/open/")

        assert response.url == "/overview/"

    def test_looking_marks_nothing(self, sign_in, clerk, told):
        client = sign_in(clerk)
        client.get("/notices/")
        assert client.get(f"/notices/{told[0].pk}/open/").status_code == 405

        assert Notice.objects.unread().count() == 3

    def test_anothers_notice_is_404(self, sign_in, supervisor, told):
        response = sign_in(supervisor).post(f"/notices/{told[0].pk}/open/")

        assert response.status_code == 404
        assert Notice.objects.unread().count() == 3

    def test_all_read_marks_only_ones_own(self, sign_in, supervisor, clerk, ticket, told):
        notices.tell([supervisor], NoticeKind.BLOCKED, ticket, "需协调")

        response = sign_in(clerk).post("/notices/read/", {"back": "workbench"})

        assert response.url == "/"
        assert [one.person for one in Notice.objects.unread()] == [supervisor]

    def test_what_left_the_reach_is_not_shown(self, sign_in, clerk, other_bureau, told):
        Membership.objects.filter(person=clerk).update(unit=other_bureau)

        client = sign_in(clerk)

        assert "还没有消息" in client.get("/notices/").content.decode()
        assert client.post(f"/notices/{told[0].pk}/open/").status_code == 404

    def test_it_says_what_will_come_here(self, sign_in, clerk):
        page = sign_in(clerk).get("/notices/").content.decode()

        assert "催办、批示、退回、延期和交接会通知到这里" in page

    @pytest.mark.parametrize("count", [2, 60])
    def test_its_queries_do_not_grow(
        self, sign_in, clerk, department, inspection, count, django_assert_num_queries
    ):
        ticket = TicketFactory(inspection=inspection, lead_unit=department)
        for _ in range(count):
            notices.tell([clerk], NoticeKind.OTHER, ticket, "通知", by=ticket.bulletin.imported_by)
        client = sign_in(clerk)
        client.get("/notices/")  # renews the session, once a minute

        # session, person, duties, units; count, page, unread
        with django_assert_num_queries(7):
            client.get("/notices/")


class TestRequests:
    """协调请求: the list that leaders answer."""

    @pytest.mark.parametrize("count", [1, 15])
    def test_its_queries_do_not_grow(
        self, sign_in, bureau, department, inspection, today, count, django_assert_num_queries
    ):
        leader = acts_for(bureau, Role.LEADER)
        for n in range(count):
            one = TicketFactory(
                inspection=inspection, lead_unit=department, in_progress=True, blocked=True
            )
            one.instruct(by=leader, text=f"请办{n}", upon=one.coordinations.get())
        client = sign_in(leader)
        client.get("/coordination/?state=open")

        # session, person, duties; three counts; count, requests, tickets (with bands:
        # rounds, holidays), instructions, replies; bell
        with django_assert_num_queries(15):
            page = client.get("/coordination/?state=open").content.decode()
        assert page.count("gt-request") == count

    def test_only_who_may_instruct_is_offered_it(
        self, sign_in, clerk, bureau, department, inspection, today
    ):
        TicketFactory(inspection=inspection, lead_unit=department, in_progress=True, blocked=True)
        leader = acts_for(bureau, Role.LEADER)

        assert "/instruct/" in sign_in(leader).get("/coordination/").content.decode()
        assert "/instruct/" not in sign_in(clerk).get("/coordination/").content.decode()

    def test_a_neighbour_sees_none(self, sign_in, neighbour, department, inspection, today):
        TicketFactory(inspection=inspection, lead_unit=department, in_progress=True, blocked=True)

        assert "没有等待批示的协调请求" in sign_in(neighbour).get("/coordination/").content.decode()
