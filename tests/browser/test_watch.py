"""The net itself: a browser test is worth nothing if complaints slip through."""

import pytest


@pytest.fixture
def login(page):
    page.goto("/admin/login/")
    return page


def problems_after(watch, action):
    """Return what the action made the browser complain of, and forgive it."""
    action()
    found, watch.problems = watch.problems, []
    return found


def test_a_clean_page_has_no_problems(login, watch):
    assert watch.problems == []


def test_an_inline_style_is_caught(login, watch):
    found = problems_after(
        watch, lambda: login.evaluate("document.body.innerHTML = '<p style=\"color:red\">x</p>'")
    )

    assert any("Content Security Policy" in problem for problem in found)


def test_a_request_to_another_host_is_caught(login, watch):
    def load_foreign_image():
        login.evaluate("document.body.append(new Image())")
        login.evaluate("document.querySelector('body > img').src = 'http://other.example/x.png'")
        login.wait_for_timeout(200)

    assert problems_after(watch, load_foreign_image) != []


def test_an_error_in_a_script_is_caught(login, watch):
    def throw():
        login.evaluate("setTimeout(() => { throw new Error('boom') })")
        login.wait_for_timeout(200)

    assert any("boom" in problem for problem in problems_after(watch, throw))


def test_a_missing_part_is_caught(login, watch):
    found = problems_after(watch, lambda: login.evaluate("fetch('/static/no-such-file.css')"))

    assert any("404" in problem for problem in found)


def test_a_missing_page_is_left_to_the_test(login, watch):
    assert login.goto("/no-such-page/").status == 404
    assert watch.problems == []


def test_axe_catches_a_picture_without_words(login, assert_accessible):
    assert_accessible(login)
    login.evaluate("document.body.append(Object.assign(new Image(), {src: 'data:,'}))")

    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(login)


def test_each_person_has_a_window_of_their_own(page_of, operator, viewer):
    theirs, other = page_of(operator), page_of(viewer)

    assert theirs.goto("/admin/").url.endswith("/admin/")
    assert "/admin/login/" in other.goto("/admin/").url
