"""Whoever has no mouse does the whole job: signs in, finds, reports, submits, presses many."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import MeasureFactory, TicketFactory
from tracker.choices import Status
from tracker.demo import cast, loading
from tracker.models import Bulk, Person, Press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media")]
PASSWORD = "a-long-pass-of-the-test-7"
# What is wrong with what has the focus: a box that folds a toolbar lends it to its label.
LACKS = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return "";
  const label = focused.matches(".gt-fold") && document.querySelector(`[for=${focused.id}]`);
  const shown = label || focused.closest(".gt-search") || focused;
  const style = getComputedStyle(shown);
  const box = shown.getBoundingClientRect();
  const says = `${shown.className} ${shown.textContent.trim().slice(0, 30)}`;
  const ring = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
  if (ring < 3) return `no ring: ${says}`;
  const middle = box.top + box.height / 2;
  const across = [0.2, 0.5, 0.8].map((part) => box.left + part * box.width);
  const met = across.map((x) => document.elementFromPoint(x, middle));
  return met.some((each) => each && shown.contains(each)) ? "" : `out of sight: ${says}`;
}"""
STOPS = 70


class Keys:
    """A window with a keyboard; whatever is asked for must be reached by Tab."""

    def __init__(self, page):
        self.page, self.press, self.type = page, page.keyboard.press, page.keyboard.type

    def to(self, target, most=120):
        """Tab to it, in the order in which the page is walked."""
        for _ in range(most):
            self.press("Tab")
            if target.evaluate("each => each === document.activeElement"):
                return
        raise AssertionError(f"{target} is not reached by Tab on {self.page.url}")

    def enter(self, target):
        self.to(target)
        self.press("Enter")

    def tick(self, target):
        self.to(target)
        self.press("Space")
        expect(target).to_be_checked()


@pytest.fixture
def keys_of(new_context):
    """Return a function that signs a person in by keyboard."""

    def sign_in(person):
        person.set_password(PASSWORD)
        person.save()
        keys = Keys(new_context().new_page())
        keys.page.goto("/login/")
        if not keys.page.get_by_label("账号").evaluate("each => each === document.activeElement"):
            keys.to(keys.page.get_by_label("账号"))
        keys.type(person.username)
        keys.to(keys.page.get_by_label("密码", exact=True))
        keys.type(PASSWORD)
        keys.press("Enter")
        expect(keys.page.locator(".gt-user")).to_be_visible()
        keys.page.wait_for_load_state()
        return keys

    return sign_in


def test_staff_find_report_and_submit(keys_of, inspection, department, clerk):
    ticket = TicketFactory(
        inspection=inspection, lead_unit=department, in_progress=True, title="桥梁护栏缺失"
    )
    TicketFactory(inspection=inspection, lead_unit=department, title="渡口改桥滞后")
    MeasureFactory(ticket=ticket, order=1)
    keys = keys_of(clerk)
    page = keys.page

    keys.press("/")
    expect(page.get_by_role("searchbox", name="搜索问题")).to_be_focused()
    keys.type("护栏")
    keys.press("Enter")
    page.wait_for_url("**/tickets/?q=**")
    expect(page.get_by_text("渡口改桥滞后")).to_have_count(0)
    keys.enter(page.get_by_role("link", name="桥梁护栏缺失"))
    page.wait_for_url(f"**/tickets/{ticket.pk}/")

    keys.enter(page.locator(".gt-acts-v").get_by_role("link", name="填报进展"))
    expect(page.get_by_label("本期进展")).to_be_visible()
    keys.to(page.get_by_label("本期进展"))
    keys.type("已补登八处。")
    keys.tick(page.locator("[name=done]").first)
    keys.enter(page.get_by_role("button", name="填报进展"))
    expect(page.locator(".gt-tl")).to_contain_text("已补登八处。")

    keys.enter(page.locator(".gt-acts-v").get_by_role("link", name="提交销号"))
    expect(page.locator("[name=note]")).to_be_visible()
    keys.to(page.locator("[name=note]"))
    keys.type("台账已补齐。")
    for box in page.locator(".gt-checklist input[type=checkbox]").all():
        keys.tick(box)
    keys.enter(page.get_by_role("button", name="提交销号", exact=True))
    expect(page.locator(".gt-tl")).to_contain_text("台账已补齐。")
    ticket.refresh_from_db()
    assert ticket.status == Status.SUBMITTED


