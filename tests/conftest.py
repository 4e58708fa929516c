"""The cast, and what the database needs between tests.

临江市水务局 (bureau) is inspected; 工程科 and 财务科 are departments of it. The clerk works in
工程科, the neighbour in another bureau: the neighbour must see nothing of the clerk's.
"""

import sys
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import QuerySet

from tests.factories import InspectionFactory, PersonFactory, TicketFactory, UnitFactory
from tracker.choices import CheckItem, Post, Role
from tracker.models import Membership, triggers
from tracker.models.tracked import TRACKED

ROOT = Path(__file__).parent.parent

TODAY = date(2026, 11, 22)
PAST_IT = ("update", "bulk_update", "bulk_create")
# What of a tracked model is left out of the versions, and may be written past them.
JUSTIFIED = {
    ("tracker/models/unit.py", "Unit"): "path, which follows from the tree",
    ("tracker/models/inspection.py", "Inspection"): "the last serials, counters that lock the row",
}
# The acceptance checklist of a submission as a form sends it, every item ticked.
CHECKED = {f"yes_{item}": "on" for item in CheckItem}


def pytest_report_header():
    return f"database: {connection.vendor}"


@pytest.fixture(autouse=True)
def _guards_let_the_flush_through(request):
    """A transactional test ends by emptying the tables, which the guards rightly refuse.

    The `migrate` signal that follows the flush puts them back.
    """
    marker = request.node.get_closest_marker("django_db")
    transactional = {"transactional_db", "live_server"} & set(request.fixturenames) or (
        marker and marker.kwargs.get("transaction")
    )
    if transactional:
        request.getfixturevalue("transactional_db")
    yield
    if transactional:
        triggers.remove(connection)


@pytest.fixture(autouse=True, scope="session")
def _nothing_writes_past_the_versions():
    """The product never alters rows of tracked models by a query, under whatever name it has them.

    `test_tracked.py` reads the code for it; this refuses what is done. Tests themselves may.
    """
    real = {name: getattr(QuerySet, name) for name in PAST_IT}

    def refusing(name):
        def write(rows, *args, **kwargs):
            caller = sys._getframe(1)
            while "/django/" in caller.f_code.co_filename:
                caller = caller.f_back
            file = Path(caller.f_code.co_filename)
            if rows.model in TRACKED and file.is_relative_to(ROOT / "tracker"):
                place = str(file.relative_to(ROOT)), rows.model.__name__
                assert place in JUSTIFIED, f"{place} writes past the versions by {name}()"
            return real[name](rows, *args, **kwargs)

        return write

    for name in real:
        setattr(QuerySet, name, refusing(name))
    yield
    for name, method in real.items():
        setattr(QuerySet, name, method)


@pytest.fixture
def today(time_machine):
    """Stop the clock at noon of Sunday, 22 November 2026, in Shanghai."""
    time_machine.move_to("2026-11-22T12:00:00+08:00", tick=False)
    return TODAY


@pytest.fixture
def media(settings, tmp_path):
    """An empty folder for what is uploaded."""
    settings.TRACKER_MEDIA = tmp_path
    return tmp_path


def acts_for(unit, role, **person):
    """Make a person who holds this role for this unit."""
    person = PersonFactory(**person)
    Membership.objects.create(person=person, unit=unit, role=role)
    return person


@pytest.fixture
def bureau(db):
    return UnitFactory(name="临江市水务局", short_name="市水务局")


@pytest.fixture
def department(bureau):
    return UnitFactory(name="工程科", parent=bureau)


@pytest.fixture
def other_department(bureau):
    return UnitFactory(name="财务科", parent=bureau)


@pytest.fixture
def other_bureau(db):
    return UnitFactory(name="临江市林业局", short_name="市林业局")


@pytest.fixture
def clerk(department):
    return acts_for(department, Role.STAFF, username="clerk", name="梁文")


@pytest.fixture
def supervisor(bureau):
    return acts_for(bureau, Role.OFFICE, username="supervisor", name="邓佳")


@pytest.fixture
def head(department):
    return acts_for(department, Role.HEAD, username="head", name="莫科")


@pytest.fixture
def leader(bureau):
    return acts_for(bureau, Role.LEADER, username="leader", name="吴志", title="副局长")


@pytest.fixture
def party(bureau):
    return acts_for(bureau, Role.PARTY, username="party", name="季舟", title="局长")


@pytest.fixture
def inspector(bureau):
    return acts_for(bureau, Role.INSPECTOR, username="inspector", name="程宁")


@pytest.fixture
def operator(bureau):
    return acts_for(bureau, Role.OPERATOR, username="operator", name="何敏")


@pytest.fixture
def viewer(bureau):
    return acts_for(bureau, Role.VIEWER, username="viewer", name="陈栋")


@pytest.fixture
def neighbour(other_bureau):
    return acts_for(other_bureau, Role.STAFF, username="neighbour", name="方远")


@pytest.fixture
def system_administrator(db):
    return PersonFactory(username="system", name="系统员", post=Post.SYSTEM)


@pytest.fixture
def security_administrator(db):
    return PersonFactory(username="security", name="安全员", post=Post.SECURITY)


@pytest.fixture
def auditor(db):
    return PersonFactory(username="auditor", name="审计员", post=Post.AUDITOR)


@pytest.fixture
def inspection(bureau):
    return InspectionFactory(unit=bureau)


@pytest.fixture
def ticket(inspection, department):
    """A ticket that 工程科 has in work."""
    return TicketFactory(inspection=inspection, lead_unit=department, in_progress=True)


@pytest.fixture
def sign_in(client):
    """Return a client signed in as the given person."""

    def signed_in(person):
        client.force_login(person)
        return client

    return signed_in
