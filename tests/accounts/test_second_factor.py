"""动态口令: demanded of the three administrators, free to all, good once."""

import re

import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories import PASSWORD
from tracker.choices import AuditKind
from tracker.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demanded(settings, time_machine):
    settings.ADMIN_TOTP = True
    time_machine.move_to("2026-11-23T09:00:00+08:00", tick=False)


def digits(person, steps=0) -> str:
    device = TOTPDevice.objects.get(user=person)
    return f"{totp(device.bin_key, t0=-30 * steps):06d}"


def give(client, value, page="/account/token/"):
    return client.post(page, {"token": value})


def login(person):
    client = Client()
    client.post("/login/", {"username": person.username, "password": PASSWORD})
    return client


def set_up(person):
    """Sign in, take a phone into use; return the client and the recovery codes."""
    client = login(person)
    client.get("/account/token/set-up/")
    page = give(client, digits(person), "/account/token/set-up/").content.decode()
    return client, re.findall(r"<li>(\w+)</li>", page)


def later(time_machine, clock="09:05"):
    time_machine.move_to(f"2026-11-23T{clock}:00+08:00", tick=False)


def test_an_administrator_gets_nowhere_without_one(auditor):
    client = login(auditor)

    assert client.get("/audit/")["Location"] == "/account/token/"
    assert client.get("/account/token/")["Location"] == "/account/token/set-up/"
    assert client.get("/account/")["Location"] == "/account/token/"
    assert client.post("/logout/").status_code == 302


def test_it_is_set_up_by_a_picture_that_is_a_file(auditor):
    client = login(auditor)
    page = client.get("/account/token/set-up/").content.decode()
    picture = client.get("/account/token/set-up/qr-code.svg")

    assert '<img src="/account/token/set-up/qr-code.svg"' in page
    assert "data:" not in page.split("<main")[1]
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<svg" in picture.content


def test_the_first_digits_open_the_way_and_bring_recovery_codes(auditor):
    client, codes = set_up(auditor)

    assert len(codes) == 10
    assert client.get("/audit/").status_code == 200
    # A key in use is shown to nobody any more.
    assert client.get("/account/token/set-up/qr-code.svg").status_code == 302


def test_wrong_digits_open_nothing(auditor):
    client = login(auditor)
    client.get("/account/token/set-up/")
    assert "口令不对" in give(client, "000000", "/account/token/set-up/").content.decode()
    assert client.get("/audit/").status_code == 302


def test_the_same_digits_are_good_once(auditor, time_machine):
    set_up(auditor)
    later(time_machine)
    value = digits(auditor)
    first, second = login(auditor), login(auditor)

    assert give(first, value).status_code == 302
    assert first.get("/audit/").status_code == 200
    assert give(second, value).status_code == 200
    assert second.get("/audit/")["Location"] == "/account/token/"


def test_only_the_neighbouring_half_minute_is_taken(auditor, time_machine):
    set_up(auditor)
    later(time_machine)

    assert give(login(auditor), digits(auditor, steps=-2)).status_code == 200
    later(time_machine, "09:15")
    assert give(login(auditor), digits(auditor, steps=-1)).status_code == 302


def test_wrong_tries_are_slowed_down(auditor, time_machine):
    set_up(auditor)
    later(time_machine)
    client = login(auditor)
    for _ in range(3):
        give(client, "000000")

    assert give(client, digits(auditor)).status_code == 200  # right, and too soon
    later(time_machine, "09:10")
    assert give(client, digits(auditor)).status_code == 302


def test_a_recovery_code_is_good_once(auditor, time_machine):
    _, codes = set_up(auditor)
    later(time_machine)

    assert give(login(auditor), codes[0].upper()).status_code == 302
    later(time_machine, "09:20")
    assert give(login(auditor), codes[0]).status_code == 200


def test_new_recovery_codes_need_a_one_time_password(auditor, time_machine):
    """An empty desk gives nobody the means to come back another day."""
    client, old = set_up(auditor)
    later(time_machine)

    refused = give(client, "000000", "/account/token/codes/").content.decode()
    assert "口令不对" in refused
    assert AuditEvent.objects.latest("seq").result == "failed"
    later(time_machine, "09:20")
    page = give(client, digits(auditor), "/account/token/codes/").content.decode()

    new = re.findall(r"<li>(\w+)</li>", page)
    assert len(new) == 10
    assert not set(new) & set(old)
    later(time_machine, "09:40")
    assert give(login(auditor), old[0]).status_code == 200
    later(time_machine, "09:59")
    assert give(login(auditor), new[0]).status_code == 302


def test_it_is_asked_of_everyone_who_has_one(clerk, time_machine):
    client = login(clerk)
    assert client.get("/").status_code == 200  # not demanded of the business
    client.get("/account/token/set-up/")
    give(client, digits(clerk), "/account/token/set-up/")
    later(time_machine)

    again = login(clerk)
    assert again.get("/")["Location"] == "/account/token/"
    assert give(again, digits(clerk))["Location"] == "/"
    assert again.get("/").status_code == 200


def test_business_people_may_do_without_it_again(clerk, time_machine):
    client, _ = set_up(clerk)
    later(time_machine)

    give(client, digits(clerk), "/account/token/remove/")

    assert login(clerk).get("/").status_code == 200


def test_the_security_administrator_clears_a_lost_phone(auditor, security_administrator, settings):
    set_up(auditor)
    settings.ADMIN_TOTP = False
    security = login(security_administrator)

    security.post(f"/admin/tracker/person/{auditor.pk}/second-factor/")

    assert not TOTPDevice.objects.filter(user=auditor).exists()
    event = AuditEvent.objects.filter(kind=AuditKind.SECOND_FACTOR).first()
    assert (event.object_name, event.reason) == ("审计员", "安全管理员重设")


def test_it_can_be_left_off(auditor, settings):
    settings.ADMIN_TOTP = False

    assert login(auditor).get("/audit/").status_code == 200
