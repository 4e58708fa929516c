"""限定知悉: a supervisor limits who may know of a ticket; whoever looks at it leaves a trace."""

import pytest
from django.test import Client

from tests.conftest import acts_for
from tests.factories import TicketFactory
from tracker import audit
from tracker.choices import AuditKind, Role
from tracker.models import AuditEvent, Change, Evidence, Ticket
from tracker.workflow import MoveRefused, TicketChanged

pytestmark = pytest.mark.django_db

PAGES = ("", "report/", "evidence/", "dossier/", "moves/", "plan/", "checks/", "extension/")


@pytest.fixture
def restricted(ticket, other_department, supervisor):
    ticket.co_units.add(other_department)
    ticket.restrict(by=supervisor, reason="涉及在查线索。", version=1)
    return ticket


@pytest.fixture
def helper(other_department):
    """Staff of a unit that helps with the ticket."""
    return acts_for(other_department, Role.STAFF)


def seen(person) -> list[Ticket]:
    return list(Ticket.objects.visible_to(person))


def traces() -> list[str]:
    return [
        event.reason for event in AuditEvent.objects.filter(kind=AuditKind.VIEW).order_by("seq")
    ]


class TestRestrict:
    @pytest.mark.parametrize("role", [Role.OFFICE, Role.INSPECTOR])
    def test_supervisors_restrict_and_lift_it_with_a_reason(self, sign_in, ticket, bureau, role):
        client = sign_in(acts_for(bureau, role))

        client.post(f"/tickets/{ticket.pk}/restrict/", {"reason": "涉及在查线索。", "version": 1})
        ticket.refresh_from_db()
        assert ticket.is_restricted
        client.post(f"/tickets/{ticket.pk}/unrestrict/", {"reason": "线索已办结。", "version": 2})

        ticket.refresh_from_db()
        assert not ticket.is_restricted
        assert [(c.field, c.old, c.new, c.why) for c in Change.objects.order_by("pk")] == [
            ("限定知悉", "否", "是", "涉及在查线索。"),
            ("限定知悉", "是", "否", "线索已办结。"),
        ]

    @pytest.mark.parametrize("role", [r for r in Role if r not in (Role.OFFICE, Role.INSPECTOR)])
    def test_nobody_else_does(self, ticket, bureau, role):
        with pytest.raises(MoveRefused, match="需要整改办、巡察办限定"):
            ticket.restrict(by=acts_for(bureau, role), reason="试", version=1)

    def test_it_needs_a_reason(self, ticket, supervisor):
        with pytest.raises(MoveRefused, match="请填写原因"):
            ticket.restrict(by=supervisor, reason=" ", version=1)

        assert not Change.objects.exists()

    def test_it_is_refused_where_it_is_so_already_or_changed_meanwhile(
        self, restricted, supervisor
    ):
        with pytest.raises(MoveRefused, match="已经限定知悉"):
            restricted.restrict(by=supervisor, reason="试", version=2)
        with pytest.raises(TicketChanged):
            restricted.restrict(is_restricted=False, by=supervisor, reason="试", version=1)

    def test_a_closed_ticket_may_be_restricted_too(self, sign_in, inspection, supervisor):
        closed = TicketFactory(inspection=inspection, closed=True)

        page = sign_in(supervisor).get(f"/tickets/{closed.pk}/").content.decode()
        assert f"/tickets/{closed.pk}/restrict/" in page
        closed.restrict(by=supervisor, reason="涉及在查线索。", version=1)

        assert Ticket.objects.get().is_restricted


