"""导出Excel of the other views: all that matches the filter of the page."""

import io
from datetime import date

import openpyxl
import pytest
from docx import Document

from tests.conftest import acts_for
from tests.factories import TicketFactory
from tracker.choices import Origin, Role
from tracker.models import AuditEvent
from tracker.models.selfcheck import open_found

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(sign_in, supervisor, wall):
    """Return a function that asks for the file of a view and opens it."""

    def opened(address, by=supervisor):
        response = sign_in(by).get(address)
        assert response.status_code == 200, response
        return openpyxl.load_workbook(io.BytesIO(response.content))

    return opened


def table(sheet) -> list[dict]:
    """The rows below the head, until the legend."""
    heads = [cell.value for cell in sheet[3]]
    rows = []
    for cells in sheet.iter_rows(min_row=4, values_only=True):
        if str(cells[0]).startswith("图例"):
            break
        rows.append(dict(zip(heads, cells, strict=True)))
    return rows


def words(sheet) -> str:
    return "\n".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value)


class TestList:
    def test_it_holds_all_that_match_in_the_order_of_the_page(self, book, wall, department):
        TicketFactory.create_batch(60, inspection=wall, lead_unit=department)

        rows = table(book("/tickets/xlsx/?sort=-number")["清单"])

        assert len(rows) == 65
        numbers = [row["编号"] for row in rows]
        assert numbers == sorted(numbers, reverse=True)

    def test_a_row_says_what_the_page_says(self, book):
        (row,) = table(book("/tickets/xlsx/?light=late&since=monday")["清单"])

        assert (row["灯"], row["问题"], row["状态"]) == ("■ 超期", "验收不及时", "整改中")
        assert row["方面与大类"] == "（一）工程管理方面 / 1.台账类"
        assert row["整改时限"].isoformat().startswith("2026-11-02")
        assert "曾超期" in row["标记"]
        assert row["变化"] == "新增"

    def test_the_light_has_its_colour_and_the_head_is_frozen(self, book):
        sheet = book("/tickets/xlsx/?light=late")["清单"]

        assert sheet["A4"].font.color.rgb == "FFB42318"
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
        assert sheet.freeze_panes == "E4"
        assert sheet.auto_filter.ref == "A3:S4"

    def test_its_conditions_figures_rule_and_legend_stand_on_it(self, book):
        said = words(book("/tickets/xlsx/?light=late&basis=closed")["清单"])

        assert "条件：灯：超期" in said
        assert "共1项" in said
        assert "问题1个：完成0，基本完成·长期坚持0，未完成1" in said
        assert "口径：销号率＝（完成＋基本完成·长期坚持）÷问题总数" in said
        assert "图例：■ 超期" in said

    def test_nothing_is_a_formula(self, book, wall):
        TicketFactory(inspection=wall, title="=cmd|' /C calc'!A0")

        sheet = book("/tickets/xlsx/")["清单"]

        (cell,) = [c for row in sheet.iter_rows() for c in row if "cmd" in str(c.value)]
        assert (cell.data_type, cell.value[:2]) == ("s", "'=")

    def test_it_holds_only_what_one_may_see(self, book, wall, other_department):
        TicketFactory(inspection=wall, lead_unit=other_department, title="财务科的问题")
        TicketFactory(
            inspection=wall, lead_unit=other_department, title="少数人知道", is_restricted=True
        )
        onlooker = acts_for(wall.unit, Role.VIEWER)
        clerk = acts_for(other_department, Role.STAFF)

        assert "少数人知道" not in words(book("/tickets/xlsx/", by=onlooker)["清单"])
        assert len(table(book("/tickets/xlsx/", by=clerk)["清单"])) == 2

    def test_it_is_written_down(self, book):
        book("/tickets/xlsx/?light=late")

        event = AuditEvent.objects.latest("seq")
        assert (event.kind, event.object_name) == ("export", "整改问题清单")
        assert "light=late" in event.after

    @pytest.mark.parametrize("address", ["/tickets/xlsx/", "/tickets/docx/", "/matrix/xlsx/"])
    def test_a_wrong_condition_gets_no_file(self, sign_in, supervisor, wall, address):
        assert sign_in(supervisor).get(f"{address}?unit=999999").status_code == 404

    def test_as_a_document(self, sign_in, supervisor, wall):
        content = sign_in(supervisor).get("/tickets/docx/?light=late").content

        (annex,) = Document(io.BytesIO(content)).tables
        assert [cell.text for cell in annex.rows[0].cells][:4] == ["灯", "编号", "问题", "牵头单位"]
        assert annex.rows[1].cells[0].text == "■ 超期"


