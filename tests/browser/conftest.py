"""A real Chromium on the live server; any complaint of the browser fails the test.

Addresses are written as paths (`page.goto("/tickets/")`). `page_of(person)` opens a signed-in
window of its own, so that one test can hold several people.
"""

import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

HERE = Path(__file__).parent
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """Debian's own Chromium: nothing is downloaded, and it is what users' kernels come from."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed: apt-get install chromium fonts-noto-cjk")
    # The sandbox cannot start as root, and only our own pages are opened.
    return {"executable_path": chromium, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def browser_context_args():
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture(scope="session")
def base_url(live_server):
    # Playwright keeps an event loop in this thread, so Django would take the test for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return live_server.url


class Watch:
    """Collects what a browser complains of, as lines for a person to read."""

    def __init__(self, own_origin: str):
        self.own_origin = own_origin
        self.problems: list[str] = []

    def over(self, context) -> None:
        context.on("request", self._on_request)
        context.on("response", self._on_response)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))

    def _on_request(self, request):
        # blob: and data: stay within the browser.
        if request.url.startswith(("http:", "https:", "ws:", "wss:")) and not (
            request.url.startswith(f"{self.own_origin}/")
        ):
            self.problems.append(f"request to another host: {request.url}")

    def _on_response(self, response):
        # A page may well be a 404 or a 409, which the test then says itself; a part may not.
        if response.status >= 500 or (
            response.status >= 400 and response.request.resource_type != "document"
        ):
            self.problems.append(f"{response.status} for {response.url}")

    def _on_console(self, message):
        # The same failures again, but without their address: `_on_response` has them.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {message.text}")


@pytest.fixture
def watch(base_url):
    """Fail the test at its end for every console error, CSP violation and foreign request."""
    watch = Watch(base_url)
    yield watch
    assert watch.problems == []


@pytest.fixture
def new_context(new_context, base_url, watch):
    """The plugin's fixture, with every window watched."""

    def new_watched_context(**options):
        context = new_context(**{"base_url": base_url, "viewport": DESKTOP} | options)
        watch.over(context)
        return context

    return new_watched_context


@pytest.fixture
def page_of(new_context, base_url):
    """Return a function that opens a page signed in as a person; options go to the context."""

    def open_page(person, **options):
        client = Client()
        client.force_login(person)
        context = new_context(**options)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base_url}]
        )
        return context.new_page()

    return open_page


@pytest.fixture
def assert_accessible():
    """Return a function that fails on what axe calls serious or critical on the page shown."""

    def check(page):
        serious = [
            f"{violation['id']} ({violation['impact']}): {node['target']} {node['html'][:120]}"
            for violation in Axe().run(page).response["violations"]
            if violation["impact"] in {"serious", "critical"}
            for node in violation["nodes"]
        ]
        assert serious == [], f"on {page.url}"

    return check
