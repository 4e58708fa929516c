"""What the queryset says must be what the model says; and who sees what."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest

from tests.conftest import TODAY, acts_for
from tests.factories import (
    InspectionFactory,
    PersonFactory,
    RoundFactory,
    TicketFactory,
    UnitFactory,
    close,
)
from tracker.changes import with_changes
from tracker.choices import Kind, Light, Role, Status
from tracker.filtersets import SORTS, ordering
from tracker.lights import PRESETS, PRESSING
from tracker.models import Progress, Round, Ticket, Transition

pytestmark = pytest.mark.django_db


class TestWithLight:
    def test_sql_says_the_same_as_the_lamps_for_every_state(self, bureau, today, time_machine):
        """The product of presets, statuses, kinds, blocked or not, reports and deadlines."""
        clerk = PersonFactory()
        deadlines = [None, *(TODAY + timedelta(days=days) for days in (-2, -1, 0, 5, 7, 8, 10))]
        deadlines += [TODAY + timedelta(days=days) for days in (11, 20, 21)]
        days_ago = (0, 7, 8, 15, 16, 40)
        for number, preset in enumerate(PRESETS):
            item = RoundFactory()
            item.take_preset(preset)
            inspection = InspectionFactory(
                unit=bureau, round=item, inspecting_body=f"第{number}巡察组"
            )
            everything = product(Status, (False, True), deadlines)
            for serial, (status, is_blocked, due_on) in enumerate(everything):
                heard = TODAY - timedelta(days=days_ago[serial % len(days_ago)])
                time_machine.move_to(datetime(2026, 9, 1, 9, tzinfo=UTC))
                ticket = TicketFactory(
                    inspection=inspection,
                    status=Status.IN_PROGRESS if status == Status.CLOSED else status,
                    is_blocked=is_blocked,
                    blocked_reason="待资金" if is_blocked else "",
                    due_on=due_on,
                    kind=list(Kind)[serial % 3],
                )
                time_machine.move_to(datetime.combine(heard, time(1), tzinfo=UTC))
                if serial % 4 == 1:
                    ticket.progress.create(ticket_version=2, by=clerk, text="已办。")
                elif serial % 4 == 2:
                    ticket.transitions.create(
                        ticket_version=2, move="claim", target="in_progress", by=clerk
                    )
                if status == Status.CLOSED:
                    close(ticket, TODAY, long_term_on=TODAY if serial % 2 else None)

        tickets = Ticket.objects.with_light(TODAY).select_related("inspection__round")

        assert len(tickets) == len(PRESETS) * len(Status) * 2 * len(deadlines)
        for ticket in tickets:
            lamp = ticket.lamp(TODAY, ticket.inspection.round.bands)
            assert ticket.light_on_day == lamp.light, ticket.__dict__
        assert {ticket.light_on_day for ticket in tickets} == set(Light)
        for condition, lights in (("is_late", [Light.LATE]), ("is_pressing", PRESSING)):
            kept = tickets.filter(**{condition: True})
            assert {one.pk for one in kept} == {
                one.pk for one in tickets if one.light_on_day in lights
            }

    def test_a_report_that_only_the_bulletin_made_does_not_wake_a_ticket(
        self, inspection, clerk, time_machine
    ):
        time_machine.move_to("2026-09-01T09:00:00+08:00")
        ticket = TicketFactory(inspection=inspection, in_progress=True, due_on=date(2026, 12, 30))
        time_machine.move_to("2026-11-22T12:00:00+08:00")
        assert Ticket.objects.with_light(TODAY).get().light_on_day == Light.STALE

        ticket.progress.create(ticket_version=2, by=clerk, text="已办。", bulletin=ticket.bulletin)
        assert Ticket.objects.with_light(TODAY).get().light_on_day == Light.STALE

        ticket.progress.create(ticket_version=3, by=clerk, text="已办。")
        assert Ticket.objects.with_light(TODAY).get().light_on_day == Light.OK

    @pytest.mark.parametrize(
        ("period", "expected"), [("week", Light.STALE), ("half_month", Light.OK)]
    )
    def test_a_period_is_the_rounds_own(self, bureau, time_machine, period, expected):
        item = RoundFactory(reporting_period=period)
        time_machine.move_to("2026-11-12T09:00:00+08:00")
        TicketFactory(
            inspection=InspectionFactory(unit=bureau, round=item),
            in_progress=True,
            due_on=date(2026, 12, 30),
        )

        assert Ticket.objects.with_light(TODAY).get().light_on_day == expected

    def test_it_works_without_any_round(self):
        assert list(Ticket.objects.with_light(TODAY)) == []
        assert Round.objects.all().bands() == {}


class TestVisibleTo:
    @pytest.mark.parametrize("role", Role)
    def test_every_role_sees_its_units_and_those_below(
        self, role, bureau, department, other_department, other_bureau, inspection
    ):
        TicketFactory(lead_unit=other_bureau)
        own, below, beside = (
            TicketFactory(lead_unit=unit) for unit in (bureau, department, other_department)
        )

        assert set(Ticket.objects.visible_to(acts_for(bureau, role))) == {own, below, beside}
        assert set(Ticket.objects.visible_to(acts_for(department, role))) == {below}

    def test_who_helps_sees_the_ticket_once(self, bureau, department, other_department):
        ticket = TicketFactory(lead_unit=bureau)
        ticket.co_units.add(department, other_department)

        assert list(Ticket.objects.visible_to(acts_for(bureau, Role.STAFF))) == [ticket]
        assert list(Ticket.objects.visible_to(acts_for(department, Role.STAFF))) == [ticket]

    def test_who_acts_for_nobody_sees_nothing_even_as_superuser(self, ticket):
        assert not Ticket.objects.visible_to(PersonFactory()).exists()
        assert not Ticket.objects.visible_to(PersonFactory(is_superuser=True)).exists()

    def test_a_path_is_not_mistaken_for_one_that_begins_alike(self, bureau):
        """Unit 1 must not see what belongs to unit 10."""
        others = [UnitFactory() for _ in range(12)]
        for unit in others:
            TicketFactory(lead_unit=unit)

        assert not Ticket.objects.visible_to(acts_for(bureau, Role.VIEWER)).exists()


class TestWithWasLate:
    @pytest.mark.parametrize(
        ("facts", "was_late"),
        [
            ({"due_on": TODAY}, False),
            ({"due_on": TODAY - timedelta(days=1)}, True),
            ({"due_on": None}, False),
            # The old deadline passed before it was moved: the mark stays.
            ({"due_on": date(2027, 1, 4), "original_due_on": date(2026, 11, 2)}, True),
            ({"due_on": date(2026, 11, 2), "closed": True, "closed_on": date(2026, 11, 2)}, False),
            ({"due_on": date(2026, 11, 2), "closed": True, "closed_on": date(2026, 11, 3)}, True),
            ({"due_on": None, "closed": True}, False),
            # What a review takes is not the unit's time.
            ({"due_on": date(2026, 11, 20), "submitted": True}, False),
            ({"due_on": date(2026, 11, 19), "submitted": True}, True),
            (
                {"due_on": date(2026, 11, 2), "closed": True, "submitted_on": date(2026, 11, 2)},
                False,
            ),
        ],
    )
    def test_it_counts_from_the_original_deadline(self, facts, was_late):
        TicketFactory(**facts)

        assert Ticket.objects.with_was_late(TODAY).get().was_late is was_late


class TestLatest:
    def test_the_latest_report_and_the_latest_percentage_may_be_two(self, ticket, clerk):
        ticket.report(by=clerk, text="先", percent=40, version=1)
        ticket.report(by=clerk, text="后", version=2)

        found = Ticket.objects.with_latest_progress().get()

        assert (found.latest_text, found.latest_percent) == ("后", 40)
        assert found.latest_at == Progress.objects.get(text="后").at

    def test_without_a_report_they_are_empty(self, ticket):
        found = Ticket.objects.with_latest_progress().get()

        assert (found.latest_text, found.latest_percent, found.latest_at) == (None, None, None)

    def test_the_last_return_counts(self, ticket, supervisor):
        for version, note in ((2, "先"), (3, "后")):
            Transition.objects.create(
                ticket=ticket,
                ticket_version=version,
                move="return",
                source="submitted",
                target="returned",
                by=supervisor,
                note=note,
            )

        found = Ticket.objects.with_return_note().get()

        assert (found.return_note, found.return_by) == ("后", "邓佳")


def test_names_are_those_registered_else_as_printed(ticket, clerk):
    Ticket.objects.update(person=clerk, person_text="莫某", leader_text="邓某")

    found = Ticket.objects.with_names().get()

    assert (found.person_shown, found.leader_shown) == ("梁文", "邓某")
    assert (found.person_name, found.leader_name) == ("梁文", "邓某")


class TestFirstRows:
    @pytest.mark.parametrize("sort", [f"{sign}{name}" for name in SORTS for sign in ("", "-")])
    def test_they_are_those_that_a_slice_would_give(
        self, clerk, inspection, department, today, sort
    ):
        other = InspectionFactory(unit=inspection.unit, inspecting_body="市委第八巡察组")
        other.round.take_preset("jiangjin")
        for n in range(8):
            TicketFactory(
                inspection=(inspection, other)[n % 2],
                lead_unit=department,
                due_on=None if n == 3 else TODAY + timedelta(n * 3 % 7),
                in_progress=n % 3 == 0,
            )
        rows = Ticket.objects.visible_to(clerk).for_list(TODAY).with_was_late(TODAY)
        rows = with_changes(rows, TODAY).order_by(*ordering(sort))

        assert list(rows.first_rows(3, skip=2)) == list(rows)[2:5]

    def test_without_any_round_there_are_none(self, db):
        rows = Ticket.objects.for_list(TODAY).order_by(*ordering("light"))

        assert list(rows.first_rows(3)) == []
