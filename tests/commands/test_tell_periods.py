"""Who owes a report is told once a period, however often the command runs."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.factories import TicketFactory
from tracker.choices import NoticeKind

pytestmark = pytest.mark.django_db


def tell_periods() -> str:
    out = StringIO()
    call_command("tell_periods", stdout=out)
    return out.getvalue()


@pytest.fixture
def owed(inspection, department, clerk, today):
    in_work = {"inspection": inspection, "lead_unit": department, "in_progress": True}
    return TicketFactory.create_batch(2, reporter=clerk, **in_work)


def test_the_reporter_is_told_how_many_and_until_when(owed, clerk):
    assert "11月下半月: 1 told" in tell_periods()

    notice = clerk.notices.get()
    assert notice.kind == NoticeKind.REPORTING
    assert notice.text == "11月下半月反馈已开放，11月30日截止，您有2项待填报"


def test_nobody_is_told_twice_of_one_period(owed, clerk, time_machine):
    tell_periods()
    time_machine.move_to("2026-11-23T08:00:00+08:00", tick=False)
    assert "11月下半月: 0 told" in tell_periods()

    time_machine.move_to("2026-12-01T08:00:00+08:00", tick=False)
    tell_periods()

    assert clerk.notices.count() == 2


def test_who_has_reported_all_is_left_in_peace(owed, clerk):
    for ticket in owed:
        ticket.report(by=clerk, text="已补登。", version=1)

    tell_periods()

    assert not clerk.notices.exists()


def test_the_notice_leads_to_what_is_owed(owed, clerk, sign_in):
    tell_periods()
    client = sign_in(clerk)

    response = client.post(f"/notices/{clerk.notices.get().pk}/open/", follow=True)

    assert response.context["page"].paginator.count == 2
