"""Changing an approved plan is asked for, decided by another, and applied at once or not at all."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.factories import MeasureFactory, PlanFactory
from tracker import drafting
from tracker.choices import AskKind, AskStatus, Role
from tracker.models import Measure, Person, PlanAsk
from tracker.planning import Stop
from tracker.workflow import MoveRefused, TicketChanged

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure(today, ticket, clerk):
    PlanFactory(inspection=ticket.inspection, approved=True)
    return MeasureFactory(ticket=ticket, order=1, number="一", text="补登台账。", added_by=clerk)


@pytest.fixture
def asked(ticket, measure, clerk):
    return drafting.ask(
        ticket,
        measure,
        AskKind.CHANGE,
        {"text": "补登台账并核对实物。", "goal": "账实相符"},
        [Stop("核对完", date(2026, 11, 27))],
        reason="局务会议纪要第五号",
        by=clerk,
    )


class TestAsk:
    def test_it_keeps_old_and_new_and_moves_nothing(self, asked, measure, ticket):
        version = ticket.version

        measure.refresh_from_db()
        ticket.refresh_from_db()
        assert (measure.text, ticket.version) == ("补登台账。", version)
        assert [(f["label"], f["old"], f["new"]) for f in asked.fields] == [
            ("措施", "补登台账。", "补登台账并核对实物。"),
            ("目标（标准）", "", "账实相符"),
            ("节点", "", "11月27日核对完"),
        ]

    def test_a_deadline_is_not_among_what_may_be_asked(self, ticket, measure, clerk):
        with pytest.raises(MoveRefused, match="没有改动"):
            drafting.ask(
                ticket, measure, AskKind.CHANGE, {"due_on": date(2027, 1, 1)}, [], reason="晚些",
                by=clerk,
            )  # fmt: skip

    def test_it_needs_a_reason(self, ticket, measure, clerk):
        with pytest.raises(MoveRefused, match="理由"):
            drafting.ask(ticket, measure, AskKind.DROP, {}, [], reason=" ", by=clerk)

    def test_one_waits_for_each_measure(self, asked, ticket, measure, clerk):
        with pytest.raises(MoveRefused, match="已有一个"):
            drafting.ask(ticket, measure, AskKind.DROP, {}, [], reason="不需要", by=clerk)

    def test_before_the_approval_there_is_nothing_to_ask(self, ticket, clerk):
        with pytest.raises(MoveRefused, match="批准以后"):
            drafting.ask(ticket, None, AskKind.ADD, {"text": "加。"}, [], reason="要", by=clerk)

    def test_strangers_do_not_ask(self, ticket, measure, neighbour, viewer):
        for person in (neighbour, viewer):
            with pytest.raises(MoveRefused, match="申请调整"):
                drafting.ask(ticket, measure, AskKind.DROP, {}, [], reason="不要", by=person)


class TestDecide:
    def test_who_decides_is_told_and_then_who_asked(self, party, asked, clerk):
        assert party.notices.get().link == f"/plan-asks/{asked.pk}/"

        drafting.decide(asked, granted=False, opinion="不必改", by=party)

        assert clerk.notices.get().text == "方案调整未同意：不必改"

    def test_what_is_granted_is_done_with_its_records(self, asked, measure, ticket, party):
        drafting.decide(asked, granted=True, opinion="同意", by=party)

        measure.refresh_from_db()
        assert (measure.text, measure.goal) == ("补登台账并核对实物。", "账实相符")
        assert [str(each) for each in measure.milestones.all()] == ["核对完"]
        ticket.refresh_from_db()
        assert ticket.version == 2
        records = ticket.changes.order_by("pk").values_list("field", "old", "new", "by", "why")
        why = "方案调整：局务会议纪要第五号"
        assert next(iter(records)) == (
            "措施一的措施",
            "补登台账。",
            "补登台账并核对实物。",
            party.pk,
            why,
        )
        assert len(records) == 3

    def test_what_is_refused_moves_nothing(self, asked, measure, ticket, party):
        drafting.decide(asked, granted=False, opinion="不必改", by=party)

        measure.refresh_from_db()
        assert measure.text == "补登台账。"
        assert not ticket.changes.exists()
        assert (asked.status, asked.decided_by, asked.opinion) == ("refused", party, "不必改")

    def test_a_measure_is_added(self, ticket, measure, clerk, party):
        ask = drafting.ask(
            ticket,
            None,
            AskKind.ADD,
            {"text": "增设监督岗。", "person": clerk, "due_on": date(2026, 11, 30)},
            [Stop("到岗", date(2026, 11, 26))],
            reason="回访发现",
            by=clerk,
        )

        drafting.decide(ask, granted=True, opinion="同意", by=party)

        added = ticket.measures.get(text="增设监督岗。")
        assert (added.number, added.added_by, added.due_on) == ("二", clerk, date(2026, 11, 30))
        assert added.milestones.count() == 1

    def test_a_measure_is_dropped(self, ticket, measure, clerk, party):
        ask = drafting.ask(ticket, measure, AskKind.DROP, {}, [], reason="已并入措施二", by=clerk)

        drafting.decide(ask, granted=True, opinion="同意", by=party)

        assert not ticket.measures.exists()
        assert Measure.ever.filter(pk=measure.pk).exists()

    def test_what_changed_meanwhile_is_not_overwritten(self, asked, measure, party):
        Measure.objects.update(goal="别的目标")

        with pytest.raises(TicketChanged, match="已经改变"):
            drafting.decide(asked, granted=True, opinion="同意", by=party)

        asked.refresh_from_db()
        measure.refresh_from_db()
        assert (asked.status, measure.text) == (AskStatus.PENDING, "补登台账。")

    def test_it_is_decided_once(self, asked, party):
        stale = PlanAsk.objects.get(pk=asked.pk)
        drafting.decide(asked, granted=True, opinion="同意", by=party)

        with pytest.raises(MoveRefused, match="已经审定"):
            drafting.decide(stale, granted=False, opinion="不", by=party)

    def test_by_somebody_else(self, asked, clerk, bureau, viewer):
        with pytest.raises(MoveRefused, match="审定"):
            drafting.decide(asked, granted=True, opinion="同意", by=viewer)
        clerk.memberships.create(unit=bureau, role=Role.PARTY)
        clerk = Person.objects.get(pk=clerk.pk)
        with pytest.raises(MoveRefused, match="申请人不能审定"):
            drafting.decide(asked, granted=True, opinion="同意", by=clerk)

    def test_nor_does_the_database_let_them(self, asked, clerk):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanAsk.objects.update(
                status="approved", decided_by=clerk, decided_at=asked.asked_at, opinion="同意"
            )

    def test_neither_request_nor_decision_can_be_altered(self, asked, party):
        with pytest.raises(IntegrityError, match="不能修改或删除"), transaction.atomic():
            PlanAsk.objects.update(reason="改写")
        drafting.decide(asked, granted=True, opinion="同意", by=party)
        with pytest.raises(IntegrityError, match="不能修改或删除"), transaction.atomic():
            PlanAsk.objects.update(opinion="改写")
        with pytest.raises(IntegrityError, match="不能修改或删除"), transaction.atomic():
            PlanAsk.objects.all().delete()
