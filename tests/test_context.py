"""What every page is given, and what that costs."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from tracker.context import chrome
from tracker.models import Person


@pytest.fixture
def request_of():
    def request(person):
        request = RequestFactory().get("/")
        request.user = person
        return request

    return request


def test_the_import_is_offered_to_operators_only(request_of, operator, clerk, supervisor):
    assert chrome(request_of(operator))["may_import"] is True
    assert chrome(request_of(clerk))["may_import"] is False
    assert chrome(request_of(supervisor))["may_import"] is False


def test_the_frame_costs_one_query_however_often_it_is_drawn(
    request_of, operator, django_assert_num_queries
):
    request = request_of(Person.objects.get(pk=operator.pk))
    with django_assert_num_queries(1):
        chrome(request)
        chrome(request)


def test_the_login_page_asks_the_database_nothing(request_of):
    # No database fixture: a query would be an error.
    assert chrome(request_of(AnonymousUser()))["may_import"] is False


def test_an_error_page_before_the_login_was_read_still_has_its_frame(today, settings):
    settings.TRACKER_ORG_NAME = "临江市水务局"
    frame = chrome(RequestFactory().get("/"))

    assert frame.pop("lamps").person is None
    assert frame == {
        "org_name": "临江市水务局",
        "today": today,
        "may_look_back": False,
        "may_screen": False,
        "may_import": False,
    }
