"""A later bulletin of the same inspection: nothing is doubled, and what it tells is proposed."""

from datetime import date

import pytest

from tests.conftest import TODAY
from tests.sample import BULLETIN
from tracker import intake
from tracker.choices import ImportOutcome, Status
from tracker.intake import review
from tracker.matching import core, match_tickets
from tracker.models import DraftProblem, Figure, Inspection, Progress, Round, Ticket
from tracker.workflow import MoveRefused

pytestmark = pytest.mark.django_db

# A year on: the first is renumbered, the second reworded, the third has become two, the fourth
# is gone, and one is new.
LATER = """中共临江市水务局党组关于巡察整改情况的通报

2026年9月1日，市委第七巡察组向市水务局党组反馈了巡察意见。现将整改情况公布如下。

一、巡察反馈问题整改情况

（一）工程管理方面

1.关于病险涵闸除险比较缓慢的问题。一是倒排工期，共有涵闸20处，已完成除险17处，剩余3处正在施工。二是汛期由专人值守。

2.关于堤防台账不健全的问题。一是逐段核对堤防台账，补登记遗漏堤段12段。该问题已完成整改。

（二）内部管理方面

1.关于公务用车的登记表格不规范的问题。一是重新统一登记表格。

2.关于公务用车登记公示不规范的问题。一是每月公示用车情况。

3.关于食堂采购比价流于形式的问题。一是每月公布比价结果。

二、下一步工作

继续抓好未完成事项。

中共临江市水务局党组
2026年11月20日
"""


def draft_of(text, by):
    draft = intake.receive(text.encode(), "通报.txt", by=by, today=TODAY).draft
    draft.round, _ = Round.objects.get_or_create(name="第七轮巡察")
    draft.save()
    return draft


def said(draft):
    return [point.message for point in review.musts(draft)]


def row(draft, number):
    return draft.problems.get(order=number)


def choose(problem, ticket):
    problem.match_is_decided, problem.ticket = True, ticket
    problem.save()


@pytest.fixture
def first(operator, clerk, supervisor):
    """The sample, imported."""
    intake.confirm(draft_of(BULLETIN, operator), digest=None)
    return {ticket.title: ticket for ticket in Ticket.objects.all()}


@pytest.fixture
def later(operator, first):
    return draft_of(LATER, operator)


@pytest.fixture
def decided(later, first):
    """The later one, with what only a person can tell: the first half goes on, the other is new."""
    choose(row(later, 3), first["公务用车登记不规范"])
    choose(row(later, 4), None)
    return later


class TestMatching:
    def test_renumbered_and_reworded_problems_find_their_tickets(self, later, first):
        matches = match_tickets(first.values(), list(later.problems.all()))

        assert matches.found[row(later, 1)] == first["病险涵闸除险缓慢"]
        assert matches.found[row(later, 2)] == first["堤防台账不健全"]

    def test_of_a_split_one_a_person_decides(self, later, first):
        matches = match_tickets(first.values(), list(later.problems.all()))

        assert list(matches.candidates) == [row(later, 3), row(later, 4)]
        for candidates in matches.candidates.values():
            assert candidates == [first["公务用车登记不规范"]]

    def test_what_is_new_is_no_candidate(self, later, first):
        matches = match_tickets(first.values(), list(later.problems.all()))

        new = row(later, 5)
        assert new not in matches.found
        assert new not in matches.candidates

    def test_titles_built_alike_are_not_taken_for_each_other(self, inspection, later):
        """Seven of ten characters agree: that is how such titles are built."""
        from tests.factories import TicketFactory

        ticket = TicketFactory(
            inspection=inspection, problem="关于会议制度不健全的问题", title="会议制度不健全"
        )
        problem = row(later, 5)
        problem.problem = "关于考勤制度不健全的问题"

        matches = match_tickets([ticket], [problem])

        assert matches.found == {}
        assert matches.candidates == {problem: [ticket]}

    def test_a_title_is_compared_by_its_own_words(self):
        assert core("（一）关于“三会”记录不全的问题。") == core("针对三会记录不全问题")

    def test_two_rows_for_one_ticket_are_told(self, decided, first):
        choose(row(decided, 4), first["公务用车登记不规范"])

        (message,) = said(decided)

        assert "对应同一个问题" in message


