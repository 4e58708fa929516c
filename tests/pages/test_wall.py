"""挂图作战: the merged ledger as a browser gets it, and who gets how much of it."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest

from tests.factories import (
    CategoryFactory,
    InspectionFactory,
    MeasureFactory,
    TicketFactory,
    UnitFactory,
)
from tracker.ledger_columns import SETS

pytestmark = pytest.mark.django_db

COLUMNS = 3 + len(SETS["full"].keys)


class Ledger(HTMLParser):
    """The rows of the ledger as (columns, rows) of their cells, block by block."""

    def __init__(self, page: str):
        super().__init__()
        self.blocks: list[list[list[tuple[int, int]]]] = []
        self.feed(page.partition('<table class="gt-ledger')[2].partition("</table>")[0])

    def handle_starttag(self, tag, attrs):
        if tag == "tbody":
            self.blocks.append([])
        elif tag == "tr" and self.blocks:
            self.blocks[-1].append([])
        elif tag in ("th", "td") and self.blocks:
            spans = dict(attrs)
            self.blocks[-1][-1].append((int(spans.get("colspan", 1)), int(spans.get("rowspan", 1))))


def assert_filled(block) -> None:
    """Lay the cells as a browser does: every row full, no cell over another or out of its block."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(block):
        column = 0
        for columns, rows in cells:
            while (row, column) in taken:
                column += 1
            for r in range(row, row + rows):
                for c in range(column, column + columns):
                    assert (r, c) not in taken
                    taken.add((r, c))
    assert taken == {(r, c) for r in range(len(block)) for c in range(COLUMNS)}


def titles(response) -> list[str]:
    return re.findall(
        r'<a class="text-\w+" href="/tickets/\d+/">([^<]+)</a>', response.content.decode()
    )


class TestLedger:
    def test_its_merged_cells_fill_every_row(self, sign_in, supervisor, inspection, today):
        top, other = (CategoryFactory(inspection=inspection) for _ in range(2))
        group = CategoryFactory(inspection=inspection, parent=top)
        for category, state, measures in [
            (top, {"in_progress": True}, 3),
            (group, {"closed": True}, 4),
            (group, {}, 0),
            (group, {"submitted": True}, 2),
            (top, {"closed": True}, 1),
            (other, {"blocked": True}, 2),
            (None, {}, 2),
        ]:
            TicketFactory(
                inspection=inspection,
                category=category,
                measures=[{"done_on": today if n == 1 else None} for n in range(measures)],
                **state,
            )

        page = sign_in(supervisor).get(f"/inspections/{inspection.pk}/wall/").content.decode()

        blocks = Ledger(page).blocks
        assert [len(block) for block in blocks] == [3 + 1 + 1 + 2 + 1, 2, 2]
        for block in blocks:
            assert_filled(block)

    def test_a_problem_shows_its_facts(self, sign_in, supervisor, inspection, clerk, today):
        ticket = TicketFactory(
            inspection=inspection,
            title="堤防档案管理混乱",
            blocked=True,
            in_progress=True,
            leader_text="高副局长",
            person=clerk,
            kind="long_term",
            original_due_on=date(2026, 10, 30),
        )
        MeasureFactory(ticket=ticket, text="健全台账，逐项登记。")
        ticket.progress.create(ticket_version=2, by=clerk, text="已补八处。", percent=40)

        page = sign_in(supervisor).get(f"/inspections/{inspection.pk}/wall/").content.decode()

        for words in (
            "堤防档案管理混乱",
            "受阻：待市财政落实资金",
            "长期坚持",
            "高副局长",
            "市水务局",
            "梁文",
            "12月1日",
            "10月30日</del>",
            "剩7个工作日",
            "健全台账，逐项登记。",
            "已补八处。",
            '<rect class="f-violet" width="40%"',
        ):
            assert words in page, words

    def test_a_long_measure_opens_in_place_and_all_open_for_paper(
        self, sign_in, supervisor, ticket, today
    ):
        text = "健全工程档案台账。" + "逐项登记入库，按月核对并签字留痕。" * 5
        MeasureFactory(ticket=ticket, text=text)
        client = sign_in(supervisor)
        wall = f"/inspections/{ticket.inspection_id}/wall/"

        folded = client.get(wall).content.decode()
        in_full = client.get(f"{wall}?text=full").content.decode()

        assert '<details class="gt-more"><summary>健全工程档案台账。<span' in folded
        assert "<details class=" not in in_full.partition("gt-ledger")[2]
        assert text in in_full

    def test_what_people_typed_is_escaped(self, sign_in, supervisor, inspection, clerk, today):
        ticket = TicketFactory(inspection=inspection, in_progress=True, title="<b>粗</b>")
        MeasureFactory(ticket=ticket, text="<script>alert(1)</script>" * 5)

        page = sign_in(supervisor).get(f"/inspections/{inspection.pk}/wall/").content.decode()

        assert "<b>粗</b>" not in page
        assert "<script>alert" not in page


