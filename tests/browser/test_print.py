"""The sheets as Chromium prints them: size of paper, page numbers, （续） where a page begins."""

import io

import pypdfium2
import pytest

from tests.conftest import acts_for
from tests.factories import CategoryFactory, InspectionFactory, MeasureFactory, TicketFactory
from tracker.choices import Role
from tracker.models import Inspection, Ticket

# Where the table of a sheet ends and its foot begins, in pixels of one sheet after the other.
GAPS = """() => [...document.querySelectorAll('.pr-sheet')].map((sheet) =>
  sheet.querySelector('.pr-foot').getBoundingClientRect().top
  - sheet.querySelector('table').getBoundingClientRect().bottom)"""


@pytest.fixture
def printed(base_url, transactional_db, page_of, bureau_with_wall):
    """Return a function that prints an address and gives its pages as (width, height, text)."""
    page = page_of(bureau_with_wall)

    def pages(address):
        page.goto(address)
        gaps = page.evaluate(GAPS)
        assert min(gaps, default=0) >= 0, f"{address}: a table runs into the foot of its sheet"
        content = page.pdf(prefer_css_page_size=True, print_background=True)
        document = pypdfium2.PdfDocument(io.BytesIO(content))
        return [
            (
                *(round(side / 72 * 25.4) for side in sheet.get_size()),
                sheet.get_textpage().get_text_range(),
            )
            for sheet in document
        ]

    return pages


@pytest.fixture
def bureau_with_wall(transactional_db):
    inspection = InspectionFactory()
    aspect = CategoryFactory(inspection=inspection, heading="（一）工程管理方面")
    for n in range(40):
        ticket = TicketFactory(
            inspection=inspection, category=aspect, title=f"问题第{n}号", leader_text="高副局长"
        )
        for order in (1, 2):
            MeasureFactory(ticket=ticket, order=order, text=f"健全台账，逐项登记{n}。" * 3)
    return acts_for(inspection.unit, Role.OFFICE)


def test_the_wall_fills_sheets_of_a3(printed):
    wall = Inspection.objects.get()
    pages = printed(f"/inspections/{wall.pk}/wall/print/?set=wall")

    total = len(pages)
    assert total > 1
    for number, (width, height, text) in enumerate(pages, start=1):
        assert (width, height) == (420, 297)
        assert f"第{number}页" in text
        assert f"共{total}页" in text
        assert "图例" in text
        assert "填报人" in text
        assert "整改措施" in text  # the head of the table
        assert ("（续）" in text) == (number > 1)
    said = "".join(text for _, _, text in pages)
    assert all(f"问题第{n}号" in said for n in range(40))


@pytest.mark.parametrize(
    ("address", "size", "head"),
    [
        ("/timeline/print/", (420, 297), "牵头单位"),
        ("/kanban/print/", (297, 210), "环节"),
        ("/calendar/print/?month=2026-12", (297, 210), "周一"),
        ("/tickets/print/", (297, 210), "最新进展"),
        ("/matrix/print/", (420, 297), "牵头单位"),
    ],
)
def test_every_view_fills_sheets(printed, address, size, head):
    pages = printed(address)

    for number, (width, height, text) in enumerate(pages, start=1):
        assert (width, height) == size
        for said in (f"第{number}页", f"共{len(pages)}页", "图例", "填报人", "（盖章）", head):
            assert said in text, said
    if "calendar" not in address and "matrix" not in address:
        said = "".join(text for _, _, text in pages)
        assert all(f"问题第{n}号" in said for n in range(40))
        assert len(pages) > 1
        assert ("（续）" in pages[1][2]) == ("tickets" not in address)  # nothing spans there


def test_the_sheet_of_a_leader_fills_a4(printed):
    pages = printed("/sheets/print/?leader=高副局长")

    assert {(width, height) for width, height, _ in pages} == {(297, 210)}
    assert f"共{len(pages)}页" in pages[-1][2]


def test_every_other_page_is_numbered_by_the_browser(printed):
    pages = printed("/tickets/")
    assert "第1页" in pages[0][2]
    assert f"共{len(pages)}页" in pages[0][2]

    pages = printed(f"/tickets/{Ticket.objects.first().pk}/")
    assert pages[0][:2] == (210, 297)
    for said in ("超期", "填报人：", "（盖章）", f"第{len(pages)}页"):
        assert said in pages[-1][2]


def test_all_columns_of_the_ledger_fit_the_sheet_of_the_browser(
    base_url, transactional_db, page_of, bureau_with_wall
):
    """Who prints the page itself gets A3 too, 390 mm between the margins."""
    page = page_of(bureau_with_wall)
    page.set_viewport_size({"width": 1474, "height": 1000})
    page.goto(f"/inspections/{Inspection.objects.get().pk}/wall/?set=full")
    page.emulate_media(media="print")

    across = page.evaluate("""() => [...document.querySelectorAll('.gt-ledger thead th')].map(
      (head) => head.getBoundingClientRect().width)""")

    assert sum(across) <= 1475
    assert min(across) >= 40
