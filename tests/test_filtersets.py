"""Every filter of the ticket list: what it keeps, and what its choices tell."""

from datetime import date

import pytest
from django.http import QueryDict

from tests.conftest import TODAY, acts_for
from tests.factories import CategoryFactory, InspectionFactory, TicketFactory, UnitFactory
from tracker.choices import Role
from tracker.filtersets import TicketFilterSet, tidy
from tracker.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(rf, supervisor):
    """Return the titles that a query string finds, in no order."""

    def titles(query: str, reader=supervisor) -> set[str]:
        return {ticket.title for ticket in filterset(rf, reader, query).qs}

    return titles


def filterset(rf, reader, query: str) -> TicketFilterSet:
    request = rf.get(f"/tickets/?{query}")
    request.user = reader
    tickets = Ticket.objects.visible_to(reader).for_list(TODAY).with_was_late(TODAY)
    return TicketFilterSet(request.GET, queryset=tickets, request=request)


def offered(rf, reader, name: str, query: str = "") -> list[str]:
    choices = filterset(rf, reader, query).form.fields[name].choices
    return [str(label) for value, label in choices if value]


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "facts"),
        [
            ("q=台账", {"problem": "关于台账不健全的问题"}),
            ("q=健全", {"title": "甲健全"}),
            ("q=甲 登记", {"title": "甲", "problem": "登记不全"}),
            ("q=已补齐", {"claim": "done", "claim_quote": "台账已补齐。"}),
            ("q=邓某", {"leader_text": "邓某"}),
            ("q=莫某", {"person_text": "莫某"}),
            ("q=17(1)", {"printed_number": "17(1)"}),
            ("q=100%25", {"problem": "完成率不足100%"}),
            ("kind=long_term", {"kind": "long_term"}),
            ("status=returned", {"status": "returned"}),
            ("status=returned&status=submitted", {"status": "submitted"}),
            ("due_after=2026-12-01", {"due_on": date(2026, 12, 1)}),
            ("due_before=2026-11-30", {"due_on": date(2026, 11, 30)}),
            ("light=late", {"due_on": date(2026, 11, 20)}),
            ("light=block&light=done", {"blocked": True}),
            ("was_late=on", {"original_due_on": date(2026, 11, 2), "due_on": date(2027, 1, 4)}),
            ("leader=邓某", {"leader_text": "邓某"}),
            ("person=莫某", {"person_text": "莫某"}),
        ],
    )
    def test_it_keeps_what_it_asks_for_and_drops_the_rest(self, found, inspection, query, facts):
        plain = {
            "title": "乙",
            "problem": "档案散失",
            "in_progress": True,
            # Far off for every filter but the one that asks for late deadlines.
            "due_on": date(2026, 11, 30) if "after" in query else date(2027, 3, 1),
        }
        TicketFactory(inspection=inspection, **{"title": "甲"} | plain | {"title": "甲"} | facts)
        TicketFactory(inspection=inspection, **plain)

        assert found(query) == {facts.get("title", "甲")}

    def test_a_unit_stands_for_all_below_it(
        self, found, inspection, bureau, department, other_department
    ):
        section = UnitFactory(name="质检股", parent=department)
        for title, unit in (
            ("局", bureau),
            ("科", department),
            ("股", section),
            ("财", other_department),
        ):
            TicketFactory(inspection=inspection, lead_unit=unit, title=title)

        assert found(f"unit={department.pk}") == {"科", "股"}
        assert found(f"unit={bureau.pk}") == {"局", "科", "股", "财"}

    def test_a_heading_stands_for_all_below_it(self, found, inspection):
        aspect = CategoryFactory(inspection=inspection)
        group = CategoryFactory(inspection=inspection, parent=aspect)
        for title, category in (("甲", aspect), ("乙", group), ("丙", None)):
            TicketFactory(inspection=inspection, category=category, title=title)

        assert found(f"category={aspect.pk}") == {"甲", "乙"}
        assert found(f"category={group.pk}") == {"乙"}

    def test_an_inspection_is_one(self, found, inspection, bureau):
        TicketFactory(inspection=inspection, title="甲")
        TicketFactory(
            inspection=InspectionFactory(unit=bureau, inspecting_body="省委第一巡视组"), title="乙"
        )

        assert found(f"inspection={inspection.pk}") == {"甲"}

    def test_a_name_finds_the_registered_and_the_printed(self, found, inspection, clerk):
        TicketFactory(inspection=inspection, title="甲", person=clerk, person_text="莫某")
        TicketFactory(inspection=inspection, title="乙", person_text="梁文")
        TicketFactory(inspection=inspection, title="丙", person_text="莫某")

        assert found("person=梁文") == {"甲", "乙"}

    def test_mine_is_what_the_reader_answers_for(self, found, inspection, department, clerk):
        TicketFactory(inspection=inspection, lead_unit=department, title="甲", person=clerk)
        TicketFactory(inspection=inspection, lead_unit=department, title="乙")

        assert found("mine=1", clerk) == {"甲"}

    @pytest.mark.parametrize(
        ("task", "titles"),
        [("claim", {"待认领"}), ("report", {"整改中", "已退回"}), ("review", set())],
    )
    def test_what_waits_for_the_clerk(
        self, found, inspection, department, other_department, clerk, task, titles
    ):
        for title, state in (
            ("待认领", {}),
            ("整改中", {"in_progress": True}),
            ("已退回", {"returned": True}),
            ("待审核", {"submitted": True}),
        ):
            TicketFactory(inspection=inspection, lead_unit=department, title=title, **state)
            helped = TicketFactory(inspection=inspection, lead_unit=other_department, **state)
            helped.co_units.add(department)

        assert found(f"act={task}", clerk) == titles

    def test_what_waits_for_the_supervisor(self, found, inspection):
        TicketFactory(inspection=inspection, title="甲", submitted=True)
        TicketFactory(inspection=inspection, title="乙")

        assert found("act=review") == {"甲"}
        assert found("act=claim") == set()


