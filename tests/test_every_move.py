"""Every cell of status, move and role: as the table says, called, clicked and done in bulk."""

from datetime import date
from itertools import product

import pytest
from django.db import transaction

from tests.conftest import CHECKED, acts_for
from tests.factories import PASSWORD, TicketFactory
from tracker import policy, supervision
from tracker.choices import Role, Status
from tracker.models import Ticket
from tracker.workflow import LEVELS, MOVES, MoveRefused

pytestmark = pytest.mark.django_db

# What any move may ask for; each takes what it needs of it.
WORDS = {"note": "已办。", "ground": "rebound", "due_on": date(2027, 3, 31), "way": "on_site"}
TYPED = {**WORDS, "due_on": "2027-03-31", **CHECKED}


class Undo(Exception):
    """Takes back what a cell did, so that the next one finds the ticket as it was."""


def is_open(move, status, role, level) -> bool:
    """The cell as the tables say it, for a ticket that waits for this one level, its last."""
    if status not in move.sources or role not in policy.ALLOWED[move.name]:
        return False
    return move.name != "review" and role == level if move.by_level else True


@pytest.fixture
def case(today, inspection, department, bureau, clerk):
    """Return a function that makes a ticket of a status and somebody with a role."""

    def make(status, role):
        level = role if role in LEVELS else Role.OFFICE
        inspection.round.review_roles = level
        inspection.round.save()
        closed_on = date(2026, 11, 1) if status == Status.CLOSED else None
        ticket = TicketFactory(
            inspection=inspection, lead_unit=department, status=status, closed_on=closed_on
        )
        if status == Status.SUBMITTED:
            Ticket.objects.filter(pk=ticket.pk).update(review_role=level)
        if status in (Status.IN_PROGRESS, Status.RETURNED):
            ticket.report(by=clerk, text="已补登。", version=1)
        return Ticket.objects.get(pk=ticket.pk), acts_for(bureau, role), level

    return make


@pytest.mark.parametrize(("status", "role"), list(product(Status, Role)))
def test_the_call_does_what_the_table_says(case, status, role):
    ticket, person, level = case(status, role)

    for name, move in MOVES.items():
        done = None
        try:
            with transaction.atomic():
                fresh = Ticket.objects.get(pk=ticket.pk)
                fresh.move(name, by=person, version=fresh.version, **WORDS)
                done = Ticket.objects.get(pk=ticket.pk).status
                raise Undo
        except (MoveRefused, Undo):
            pass
        wanted = move.target if is_open(move, status, role, level) else None
        assert done == wanted, (name, status, role)
    assert Ticket.objects.get(pk=ticket.pk).status == status


@pytest.mark.parametrize(("status", "role"), list(product(Status, Role)))
def test_the_page_does_what_the_table_says(case, client, status, role):
    ticket, person, level = case(status, role)
    client.force_login(person)
    page = client.get(f"/tickets/{ticket.pk}/").content.decode()

    for name, move in MOVES.items():
        address, done = f"/tickets/{ticket.pk}/move/{name}/", None
        try:
            with transaction.atomic():
                response = client.post(address, {"version": ticket.version, **TYPED})
                if response.status_code == 302:
                    done = Ticket.objects.get(pk=ticket.pk).status
                raise Undo
        except Undo:
            pass
        may = is_open(move, status, role, level)
        assert done == (move.target if may else None), (name, status, role)
        assert (f'href="{address}"' in page) == may, (name, status, role)


@pytest.mark.parametrize("levels", [1, 2])
@pytest.mark.parametrize(("status", "role"), list(product(Status, Role)))
def test_the_bulk_action_does_what_the_table_says(case, client, status, role, levels):
    """审核通过 of many is `review`, or `close` at the last level; no other move goes in bulk."""
    ticket, person, level = case(status, role)
    round = ticket.inspection.round
    if levels == 2 and level != Role.INSPECTOR:
        round.review_roles = f"{level},{Role.INSPECTOR}"
        round.save()
    move = MOVES["review" if len(round.levels) == 2 else "close"]
    client.force_login(person)
    typed = {
        "rows": f"{ticket.pk}:{ticket.version}",
        "step": "apply",
        "password": PASSWORD,
        **WORDS,
    }

    answer = client.post("/tickets/bulk/approve/", typed)

    assert answer.status_code == (302 if role in policy.ALLOWED["bulk"] else 404)
    may = status in move.sources and role in policy.ALLOWED[move.name] and role == level
    done = ticket.transitions.values_list("move", flat=True)
    assert list(done) == ([move.name] if may else [])
    assert Ticket.objects.get(pk=ticket.pk).status == (move.target if may else status)
    others = MOVES.keys() - {"review"}
    assert {client.post(f"/tickets/bulk/{name}/", typed).status_code for name in others} == {404}


@pytest.mark.parametrize(("status", "role"), list(product(Status, Role)))
def test_who_presses_and_assigns_in_bulk(case, client, status, role, clerk):
    ticket, person, _ = case(status, role)
    client.force_login(person)
    rows = f"{ticket.pk}:{ticket.version}"

    client.post("/tickets/bulk/press/", {"rows": rows, "note": "请办。", "step": "apply"})
    named = {"rows": rows, "person": clerk.pk, "why": "分工", "step": "apply"}
    client.post("/tickets/bulk/assign/", named)

    ticket.refresh_from_db()
    may_press = role in policy.ALLOWED["press"] and status in supervision.WITH_UNIT
    assert ticket.presses.exists() == may_press
    is_open = status not in (Status.SUBMITTED, Status.CLOSED)
    assert (ticket.person == clerk) == (role in policy.ALLOWED["assign"] and is_open)
