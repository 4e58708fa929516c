"""保存的视图 and 最近打开: kept, applied, shared by who may, and never a way to others' tickets."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.conftest import acts_for
from tests.factories import TicketFactory
from tracker.choices import Role
from tracker.models import RecentTickets, SavedView, Substitution

pytestmark = pytest.mark.django_db


def keep(owner, name="临期", **given) -> SavedView:
    given = {"view": "kanban", "query": "light=warn", **given}
    return SavedView.objects.create(owner=owner, name=name, **given)


class TestSave:
    def test_the_toolbar_offers_to_save_what_is_on_screen(self, sign_in, clerk, ticket):
        page = sign_in(clerk).get("/kanban/?light=warn&page=2").content.decode()

        assert 'href="/views/new/?view=kanban&amp;query=light%3Dwarn%26page%3D2"' in page

    def test_the_wall_says_which_inspection_it_is_of(self, sign_in, clerk, ticket):
        address = f"/inspections/{ticket.inspection_id}/wall/?set=tasks"

        page = sign_in(clerk).get(address).content.decode()

        kept = f"set%3Dtasks%26inspection%3D{ticket.inspection_id}"
        assert f'href="/views/new/?view=wall&amp;query={kept}"' in page

    def test_it_keeps_view_filter_and_columns_and_opens_them(self, sign_in, clerk, ticket):
        query = "columns=unit&columns=light&unit=&page=3"

        response = sign_in(clerk).post(
            "/views/new/", {"name": "两列", "view": "wall", "query": query}
        )

        view = SavedView.objects.get()
        assert (view.owner, view.query) == (clerk, "columns=unit&columns=light")
        assert response.url == "/wall/?columns=unit&columns=light"

    @pytest.mark.parametrize(
        "typed",
        [
            {"name": "", "view": "wall"},
            {"name": "甲", "view": "admin"},
            {"name": "临期", "view": "wall"},
            {"name": "甲", "view": "wall", "query": "q=" + "甲" * 1500},
        ],
    )
    def test_it_refuses_what_is_no_view_and_says_so(self, sign_in, clerk, typed):
        keep(clerk)

        response = sign_in(clerk).post("/views/new/", typed)

        assert "没有保存" in response.content.decode()
        assert SavedView.objects.count() == 1

    def test_a_new_default_takes_the_place_of_the_old_one(self, sign_in, clerk):
        old = keep(clerk, is_default=True)

        sign_in(clerk).post("/views/new/", {"name": "新", "view": "wall", "is_default": "on"})

        old.refresh_from_db()
        assert not old.is_default
        assert SavedView.objects.get(is_default=True).name == "新"


class TestShare:
    def test_the_office_shares_with_a_role_of_its_units(
        self, sign_in, supervisor, clerk, head, neighbour, department
    ):
        sign_in(supervisor).post(
            "/views/new/",
            {
                "name": "本周必看",
                "view": "wall",
                "shared_unit": department.pk,
                "shared_role": Role.STAFF,
            },
        )

        assert "本周必看" in sign_in(clerk).get("/views/").content.decode()
        assert "本周必看" in sign_in(clerk).get("/views/menu/").content.decode()
        for stranger in (head, neighbour):
            assert "本周必看" not in sign_in(stranger).get("/views/").content.decode()

    def test_staff_are_not_asked_with_whom(self, sign_in, clerk, department):
        client = sign_in(clerk)
        assert "共享给单位" not in client.get("/views/new/?view=wall").content.decode()

        client.post("/views/new/", {"name": "甲", "view": "wall", "shared_unit": department.pk})

        assert SavedView.objects.get().shared_unit is None

    def test_nobody_shares_beyond_their_reach(self, sign_in, head, bureau):
        response = sign_in(head).post(
            "/views/new/", {"name": "甲", "view": "wall", "shared_unit": bureau.pk}
        )

        assert "没有保存" in response.content.decode()
        assert not SavedView.objects.exists()

    def test_a_role_is_shared_with_only_in_a_unit(self, sign_in, supervisor):
        response = sign_in(supervisor).post(
            "/views/new/", {"name": "甲", "view": "wall", "shared_role": Role.STAFF}
        )

        assert "共享给角色时，请选择单位。" in response.content.decode()

    def test_one_default_for_a_role_of_a_unit(self, sign_in, supervisor, bureau):
        given = {"shared_unit": bureau, "shared_role": Role.STAFF, "is_default": True}
        keep(supervisor, **given)

        response = sign_in(supervisor).post(
            "/views/new/",
            {"name": "乙", "view": "wall", **given, "shared_unit": bureau.pk},
        )

        assert "已有默认视图，请先取消那一个" in response.content.decode()
        with pytest.raises(IntegrityError), transaction.atomic():
            keep(supervisor, name="丙", **given)

    def test_a_shared_view_shows_each_reader_their_own_tickets(
        self, sign_in, supervisor, clerk, inspection, department, other_department, bureau
    ):
        TicketFactory(inspection=inspection, lead_unit=department, title="台账不健全")
        TicketFactory(inspection=inspection, lead_unit=other_department, title="报销不规范")
        view = keep(supervisor, view="ticket-list", query="", shared_unit=bureau)

        page = sign_in(clerk).get(view.get_absolute_url()).content.decode()

        assert "台账不健全" in page
        assert "报销不规范" not in page

    def test_a_substitute_is_not_given_the_views_of_the_principal(
        self, supervisor, clerk, department
    ):
        other = acts_for(department, Role.VIEWER)
        today = timezone.localdate()
        Substitution.objects.appoint(
            other, principal=supervisor, from_on=today, to_on=today, reason="出差", by=supervisor
        )
        keep(supervisor, shared_unit=supervisor.duties[0].unit, shared_role=Role.OFFICE)

        assert not SavedView.objects.offered_to(other).exists()


class TestKeep:
    def test_its_owner_renames_it(self, sign_in, clerk):
        view = keep(clerk)

        sign_in(clerk).post(f"/views/{view.pk}/", {"name": "快到期"})

        view.refresh_from_db()
        assert (view.name, view.query) == ("快到期", "light=warn")

    def test_it_is_deleted_after_a_question(self, sign_in, clerk):
        view = keep(clerk)
        client = sign_in(clerk)

        assert "删除视图“临期”" in client.get(f"/views/{view.pk}/delete/").content.decode()
        assert SavedView.objects.exists()
        client.post(f"/views/{view.pk}/delete/")

        assert not SavedView.objects.exists()

    def test_whom_it_is_shared_with_cannot_alter_it(self, sign_in, supervisor, clerk, bureau):
        view = keep(supervisor, shared_unit=bureau)

        assert sign_in(clerk).get(f"/views/{view.pk}/").status_code == 404
        assert sign_in(clerk).post(f"/views/{view.pk}/delete/").status_code == 404

    def test_the_office_takes_back_what_a_head_had_shared(
        self, sign_in, supervisor, head, department
    ):
        view = keep(head, shared_unit=department)

        sign_in(supervisor).post(f"/views/{view.pk}/delete/")

        assert not SavedView.objects.exists()

    def test_nobody_alters_another_s_own_view(self, sign_in, supervisor, clerk):
        view = keep(clerk)

        assert sign_in(supervisor).get(f"/views/{view.pk}/").status_code == 404


class TestDefault:
    def test_without_one_the_chart_opens(self, sign_in, clerk):
        assert sign_in(clerk).get("/board/").url == "/timeline/"

    def test_that_of_one_s_role_and_nearest_unit_opens(
        self, sign_in, supervisor, clerk, bureau, department
    ):
        keep(supervisor, "局", shared_unit=bureau, is_default=True, view="wall", query="")
        keep(supervisor, "科", shared_unit=department, is_default=True)

        assert sign_in(clerk).get("/board/").url == "/kanban/?light=warn"
        page = sign_in(clerk).get("/board/", follow=True).content.decode()
        assert "先打开的是邓佳共享的默认视图“科”。" in page
        assert sign_in(supervisor).get("/board/").url == "/wall/"
        assert "默认视图" not in sign_in(supervisor).get("/board/", follow=True).content.decode()

    def test_one_s_own_comes_first(self, sign_in, supervisor, clerk, department):
        keep(supervisor, "科", shared_unit=department, is_default=True)
        keep(clerk, "自己", view="calendar", query="", is_default=True)

        assert sign_in(clerk).get("/board/").url == "/calendar/"


class TestRecent:
    def test_the_last_ten_stand_newest_first(self, sign_in, clerk, inspection, department):
        tickets = [
            TicketFactory(inspection=inspection, lead_unit=department, title=f"第{n}项")
            for n in range(12)
        ]
        client = sign_in(clerk)
        for ticket in [*tickets, tickets[5]]:
            client.get(f"/tickets/{ticket.pk}/")

        titles = [ticket.title for ticket in client.get("/views/").context["recent"]]

        assert titles == ["第5项", *(f"第{n}项" for n in (11, 10, 9, 8, 7, 6, 4, 3, 2))]

    @pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"X-Polling": "1"}])
    def test_a_part_that_fetches_itself_opens_nothing(self, sign_in, clerk, ticket, headers):
        sign_in(clerk).get(f"/tickets/{ticket.pk}/", headers=headers)

        assert not RecentTickets.objects.exists()

    def test_opening_costs_one_write_and_again_none(self, clerk, ticket, django_assert_num_queries):
        other = TicketFactory(inspection=ticket.inspection)
        for opened, queries in ((ticket, 2), (ticket, 1), (other, 2), (ticket, 2)):
            with django_assert_num_queries(queries):
                RecentTickets.note(clerk, opened)

        assert RecentTickets.objects.get().keys == [ticket.pk, other.pk]

    def test_what_has_left_the_reader_s_sight_is_gone(self, sign_in, clerk, ticket, bureau):
        client = sign_in(clerk)
        client.get(f"/tickets/{ticket.pk}/")
        clerk.memberships.update(unit=TicketFactory().lead_unit)

        assert client.get("/views/").context["recent"] == []

    def test_it_says_how_it_fills(self, sign_in, clerk):
        page = sign_in(clerk).get("/views/").content.decode()

        assert "您还没有保存视图" in page
        assert "还没有打开过问题" in page


@pytest.mark.parametrize("count", [1, 9])
def test_its_queries_do_not_grow(
    sign_in, supervisor, inspection, bureau, django_assert_num_queries, count
):
    keys = [TicketFactory(inspection=inspection).pk for _ in range(count)]
    RecentTickets.objects.create(person=supervisor, keys=keys)
    for n in range(count):
        keep(supervisor, f"视图{n}", shared_unit=bureau)
    client = sign_in(supervisor)

    with django_assert_num_queries(14):
        client.get("/views/")
    with django_assert_num_queries(6):
        client.get("/views/menu/")
