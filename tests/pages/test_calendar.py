"""日历: what falls on which day, and the feed that a calendar program reads without a session."""

from datetime import date

import pytest
from django.test import Client

from tests.conftest import TODAY
from tests.factories import MeasureFactory, TicketFactory
from tracker.models import CalendarToken, LookBack, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(inspection, department, today):
    return TicketFactory(
        inspection=inspection,
        lead_unit=department,
        title="堤防档案，管理混乱",
        in_progress=True,
        due_on=date(2026, 11, 27),
    )


def issued(client) -> str:
    """Make the reader's subscription address and return it as the page shows it."""
    client.post("/calendar/token/issue/")
    return client.get("/calendar/").context["feed"].replace("http://testserver", "")


class TestMonth:
    def test_a_deadline_a_measure_and_the_report_day_stand_on_their_days(self, sign_in, clerk, due):
        MeasureFactory(ticket=due, number="二", due_on=date(2026, 11, 24))

        month = sign_in(clerk).get("/calendar/").context["month"]

        days = {
            day.on.day: [(event.kind, event.label) for event in day.events]
            for week in month.weeks
            for day in week
            if day.is_of_month and day.events
        }
        assert days == {
            13: [("report", "11月上半月反馈")],
            24: [("measure", f"{due.printed_number}　措施二")],
            27: [("due", str(due))],
            30: [("report", "11月下半月反馈")],
        }

    def test_a_ticket_in_review_stands_on_the_day_it_was_submitted(
        self, sign_in, clerk, inspection, department, today
    ):
        TicketFactory(
            inspection=inspection,
            lead_unit=department,
            submitted=True,
            submitted_on=date(2026, 11, 18),
            due_on=date(2027, 3, 1),
        )

        month = sign_in(clerk).get("/calendar/").context["month"]

        kinds = {e.kind: e.on for week in month.weeks for day in week for e in day.events}
        assert kinds["review"] == date(2026, 11, 18)

    def test_a_look_back_stands_on_its_day_and_a_lot_is_told_to_who_looks_back(
        self, sign_in, clerk, supervisor, inspection, department, today
    ):
        for title in ("甲", "乙"):
            TicketFactory(inspection=inspection, lead_unit=department, title=title, closed=True)
        drawn = LookBack.objects.draw(by=supervisor, size=2, seed="2026")
        first, _ = drawn.items.all()
        first.record("holds", "现场核查，没有反弹。", by=supervisor)

        def seen(person) -> list[str]:
            month = sign_in(person).get("/calendar/").context["month"]
            found = [e for week in month.weeks for day in week for e in day.events]
            return [e.label[:4] for e in found if e.kind == "look_back" and e.on == TODAY]

        assert sorted(seen(supervisor)) == ["待核查　", f"{first.get_result_display()}　"[:4]]
        assert seen(clerk) == [f"{first.get_result_display()}　"[:4]]

    def test_a_deadline_that_was_moved_says_so(self, sign_in, clerk, due):
        Ticket.objects.filter(pk=due.pk).update(original_due_on=date(2026, 11, 3))

        page = sign_in(clerk).get("/calendar/").content.decode()

        assert '<span class="k">延 </span>' in page
        assert "（已延期）" in page

    def test_the_address_chooses_the_month_and_nonsense_is_this_one(self, sign_in, clerk, due):
        client = sign_in(clerk)

        assert client.get("/calendar/?month=2027-01").context["month"].first == date(2027, 1, 1)
        assert client.get("/calendar/?month=never").context["month"].first == date(2026, 11, 1)


class TestFeed:
    def test_it_needs_no_session_and_holds_what_its_owner_may_see(
        self, sign_in, clerk, due, neighbour
    ):
        address = issued(sign_in(clerk))

        reply = Client().get(address)
        text = reply.content.decode()

        assert reply["Content-Type"].startswith("text/calendar")
        assert "no-store" in reply["Cache-Control"]
        assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
        assert text.endswith("END:VCALENDAR\r\n")
        assert "DTSTART;VALUE=DATE:20261127" in text
        assert "SUMMARY:整改时限：" in text
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))

    def test_one_of_another_unit_is_not_in_it(self, sign_in, neighbour, due):
        text = Client().get(issued(sign_in(neighbour))).content.decode()

        assert "VEVENT" not in text

    def test_its_address_is_shown_once_and_never_stored(self, sign_in, clerk, due):
        client = sign_in(clerk)
        address = issued(client)
        secret = address.split("/")[-1].removesuffix(".ics")

        assert client.get("/calendar/").context["feed"] is None
        assert secret not in str(CalendarToken.objects.values())

    def test_a_new_address_ends_the_old_one(self, sign_in, clerk, due):
        client = sign_in(clerk)
        old, new = issued(client), issued(client)

        assert Client().get(old).status_code == 404
        assert Client().get(new).status_code == 200

    def test_a_revoked_address_is_not_there(self, sign_in, clerk, due):
        client = sign_in(clerk)
        address = issued(client)
        client.post("/calendar/token/revoke/")

        assert Client().get(address).status_code == 404

    def test_it_ends_with_the_account(self, sign_in, clerk, due):
        address = issued(sign_in(clerk))
        clerk.is_active = False
        clerk.save()

        assert Client().get(address).status_code == 404

    @pytest.mark.parametrize("path", ["issue", "revoke"])
    def test_a_glance_makes_and_revokes_nothing(self, sign_in, clerk, path):
        assert sign_in(clerk).get(f"/calendar/token/{path}/").status_code == 405
        assert not CalendarToken.objects.exists()
