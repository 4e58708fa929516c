"""延期申请, 代理 and 责任交接: what the lists show, to whom, and at what cost."""

import re
from datetime import date, timedelta

import pytest

from tests.conftest import TODAY, acts_for
from tests.factories import TicketFactory
from tracker.choices import Part, Role
from tracker.models import Extension, Handover, HandoverItem, Person, Substitution

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def ask(ticket, by):
    return Extension.ask(
        ticket,
        by=by,
        due_on=ticket.due_on + timedelta(30),
        reason="冻雨。",
        ground="预警",
        progress="过半。",
        version=ticket.version,
    )


@pytest.fixture
def requests(inspection, department, clerk):
    """Return a function that files so many requests, each for a ticket of its own."""

    def file(count):
        for _ in range(count):
            ticket = TicketFactory(
                inspection=inspection, lead_unit=department, in_progress=True, reporter=clerk
            )
            ask(ticket, clerk)

    return file


@pytest.fixture
def sheets(inspection, department, clerk):
    """Return a function that makes so many sheets, each with so many items."""
    receiver = acts_for(department, Role.STAFF, name="莫志")

    def make(count, items=1):
        for _ in range(count):
            sheet = Handover.objects.create(
                giver=clerk, receiver=receiver, started_by=clerk, reason="调离"
            )
            for _ in range(items):
                ticket = TicketFactory(
                    inspection=inspection, lead_unit=department, reporter=clerk, in_progress=True
                )
                HandoverItem.objects.create(handover=sheet, ticket=ticket, part=Part.REPORTER)
        return sheet

    return make


def tabs(page):
    return dict(re.findall(r'href="\?show=\w+"[^>]*>(\S+) (\d+)<', page))


class TestExtensionList:
    def test_each_sees_first_what_waits_for_them(self, sign_in, supervisor, clerk, requests):
        requests(2)

        office = sign_in(supervisor).get("/extensions/").content.decode()
        assert tabs(office) == {"待我审批": "2", "我申请的": "0", "审批中": "2", "全部": "2"}
        assert office.count('data-label="申请延至"') == 2
        asker = sign_in(clerk).get("/extensions/").content.decode()
        assert tabs(asker) == {"待我审批": "0", "我申请的": "2", "审批中": "2", "全部": "2"}
        assert "审批中" in asker

    def test_a_neighbour_sees_nothing(self, sign_in, neighbour, requests):
        requests(1)

        page = sign_in(neighbour).get("/extensions/?show=all").content.decode()

        assert set(tabs(page).values()) == {"0"}
        assert "台账不健全" not in page

    @pytest.mark.parametrize("rows", [1, 20])
    @pytest.mark.parametrize("show", ["waiting", "all"])
    def test_its_queries_do_not_grow(
        self, sign_in, supervisor, requests, django_assert_num_queries, rows, show
    ):
        requests(rows)
        client = sign_in(supervisor)

        with django_assert_num_queries(10):
            page = client.get(f"/extensions/?show={show}").content.decode()

        assert page.count('data-label="申请延至"') == rows


class TestExtensionPage:
    def test_it_shows_the_request_and_who_decides_next(self, sign_in, clerk, requests):
        requests(1)
        asked = Extension.objects.get()

        page = sign_in(clerk).get(f"/extensions/{asked.pk}/").content.decode()

        for words in ("冻雨。", "预警", "过半。", "待整改办审批", "撤回申请", "2026年12月31日"):
            assert words in page
        assert "提交审批" not in page

    def test_the_ticket_tells_of_it(self, sign_in, clerk, requests):
        requests(1)
        asked = Extension.objects.get()

        page = sign_in(clerk).get(f"/tickets/{asked.ticket_id}/").content.decode()

        assert "申请延期至2026年12月31日" in page
        assert f'href="/extensions/{asked.pk}/"' in page
        assert "已有一项延期申请在审批" in page
        assert "延期1次" not in page


