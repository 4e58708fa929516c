"""The views in a real browser: charts answer, cards move by pointer, by keys and without script."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tracker.choices import Status
from tracker.demo import cast, loading
from tracker.models import Person, Ticket


@pytest.fixture
def office(transactional_db, page_of):
    """Return a function that opens the demo as the office that supervises."""
    loading.load()

    def window(username=cast.INSPECTOR, **options):
        return page_of(Person.objects.get(username=username), **options)

    return window


def test_the_chart_answers_to_a_pointer_and_keeps_its_table(office):
    page = office()
    page.goto("/overview/")
    chart = page.locator('[data-chart="trend"]')

    expect(chart.locator("svg")).to_be_visible()
    expect(page.locator('[data-still="trend"]')).to_be_hidden()
    chart.hover()
    assert page.locator("table caption", has_text="每周累计反馈").count() == 1


class TestBoard:
    @pytest.fixture
    def ticket(self, office):
        return Ticket.objects.filter(status=Status.UNCLAIMED)[0]

    @pytest.fixture
    def username(self, ticket):
        """Somebody who may claim that ticket."""
        staff = Person.objects.filter(memberships__unit=ticket.lead_unit, memberships__role="staff")
        return staff[0].username

    @pytest.fixture
    def window(self, office, username):
        page = office(username)
        page.goto("/kanban/")
        return page

    def test_a_card_is_moved_by_keyboard_alone(self, window, ticket):
        page = window
        menu = page.locator(f'[data-card="{ticket.pk}"] [data-moves]')
        menu.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".gt-kpop")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".gt-kpop")).to_have_count(0)
        expect(menu).to_be_focused()

        page.keyboard.press("Enter")
        expect(page.locator(".gt-kpop a", has_text="认领")).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/tickets/{ticket.pk}/move/claim/")
        page.get_by_role("button", name="认领").press("Enter")
        page.wait_for_url(f"**/tickets/{ticket.pk}/")

        ticket.refresh_from_db()
        assert ticket.status == Status.CLAIMED

    def test_a_card_that_is_dropped_asks_what_the_move_needs(self, window, ticket):
        page = window

        page.locator(f'[data-card="{ticket.pk}"]').drag_to(page.locator("#col-claimed header"))

        page.wait_for_url(f"**/tickets/{ticket.pk}/move/claim/")
        ticket.refresh_from_db()
        assert ticket.status == Status.UNCLAIMED

    def test_a_card_goes_to_no_column_that_the_workflow_forbids(self, window, ticket):
        page = window

        page.locator(f'[data-card="{ticket.pk}"]').drag_to(page.locator("#col-closed header"))

        assert page.url.endswith("/kanban/")

    def test_without_script_the_menu_is_a_page(self, office, username, ticket):
        plain = office(username, java_script_enabled=False)
        plain.goto("/kanban/")
        plain.locator(f'[data-card="{ticket.pk}"] [data-moves]').click()

        expect(plain.get_by_role("link", name="认领")).to_be_visible()


@pytest.mark.parametrize("has_script", [True, False])
def test_on_a_phone_the_first_problem_shows_at_once_and_the_rest_unfolds(office, has_script):
    page = office(viewport=PHONE, java_script_enabled=has_script)
    bar = page.locator(".gt-tab").bounding_box() if page.goto("/timeline/") else None
    shown = {
        "/timeline/": ".gt-timeline tbody th[scope=row] a",
        "/matrix/": ".gt-heat tbody td a",
        "/kanban/": ".gt-kcard .t",
        "/wall/": ".gt-ledger .pt",
        "/calendar/": ".gt-month li a",
        "/tickets/": ".gt-tickets .t",
        "/sheets/": ".gt-answer tbody a",
        "/overview/": ".gt-kpi",
    }
    for path, first in shown.items():
        page.goto(path)
        place = page.locator(first).locator("visible=true").first.bounding_box()
        assert place["y"] + place["height"] < bar["y"], path

        form = page.locator(".gt-folded").first
        expect(form).to_be_hidden()
        page.locator("#fold").press("Space")
        expect(form).to_be_visible()
        page.locator("label.gt-fold-l").first.click()
        expect(form).to_be_hidden()


def test_a_search_is_kept_as_a_view_and_found_again_by_keys_alone(office):
    page = office()
    ticket = Ticket.objects.filter(category__isnull=False)[0]
    page.goto("/kanban/")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type(ticket.title[:4])
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_have_text(ticket.title[:4])
    searched = page.url

    page.locator(".gt-saved summary").press("Enter")
    page.get_by_role("link", name="保存当前视图").press("Enter")
    page.get_by_label("名称").fill("要找的问题")
    # Within a field the key is a character like any other.
    page.get_by_label("名称").press("End")
    page.keyboard.type("/")
    expect(page.get_by_label("名称")).to_have_value("要找的问题/")
    page.keyboard.press("Enter")
    expect(page).to_have_url(searched)

    page.goto("/kanban/")
    page.locator(".gt-saved summary").press("Enter")
    page.locator(".gt-menu").get_by_role("link", name="要找的问题/").press("Enter")
    expect(page).to_have_url(searched)
