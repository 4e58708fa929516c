"""Whoever asks, and however many tickets there are: a view asks at most 25 queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import TODAY, acts_for
from tests.factories import TicketFactory, UnitFactory
from tracker import notices
from tracker.choices import NoticeKind, Role, Status
from tracker.models import Ticket

pytestmark = pytest.mark.django_db

MOST = 25
READERS = {role.value: (role,) for role in Role} | {
    "staff and office": (Role.STAFF, Role.OFFICE),
    "everything": tuple(Role),
}
# What these two ask depends on the role; the other views are tried by who has all and by who acts
# for one department only.
BY_ROLE = ("/", "/overview/")
WALL = "/inspections/{inspection}/wall/"
PAGES = [
    *BY_ROLE,
    "/overview/?inspection={inspection}",
    "/tickets/?q=台账",
    "/tickets/?since=monday",
    "/timeline/?since=monday",
    "/matrix/?since=monday",
    "/matrix/?by=problem",
    "/matrix/?by=aspect&inspection={inspection}",
    "/kanban/?since=monday",
    "/calendar/?since=monday",
    "/sheets/",
    "/sheets/?by=unit&unit={unit}&since=monday",
    "/wall/",
    f"{WALL}?since=monday",
]
FILES = [
    f"{WALL}xlsx/",
    f"{WALL}docx/",
    f"{WALL}print/",
    "/tickets/print/",
    "/matrix/print/",
    "/timeline/print/",
    "/kanban/print/",
    "/calendar/print/",
    "/sheets/print/?by=unit&unit={unit}",
    "/tickets/xlsx/",
    "/tickets/docx/",
    "/matrix/xlsx/",
    "/sheets/xlsx/",
    "/overview/xlsx/",
]
PATHS = dict.fromkeys(READERS, BY_ROLE) | {"everything": PAGES + FILES, "clerk": PAGES}


@pytest.fixture
def readers(bureau, other_bureau, clerk):
    """One person for each role of one bureau among others, some with several, and a clerk."""
    people = {"clerk": clerk}
    for name, (first, *others) in READERS.items():
        people[name] = acts_for(bureau, first)
        for role in others:
            people[name].memberships.create(unit=bureau, role=role)
    return people


@pytest.fixture
def fill(many, bureau, department, readers, leader, clerk):
    """Return a function that brings so many tickets more, and rounds whose lights differ."""
    other = TicketFactory(inspection__unit=bureau, inspection__inspecting_body="市委第八巡察组")
    other.inspection.round.take_preset("jiangjin")

    def filled(count: int) -> None:
        many(count)
        for _ in range(count // 10):
            TicketFactory(inspection__unit=UnitFactory(parent=bureau), in_progress=True)
        in_work = Ticket.objects.filter(status=Status.IN_PROGRESS, is_blocked=False)
        for ticket in in_work.filter(lead_unit=department)[: count // 10]:
            ticket.co_units.add(bureau)
            ticket.instruct(by=leader, text="请办", reply_due_on=TODAY)
            ticket.block(
                by=clerk,
                reason="待批复",
                needs_text="市编办",
                since_on=TODAY,
                version=ticket.version,
            )
            notices.tell(readers.values(), NoticeKind.PRESSED, ticket, "请报进展")

    return filled


def test_a_view_asks_no_more_than_it_may_and_no_more_of_many(
    client, fill, readers, inspection, department
):
    counted: dict[tuple[str, str], list[int]] = {}
    for more in (30, 270):
        fill(more)
        for name, person in readers.items():
            client.force_login(person)
            client.get("/notices/")  # the first page of a session writes it
            for path in PATHS[name]:
                address = path.format(inspection=inspection.pk, unit=department.pk)
                with CaptureQueriesContext(connection) as asked:
                    response = client.get(address)
                    b"".join(response) if response.streaming else response.content
                assert response.status_code in (200, 302), (name, path)
                counted.setdefault((name, path), []).append(len(_questions(asked)))

    assert {who: n for who, n in counted.items() if n[0] != n[1] or n[0] > MOST} == {}


def _questions(asked) -> list[str]:
    """What was asked of a table; where a transaction begins and ends is none."""
    words = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT")
    return [query["sql"] for query in asked if not query["sql"].startswith(words)]
