"""导出Excel: the ledger as the screen shows it, ready for A3, open only where it may be edited."""

import io
import re
from datetime import date, datetime

import openpyxl
import pytest

from tests.factories import TicketFactory
from tracker.ledger_columns import SETS
from tracker.models import AuditEvent, Ticket

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def export(sign_in, supervisor, address):
    """Return a function that exports under a query and opens the workbook."""

    def open_book(query=""):
        response = sign_in(supervisor).get(f"{address}xlsx/{query}")
        assert response.status_code == 200
        return openpyxl.load_workbook(io.BytesIO(response.content))

    return open_book


def table(sheet) -> list[dict]:
    """The rows of the ledger by heading, until the mark that ends it."""
    headings = [cell.value for cell in sheet[3]]
    rows = []
    for cells in sheet.iter_rows(min_row=4, values_only=True):
        if cells[0] == "end":
            break
        rows.append(dict(zip(headings, cells, strict=True)))
    return rows


def cell_of(sheet, title, heading):
    """The cell of a problem under a heading."""
    column = next(cell.column for cell in sheet[3] if cell.value == heading)
    at = next(row for row in range(4, sheet.max_row) if any(c.value == title for c in sheet[row]))
    return sheet.cell(at, column)


class TestWhatItHolds:
    def test_it_has_the_rows_of_the_page_with_merged_cells(self, export):
        sheet = export("?set=wall")["台账"]

        rows = table(sheet)
        assert len(rows) == 2 + 1 + 1 + 3 + 1
        assert [row["反馈问题"] or row["大类"] for row in rows] == [
            *("台账不健全", None, "验收不及时", "已改好的问题"),
            *("资金未落实", None, None, "没有措施的问题"),
        ]
        merged = {str(span) for span in sheet.merged_cells.ranges}
        # 方面 over its rows; 大类 over the two problems; the problem; a title without 大类.
        assert {"C4:C7", "E4:E6", "F4:F5", "E7:F7", "E8:F10"} <= merged
        assert [row["整改措施"] for row in rows[:2]] == [
            "一、台账不健全措施1。",
            "二、台账不健全措施2。",
        ]

    @pytest.mark.parametrize("name", SETS)
    def test_its_columns_are_those_of_the_page(self, export, sign_in, supervisor, address, name):
        page = text(sign_in(supervisor).get(f"{address}?set={name}"))
        shown = re.findall(
            r"<th[^>]*>([^<]+)</th>",
            page.partition("<thead>")[2].partition("</t")[0]
            + page.partition("<thead>")[2].partition("</thead>")[0],
        )

        headings = [cell.value for cell in export(f"?set={name}")["台账"][3]]

        for label in shown:
            assert label in headings
        assert set(headings) - set(shown) <= {"id", "version", "序号", "原时限", "措施时限"}

    def test_its_filter_is_that_of_the_page(self, export):
        sheet = export("?set=wall&light=late")["台账"]

        assert [row["反馈问题"] for row in table(sheet)] == ["验收不及时"]
        assert "按条件选出，全部5项" in sheet["C2"].value

    def test_lights_are_colour_and_word(self, export):
        cell = cell_of(export()["台账"], "验收不及时", "灯")

        assert cell.value == "■ 超期"
        assert cell.font.color.rgb == "FFB42318"
        assert cell.fill.fgColor.rgb == "FFFDECEA"

    def test_its_figures_are_those_of_the_page_with_their_rule(
        self, export, sign_in, supervisor, address
    ):
        page = text(sign_in(supervisor).get(f"{address}?basis=closed"))
        counted = re.search(r'gt-counted gt-num">([^<]+)<', page)[1]

        book = export("?basis=closed")

        lines = [
            str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value
        ]
        assert "销号率20.0%（1／5）。口径：销号率＝（完成＋基本完成·长期坚持）÷问题总数" in counted
        assert counted in "。".join(lines)

    def test_dates_are_dates(self, export):
        sheet = export()["台账"]

        assert cell_of(sheet, "验收不及时", "整改时限").value == datetime(2026, 11, 2)  # noqa: DTZ001
        assert cell_of(sheet, "资金未落实", "原时限").value == "2026-10-30"
        assert [row["措施时限"] for row in table(sheet)[4:7]] == [
            "2026-12-01",
            "2026-11-30",
            "2026-12-01",
        ]

    @pytest.mark.parametrize("start", ["=", "+", "-", "@"])
    def test_nothing_is_a_formula(self, export, wall, start):
        TicketFactory(inspection=wall, title=f"{start}cmd|' /C calc'!A0")

        cells = [c for row in export()["台账"].iter_rows() for c in row if "cmd" in str(c.value)]

        assert {cell.data_type for cell in cells} == {"s"}
        assert {cell.value[:2] for cell in cells} == {f"'{start}"}


