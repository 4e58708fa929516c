"""Five wrong passwords lock a name for half an hour, known or not."""

import pytest
from django.test import Client

from tests.factories import PASSWORD
from tracker.choices import AuditKind
from tracker.models import AuditEvent

pytestmark = pytest.mark.django_db


def login(username="clerk", password="wrong", ip="10.1.2.3"):
    client = Client(REMOTE_ADDR=ip)
    return client.post("/login/", {"username": username, "password": password})


def fail(times, **kwargs):
    return [login(**kwargs) for _ in range(times)][-1]


def test_four_failures_lock_nobody_out(clerk):
    fail(4)

    assert login(password=PASSWORD).status_code == 302


def test_the_fifth_does_though_the_password_be_right(clerk):
    assert fail(5).status_code == 429

    response = login(password=PASSWORD)

    assert response.status_code == 429
    assert "锁定30分钟" in response.content.decode()


def test_another_address_does_not_help(clerk):
    fail(5)

    assert login(password=PASSWORD, ip="10.7.7.7").status_code == 429


def test_a_name_is_one_account_in_any_case(clerk):
    for name in ("clerk", "Clerk", "CLERK", " clerk", "clerK"):
        login(name)

    assert login(password=PASSWORD).status_code == 429


def test_colleagues_behind_the_same_address_get_in(clerk, supervisor):
    fail(5)

    assert login("supervisor", PASSWORD).status_code == 302


def test_an_unknown_name_is_answered_alike(clerk):
    known, unknown = fail(5), fail(5, username="nobody")

    assert known.status_code == unknown.status_code == 429

    def words(response):
        return response.content.decode().split("<main")[1].split("csrf")[0]

    assert words(known) == words(unknown)


def test_half_an_hour_later_it_is_over(clerk, time_machine):
    time_machine.move_to("2026-11-23T09:00:00+08:00", tick=False)
    fail(5)
    time_machine.move_to("2026-11-23T09:29:00+08:00", tick=False)
    assert login(password=PASSWORD).status_code == 429

    time_machine.move_to("2026-11-23T09:31:00+08:00", tick=False)

    assert login(password=PASSWORD).status_code == 302


def test_a_right_password_begins_the_count_anew(clerk):
    fail(4)
    login(password=PASSWORD)
    fail(4)

    assert login(password=PASSWORD).status_code == 302


def test_the_security_administrator_unlocks_and_it_is_written_down(
    client, clerk, security_administrator
):
    fail(5)
    client.force_login(security_administrator)
    assert (
        "解除登录锁定" in client.get(f"/admin/tracker/person/{clerk.pk}/change/").content.decode()
    )

    client.post(f"/admin/tracker/person/{clerk.pk}/unlock/")

    assert login(password=PASSWORD).status_code == 302
    kinds = set(AuditEvent.objects.values_list("kind", flat=True))
    assert {AuditKind.LOGIN_FAILED, AuditKind.LOCKED, AuditKind.UNLOCKED} <= kinds
    unlocked = AuditEvent.objects.get(kind=AuditKind.UNLOCKED)
    assert (unlocked.actor_name, unlocked.object_name) == ("安全员", "梁文")


def test_the_system_administrator_does_not(client, clerk, system_administrator):
    client.force_login(system_administrator)

    assert client.post(f"/admin/tracker/person/{clerk.pk}/unlock/").status_code == 403


def test_a_login_costs_no_more_for_earlier_failures(clerk, django_assert_max_num_queries):
    fail(3)

    with django_assert_max_num_queries(60):
        login(password=PASSWORD)
