"""Each of the real bulletins, through every page of the import, and again."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.conftest import acts_for
from tracker.choices import Role
from tracker.models import Draft, ImportBatch, Ticket, Unit

FOLDER = Path(settings.BASE_DIR).parent / "shared" / "bulletins"
IMPORT = "/admin/tracker/bulletin/import/"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("today"),
    pytest.mark.skipif(not FOLDER.is_dir(), reason="no shared folder beside the project"),
]


def upload(client, content):
    file = SimpleUploadedFile("通报.txt", content)
    return client.post(IMPORT, {"files": [file]}, follow=True).content.decode()


def import_draft(client, top):
    """Settle what the bulletin cannot say, look at the differences, confirm; give the result."""
    draft = Draft.objects.open().get()
    url = f"{IMPORT}{draft.pk}/"
    client.post(
        url,
        {
            "title": draft.title,
            "unit": draft.unit_id or "",
            "inspecting_body": draft.inspecting_body,
            "kind": draft.kind,
            "feedback_on": draft.feedback_on,
            "new_round": "第一轮",
        },
    )
    if draft.unit is None:
        text = client.get(url).content.decode()
        name = re.search(r'name="unit-name" value="([^"]+)"', text)[1]
        client.post(url, {"action": "register-unit", "unit-name": name, "unit-parent": top.pk})
    diff = client.post(url, {"action": "diff"}, follow=True).content.decode()
    digest = re.search(r'name="digest" value="(\w+)"', diff)[1]
    return client.post(f"{url}confirm/", {"digest": digest}, follow=True).content.decode()


@pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.name.partition("_")[0]
)
def test_it_is_imported_once_and_then_unchanged(client, path):
    city = Unit.objects.create(name="某市")
    client.force_login(acts_for(city, Role.OPERATOR))
    content = path.read_bytes()

    upload(client, content)
    count = Draft.objects.get().problems.count()
    result = import_draft(client, city)

    assert Ticket.objects.count() == count > 0
    assert f"新增 <b>{count}</b>" in result

    assert "已入库" in upload(client, content)
    assert ImportBatch.objects.count() == 1

    before = list(Ticket.objects.values())
    upload(client, content + b"\n")
    result = import_draft(client, city)

    assert f"未变 <b>{count}</b>" in result
    assert list(Ticket.objects.values()) == before
