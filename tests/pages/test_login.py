import pytest

from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def test_a_person_signs_in_and_lands_on_the_workbench(client, clerk):
    response = client.post("/login/", {"username": "clerk", "password": PASSWORD})

    assert response.status_code == 302
    assert response["Location"] == "/"


def test_they_land_on_the_page_they_had_asked_for(client, clerk):
    response = client.post(
        "/login/", {"username": "clerk", "password": PASSWORD, "next": "/tickets/"}
    )

    assert response["Location"] == "/tickets/"


def test_it_leads_to_no_other_site(client, clerk):
    response = client.post(
        "/login/", {"username": "clerk", "password": PASSWORD, "next": "https://other.example/"}
    )

    assert response["Location"] == "/"


def test_a_wrong_password_and_an_unknown_name_read_alike(client, clerk):
    wrong = client.post("/login/", {"username": "clerk", "password": "wrong"})
    unknown = client.post("/login/", {"username": "nobody", "password": "wrong"})

    for response in (wrong, unknown):
        assert response.status_code == 200
        assert "没有登录。" in response.content.decode()
        assert "_auth_user_id" not in client.session


def test_a_closed_account_does_not_sign_in(client, clerk):
    clerk.is_active = False
    clerk.save()

    client.post("/login/", {"username": "clerk", "password": PASSWORD})

    assert "_auth_user_id" not in client.session


def test_signing_out_needs_a_button(client, clerk):
    client.force_login(clerk)

    assert client.get("/logout/").status_code == 405
    assert "_auth_user_id" in client.session

    assert client.post("/logout/")["Location"] == "/login/"
    assert "_auth_user_id" not in client.session


def test_a_new_password_ends_the_sessions_elsewhere(client, clerk):
    elsewhere = type(client)()
    elsewhere.force_login(clerk)
    client.force_login(clerk)

    response = client.post(
        "/password/",
        {
            "old_password": PASSWORD,
            "new_password1": "Bianhao-7714-xin",
            "new_password2": "Bianhao-7714-xin",
        },
    )

    assert response["Location"] == "/password/done/"
    assert client.get("/password/done/").status_code == 200
    assert elsewhere.get("/password/done/")["Location"].startswith("/login/")


def test_a_weak_password_is_refused_in_chinese(client, clerk):
    client.force_login(clerk)

    response = client.post(
        "/password/",
        {"old_password": PASSWORD, "new_password1": "12345678", "new_password2": "12345678"},
    )

    assert response.status_code == 200
    assert "四类中至少要有三类" in response.content.decode()
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)
