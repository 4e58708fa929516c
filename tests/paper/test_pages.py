"""Page ends: what spans several rows is cut there, and says （续） where it goes on."""

import io
import re
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from tests.conftest import acts_for
from tests.factories import CategoryFactory, MeasureFactory, PlanFactory, TicketFactory
from tracker.choices import Part, Role
from tracker.ledger_columns import SETS
from tracker.models import AuditEvent, Handover, HandoverItem
from tracker.paper.grid import Cell, Grid, Head, Row
from tracker.paper.ledger import LONG, column_head
from tracker.paper.pages import (
    A3_LANDSCAPE,
    MM,
    ems,
    fitted,
    heights,
    paginate,
    room,
    widths,
)
from tracker.views import papers

TODAY = date(2026, 11, 22)


class Fake:
    def __init__(self, pk):
        self.pk = pk


def grid(problems: list[tuple[str, list[str]]]) -> Grid:
    """Problems with their measures under one 方面."""
    heads = [
        Head("aspect", "方面", 30, is_heading=True),
        Head("title", "反馈问题", 40, is_heading=True),
        Head("measure", "整改措施", 100),
    ]
    rows = [
        Row(
            Fake(pk),
            (Cell("工程管理方面", "aspect"), Cell(title, ("p", pk)), Cell(text, (pk, n))),
        )
        for pk, (title, measures) in enumerate(problems)
        for n, text in enumerate(measures)
    ]
    return Grid("台账", [], heads, rows, [], TODAY)


def words(page) -> list[str]:
    return [box.cell.text for line in page.lines for box in line]


class TestPaginate:
    def test_a_merged_heading_goes_on_with_a_mark(self):
        pages = paginate(grid([(f"问题{n}", ["措施。"]) for n in range(60)]), A3_LANDSCAPE)

        assert len(pages) > 1
        assert words(pages[0])[0] == "工程管理方面"
        for page in pages[1:]:
            assert words(page)[0] == "工程管理方面（续）"
        # Nothing is lost, nothing said twice.
        titles = [w for page in pages for w in words(page) if w.startswith("问题")]
        assert titles == [f"问题{n}" for n in range(60)]

    def test_every_page_is_a_full_table(self):
        pages = paginate(grid([(f"问题{n}", ["措施。"] * 7) for n in range(20)]), A3_LANDSCAPE)

        for page in pages:
            cells = sum(box.rows * box.columns for line in page.lines for box in line)
            assert cells == 3 * len(page.lines)

    def test_a_problem_stays_together_if_it_can(self):
        pages = paginate(grid([(f"问题{n}", ["措施。"] * 4) for n in range(20)]), A3_LANDSCAPE)

        assert not any("问题" in w and "（续）" in w for page in pages for w in words(page))

    def test_one_that_is_longer_than_a_page_is_cut_between_its_measures(self):
        pages = paginate(grid([("很长的问题", [f"措施{n}。" for n in range(80)])]), A3_LANDSCAPE)

        assert "很长的问题（续）" in words(pages[1])
        assert sum(w.startswith("措施") for page in pages for w in words(page)) == 80

    def test_a_text_that_is_taller_than_a_page_goes_on(self):
        text = "".join(f"第{n}句话说明情况。" for n in range(900))

        pages = paginate(grid([("问题", [text])]), A3_LANDSCAPE)

        assert len(pages) > 1
        said = "".join(w for page in pages for w in words(page) if "句" in w)
        assert said == text

    @pytest.mark.parametrize("length", [5, 60, 400])
    def test_no_page_is_taller_than_its_paper(self, length):
        whole = grid([(f"问题{n}", ["字" * length] * 5) for n in range(30)])

        for page in paginate(whole, A3_LANDSCAPE):
            rows = [
                Row(Fake(n), tuple(Cell(box.cell.text, (n, id(box))) for box in line))
                for n, line in enumerate(page.lines)
                if len(line) == 3
            ]
            assert sum(heights(rows, whole.heads, A3_LANDSCAPE)) <= room(whole, A3_LANDSCAPE)

    def test_an_empty_ledger_is_one_page(self):
        assert len(paginate(replace(grid([]), rows=[]), A3_LANDSCAPE)) == 1


def wide(keys) -> list[Head]:
    """The heads of a ledger with 方面 and 大类 in which every column says something."""
    return [
        Head("aspect", "方面", 29, is_heading=True, least=4.5),
        Head("number", "序号", 15, is_centred=True, least=2.6),
        Head("category", "大类", 24, is_heading=True, least=4),
        Head("title", "反馈问题", 40, is_heading=True, least=7),
        *(column_head(key) for key in keys),
    ]


