"""What a password must be in the two profiles, and how it is changed."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from tests.conftest import acts_for
from tests.factories import PASSWORD, PersonFactory
from tracker.choices import Role
from tracker.signing_in import days_to_remind

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def refusals(password, person=None) -> str:
    try:
        validate_password(password, person)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return ""


class TestDengbao:
    @pytest.mark.parametrize(
        "good", ["Bianhao7714xin", "bianhao-7714", "BIANHAO-7714", "编号Ab7714-甲乙丙丁"]
    )
    def test_three_kinds_of_four_are_enough(self, good):
        assert refusals(good) == ""

    def test_a_short_one_is_refused_in_chinese(self):
        assert refusals("Ab-77") == "至少10个字符。"

    @pytest.mark.parametrize("plain", ["bianhaobianhao", "bianhao771477", "BIANHAO-XIN-LAI"])
    def test_two_kinds_are_not(self, plain):
        assert "至少要有三类" in refusals(plain)

    def test_it_is_ten_characters_long_or_more(self):
        assert refusals("Bian-7714")
        assert refusals("Bian-77144") == ""

    def test_a_long_one_is_taken_whole(self, client, clerk):
        long = "Bian-7714" * 8
        client.force_login(clerk)
        change(client, PASSWORD, long)

        clerk.refresh_from_db()
        assert clerk.check_password(long)
        assert not clerk.check_password(long[:-1])

    @pytest.mark.parametrize(
        "named",
        [
            "Zhuangwen-77141",
            "77141-ouyangqing",
            "My-OUYANG-qing-77",
            "Qing-Ouyang-7714",
            "欧阳晴-Xy-77141",
            "Linjiang-oyq77-x",
        ],
    )
    def test_it_holds_no_name_and_no_pinyin_of_one(self, named):
        person = PersonFactory(username="zhuangwen", name="欧阳晴")

        if "oyq" in named:  # three initials are in many a word
            assert refusals(named, person) == ""
        else:
            assert "不能包含账号、姓名" in refusals(named, person)

    def test_nor_that_of_the_unit(self, bureau):
        person = acts_for(bureau, Role.STAFF)

        assert "不能包含" in refusals("Shishuiwuju-77141", person)

    def test_a_common_one_is_refused(self):
        assert "常见" in refusals("Password123")  # of the list of twenty thousand

    def test_the_last_five_do_not_come_back(self, client, clerk):
        client.force_login(clerk)
        words = [PASSWORD, *(f"Bianhao-7714-{n}" for n in range(6))]
        for old, new in pairwise(words):
            change(client, old, new)

        clerk.refresh_from_db()
        for word in words[-5:]:
            assert "最近5次" in refusals(word, clerk)
        assert refusals(words[1], clerk) == ""

    def test_it_is_replaced_after_ninety_days(self, client, clerk, time_machine):
        clerk.take_password("Bianhao-7714-xin", timezone.now())
        changed = clerk.password_changed_at
        time_machine.move_to(changed + timedelta(days=89))
        client.force_login(clerk)
        assert client.get("/").status_code == 200

        time_machine.move_to(changed + timedelta(days=90, minutes=1))
        client.force_login(clerk)

        assert client.get("/")["Location"] == "/password/"
        assert "已到期" in client.get("/password/").content.decode()

    @pytest.mark.parametrize(
        ("last", "now", "told"),
        [
            (75.0, 75.9, None),  # 15 days left
            (75.0, 76.5, 14),
            (76.5, 77.5, None),  # told already
            (76.5, 83.5, 7),
            (70.0, 85.5, 5),  # told late rather than not
            (83.5, 89.5, 1),
            (89.2, 89.5, None),
            (None, 80.0, 10),
        ],
    )
    def test_reminders_come_at_fourteen_seven_and_one_day(self, last, now, told):
        day = datetime(2026, 3, 2, 9, tzinfo=UTC)
        person = PersonFactory.build(password_changed_at=day)
        since = None if last is None else day + timedelta(days=last)

        assert days_to_remind(person, since, day + timedelta(days=now)) == told


def settings_of(profile: str) -> str:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("TRACKER_", "DJANGO_"))}
    env |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "TRACKER_DEBUG": "true",
        "TRACKER_PASSWORD_PROFILE": profile,
    }
    code = (
        "from django.conf import settings as s;"
        "print([v['NAME'].rsplit('.')[-1] for v in s.AUTH_PASSWORD_VALIDATORS],"
        " s.AUTH_PASSWORD_VALIDATORS[0]['OPTIONS'], s.PASSWORD_MAX_DAYS, s.PASSWORD_HASHERS[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_the_profile_is_one_setting():
    dengbao, asvs = settings_of("dengbao"), settings_of("asvs")

    assert "ThreeOfFour" in dengbao
    assert "{'min_length': 10} 90" in dengbao
    assert "ThreeOfFour" not in asvs
    assert "{'min_length': 12} 0" in asvs
    assert "Argon2PasswordHasher" in dengbao
    assert "write dengbao or asvs" in settings_of("strong")


def change(client, old, new):
    return client.post(
        "/password/", {"old_password": old, "new_password1": new, "new_password2": new}
    )


class TestChange:
    def test_it_needs_the_present_password(self, client, clerk):
        client.force_login(clerk)

        assert change(client, "wrong", "Bianhao-7714-xin").status_code == 200
        clerk.refresh_from_db()
        assert clerk.check_password(PASSWORD)

    def test_it_ends_the_other_sessions_on_the_server(self, client, clerk):
        elsewhere = Client()
        elsewhere.force_login(clerk)
        client.force_login(clerk)

        change(client, PASSWORD, "Bianhao-7714-xin")

        assert elsewhere.get("/").url.startswith("/login/")
        visit = clerk.visits.open().get()
        assert visit.session_key == client.session.session_key