class TestChoices:
    @pytest.fixture
    def world(self, inspection, department, other_department, bureau, other_bureau):
        TicketFactory(
            inspection=inspection,
            lead_unit=department,
            category=CategoryFactory(inspection=inspection, heading="工程方面"),
            leader_text="邓某",
            person_text="莫某",
        )
        TicketFactory(
            inspection=inspection,
            lead_unit=other_department,
            category=CategoryFactory(inspection=inspection, heading="财务方面"),
            leader_text="陈某",
            person_text="黄某",
        )
        TicketFactory(
            inspection=InspectionFactory(unit=other_bureau, inspecting_body="省委第一巡视组"),
            leader_text="方某",
        )

    def test_headings_are_those_of_one_inspection(self, rf, supervisor, world, inspection, bureau):
        """Of all inspections they would be thousands; a heading in the address stays chosen."""
        assert offered(rf, supervisor, "category")[1:] == ["工程方面", "财务方面"]  # the only one
        other = InspectionFactory(unit=bureau, inspecting_body="省委第二巡视组")
        theirs = CategoryFactory(inspection=other, heading="党建方面")
        TicketFactory(inspection=other, category=theirs)

        def headings(query):
            return offered(rf, supervisor, "category", query)[1:]

        assert headings("") == []
        assert not filterset(rf, supervisor, "").offers_headings
        assert headings(f"inspection={inspection.pk}") == ["工程方面", "财务方面"]
        assert headings(f"category={theirs.pk}") == ["党建方面"]
        chosen = filterset(rf, supervisor, f"category={theirs.pk}")
        assert (chosen.offers_headings, chosen.qs.count()) == (True, 1)

    def test_units_of_one_name_are_told_apart(self, rf, supervisor, inspection, bureau, department):
        for unit in (bureau, department):
            office = UnitFactory(name="办公室", parent=unit)
            TicketFactory(inspection=inspection, lead_unit=office)

        units = offered(rf, supervisor, "unit")

        assert {"市水务局办公室", "工程科办公室"} <= {*units}
        assert "办公室" not in units

    def test_they_name_nothing_that_the_reader_may_not_see(self, rf, clerk, world):
        assert offered(rf, clerk, "unit") == ["工程科"]
        assert offered(rf, clerk, "category") == ["没有列出方面", "工程方面"]
        assert offered(rf, clerk, "leader") == ["邓某", "未明确责任领导"]
        assert offered(rf, clerk, "person") == ["莫某", "未明确责任人"]
        assert offered(rf, clerk, "inspection") == ["市委第七巡察组巡察市水务局（2026）"]

    def test_they_name_the_units_above_within_reach(self, rf, supervisor, world):
        assert set(offered(rf, supervisor, "unit")) == {"市水务局", "工程科", "财务科"}

    def test_a_helper_may_choose_the_unit_that_leads(self, rf, inspection, department, bureau):
        ticket = TicketFactory(inspection=inspection, lead_unit=bureau)
        ticket.co_units.add(department)

        assert offered(rf, acts_for(department, Role.STAFF), "unit") == ["市水务局"]

    @pytest.mark.parametrize(
        "query", ["unit={other}", "unit=x", "status=gone", "light=red", "due_after=31.2.", "sort=x"]
    )
    def test_a_value_that_is_not_offered_finds_nothing_and_is_named(
        self, rf, supervisor, inspection, other_bureau, query
    ):
        TicketFactory(inspection=inspection)
        chosen = filterset(rf, supervisor, query.format(other=other_bureau.pk))

        assert not chosen.qs.exists()
        assert len(chosen.wrong) == 1


def test_a_tidy_address_has_no_empty_parameter():
    query = QueryDict("q=&unit=3&status=&status=closed&person=")

    assert tidy(query).urlencode() == "unit=3&status=closed"
