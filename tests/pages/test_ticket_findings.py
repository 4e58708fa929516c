"""What the page of a ticket shows of the words of its bulletins."""

from datetime import date

import pytest

from tests.conftest import TODAY
from tests.sample import BULLETIN, CONTENT
from tracker import intake
from tracker.models import Bulletin, Finding, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def ticket(bureau, operator, clerk, supervisor):
    intake.import_file(CONTENT, "通报.txt", by=operator, today=TODAY)
    return Ticket.objects.get(title="病险涵闸除险缓慢")


def show(client, ticket):
    return client.get(f"/tickets/{ticket.pk}/").content.decode()


def test_each_item_stands_with_its_words_and_its_line(ticket, sign_in, supervisor):
    figure = ticket.findings.get(kind="indicator")
    line = BULLETIN.count("\n", 0, figure.source_start) + 1

    page = show(sign_in(supervisor), ticket)

    assert "已完成8处，共20处" in page
    assert f"“{figure.quote}”" in page
    assert f'href="/bulletins/{ticket.bulletin_id}/#l{line}"' in page
    assert "按识别结果采用，未经核对" in page


def test_a_correction_says_who_made_it_and_what_was_read(ticket, sign_in, operator, supervisor):
    Finding.objects.create(
        ticket=ticket,
        bulletin=Bulletin.objects.get(),
        by=operator,
        kind="deadline",
        value={"date": date(2027, 3, 31).isoformat(), "type": "completion", "is_forecast": True},
        quote="预计明年一季度完工",
        decision="corrected",
        read_value={"date": None, "type": "completion", "is_forecast": False},
    )

    page = show(sign_in(supervisor), ticket)

    assert "预计2027年3月31日完成" in page
    assert "何敏更正，识别为“日期不明，完成”" in page


def test_the_place_is_no_link_for_who_may_not_see_the_bulletin(ticket, sign_in, clerk, department):
    Ticket.objects.filter(pk=ticket.pk).update(lead_unit=department)

    page = show(sign_in(clerk), ticket)

    assert "通报所写" in page
    assert f"/bulletins/{ticket.bulletin_id}/" not in page


def test_its_queries_do_not_grow_with_what_was_said(
    ticket, sign_in, supervisor, operator, django_assert_max_num_queries
):
    client = sign_in(supervisor)
    show(client, ticket)
    with django_assert_max_num_queries(45) as few:
        show(client, ticket)
    kept = ticket.findings.get(kind="indicator")
    for _ in range(30):
        kept.pk = None
        kept.save(force_insert=True)

    with django_assert_max_num_queries(len(few.captured_queries)):
        show(client, ticket)