@pytest.mark.parametrize("view", ["timeline", "kanban", "calendar"])
def test_a_view_without_a_file_of_its_own_sends_its_tickets_as_a_list(
    book, sign_in, supervisor, wall, clerk, view
):
    open_found(
        wall.tickets.first(),
        by=clerk,
        origin=Origin.SELF,
        lead_unit=clerk.memberships.get().unit,
        title="自己查出的",
        problem="台账缺三十处。",
        due_on=date(2026, 12, 10),
    )
    page = sign_in(supervisor).get(f"/{view}/?page=2")

    rows = table(book(page.context["frame"].workbook)["清单"])

    assert len(rows) == page.context["frame"].filter.qs.count()


class TestCounts:
    def test_units_by_stage_have_the_sums_of_the_page(self, book):
        rows = table(book("/matrix/xlsx/")["矩阵"])

        assert [row["牵头单位"] for row in rows][-1] == "合计"
        total = rows[-1]
        assert (total["已销号"], total["超期"], total["合计"]) == (1, 1, 5)

    def test_units_by_problem_show_the_most_pressing_first(self, book):
        row = table(book("/matrix/xlsx/?by=problem")["矩阵"])[0]

        assert row["第1个"].startswith("■ ")
        assert row["合计"] == 5

    def test_units_by_heading(self, book, wall):
        rows = table(book(f"/matrix/xlsx/?by=aspect&inspection={wall.pk}")["矩阵"])

        assert rows[0]["（一）工程管理方面"] == "■ 3"

    def test_who_answers(self, book):
        rows = table(book("/sheets/xlsx/")["责任"])

        assert {(row["责任领导"], row["问题"]) for row in rows} >= {("高副局长", 1)}

    def test_the_sheet_of_a_leader(self, book):
        sheet = book("/sheets/xlsx/?leader=高副局长")["责任清单"]

        assert [row["反馈问题"] for row in table(sheet)] == ["台账不健全", None]
        assert "一、台账不健全措施1。" in words(sheet)
        assert "条件：责任领导：高副局长" in words(sheet)

    def test_the_tables_of_the_overview(self, book):
        opened = book("/overview/xlsx/")

        assert opened.sheetnames[:3] == ["整改结果", "单位进展", "超期临期受阻"]
        assert table(opened["整改结果"])[0]["项数"] == 5
        assert table(opened["单位进展"])[-1]["合计"] == 5
        assert table(opened["超期临期受阻"])[0]["问题"] == "验收不及时"


def test_the_same_filter_gives_the_same_figures_in_every_file(
    book, sign_in, supervisor, wall, department
):
    asked = f"?inspection={wall.pk}&unit={department.pk}&basis=closed"
    document = sign_in(supervisor).get(f"/tickets/docx/{asked}").content
    page = sign_in(supervisor).get(f"/sheets/{asked}&by=unit").context["sheet"].figures

    for address, tab in (
        (f"/tickets/xlsx/{asked}", "清单"),
        (f"/matrix/xlsx/{asked}", "矩阵"),
        (f"/sheets/xlsx/{asked}&by=unit", "责任清单"),
        (f"/overview/xlsx/{asked}", "整改结果"),
        (f"/inspections/{wall.pk}/wall/xlsx/{asked}", "台账"),
    ):
        said = words(book(address)[tab])
        assert f"{page}" in said
        assert "销号率20.0%（1／5）" in said
    assert f"{page}" in "".join(one.text for one in Document(io.BytesIO(document)).paragraphs)


@pytest.mark.parametrize("count", [3, 30])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/tickets/xlsx/", 13),
        ("/matrix/xlsx/", 18),
        ("/sheets/xlsx/?leader=高副局长", 17),
    ],
)
def test_queries_do_not_grow(
    sign_in, supervisor, wall, department, django_assert_num_queries, address, queries, count
):
    TicketFactory.create_batch(count, inspection=wall, lead_unit=department, leader_text="高副局长")
    client = sign_in(supervisor)
    client.get("/tickets/")

    with django_assert_num_queries(queries):
        client.get(address)
