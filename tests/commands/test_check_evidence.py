"""The files of evidence are compared with their rows, both ways."""

import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests import files
from tests.factories import TicketFactory
from tracker.evidence import storing
from tracker.evidence.receiving import incoming

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def ticket(inspection, department):
    """A ticket in work without any evidence."""
    return TicketFactory(
        inspection=inspection, lead_unit=department, in_progress=True, proved=False
    )


@pytest.fixture
def evidence(ticket, clerk):
    with incoming([files.upload("现场.png", files.png())]) as received:
        return ticket.attach(received, by=clerk)[0]


def check(*options) -> str:
    out = StringIO()
    call_command("check_evidence", *options, stdout=out, no_color=True)
    return out.getvalue()


def old(path) -> None:
    os.utime(path, (0, 0))


def test_all_is_well(evidence, media):
    storing.thumbnail(evidence.path, evidence.sha256)  # belongs to its picture
    for file in media.rglob("*"):
        old(file)

    assert check() == f"1 files on record in {media}: 0 missing or altered, 0 without a row.\n"


def test_an_altered_file_is_named_and_fails(evidence, media, capsys):
    (media / "evidence" / evidence.path).write_bytes(b"forged")

    with pytest.raises(CommandError, match="1 files do not match"):
        call_command("check_evidence", no_color=True)

    assert (
        f"ALTERED  {evidence.path}  {evidence.ticket.number}  现场.png" in capsys.readouterr().out
    )


def test_a_missing_file_is_named_and_fails(evidence, capsys):
    storing.discard(evidence.path)

    with pytest.raises(CommandError):
        call_command("check_evidence", no_color=True)

    assert f"MISSING  {evidence.path}" in capsys.readouterr().out


def test_a_file_without_a_row_is_removed_only_when_asked_and_old(evidence, media):
    young = storing.store(files.upload("新.pdf", files.pdf("新")).file)
    orphan = storing.store(files.upload("旧.pdf", files.pdf("旧")).file)
    old(media / "evidence" / orphan.path)

    assert f"ORPHAN   {orphan.path}\n" in check()
    assert (media / "evidence" / orphan.path).exists()

    assert f"ORPHAN   {orphan.path}  removed" in check("--remove-orphans")
    assert not (media / "evidence" / orphan.path).exists()
    assert (media / "evidence" / young.path).exists()
    assert (media / "evidence" / evidence.path).exists()
