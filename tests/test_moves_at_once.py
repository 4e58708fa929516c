"""Many people on one ticket at the same moment: one wins, the others are told, no word is lost."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from tests.at_once import at_once, told
from tests.conftest import acts_for
from tests.factories import TicketFactory
from tracker import bulk
from tracker.choices import Role, Status
from tracker.models import Extension, Opinion, Ticket
from tracker.workflow import TicketChanged

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[2, 4, 16])
def many(request):
    if request.param > 2 and connection.vendor == "sqlite":
        pytest.skip("SQLite lets one write at a time: two show it, more only wait")
    return request.param


@pytest.fixture
def make(inspection, department):
    due_on = timezone.localdate() + timedelta(30)

    def make(**facts):
        whole = {"inspection": inspection, "lead_unit": department, "due_on": due_on}
        return TicketFactory(**whole | facts)

    return make


def each_of(people, ticket, act):
    """Everybody has the ticket open at its present version, and acts."""
    opened = [(Ticket.objects.get(pk=ticket.pk), person) for person in people]
    return at_once(*(partial(act, fresh, person) for fresh, person in opened))


def assert_one_won(results):
    assert len(results) - len(told(results)) == 1
    assert {type(refusal) for refusal in told(results)} <= {TicketChanged}


def assert_in_order(ticket):
    """Every version is kept once, and every status is what the last move came to."""
    ticket.refresh_from_db()
    kept = sorted(ticket.history.values_list("version", flat=True))
    assert kept == list(range(1, ticket.version + 1))
    if last := ticket.transitions.first():
        assert ticket.status == last.target


def test_of_many_claims_one_counts(many, make, department):
    people, ticket = [acts_for(department, Role.STAFF) for _ in range(many)], make()

    results = each_of(people, ticket, lambda t, p: t.move("claim", by=p, version=1))

    assert_one_won(results)
    assert_in_order(ticket)
    assert ticket.reporter == ticket.transitions.get().by


def test_of_many_submissions_one_stands(many, make, department, clerk):
    people, ticket = [acts_for(department, Role.STAFF) for _ in range(many)], make(in_progress=True)
    ticket.report(by=clerk, text="已补登。", version=1)

    results = each_of(people, ticket, lambda t, p: t.move("submit", by=p, note="成", version=2))

    assert_one_won(results)
    assert_in_order(ticket)
    assert ticket.signoffs.get().submitter == ticket.transitions.get().by


@pytest.mark.parametrize("name", ["close", "return"])
def test_of_many_reviews_one_decides(many, make, bureau, name):
    people, ticket = [acts_for(bureau, Role.OFFICE) for _ in range(many)], make(submitted=True)

    results = each_of(people, ticket, lambda t, p: t.move(name, by=p, note="核", version=1))

    assert_one_won(results)
    assert_in_order(ticket)
    assert Opinion.objects.get().by == ticket.transitions.get().by


def test_an_approval_and_a_return_do_not_both_count(many, make, bureau):
    people, ticket = [acts_for(bureau, Role.OFFICE) for _ in range(many)], make(submitted=True)

    def decide(fresh, person):
        name = ("close", "return")[people.index(person) % 2]
        return fresh.move(name, by=person, note="核", version=1)

    assert_one_won(each_of(people, ticket, decide))
    assert_in_order(ticket)


def test_of_many_requests_for_time_one_stands(many, make, department):
    people, ticket = [acts_for(department, Role.HEAD) for _ in range(many)], make(in_progress=True)

    def ask(fresh, person):
        return Extension.ask(
            fresh,
            by=person,
            due_on=fresh.due_on + timedelta(30),
            reason="冻雨。",
            ground="预警",
            progress="过半。",
            version=1,
        )

    assert_one_won(each_of(people, ticket, ask))
    assert Extension.objects.count() == 1
    assert_in_order(ticket)


def test_of_many_reports_none_is_lost(many, make, department):
    """Who is told sends the same words again, as the conflict page offers; all arrive once."""
    people, ticket = [acts_for(department, Role.STAFF) for _ in range(many)], make(in_progress=True)
    tries = []

    def report(fresh, person):
        version = 1
        while True:
            tries.append(person)
            try:
                return fresh.report(by=person, text=f"{person}所报。", version=version)
            except TicketChanged:
                fresh = Ticket.objects.get(pk=ticket.pk)
                version = fresh.version

    results = each_of(people, ticket, report)

    assert told(results) == []
    assert len(tries) > many
    assert {progress.text for progress in ticket.progress.all()} == {f"{p}所报。" for p in people}
    assert ticket.progress.count() == many
    assert_in_order(ticket)


def test_a_report_sent_beside_a_submission_is_kept_or_told(many, make, department, clerk):
    people, ticket = [acts_for(department, Role.STAFF) for _ in range(many)], make(in_progress=True)
    ticket.report(by=clerk, text="已补登。", version=1)

    def act(fresh, person):
        if person == people[0]:
            return fresh.move("submit", by=person, note="成", version=2)
        return fresh.report(by=person, text="又补两处。", version=2)

    assert_one_won(each_of(people, ticket, act))
    assert_in_order(ticket)


def test_of_two_batches_over_the_same_rows_each_row_counts_once(many, make, bureau):
    """Each has the rows in another order: they wait for each other instead of locking up."""
    offices = [acts_for(bureau, Role.OFFICE) for _ in range(min(many, 4))]
    tickets = [make(submitted=True) for _ in range(5)]

    def approve(office, backwards):
        seen = {t.pk: 1 for t in (reversed(tickets) if backwards else tickets)}
        act = bulk.ApproveAll("已核查。", "documents")
        return lambda: bulk.apply(act, seen, by=office)

    results = at_once(*(approve(office, n % 2) for n, office in enumerate(offices)))

    assert told(results) == []
    assert Opinion.objects.count() == 5
    assert {t.status for t in Ticket.objects.all()} == {Status.CLOSED}
    done = [sum(not row.refusal for row in batch.rows.all()) for batch in results]
    assert sorted(done) == [0] * (len(offices) - 1) + [5]