class TestWidths:
    @pytest.mark.parametrize("name", SETS)
    def test_a_column_of_every_set_holds_what_it_must(self, name):
        """Names stand in one line, days are not broken, texts are not spelt."""
        heads = wide(SETS[name].keys)
        paper = fitted(heads, A3_LANDSCAPE)

        across = dict(zip((head.key for head in heads), widths(heads, paper), strict=True))
        assert sum(across.values()) == pytest.approx(390)
        assert paper.is_small == (name == "full")

        def holds(key: str) -> float:
            return (across[key] * MM - paper.sides) / paper.font + 0.01

        for key, text in (
            ("person", "欧阳明华"),
            ("leader", "欧阳明华"),
            ("due", "2026-12-31"),
            ("closing", "2026-12-31"),
            ("status", "待审核"),
            ("evidence", "12份"),
            ("light", "长期坚持"),
        ):
            assert key not in across or holds(key) >= ems(text), key
        assert all(holds(key) >= 7 for key in across if key in LONG)

    def test_what_fits_stands_in_the_usual_type(self):
        heads = wide(SETS["wall"].keys)

        assert fitted(heads, A3_LANDSCAPE) is A3_LANDSCAPE

    def test_a_long_text_that_nobody_wrote_leaves_its_room(self, sign_in, supervisor, address):
        page = sign_in(supervisor).get(f"{address}print/").content.decode()

        widths = [float(width) for width in re.findall(r'<col width="([\d.]+)%', page)]
        heads = re.findall(r'<th scope="col(?:group)?"[^>]*>([^<]*)</th>', page)
        columns = [head for head in heads if head not in ("责任分工", "责任领导", "牵头单位")]
        assert "pr-small" in page
        assert "字号缩为小五号" in page
        assert min(widths) > 2.2
        assert widths[columns.index("整改目标")] < widths[columns.index("整改措施")] / 3


@pytest.mark.django_db
class TestPrintPage:
    def test_it_has_what_paper_needs(self, sign_in, supervisor, address):
        page = sign_in(supervisor).get(f"{address}print/?set=wall").content.decode()

        for said in (
            "市委第七巡察组巡察反馈意见整改作战图",
            "被巡察党组织：市水务局",
            "截至：2026年11月22日",
            "图例：",
            "填报人：",
            "（盖章）",
            "第1页　共1页",
            '<use href="#l-square"/></svg>超期',
            "责任分工",
        ):
            assert said in page, said
        assert not re.search(r"\sstyle=|\son\w+=", page)

    @pytest.mark.parametrize(
        ("query", "name"),
        [
            ("", "台账"),
            ("?set=problems", "问题清单"),
            ("?set=closing", "对账销号单"),
            ("?columns=unit", "台账"),
        ],
    )
    def test_it_bears_the_name_by_which_offices_ask_for_it(
        self, sign_in, supervisor, address, query, name
    ):
        page = sign_in(supervisor).get(f"{address}print/{query}").content.decode()

        assert re.findall(r'pr-title">([^<]+)<', page) == [f"市委第七巡察组巡察反馈意见整改{name}"]

    def test_its_figures_are_those_of_the_wall(self, sign_in, supervisor, address):
        client = sign_in(supervisor)
        wall = client.get(address).content.decode()
        counted = re.search(r'gt-counted gt-num">([^<]+)<', wall)[1]

        page = client.get(f"{address}print/").content.decode()

        said = re.search(r'pr-count"><span>(.+?)</span><span>(.+?)。</span>', page)
        assert f"{said[1]}{said[2]}" == counted

    def test_it_is_written_down(self, sign_in, supervisor, address):
        sign_in(supervisor).get(f"{address}print/?light=late")

        event = AuditEvent.objects.latest("seq")
        assert event.kind == "print"
        assert "A3横向" in event.after

    def test_a_leader_has_a_sheet_of_a4(self, sign_in, supervisor, wall):
        client = sign_in(supervisor)

        page = client.get("/sheets/print/?leader=高副局长").content.decode()

        assert "高副局长整改责任清单" in page
        assert 'class="pr-sheet pr-a4"' in page
        assert "二、台账不健全措施2。" in page
        assert "第1页　共1页" in page

    @pytest.mark.parametrize(
        ("paper", "page"),
        [
            ("{wall}print/", "{wall}"),
            ("/tickets/print/", "/tickets/"),
            ("/timeline/print/", "/timeline/"),
            ("/kanban/print/", "/kanban/"),
            ("/calendar/print/?month=2026-12", "/calendar/?month=2026-12"),
            ("/sheets/print/?by=unit&unit={unit}", "/sheets/?by=unit&unit={unit}"),
        ],
    )
    def test_what_nobody_would_read_is_refused_everywhere_alike(
        self, sign_in, supervisor, department, address, monkeypatch, paper, page
    ):
        """The first part of it would pass for the whole."""
        monkeypatch.setattr(papers, "MOST_ON_PAPER", 1)
        client = sign_in(supervisor)
        printing, shown = (one.format(wall=address, unit=department.pk) for one in (paper, page))
        before = AuditEvent.objects.filter(kind__in=("print", "export")).count()

        response = client.get(printing)

        assert (response.status_code, response.url) == (302, shown)
        said = client.get(shown).content.decode()
        assert re.search(r"一次最多1(项|条事项)。请加条件分几次.*或导出Excel", said)
        assert AuditEvent.objects.filter(kind__in=("print", "export")).count() == before

    def test_what_was_late_once_stays_marked(self, sign_in, supervisor, wall, department, address):
        facts = {"due_on": date(2026, 10, 20), "closed_on": date(2026, 11, 1), "closed": True}
        TicketFactory(inspection=wall, lead_unit=department, **facts)
        client = sign_in(supervisor)

        ledger = client.get(f"{address}print/").content.decode()
        assert ledger.count("曾超期") == 2
        assert ">资金未落实<br>曾超期<" in ledger
        sheet = client.get(f"/sheets/print/?by=unit&unit={department.pk}").content.decode()
        assert sheet.count("曾超期") == 2
        assert "<span>已销号<br>曾超期" in sheet
        # What comes back is compared cell by cell.
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}xlsx/").content))
        assert "曾超期" not in str(list(book["台账"].values))

    def test_of_nobody_it_is_the_list_of_all_who_answer(self, sign_in, supervisor, wall):
        page = sign_in(supervisor).get("/sheets/print/").content.decode()

        assert "整改责任名单" in page
        assert "高副局长" in page

    @pytest.mark.parametrize("count", [5, 50])
    def test_its_queries_do_not_grow(
        self, sign_in, supervisor, wall, address, django_assert_max_num_queries, count
    ):
        category = CategoryFactory(inspection=wall)
        for ticket in TicketFactory.create_batch(count, inspection=wall, category=category):
            MeasureFactory(ticket=ticket)
        client = sign_in(supervisor)
        client.get(address)

        with django_assert_max_num_queries(30):
            client.get(f"{address}print/")


