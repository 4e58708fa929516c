"""An account is made by one administrator and takes effect through another."""

import re

import pytest
from django.test import Client

from tests.factories import PASSWORD, PersonFactory
from tracker.choices import AuditKind, Post, Role
from tracker.models import AuditEvent, Person

pytestmark = pytest.mark.django_db
NEW = {"username": "newcomer", "name": "苏禾", "title": "科员"}
CHOSEN = "Bianhao-7714-xin"


def secret_in(response) -> str:
    return re.search(r'id="secret">([^<]+)<', response.content.decode())[1]


def login(client, username="newcomer", password=PASSWORD):
    return client.post("/login/", {"username": username, "password": password})


@pytest.fixture
def as_system(client, system_administrator):
    client.force_login(system_administrator)
    return client


@pytest.fixture
def as_security(security_administrator):
    client = Client()
    client.force_login(security_administrator)
    return client


@pytest.fixture
def newcomer(as_system):
    """An account as the system administrator has made it; returns its initial secret."""
    return secret_in(as_system.post("/admin/tracker/person/add/", NEW))


def grant(client, person, unit, role=Role.STAFF):
    return client.post(
        f"/admin/tracker/person/{person.pk}/change/",
        {
            "post": "",
            "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "0",
            "memberships-0-unit": unit.pk,
            "memberships-0-role": role,
        },
    )


def test_it_opens_nothing_before_a_role_is_granted(client, newcomer, as_security, bureau):
    desk, person = Client(), Person.objects.get(username="newcomer")
    assert "没有登录" in login(desk, password=newcomer).content.decode()
    assert person.state == "待授权"

    assert grant(as_security, person, bureau).status_code == 302

    assert login(desk, password=newcomer).status_code == 302
    assert Person.objects.get(pk=person.pk).roles == {Role.STAFF}


def test_the_first_login_leads_to_a_new_password_and_nowhere_else(newcomer, as_security, bureau):
    desk, person = Client(), Person.objects.get(username="newcomer")
    grant(as_security, person, bureau)
    login(desk, password=newcomer)

    for page in ("/", "/tickets/", "/account/"):
        assert desk.get(page)["Location"] == "/password/"
    assert desk.get("/tickets/", headers={"HX-Request": "true"})["HX-Redirect"] == "/password/"
    assert "初始密码" in desk.get("/password/").content.decode()

    fields = {"old_password": newcomer, "new_password1": CHOSEN, "new_password2": CHOSEN}
    assert desk.post("/password/", fields)["Location"] == "/password/done/"
    assert desk.get("/tickets/").status_code == 200
    assert Person.objects.get(pk=person.pk).state == "正常"


def test_the_secret_lives_for_three_days(newcomer, as_security, bureau, time_machine):
    person = Person.objects.get(username="newcomer")
    grant(as_security, person, bureau)
    made = person.secret_expires_at

    time_machine.move_to(made.replace(microsecond=0), tick=False)
    desk = Client()
    assert login(desk, password=newcomer).status_code == 302

    time_machine.move_to(made)
    assert login(Client(), password=newcomer).status_code == 200
    assert desk.get("/password/").status_code == 302  # nor does the session that it opened
    assert Person.objects.get(pk=person.pk).state == "初始密码过期"


def test_the_secret_is_in_the_page_and_nowhere_else(as_system):
    response = as_system.post("/admin/tracker/person/add/", NEW)
    secret = secret_in(response)

    assert "no-store" in response["Cache-Control"]
    for event in AuditEvent.objects.all():
        assert not any(secret in str(value) for value in vars(event).values())
    assert secret not in as_system.get("/admin/tracker/person/").content.decode()


def test_who_makes_accounts_grants_nothing(as_system, clerk, bureau):
    duty = clerk.memberships.get()
    as_system.post(
        f"/admin/tracker/person/{clerk.pk}/change/",
        {
            **NEW,
            "username": "clerk",
            "is_active": "on",
            "post": Post.AUDITOR,
            "memberships-TOTAL_FORMS": "2",
            "memberships-INITIAL_FORMS": "1",
            "memberships-0-id": duty.pk,
            "memberships-0-person": clerk.pk,
            "memberships-0-role": Role.OPERATOR,
            "memberships-1-unit": bureau.pk,
            "memberships-1-role": Role.OPERATOR,
        },
    )

    clerk.refresh_from_db()
    assert (clerk.name, clerk.post) == ("苏禾", "")
    assert list(clerk.memberships.all()) == [duty]
    assert clerk.memberships.get().role == Role.STAFF
    assert as_system.get("/admin/tracker/membership/add/").status_code == 403


