"""The wall in a real browser: it scrolls inside, opens in place, prints whole, fits a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.conftest import acts_for
from tests.factories import (
    CategoryFactory,
    InspectionFactory,
    MeasureFactory,
    TicketFactory,
    UnitFactory,
)
from tracker.choices import Role

LONG = "健全工程档案台账。" + "逐项登记入库，按月核对并签字留痕。" * 5


@pytest.fixture
def wall(transactional_db, page_of):
    """Return a function that opens a wall of thirty problems as its supervisor."""
    inspection = InspectionFactory(unit=UnitFactory(name="临江市水务局"))
    aspect = CategoryFactory(inspection=inspection)
    group = CategoryFactory(inspection=inspection, parent=aspect)
    for n in range(30):
        ticket = TicketFactory(
            inspection=inspection, category=(aspect, group)[n % 2], in_progress=True
        )
        MeasureFactory.create_batch(2, ticket=ticket, text=LONG)
    supervisor = acts_for(inspection.unit, Role.OFFICE)

    def open_wall(**options):
        page = page_of(supervisor, **options)
        page.goto(f"/inspections/{inspection.pk}/wall/")
        return page

    return open_wall


def test_its_head_and_first_columns_stay_while_it_scrolls(wall):
    page = wall()
    ledger = page.locator(".gt-ledger-wrap")
    head = ledger.locator("thead th").first
    before = head.bounding_box()

    ledger.evaluate("region => region.scrollTo(300, 900)")

    assert ledger.evaluate("region => region.scrollTop") == 900
    assert head.bounding_box() == before
    assert page.evaluate("document.documentElement.scrollHeight") == 900  # the window does not


def test_the_keyboard_scrolls_it(wall):
    page = wall()
    ledger = page.locator(".gt-ledger-wrap")

    bottom = ledger.evaluate("region => region.scrollHeight - region.clientHeight")
    assert bottom > 500

    ledger.focus()
    page.keyboard.press("End")

    # Not `wait_for_function`: it evaluates its words in the page, which the policy forbids.
    expect(ledger).to_have_js_property("scrollTop", bottom)


def test_a_long_measure_opens_and_closes_in_place(wall):
    page = wall()
    measure = page.locator(".gt-more").first
    folded = measure.bounding_box()["height"]

    measure.get_by_text("全文").click()
    assert measure.bounding_box()["height"] > folded + 60  # at least three lines more
    measure.get_by_text("收起").click()
    assert measure.bounding_box()["height"] == folded


def test_all_text_is_open_on_paper_and_folded_again_after(wall):
    page = wall()
    folded = page.locator(".gt-more:not([open])")
    assert folded.count() == 60

    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert folded.count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert folded.count() == 60


def test_on_a_phone_each_problem_is_a_card(wall):
    page = wall(viewport=PHONE)
    title = page.locator(".gt-ledger .pt").first.bounding_box()
    measure = page.locator(".gt-ledger .ms").first.bounding_box()

    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert measure["y"] > title["y"] + title["height"]
    assert measure["x"] < 40


def test_everything_works_without_script(wall):
    page = wall(java_script_enabled=False)

    page.get_by_role("link", name="措施全文").click()
    assert page.get_by_text(LONG).first.is_visible()

    page.get_by_role("link", name="打印A3").click()
    assert "/wall/print/" in page.url
    assert page.get_by_text(LONG).first.is_visible()