@pytest.mark.django_db
class TestOtherViews:
    @pytest.mark.parametrize("view", ["timeline", "kanban", "calendar", "tickets"])
    def test_a_view_prints_what_its_filter_leaves(self, sign_in, supervisor, wall, view):
        client = sign_in(supervisor)

        page = client.get(f"/{view}/print/?light=late&month=2026-11").content.decode()

        assert "验收不及时" in page
        assert "台账不健全" not in page
        for said in (
            "条件：灯：超期",
            "截至：2026年11月22日",
            "图例：",
            "（盖章）",
            "第1页　共1页",
            "问题1个：完成0",
        ):
            assert said in page, said
        assert not re.search(r"\sstyle=|\son\w+=", page)
        event = AuditEvent.objects.latest("seq")
        assert event.kind == "print"
        assert "light=late" in event.after

    @pytest.mark.parametrize(
        ("by", "said"),
        [("status", "整改中"), ("problem", "■ 超期（1项）："), ("aspect", "（二）资金管理方面")],
    )
    def test_a_matrix_prints_its_axis(self, sign_in, supervisor, wall, by, said):
        page = sign_in(supervisor).get(f"/matrix/print/?by={by}").content.decode()

        assert said in page
        assert 'class="pr-sheet pr-a3"' in page
        assert "问题5个" in page

    def test_a_board_is_a_list_by_stage(self, sign_in, supervisor, wall):
        page = sign_in(supervisor).get("/kanban/print/").content.decode()

        stages = re.findall(r'class="asp"[^>]*>([^<]+)<br>(\d+)项', page)
        assert stages == [("待认领", "1"), ("整改中", "3"), ("已销号", "1")]

    @pytest.mark.parametrize("view", ["timeline", "kanban", "calendar", "tickets", "matrix"])
    def test_its_queries_do_not_grow(
        self, sign_in, supervisor, wall, view, django_assert_max_num_queries
    ):
        client = sign_in(supervisor)
        TicketFactory.create_batch(50, inspection=wall)

        with django_assert_max_num_queries(32):
            client.get(f"/{view}/print/")


@pytest.mark.django_db
class TestSheetsToSign:
    def test_a_plan_has_every_measure(self, sign_in, supervisor, wall):
        client = sign_in(supervisor)
        address = f"/inspections/{wall.pk}/plan/print/"
        assert client.get(address).status_code == 404  # there is none yet
        PlanFactory(inspection=wall)

        page = client.get(address).content.decode()

        for said in (
            "反馈意见整改方案",
            "第1稿",
            "三、资金未落实措施3。",
            "2026-11-30",
            "编制人：",
        ):
            assert said in page, said

    def test_a_handover_names_both_sides(self, sign_in, today, ticket, clerk, department):
        receiver = acts_for(department, Role.STAFF, name="莫志")
        sheet = Handover.objects.create(
            giver=clerk, receiver=receiver, started_by=clerk, reason="调离"
        )
        HandoverItem.objects.create(handover=sheet, ticket=ticket, part=Part.REPORTER)

        page = sign_in(clerk).get(f"/handovers/{sheet.pk}/print/").content.decode()

        for said in (
            "整改责任交接单",
            f"移交人：{clerk}",
            "接收人：莫志",
            ticket.title,
            "监交人：",
        ):
            assert said in page, said
