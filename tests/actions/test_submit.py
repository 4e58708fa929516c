"""A member of staff asks for a ticket to be closed."""

import pytest

from tests.conftest import CHECKED
from tests.factories import TicketFactory
from tracker.choices import CheckItem, Status

pytestmark = pytest.mark.django_db


def submit(client, ticket, note="台账已补齐并逐项核对。", checks=CHECKED):
    ticket.refresh_from_db()
    return client.post(
        f"/tickets/{ticket.pk}/move/submit/", {"version": ticket.version, "note": note, **checks}
    )


@pytest.fixture
def reported(ticket, clerk):
    ticket.report(by=clerk, text="已补登。", version=1)
    return ticket


class TestSubmit:
    def test_it_waits_for_review_with_the_result_on_record(self, sign_in, clerk, reported):
        response = submit(sign_in(clerk), reported)

        assert response.url == f"/tickets/{reported.pk}/"
        reported.refresh_from_db()
        assert reported.status == Status.SUBMITTED
        move = reported.transitions.get()
        assert (move.by, move.note) == (clerk, "台账已补齐并逐项核对。")

    def test_it_needs_a_progress_report_first(self, sign_in, clerk, ticket):
        page = submit(sign_in(clerk), ticket).content.decode()

        assert "还没有填报过进展。" in page
        assert "台账已补齐并逐项核对。" in page  # what was typed can be copied
        ticket.refresh_from_db()
        assert ticket.status == Status.IN_PROGRESS

    def test_it_needs_a_key_evidence(self, sign_in, clerk, reported):
        key = reported.evidence.get(is_key=True)
        reported.withdraw(key, by=clerk, why="传错了。")

        page = submit(sign_in(clerk), reported).content.decode()

        assert "还差：没有关键佐证。" in page
        assert f'href="/tickets/{reported.pk}/evidence/">去上传佐证' in page
        reported.refresh_from_db()
        assert reported.status == Status.IN_PROGRESS

    def test_after_a_return_it_needs_another_report(self, sign_in, clerk, supervisor, reported):
        client = sign_in(clerk)
        submit(client, reported)
        reported.refresh_from_db()
        reported.move("return", by=supervisor, note="缺验收单", version=reported.version)

        assert "退回后还没有填报进展。" in submit(client, reported).content.decode()

        reported.report(by=clerk, text="验收单已补。", version=reported.version)
        submit(client, reported)
        reported.refresh_from_db()
        assert reported.status == Status.SUBMITTED

    def test_the_next_submission_begins_with_the_words_of_the_last(
        self, sign_in, clerk, supervisor, reported
    ):
        client = sign_in(clerk)
        submit(client, reported)
        reported.refresh_from_db()
        reported.move("return", by=supervisor, note="缺验收单", version=reported.version)
        # Only looked at, nothing was typed that could have been saved.
        page = client.get(f"/tickets/{reported.pk}/move/submit/").content.decode()
        assert "没有保存" not in page
        reported.report(by=clerk, text="验收单已补。", version=reported.version)

        form = client.get(f"/tickets/{reported.pk}/move/submit/").context["form"]

        assert form["note"].value() == "台账已补齐并逐项核对。"
        assert not form[f"yes_{CheckItem.MEASURES}"].value()

    def test_it_needs_words_on_the_result(self, sign_in, clerk, reported):
        response = submit(sign_in(clerk), reported, note="  ")

        assert response.context["form"].errors == {"note": ["请填写整改成效。"]}
        reported.refresh_from_db()
        assert reported.status == Status.IN_PROGRESS

    @pytest.mark.parametrize("status", ["unclaimed", "claimed", "submitted", "closed"])
    def test_it_is_refused_from_every_other_status(
        self, sign_in, clerk, inspection, department, status
    ):
        state = {} if status == "unclaimed" else {status: True}
        ticket = TicketFactory(inspection=inspection, lead_unit=department, **state)

        assert "的问题可以提交销号" in submit(sign_in(clerk), ticket).content.decode()

        ticket.refresh_from_db()
        assert (ticket.status, ticket.transitions.count()) == (status, 0)

    @pytest.mark.parametrize("role", ["supervisor", "operator", "viewer"])
    def test_it_is_refused_to_every_other_role(self, sign_in, request, reported, role):
        page = submit(sign_in(request.getfixturevalue(role)), reported).content.decode()

        assert "需要承办人办理。" in page
        reported.refresh_from_db()
        assert reported.status == Status.IN_PROGRESS

    def test_a_get_changes_nothing(self, sign_in, clerk, reported):
        sign_in(clerk).get(f"/tickets/{reported.pk}/move/submit/", {"note": "完成", "version": 2})

        reported.refresh_from_db()
        assert reported.status == Status.IN_PROGRESS

    def test_a_neighbour_gets_404(self, sign_in, neighbour, reported):
        assert submit(sign_in(neighbour), reported).status_code == 404
        reported.refresh_from_db()
        assert reported.status == Status.IN_PROGRESS
