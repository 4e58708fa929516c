"""The settings are read once at start, so each case is a process of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tracker.logs import RequestIdFilter, ShortWarningFilter

ROOT = Path(__file__).resolve().parent.parent
SECRET = "k7!fQ2z$Lw9x@Vb4#Nt6^Ry8&Gh1*Jm3(Pd5)Sc0-Ua_Ie+Ow=Xq"


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """What a production shell sets, and none of the names with which the tests run."""
    ours = ("TRACKER_", "DJANGO_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    folder = tmp_path_factory.mktemp("production")
    return clean | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "TRACKER_SECRET_KEY": SECRET,
        "TRACKER_ALLOWED_HOSTS": "zhenggai.example.gov.cn",
        "TRACKER_DATABASE_URL": f"sqlite:///{folder}/board.sqlite3",
        "TRACKER_FREE_MEGABYTES": "1",  # the disk of the tests is not what they are about
    }


@pytest.fixture(scope="module")
def installed(production):
    """Production with its database migrated."""
    result = manage(production, "migrate", "--verbosity", "0")
    assert result.returncode == 0, result.stderr
    return production


def run(env, *arguments, **overrides):
    """Run Python in the project with these settings; an override of None removes a name."""
    env = {name: value for name, value in (env | overrides).items() if value is not None}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def manage(env, *arguments, **overrides):
    return run(env, "manage.py", *arguments, **overrides)


def setting(env, expression, **overrides):
    """Return what an expression over the settings prints in a fresh process."""
    code = f"from django.conf import settings; print({expression})"
    result = run(env, "-c", code, **overrides)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


class TestProduction:
    def test_django_finds_nothing_to_warn_of(self, production):
        result = manage(production, "check", "--deploy", "--fail-level", "WARNING")

        assert result.returncode == 0, result.stderr
        assert "no issues" in result.stdout

    def test_it_refuses_to_start_without_a_secret(self, installed):
        by_check = manage(installed, "check", TRACKER_SECRET_KEY=None)
        by_server = run(installed, "-c", "import config.wsgi", TRACKER_SECRET_KEY=None)

        for result in (by_check, by_server):
            assert result.returncode != 0
            assert "Set TRACKER_SECRET_KEY" in result.stderr

    def test_reading_a_bulletin_needs_no_settings_at_all(self, production):
        sample = min((ROOT / "fixtures" / "bulletins").glob("*.txt"))
        bare = {name: None for name in production if name.startswith("TRACKER_")}

        result = manage(production, "parse_bulletin", str(sample), **bare)

        assert result.returncode == 0, result.stderr

    @pytest.mark.parametrize(
        ("name", "value", "message"),
        [
            pytest.param("TRACKER_DEBUG", "ture", "write true or false", id="switch"),
            pytest.param("TRACKER_TLS", "1", "write true or false", id="number_for_switch"),
            pytest.param("TRACKER_MAX_BULLETIN_BYTES", "20MB", "a whole number", id="number"),
            pytest.param("TRACKER_PASSWORD_LENGTH", "6", "write 8 to 64", id="bound"),
            pytest.param("TRACKER_SECRETKEY", "x", "Unknown: TRACKER_SECRETKEY", id="name"),
        ],
    )
    def test_it_refuses_a_misspelt_setting(self, production, name, value, message):
        result = manage(production, "check", **{name: value})

        assert result.returncode != 0
        assert message in result.stderr

    def test_the_server_starts_on_a_database_of_its_own(self, installed):
        result = run(installed, "-c", "import config.wsgi")

        assert result.returncode == 0, result.stderr

    def test_it_refuses_the_database_of_a_demo(self, installed, tmp_path):
        board = Path(installed["TRACKER_DATABASE_URL"].removeprefix("sqlite:///"))
        shutil.copy(board, tmp_path / "demo.sqlite3")
        demo = installed | {"TRACKER_DATABASE_URL": f"sqlite:///{tmp_path}/demo.sqlite3"}
        mark = "from tracker.models import DemoMark; DemoMark.objects.create()"
        assert run(demo, "-c", f"import django; django.setup(); {mark}").returncode == 0

        by_migrate = manage(demo, "migrate")
        by_server = run(demo, "-c", "import config.wsgi")

        for result in (by_migrate, by_server):
            assert result.returncode != 0
            assert "its passwords are published" in result.stderr

    def test_cookies_travel_over_https_only(self, production):
        cookies = "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE"

        assert setting(production, cookies) == "True True"
        assert setting(production, "settings.SESSION_COOKIE_NAME") == "__Host-session"
        assert setting(production, cookies, TRACKER_TLS="false") == "False False"


class TestDemo:
    def test_it_has_a_database_file_of_its_own(self, production):
        name = "settings.DATABASES['default']['NAME']"

        demo = setting(production, name, TRACKER_DEMO="true", TRACKER_DATABASE_URL=None)
        real = setting(production, name, TRACKER_DATABASE_URL=None)

        assert demo == str(ROOT / "var" / "demo.sqlite3")
        assert real == str(ROOT / "var" / "guatu.sqlite3")

    def test_it_needs_no_secret(self, production):
        result = manage(production, "check", TRACKER_DEMO="true", TRACKER_SECRET_KEY=None)

        assert result.returncode == 0, result.stderr


@pytest.mark.django_db
class TestEveryAnswer:
    """Headers of a page as a browser gets it."""

    def test_it_carries_the_security_headers(self, client):
        response = client.get("/admin/login/")

        policy = response["Content-Security-Policy"]
        for directive in (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ):
            assert directive in policy
        assert "unsafe" not in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"

    def test_its_number_is_the_one_in_the_log(self, client, caplog):
        caplog.handler.addFilter(RequestIdFilter())

        first = client.get("/no-such-page/")
        second = client.get("/no-such-page/")

        logged = [record.request_id for record in caplog.records]
        assert logged == [first["X-Request-ID"], second["X-Request-ID"]]
        assert len(set(logged)) == 2

    def test_a_refused_page_is_one_line_of_the_log(self, client, viewer, caplog):
        caplog.handler.addFilter(ShortWarningFilter())
        client.force_login(viewer)

        assert client.get("/admin/", follow=True).status_code == 403

        assert len(caplog.text.splitlines()) == 1

    def test_an_address_writes_no_line_of_its_own_into_the_log(self, client, caplog):
        client.get("/no-such-page/%0d%0aWARNING%20forged/")

        assert len(caplog.text.splitlines()) == 1

    def test_a_signed_in_page_is_kept_out_of_caches(self, client, supervisor):
        client.force_login(supervisor)

        response = client.get("/admin/")

        assert "no-store" in response["Cache-Control"]
        assert "private" in response["Cache-Control"]


@pytest.mark.django_db
class TestIdleTime:
    """A session ends half an hour after the last page, and not while somebody works."""

    def signed_in(self, client):
        return client.get("/admin/").status_code == 200

    def test_work_keeps_it_alive(self, client, operator, time_machine):
        time_machine.move_to("2026-11-23T09:00:00+08:00")
        client.force_login(operator)

        for clock in ("09:20", "09:40", "10:00"):
            time_machine.move_to(f"2026-11-23T{clock}:00+08:00")
            assert self.signed_in(client)

    def test_it_ends_when_nobody_works(self, client, operator, time_machine):
        time_machine.move_to("2026-11-23T09:00:00+08:00")
        client.force_login(operator)
        assert self.signed_in(client)

        time_machine.move_to("2026-11-23T09:31:00+08:00")

        assert not self.signed_in(client)

    def test_a_second_page_within_the_minute_writes_nothing(self, client, operator, time_machine):
        time_machine.move_to("2026-11-23T09:00:00+08:00")
        client.force_login(operator)
        assert self.signed_in(client)

        with CaptureQueriesContext(connection) as queries:
            assert self.signed_in(client)

        assert [q["sql"] for q in queries if not q["sql"].startswith("SELECT")] == []
