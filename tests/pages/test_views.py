"""The views of one set of tickets: the same filter, the same rows, a fixed number of queries."""

import re
from datetime import date, timedelta

import pytest

from tests.conftest import TODAY
from tests.factories import InspectionFactory, MeasureFactory, TicketFactory, UnitFactory
from tracker.models import Ticket

pytestmark = pytest.mark.django_db

VIEWS = {
    "timeline": "/timeline/",
    "timeline by week and heading": "/timeline/?scale=week&rows=category",
    "matrix": "/matrix/",
    "matrix of problems": "/matrix/?by=problem",
    "matrix of headings": "/matrix/?by=aspect",
    "kanban": "/kanban/",
    "calendar": "/calendar/",
    "sheets": "/sheets/",
    "sheets of units": "/sheets/?by=unit",
    "list": "/tickets/",
}


def views(**but):
    return pytest.mark.parametrize("path", VIEWS.values(), ids=VIEWS)


def with_query(path: str, query: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{query}"


def text(response) -> str:
    return response.content.decode()


class TestSwitch:
    @views()
    def test_it_keeps_the_filter_of_the_address(self, sign_in, supervisor, department, board, path):
        page = text(
            sign_in(supervisor).get(with_query(path, f"unit={department.pk}&light=late&q=超期"))
        )
        switch = page.partition('<nav class="gt-seg" aria-label="视图">')[2].partition("</nav>")[0]
        links = re.findall(r'href="([^"]+)"[^>]*>([^<]+)</a>', switch)

        assert [label for _, label in links] == [
            "作战图",
            "矩阵",
            "看板",
            "台账",
            "日历",
            "清单",
            "责任",
        ]
        for address, _ in links:
            for word in (f"unit={department.pk}", "light=late", "q=%E8%B6%85%E6%9C%9F"):
                assert word in address

    def test_the_ledger_without_an_inspection_goes_to_the_newest_with_the_same_filter(
        self, sign_in, supervisor, department, board
    ):
        response = sign_in(supervisor).get(f"/wall/?unit={department.pk}&light=late")

        assert response.url == f"/inspections/{board.pk}/wall/?unit={department.pk}&light=late"

    @views()
    def test_each_view_shows_the_tickets_of_the_filter_and_no_others(
        self, sign_in, supervisor, board, path
    ):
        page = text(sign_in(supervisor).get(with_query(path, "light=block")))

        assert "没有查找" not in page
        if "sheets" not in path and "matrix" not in path and "calendar" not in path:
            assert "受阻" in page
            assert "无人认领且超期" not in page

    @views()
    def test_a_condition_that_is_not_offered_shows_nothing_and_says_so(
        self, sign_in, supervisor, board, path
    ):
        page = text(sign_in(supervisor).get(with_query(path, "unit=999999")))

        assert "没有查找" in page
        assert "无人认领且超期" not in page

    @pytest.mark.parametrize("path", [*VIEWS.values(), "/overview/"])
    def test_a_filter_that_matches_nothing_says_what_to_do_next(
        self, sign_in, supervisor, board, path
    ):
        page = text(sign_in(supervisor).get(with_query(path, "q=nothing-of-that-name")))

        assert (
            '没有符合条件的问题</b></p><p>去掉一两个条件再看，或<a href="?">看全部问题</a>' in page
        )
        assert "去掉条件 关键词：nothing-of-that-name" in page

    @pytest.mark.parametrize("path", [*VIEWS.values(), "/overview/"])
    def test_what_is_chosen_is_told_from_another_unit_of_its_name(
        self, sign_in, supervisor, bureau, department, other_department, board, path
    ):
        namesake = UnitFactory(parent=other_department, name=department.name)
        TicketFactory(inspection=board, lead_unit=namesake)
        page = text(sign_in(supervisor).get(with_query(path, f"unit={department.pk}")))

        assert f"去掉条件 牵头单位：{bureau}{department}" in page
        assert f"selected>{bureau}{department}</option>" in page

    @views()
    def test_a_neighbour_sees_nothing(self, sign_in, neighbour, board, path):
        page = text(sign_in(neighbour).get(path))

        for ticket in Ticket.objects.all():
            assert ticket.number not in page
            assert f"/tickets/{ticket.pk}/" not in page
        assert "工程科" not in page


class TestTimeline:
    def test_a_bar_runs_from_the_feedback_to_the_deadline(self, sign_in, supervisor, inspection):
        TicketFactory(inspection=inspection, due_on=date(2026, 12, 1), in_progress=True)

        page = text(sign_in(supervisor).get("/timeline/"))

        assert "2026年9月1日至2026年12月1日，完成0%" in page
        assert 'class="now"' in page

    def test_a_moved_deadline_leaves_its_first_one_on_the_axis(
        self, sign_in, supervisor, inspection, today
    ):
        TicketFactory(
            inspection=inspection,
            due_on=date(2026, 12, 20),
            original_due_on=date(2026, 11, 1),
            in_progress=True,
        )

        page = text(sign_in(supervisor).get("/timeline/"))

        assert page.count('class="first"') == 2  # the bar's own and the key's

    def test_a_measure_with_a_date_of_its_own_is_a_diamond(
        self, sign_in, supervisor, inspection, today
    ):
        ticket = TicketFactory(inspection=inspection, due_on=date(2026, 12, 20), in_progress=True)
        MeasureFactory(ticket=ticket, due_on=date(2026, 11, 10), text="逐项登记")
        MeasureFactory(ticket=ticket, due_on=date(2026, 11, 12), done_on=date(2026, 11, 11))

        page = text(sign_in(supervisor).get("/timeline/"))

        assert page.count('class="node is-late"') == 1
        assert page.count('class="node is-done"') == 1
        assert "11月10日 一　逐项登记" in page

    def test_an_inspection_of_long_ago_does_not_stretch_the_axis_beyond_a_screen(
        self, sign_in, supervisor, bureau, today
    ):
        old = InspectionFactory(unit=bureau, feedback_on=date(2019, 3, 1))
        TicketFactory(inspection=old, due_on=date(2019, 9, 1))

        chart = sign_in(supervisor).get("/timeline/").context["chart"]

        assert len(chart.ticks) <= 18
        # So many names would run into each other; that of today is among those that stay.
        assert 8 <= sum(bool(tick.label) for tick in chart.ticks) <= 16
        assert all(tick.label for tick in chart.ticks if tick.is_now)
        assert chart.axis.first >= date(2026, 1, 1)

    def test_rows_are_grouped_by_unit_or_by_heading(self, sign_in, supervisor, board):
        client = sign_in(supervisor)

        by_unit = client.get("/timeline/").context["chart"].groups
        by_heading = client.get("/timeline/?rows=category").context["chart"].groups

        assert sorted(group.label for group in by_unit) == ["工程科", "市水务局", "财务科"]
        assert [group.label for group in by_heading] == ["（一）工程管理方面"]


class TestMatrix:
    @pytest.mark.parametrize("by", ["problem", "aspect"])
    def test_each_sum_is_that_of_its_list(self, sign_in, supervisor, board, by):
        client = sign_in(supervisor)
        page = text(client.get(f"/matrix/?by={by}&light=late&light=warn"))
        sums = re.findall(r'href="(/tickets/[^"]+)" aria-label="[^"]+，共\d+项">(\d+)</a>', page)

        assert len(sums) == 2
        for address, number in sums:
            page = client.get(address.replace("&amp;", "&")).context["page"]
            assert page.paginator.count == int(number)

    def test_a_cell_of_headings_opens_its_list(self, sign_in, supervisor, board):
        client = sign_in(supervisor)
        page = text(client.get("/matrix/?by=aspect"))
        cells = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)项，最急', page)

        assert len(cells) == 3
        for address, words in cells:
            rows = client.get(address.replace("&amp;", "&")).context["page"].paginator.count
            assert words.endswith(str(rows))

    def test_each_cell_of_statuses_is_that_of_its_list(self, sign_in, supervisor, board):
        client = sign_in(supervisor)
        table = text(client.get("/matrix/?status=in_progress")).partition('class="gt-heat"')[2]
        cells = re.findall(r'<a href="([^"]+)" aria-label="[^"]+，共\d+项">(\d+)</a>', table)

        assert cells
        for address, number in cells:
            rows = client.get(address.replace("&amp;", "&")).context["page"].paginator.count
            assert rows == int(number)


