"""Take the pictures of docs/pictures from the demo: .venv/bin/python scripts/take_pictures.py

Needs what the browser tests need (requirements-dev.txt, Debian's chromium and fonts-noto-cjk).
The demo gets a database of its own in a temporary folder.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PASSWORD = "yanchuan-demo"


@contextmanager
def demo() -> Iterator[str]:
    """Serve a fresh demo and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="guatu-pictures-") as folder:
        env = {name: value for name, value in os.environ.items() if "TRACKER_" not in name}
        env |= {
            "TRACKER_DEMO": "true",
            "TRACKER_DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
            "TRACKER_ORG_NAME": "砚川市巡察整改",
        }
        for command in (["migrate", "--verbosity", "0"], ["load_demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
        address = f"127.0.0.1:{port}"
        server = subprocess.Popen(
            [
                Path(sys.executable).with_name("gunicorn"),
                "config.wsgi",
                "--bind",
                address,
                "--no-control-socket",
            ],
            cwd=ROOT,
            env=env,
        )
        try:
            wait_for(f"http://{address}/login/")
            yield f"http://{address}"
        finally:
            server.terminate()
            server.wait()


def wait_for(url: str) -> None:
    """Return once the server answers; give up after twenty seconds."""
    for _ in range(100):
        try:
            urlopen(url).close()
        except URLError:
            time.sleep(0.2)
        else:
            return
    sys.exit(f"{url} does not answer.")


def signed_in(browser: Browser, address: str, username: str, viewport: dict[str, int]) -> Page:
    page = browser.new_context(base_url=address, viewport=viewport, locale="zh-CN").new_page()
    page.goto("/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")
    return page


def shoot(page: Page, name: str, path: str = "") -> None:
    if path:
        page.goto(path)
    page.screenshot(path=PICTURES / f"{name}.png")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox"],
        )
        clerk = signed_in(browser, address, "lingyunzhou", DESKTOP)
        shoot(clerk, "workbench", "/")
        shoot(clerk, "list", "/tickets/")
        clerk.get_by_role("link", name="农村公路危旧桥梁改造进度偏慢").click()
        shoot(clerk, "ticket")
        supervisor = signed_in(browser, address, "chengyining", DESKTOP)
        supervisor.goto("/wall/")
        # The newest has hardly begun; this one has been worked at.
        lively = supervisor.locator("#inspection option", has_text="交通运输局").first
        pk = lively.get_attribute("value")
        shoot(supervisor, "wall", f"/inspections/{pk}/wall/?set=wall")
        shoot(supervisor, "overview", "/overview/")
        operator = signed_in(browser, address, "hemin", DESKTOP)
        operator.goto("/admin/tracker/bulletin/import/")
        sample = ROOT / "fixtures" / "bulletins" / "yanchuan_jiaotong.txt"
        # The demo may hold this very file; one more newline makes it another.
        content = sample.read_bytes() + b"\n"
        operator.set_input_files(
            "input[type=file]",
            {"name": sample.name, "mimeType": "text/plain", "buffer": content},
        )
        operator.get_by_role("button", name="上传并识别").click()
        operator.get_by_label("责任人").nth(1).focus()  # the source follows the row
        shoot(operator, "import")
        shoot(signed_in(browser, address, "lingyunzhou", PHONE), "phone", "/")
        browser.close()


if __name__ == "__main__":
    main()
