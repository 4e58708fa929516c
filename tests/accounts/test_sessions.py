"""When a session ends, and who ends it."""

import pytest
from django.test import Client

from tests.factories import PASSWORD
from tracker.choices import AuditKind
from tracker.models import AuditEvent

pytestmark = pytest.mark.django_db


def at(time_machine, clock, day="2026-11-23"):
    time_machine.move_to(f"{day}T{clock}:00+08:00", tick=False)


def signed_in(client) -> bool:
    return client.get("/").status_code == 200


def test_polling_does_not_keep_it_alive(client, clerk, time_machine):
    at(time_machine, "09:00")
    client.force_login(clerk)
    for minute in range(5, 31, 5):
        at(time_machine, f"09:{minute:02d}" if minute < 60 else "10:00")
        client.get("/tickets/", headers={"X-Polling": "1", "HX-Request": "true"})

    at(time_machine, "09:31")

    assert not signed_in(client)


def test_it_ends_after_twelve_hours_however_busy(client, clerk, time_machine):
    at(time_machine, "08:00")
    client.force_login(clerk)
    for hour in range(8, 20):
        for minute in ("20", "40", "59"):
            at(time_machine, f"{hour:02d}:{minute}")
            assert signed_in(client)

    at(time_machine, "20:01")

    assert not signed_in(client)


def test_one_sees_where_one_is_signed_in_and_ends_it(client, clerk):
    elsewhere = Client(REMOTE_ADDR="10.7.7.7")
    for desk in (elsewhere, client):
        desk.post("/login/", {"username": "clerk", "password": PASSWORD})
    page = client.get("/account/").content.decode()
    assert "10.7.7.7" in page
    assert page.count("结束会话") == 1  # not for the one in use

    visit = clerk.visits.get(ip="10.7.7.7")
    client.post(f"/account/sessions/{visit.pk}/end/")

    assert not signed_in(elsewhere)
    assert signed_in(client)
    assert "结束会话" not in client.get("/account/").content.decode()
    assert AuditEvent.objects.filter(kind=AuditKind.SESSION).count() == 1


def test_of_too_many_the_one_used_longest_ago_ends_and_both_are_told(clerk, time_machine):
    typed = {"username": "clerk", "password": PASSWORD}
    desks = [Client(REMOTE_ADDR=f"10.0.0.{number}") for number in range(4)]
    for hour, desk in enumerate(desks[:3]):
        at(time_machine, f"09:0{hour}")
        desk.post("/login/", typed)
    at(time_machine, "09:20")
    assert signed_in(desks[0])  # in use, though it began first
    at(time_machine, "09:21")

    page = desks[3].post("/login/", typed, follow=True).content.decode()

    assert "同时登录不能超过3处，最久未用的已退出：11-23 09:01登录，10.0.0.1。" in page
    assert [signed_in(desk) for desk in (desks[0], desks[2], desks[3])] == [True, True, True]
    page = desks[1].get("/tickets/", follow=True)
    assert page.redirect_chain[0][0] == "/login/?next=/tickets/"
    assert "您的账号在别处登录，同时登录不能超过3处，这里已退出。" in page.content.decode()
    assert "您的账号在别处登录" not in desks[1].get("/login/").content.decode()
    assert AuditEvent.objects.get(kind=AuditKind.SESSION).reason == "同时登录超过3处"


def test_what_was_typed_in_a_lost_session_is_shown_to_be_copied(client, clerk, ticket):
    client.force_login(clerk)
    clerk.visits.all().end()
    address = f"/tickets/{ticket.pk}/block/"
    typed = {"reason": "等市发改委批复。", "password": "藏起来", "version": "1"}

    response = client.post(address, typed, headers={"Referer": f"http://testserver{address}?a=1"})

    page = response.content.decode()
    assert response.status_code == 403
    assert "等市发改委批复。</textarea>" in page
    assert "藏起来" not in page
    assert f"/login/?next={address}%3Fa%3D1" in page


def test_a_part_of_a_page_leads_the_whole_page_to_the_login(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/tickets/"}

    response = client.get("/tickets/?status=closed&page=2", headers=headers)

    assert response["HX-Redirect"] == "/login/?next=/tickets/%3Fstatus%3Dclosed%26page%3D2"


def test_what_was_typed_into_a_draft_on_screen_is_shown_in_its_place(client):
    address = "/admin/tracker/bulletin/import/1/"
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{address}"}

    response = client.post(address, {"p1-title": "改过的标题"}, headers=headers)

    assert (response.status_code, response["HX-Retarget"]) == (200, "#main")
    assert "改过的标题</textarea>" in response.content.decode()
    assert f"/login/?next={address}" in response.content.decode()


def test_nobody_ends_that_of_another(client, clerk, neighbour):
    Client().force_login(neighbour)
    desk = Client()
    desk.force_login(neighbour)
    client.force_login(clerk)

    visit = neighbour.visits.open().first()
    assert client.post(f"/account/sessions/{visit.pk}/end/").status_code == 404
    assert signed_in(desk)


def test_the_security_administrator_ends_any(client, clerk, security_administrator):
    desk = Client()
    desk.force_login(clerk)
    client.force_login(security_administrator)
    assert "结束1个会话" in client.get(f"/admin/tracker/person/{clerk.pk}/change/").content.decode()

    client.post(f"/admin/tracker/person/{clerk.pk}/end-sessions/")

    assert not signed_in(desk)
    assert AuditEvent.objects.filter(kind=AuditKind.SESSION, object_name="梁文").exists()


def test_a_closed_account_is_out_at_once(client, clerk):
    client.force_login(clerk)
    clerk.is_active = False
    clerk.save()

    assert not signed_in(client)


def test_a_login_gets_a_session_of_its_own(client, clerk):
    client.get("/login/")
    client.post("/login/", {"username": "clerk", "password": PASSWORD})
    first = client.session.session_key
    client.post("/logout/")
    client.post("/login/", {"username": "clerk", "password": PASSWORD})

    assert client.session.session_key != first


def test_another_person_signs_in_at_the_same_desk(client, clerk, neighbour):
    for person in (clerk, neighbour, neighbour, clerk):
        client.post("/login/", {"username": person.username, "password": PASSWORD})
        visit = person.visits.get(session_key=client.session.session_key)
        assert client.session["_auth_user_id"] == str(person.pk)
        assert person.visits.open().get() == visit


def test_the_last_login_is_shown_after_the_next(client, clerk, time_machine):
    at(time_machine, "09:00", "2026-11-20")
    Client(REMOTE_ADDR="10.1.2.3").post("/login/", {"username": "clerk", "password": PASSWORD})
    at(time_machine, "08:30")

    response = client.post("/login/", {"username": "clerk", "password": PASSWORD}, follow=True)

    assert "上次登录：2026-11-20 09:00，地址10.1.2.3" in response.content.decode()


@pytest.mark.parametrize("visits", [1, 3])
def test_the_queries_of_the_own_account_do_not_grow(
    client, clerk, django_assert_num_queries, visits
):
    for _ in range(visits - 1):
        Client().force_login(clerk)
    client.force_login(clerk)
    client.get("/account/")

    # session, person, duties, rounds, unread notices (2), visits, device
    with django_assert_num_queries(8):
        assert client.get("/account/").content.decode().count("最近使用") == visits
