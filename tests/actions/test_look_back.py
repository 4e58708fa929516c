"""回头看: a supervisor draws closed tickets by lot and records what became of them."""

import re

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import acts_for
from tests.factories import TicketFactory
from tracker.choices import Role, Status
from tracker.models import LookBack, LookBackItem
from tracker.workflow import MoveRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(inspection, department, other_department, other_bureau):
    """Twelve closed tickets of two departments, beside what must never be drawn."""
    TicketFactory(inspection=inspection, lead_unit=department, in_progress=True)
    TicketFactory(lead_unit=other_bureau, closed=True)
    return [
        TicketFactory(
            inspection=inspection,
            lead_unit=(department, other_department)[n % 2],
            kind=("time_limited", "long_term", "immediate")[n % 3],
            closed=True,
        )
        for n in range(12)
    ]


@pytest.fixture
def drawn(closed, supervisor):
    return LookBack.objects.draw(by=supervisor, size=3, seed="7")


def form(**typed):
    return {"unit": "", "kind": "", "size": 3, "seed": "7"} | typed


class TestDraw:
    def test_the_same_seed_draws_the_same_from_the_same_list(self, closed, supervisor):
        first, second = (
            LookBack.objects.draw(by=supervisor, size=5, seed="2026-11") for _ in range(2)
        )

        keys = list(first.items.values_list("ticket", flat=True))
        assert len(set(keys)) == 5
        assert keys == list(second.items.values_list("ticket", flat=True)) == first.repeated()
        other = LookBack.objects.draw(by=supervisor, size=5, seed="2026-12")
        assert keys != list(other.items.values_list("ticket", flat=True))

    def test_it_draws_only_what_is_closed_and_in_reach(self, closed, supervisor):
        drawn = LookBack.objects.draw(by=supervisor, size=500, seed="7")

        assert set(drawn.population) == {ticket.pk for ticket in closed}
        assert drawn.items.count() == 12

    def test_the_list_it_was_drawn_from_is_kept(self, drawn, closed, inspection):
        TicketFactory(inspection=inspection, closed=True)

        assert drawn.repeated() == list(drawn.items.values_list("ticket", flat=True))

    def test_unit_and_kind_narrow_it(self, closed, supervisor, department):
        of_unit = LookBack.objects.draw(by=supervisor, size=50, seed="7", unit=department)
        of_kind = LookBack.objects.draw(by=supervisor, size=50, seed="7", kind="long_term")

        assert {item.ticket.lead_unit for item in of_unit.items.all()} == {department}
        assert {item.ticket.kind for item in of_kind.items.all()} == {"long_term"}
        assert (of_unit.scope, of_kind.scope) == ("工程科、全部类型", "全部单位、长期坚持")

    def test_from_nothing_nothing_is_drawn(self, sign_in, supervisor, inspection):
        page = sign_in(supervisor).post("/look-backs/", form()).content.decode()

        assert "这个范围内没有已销号的问题可抽。" in page
        assert not LookBack.objects.exists()

    def test_the_page_draws_and_leads_to_what_was_drawn(self, sign_in, supervisor, closed):
        client = sign_in(supervisor)
        response = client.post("/look-backs/", form())

        drawn = LookBack.objects.get()
        assert response.url == f"/look-backs/{drawn.pk}/"
        page = client.get(response.url).content.decode()
        assert "12个已销号问题中抽3个，种子7，邓佳抽取" in page
        assert page.count("登记结果") == 3

    def test_it_needs_a_number_and_a_seed(self, sign_in, supervisor, closed):
        response = sign_in(supervisor).post("/look-backs/", form(size="0", seed=""))

        assert set(response.context["form"].errors) == {"size", "seed"}
        assert not LookBack.objects.exists()

    @pytest.mark.parametrize("who", ["clerk", "operator", "viewer"])
    def test_it_is_for_supervisors(self, sign_in, request, drawn, who):
        client = sign_in(request.getfixturevalue(who))
        item = drawn.items.first()
        for address in (
            "/look-backs/",
            f"/look-backs/{drawn.pk}/",
            f"/look-back-items/{item.pk}/",
        ):
            assert client.get(address).status_code == 404
            assert client.post(address, form()).status_code in (404, 405)
        assert LookBack.objects.count() == 1

    def test_a_supervisor_elsewhere_sees_none_of_it(self, sign_in, drawn, other_bureau):
        client = sign_in(acts_for(other_bureau, Role.OFFICE))

        assert client.get(f"/look-backs/{drawn.pk}/").status_code == 404
        assert "还没有抽查过" in client.get("/look-backs/").content.decode()


