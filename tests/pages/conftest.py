"""One inspection with a ticket in every state and under every light."""

from datetime import date, timedelta

import pytest

from tests.conftest import TODAY, acts_for
from tests.factories import BulletinFactory, CategoryFactory, TicketFactory, close
from tracker.choices import Role
from tracker.models import Ticket

LATE, WARN, FAR = date(2026, 11, 12), date(2026, 11, 24), date(2026, 12, 21)


@pytest.fixture
def board(today, inspection, bureau, department, other_department, clerk, supervisor):
    """Sixteen tickets of two departments and of their bureau itself, moved by real people."""
    bulletin = BulletinFactory(inspection=inspection)
    aspect = CategoryFactory(inspection=inspection, heading="（一）工程管理方面")

    def ticket(unit, title, due_on, **facts) -> Ticket:
        return TicketFactory(
            inspection=inspection,
            bulletin=bulletin,
            category=aspect,
            lead_unit=unit,
            title=title,
            due_on=due_on,
            measures=[{"done_on": date(2026, 11, 9)}],
            **facts,
        )

    for unit in (department, other_department):
        ticket(unit, "无人认领", FAR)
        ticket(unit, "无人认领且超期", LATE)
        ticket(unit, "整改中", FAR, in_progress=True)
        ticket(unit, "整改中且临期", WARN, in_progress=True)
        ticket(unit, "受阻", LATE, in_progress=True, blocked=True)
        ticket(unit, "待审核", FAR, submitted=True)
        ticket(unit, "已销号", LATE, closed=True)
    ticket(bureau, "局本级的问题", FAR)
    returned = ticket(department, "被退回的问题", WARN, in_progress=True)
    returned.report(by=clerk, text="已补八处。", percent=60, version=1)
    returned.move("submit", by=clerk, note="台账已补齐。", version=2)
    returned.move("return", by=supervisor, note="缺监理单位的回执。", version=3)
    return inspection


@pytest.fixture
def manager(department):
    """Works in 工程科 and reviews it as well."""
    both = acts_for(department, Role.STAFF, username="manager", name="莫强")
    both.memberships.create(unit=department, role=Role.OFFICE)
    return both


@pytest.fixture
def many(today, inspection, bureau, department, supervisor, clerk):
    """Return a function that fills the inspection with so many tickets, in mixed states."""
    states = [{}, {"in_progress": True}, {"submitted": True}, {"returned": True}]

    def fill(count: int) -> None:
        bulletin = BulletinFactory(inspection=inspection)
        aspects = [CategoryFactory(inspection=inspection) for _ in range(3)]
        groups = [CategoryFactory(inspection=inspection, parent=aspect) for aspect in aspects]
        for n in range(count):
            is_closed = n % 5 == 4
            made = TicketFactory(
                inspection=inspection,
                bulletin=bulletin,
                category=(aspects + groups)[n % 6],
                lead_unit=(department, bureau)[n % 2],
                due_on=TODAY + timedelta(days=n % 40 - 10),
                measures=[{}, {"number": "二"}],
                **({"in_progress": True} if is_closed else states[n % 5]),
            )
            made.progress.create(ticket_version=2, by=clerk, text="已办。", percent=40)
            made.transitions.create(
                ticket_version=3, move="claim", source="unclaimed", target="in_progress", by=clerk
            )
            if is_closed:
                close(made, date(2026, 11, 1))

    return fill