class TestKanban:
    def test_a_column_holds_as_many_as_its_list(self, sign_in, supervisor, board):
        client = sign_in(supervisor)
        page = text(client.get("/kanban/"))
        counts = re.findall(r'class="gt-count" href="([^"]+)"[^>]*>(\d+)</a>', page)

        assert sum(int(number) for _, number in counts) == 16
        for address, number in counts:
            rows = client.get(address.replace("&amp;", "&")).context["page"].paginator.count
            assert rows == int(number)

    def test_a_card_says_why_it_is_blocked_or_was_returned(self, sign_in, supervisor, board):
        page = text(sign_in(supervisor).get("/kanban/"))

        assert "受阻：待市财政落实资金" in page
        assert "退回：缺监理单位的回执。" in page

    def test_only_a_move_of_ones_roles_can_be_dragged(self, sign_in, clerk, viewer, board):
        assert ':claim"' in text(sign_in(clerk).get("/kanban/"))
        assert "data-targets" not in text(sign_in(viewer).get("/kanban/"))

    def test_the_menu_offers_what_the_workflow_does(self, sign_in, clerk, department, board):
        ticket = Ticket.objects.get(title="整改中", lead_unit=department)

        page = text(sign_in(clerk).get(f"/tickets/{ticket.pk}/moves/"))

        assert "还没有填报过进展" in page
        assert f"/tickets/{ticket.pk}/move/submit/" not in page

    def test_a_menu_of_somebody_elses_ticket_is_not_there(self, sign_in, neighbour, ticket):
        assert sign_in(neighbour).get(f"/tickets/{ticket.pk}/moves/").status_code == 404


