"""What the queryset says must be what the model says; and who sees what."""

from datetime import date, timedelta
from itertools import product

import pytest

from tests.conftest import TODAY, acts_for
from tests.factories import (
    InspectionFactory,
    PersonFactory,
    RoundFactory,
    TicketFactory,
    UnitFactory,
)
from tracker.choices import Role, Status
from tracker.models import Holiday, Progress, Round, Ticket, Transition

pytestmark = pytest.mark.django_db


class TestWithLight:
    def test_sql_says_the_same_as_the_model_for_every_state(self, bureau):
        """The product of rounds, statuses, blocked or not, and deadlines around every edge."""
        rounds = [
            RoundFactory(warn_days=5),
            RoundFactory(warn_days=0),
            RoundFactory(warn_days=7, warn_in_workdays=False),
        ]
        deadlines = [None, *(TODAY + timedelta(days=days) for days in range(-2, 11))]
        for number, item in enumerate(rounds):
            inspection = InspectionFactory(
                unit=bureau, round=item, inspecting_body=f"第{number}巡察组"
            )
            for status, is_blocked, due_on in product(Status, (False, True), deadlines):
                TicketFactory(
                    inspection=inspection,
                    status=status,
                    closed_on=TODAY if status == Status.CLOSED else None,
                    is_blocked=is_blocked,
                    blocked_reason="待资金" if is_blocked else "",
                    due_on=due_on,
                )

        calendar = Holiday.objects.calendar()
        tickets = Ticket.objects.with_light(TODAY).select_related("inspection__round")

        assert len(tickets) == 3 * len(Status) * 2 * len(deadlines)
        for ticket in tickets:
            warn_until = ticket.inspection.round.bands.warn_until(TODAY, calendar)
            assert ticket.light_on_day == ticket.light(TODAY, warn_until), ticket.__dict__

    def test_it_works_without_any_round(self):
        assert list(Ticket.objects.with_light(TODAY)) == []
        assert Round.objects.warn_until(TODAY) == {}


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
