"""导回台账 clicked through: out of the page, edited, looked over, taken in, the rest sent back."""

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.conftest import acts_for
from tests.factories import InspectionFactory, TicketFactory
from tracker.choices import Role
from tracker.models import Ticket


@pytest.mark.parametrize("width", [1440, 390])
def test_a_ledger_goes_out_and_comes_back(base_url, transactional_db, page_of, tmp_path, width):
    inspection = InspectionFactory()
    for title in ("台账不健全", "验收不及时"):
        TicketFactory(inspection=inspection, title=title, in_progress=True)
    page = page_of(acts_for(inspection.unit, Role.OPERATOR))
    page.set_viewport_size({"width": width, "height": 900})

    def open_wall():
        page.goto(f"/inspections/{inspection.pk}/wall/")
        if width == 390:
            page.locator("label.gt-fold-l").first.click()

    open_wall()
    with page.expect_download() as download:
        page.get_by_role("link", name="导出Excel").click()
    path = tmp_path / "台账.xlsx"
    download.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet = book["台账"]
    headings = {cell.value: cell.column for cell in sheet[3]}
    sheet.cell(4, headings["责任人"]).value = "莫志"
    sheet.cell(5, headings["整改时限"]).value = "三月底"
    book.save(path)

    open_wall()
    page.get_by_role("link", name="导回台账").click()
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="看看有哪些差异").click()

    expect(page.get_by_text("变更1个问题，未变0个，有错1行")).to_be_visible()
    expect(page.locator("ins").first).to_have_text("莫志")
    fault = page.locator("tr", has_text="“三月底”不是日期")
    expect(fault).to_contain_text("台账")
    expect(fault).to_contain_text("整改时限")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert not Ticket.objects.filter(person_text="莫志").exists()
    with page.expect_download() as download:
        page.get_by_role("link", name="取回有错的1行").click()
    download.value.save_as(tmp_path / "退回.xlsx")
    returned = openpyxl.load_workbook(tmp_path / "退回.xlsx").active
    assert Ticket.objects.get(title="验收不及时").number in [cell.value for cell in returned[2]]
    assert "三月底" in [cell.value for cell in returned[2]]
    assert any("不是日期" in str(cell.value) for cell in returned[2])

    page.get_by_role("button", name="导入1个问题的变更").click()

    expect(page.get_by_text("已导入：1个问题有变更")).to_be_visible()
    assert Ticket.objects.filter(person_text="莫志").count() == 1