class TestRecord:
    def test_it_is_recorded_once_with_who_and_when(self, today, sign_in, supervisor, drawn):
        item = drawn.items.first()
        client = sign_in(supervisor)
        found = {"result": "partly", "note": "台账漏记两处。"}

        response = client.post(f"/look-back-items/{item.pk}/", found)

        assert response.url == f"/look-backs/{drawn.pk}/"
        item.refresh_from_db()
        assert (item.result, item.by, item.checked_on) == ("partly", supervisor, today)
        again = client.post(f"/look-back-items/{item.pk}/", found | {"result": "holds"})
        assert "已经登记" in again.content.decode()
        item.refresh_from_db()
        assert item.result == "partly"

    def test_it_needs_words(self, sign_in, supervisor, drawn):
        item = drawn.items.first()
        response = sign_in(supervisor).post(f"/look-back-items/{item.pk}/", {"result": "holds"})

        assert response.context["form"].errors == {"note": ["请写明情况。"]}
        item.refresh_from_db()
        assert item.result == ""

    def test_a_rebound_leads_to_the_reopening_with_its_ground(self, sign_in, supervisor, drawn):
        item = drawn.items.first()
        item.record("rebounded", "又停记了。", by=supervisor)
        client = sign_in(supervisor)

        page = client.get(f"/look-backs/{drawn.pk}/").content.decode()
        address = re.search(r'href="(/tickets/\d+/move/reopen/\?ground=look_back)"', page)[1]
        reopening = client.get(address).content.decode()
        assert re.search(r'value="look_back"[^>]* checked', reopening)
        assert "又停记了。</textarea>" in reopening
        client.post(
            address,
            {"version": 1, "ground": "look_back", "note": "又停记了。", "due_on": "2027-03-31"},
        )
        item.ticket.refresh_from_db()
        assert item.ticket.status == Status.IN_PROGRESS
        assert item.ticket.cycles.get(number=2).get_ground_display() == "回头看发现"

    def test_staff_record_nothing_past_the_page_either(self, drawn, clerk):
        with pytest.raises(MoveRefused):
            drawn.items.first().record("holds", "都好。", by=clerk)

    def test_neither_draw_nor_result_is_altered(self, drawn, supervisor):
        item = drawn.items.first()
        item.record("holds", "仍在执行。", by=supervisor)
        items = LookBackItem.objects.filter(pk=item.pk)

        for change in (
            lambda: items.update(result="rebounded"),
            lambda: items.update(result="", note="", by=None, checked_on=None),
            lambda: items.update(place=9),
            lambda: items._raw_delete("default"),
            lambda: LookBack.objects.update(seed="8"),
            lambda: LookBackItem.objects.filter(result="").update(result="holds"),
            lambda: LookBack.objects.update(size=0),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()


@pytest.mark.parametrize("count", [2, 10])
def test_its_pages_cost_the_same_for_any_number(
    sign_in, supervisor, closed, count, django_assert_max_num_queries
):
    for n in range(count):
        drawn = LookBack.objects.draw(by=supervisor, size=count, seed=str(n))
    for item in drawn.items.all():
        item.record("holds", "仍在执行。", by=supervisor)
    client = sign_in(supervisor)
    client.get("/look-backs/")

    with django_assert_max_num_queries(13):
        client.get("/look-backs/")
    with django_assert_max_num_queries(11):
        client.get(f"/look-backs/{drawn.pk}/")


def test_what_was_found_stands_on_the_ticket_and_in_its_history(sign_in, drawn, supervisor):
    item = drawn.items.first()
    item.record("rebounded", "台账又断了两个月。", by=supervisor)

    response = sign_in(supervisor).get(f"/tickets/{item.ticket_id}/")

    assert response.context["events"][0].record == item
    page = response.content.decode()
    assert "回头看：问题反弹" in page
    assert page.count("台账又断了两个月。") == 2


def test_the_way_there_is_on_the_phone_too(sign_in, supervisor, clerk):
    link = 'class="gt-phone-only" href="/look-backs/"'

    assert link in sign_in(supervisor).get("/").content.decode()
    assert link not in sign_in(clerk).get("/").content.decode()