class TestHowItLooks:
    def test_it_is_set_up_for_a3_landscape_with_its_head_repeated(self, export):
        sheet = export()["台账"]

        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == "$1:$3"
        assert sheet.oddFooter.center.text == "第&P页　共&N页"
        assert sheet.freeze_panes == "G4"

    def test_keys_are_hidden(self, export, wall):
        sheet = export()["台账"]

        assert sheet.column_dimensions["A"].hidden
        keys = {row["id"] for row in table(sheet)}
        assert keys == {str(pk) for pk in Ticket.objects.values_list("pk", flat=True)}

    def test_only_what_may_be_edited_is_open(self, export):
        sheet = export()["台账"]

        assert sheet.protection.sheet
        for heading in ("责任领导", "牵头单位", "责任人", "整改类型", "整改时限"):
            assert not cell_of(sheet, "验收不及时", heading).protection.locked, heading
            assert cell_of(sheet, "已改好的问题", heading).protection.locked, heading
        for heading in ("整改措施", "进展", "完成状态", "灯"):
            cell = cell_of(sheet, "验收不及时", heading)
            assert cell.protection.locked, heading

    def test_what_is_typed_is_checked_by_the_program(self, export, department):
        book = export()
        rules = {
            rule.type: rule for rule in book["台账"].data_validations.dataValidation if rule.sqref
        }

        assert rules.keys() == {"date", "list", "textLength"}
        lists = {
            r.formula1 for r in book["台账"].data_validations.dataValidation if r.type == "list"
        }
        assert '"立行立改,限期整改,长期坚持"' in lists
        assert "选项!$A$1:$A$2" in lists
        assert [cell.value for cell in book["选项"]["A"]] == ["市水务局", "工程科"]
        assert book["选项"].sheet_state == "hidden"

    def test_it_says_how_to_fill_it_in(self, export):
        words = [cell.value for cell in export()["填写说明"]["B"] if cell.value]

        assert any("灰底的格锁定" in line for line in words)


class TestWhoGetsIt:
    def test_the_file_is_named_with_its_date_and_written_down(self, sign_in, supervisor, address):
        response = sign_in(supervisor).get(f"{address}xlsx/?set=wall&light=late")

        assert "20261122.xlsx" in response["Content-Disposition"]
        event = AuditEvent.objects.latest("seq")
        assert (event.kind, event.actor_name) == ("export", "邓佳")
        assert "light=late" in event.after

    def test_it_holds_only_what_one_may_see(self, sign_in, wall, address, other_department):
        from tests.conftest import acts_for
        from tracker.choices import Role

        TicketFactory(inspection=wall, lead_unit=other_department, title="财务科的问题")
        reader = acts_for(other_department, Role.STAFF)

        content = sign_in(reader).get(f"{address}xlsx/").content

        sheet = openpyxl.load_workbook(io.BytesIO(content))["台账"]
        assert len(table(sheet)) == 1

    def test_a_stranger_finds_nothing(self, sign_in, neighbour, address):
        assert sign_in(neighbour).get(f"{address}xlsx/").status_code == 404


@pytest.mark.parametrize("count", [3, 30])
def test_its_queries_do_not_grow(
    sign_in, supervisor, wall, address, department, django_assert_num_queries, count
):
    TicketFactory.create_batch(count, inspection=wall, lead_unit=department)
    client = sign_in(supervisor)
    client.get(address)

    with django_assert_num_queries(23):
        client.get(f"{address}xlsx/")


def test_a_day_is_kept(export):
    """A date survives as one: what was exported is what comes back."""
    assert cell_of(export()["台账"], "台账不健全", "整改时限").value.date() == date(2026, 12, 1)
