"""Two people deciding, asking or handing over at the same moment; with real waiting."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.at_once import at_once, told
from tests.conftest import acts_for
from tests.factories import TicketFactory
from tracker.choices import Role
from tracker.models import Extension, ExtensionDecision, Handover, Substitution, Ticket
from tracker.models.in_hand import open_duties

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ticket(inspection, department, clerk):
    return TicketFactory(
        inspection=inspection,
        lead_unit=department,
        in_progress=True,
        reporter=clerk,
        due_on=timezone.localdate() + timedelta(30),
    )


def ask(ticket, by, version=1):
    return Extension.ask(
        Ticket.objects.get(pk=ticket.pk),
        by=by,
        due_on=ticket.due_on + timedelta(30),
        reason="冻雨。",
        ground="预警",
        progress="过半。",
        version=version,
    )


@pytest.mark.parametrize("count", [2, 8])
def test_of_many_decisions_one_counts_and_the_others_are_told(ticket, clerk, bureau, count):
    offices = [acts_for(bureau, Role.OFFICE) for _ in range(count)]
    asked = ask(ticket, clerk)

    def decide(office, ruling):
        fresh = Extension.objects.get(pk=asked.pk)
        return lambda: fresh.decide(
            ruling,
            by=office,
            opinion="已核。",
            ground="会议纪要",
            due_on=asked.asked_due_on,
            version=2,
        )

    results = at_once(
        *(decide(office, ("agree", "refuse")[n % 2]) for n, office in enumerate(offices))
    )

    assert len(told(results)) == count - 1
    decision = ExtensionDecision.objects.get()
    asked.refresh_from_db()
    ticket.refresh_from_db()
    moved = decision.ruling == "agree"
    assert asked.status == ("approved" if moved else "refused")
    assert (ticket.due_on == asked.asked_due_on) == moved
    assert ticket.changes.filter(field="整改时限").count() == moved
    assert ticket.version == 3


def test_a_decision_and_a_withdrawal_do_not_both_count(ticket, clerk, supervisor):
    asked = ask(ticket, clerk)
    one, other = (Extension.objects.get(pk=asked.pk) for _ in range(2))

    results = at_once(
        lambda: one.withdraw(by=clerk, version=2),
        lambda: other.decide(
            "agree",
            by=supervisor,
            opinion="",
            ground="会议纪要",
            due_on=asked.asked_due_on,
            version=2,
        ),
    )

    assert len(told(results)) == 1
    asked.refresh_from_db()
    assert (asked.status == "approved") == ExtensionDecision.objects.exists()


def test_a_report_and_a_decision_leave_no_word_out(ticket, clerk, supervisor):
    asked = ask(ticket, clerk)
    reported, decided = Ticket.objects.get(pk=ticket.pk), Extension.objects.get(pk=asked.pk)

    results = at_once(
        lambda: reported.report(by=clerk, text="又完成一座。", version=2),
        lambda: decided.decide("refuse", by=supervisor, opinion="理由不足。", version=2),
    )

    assert len(told(results)) == 1
    assert ticket.progress.count() + ExtensionDecision.objects.count() == 1


def test_of_many_requests_one_stands(ticket, clerk):
    results = at_once(*(lambda: ask(ticket, clerk) for _ in range(4)))

    assert len(told(results)) == 3
    assert Extension.objects.count() == 1


def test_of_two_substitutes_for_one_time_one_is_named(bureau, supervisor):
    on = timezone.localdate()
    people = [acts_for(bureau, Role.STAFF) for _ in range(2)]

    def appoint(person):
        return lambda: Substitution.objects.appoint(
            person, principal=supervisor, from_on=on, to_on=on, reason="出差", by=supervisor
        )

    results = at_once(*(appoint(person) for person in people))

    assert len(told(results)) == 1
    assert Substitution.objects.count() == 1


def test_of_two_sheets_for_one_item_one_is_made(ticket, clerk, department):
    receivers = [acts_for(department, Role.STAFF) for _ in range(2)]

    def start(receiver):
        duties = open_duties(clerk, clerk)
        return lambda: Handover.objects.start(
            duties, giver=clerk, receiver=receiver, reason="调离", by=clerk
        )

    results = at_once(*(start(receiver) for receiver in receivers))

    assert len(told(results)) == 1
    assert Handover.objects.count() == 1


def test_both_confirming_at_once_moves_everything_once(ticket, clerk, department, supervisor):
    receiver = acts_for(department, Role.STAFF)
    made = Handover.objects.start(
        open_duties(clerk, supervisor),
        giver=clerk,
        receiver=receiver,
        reason="调离",
        by=supervisor,
    )
    one, other = (Handover.objects.get(pk=made.pk) for _ in range(2))

    results = at_once(
        lambda: one.confirm_giving(by=clerk), lambda: other.confirm_taking(by=receiver)
    )

    assert told(results) == []
    made.refresh_from_db()
    ticket.refresh_from_db()
    assert (made.is_done, ticket.reporter) == (True, receiver)
    assert ticket.changes.count() == 1
