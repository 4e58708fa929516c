"""A plan is drafted by the units, submitted by the office and approved by the Party group."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import acts_for
from tests.factories import MeasureFactory, PlanFactory, TicketFactory
from tracker import drafting
from tracker.choices import Origin, PlanStatus, Role
from tracker.models import Measure, Person, Plan, PlanDecision, selfcheck
from tracker.planning import Stop
from tracker.workflow import MoveRefused, TicketChanged

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(bureau):
    return acts_for(bureau, Role.OFFICE, username="office", name="秦安")


@pytest.fixture
def planned(today, ticket, clerk, office):
    """工程科's ticket with all five things, in an inspection whose plan is being drafted."""
    plan = Plan.begin(ticket.inspection, by=office)
    measure = drafting.save_measure(
        ticket, None, {"text": "补登台账，逐项核对实物。"}, [], by=clerk, version=ticket.version
    )
    drafting.save_facts(ticket, {"leader": office, "person": clerk}, by=clerk, version=2)
    return plan, measure


def changes(ticket):
    return [(c.field, c.old, c.new, c.by, c.why) for c in ticket.changes.order_by("pk")]


class TestBegin:
    def test_the_office_opens_it_and_that_is_recorded(self, ticket, office):
        plan = Plan.begin(ticket.inspection, by=office)

        assert plan.status == PlanStatus.DRAFTING
        assert [(d.move, d.by) for d in plan.decisions.all()] == [("begin", office)]

    def test_nobody_else_does(self, ticket, clerk, party):
        for person in (clerk, party):
            with pytest.raises(MoveRefused, match="整改办"):
                Plan.begin(ticket.inspection, by=person)

    def test_there_is_one_plan_an_inspection(self, planned, office, ticket):
        with pytest.raises(TicketChanged, match="已经有"):
            Plan.begin(ticket.inspection, by=office)


class TestDraft:
    def test_a_measure_is_added_with_its_milestones_and_recorded(self, planned, ticket, clerk):
        measure = drafting.save_measure(
            ticket,
            None,
            {"text": "每月核对。", "goal": "账实相符", "unit": ticket.lead_unit, "person": clerk},
            [Stop("核对第一次", date(2026, 11, 25))],
            by=clerk,
            version=ticket.version,
        )

        assert (measure.number, measure.added_by) == ("二", clerk)
        assert [str(each) for each in measure.milestones.all()] == ["核对第一次"]
        assert ("措施二", "", "每月核对。", clerk, "编制整改方案") in changes(ticket)
        assert ("措施二的节点", "", "11月25日核对第一次", clerk, "编制整改方案") in changes(ticket)

    def test_an_edit_records_each_field_that_differs(self, planned, ticket, clerk, head):
        _, measure = planned

        drafting.save_measure(
            ticket,
            measure,
            {"text": measure.text, "goal": "账实相符率100%", "due_on": date(2026, 11, 27)},
            [],
            by=head,
            version=ticket.version,
        )

        assert changes(ticket)[-2:] == [
            ("措施一的目标（标准）", "", "账实相符率100%", head, "编制整改方案"),
            ("措施一的完成时限", "", "2026年11月27日", head, "编制整改方案"),
        ]

    def test_the_deadline_of_a_plan_is_the_first_one(self, planned, ticket, clerk):
        drafting.save_facts(
            ticket, {"due_on": date(2026, 11, 20)}, by=clerk, version=ticket.version
        )

        ticket.refresh_from_db()
        assert ticket.original_due_on == ticket.due_on == date(2026, 11, 20)
        assert not ticket.due_was_moved

    def test_measures_change_places(self, planned, ticket, clerk):
        _, first = planned
        second = drafting.save_measure(
            ticket, None, {"text": "每月核对。"}, [], by=clerk, version=ticket.version
        )

        drafting.shift_measure(ticket, second, -1, by=clerk, version=ticket.version)

        assert [(m.number, m.text) for m in ticket.measures.all()] == [
            ("一", "每月核对。"),
            ("二", first.text),
        ]
        with pytest.raises(MoveRefused, match="最前"):
            drafting.shift_measure(ticket, second, -1, by=clerk, version=ticket.version)

    def test_a_dropped_measure_counts_nowhere_and_is_kept(self, planned, ticket, clerk):
        _, measure = planned

        drafting.drop_measure(ticket, measure, by=clerk, version=ticket.version)

        assert not ticket.measures.exists()
        assert Measure.ever.get(pk=measure.pk).dropped_on
        assert changes(ticket)[-1][:3] == ("措施一", measure.text, "已撤下")

    def test_what_a_bulletin_printed_stays(self, planned, ticket, clerk):
        printed = MeasureFactory(ticket=ticket, order=9, number="九", text="通报所印。")

        drafting.save_measure(
            ticket, printed, {"text": "改写", "goal": "见底"}, [], by=clerk, version=ticket.version
        )
        with pytest.raises(MoveRefused, match="不能撤下"):
            drafting.drop_measure(ticket, printed, by=clerk, version=ticket.version)

        printed.refresh_from_db()
        assert (printed.text, printed.goal, printed.number) == ("通报所印。", "见底", "九")

    def test_a_planned_measure_may_answer_to_a_printed_one(self, planned, ticket, clerk):
        _, measure = planned
        printed = MeasureFactory(ticket=ticket, order=9, number="九")

        drafting.save_measure(
            ticket, measure, {"printed": printed}, [], by=clerk, version=ticket.version
        )

        assert list(printed.planned_as.all()) == [measure]

    def test_an_empty_measure_is_refused(self, planned, ticket, clerk):
        with pytest.raises(MoveRefused):
            drafting.save_measure(ticket, None, {"text": ""}, [], by=clerk, version=ticket.version)
        assert ticket.measures.count() == 1

    def test_a_colleague_who_was_faster_is_not_overwritten(self, planned, ticket, clerk):
        _, measure = planned

        with pytest.raises(TicketChanged):
            drafting.save_measure(ticket, measure, {"goal": "甲"}, [], by=clerk, version=1)

        measure.refresh_from_db()
        assert measure.goal == ""

    def test_others_do_not_draft(self, planned, ticket, party, viewer, neighbour):
        for person in (party, viewer, neighbour):
            with pytest.raises(MoveRefused, match="编制"):
                drafting.save_measure(
                    ticket, None, {"text": "改"}, [], by=person, version=ticket.version
                )

    def test_an_import_without_a_plan_is_as_printed(self, ticket, clerk):
        with pytest.raises(MoveRefused, match="没有编制整改方案"):
            drafting.save_measure(
                ticket, None, {"text": "改"}, [], by=clerk, version=ticket.version
            )