class TestHead:
    def test_it_sets_the_work_beside_the_time(self, sign_in, supervisor, inspection, today):
        TicketFactory(inspection=inspection, closed=True)
        TicketFactory(inspection=inspection)

        page = sign_in(supervisor).get(f"/inspections/{inspection.pk}/wall/").content.decode()

        assert "市委第七巡察组巡察反馈意见整改台账" in page
        assert "<b>9</b>" in page  # days
        assert "7 个工作日" in page
        assert "50.0%" in page
        assert "90.1%" in page
        assert "落后40.1个百分点" in page
        assert "已销号1，待审核0，整改中0，待启动0，待认领1" in page

    def test_it_says_when_the_period_is_over(self, sign_in, supervisor, bureau, today):
        inspection = InspectionFactory(unit=bureau, feedback_on=date(2026, 6, 1))
        TicketFactory(inspection=inspection)

        page = sign_in(supervisor).get(f"/inspections/{inspection.pk}/wall/").content.decode()

        assert "集中整改期已满" in page
        assert "2026年9月1日期满" in page


class TestFilters:
    def test_a_light_shows_as_many_problems_as_its_link_counts(self, sign_in, supervisor, board):
        client = sign_in(supervisor)
        wall = f"/inspections/{board.pk}/wall/"
        page = client.get(wall).content.decode()
        chips = page.partition('aria-label="按灯筛选"')[2].partition("</nav>")[0]
        links = re.findall(r'href="([^"]+light=\w+)".*?<b>(\d+)</b>', chips, re.S)

        assert [int(count) for _, count in links] == [2, 3, 2, 0, 4, 3, 2]
        for address, count in links:
            assert len(titles(client.get(address))) == int(count)

    def test_the_lights_count_within_the_chosen_unit(self, sign_in, supervisor, department, board):
        page = sign_in(supervisor).get(f"/inspections/{board.pk}/wall/?unit={department.pk}")

        assert "全部 <b>8</b>" in page.content.decode()
        assert len(titles(page)) == 8

    def test_the_leaders_offered_are_those_of_this_wall(
        self, sign_in, supervisor, inspection, today
    ):
        TicketFactory(inspection=inspection, leader_text="高副局长", title="甲")
        TicketFactory(inspection=inspection, title="乙")
        elsewhere = InspectionFactory(unit=inspection.unit, feedback_on=date(2024, 9, 1))
        TicketFactory(inspection=elsewhere, leader_text="别处的领导")
        client = sign_in(supervisor)

        page = client.get(f"/inspections/{inspection.pk}/wall/").content.decode()
        chosen = client.get(f"/inspections/{inspection.pk}/wall/?leader=高副局长")

        assert "<option>高副局长</option>" in page
        assert "别处的领导" not in page
        assert titles(chosen) == ["甲"]

    def test_nothing_left_says_so_and_leads_back(self, sign_in, supervisor, ticket, today):
        page = sign_in(supervisor).get(f"/inspections/{ticket.inspection_id}/wall/?light=done")

        assert "没有符合筛选条件的问题" in page.content.decode()
        assert "看全部1项" in page.content.decode()

    def test_the_list_shows_the_same_rows(self, sign_in, supervisor, department, board):
        client = sign_in(supervisor)
        page = client.get(
            f"/inspections/{board.pk}/wall/?unit={department.pk}&light=late&light=warn"
        )

        address = re.search(r'href="(/tickets/\?[^"]+)">清单', page.content.decode())[1]
        rows = client.get(address.replace("&amp;", "&")).context["page"].paginator.count
        assert rows == len(titles(page)) == 3


