"""What a move of the workflow tells: the next reviewer, or those who answer for the ticket."""

import pytest

from tests.conftest import acts_for
from tests.factories import TicketFactory
from tracker import drafting
from tracker.choices import AskKind, NoticeKind, ReportResult, Role
from tracker.models import Notice, Plan, Ticket
from tracker.workflow import MoveRefused

pytestmark = pytest.mark.django_db


def told(person) -> list[tuple[str, str]]:
    return list(person.notices.values_list("kind", "text"))


@pytest.fixture
def reported(ticket, clerk, today):
    """In work, with a report, by the clerk who claimed it."""
    Ticket.objects.update(reporter=clerk)
    ticket.report(by=clerk, text="已补齐。", percent=100, version=1)
    return ticket


class TestMoves:
    def test_a_submission_tells_the_reviewers_of_its_level(
        self, reported, clerk, supervisor, inspector
    ):
        reported.move("submit", by=clerk, note="台账已补齐。", version=2)

        assert told(supervisor) == [(NoticeKind.REVIEW, "提交销号：台账已补齐。")]
        assert told(inspector) == []

    def test_the_registered_leader_alone_is_told_at_the_level_of_leaders(
        self, reported, clerk, leader, bureau
    ):
        other = acts_for(bureau, Role.LEADER)
        round = reported.inspection.round
        round.review_roles = "leader,office"
        round.save()
        Ticket.objects.update(leader=leader)

        reported.move("submit", by=clerk, note="台账已补齐。", version=2)

        assert len(told(leader)) == 1
        assert told(other) == []

    def test_a_return_lands_with_its_reason_on_whoever_submitted(
        self, reported, clerk, supervisor, department
    ):
        head = acts_for(department, Role.HEAD)
        reported.move("submit", by=clerk, note="台账已补齐。", version=2)

        reported.move("return", by=supervisor, note="缺监理回执。", version=3)

        assert told(clerk) == [(NoticeKind.RETURNED, "缺监理回执。")]
        assert told(head) == [(NoticeKind.RETURNED, "缺监理回执。")]

    def test_a_returned_report_is_told_to_its_author(self, reported, clerk, supervisor):
        report = reported.progress.get()

        reported.judge(
            report, ReportResult.RETURNED, by=supervisor, reason="没有写数字。", version=2
        )

        assert told(clerk) == [(NoticeKind.RETURNED, "进展退回：没有写数字。")]

    def test_an_import_fills_nobodys_inbox(self, inspection, supervisor):
        TicketFactory(inspection=inspection, submitted=True)

        assert not Notice.objects.exists()


def test_what_is_blocked_cannot_be_submitted(reported, clerk, today):
    reported.block(by=clerk, reason="待批复", needs_text="市编办", since_on=today, version=2)

    with pytest.raises(MoveRefused, match="问题受阻，请先解除受阻"):
        reported.move("submit", by=clerk, note="台账已补齐。", version=3)


class TestPlans:
    """A submitted plan waits on the workbench of who approves it, and both sides are told."""

    @pytest.fixture
    def submitted(self, today, ticket, clerk, supervisor, party):
        plan = Plan.begin(ticket.inspection, by=supervisor)
        drafting.save_measure(
            ticket, None, {"text": "补登台账。"}, [], by=clerk, version=ticket.version
        )
        drafting.save_facts(ticket, {"leader": supervisor, "person": clerk}, by=clerk, version=2)
        plan.move("submit", by=supervisor, note="", version=1)
        return plan

    def test_who_approves_is_told_and_then_who_submitted(self, submitted, supervisor, party):
        assert [kind for kind, _ in told(party)] == [NoticeKind.PLAN]

        submitted.move("approve", by=party, note="同意。", version=2)

        notice = supervisor.notices.get(kind=NoticeKind.PLAN)
        assert notice.by == party
        assert "同意。" in notice.text
        assert notice.link == f"/inspections/{submitted.inspection_id}/plan/"

    def test_it_stands_on_the_workbench_of_who_approves(
        self, sign_in, submitted, supervisor, party, leader
    ):
        for person, is_there in ((party, True), (supervisor, False), (leader, False)):
            page = sign_in(person).get("/").content.decode()
            assert ("待我审定的方案" in page) == is_there

    def test_a_change_that_is_asked_for_is_told_both_ways(
        self, sign_in, submitted, ticket, clerk, party
    ):
        submitted.move("approve", by=party, note="同意。", version=2)
        measure = ticket.measures.get()
        asked = drafting.ask(
            ticket, measure, AskKind.CHANGE, {"goal": "账实相符"}, [], reason="补目标", by=clerk
        )
        assert party.notices.get(ticket=ticket).text.endswith("：补目标")
        assert f"/plan-asks/{asked.pk}/" in sign_in(party).get("/").content.decode()

        drafting.decide(asked, granted=True, opinion="同意。", by=party)

        assert (NoticeKind.PLAN, "方案调整已同意：同意。") in told(clerk)
        assert f"/plan-asks/{asked.pk}/" not in sign_in(party).get("/").content.decode()