class TestReview:
    def test_what_may_be_the_same_must_be_settled_first(self, later):
        messages = said(later)

        assert len(messages) == 2
        assert all("公务用车登记不规范" in message for message in messages)

    def test_nobody_asked_nothing_is_imported(self, operator, first):
        outcome = intake.import_file(LATER.encode(), "后.txt", by=operator, today=TODAY)

        assert outcome.kind == "drafted"
        assert "可能就是已有的" in outcome.message
        assert Ticket.objects.count() == 4

    def test_the_unmatched_of_both_sides_are_named(self, decided):
        points = review.points(
            decided,
            problems := list(decided.problems.all()),
            intake.drafting.Directory.of(decided.unit),
            known := review.Known.of(decided, problems),
        )

        assert [ticket.title for ticket in known.unmatched] == ["会议纪要印发拖延"]
        assert any("没有对上" in point.message for point in points)
        differences = intake.preview(decided)
        new = [t.ticket.title for t in differences.tickets if t.outcome == ImportOutcome.NEW]
        assert new == ["公务用车登记公示不规范", "食堂采购比价流于形式"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [("市委第七巡察组", "市委第七轮第三巡察组"), ("2026年9月1日", "2026年9月2日")],
        ids=["body", "date"],
    )
    def test_an_inspection_told_otherwise_is_not_doubled(self, operator, first, old, new):
        draft = draft_of(LATER.replace(old, new), operator)
        messages = said(draft)
        assert "可能与这份通报是同一次" in messages[-1]

        draft.continues = Inspection.objects.get()
        draft.save()
        assert len(said(draft)) == 2
        choose(row(draft, 3), first["公务用车登记不规范"])
        choose(row(draft, 4), None)
        intake.confirm(draft, digest=intake.preview(draft).digest)

        assert Inspection.objects.count() == 1
        assert Ticket.objects.count() == 6

    def test_another_inspection_of_the_same_body_is_its_own(self, operator, first):
        draft = draft_of(LATER.replace("2026年9月1日", "2025年9月2日"), operator)
        draft.is_another = True
        draft.save()

        assert said(draft) == []
        assert intake.preview(draft).is_new_inspection


class TestProposals:
    def confirmed(self, draft):
        return intake.confirm(draft, digest=intake.preview(draft).digest)

    def test_progress_and_new_figures_are_proposed(self, decided):
        differences = intake.preview(decided)

        by_title = {each.ticket.title: each.proposal for each in differences.proposed}
        assert {"field": "涵闸除险", "old": "8/20处", "new": "17/20处"} in [
            {**change, "field": "涵闸除险"}
            for change in by_title["病险涵闸除险缓慢"].changes
            if change["field"] != "进展"
        ]
        assert "倒排工期" in by_title["病险涵闸除险缓慢"].text
        assert not Progress.objects.exists()

    def test_what_is_taken_is_recorded_as_from_the_bulletin(self, decided, first, operator):
        ticket = first["病险涵闸除险缓慢"]

        done = self.confirmed(decided)

        progress = ticket.progress.get()
        assert (progress.bulletin, progress.by) == (done.batch.bulletin, operator)
        figure = Figure.objects.get()
        assert (figure.old_done, figure.done) == (8, 17)
        assert ticket.indicators.get().done == 17
        import_row = done.batch.rows.get(ticket=ticket)
        assert import_row.outcome == ImportOutcome.CHANGED
        assert {change["field"] for change in import_row.changes} >= {"进展"}

    def test_what_is_not_taken_is_not(self, decided, first):
        shown = intake.preview(decided).digest
        DraftProblem.objects.filter(draft=decided).update(takes_progress=False)

        done = intake.confirm(decided, digest=shown)

        assert not Progress.objects.exists()
        assert first["病险涵闸除险缓慢"].indicators.get().done == 8
        assert done.counts[ImportOutcome.CHANGED] == 0

    def test_no_status_moves_and_no_ticket_is_doubled(self, decided, first):
        before = {t.pk: t.status for t in first.values()}

        self.confirmed(decided)

        assert Ticket.objects.count() == 6
        after = dict(Ticket.objects.filter(pk__in=before).values_list("pk", "status"))
        assert after == before

    def test_a_new_claim_lands_with_its_words(self, decided, first):
        self.confirmed(decided)

        ticket = first["堤防台账不健全"]
        claim = ticket.findings.get(kind="claim")
        assert claim.quote == "该问题已完成整改"
        ticket.refresh_from_db()
        assert (ticket.claim, ticket.status) == ("not_stated", Status.IN_PROGRESS)

    def test_it_is_no_report_of_the_unit(self, decided, first, clerk):
        self.confirmed(decided)
        ticket = Ticket.objects.get(pk=first["堤防台账不健全"].pk)
        assert ticket.progress.exists()

        with pytest.raises(MoveRefused, match="还没有填报过进展"):
            ticket.move("submit", by=clerk, note="已完成。", version=ticket.version)

    def test_a_closed_ticket_takes_nothing(self, decided, first):
        ticket = first["病险涵闸除险缓慢"]
        day = date(2026, 11, 1)
        Ticket.objects.filter(pk=ticket.pk).update(status="closed", submitted_on=day, closed_on=day)

        self.confirmed(decided)

        assert not ticket.progress.exists()
        assert Ticket.objects.get(pk=ticket.pk).version == ticket.version

    def test_the_same_words_again_propose_nothing(self, decided, operator, first):
        self.confirmed(decided)
        again = draft_of(LATER + "\n", operator)

        differences = intake.preview(again)

        assert differences.proposed == []
        assert differences.counts[ImportOutcome.NEW] == 0
