"""A supervisor grants the closing (销号)."""

from datetime import date

import pytest

from tests.conftest import acts_for
from tests.factories import TicketFactory
from tracker.choices import Role, Status
from tracker.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(ticket, clerk):
    ticket.report(by=clerk, text="已补登。", version=1)
    ticket.move("submit", by=clerk, note="台账已补齐。", version=2)
    return ticket


def close(client, ticket, note="经现场复核，同意销号。"):
    return client.post(
        f"/tickets/{ticket.pk}/move/close/",
        {"version": ticket.version, "note": note, "way": "on_site"},
    )


class TestClose:
    def test_it_locks_the_ticket_with_the_day_and_the_opinion(
        self, sign_in, supervisor, submitted, today
    ):
        close(sign_in(supervisor), submitted)

        submitted.refresh_from_db()
        assert (submitted.status, submitted.closed_on) == (Status.CLOSED, date(2026, 11, 22))
        record = submitted.transitions.first()
        assert (record.by, record.note) == (supervisor, "经现场复核，同意销号。")

    def test_a_closed_ticket_offers_nothing_more(self, sign_in, supervisor, clerk, submitted):
        close(sign_in(supervisor), submitted)
        client = sign_in(clerk)

        page = client.get(f"/tickets/{submitted.pk}/").content.decode()
        assert "已锁定，不能再填报或修改。" in page
        assert f'href="/tickets/{submitted.pk}/report/"' not in page
        assert "不能填报进展" in client.get(f"/tickets/{submitted.pk}/report/").content.decode()

    def test_who_submitted_it_cannot_close_it(self, sign_in, clerk, submitted, bureau):
        Membership.objects.create(person=clerk, unit=bureau, role=Role.OFFICE)

        page = close(sign_in(clerk), submitted).content.decode()

        assert "提交人不能审核自己提交的问题。" in page
        submitted.refresh_from_db()
        assert submitted.status == Status.SUBMITTED

    def test_a_supervisor_of_another_department_does_not_even_see_it(
        self, sign_in, submitted, other_department
    ):
        stranger = acts_for(other_department, Role.OFFICE)

        assert close(sign_in(stranger), submitted).status_code == 404

    def test_it_needs_an_opinion(self, sign_in, supervisor, submitted):
        response = close(sign_in(supervisor), submitted, note="")

        assert response.context["form"]["note"].label == "审核意见"
        assert response.context["form"].errors == {"note": ["请填写审核意见。"]}
        submitted.refresh_from_db()
        assert submitted.status == Status.SUBMITTED

    @pytest.mark.parametrize(
        "status", ["unclaimed", "claimed", "in_progress", "returned", "closed"]
    )
    def test_it_is_refused_from_every_other_status(
        self, sign_in, supervisor, inspection, department, status
    ):
        state = {} if status == "unclaimed" else {status: True}
        ticket = TicketFactory(inspection=inspection, lead_unit=department, **state)

        page = close(sign_in(supervisor), ticket).content.decode()

        assert "只有“待审核”的问题可以确认销号" in page
        ticket.refresh_from_db()
        assert (ticket.status, ticket.transitions.count()) == (status, 0)

    @pytest.mark.parametrize("role", ["clerk", "operator", "viewer"])
    def test_it_is_refused_to_every_other_role(self, sign_in, request, submitted, role):
        page = close(sign_in(request.getfixturevalue(role)), submitted).content.decode()

        assert "需要整改办办理。" in page
        submitted.refresh_from_db()
        assert submitted.status == Status.SUBMITTED

    def test_a_get_changes_nothing(self, sign_in, supervisor, submitted):
        response = sign_in(supervisor).get(f"/tickets/{submitted.pk}/move/close/")

        assert "销号后本问题锁定" in response.content.decode()
        submitted.refresh_from_db()
        assert submitted.status == Status.SUBMITTED