class TestTicketList:
    def test_it_shows_how_often_and_finds_what_was_extended(
        self, sign_in, supervisor, clerk, requests, inspection, department
    ):
        TicketFactory(inspection=inspection, lead_unit=department, title="没有延期的")
        requests(1)
        asked = Extension.objects.get()
        asked.decide(
            "agree",
            by=supervisor,
            opinion="",
            ground="会议纪要",
            due_on=date(2026, 12, 20),
            version=2,
        )

        page = sign_in(clerk).get("/tickets/?extended=on").content.decode()

        assert "延期1次" in page
        assert "<del>12月1日</del>" in page
        assert "没有延期的" not in page


class TestSubstitutionList:
    @pytest.mark.parametrize("rows", [1, 20])
    def test_its_queries_do_not_grow(
        self, sign_in, supervisor, bureau, django_assert_num_queries, rows
    ):
        other = acts_for(bureau, Role.STAFF)
        for n in range(rows):
            day = TODAY + timedelta(n)
            Substitution.objects.appoint(
                other, principal=supervisor, from_on=day, to_on=day, reason="出差", by=supervisor
            )
        client = sign_in(supervisor)

        with django_assert_num_queries(7):
            page = client.get("/substitutions/").content.decode()

        assert page.count('data-label="代理人"') == rows

    def test_the_substitute_is_told_above_every_page(self, sign_in, supervisor, viewer):
        Substitution.objects.appoint(
            viewer,
            principal=supervisor,
            from_on=TODAY,
            to_on=date(2026, 11, 30),
            reason="出差",
            by=supervisor,
        )

        page = sign_in(viewer).get("/tickets/").content.decode()

        assert "代邓佳" in page


class TestHandoverList:
    @pytest.mark.parametrize("rows", [1, 20])
    def test_its_queries_do_not_grow(
        self, sign_in, supervisor, clerk, sheets, django_assert_num_queries, rows
    ):
        sheets(rows)
        Person.objects.filter(pk=clerk.pk).update(is_active=False)
        client = sign_in(supervisor)

        with django_assert_num_queries(15):
            page = client.get("/handovers/").content.decode()

        assert page.count('data-label="接收人"') == rows

    @pytest.mark.parametrize("items", [1, 30])
    def test_nor_do_those_of_a_sheet(
        self, sign_in, supervisor, sheets, django_assert_num_queries, items
    ):
        sheet = sheets(1, items)
        client = sign_in(supervisor)

        with django_assert_num_queries(10):
            page = client.get(f"/handovers/{sheet.pk}/").content.decode()

        assert page.count('data-label="身份"') == items

    @pytest.mark.parametrize("items", [1, 30])
    def test_nor_those_of_the_form(self, sign_in, clerk, sheets, django_assert_num_queries, items):
        sheets(1, items)
        client = sign_in(clerk)

        with django_assert_num_queries(10):
            page = client.get("/handovers/new/").content.decode()

        assert page.count('name="duties"') == items

    def test_a_number_too_large_for_a_key_finds_nobody(self, sign_in, supervisor, viewer):
        for who in (supervisor, viewer):
            client = sign_in(who)
            assert client.get(f"/handovers/new/?giver={'9' * 30}").status_code == 404
            assert client.get("/handovers/new/?giver=x").status_code == 404


class TestWaiting:
    def test_the_workbench_says_what_waits_for_an_answer(
        self, sign_in, supervisor, clerk, requests, sheets
    ):
        requests(2)
        sheet = sheets(1)

        office = sign_in(supervisor).get("/").content.decode()
        assert re.search(r'href="/extensions/\?show=waiting"[^>]*>.*?延期申请.*?2', office, re.S)
        receiver = sign_in(sheet.receiver).get("/").content.decode()
        assert re.search(r'href="/handovers/"[^>]*>.*?责任交接.*?1', receiver, re.S)
        assert (
            "等您答复"
            not in sign_in(acts_for(clerk.duties[0].unit, Role.VIEWER)).get("/").content.decode()
        )
