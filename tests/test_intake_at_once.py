"""Two people, or two clicks, at the same moment; with real connections and real waiting."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.conftest import TODAY
from tests.sample import BULLETIN, CONTENT
from tracker import intake
from tracker.models import Bulletin, Draft, Inspection, Round, SourceFile, Ticket

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*actions):
    """Run the actions at the same time, each on its own connection; give what each returned."""
    start = Barrier(len(actions))

    def run(action):
        try:
            start.wait()
            return action()
        except (intake.AlreadyImported, intake.DiffChanged) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def ready(operator, text=BULLETIN):
    draft = intake.receive(text.encode(), "通报.txt", by=operator, today=TODAY).draft
    draft.round, _ = Round.objects.get_or_create(name="第七轮巡察")
    draft.save()
    return draft


def test_of_two_confirmations_one_imports_and_the_other_is_told(operator):
    draft = ready(operator)
    digest = intake.preview(draft).digest

    def confirm():
        return intake.confirm(Draft.objects.get(pk=draft.pk), digest=digest)

    results = at_once(confirm, confirm)

    assert sorted(isinstance(r, intake.AlreadyImported) for r in results) == [False, True]
    assert Ticket.objects.count() == 4


def test_two_files_about_one_inspection_share_its_tickets(operator):
    drafts = [ready(operator), ready(operator, BULLETIN + "\n")]

    def confirm(draft):
        return lambda: intake.confirm(
            Draft.objects.get(pk=draft.pk), digest=intake.preview(draft).digest
        )

    results = at_once(*(confirm(draft) for draft in drafts))

    # Who comes second was shown new tickets that are there by now, or already saw them.
    assert not any(isinstance(r, intake.AlreadyImported) for r in results)
    assert Inspection.objects.count() == 1
    assert Ticket.objects.count() == 4


def test_of_two_uploads_of_one_file_one_makes_the_draft(operator):
    def upload():
        return intake.receive(CONTENT, "通报.txt", by=operator, today=TODAY).kind

    kinds = at_once(upload, upload)

    assert sorted(kinds) == ["drafted", "open_draft"]
    assert SourceFile.objects.count() == Draft.objects.count() == 1
    assert not Bulletin.objects.exists()
