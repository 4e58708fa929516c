"""What a link to 清单 lists is what Python finds of each ticket by itself, on either database."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.conftest import TODAY
from tests.factories import InspectionFactory, TicketFactory
from tests.pages.conftest import FAR, LATE, WARN
from tracker import changes
from tracker.choices import Light, Status
from tracker.figures import OUTCOMES
from tracker.filtersets import SORTS
from tracker.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def tickets(board, bureau, department, clerk, time_machine):
    """The board, and what it lacks: a round of other lights, a deadline moved, a long silence."""
    time_machine.move_to("2026-09-01T09:00:00+08:00", tick=False)
    other = InspectionFactory(unit=bureau, inspecting_body="市委第八巡察组")
    other.round.take_preset("jiangjin")
    of_other = {"inspection": other, "lead_unit": department}
    TicketFactory(**of_other, in_progress=True, due_on=FAR)
    TicketFactory(**of_other, in_progress=True, due_on=None)
    TicketFactory(**of_other, in_progress=True, due_on=FAR, original_due_on=WARN)
    TicketFactory(**of_other, claimed=True, due_on=TODAY + timedelta(15))
    TicketFactory(**of_other, in_progress=True, due_on=FAR, measures=[{"due_on": LATE}])
    TicketFactory(**of_other, closed=True, due_on=FAR, long_term_on=TODAY)
    TicketFactory(**of_other, closed=True, due_on=date(2026, 10, 1))
    time_machine.move_to("2026-11-22T12:00:00+08:00", tick=False)
    return list(Ticket.objects.select_related("inspection__round", "lead_unit"))


@pytest.fixture
def listed(sign_in, supervisor):
    """Return a function: the keys that the list shows under a query, in its order."""
    client = sign_in(supervisor)
    return lambda query: [row.pk for row in client.get(f"/tickets/?{query}").context["page"]]


def _light(ticket: Ticket) -> str:
    return ticket.lamp(TODAY, ticket.inspection.round.bands).light


def test_lights(tickets, listed):
    lights = {ticket.pk: _light(ticket) for ticket in tickets}

    for light in Light:
        assert sorted(listed(f"light={light}")) == [
            pk for pk in sorted(lights) if lights[pk] == light
        ]
    both = [pk for pk in sorted(lights) if lights[pk] in (Light.LATE, Light.STALE)]
    assert sorted(listed("light=late&light=stale")) == both
    assert {Light.STALE, Light.NOTICE, Light.LATE, Light.WARN} <= set(lights.values())


def _came_to(outcome: str, ticket: Ticket) -> bool:
    is_closed = ticket.status == Status.CLOSED
    overdue = [one for one in ticket.measures.all() if one.due_on and one.due_on < TODAY]
    is_behind = _light(ticket) == Light.LATE or any(one.done_on is None for one in overdue)
    is_late = is_closed and ticket.submitted_on > ticket.original_due_on
    return {
        "done": is_closed and not ticket.long_term_on,
        "lasting": is_closed and bool(ticket.long_term_on),
        "undone": not is_closed,
        "delayed": not is_closed and ticket.due_was_moved,
        "on_schedule": not is_closed and not is_behind,
        "behind": not is_closed and is_behind,
        "on_time": is_closed and not is_late,
        "late_closed": is_late,
    }[outcome]


def test_outcomes(tickets, listed):
    for outcome in OUTCOMES:
        expected = sorted(one.pk for one in tickets if _came_to(outcome, one))
        assert sorted(listed(f"outcome={outcome}")) == expected
        assert expected


def _sorting(ticket: Ticket) -> dict[str, tuple]:
    return {
        "light": (list(Light).index(_light(ticket)), ticket.due_on),
        "number": (ticket.inspection.code, ticket.serial),
        "unit": (ticket.lead_unit.sort_no, ticket.lead_unit.path, ticket.due_on),
        "due": (ticket.due_on,),
        "updated": (ticket.updated_at,),
    }


@pytest.mark.parametrize("sort", SORTS)
def test_sorts(tickets, listed, sort):
    """Upwards and downwards, what is empty last either way."""
    rows = sorted(tickets, key=lambda one: one.pk)
    place = len(_sorting(rows[0])[sort]) - 1
    for sign, is_downwards in (("", False), ("-", True)):
        if is_downwards:
            rows.reverse()
        for step in range(place, -1, -1):
            rows.sort(
                key=lambda one, at=step, down=is_downwards: _nulls_last(
                    _sorting(one)[sort][at], down
                ),
                reverse=is_downwards,
            )
        assert listed(f"sort={sign}{sort}") == [one.pk for one in rows], sign


def _nulls_last(value, is_downwards: bool) -> tuple:
    return (value is None) != is_downwards, date.min if value is None else value


def test_changes(tickets, listed):
    since = date(2026, 11, 9)
    expected = {
        "new": [one.pk for one in tickets if timezone.localdate(one.created_at) >= since],
        "red": [
            one.pk
            for one in tickets
            if _light(one) == Light.LATE and one.due_on >= since - timedelta(1)
        ],
        "closed": [one.pk for one in tickets if one.closed_on and one.closed_on >= since],
        "moved": [],
        "reopened": [],
    }

    assert set(expected) == set(changes.KINDS)
    for kind, keys in expected.items():
        assert sorted(listed(f"since={since}&changed={kind}")) == sorted(keys)
    assert sorted(listed("since=monday")) == sorted(one.pk for one in tickets)
