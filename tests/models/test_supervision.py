"""What the database keeps of blocked, pressed and instructed tickets, and who wins a race."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.conftest import TODAY, acts_for
from tests.factories import TicketFactory
from tracker.choices import Role
from tracker.models import Coordination, Instruction, Press, Ticket
from tracker.workflow import MoveRefused
from tracker.worktime import WorkCalendar

pytestmark = pytest.mark.django_db


class TestQueries:
    def test_blocked_tickets_and_open_requests_are_the_same(self, inspection, clerk, department):
        blocked = TicketFactory(
            inspection=inspection, lead_unit=department, in_progress=True, blocked=True
        )
        TicketFactory(inspection=inspection, lead_unit=department, in_progress=True)
        assert [one.ticket for one in Coordination.objects.open()] == [blocked]

        blocked.unblock(by=clerk, outcome="已落实。", version=1)

        assert not Coordination.objects.open().exists()
        assert not Ticket.objects.filter(is_blocked=True).exists()

    def test_a_request_waits_until_a_leader_answers_it(self, inspection, department, supervisor):
        ticket = TicketFactory(
            inspection=inspection, lead_unit=department, in_progress=True, blocked=True
        )
        assert list(Ticket.objects.asking_for_coordination()) == [ticket]
        ticket.instruct(by=supervisor, text="不针对协调的批示")
        assert list(Ticket.objects.asking_for_coordination()) == [ticket]

        ticket.instruct(by=supervisor, text="请编办支持", upon=ticket.coordinations.get())

        assert not Ticket.objects.asking_for_coordination().exists()
        assert list(Ticket.objects.with_instruction_to_answer()) == [ticket]

    def test_a_list_shows_the_last_press(self, ticket, supervisor, time_machine):
        for day in ("2026-11-16", "2026-11-17"):
            time_machine.move_to(f"{day}T10:00:00+08:00", tick=False)
            ticket.press(by=supervisor, note="请报进展", calendar=WorkCalendar())

        shown = Ticket.objects.with_presses().get()

        assert shown.press_count == 2
        assert shown.pressed_at == ticket.presses.first().at


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks the whole database")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("threads", [2, 8])
def test_of_many_who_act_at_once_exactly_one_wins(ticket, bureau, department, today, threads):
    clerk, office = acts_for(department, Role.STAFF), acts_for(bureau, Role.OFFICE)
    barrier = Barrier(threads)

    def attempt(act):
        try:
            barrier.wait(timeout=20)
            act(Ticket.objects.get(pk=ticket.pk))
        except MoveRefused:
            return 0
        else:
            return 1
        finally:
            connection.close()

    def wins(act) -> int:
        with ThreadPoolExecutor(threads) as pool:
            return sum(pool.map(attempt, [act] * threads))

    pressed = wins(lambda one: one.press(by=office, note="请报进展", calendar=WorkCalendar()))
    instructed = wins(lambda one: one.instruct(by=office, text="请周三前办结"))
    blocked = wins(
        lambda one: one.block(
            by=clerk, reason="待批复", needs_text="市编办", since_on=TODAY, version=1
        )
    )

    assert (pressed, instructed, blocked) == (1, 1, 1)
    assert (Press.objects.count(), Instruction.objects.count()) == (1, 1)
    assert Coordination.objects.open().count() == 1
