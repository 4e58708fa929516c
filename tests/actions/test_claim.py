"""A member of staff takes a ticket on."""

import pytest

from tests.factories import TicketFactory
from tracker.choices import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def unclaimed(inspection, department):
    return TicketFactory(inspection=inspection, lead_unit=department, person_text="梁某")


def claim(client, ticket):
    return client.post(f"/tickets/{ticket.pk}/move/claim/", {"version": ticket.version})


class TestClaim:
    def test_it_makes_the_clerk_the_reporter_and_not_the_person_responsible(
        self, sign_in, clerk, unclaimed
    ):
        response = claim(sign_in(clerk), unclaimed)

        assert response.url == f"/tickets/{unclaimed.pk}/"
        unclaimed.refresh_from_db()
        assert (unclaimed.status, unclaimed.reporter) == (Status.CLAIMED, clerk)
        assert (unclaimed.person, unclaimed.person_text) == (None, "梁某")

    def test_it_records_who_claimed(self, sign_in, clerk, unclaimed):
        claim(sign_in(clerk), unclaimed)

        move = unclaimed.transitions.get()
        assert (move.by, move.source, move.target) == (clerk, "unclaimed", "claimed")
        change = unclaimed.changes.get()
        assert (change.field, change.old, change.new) == ("填报人", "", "梁文")

    def test_its_page_says_what_follows_and_changes_nothing(self, sign_in, clerk, unclaimed):
        page = sign_in(clerk).get(f"/tickets/{unclaimed.pk}/move/claim/").content.decode()

        assert "台账不健全" in page
        assert "认领后由您填报和提交" in page
        unclaimed.refresh_from_db()
        assert unclaimed.status == Status.UNCLAIMED

    @pytest.mark.parametrize(
        "status", ["claimed", "in_progress", "returned", "submitted", "closed"]
    )
    def test_it_is_refused_from_every_other_status(
        self, sign_in, clerk, inspection, department, status
    ):
        ticket = TicketFactory(inspection=inspection, lead_unit=department, **{status: True})

        response = claim(sign_in(clerk), ticket)

        assert "只有“待认领”的问题可以认领" in response.content.decode()
        ticket.refresh_from_db()
        assert (ticket.status, ticket.transitions.count()) == (status, 0)

    @pytest.mark.parametrize("role", ["supervisor", "operator", "viewer"])
    def test_it_is_refused_to_every_other_role(self, sign_in, request, unclaimed, role):
        response = claim(sign_in(request.getfixturevalue(role)), unclaimed)

        assert "需要承办人办理。" in response.content.decode()
        unclaimed.refresh_from_db()
        assert unclaimed.status == Status.UNCLAIMED

    def test_a_neighbour_gets_404(self, sign_in, neighbour, unclaimed):
        assert claim(sign_in(neighbour), unclaimed).status_code == 404
        assert sign_in(neighbour).get(f"/tickets/{unclaimed.pk}/move/claim/").status_code == 404
        unclaimed.refresh_from_db()
        assert unclaimed.status == Status.UNCLAIMED

    def test_other_methods_are_refused(self, sign_in, clerk, unclaimed):
        client = sign_in(clerk)
        for method in (client.put, client.patch, client.delete):
            assert method(f"/tickets/{unclaimed.pk}/move/claim/").status_code == 405

    def test_a_move_that_is_not_in_the_table_is_404(self, sign_in, clerk, unclaimed):
        client = sign_in(clerk)
        assert client.get(f"/tickets/{unclaimed.pk}/move/withdraw/").status_code == 404
        # The import makes this record, nobody makes it by hand.
        assert client.post(f"/tickets/{unclaimed.pk}/move/import/").status_code == 404
