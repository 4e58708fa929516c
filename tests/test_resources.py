"""A bulletin imported again: what it changes, what it leaves alone, and what it never does."""

from datetime import date

import pytest

from tests.conftest import TODAY
from tests.sample import BULLETIN
from tracker import intake
from tracker.choices import Claim, DueBasis, ImportOutcome, Status
from tracker.models import Category, Change, Figure, ImportRow, Round, Ticket, Transition

pytestmark = pytest.mark.django_db


def draft_of(text, by):
    draft = intake.receive(text.encode(), "通报.txt", by=by, today=TODAY).draft
    draft.round, _ = Round.objects.get_or_create(name="第七轮巡察")
    draft.save()
    return draft


def imported(text, by):
    return intake.confirm(draft_of(text, by), digest=None)


def outcomes(differences):
    return {each.ticket.title: each.outcome for each in differences.tickets}


@pytest.fixture
def first(operator, clerk, supervisor):
    """The sample, imported."""
    return imported(BULLETIN, operator)


@pytest.fixture
def ledger_ticket(first):
    return Ticket.objects.get(title="堤防台账不健全")


class TestAgain:
    def test_a_later_deadline_changes_the_ticket_and_is_recorded(self, operator, ledger_ticket):
        later = BULLETIN.replace("2026年12月20日", "2026年12月31日")

        done = imported(later, operator)

        ledger_ticket.refresh_from_db()
        assert ledger_ticket.due_on == date(2026, 12, 31)
        assert ledger_ticket.original_due_on == date(2026, 12, 20)
        row = ImportRow.objects.for_ticket(ledger_ticket).first()
        assert row.outcome == ImportOutcome.CHANGED
        assert row.changes == [
            {"field": "整改时限", "old": "2026年12月20日", "new": "2026年12月31日"}
        ]
        change = Change.objects.get(ticket=ledger_ticket)
        assert (change.by, change.why) == (operator, f"导入通报：{done.batch.bulletin}")
        assert done.counts[ImportOutcome.UNCHANGED] == 3

    def test_a_file_that_says_the_same_does_not_undo_a_decision(
        self, operator, ledger_ticket, other_department
    ):
        ledger_ticket.amend(
            {"due_on": date(2027, 1, 31), "lead_unit": other_department, "title": "改过的标题"},
            by=operator,
            why="领导小组会议",
            version=ledger_ticket.version,
        )

        done = imported(BULLETIN + "\n", operator)

        assert done.counts[ImportOutcome.UNCHANGED] == 4
        ledger_ticket.refresh_from_db()
        assert (ledger_ticket.due_on, ledger_ticket.title) == (date(2027, 1, 31), "改过的标题")
        assert ledger_ticket.lead_unit == other_department

    def test_a_blank_never_overwrites(self, operator, ledger_ticket, clerk):
        silent = BULLETIN.replace("责任人：梁文\n完成时限：2026年12月20日\n", "")

        done = imported(silent, operator)

        assert done.counts[ImportOutcome.CHANGED] == 0
        ledger_ticket.refresh_from_db()
        assert (ledger_ticket.person, ledger_ticket.due_basis) == (clerk, DueBasis.STATED)

    def test_a_problem_that_the_file_leaves_out_is_kept(self, operator, first):
        start = BULLETIN.index("2.关于会议纪要")
        shorter = BULLETIN[:start] + BULLETIN[BULLETIN.index("二、下一步工作") :]

        done = imported(shorter, operator)

        assert outcomes(done)["会议纪要印发拖延"] == ImportOutcome.MISSING
        assert Ticket.objects.get(title="会议纪要印发拖延").status == Status.UNCLAIMED
        assert Ticket.objects.count() == 4

    def test_a_problem_that_the_operator_left_out_is_told_from_a_missing_one(self, operator, first):
        draft = draft_of(BULLETIN + "\n", operator)
        draft.problems.filter(title="会议纪要印发拖延").update(is_excluded=True)

        differences = intake.preview(draft)

        (left_out,) = [t for t in differences.tickets if t.outcome == ImportOutcome.MISSING]
        assert left_out.note == "本次校对时排除。"

    def test_a_new_problem_gets_the_next_number(self, operator, first):
        longer = BULLETIN.replace(
            "\n二、下一步工作",
            "\n3.关于印章保管不严的问题。一是专人专柜保管印章。\n\n二、下一步工作",
        )

        done = imported(longer, operator)

        assert done.counts[ImportOutcome.NEW] == 1
        ticket = Ticket.objects.get(title="印章保管不严")
        assert ticket.number.endswith("-005")
        assert Category.objects.count() == 2

    def test_a_renumbered_bulletin_finds_its_tickets(self, operator, first):
        swapped = BULLETIN.replace("1.关于公务用车", "3.关于公务用车")

        done = imported(swapped, operator)

        assert done.counts[ImportOutcome.NEW] == 0
        assert done.counts[ImportOutcome.UNCHANGED] == 4

    def test_a_heading_in_other_words_doubles_nothing(self, operator, first):
        moved = BULLETIN.replace("（二）内部管理方面", "（二）作风建设方面")

        done = imported(moved, operator)

        assert done.counts[ImportOutcome.NEW] == 0
        assert done.counts[ImportOutcome.UNCHANGED] == 4

    def test_the_same_title_beside_the_old_one_is_another_problem(self, operator, first):
        longer = BULLETIN.replace(
            "\n二、下一步工作",
            "\n（三）作风建设方面\n\n1.关于会议纪要印发拖延的问题。一是抓紧补发。\n\n二、下一步工作",
        )

        done = imported(longer, operator)

        assert done.counts[ImportOutcome.NEW] == 1
        assert done.counts[ImportOutcome.MISSING] == 0

    def test_a_new_claim_is_told_and_moves_nothing(self, operator, ledger_ticket):
        claimed = BULLETIN.replace("抽查结果在例会通报。", "抽查结果在例会通报。该问题已完成整改。")

        done = imported(claimed, operator)

        (row,) = done.batch.rows.filter(ticket=ledger_ticket)
        assert "称已完成" in row.note
        ledger_ticket.refresh_from_db()
        assert (ledger_ticket.status, ledger_ticket.claim) == (
            Status.IN_PROGRESS,
            Claim.NOT_STATED,
        )

    def test_other_measures_are_told_and_change_nothing(self, operator, ledger_ticket):
        fewer = BULLETIN.replace("二是每季度抽查一次，抽查结果在例会通报。", "")

        done = imported(fewer, operator)

        (row,) = done.batch.rows.filter(ticket=ledger_ticket)
        assert "文件1条，库中2条" in row.note
        assert ledger_ticket.measures.count() == 2

    def test_a_closed_ticket_is_neither_changed_nor_opened(
        self, operator, supervisor, ledger_ticket, first
    ):
        ticket = Ticket.objects.get(title="公务用车登记不规范")
        ticket.move("close", by=supervisor, note="核实无误", version=ticket.version)
        edited = BULLETIN.replace("该问题已完成整改。", "仍有5辆正在登记。")

        done = imported(edited, operator)

        assert outcomes(done)["公务用车登记不规范"] == ImportOutcome.CLOSED
        ticket.refresh_from_db()
        assert ticket.status == Status.CLOSED
        assert not ticket.changes.exists()

    def test_nothing_here_moves_a_ticket_or_touches_its_figures(self, operator, first):
        before = Transition.objects.count()

        imported(BULLETIN.replace("2026年12月20日", "2026年12月31日"), operator)

        assert Transition.objects.count() == before
        assert not Figure.objects.exists()

    def test_another_date_of_feedback_is_another_inspection(self, operator, first):
        done = imported(BULLETIN.replace("2026年9月1日", "2026年9月2日"), operator)

        assert done.is_new_inspection
        assert Ticket.objects.count() == 8
        assert len(set(Ticket.objects.values_list("number", flat=True))) == 8

    def test_the_history_of_a_ticket_names_every_import(self, operator, ledger_ticket):
        imported(BULLETIN + "\n", operator)

        history = ImportRow.objects.for_ticket(ledger_ticket).order_by("-pk")
        assert [row.outcome for row in history] == [ImportOutcome.UNCHANGED, ImportOutcome.NEW]


class TestTheDiff:
    def test_what_somebody_else_changed_meanwhile_is_shown_again(self, operator, ledger_ticket):
        later = BULLETIN.replace("2026年12月20日", "2026年12月31日")
        draft = draft_of(later, operator)
        shown = intake.preview(draft).digest
        ledger_ticket.amend(
            {"title": "改过的标题"}, by=operator, why="订正", version=ledger_ticket.version
        )

        with pytest.raises(intake.DiffChanged):
            intake.confirm(draft, digest=shown)

        ledger_ticket.refresh_from_db()
        assert ledger_ticket.due_on == date(2026, 12, 20)

    def test_it_writes_no_change_and_leaves_the_version(self, operator, ledger_ticket):
        version = ledger_ticket.version

        differences = intake.preview(
            draft_of(BULLETIN.replace("2026年12月20日", "2026年12月31日"), operator)
        )

        assert differences.counts[ImportOutcome.CHANGED] == 1
        ledger_ticket.refresh_from_db()
        assert (ledger_ticket.version, ledger_ticket.due_on) == (version, date(2026, 12, 20))
        assert not Change.objects.exists()
