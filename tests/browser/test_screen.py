"""大屏 in a real browser: it turns, pauses, follows, keeps its last picture and its memory."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import (
    BulletinFactory,
    InspectionFactory,
    TicketFactory,
    UnitFactory,
    close,
)
from tracker.models import Screen, Ticket
from tracker.models.address import digest_of

WALL = {"width": 1920, "height": 1080}
LARGE_WALL = {"width": 3840, "height": 2160}
REFRESHES = 500


@pytest.fixture
def screen(transactional_db, settings, supervisor, bureau):
    """A display of thirty problems of ten departments, a third of them late; it asks often."""
    settings.SCREEN_SECONDS, settings.SCREEN_TURN_SECONDS = 0.3, 3600
    today = timezone.localdate()
    inspection = InspectionFactory(unit=bureau, feedback_on=today - timedelta(days=40))
    bulletin = BulletinFactory(inspection=inspection)
    departments = [UnitFactory(name=f"第{n + 1}科", parent=bureau) for n in range(10)]
    for number in range(30):
        TicketFactory(
            inspection=inspection,
            bulletin=bulletin,
            lead_unit=departments[number % 10],
            title=f"第{number + 1}个问题的台账登记不完整且更新不及时",
            in_progress=True,
            due_on=today + timedelta(days=(-10, 2, 40)[number % 3]),
        )
    return Screen.objects.create(
        name="大厅", inspection=inspection, digest=digest_of("secret"), made_by=supervisor
    )


@pytest.fixture
def hang(screen, new_context):
    """Return a function that opens the display in a window without a session."""

    def open_window(**options):
        page = new_context(**{"viewport": WALL} | options).new_page()
        page.goto("/screen/secret/")
        return page

    return open_window


def figure(page, light):
    return page.locator(f"[data-kpi={light}] b")


class TestLooks:
    @pytest.mark.parametrize("size", [WALL, LARGE_WALL], ids=["1080", "2160"])
    def test_it_fills_the_wall_and_nothing_is_cut_off(self, hang, size, assert_accessible):
        page = hang(viewport=size)

        assert page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        ) == [size["width"], size["height"]]
        cut = page.evaluate(
            """() => [...document.querySelectorAll(".bs-p, .bs-mx .c")]
                 .filter(box => box.scrollHeight > box.clientHeight + 1
                             || box.scrollWidth > box.clientWidth + 1)
                 .map(box => box.textContent.trim().slice(0, 40))"""
        )
        assert cut == []
        smallest = page.evaluate(
            """() => Math.min(...[...document.querySelectorAll("body *")]
                 .filter(e => e.offsetParent && [...e.childNodes].some(
                   n => n.nodeType === 3 && n.data.trim()))
                 .filter(e => !e.closest(".visually-hidden"))
                 .map(e => parseFloat(getComputedStyle(e).fontSize)))"""
        )
        assert smallest >= 18 * size["width"] / 1920
        if size == WALL:
            assert_accessible(page)


class TestTurning:
    def test_arrows_turn_and_the_space_bar_stops(self, hang, settings):
        settings.SCREEN_TURN_SECONDS = 0.4
        page = hang()
        label = page.locator("[data-leaf-of=roll]")

        expect(label).to_have_text(re.compile("第[2-5]/5页"))  # by itself
        page.keyboard.press(" ")
        expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")
        stopped = label.inner_text()
        page.wait_for_timeout(1000)
        assert label.inner_text() == stopped
        page.keyboard.press("ArrowRight")
        expect(label).not_to_have_text(stopped)
        page.keyboard.press("ArrowLeft")
        expect(label).to_have_text(stopped)
        assert page.locator(".bs-roll:visible").count() == 1

    def test_it_does_not_turn_by_itself_for_who_wants_no_motion(self, hang, settings):
        settings.SCREEN_TURN_SECONDS = 0.2
        page = hang(reduced_motion="reduce")

        page.wait_for_timeout(800)
        expect(page.locator("[data-leaf-of=roll]")).to_have_text("第1/5页")
        page.locator("#forth").click()
        expect(page.locator("[data-leaf-of=roll]")).to_have_text("第2/5页")


class TestFollowing:
    def test_a_closed_problem_shows_on_the_next_picture(self, hang, screen):
        page = hang()
        page.keyboard.press("ArrowRight")
        expect(figure(page, "done")).to_have_text("0")

        ticket = Ticket.objects.order_by("pk")[2]
        close(ticket, timezone.localdate())

        expect(figure(page, "done")).to_have_text("1")
        expect(page.locator(".bs-news")).to_contain_text(ticket.title)
        # A new picture does not turn the page back.
        expect(page.locator("[data-leaf-of=roll]")).to_contain_text("第2/")

    def test_it_keeps_the_last_picture_while_the_server_is_away(self, hang, watch):
        page = hang()
        expect(page.locator("#stale")).to_be_hidden()

        page.context.set_offline(True)
        expect(page.locator("#stale")).to_contain_text("未更新，显示的是")
        expect(figure(page, "late")).to_have_text("10")

        page.context.set_offline(False)
        expect(page.locator("#stale")).to_be_hidden()
        # Being offline is what the test asked for.
        watch.problems = [one for one in watch.problems if "ERR_INTERNET" not in one]

    def test_an_error_page_is_no_picture(self, hang, watch):
        page = hang()

        page.route("**/picture/", lambda route: route.fulfill(status=502, body="<h1>Bad</h1>"))
        expect(page.locator("#stale")).to_be_visible()
        expect(figure(page, "late")).to_have_text("10")
        page.unroute("**/picture/")
        expect(page.locator("#stale")).to_be_hidden()
        watch.problems = [one for one in watch.problems if not one.startswith("502 ")]

    def test_a_revoked_one_shows_nothing_any_more(self, hang, screen, supervisor, watch):
        page = hang()
        screen.revoke(by=supervisor)

        expect(page.locator(".bs-gone")).to_contain_text("已作废")
        expect(page.locator(".bs-p")).to_have_count(0)
        watch.problems = [one for one in watch.problems if not one.startswith("404 ")]


def test_its_memory_stays_flat(hang, settings):
    """Five hundred pictures, each another one, leave no more behind than the first fifty."""
    settings.SCREEN_SECONDS = 0.01
    page = hang()
    part = page.request.get("/screen/secret/picture/").text()
    sent = 0

    def send(route):
        nonlocal sent
        sent += 1
        route.fulfill(
            status=200,
            body=part.replace("总体情况", f"总体情况{sent}"),
            headers={
                "Content-Type": "text/html; charset=utf-8",
                "ETag": f'"{sent}"',
                "X-As-Of": timezone.localtime().isoformat(timespec="seconds"),
            },
        )

    page.route("**/picture/", send)
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")

    def memory_after(refreshes: int) -> tuple[float, float]:
        expected = page.wait_for_function(
            "least => parseInt(document.querySelector('.bs-p h2').textContent.slice(4)) >= least",
            arg=refreshes,
            timeout=120_000,
        )
        expected.dispose()
        for _ in range(3):
            cdp.send("HeapProfiler.collectGarbage")
        metrics = {m["name"]: m["value"] for m in cdp.send("Performance.getMetrics")["metrics"]}
        return metrics["JSHeapUsedSize"], metrics["Nodes"]

    heap, nodes = memory_after(50)
    later_heap, later_nodes = memory_after(REFRESHES + 50)
    print(f"{sent} pictures: heap {heap:.0f} -> {later_heap:.0f}, nodes {nodes} -> {later_nodes}")

    assert later_heap < heap + 300_000
    assert later_nodes < nodes * 2
