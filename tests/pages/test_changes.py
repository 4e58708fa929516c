"""变化: every view says what is different since a day, and each number opens its set."""

import re
from datetime import date

import pytest

from tests.factories import PersonFactory, TicketFactory
from tracker import changes
from tracker.choices import Status
from tracker.models import Change, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(inspection, department, clerk, time_machine):
    """One ticket for each way of changing since 9 November, and one that stayed as it was."""

    def ticket(title, **facts):
        return TicketFactory(inspection=inspection, lead_unit=department, title=title, **facts)

    time_machine.move_to("2026-09-10T09:00:00+08:00")
    work = {"in_progress": True, "due_on": date(2026, 12, 30)}
    ticket("未变", **work)
    ticket("早已超期", in_progress=True, due_on=date(2026, 11, 1))
    ticket("转红", in_progress=True, due_on=date(2026, 11, 8))
    ticket("早已销号", closed=True, closed_on=date(2026, 11, 8))
    ticket("新销号", closed=True, closed_on=date(2026, 11, 9))
    moved, again = ticket("改时限", **work), ticket("重启", **work)
    time_machine.move_to("2026-11-12T09:00:00+08:00")
    ticket("新增", **work)
    Change.objects.create(
        ticket=moved,
        ticket_version=2,
        field="整改时限",
        old="2026年12月1日",
        new="2026年12月30日",
        by=clerk,
    )
    again.transitions.create(
        ticket_version=2,
        move="reopen",
        source=Status.CLOSED,
        target=Status.IN_PROGRESS,
        by=PersonFactory(),
        note="问题反弹",
    )
    time_machine.move_to("2026-11-22T12:00:00+08:00")


EXPECTED = {
    "new": {"新增"},
    "closed": {"新销号"},
    "red": {"转红"},
    "moved": {"改时限"},
    "reopened": {"重启"},
}


@pytest.mark.parametrize("kind", EXPECTED)
def test_each_kind_finds_its_tickets(sign_in, clerk, changed, kind):
    page = sign_in(clerk).get(f"/tickets/?since=monday&changed={kind}").context["page"]

    assert {ticket.title for ticket in page} == EXPECTED[kind]


@pytest.mark.parametrize(
    "path", ["/tickets/", "/timeline/", "/kanban/", "/matrix/", "/calendar/", "/sheets/"]
)
def test_every_view_counts_them_and_each_number_opens_its_set(sign_in, clerk, changed, path):
    client = sign_in(clerk)
    page = client.get(f"{path}?since=2026-11-09").content.decode()
    line = page.partition('class="gt-changes')[2].partition("</p>")[0]
    found = re.findall(r'href="([^"]+)"[^>]*>([^<]+) <b>(\d+)</b>', line)

    assert [(label, number) for _, label, number in found] == [
        ("新增", "1"),
        ("新销号", "1"),
        ("转红", "1"),
        ("改时限", "1"),
        ("重启", "1"),
    ]
    for address, _, number in found:
        query = address.replace("&amp;", "&")
        assert client.get(f"/tickets/{query}").context["page"].paginator.count == int(number)


@pytest.mark.parametrize("path", ["/kanban/", "/overview/"])
def test_any_other_day_is_chosen_without_losing_the_filter(sign_in, clerk, changed, path):
    page = sign_in(clerk).get(f"{path}?since=monday&light=late").content.decode()
    form = page.partition('class="gt-since')[2].partition("</form>")[0]

    assert 'type="date" name="since" value="2026-11-09"' in form
    assert '<input type="hidden" name="light" value="late">' in form


@pytest.mark.parametrize("path", ["/tickets/", "/timeline/", "/kanban/"])
def test_a_row_says_how_it_changed(sign_in, clerk, changed, path):
    page = sign_in(clerk).get(f"{path}?since=monday").content.decode()

    assert page.count("gt-chip-new") == 5


def test_the_ledger_says_it_too(sign_in, clerk, changed, inspection):
    page = sign_in(clerk).get(f"/inspections/{inspection.pk}/wall/?since=monday").content.decode()

    assert page.count("gt-chip-new") == 5


def test_without_a_day_nothing_is_said(sign_in, clerk, changed):
    page = sign_in(clerk).get("/tickets/").content.decode()

    assert "gt-chip-new" not in page
    assert "gt-changes" not in page


@pytest.mark.parametrize("since", ["2026-02-31", "gestern"])
def test_a_day_that_is_none_shows_nothing(sign_in, clerk, changed, since):
    page = sign_in(clerk).get("/tickets/", {"since": since}).content.decode()

    assert "没有查找" in page


def test_a_day_further_back_takes_in_more(changed, today):
    tickets = Ticket.objects.with_light(today)

    since_may = dict(changes.summary(tickets, date(2026, 5, 1)))

    assert {kind.name: n for kind, n in since_may.items()} == {
        "new": 8,
        "closed": 2,
        "red": 2,
        "moved": 1,
        "reopened": 1,
    }