def test_the_office_filters_presses_many_and_chooses_columns(
    keys_of, inspection, department, supervisor, leader
):
    facts = {"inspection": inspection, "lead_unit": department}
    TicketFactory.create_batch(2, in_progress=True, leader=leader, **facts)
    TicketFactory(closed=True, title="已经销号的", **facts)
    keys = keys_of(supervisor)
    page = keys.page

    page.goto("/tickets/")
    keys.to(page.locator("select[name=leader]"))
    keys.press("ArrowDown")
    expect(page.get_by_text("已经销号的")).to_have_count(0)
    keys.tick(page.get_by_label("全选本页"))
    keys.enter(page.get_by_role("button", name="批量催办"))
    page.wait_for_url("**/tickets/bulk/press/**")
    keys.enter(page.get_by_role("button", name="催办2项"))
    expect(page.get_by_role("status")).to_have_text("已办2项")
    assert (Press.objects.count(), Bulk.objects.count()) == (2, 1)

    page.goto(f"/inspections/{inspection.pk}/wall/")
    keys.enter(page.locator("summary").filter(has_text="选列"))
    column = page.locator("[name=columns]").first
    keys.to(column)
    keys.press("Space")
    expect(column).not_to_be_checked()
    keys.enter(page.get_by_role("button", name="用这些列"))
    page.wait_for_url("**columns=**")
    expect(column).not_to_be_checked()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_what_has_the_focus_is_seen_and_not_behind_a_head_or_bar(page_of, viewport):
    loading.load()
    inspector = Person.objects.get(username=cast.INSPECTOR)
    page = page_of(inspector, viewport=viewport, reduced_motion="reduce")
    lacks = []
    for path in ("/timeline/", "/wall/", "/kanban/", "/tickets/", "/calendar/", "/overview/"):
        page.goto(path)
        # A box that scrolls is higher than the window of a phone, and its middle is elsewhere.
        page.evaluate(
            "document.querySelectorAll('[tabindex]').forEach((one) => { one.tabIndex = -1; })"
        )
        for key in ["Tab"] * STOPS + ["Shift+Tab"] * (STOPS // 3):
            page.keyboard.press(key)
            if lack := page.evaluate(LACKS):
                lacks.append(f"{path}: {lack}")

    assert lacks == []


def test_the_views_are_filtered_switched_and_unfolded(page_of, inspection, department, supervisor):
    facts = {"inspection": inspection, "lead_unit": department, "in_progress": True}
    TicketFactory.create_batch(6, due_on=timezone.localdate(), **facts)
    page = page_of(supervisor)
    keys = Keys(page)

    page.goto("/matrix/")
    keys.to(page.locator("#unit"))
    keys.press("ArrowDown")
    keys.enter(page.get_by_role("button", name="筛选"))
    page.wait_for_url("**unit=**")
    keys.enter(page.locator(".gt-seg").get_by_role("link", name="日历"))
    page.wait_for_url("**/calendar/?unit=**")
    day = page.locator(".gt-rest").first
    keys.enter(day.locator("summary"))
    expect(day.locator("li").first).to_be_visible()

    keys.press("?")
    expect(page.get_by_role("dialog", name="键盘操作")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(day.locator("summary")).to_be_focused()
    keys.press("g")
    keys.press("h")
    expect(page.get_by_role("heading", name="我的工作台")).to_be_visible()


def test_a_number_is_copied(page_of, inspection, department, supervisor):
    ticket = TicketFactory(inspection=inspection, lead_unit=department)
    page = page_of(supervisor)
    page.goto(f"/tickets/{ticket.pk}/")
    Keys(page).enter(page.get_by_role("button", name="复制编号"))
    expect(page.get_by_text(f"已复制{ticket.number}")).to_be_visible()

    Keys(page).to(page.get_by_role("searchbox", name="搜索问题"))
    page.keyboard.press("Control+V")
    expect(page.locator("#q")).to_have_value(ticket.number)
