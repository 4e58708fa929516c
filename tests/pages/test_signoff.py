"""对账销号单 as it is printed, and what the forms of a submission and a review ask for."""

import re
from datetime import date

import pytest

from tests.conftest import CHECKED, acts_for
from tests.factories import EvidenceFactory, MeasureFactory, TicketFactory
from tracker.choices import Role, Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(today, inspection, department, clerk):
    inspection.round.review_roles = "head,office"
    inspection.round.save()
    ticket = TicketFactory(
        inspection=inspection, lead_unit=department, in_progress=True, person_text="莫强"
    )
    measure = MeasureFactory(ticket=ticket)
    ticket.report(by=clerk, text="已补登。", measures_done=[measure], version=1)
    ticket.move(
        "submit", by=clerk, note="台账已补齐。", explained={"violations": "不涉及。"}, version=2
    )
    return ticket


def text(response) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", response.content.decode()))


class TestSheet:
    def test_it_shows_the_submission_and_leaves_room_for_signatures(
        self, sign_in, viewer, submitted
    ):
        response = sign_in(viewer).get(f"/tickets/{submitted.pk}/signoffs/1/")

        page = text(response)
        assert "整改对账销号单" in page
        assert "责任人莫强" in page
        assert "健全台账，逐项登记。（2026年11月22日完成）" in page
        assert "台账已补齐。提交人梁文2026年11月22日" in page
        assert "1.整改措施全部完成是" in page
        assert "2.违规违纪问题已处理说明不涉及。" in page
        assert page.count("签字年月日") == 2
        assert page.count("（盖章）年月日") == 2

    def test_every_level_stands_with_opinion_way_name_and_day(
        self, sign_in, supervisor, viewer, submitted, department
    ):
        head = acts_for(department, Role.HEAD, name="吴铭")
        submitted.move("review", by=head, note="属实。", way="on_site", version=3)
        submitted.move("close", by=supervisor, note="同意销号。", version=4)

        page = text(sign_in(viewer).get(f"/tickets/{submitted.pk}/signoffs/1/"))

        assert "部门初审通过属实。现场核查吴铭2026年11月22日" in page
        assert "整改办复核通过同意销号。查阅资料邓佳2026年11月22日" in page
        assert "签字" not in page
        assert "2026年11月22日销号" in page

    def test_what_was_said_at_a_level_given_up_since_stays(
        self, sign_in, viewer, submitted, department, inspection
    ):
        submitted.move("review", by=acts_for(department, Role.HEAD), note="属实。", version=3)
        inspection.round.review_roles = "office"
        inspection.round.save()

        page = text(sign_in(viewer).get(f"/tickets/{submitted.pk}/signoffs/1/"))
        assert "部门初审通过属实。" in page

    def test_it_lists_the_evidence_as_it_was_when_handed_in(
        self, sign_in, viewer, clerk, supervisor, department, submitted
    ):
        key = submitted.evidence.get(is_key=True)
        submitted.move("return", by=acts_for(department, Role.HEAD), note="缺回执。", version=3)
        later = EvidenceFactory(ticket=submitted, name="后补回执.pdf", is_key=False)
        submitted.refresh_from_db()
        submitted.make_key(later, by=clerk)
        submitted.withdraw(key, by=clerk, why="传错了。")

        page = text(sign_in(viewer).get(f"/tickets/{submitted.pk}/signoffs/1/"))

        assert f"1.{key.name}（关键佐证）" in page
        assert f"提交后已撤回SHA-256{key.sha256}" in page
        assert later.name not in page

    def test_what_it_says_of_the_ticket_stays_as_it_was(
        self, sign_in, viewer, clerk, operator, submitted, department, time_machine
    ):
        time_machine.shift(60)
        submitted.move("return", by=acts_for(department, Role.HEAD), note="缺回执。", version=3)
        submitted.report(by=clerk, text="改回。", measures_done=[], version=4)
        facts = {"title": "改过的标题", "due_on": date(2027, 3, 1)}
        submitted.amend(facts, by=operator, why="更正", version=5)

        page = text(sign_in(viewer).get(f"/tickets/{submitted.pk}/signoffs/1/"))

        assert "台账不健全" in page
        assert "整改时限2026年12月1日" in page
        assert "逐项登记。（2026年11月22日完成）" in page

    def test_there_is_no_sheet_that_was_not_handed_in(self, sign_in, viewer, submitted):
        assert sign_in(viewer).get(f"/tickets/{submitted.pk}/signoffs/2/").status_code == 404

    def test_a_neighbour_gets_404(self, sign_in, neighbour, submitted):
        assert sign_in(neighbour).get(f"/tickets/{submitted.pk}/signoffs/1/").status_code == 404

    def test_the_ticket_leads_to_it(self, sign_in, viewer, submitted):
        page = sign_in(viewer).get(f"/tickets/{submitted.pk}/").content.decode()
        assert f'href="/tickets/{submitted.pk}/signoffs/1/"' in page
        assert "<b>部门初审</b>待部门负责人办理" in page


class TestForms:
    @pytest.fixture
    def reported(self, ticket, clerk):
        ticket.report(by=clerk, text="已补登。", version=1)
        return ticket

    def post(self, client, ticket, **typed):
        return client.post(
            f"/tickets/{ticket.pk}/move/submit/", {"version": 2, "note": "已补齐。"} | typed
        )

    def test_an_item_that_is_neither_ticked_nor_explained_is_asked_for(
        self, sign_in, clerk, reported
    ):
        ticked = {name: on for name, on in CHECKED.items() if name != "yes_alike"}
        response = self.post(sign_in(clerk), reported, **ticked)

        assert response.context["form"].errors == {
            "why_alike": ["“同类问题举一反三整改到位”未勾选，请写明原因。"]
        }
        assert not reported.signoffs.exists()

    def test_an_explanation_will_do(self, sign_in, clerk, reported):
        ticked = {name: on for name, on in CHECKED.items() if name != "yes_alike"}
        self.post(sign_in(clerk), reported, **ticked, why_alike="没有同类问题。")

        assert reported.signoffs.get().explained == {"alike": "没有同类问题。"}

    def test_all_that_is_missing_is_said_at_once(self, sign_in, clerk, ticket):
        MeasureFactory(ticket=ticket, order=2, number="二")
        MeasureFactory(ticket=ticket, order=3, number="三")

        page = sign_in(clerk).get(f"/tickets/{ticket.pk}/").content.decode()
        assert "还差：还没有填报过进展；措施二、三未完成。" in page

    def test_a_review_asks_how_it_was_checked(self, sign_in, supervisor, department):
        ticket = TicketFactory(lead_unit=department, submitted=True)
        response = sign_in(supervisor).post(
            f"/tickets/{ticket.pk}/move/close/", {"version": 1, "note": "同意。"}
        )

        assert response.context["form"].errors == {"way": ["请选择核查方式。"]}
        ticket.refresh_from_db()
        assert ticket.status == Status.SUBMITTED

    def test_a_reopening_asks_for_ground_reason_and_deadline(self, sign_in, supervisor, department):
        ticket = TicketFactory(lead_unit=department, closed=True)
        response = sign_in(supervisor).post(f"/tickets/{ticket.pk}/move/reopen/", {"version": 1})

        assert set(response.context["form"].errors) == {"note", "ground", "due_on"}