class TestWhoKnows:
    def test_the_lead_unit_and_those_above_it_do(
        self, restricted, clerk, head, leader, party, supervisor, inspector
    ):
        for person in (clerk, head, leader, party, supervisor, inspector):
            assert seen(person) == [restricted], person

    def test_co_units_and_who_merely_look_on_do_not(self, restricted, helper, viewer):
        assert (seen(helper), seen(viewer)) == ([], [])

    def test_a_viewer_who_is_its_own_leader_does(self, restricted, viewer, supervisor):
        Ticket.objects.update(leader=viewer)

        assert seen(viewer) == [restricted]

    def test_who_also_looks_on_elsewhere_sees_it_by_the_other_role(
        self, restricted, viewer, department, other_department
    ):
        both = acts_for(department, Role.STAFF)
        both.memberships.create(unit=other_department, role=Role.VIEWER)
        only_looks = acts_for(department, Role.VIEWER)
        only_looks.memberships.create(unit=other_department, role=Role.STAFF)

        assert (seen(both), seen(only_looks)) == ([restricted], [])

    def test_with_many_units_in_reach_it_is_the_same(
        self, restricted, helper, viewer, clerk, monkeypatch
    ):
        monkeypatch.setattr("tracker.models.ticket_queryset.FEW_UNITS", 0)

        assert (seen(clerk), seen(helper), seen(viewer)) == ([restricted], [], [])

    def test_once_lifted_all_see_it_again(self, restricted, helper, viewer, supervisor):
        restricted.restrict(is_restricted=False, by=supervisor, reason="已办结。", version=2)

        assert (seen(helper), seen(viewer)) == ([restricted], [restricted])

    def test_no_page_of_it_is_there_for_the_others(self, restricted, helper, viewer):
        for person in (helper, viewer):
            client = Client()
            client.force_login(person)
            for page in PAGES:
                assert client.get(f"/tickets/{restricted.pk}/{page}").status_code == 404, page
            file = Evidence.objects.get()
            assert client.get(f"/evidence/{file.pk}/file/").status_code == 404
            assert restricted.title not in client.get("/tickets/").content.decode()
        assert traces() == []

    def test_a_co_unit_cannot_report_on_it_either(self, restricted, helper):
        with pytest.raises(MoveRefused, match="需要承办人填报"):
            restricted.report(by=helper, text="已补登。", version=2)

    def test_the_calendar_that_leaves_the_board_is_without_it(self, sign_in, restricted, clerk):
        client = sign_in(clerk)
        client.post("/calendar/token/issue/")
        feed = client.get("/calendar/").context["feed"].replace("http://testserver", "")

        assert restricted.title not in Client().get(feed).content.decode()


class TestTrace:
    def test_each_view_of_page_evidence_and_dossier_leaves_one(self, sign_in, restricted, clerk):
        client = sign_in(clerk)
        for page in ("", "evidence/", "dossier/"):
            assert client.get(f"/tickets/{restricted.pk}/{page}").status_code == 200

        base = f"限定知悉：/tickets/{restricted.pk}/"
        assert traces() == [base, f"{base}evidence/", f"{base}dossier/"]
        event = AuditEvent.objects.filter(kind=AuditKind.VIEW).first()
        assert (event.actor_name, event.object_type, event.object_key) == (
            clerk.name,
            "ticket",
            str(restricted.pk),
        )

    def test_a_file_leaves_one_though_it_is_damaged(self, sign_in, restricted, clerk):
        file = Evidence.objects.get()
        sign_in(clerk).get(f"/evidence/{file.pk}/file/")

        assert traces() == [f"限定知悉：/evidence/{file.pk}/file/"]

    def test_what_cannot_be_traced_is_not_shown(self, client, restricted, clerk, monkeypatch):
        def broken(*args, **kwargs):
            raise RuntimeError("no audit")

        client.force_login(clerk)
        monkeypatch.setattr(audit, "record", broken)

        with pytest.raises(RuntimeError):
            client.get(f"/tickets/{restricted.pk}/")

    def test_other_tickets_leave_none(self, sign_in, ticket, clerk):
        sign_in(clerk).get(f"/tickets/{ticket.pk}/")

        assert traces() == []


def test_the_chip_stands_on_list_and_page(sign_in, restricted, clerk):
    client = sign_in(clerk)

    for page in ("/tickets/", "/wall/", "/kanban/", "/timeline/", f"/tickets/{restricted.pk}/"):
        assert "限定知悉" in client.get(page, follow=True).content.decode(), page


@pytest.mark.parametrize("count", [1, 5])
def test_a_restricted_page_asks_as_often_whatever_there_is(
    sign_in, restricted, clerk, supervisor, department, django_assert_num_queries, count
):
    for _ in range(count):
        other = TicketFactory(inspection=restricted.inspection, lead_unit=department)
        other.restrict(by=supervisor, reason="试", version=1)
    client = sign_in(clerk)

    with django_assert_num_queries(49):
        client.get(f"/tickets/{restricted.pk}/")
    with django_assert_num_queries(15):
        client.get("/tickets/")
