"""What is written down, by whom, and that nothing happens when it cannot be."""

import json
from datetime import UTC

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.factories import PASSWORD, TicketFactory
from tracker import audit
from tracker.choices import AuditKind, AuditResult, Role
from tracker.models import AuditEvent, AuditHead, Membership, Person

pytestmark = pytest.mark.django_db


def last(kind: AuditKind) -> AuditEvent:
    return AuditEvent.objects.filter(kind=kind).first()


@pytest.fixture
def unwritable(monkeypatch):
    """From here on no event can be written, as when the disk is full."""

    def fail(*args, **kwargs):
        raise DatabaseError("no space left on device")

    monkeypatch.setattr(AuditEvent, "save", fail)


class TestOneEvent:
    def test_it_says_who_did_what_when_and_from_where(self, client, clerk, ticket):
        client.force_login(clerk)

        response = client.get("/tickets/4711/", REMOTE_ADDR="10.1.2.3")

        event = last(AuditKind.REFUSED)
        assert response.status_code == 404
        assert (event.actor_key, event.actor_name) == (clerk.pk, "梁文")
        assert event.actor_roles == "工程科 承办人"
        assert event.ip == "10.1.2.3"
        assert event.request_id == response["X-Request-ID"]
        assert event.session == audit.session_mark(client.session.session_key)
        assert event.object_name == "GET /tickets/4711/"
        assert event.result == AuditResult.REFUSED
        assert event.at.tzinfo == UTC

    def test_what_changed_stands_before_and_after(self, clerk):
        clerk.title = "副科长"
        clerk.save()

        event = last(AuditKind.ACCOUNT)
        assert json.loads(event.before) == {"职务": ""}
        assert json.loads(event.after) == {"职务": "副科长"}
        assert (event.object_type, event.object_key) == ("person", str(clerk.pk))

    def test_what_changes_nothing_is_no_event(self, clerk):
        count = AuditEvent.objects.count()

        clerk.save()

        assert AuditEvent.objects.count() == count

    def test_a_forged_address_is_not_believed(self, client, clerk, settings):
        client.force_login(clerk)
        headers = {"X-Forwarded-For": "6.6.6.6, 10.1.2.3"}

        client.get("/tickets/4711/", REMOTE_ADDR="10.9.9.9", headers=headers)
        assert last(AuditKind.REFUSED).ip == "10.9.9.9"

        settings.TRUSTED_PROXIES = ["10.9.0.0/16"]
        client.get("/tickets/4711/", REMOTE_ADDR="10.9.9.9", headers=headers)
        assert last(AuditKind.REFUSED).ip == "10.1.2.3"


class TestWhatIsWrittenDown:
    def test_a_login_and_its_end(self, client, clerk):
        client.post("/login/", {"username": "clerk", "password": PASSWORD})
        client.post("/logout/")

        kinds = AuditEvent.objects.filter(actor_key=clerk.pk).values_list("kind", flat=True)
        assert list(kinds) == [AuditKind.LOGOUT, AuditKind.LOGIN]

    def test_a_failed_login_with_the_name_and_without_the_password(self, client, clerk):
        client.post("/login/", {"username": "clerk", "password": "not-this-one"})

        event = last(AuditKind.LOGIN_FAILED)
        assert (event.object_name, event.result) == ("clerk", AuditResult.FAILED)
        assert not any("not-this-one" in str(value) for value in vars(event).values())

    def test_a_role_given_moved_and_taken_away(self, clerk, department, bureau):
        duty = clerk.memberships.get()
        given = last(AuditKind.GRANT)
        assert json.loads(given.after) == {"任职": "工程科 承办人"}

        duty.role = Role.VIEWER
        duty.save()
        moved = last(AuditKind.GRANT)
        assert json.loads(moved.before) == {"任职": "工程科 承办人"}
        assert json.loads(moved.after) == {"任职": "工程科 只读领导"}

        clerk.memberships.all().delete()
        taken = last(AuditKind.GRANT)
        assert json.loads(taken.before) == {"任职": "工程科 只读领导"}
        assert (taken.after, taken.object_name) == ("", "梁文")

    def test_a_move_that_was_refused_with_its_reason(self, client, clerk, inspection, department):
        ticket = TicketFactory(inspection=inspection, lead_unit=department, closed=True)
        client.force_login(clerk)

        client.post(f"/tickets/{ticket.pk}/move/claim/", {"version": 1})

        event = last(AuditKind.REFUSED)
        assert event.object_name == f"POST /tickets/{ticket.pk}/move/claim/"
        assert "已销号" in event.reason

    def test_a_page_that_does_not_exist_is_no_refusal(self, client, clerk):
        client.force_login(clerk)
        client.get("/no-such-page/")

        assert last(AuditKind.REFUSED) is None

    def test_a_setting_changed_in_the_admin(self, client, system_administrator):
        client.force_login(system_administrator)
        client.post("/admin/tracker/holiday/add/", {"on": "2027-01-01", "name": "元旦"})

        event = last(AuditKind.CONFIG)
        assert event.actor_name == "系统员"
        assert event.reason.startswith("新增节假日")

    def test_a_glance_costs_nothing(self, client, clerk):
        """Only what is worth an event takes the lock: no page that is merely read does."""
        client.force_login(clerk)
        client.get("/tickets/")

        with CaptureQueriesContext(connection) as queries:
            client.get("/tickets/")

        assert not [q for q in queries if "audit" in q["sql"]]


class TestNoEventNoAction:
    """审计写不进去，事情就办不成: the event is part of the transaction."""

    def test_no_role_is_granted(self, clerk, bureau, unwritable):
        with pytest.raises(DatabaseError, match="no space"):
            Membership.objects.create(person=clerk, unit=bureau, role=Role.VIEWER)

        assert not Membership.objects.filter(person=clerk, unit=bureau).exists()

    def test_no_role_is_taken_away(self, clerk, unwritable):
        with pytest.raises(DatabaseError, match="no space"), transaction.atomic():
            clerk.memberships.all().delete()

        assert clerk.memberships.exists()

    def test_no_account_is_changed(self, clerk, unwritable):
        clerk.is_active = False
        with pytest.raises(DatabaseError, match="no space"):
            clerk.save()

        assert Person.objects.get(pk=clerk.pk).is_active

    def test_nobody_signs_in(self, client, clerk, unwritable):
        client.raise_request_exception = False

        response = client.post("/login/", {"username": "clerk", "password": PASSWORD})

        assert response.status_code == 500
        assert client.get("/").url.startswith("/login/")

    def test_the_head_of_the_chain_stays_with_the_last_event(self, clerk, unwritable):
        before = AuditHead.objects.get().seq
        with pytest.raises(DatabaseError, match="no space"):
            audit.record(clerk, AuditKind.VIEW, "秘密")

        assert AuditHead.objects.get().seq == before
