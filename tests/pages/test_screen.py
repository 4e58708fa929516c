"""大屏: an office hangs up a display; its address alone opens it; polling costs little."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.conftest import acts_for
from tests.factories import InspectionFactory, TicketFactory
from tracker.choices import AuditKind, Role
from tracker.models import AuditEvent, Screen
from tracker.models.address import USE_KEPT_FOR

pytestmark = pytest.mark.django_db


def hung_up(client, subject, *, masks_names=True, name="二楼东侧") -> str:
    """Make a screen as the page does; return its path."""
    typed = {"name": name, "subject": f"{subject._meta.model_name}-{subject.pk}"}
    client.post("/screens/", typed | ({"masks_names": "on"} if masks_names else {}))
    address = client.get("/screens/").context["address"]
    return address.replace("http://testserver", "")


@pytest.fixture
def path(sign_in, supervisor, board):
    return hung_up(sign_in(supervisor), board)


def picture(path, etag=""):
    headers = {"If-None-Match": etag} if etag else {}
    return Client().get(f"{path}picture/", headers=headers)


class TestMaking:
    @pytest.mark.parametrize("role", [Role.OFFICE, Role.INSPECTOR])
    def test_the_office_makes_one_and_sees_its_address_once(self, sign_in, bureau, board, role):
        client = sign_in(acts_for(bureau, role))
        path = hung_up(client, board)
        secret = path.split("/")[2]

        assert Client().get(path).status_code == 200
        assert client.get("/screens/").context["address"] is None
        assert secret not in client.get("/screens/").content.decode()
        assert secret not in str(Screen.objects.values())

    def test_it_is_written_down_without_the_secret(self, path, supervisor):
        event = AuditEvent.objects.filter(kind=AuditKind.CONFIG).latest("seq")

        assert (event.actor_key, event.object_type) == (supervisor.pk, "screen")
        assert "二楼东侧" in event.object_name
        assert path.split("/")[2] not in str(AuditEvent.objects.values())

    @pytest.mark.parametrize(
        "role", [Role.STAFF, Role.HEAD, Role.LEADER, Role.PARTY, Role.VIEWER, Role.OPERATOR]
    )
    def test_nobody_else_does(self, sign_in, bureau, board, role):
        client = sign_in(acts_for(bureau, role))

        assert client.get("/screens/").status_code == 404
        typed = {"name": "大厅", "subject": f"unit-{bureau.pk}"}
        assert client.post("/screens/", typed).status_code == 404
        assert not Screen.objects.exists()

    def test_not_for_a_unit_out_of_reach(self, sign_in, supervisor, other_bureau):
        elsewhere = InspectionFactory(unit=other_bureau)
        client = sign_in(supervisor)

        for subject in (f"unit-{other_bureau.pk}", f"inspection-{elsewhere.pk}"):
            client.post("/screens/", {"name": "大厅", "subject": subject})
        assert not Screen.objects.exists()

    def test_the_links_stand_where_they_are_of_use(self, sign_in, supervisor, clerk, board):
        assert 'href="/screens/"' in sign_in(supervisor).get("/tickets/").content.decode()
        assert 'href="/screens/"' not in sign_in(clerk).get("/tickets/").content.decode()


class TestRevoking:
    def test_a_revoked_address_is_not_there(self, sign_in, bureau, path):
        successor = acts_for(bureau, Role.INSPECTOR)
        client = sign_in(successor)
        client.post(f"/screens/{Screen.objects.get().pk}/revoke/")

        assert Client().get(path).status_code == 404
        assert picture(path).status_code == 404
        assert Screen.objects.get().revoked_by == successor
        event = AuditEvent.objects.latest("seq")
        assert (event.kind, event.actor_key) == (AuditKind.CONFIG, successor.pk)

    def test_twice_is_once(self, sign_in, supervisor, path):
        client, pk = sign_in(supervisor), Screen.objects.get().pk
        client.post(f"/screens/{pk}/revoke/")
        first = Screen.objects.get().revoked_at
        client.post(f"/screens/{pk}/revoke/")

        assert Screen.objects.get().revoked_at == first

    def test_an_office_elsewhere_neither_sees_nor_revokes_it(self, sign_in, other_bureau, path):
        client = sign_in(acts_for(other_bureau, Role.OFFICE))

        assert "二楼东侧" not in client.get("/screens/").content.decode()
        assert client.post(f"/screens/{Screen.objects.get().pk}/revoke/").status_code == 404
        assert Client().get(path).status_code == 200

    def test_an_unknown_address_is_a_plain_404(self, path):
        for wrong in ("/screen/nothing/", "/screen/nothing/picture/"):
            reply = Client().get(wrong)
            assert reply.status_code == 404
            assert "大屏" not in reply.content.decode()
        assert "这个地址已作废，或者写错了。" in Client().get("/screen/nothing/").content.decode()


class TestShowing:
    def test_it_needs_and_leaves_no_session(self, path):
        sessions = Session.objects.count()
        client = Client()

        page = client.get(path)
        part = client.get(f"{path}picture/")

        assert not client.cookies
        assert Session.objects.count() == sessions
        assert "no-store" in page["Cache-Control"]
        assert "no-store" in part["Cache-Control"]
        assert part["X-As-Of"] == "2026-11-22T12:00:00+08:00"
        assert '数据截至 <span id="as-of">12:00</span>' in page.content.decode()

    def test_polling_renews_nobodys_session(self, sign_in, supervisor, path, time_machine):
        client = sign_in(supervisor)
        client.get("/tickets/")
        before = client.session["renewed_at"]
        time_machine.shift(timedelta(minutes=5))

        client.get(f"{path}picture/", headers={"X-Polling": "1"})

        assert client.session["renewed_at"] == before

    @pytest.mark.parametrize("kind", ["inspection", "unit"])
    def test_its_numbers_are_those_of_the_overview(self, sign_in, supervisor, board, kind):
        TicketFactory(
            inspection=board,
            origin="similar",
            bulletin=None,
            parent=board.tickets.first(),
            found_by=supervisor,
            proved=False,
        )
        client = sign_in(supervisor)
        path = hung_up(client, board if kind == "inspection" else board.unit)

        overview = client.get(f"/overview/?inspection={board.pk}").context
        shown = Client().get(path).context["page"]

        assert shown.total == overview["page"].total
        assert shown.weeks == overview["page"].weeks
        assert shown.rate == overview["rate"]
        assert (shown.focus, shown.gap) == (overview["focus"], overview["gap"])
        assert shown.closed == overview["page"].closed
        on_roll = [item.ticket for leaf in shown.roll for item in leaf.items]
        assert on_roll == [row.ticket for row in overview["page"].pressing]
        in_matrix = {
            line.unit.pk: len(line.tickets) + line.left
            for leaf in shown.matrix
            for line in leaf.items
        }
        assert in_matrix == {unit.pk: unit.tally.total for unit in overview["page"].units}

    def test_what_is_of_other_units_is_not_on_it(self, sign_in, supervisor, department, board):
        theirs = TicketFactory(title="林业局的问题")
        path = hung_up(sign_in(supervisor), department)

        shown = Client().get(path)

        assert (
            shown.context["page"].total.total == board.tickets.filter(lead_unit=department).count()
        )
        assert theirs.title not in shown.content.decode()

    def test_what_only_a_few_may_know_is_not_on_it(self, path, supervisor, board, department):
        ticket = board.tickets.filter(status="in_progress", lead_unit=department)[0]
        first = picture(path)
        ticket.restrict(by=supervisor, reason="涉及在查线索。", version=ticket.version)

        later = picture(path, first["ETag"])

        assert later.status_code == 200
        assert later.context["page"].total.total == first.context["page"].total.total - 1

    @pytest.mark.parametrize(
        ("masks_names", "seen", "unseen"), [(True, "梁某", "梁文"), (False, "梁文", "梁某")]
    )
    def test_names_are_masked_as_the_screen_says(
        self, sign_in, supervisor, clerk, board, masks_names, seen, unseen
    ):
        for ticket in board.tickets.open():
            ticket.person = clerk
            ticket.save()
        path = hung_up(sign_in(supervisor), board, masks_names=masks_names)

        html = Client().get(path).content.decode()

        assert seen in html
        assert unseen not in html

    def test_without_a_script_the_panels_turn_with_the_page(
        self, sign_in, supervisor, inspection, many
    ):
        many(30)
        path = hung_up(sign_in(supervisor), inspection)
        first, second = (Client().get(f"{path}?turn={turn}").context["page"] for turn in (1, 2))

        assert [leaf.is_shown for leaf in first.roll] == [True, False]
        assert [leaf.is_shown for leaf in second.roll] == [False, True]
        assert Client().get(f"{path}?turn=nonsense").context["page"].roll == first.roll

    def test_a_unit_without_problems_says_so(self, sign_in, supervisor, bureau, today):
        html = Client().get(hung_up(sign_in(supervisor), bureau)).content.decode()

        assert "还没有反馈问题" in html


class TestTag:
    def test_the_same_picture_is_not_sent_again(self, path):
        first = picture(path)
        again = picture(path, first["ETag"])

        assert first.status_code == 200
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
        assert again["X-As-Of"]
        assert picture(path)["ETag"] == first["ETag"]

    def test_the_page_brings_the_tag_of_its_picture(self, path):
        assert Client().get(path).context["etag"] == picture(path)["ETag"]

    def test_a_change_is_sent(self, path, board, clerk, department):
        first = picture(path)
        ticket = board.tickets.filter(status="unclaimed", lead_unit=department)[0]
        ticket.move("claim", by=clerk, version=ticket.version)
        ticket.move("start", by=clerk, version=ticket.version)

        later = picture(path, first["ETag"])

        assert later.status_code == 200
        assert later["ETag"] != first["ETag"]

    def test_a_unit_with_another_name_is_sent(self, path, department):
        first = picture(path)
        department.name = "工程建设科"
        department.save()

        assert "工程建设科" in picture(path, first["ETag"]).content.decode()

    def test_a_change_elsewhere_is_no_other_picture(self, path):
        first = picture(path)
        TicketFactory()

        later = picture(path, first["ETag"])

        assert later.status_code == 304
        assert later["ETag"] != first["ETag"]
        assert picture(path, later["ETag"])["ETag"] == later["ETag"]

    def test_a_new_day_is_sent(self, path, time_machine):
        first = picture(path)
        time_machine.shift(timedelta(days=1))

        assert picture(path, first["ETag"]).status_code == 200


class TestCost:
    @pytest.mark.parametrize("count", [30, 300])
    def test_queries_do_not_grow(
        self, sign_in, supervisor, inspection, many, django_assert_num_queries, count
    ):
        many(count)
        path = hung_up(sign_in(supervisor), inspection)
        etag = picture(path)["ETag"]

        with django_assert_num_queries(1):
            assert picture(path, etag).status_code == 304
        with django_assert_num_queries(14):
            assert picture(path).status_code == 200
        with django_assert_num_queries(14):
            assert Client().get(path).status_code == 200

    def test_its_use_is_written_down_now_and_then(self, path, time_machine):
        picture(path)
        first = Screen.objects.get().used_at
        time_machine.shift(USE_KEPT_FOR - timedelta(seconds=1))
        picture(path)
        assert Screen.objects.get().used_at == first
        time_machine.shift(timedelta(seconds=1))
        picture(path)
        assert Screen.objects.get().used_at == timezone.now()
