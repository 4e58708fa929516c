"""Staff mark a ticket blocked and ask for coordination; the mark is lifted with what came of it."""

import pytest

from tests.conftest import TODAY, acts_for
from tests.factories import TicketFactory
from tracker.choices import Light, NoticeKind, Role
from tracker.models import Coordination, Notice, Ticket

pytestmark = pytest.mark.django_db

ASKED = {
    "reason": "待市财政落实资金",
    "needs_text": "市财政局预算科",
    "since_on": "2026-11-16",
    "version": 1,
}


def block(client, ticket, **fields):
    return client.post(f"/tickets/{ticket.pk}/block/", {**ASKED, **fields})


def unblock(client, ticket, outcome="资金已下达。", version=2):
    return client.post(f"/tickets/{ticket.pk}/unblock/", {"outcome": outcome, "version": version})


@pytest.fixture
def blocked(ticket, clerk, today):
    ticket.block(by=clerk, reason="待批复", needs_text="市编办", since_on=TODAY, version=1)
    return ticket


class TestBlock:
    def test_it_records_why_who_must_act_and_since_when(
        self, sign_in, clerk, ticket, bureau, today
    ):
        response = block(sign_in(clerk), ticket, needs_unit=bureau.pk)

        assert response.url == f"/tickets/{ticket.pk}/"
        request = Coordination.objects.get()
        assert (request.by, request.reason, request.ticket_version) == (
            clerk,
            "待市财政落实资金",
            2,
        )
        assert request.needs == "市水务局、市财政局预算科"
        assert str(request.since_on) == "2026-11-16"
        assert Ticket.objects.with_light(TODAY).get().light_on_day == Light.BLOCK

    def test_the_head_of_the_department_may_too(self, sign_in, ticket, department, today):
        block(sign_in(acts_for(department, Role.HEAD)), ticket)

        ticket.refresh_from_db()
        assert (ticket.is_blocked, ticket.blocked_reason) == (True, "待市财政落实资金")

    def test_leaders_and_the_office_are_told(
        self, sign_in, clerk, supervisor, viewer, ticket, bureau, today
    ):
        leader = acts_for(bureau, Role.LEADER)

        block(sign_in(clerk), ticket)

        told = Notice.objects.filter(kind=NoticeKind.BLOCKED)
        assert {notice.person for notice in told} == {leader, supervisor}
        assert told[0].text == "需市财政局预算科：待市财政落实资金"

    def test_the_tickets_own_leader_is_told_instead_of_all(
        self, sign_in, clerk, ticket, bureau, today
    ):
        own, other = acts_for(bureau, Role.LEADER), acts_for(bureau, Role.LEADER)
        Ticket.objects.update(leader=own)

        block(sign_in(clerk), ticket)

        assert own.notices.exists()
        assert not other.notices.exists()

    @pytest.mark.parametrize(
        ("fields", "error"),
        [
            ({"reason": " "}, "请填写受阻原因。"),
            ({"needs_text": ""}, "请选择需协调的单位，或在这里写明需要谁来办。"),
            ({"since_on": "2026-11-23"}, "受阻的起始日期不能晚于今天。"),
            ({"since_on": ""}, "请填写从哪天起受阻。"),
        ],
    )
    def test_it_needs_all_of_these(self, sign_in, clerk, ticket, today, fields, error):
        page = block(sign_in(clerk), ticket, **fields).content.decode()

        assert error in page
        assert not Coordination.objects.exists()

    def test_twice_is_refused(self, sign_in, clerk, blocked):
        page = block(sign_in(clerk), blocked, version=2).content.decode()

        assert "已经标记受阻" in page
        assert Coordination.objects.count() == 1

    @pytest.mark.parametrize("state", ["unclaimed", "submitted", "closed"])
    def test_it_is_refused_where_the_unit_has_it_not_in_hand(
        self, sign_in, clerk, inspection, department, today, state
    ):
        facts = {} if state == "unclaimed" else {state: True}
        ticket = TicketFactory(inspection=inspection, lead_unit=department, **facts)

        block(sign_in(clerk), ticket)

        ticket.refresh_from_db()
        assert not ticket.is_blocked

    @pytest.mark.parametrize("who", ["supervisor", "viewer", "operator"])
    def test_it_is_refused_to_other_roles(self, sign_in, request, ticket, today, who):
        page = block(sign_in(request.getfixturevalue(who)), ticket).content.decode()

        assert "需要承办人、部门负责人标记。" in page
        assert "待市财政落实资金" in page
        assert not Coordination.objects.exists()

    def test_a_neighbour_gets_404(self, sign_in, neighbour, ticket):
        assert block(sign_in(neighbour), ticket).status_code == 404

    def test_a_get_changes_nothing(self, sign_in, clerk, ticket, today):
        page = sign_in(clerk).get(f"/tickets/{ticket.pk}/block/", ASKED).content.decode()

        assert "协调请求送到责任领导和整改办" in page
        assert not Coordination.objects.exists()

    def test_who_was_slower_keeps_what_they_typed(self, sign_in, clerk, ticket, today):
        ticket.report(by=clerk, text="先一步填报。", version=1)

        response = block(sign_in(clerk), ticket)

        page = response.content.decode()
        assert response.status_code == 409
        assert "待市财政落实资金" in page
        assert "先一步填报。" in page
        assert f'name="version" value="{ticket.version}"' in page


class TestUnblock:
    def test_it_ends_the_request_with_its_outcome(self, sign_in, clerk, blocked):
        unblock(sign_in(clerk), blocked)

        request = Coordination.objects.get()
        assert (request.ended_by, request.outcome, request.ended_version) == (
            clerk,
            "资金已下达。",
            3,
        )
        blocked.refresh_from_db()
        assert (blocked.is_blocked, blocked.blocked_reason) == (False, "")

    def test_a_supervisor_may_lift_what_is_no_obstacle(self, sign_in, supervisor, clerk, blocked):
        Ticket.objects.update(reporter=clerk)

        unblock(sign_in(supervisor), blocked, outcome="批复早已下达，不算受阻。")

        assert not Coordination.objects.open().exists()
        assert clerk.notices.get(kind=NoticeKind.UNBLOCKED).by == supervisor

    def test_it_needs_its_reason(self, sign_in, clerk, blocked):
        page = unblock(sign_in(clerk), blocked, outcome="").content.decode()

        assert "请填写解除说明。" in page
        assert Coordination.objects.open().exists()

    def test_what_is_not_blocked_cannot_be_unblocked(self, sign_in, clerk, ticket):
        assert "没有标记受阻。" in unblock(sign_in(clerk), ticket, version=1).content.decode()

    def test_a_viewer_may_not(self, sign_in, viewer, blocked):
        unblock(sign_in(viewer), blocked)

        assert Coordination.objects.open().exists()

    def test_it_may_be_blocked_again_and_both_times_stand_in_the_history(
        self, sign_in, clerk, blocked
    ):
        client = sign_in(clerk)
        unblock(client, blocked)
        block(client, blocked, version=3)

        page = client.get(f"/tickets/{blocked.pk}/").content.decode()

        story = page.partition('id="history"')[2]
        assert story.count("<b>标记受阻</b>") == 2
        assert story.count("<b>解除受阻</b>") == 1
        assert "受阻，需市财政局预算科" in page
