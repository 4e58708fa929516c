"""Where the bytes lie, and that they are the ones that were uploaded."""

import re
from io import BytesIO
from stat import S_IMODE

import pytest

from tests import files
from tracker.evidence import storing
from tracker.evidence.receiving import FilesRefused, incoming

pytestmark = pytest.mark.usefixtures("media")


def test_it_lies_under_a_random_name_that_tells_nothing(media):
    first, second = storing.store(BytesIO(b"proof")), storing.store(BytesIO(b"proof"))

    assert first.path != second.path
    assert first.sha256 == second.sha256
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}", first.path)
    assert (media / "evidence" / first.path).read_bytes() == b"proof"


def test_only_the_server_may_read_it(media):
    stored = storing.store(BytesIO(b"proof"))

    assert S_IMODE((media / "evidence" / stored.path).stat().st_mode) == 0o600


def test_it_is_read_back_only_if_it_is_unchanged(media):
    stored = storing.store(BytesIO(b"proof"))
    with storing.open_verified(stored.path, stored.sha256) as file:
        assert file.read() == b"proof"

    (media / "evidence" / stored.path).write_bytes(b"forged")
    with pytest.raises(storing.Tampered):
        storing.open_verified(stored.path, stored.sha256)

    storing.discard(stored.path)
    with pytest.raises(storing.Missing):
        storing.open_verified(stored.path, stored.sha256)


def test_a_file_that_breaks_off_leaves_nothing_behind(media):
    class Broken(BytesIO):
        def read(self, size=-1):
            raise OSError("the line went dead")

    with pytest.raises(OSError, match="dead"):
        storing.store(Broken(b"proof"))

    assert list(storing.all_stored()) == []


class TestIncoming:
    def test_files_without_a_row_are_removed_again(self):
        with incoming([files.upload("一.pdf", files.pdf())]) as received:
            assert len(list(storing.all_stored())) == len(received) == 1

        assert list(storing.all_stored()) == []

    def test_nothing_stays_when_the_act_fails(self):
        with pytest.raises(RuntimeError), incoming([files.upload("一.pdf", files.pdf())]):
            raise RuntimeError

        assert list(storing.all_stored()) == []

    def test_all_that_is_wrong_is_told_at_once_and_nothing_is_stored(self):
        uploads = [
            files.upload("一.pdf", files.pdf()),
            files.upload("二.exe", b"MZ"),
            files.upload("三.docx", files.png()),
        ]
        with pytest.raises(FilesRefused) as refused, incoming(uploads):
            pass

        assert [reason[:6] for reason in refused.value.reasons] == ["“二.exe", "“三.doc"]
        assert list(storing.all_stored()) == []

    def test_more_than_twenty_at_once_are_too_many(self):
        uploads = [files.upload(f"{n}.pdf", files.pdf(str(n))) for n in range(21)]
        with pytest.raises(FilesRefused, match="一次最多上传20份，选了21份"), incoming(uploads):
            pass
