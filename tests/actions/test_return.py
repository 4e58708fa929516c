"""A supervisor sends a submitted ticket back to its unit."""

import pytest

from tests.factories import TicketFactory
from tracker.choices import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(inspection, department):
    return TicketFactory(inspection=inspection, lead_unit=department, submitted=True)


def send_back(client, ticket, note="佐证材料不全"):
    return client.post(
        f"/tickets/{ticket.pk}/move/return/",
        {"version": ticket.version, "note": note, "way": "on_site"},
    )


class TestReturn:
    def test_it_records_who_sent_it_back_and_why(self, sign_in, supervisor, submitted):
        send_back(sign_in(supervisor), submitted)

        submitted.refresh_from_db()
        assert submitted.status == Status.RETURNED
        record = submitted.transitions.get()
        assert (record.by, record.note) == (supervisor, "佐证材料不全")

    def test_it_needs_a_reason(self, sign_in, supervisor, submitted):
        response = send_back(sign_in(supervisor), submitted, note="")

        assert response.context["form"].errors == {"note": ["请填写退回原因。"]}
        submitted.refresh_from_db()
        assert submitted.status == Status.SUBMITTED

    def test_the_unit_sees_the_reason(self, sign_in, supervisor, clerk, submitted):
        send_back(sign_in(supervisor), submitted)

        page = sign_in(clerk).get(f"/tickets/{submitted.pk}/").content.decode()
        assert "被退回" in page
        assert "佐证材料不全" in page

    @pytest.mark.parametrize(
        "status", ["unclaimed", "claimed", "in_progress", "returned", "closed"]
    )
    def test_it_is_refused_from_every_other_status(
        self, sign_in, supervisor, inspection, department, status
    ):
        state = {} if status == "unclaimed" else {status: True}
        ticket = TicketFactory(inspection=inspection, lead_unit=department, **state)

        page = send_back(sign_in(supervisor), ticket).content.decode()

        assert "只有“待审核”的问题可以退回" in page
        assert "佐证材料不全" in page
        ticket.refresh_from_db()
        assert (ticket.status, ticket.transitions.count()) == (status, 0)

    @pytest.mark.parametrize("role", ["clerk", "operator", "viewer"])
    def test_it_is_refused_to_every_other_role(self, sign_in, request, submitted, role):
        page = send_back(sign_in(request.getfixturevalue(role)), submitted).content.decode()

        assert "需要整改办办理。" in page
        submitted.refresh_from_db()
        assert submitted.status == Status.SUBMITTED

    def test_a_get_changes_nothing(self, sign_in, supervisor, submitted):
        response = sign_in(supervisor).get(
            f"/tickets/{submitted.pk}/move/return/?note=缺&version=1"
        )

        assert "退回后由承办单位补充整改" in response.content.decode()
        submitted.refresh_from_db()
        assert submitted.status == Status.SUBMITTED

    def test_a_neighbour_gets_404(self, sign_in, neighbour, submitted):
        assert send_back(sign_in(neighbour), submitted).status_code == 404
        submitted.refresh_from_db()
        assert submitted.status == Status.SUBMITTED
