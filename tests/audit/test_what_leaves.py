"""Whatever leaves the board as a file is written down: who took what."""

import pytest
from django.test import Client

from tests.factories import BulletinFactory
from tracker.choices import AuditKind
from tracker.models import AuditEvent, Ticket

pytestmark = pytest.mark.django_db


def test_a_bulletin(client, supervisor, inspection):
    bulletin = BulletinFactory(inspection=inspection)
    client.force_login(supervisor)
    client.get(f"/bulletins/{bulletin.pk}/file/")

    event = AuditEvent.objects.get(kind=AuditKind.DOWNLOAD)
    assert (event.actor_name, event.object_name) == (supervisor.name, bulletin.source.name)


def test_a_dossier(client, clerk, ticket: Ticket):
    client.force_login(clerk)
    client.get(f"/tickets/{ticket.pk}/dossier/")

    event = AuditEvent.objects.get(kind=AuditKind.EXPORT)
    assert (event.object_type, event.object_key) == ("ticket", str(ticket.pk))


def test_the_ledger(client, operator, ticket):
    client.force_login(operator)
    client.post(
        "/admin/tracker/ticket/export/",
        {"format": "0", "resource": "0", **{f"ledgerresource_{n}": "on" for n in ("id", "title")}},
    )

    assert AuditEvent.objects.filter(kind=AuditKind.EXPORT, object_name="台账").exists()


def test_the_calendar_that_somebody_subscribed_to(client, clerk, ticket):
    client.force_login(clerk)
    client.post("/calendar/token/issue/")
    feed = client.get("/calendar/").context["feed"].replace("http://testserver", "")
    Client().get(feed)

    event = AuditEvent.objects.get(kind=AuditKind.EXPORT)
    assert (event.actor_name, event.object_name) == (clerk.name, "日历订阅")


@pytest.mark.parametrize(
    ("path", "paper"),
    [
        ("/tickets/7/signoffs/1/", "对账销号单"),
        ("/handovers/3/", "责任交接单"),
        ("/inspections/2/plan/", "整改方案"),
        ("/nowhere/", ""),
    ],
)
def test_a_paper_is_named(client, clerk, path, paper):
    client.force_login(clerk)
    client.post("/account/printed/", {"path": path})

    event = AuditEvent.objects.get(kind=AuditKind.PRINT)
    assert (event.object_name, event.reason) == (path, paper)


def test_a_page_that_is_printed(client, clerk):
    client.force_login(clerk)

    assert client.post("/account/printed/", {"path": "/wall/"}).status_code == 204
    assert AuditEvent.objects.get(kind=AuditKind.PRINT).object_name == "/wall/"