class TestMoves:
    def test_the_whole_way_with_a_return(self, planned, ticket, clerk, office, party):
        plan, measure = planned
        plan.move("submit", by=office, version=1)
        with pytest.raises(MoveRefused, match="正在审定"):
            drafting.save_measure(
                ticket, measure, {"goal": "甲"}, [], by=clerk, version=ticket.version
            )
        plan.move("return", by=party, note="措施太虚。", version=2)
        drafting.save_measure(
            ticket, measure, {"goal": "账实相符"}, [], by=clerk, version=ticket.version
        )
        plan.move("submit", by=office, note="已改。", version=3)
        plan.move("approve", by=party, note="同意。", version=4)

        assert (plan.status, plan.edition, plan.decided_by) == ("approved", 2, party)
        assert plan.approved_on == date(2026, 11, 22)
        rows = plan.decisions.order_by("pk").values_list("move", "edition", "by__username")
        assert list(rows) == [
            ("begin", 1, "office"),
            ("submit", 1, "office"),
            ("return", 1, "party"),
            ("submit", 2, "office"),
            ("approve", 2, "party"),
        ]

    def test_each_edition_keeps_what_it_said(self, planned, ticket, clerk, office, party):
        plan, measure = planned
        plan.move("submit", by=office, version=1)
        plan.move("return", by=party, note="措施太虚。", version=2)
        drafting.save_measure(
            ticket, measure, {"text": "改写后的措施。"}, [], by=clerk, version=ticket.version
        )
        plan.move("submit", by=office, version=3)

        said = [
            decision.content[0]["measures"][0]["text"]
            for decision in plan.decisions.filter(move="submit").order_by("pk")
        ]
        assert said == ["补登台账，逐项核对实物。", "改写后的措施。"]

    def test_a_plan_that_lacks_something_is_not_submitted(self, planned, office, inspection):
        plan, _ = planned
        TicketFactory(inspection=inspection)

        with pytest.raises(MoveRefused, match="还缺3处"):
            plan.move("submit", by=office, version=1)

    def test_a_problem_that_came_in_meanwhile_stops_the_approval(
        self, planned, office, party, inspection
    ):
        plan, _ = planned
        plan.move("submit", by=office, version=1)
        TicketFactory(inspection=inspection)

        with pytest.raises(MoveRefused, match="还缺"):
            plan.move("approve", by=party, note="同意。", version=2)

    def test_who_submitted_does_not_approve(self, planned, office, bureau):
        plan, _ = planned
        office.memberships.create(unit=bureau, role=Role.PARTY)
        office = Person.objects.get(pk=office.pk)
        plan.move("submit", by=office, version=1)

        with pytest.raises(MoveRefused, match="提请人不能审定"):
            plan.move("approve", by=office, note="同意。", version=2)

    def test_nor_does_the_database_let_them(self, planned, office):
        plan, _ = planned
        plan.move("submit", by=office, version=1)

        with pytest.raises(IntegrityError), transaction.atomic():
            Plan.objects.update(
                status="approved", decided_by=office, approved_on=date(2026, 11, 22)
            )
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanDecision.objects.create(
                plan=plan, plan_version=9, move="approve", edition=1, by=office, submitter=office,
                note="同意",
            )  # fmt: skip

    def test_without_a_party_group_the_office_decides(self, planned, office, bureau):
        plan, _ = planned
        plan.move("submit", by=office, version=1)
        second = acts_for(bureau, Role.OFFICE, name="另一位")

        plan.move("approve", by=second, note="同意。", version=2)

        assert plan.is_approved

    def test_with_one_the_office_does_not(self, planned, office, party, bureau):
        plan, _ = planned
        plan.move("submit", by=office, version=1)

        with pytest.raises(MoveRefused, match="党组"):
            plan.move("approve", by=acts_for(bureau, Role.OFFICE), note="同意。", version=2)

    def test_of_two_decisions_one_is_told(self, planned, office, party):
        plan, _ = planned
        plan.move("submit", by=office, version=1)
        stale = Plan.objects.get(pk=plan.pk)
        plan.move("approve", by=party, note="同意。", version=2)

        with pytest.raises(TicketChanged):
            stale.move("return", by=party, note="不同意。", version=2)

    def test_a_decision_needs_its_words(self, planned, office, party):
        plan, _ = planned
        plan.move("submit", by=office, version=1)

        for name in ("approve", "return"):
            with pytest.raises(MoveRefused, match="请填写"):
                plan.move(name, by=party, note="  ", version=2)

    def test_a_record_cannot_be_altered(self, planned):
        with pytest.raises(IntegrityError, match="方案办理只能新增"), transaction.atomic():
            PlanDecision.objects.update(note="改写")