class TestAccess:
    def test_a_clerk_gets_the_rows_of_their_unit_and_is_told_so(self, sign_in, clerk, board):
        response = sign_in(clerk).get(f"/inspections/{board.pk}/wall/")

        assert len(titles(response)) == 8
        page = response.content.decode()
        assert "仅显示您可见的8项" in page
        assert "局本级的问题" not in page
        assert "财务科" not in page

    @pytest.mark.parametrize("who", ["supervisor", "operator", "viewer"])
    def test_those_above_get_all_of_it(self, sign_in, board, request, who):
        response = sign_in(request.getfixturevalue(who)).get(f"/inspections/{board.pk}/wall/")

        assert len(titles(response)) == 16
        assert "仅显示您可见" not in response.content.decode()

    def test_a_neighbour_gets_404(self, sign_in, neighbour, board):
        client = sign_in(neighbour)

        assert client.get(f"/inspections/{board.pk}/wall/").status_code == 404
        assert client.get(f"/wall/?inspection={board.pk}").status_code == 404

    def test_it_asks_for_a_login_first(self, client, board):
        address = f"/inspections/{board.pk}/wall/"

        assert client.get(address).url == f"/login/?next={address}"
        assert client.get("/wall/").url == "/login/?next=/wall/"

    def test_it_only_answers_reading(self, sign_in, supervisor, board):
        assert sign_in(supervisor).post(f"/inspections/{board.pk}/wall/").status_code == 405
        assert sign_in(supervisor).post("/wall/").status_code == 405


class TestPicking:
    def test_it_goes_to_the_newest_inspection_in_sight(self, sign_in, supervisor, bureau):
        for feedback_on in (date(2026, 9, 1), date(2024, 9, 1)):
            TicketFactory(inspection__unit=bureau, inspection__feedback_on=feedback_on)
        newest = bureau.inspections.get(feedback_on=date(2026, 9, 1))

        assert sign_in(supervisor).get("/wall/").url == f"/inspections/{newest.pk}/wall/"

    def test_another_can_be_picked(self, sign_in, supervisor, bureau, today):
        newest, older = (
            TicketFactory(inspection__unit=bureau, inspection__feedback_on=day).inspection
            for day in (date(2026, 9, 1), date(2024, 9, 1))
        )
        client = sign_in(supervisor)

        page = client.get(f"/inspections/{newest.pk}/wall/").content.decode()

        assert f'<option value="{older.pk}">' in page
        picked = client.get(f"/wall/?inspection={older.pk}")
        assert picked.url == f"/inspections/{older.pk}/wall/"
        assert client.get("/wall/?inspection=x").status_code == 404

    def test_without_any_it_says_what_to_do(self, sign_in, clerk):
        response = sign_in(clerk).get("/wall/")

        assert response.status_code == 200
        assert "还没有可以挂图的巡视巡察" in response.content.decode()

    def test_an_inspection_without_tickets_says_what_to_do(self, sign_in, viewer, inspection):
        page = sign_in(viewer).get(f"/inspections/{inspection.pk}/wall/").content.decode()

        assert "还没有问题上墙" in page


def test_units_of_one_name_are_told_apart(sign_in, supervisor, inspection, bureau, department):
    for unit in (bureau, department):
        TicketFactory(inspection=inspection, lead_unit=UnitFactory(name="办公室", parent=unit))

    page = sign_in(supervisor).get(f"/inspections/{inspection.pk}/wall/").content.decode()

    select = page.partition('<select class="form-select form-select-sm" id="unit"')[2]
    names = re.findall(r"<option[^>]*>([^<]+)<", select.partition("</select>")[0])
    assert {*names} == {"牵头单位：全部", "市水务局办公室", "工程科办公室"}