def test_who_grants_roles_makes_no_account(as_security, clerk):
    assert as_security.get("/admin/tracker/person/add/").status_code == 403
    assert as_security.post("/admin/tracker/person/add/", NEW).status_code == 403
    as_security.post(
        f"/admin/tracker/person/{clerk.pk}/change/",
        {
            **NEW,
            "post": "",
            "memberships-TOTAL_FORMS": "0",
            "memberships-INITIAL_FORMS": "0",
        },
    )

    assert Person.objects.get(pk=clerk.pk).name == "梁文"


def test_a_post_is_refused_to_who_has_a_role_in_chinese(as_security, clerk):
    duty = clerk.memberships.get()
    response = as_security.post(
        f"/admin/tracker/person/{clerk.pk}/change/",
        {
            "post": Post.AUDITOR,
            "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "1",
            "memberships-0-id": duty.pk,
            "memberships-0-person": clerk.pk,
            "memberships-0-unit": duty.unit_id,
            "memberships-0-role": duty.role,
        },
    )

    assert "此人有任职" in response.content.decode()
    assert Person.objects.get(pk=clerk.pk).post == ""


@pytest.mark.parametrize("who", ["as_system", "as_security"])
def test_nobody_keeps_their_own_account(request, who):
    client = request.getfixturevalue(who)
    own = client.session["_auth_user_id"]

    assert client.post(f"/admin/tracker/person/{own}/change/", NEW).status_code == 403
    for act in ("secret", "unlock", "end-sessions", "second-factor"):
        assert client.post(f"/admin/tracker/person/{own}/{act}/").status_code == 403


class TestReset:
    def test_it_gives_a_new_secret_and_ends_the_sessions(self, as_system, clerk):
        desk = Client()
        login(desk, "clerk")

        secret = secret_in(as_system.post(f"/admin/tracker/person/{clerk.pk}/secret/"))

        assert desk.get("/").url.startswith("/login/")
        assert login(desk, "clerk").status_code == 200
        assert login(desk, "clerk", secret)["Location"] == "/"
        assert desk.get("/")["Location"] == "/password/"
        assert AuditEvent.objects.filter(kind=AuditKind.PASSWORD, reason="管理员重设").exists()

    def test_nobody_takes_over_another_post(self, as_system, security_administrator):
        url = f"/admin/tracker/person/{security_administrator.pk}/secret/"

        assert as_system.post(url).status_code == 403

    def test_the_others_may_not(self, as_security, clerk):
        assert as_security.post(f"/admin/tracker/person/{clerk.pk}/secret/").status_code == 403


def test_names_differ_in_more_than_case(as_system, clerk):
    response = as_system.post("/admin/tracker/person/add/", {**NEW, "username": "Clerk"})

    assert "不分大小写" in response.content.decode()
    assert PersonFactory(username="other").username == "other"


def test_a_name_is_found_whatever_its_case(client, clerk):
    assert login(client, "CLERK").status_code == 302


def test_a_role_taken_away_ends_the_way_in(client, clerk):
    client.force_login(clerk)
    assert client.get("/").status_code == 200

    clerk.memberships.all().delete()

    assert client.get("/").url.startswith("/login/")


def test_a_role_is_granted_for_a_unit_chosen_from_the_tree(as_security, bureau, department):
    person = PersonFactory(name="苏禾")
    page = as_security.get("/admin/tracker/membership/add/").content.decode()
    # The search of units is shut to the security administrator: the list is on the page.
    assert f'<option value="{department.pk}">　{department.name}</option>' in page

    as_security.post(
        "/admin/tracker/membership/add/",
        {"person": person.pk, "unit": department.pk, "role": Role.STAFF},
    )
    assert person.memberships.get().unit == department