class TestNotices:
    def test_who_decides_is_told_and_then_who_submitted(self, planned, office, party):
        plan, _ = planned
        plan.move("submit", by=office, version=1)
        told = party.notices.get()
        assert (told.kind, told.link) == ("plan", f"/inspections/{plan.inspection_id}/plan/")

        plan.move("return", by=party, note="措施太虚。", version=2)

        assert "措施太虚。" in office.notices.get().text


class TestGate:
    def test_an_approved_plan_is_what_the_start_asks_for(self, planned, office, party):
        plan, _ = planned
        inspection = plan.inspection
        assert not inspection.plan_is_approved

        plan.move("submit", by=office, version=1)
        plan.move("approve", by=party, note="同意。", version=2)

        assert type(inspection).objects.get(pk=inspection.pk).plan_is_approved

    def test_an_inspection_without_a_plan_has_none(self, inspection):
        assert not inspection.plan_is_approved


def test_what_was_found_besides_is_no_part_of_the_plan(planned, ticket, clerk, office):
    plan, _ = planned
    found = selfcheck.open_found(
        ticket,
        by=clerk,
        origin=Origin.SIMILAR,
        title="路灯台账不健全",
        problem="路灯台账缺项。",
        lead_unit=ticket.lead_unit,
        due_on=date(2026, 12, 10),
    )

    plan.move("submit", by=office, version=1)

    # Its measures are drafted by its own unit, whatever the plan does.
    drafting.save_measure(found, None, {"text": "补登。"}, [], by=clerk, version=found.version)


def test_milestones_are_ticked_by_those_who_report(planned, ticket, clerk, viewer):
    _, measure = planned
    drafting.save_measure(
        ticket, measure, {}, [Stop("补齐", date(2026, 11, 20))], by=clerk, version=ticket.version
    )
    stop = measure.milestones.get()
    with pytest.raises(MoveRefused):
        drafting.tick(ticket, stop, by=viewer, version=ticket.version)

    drafting.tick(ticket, stop, by=clerk, version=ticket.version)

    stop.refresh_from_db()
    assert stop.done_on == date(2026, 11, 22)
    assert changes(ticket)[-1][:3] == ("措施一节点“补齐”", "未到达", "已到达")


def test_a_reached_milestone_survives_an_edit_that_keeps_it(planned, ticket, clerk):
    _, measure = planned
    stops = [Stop("补齐", date(2026, 11, 20))]
    drafting.save_measure(ticket, measure, {}, stops, by=clerk, version=ticket.version)
    drafting.tick(ticket, measure.milestones.get(), by=clerk, version=ticket.version)

    drafting.save_measure(
        ticket,
        measure,
        {},
        [*stops, Stop("复核", date(2026, 11, 25))],
        by=clerk,
        version=ticket.version,
    )

    assert [bool(each.done_on) for each in measure.milestones.all()] == [True, False]


def test_an_approved_plan_is_not_edited(today, ticket, clerk):
    PlanFactory(inspection=ticket.inspection, approved=True)

    with pytest.raises(MoveRefused, match="申请调整"):
        drafting.save_measure(ticket, None, {"text": "加一条。"}, [], by=clerk, version=1)
