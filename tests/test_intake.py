"""From a file to a draft, from a draft to tickets: what is stored, and what never is."""

from datetime import date

import pytest

from tests.conftest import TODAY, acts_for
from tests.sample import BULLETIN, CONTENT
from tracker import intake
from tracker.choices import Claim, DraftStatus, DueBasis, ImportOutcome, Kind, Role, Status
from tracker.intake import drafting, review
from tracker.models import (
    Bulletin,
    Draft,
    DraftProblem,
    ImportBatch,
    ImportRow,
    Inspection,
    Person,
    Round,
    SourceFile,
    Ticket,
    Unit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(clerk, supervisor):
    """The people whom the sample names: 梁文 of 工程科 and 邓佳."""


def received(by, content=CONTENT, name="通报.txt"):
    return intake.receive(content, name, by=by, today=TODAY)


@pytest.fixture
def draft(operator, staff):
    """The sample as read, with the one thing chosen that it does not print."""
    draft = received(operator).draft
    draft.round = Round.objects.create(name="第七轮巡察")
    draft.save()
    return draft


def confirmed(draft):
    return intake.confirm(draft, digest=intake.preview(draft).digest)


def rows(draft):
    return list(draft.problems.all())


class TestReceive:
    def test_it_keeps_the_file_as_received_and_a_draft_of_it(self, operator):
        outcome = received(operator)

        assert outcome.kind == "drafted"
        assert "4个问题" in outcome.message
        assert bytes(SourceFile.objects.get().content) == CONTENT
        assert outcome.draft.problems.count() == 4
        assert not Ticket.objects.exists()

    def test_it_reads_the_facts_of_the_inspection(self, operator, bureau):
        draft = received(operator).draft

        assert draft.unit == bureau
        assert draft.inspecting_body == "市委第七巡察组"
        assert draft.feedback_on == date(2026, 9, 1)
        assert (draft.kind, draft.round) == ("local", None)

    def test_it_finds_who_is_meant_by_a_printed_name(self, operator, staff, clerk, supervisor):
        first, second, *_ = rows(received(operator).draft)

        assert (first.leader, first.person) == (supervisor, clerk)
        assert first.lead_unit.name == "工程科"
        assert (first.leader_text, first.person_text) == ("邓佳", "梁文")
        assert second.person is None

    def test_a_stated_deadline_is_kept_and_an_unstated_one_left_open(self, operator):
        first, second, *_ = rows(received(operator).draft)

        assert (first.due_on, first.due_basis) == (date(2026, 12, 20), DueBasis.STATED)
        assert (second.due_on, second.due_basis) == (None, DueBasis.DERIVED)

    @pytest.mark.parametrize(
        "content",
        [b"", b"\x00\x01\x02" * 400, "今天开会。".encode()],
        ids=["empty", "binary", "no"],
    )
    def test_nothing_is_stored_of_a_file_that_is_refused(self, operator, content):
        outcome = received(operator, content)

        assert outcome.kind == "refused"
        assert outcome.message
        assert not SourceFile.objects.exists()
        assert not Draft.objects.exists()

    def test_the_limit_is_that_of_the_settings(self, operator, settings):
        settings.TRACKER_MAX_BULLETIN_BYTES = 100

        assert received(operator).kind == "refused"

    def test_the_same_file_of_the_same_person_is_the_same_draft(self, operator):
        first = received(operator)
        again = received(operator, name="另存.txt")

        assert (again.kind, again.draft) == ("open_draft", first.draft)
        assert SourceFile.objects.count() == Draft.objects.count() == 1

    def test_another_person_gets_a_draft_of_their_own(self, operator, bureau):
        colleague = acts_for(bureau, Role.OPERATOR, username="colleague")
        mine, theirs = received(operator).draft, received(colleague).draft

        assert mine != theirs
        assert mine.source == theirs.source

    def test_a_discarded_draft_makes_room_for_a_new_one(self, operator):
        first = received(operator).draft
        first.status = DraftStatus.DISCARDED
        first.save()

        again = received(operator)

        assert again.kind == "drafted"
        assert Draft.objects.count() == 2

    def test_a_file_already_imported_is_its_own_outcome(self, draft, operator):
        confirmed(draft)

        again = received(operator)

        assert again.kind == "already"
        assert again.bulletin == Bulletin.objects.get()
        assert Draft.objects.count() == 1

    def test_the_inspected_unit_is_looked_for_only_where_the_operator_may_import(
        self, other_bureau, bureau
    ):
        stranger = acts_for(other_bureau, Role.OPERATOR, username="stranger")
        Person.objects.get(pk=stranger.pk).memberships.create(unit=bureau, role=Role.VIEWER)

        assert received(Person.objects.get(pk=stranger.pk)).draft.unit is None


class TestEditing:
    def test_merging_keeps_both_parts(self, draft):
        first, second, *_ = rows(draft)
        measures = [*first.measures, *second.measures]

        above = drafting.merge_with_previous(second)

        assert above.pk == first.pk
        assert above.measures == measures
        assert (above.source_start, above.source_end) == (first.source_start, second.source_end)
        assert above.problem == "关于堤防台账不健全的问题；关于病险涵闸除险缓慢的问题"
        assert (above.claim, above.claim_quote) == (Claim.IN_PROGRESS, "剩余12处正在施工")
        assert draft.problems.count() == 3

    def test_a_whole_is_not_claimed_done_because_a_part_is(self, draft):
        *_, done, silent = rows(draft)
        assert done.claim == Claim.DONE

        assert drafting.merge_with_previous(silent).claim == Claim.NOT_STATED

    def test_the_first_problem_has_nothing_above_it(self, draft):
        with pytest.raises(drafting.NotPossible, match="第一个问题"):
            drafting.merge_with_previous(rows(draft)[0])

    def test_splitting_shares_out_measures_places_and_figures(self, draft):
        problem = rows(draft)[1]
        start, end = problem.source_start, problem.source_end

        second = drafting.split(problem, 1)

        first = rows(draft)[1]
        cut = second.measures[0]["span"][0]
        assert [len(first.measures), len(second.measures)] == [1, 1]
        assert (first.source_start, first.source_end) == (start, cut)
        assert (second.source_start, second.source_end) == (cut, end)
        assert [f.kind for f in first.findings.all()] == ["claim", "indicator"]
        assert not second.findings.exists()
        assert (first.claim, second.claim) == (Claim.IN_PROGRESS, Claim.NOT_STATED)
        assert rows(draft)[2] == second
        assert second.printed_number == f"{first.printed_number}-2"

    @pytest.mark.parametrize("before", [0, 2, 99])
    def test_no_part_is_left_without_a_measure(self, draft, before):
        with pytest.raises(drafting.NotPossible):
            drafting.split(rows(draft)[1], before)

    def test_a_problem_is_restored_with_all_it_was_merged_and_split_with(self, draft):
        before = [(p.printed_number, p.title, p.measures) for p in rows(draft)]
        second = drafting.split(rows(draft)[1], 1)
        drafting.merge_with_previous(rows(draft)[1])
        second.title = "改过的标题"
        second.save()

        drafting.restore(second)

        assert [(p.printed_number, p.title, p.measures) for p in rows(draft)] == before
        assert [p.order for p in rows(draft)] == [1, 2, 3, 4]

    def test_restoring_one_problem_leaves_the_others_as_edited(self, draft):
        first, second, *_ = rows(draft)
        for problem in (first, second):
            problem.title = "改过的标题"
            problem.save()

        drafting.restore(first)

        assert [p.title for p in rows(draft)][:2] == ["堤防台账不健全", "改过的标题"]

    def test_the_whole_draft_is_restored(self, draft):
        draft.title = "改过"
        draft.save()
        rows(draft)[0].delete()

        drafting.restore_all(draft)

        assert draft.title == "中共临江市水务局党组关于巡察整改进展情况的通报"
        assert draft.problems.count() == 4


class TestMusts:
    def said(self, draft):
        return [point.message for point in review.musts(draft)]

    def test_a_complete_draft_has_none(self, draft):
        assert self.said(draft) == []

    @pytest.mark.parametrize(
        ("field", "words"),
        [
            ("unit", "被巡察单位"),
            ("round", "轮次"),
            ("feedback_on", "反馈日期"),
            ("inspecting_body", "机构"),
        ],
    )
    def test_what_an_inspection_cannot_do_without_is_asked_for(self, draft, field, words):
        setattr(draft, field, "" if field == "inspecting_body" else None)

        (message,) = self.said(draft)

        assert words in message

    def test_a_name_that_two_people_share_must_be_settled(self, draft, other_department):
        acts_for(other_department, Role.STAFF, username="namesake", name="梁文")
        drafting.rematch(draft)

        (message,) = self.said(draft)

        assert "对应2个账号" in message
        assert (
            "梁文（工程科）、梁文（财务科）" in message
            or "梁文（财务科）、梁文（工程科）" in message
        )

    def test_an_excluded_problem_asks_for_nothing(self, draft, other_department):
        acts_for(other_department, Role.STAFF, username="namesake", name="梁文")
        drafting.rematch(draft)
        DraftProblem.objects.filter(pk=rows(draft)[0].pk).update(is_excluded=True)

        assert self.said(draft) == []

    def test_something_must_be_left_to_import(self, draft):
        draft.problems.update(is_excluded=True)

        assert self.said(draft) == ["没有要导入的问题。"]

    def test_text_in_no_problem_is_pointed_at_with_its_line(self, operator):
        lost = BULLETIN.replace(
            "（二）内部管理方面\n", "（二）内部管理方面\n这一段没有编号，也不属于任何问题。\n"
        )
        draft = received(operator, lost.encode()).draft

        points = review.points(
            draft, rows(draft), drafting.Directory.of(draft.unit), review.Known()
        )

        (point,) = [p for p in points if "这一段没有编号" in p.message and "未归入" in p.message]
        assert lost.split("\n")[point.line - 1].startswith("这一段没有编号")


class TestPreview:
    def test_it_writes_nothing(self, draft):
        differences = intake.preview(draft)

        assert differences.counts[ImportOutcome.NEW] == 4
        assert differences.is_new_inspection
        for model in (Inspection, Bulletin, Ticket, ImportBatch, ImportRow):
            assert not model.objects.exists()

    def test_it_says_the_same_each_time(self, draft):
        assert intake.preview(draft).digest == intake.preview(draft).digest

    def test_it_says_something_else_once_the_draft_is_edited(self, draft):
        before = intake.preview(draft).digest
        rows(draft)[0].delete()

        assert intake.preview(draft).digest != before

    def test_every_problem_row_has_all_its_errors(self, draft, other_bureau):
        first, second, *_ = rows(draft)
        for problem in (first, second):
            problem.lead_unit, problem.title = other_bureau, ""
            problem.save()

        differences = intake.preview(draft)

        assert not differences.is_possible
        assert [len(each.errors) for each in differences.refused] == [2, 2]
        fields = {field for field, _ in differences.refused[0].errors}
        assert fields == {"牵头单位", "问题"}
        assert differences.counts[ImportOutcome.NEW] == 2


class TestConfirm:
    def test_it_makes_the_inspection_the_bulletin_and_the_tickets(self, draft, bureau, operator):
        done = confirmed(draft)

        inspection = Inspection.objects.get()
        assert (inspection.unit, inspection.round.name) == (bureau, "第七轮巡察")
        bulletin = Bulletin.objects.get()
        assert (bulletin.text, bulletin.imported_by) == (BULLETIN, operator)
        assert [t.number for t in Ticket.objects.all()] == [
            f"{inspection.code}-{n:03d}" for n in (1, 2, 3, 4)
        ]
        assert done.batch.rows.filter(outcome=ImportOutcome.NEW).count() == 4
        draft.refresh_from_db()
        assert (draft.status, draft.bulletin) == (DraftStatus.IMPORTED, bulletin)

    def test_a_ticket_keeps_what_was_printed_and_where(self, draft, clerk, supervisor):
        confirmed(draft)

        ticket = Ticket.objects.get(title="堤防台账不健全")
        assert ticket.problem == "关于堤防台账不健全的问题"
        assert ticket.category.heading == "（一）工程管理方面"
        printed = BULLETIN[ticket.source_start : ticket.source_end]
        assert printed.startswith("1.关于堤防台账")
        assert "在例会通报" in printed
        assert (ticket.leader, ticket.person) == (supervisor, clerk)
        measures = list(ticket.measures.all())
        assert [m.number for m in measures] == ["一", "二"]
        for measure in measures:
            assert BULLETIN[measure.source_start : measure.source_end].strip() == measure.text

    def test_a_claim_of_completion_waits_for_review(self, draft):
        confirmed(draft)

        ticket = Ticket.objects.get(title="公务用车登记不规范")
        assert (ticket.status, ticket.claim) == (Status.SUBMITTED, Claim.DONE)
        record = ticket.transitions.get()
        assert (record.source, record.target) == ("", Status.SUBMITTED)
        assert record.note == "该问题已完成整改"

    def test_the_rest_is_in_work_with_a_person_and_unclaimed_without(self, draft):
        confirmed(draft)

        stand = dict(Ticket.objects.values_list("title", "status"))
        assert stand["堤防台账不健全"] == Status.IN_PROGRESS
        assert stand["病险涵闸除险缓慢"] == Status.UNCLAIMED

    def test_a_deadline_is_as_stated_or_derived_from_the_round(self, draft):
        confirmed(draft)

        stated = Ticket.objects.get(title="堤防台账不健全")
        derived = Ticket.objects.get(title="会议纪要印发拖延")
        assert (stated.due_on, stated.due_basis) == (date(2026, 12, 20), DueBasis.STATED)
        assert (derived.due_on, derived.due_basis) == (date(2026, 12, 1), DueBasis.DERIVED)
        assert derived.original_due_on == derived.due_on

    def test_figures_that_can_be_followed_become_indicators_of_their_measure(self, draft):
        confirmed(draft)

        ticket = Ticket.objects.get(title="病险涵闸除险缓慢")
        indicator = ticket.indicators.get()
        assert (indicator.total, indicator.done) == (20, 8)
        assert indicator.measure == ticket.measures.first()

    def test_what_is_not_said_gets_the_inspected_unit_and_the_usual_kind(self, draft, bureau):
        confirmed(draft)

        ticket = Ticket.objects.get(title="会议纪要印发拖延")
        assert (ticket.lead_unit, ticket.kind) == (bureau, Kind.TIME_LIMITED)

    def test_an_excluded_problem_is_not_imported(self, draft):
        DraftProblem.objects.filter(pk=rows(draft)[0].pk).update(is_excluded=True)

        confirmed(draft)

        assert Ticket.objects.count() == 3

    def test_one_row_that_cannot_be_imported_stops_all_of_them(self, draft):
        rows(draft)[3].delete()
        DraftProblem.objects.filter(pk=rows(draft)[0].pk).update(title="")

        with pytest.raises(intake.DiffChanged):
            intake.confirm(draft, digest=None)

        assert not Ticket.objects.exists()
        assert not Inspection.objects.exists()

    def test_it_writes_only_what_was_shown(self, draft):
        shown = intake.preview(draft).digest
        DraftProblem.objects.filter(pk=rows(draft)[0].pk).update(is_excluded=True)

        with pytest.raises(intake.DiffChanged) as changed:
            intake.confirm(draft, digest=shown)

        assert changed.value.differences.counts[ImportOutcome.NEW] == 3
        assert not Ticket.objects.exists()
        draft.refresh_from_db()
        assert draft.is_open

    def test_a_file_is_imported_once_by_whoever_comes_first(self, draft, bureau):
        colleague = acts_for(bureau, Role.OPERATOR, username="colleague")
        theirs = received(colleague).draft
        theirs.round = draft.round
        theirs.save()
        confirmed(draft)

        with pytest.raises(intake.AlreadyImported) as known:
            intake.confirm(theirs, digest=None)

        assert known.value.bulletin == Bulletin.objects.get()
        assert Ticket.objects.count() == 4


class TestImportFile:
    def import_sample(self, by, content=CONTENT, under=None):
        return intake.import_file(content, "通报.txt", by=by, today=TODAY, under=under)

    def test_it_imports_from_end_to_end(self, operator):
        outcome = self.import_sample(operator)

        assert outcome.kind == "imported"
        assert Ticket.objects.count() == 4
        assert Round.objects.get().name == "2026年市委第七巡察组巡察"

    def test_it_registers_a_unit_that_is_not_there_by_its_plain_name(self, db):
        city = Unit.objects.create(name="临江市")
        operator = acts_for(city, Role.OPERATOR, username="op")

        self.import_sample(operator, under=city)

        unit = Inspection.objects.get().unit
        assert (unit.name, unit.parent) == ("市水务局", city)
        assert list(Unit.objects.called("市水务局党组")) == [unit]

    def test_again_it_is_already_imported(self, operator):
        self.import_sample(operator)

        assert self.import_sample(operator).kind == "already"

    def test_one_byte_more_and_nothing_has_changed(self, operator):
        self.import_sample(operator)

        again = self.import_sample(operator, CONTENT + b"\n")

        assert again.kind == "imported"
        assert set(again.batch.rows.values_list("outcome", flat=True)) == {ImportOutcome.UNCHANGED}
        assert Ticket.objects.count() == 4
        assert Inspection.objects.count() == 1

    def test_what_only_a_person_can_answer_is_left_as_a_draft(self, operator):
        silent = BULLETIN.replace("2026年9月1日，市委第七巡察组向", "市委第七巡察组向")

        outcome = self.import_sample(operator, silent.encode())

        assert outcome.kind == "drafted"
        assert "反馈日期" in outcome.message
        assert Draft.objects.open().get() == outcome.draft
        assert not Ticket.objects.exists()