class TestSheets:
    def test_a_leader_has_one_sheet_with_all_they_answer_for(
        self, sign_in, supervisor, inspection, today
    ):
        TicketFactory(inspection=inspection, title="甲", leader_text="高副局长", in_progress=True)
        TicketFactory(inspection=inspection, title="乙", leader_text="高副局长", closed=True)
        TicketFactory(inspection=inspection, title="丙", leader_text="李副局长")
        client = sign_in(supervisor)

        index = text(client.get("/sheets/"))
        sheet = client.get("/sheets/?leader=高副局长&by=leader")

        assert "高副局长" in index
        assert "李副局长" in index
        assert {item.ticket.title for item in sheet.context["sheet"].items} == {"甲", "乙"}
        assert "一个问题、一名领导、一抓到底" in text(sheet)

    def test_its_figures_are_those_of_their_lists(self, sign_in, supervisor, department, board):
        client = sign_in(supervisor)
        page = text(client.get(f"/sheets/?by=unit&unit={department.pk}&own=1"))
        part = page.partition('class="gt-figures"')[2].partition("</ul>")[0]
        figures = re.findall(r'href="([^"]+)"[^>]*><b>(\d+)</b>', part)

        assert len(figures) == 8
        for address, number in figures:
            rows = client.get(address.replace("&amp;", "&")).context["page"].paginator.count
            assert rows == int(number), address


def test_a_ticket_can_be_found_by_how_it_came_out(sign_in, supervisor, inspection, today):
    late = {"due_on": TODAY - timedelta(days=9)}
    TicketFactory(inspection=inspection, title="在办", in_progress=True)
    TicketFactory(inspection=inspection, title="超期", in_progress=True, **late)
    client = sign_in(supervisor)

    def found(outcome):
        page = client.get(f"/tickets/?outcome={outcome}").context["page"]
        return {ticket.title for ticket in page}

    assert found("undone") == {"在办", "超期"}
    assert found("behind") == {"超期"}
    assert found("on_schedule") == {"在办"}
