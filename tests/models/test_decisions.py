"""Cycles, sign-off sheets and opinions: what the database itself refuses, whoever asks."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import acts_for
from tests.factories import PersonFactory, TicketFactory
from tracker.choices import CheckItem, Role, Status
from tracker.models import Cycle, Opinion, SignOff, Ticket
from tracker.workflow import MoveRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(ticket, clerk):
    ticket.person = PersonFactory(name="莫强")
    ticket.save()
    ticket.report(by=clerk, text="已补登。", version=1)
    ticket.move("submit", by=clerk, note="台账已补齐。", version=2)
    return ticket


@pytest.fixture
def sheet(submitted):
    return submitted.signoffs.get()


def opinion(sheet, by, **facts):
    """An opinion written past the workflow."""
    sound = {
        "level": Role.OFFICE,
        "submitter": sheet.submitter,
        "responsible": sheet.responsible,
        "is_approval": True,
        "text": "同意。",
        "way": "documents",
        "ticket_version": 9,
    }
    return Opinion(signoff=sheet, by=by, **sound | facts)


def refused_by_the_database(change):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        change()
    return str(refused.value)


class TestSheet:
    def test_a_submission_makes_one_with_the_people_and_the_checklist(
        self, ticket, clerk, supervisor
    ):
        ticket.report(by=clerk, text="已补登。", version=1)
        why = {CheckItem.VIOLATIONS: "不涉及。", CheckItem.ALIKE: " "}
        ticket.move("submit", by=clerk, note="台账已补齐。", explained=why, version=2)

        sheet = ticket.signoffs.get()
        assert (sheet.number, sheet.submitter, sheet.responsible) == (1, clerk, None)
        assert (sheet.cycle.number, sheet.result) == (1, "台账已补齐。")
        assert dict(sheet.checklist) == {**dict.fromkeys(CheckItem, ""), "violations": "不涉及。"}

    def test_each_submission_has_its_own_and_the_opinions_stay_where_they_were_said(
        self, submitted, clerk, supervisor
    ):
        submitted.move("return", by=supervisor, note="缺验收单。", way="on_site", version=3)
        submitted.report(by=clerk, text="已补验收单。", version=4)
        submitted.move("submit", by=clerk, note="已补齐。", version=5)
        submitted.move("close", by=supervisor, note="同意。", version=6)

        second, first = submitted.signoffs.all()
        assert (first.number, second.number) == (1, 2)
        said = [(o.is_approval, o.text, o.way, o.by) for o in first.opinions.all()]
        assert said == [(False, "缺验收单。", "on_site", supervisor)]
        assert second.opinions.get().is_approval

    def test_nothing_on_record_is_altered_or_removed(self, sheet, supervisor):
        said = opinion(sheet, supervisor)
        said.save()

        for rows in (SignOff.objects.all(), Opinion.objects.all()):
            assert "只能新增" in refused_by_the_database(
                lambda rows=rows: rows._raw_delete("default")
            )
        changes = (
            lambda: SignOff.objects.update(result="别的"),
            lambda: Opinion.objects.update(text="别的"),
        )
        for change in changes:
            assert "只能新增" in refused_by_the_database(change)


class TestSeparation:
    """申请与审批分离: held by constraints, so that no code path gets round it."""

    def test_the_submitter_has_no_opinion(self, sheet, clerk):
        words = refused_by_the_database(opinion(sheet, clerk).save)
        assert "opinion_not_by_submitter" in words

    def test_nor_has_a_substitute_of_the_submitter(self, sheet, clerk, supervisor):
        said = opinion(sheet, supervisor, acting_for=clerk)
        assert "opinion_not_by_submitter" in refused_by_the_database(said.save)

    def test_the_person_responsible_has_no_opinion(self, sheet):
        words = refused_by_the_database(opinion(sheet, sheet.responsible).save)
        assert "opinion_not_by_responsible" in words

    def test_the_person_responsible_submits_nothing(self, submitted, sheet):
        second = SignOff(
            ticket=submitted,
            ticket_version=9,
            cycle=sheet.cycle,
            number=2,
            submitter=submitted.person,
            responsible=submitted.person,
            result="已补齐。",
        )
        assert "signoff_not_by_responsible" in refused_by_the_database(second.save)

    def test_one_person_decides_one_submission_once(self, sheet, supervisor):
        opinion(sheet, supervisor).save()
        again = opinion(sheet, supervisor, level=Role.PARTY)
        assert "须由不同的人审核" in refused_by_the_database(again.save)

    def test_nor_in_whose_place_it_was_decided(self, sheet, supervisor, viewer):
        opinion(sheet, viewer, acting_for=supervisor).save()
        for again in (
            opinion(sheet, supervisor, level=Role.PARTY),
            opinion(sheet, PersonFactory(), level=Role.PARTY, acting_for=supervisor),
        ):
            assert "须由不同的人审核" in refused_by_the_database(again.save)

    def test_one_level_decides_once(self, sheet, supervisor, viewer):
        opinion(sheet, supervisor).save()
        assert "unique" in refused_by_the_database(opinion(sheet, viewer).save).lower()

    @pytest.mark.parametrize(
        ("facts", "name"),
        [
            ({"level": "boss"}, "opinion_level_is_known"),
            ({"way": "phone"}, "opinion_level_is_known"),
            ({"text": ""}, "opinion_has_words"),
        ],
    )
    def test_an_opinion_is_whole(self, sheet, supervisor, facts, name):
        assert name in refused_by_the_database(opinion(sheet, supervisor, **facts).save)

    def test_nobody_acts_for_themselves(self, sheet, supervisor):
        said = opinion(sheet, supervisor, acting_for=supervisor)
        assert "opinion_acts_for_another" in refused_by_the_database(said.save)

    def test_a_superuser_is_refused_like_everybody(self, submitted, bureau):
        chief = PersonFactory(is_superuser=True)
        with pytest.raises(MoveRefused, match="需要整改办办理"):
            submitted.move("close", by=chief, note="同意。", version=3)

        boss = acts_for(bureau, Role.OFFICE, is_superuser=True)
        Ticket.objects.filter(pk=submitted.pk).update(person=boss)
        with pytest.raises(MoveRefused, match="责任人不能审核"):
            submitted.move("close", by=boss, note="同意。", version=3)

    def test_three_levels_need_three_people(self, inspection, submitted, bureau, supervisor):
        inspection.round.review_roles = "head,office,party"
        inspection.round.save()
        Ticket.objects.filter(pk=submitted.pk).update(review_role="head")
        head = acts_for(bureau, Role.HEAD)
        head.memberships.create(unit=bureau, role=Role.PARTY)
        submitted.refresh_from_db()

        submitted.move("review", by=head, note="属实。", version=3)
        submitted.move("review", by=supervisor, note="同意。", way="on_site", version=4)
        with pytest.raises(MoveRefused, match="您已审核过这次提交"):
            submitted.move("close", by=head, note="同意。", version=5)
        assert not Ticket.objects.awaiting("review", head).exists()

        party = acts_for(bureau, Role.PARTY)
        assert Ticket.objects.awaiting("review", party).get() == submitted
        submitted.move("close", by=party, note="同意销号。", version=5)
        levels = list(submitted.signoffs.get().opinions.values_list("level", "by__pk"))
        assert levels == [("head", head.pk), ("office", supervisor.pk), ("party", party.pk)]

    def test_at_the_leaders_level_only_the_tickets_own_leader_reviews(
        self, inspection, submitted, bureau
    ):
        inspection.round.review_roles = "leader"
        inspection.round.save()
        own, other = (acts_for(bureau, Role.LEADER, name=name) for name in ("吴志", "陈国"))
        Ticket.objects.filter(pk=submitted.pk).update(review_role="leader", leader=own)
        submitted.refresh_from_db()

        assert not Ticket.objects.awaiting("review", other).exists()
        assert Ticket.objects.awaiting("review", own).get() == submitted
        with pytest.raises(MoveRefused, match="责任领导吴志复核"):
            submitted.move("close", by=other, note="同意。", version=3)
        submitted.move("close", by=own, note="同意。", version=3)


class TestCycles:
    def reopen(self, ticket, by, **given):
        given = {"ground": "rebound", "note": "台账又停记。", "due_on": date(2027, 1, 29)} | given
        return ticket.move("reopen", by=by, version=ticket.version, **given)

    @pytest.fixture
    def closed(self, today, submitted, supervisor):
        submitted.move("close", by=supervisor, note="同意。", version=3)
        return submitted

    def test_a_ticket_comes_in_with_its_first_cycle(self, ticket):
        cycle = ticket.cycles.get()
        assert (cycle.number, cycle.due_on, cycle.closed_on) == (1, date(2026, 12, 1), None)
        assert cycle.opened_by == ticket.bulletin.imported_by

    def test_a_reopening_starts_another_with_ground_reason_and_deadline(self, closed, supervisor):
        self.reopen(closed, supervisor)

        first, second = closed.cycles.all()
        assert (first.submitted_on, first.closed_on) == (date(2026, 11, 22), date(2026, 11, 22))
        assert (second.number, second.ground, second.reason) == (2, "rebound", "台账又停记。")
        assert (second.opened_by, second.closed_on) == (supervisor, None)
        assert (closed.status, closed.cycle_number) == (Status.IN_PROGRESS, 2)
        assert (closed.due_on, closed.original_due_on) == (date(2027, 1, 29), date(2027, 1, 29))
        assert closed.changes.filter(field="整改时限").get().new == "2027年1月29日"

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"ground": "whim"}, "请选择重启依据。"),
            ({"note": " "}, "请填写重启原因。"),
            ({"due_on": None}, "请填写今天以后的新时限。"),
            ({"due_on": date(2026, 11, 22)}, "请填写今天以后的新时限。"),
        ],
    )
    def test_it_needs_all_three(self, closed, supervisor, given, words):
        with pytest.raises(MoveRefused, match=words):
            self.reopen(closed, supervisor, **given)
        assert closed.cycles.count() == 1

    def test_the_work_of_the_new_cycle_is_asked_anew(self, closed, clerk, supervisor):
        self.reopen(closed, supervisor)

        with pytest.raises(MoveRefused, match="还没有填报过进展"):
            closed.move("submit", by=clerk, note="已补齐。", version=closed.version)
        closed.refresh_from_db()
        closed.report(by=clerk, text="又补登三处。", version=closed.version)
        closed.move("submit", by=clerk, note="已补齐。", version=closed.version)
        assert closed.signoffs.first().cycle.number == 2

    def test_that_a_cycle_was_late_is_never_forgotten(self, closed, supervisor, time_machine):
        assert not Ticket.objects.with_was_late(date(2026, 11, 22)).get().was_late
        self.reopen(closed, supervisor, due_on=date(2027, 1, 29))
        assert not Ticket.objects.with_was_late(date(2026, 11, 22)).get().was_late

        late = TicketFactory(closed=True, due_on=date(2026, 10, 1))
        late.lead_unit.memberships.create(person=supervisor, role=Role.OFFICE)
        supervisor = type(supervisor).objects.get(pk=supervisor.pk)
        self.reopen(late, supervisor)
        assert Ticket.objects.with_was_late(date(2026, 11, 22)).get(pk=late.pk).was_late

    def test_there_is_one_open_cycle(self, ticket, supervisor):
        second = Cycle(
            ticket=ticket,
            number=2,
            opened_on=date(2026, 11, 22),
            opened_by=supervisor,
            ground="rebound",
            reason="停记。",
        )
        assert "unique" in refused_by_the_database(second.save).lower()

    @pytest.mark.parametrize("facts", [{"ground": ""}, {"reason": ""}, {"ground": "whim"}])
    def test_no_second_cycle_without_a_ground(self, ticket, supervisor, facts):
        second = Cycle(
            ticket=ticket,
            opened_on=date(2026, 11, 22),
            opened_by=supervisor,
            **{"number": 2, "ground": "rebound", "reason": "停记。"} | facts,
        )
        assert "cycle_reopened_with_ground" in refused_by_the_database(second.save)

    def test_an_earlier_cycle_never_changes(self, closed, supervisor):
        self.reopen(closed, supervisor)
        earlier = Cycle.objects.filter(ticket=closed, number=1)

        refused_by_the_database(lambda: earlier.update(due_on=date(2027, 3, 1)))
        refused_by_the_database(lambda: earlier.update(closed_on=None, submitted_on=None))
        refused_by_the_database(lambda: earlier.update(closed_on=date(2026, 11, 1)))
        refused_by_the_database(earlier.delete)


class TestClosedIsLocked:
    """In the database too: only a reopening leads out, and 长期坚持 alters no fact."""

    @pytest.mark.parametrize(
        "change",
        [
            {"title": "别的"},
            {"due_on": date(2027, 5, 1), "original_due_on": date(2027, 5, 1)},
            {"closed_on": date(2026, 10, 1)},
            {"person_text": "别人"},
            {"is_blocked": True, "blocked_reason": "等"},
        ],
    )
    def test_its_facts_stay(self, change):
        ticket = TicketFactory(closed=True)
        alter = Ticket.objects.filter(pk=ticket.pk).update
        assert "已锁定" in refused_by_the_database(lambda: alter(**change))

    @pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.RETURNED, Status.UNCLAIMED])
    def test_it_is_not_slipped_back_into_work(self, status):
        ticket = TicketFactory(closed=True)
        alter = Ticket.objects.filter(pk=ticket.pk).update
        words = refused_by_the_database(
            lambda: alter(status=status, closed_on=None, submitted_on=None)
        )
        assert "只能重启整改" in words

    def test_its_measures_stay(self):
        measure = TicketFactory(closed=True, measures=[{}]).measures.get()
        measure.done_on = date(2026, 11, 2)
        assert "已锁定" in refused_by_the_database(measure.save)

    def test_it_may_still_be_put_on_the_long_term_list(self, department, supervisor):
        ticket = TicketFactory(lead_unit=department, closed=True)
        ticket.move("keep", by=supervisor, note="每季抽查台账。", version=1)

        ticket.refresh_from_db()
        assert ticket.long_term_on
        assert ticket.status == Status.CLOSED
        with pytest.raises(MoveRefused, match="已列入长期坚持"):
            ticket.move("keep", by=supervisor, note="再列。", version=2)
