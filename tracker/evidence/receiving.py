"""From an upload to stored files: all are checked before any is kept, and none is left behind."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from tracker.choices import FileKind
from tracker.evidence import storing
from tracker.evidence.inspecting import FileRefused, clean_name, inspect

if TYPE_CHECKING:
    from tracker.models import Evidence

MOST_AT_ONCE = 20


class FilesRefused(Exception):
    """Some of the files are not taken; `reasons` names each, so that one try tells all."""

    def __init__(self, reasons: list[str]):
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(slots=True)
class Incoming:
    """A file that is stored and has no row yet; `Ticket.attach` gives it one."""

    name: str
    kind: FileKind
    path: str
    size: int
    sha256: str
    row: "Evidence | None" = None


@contextmanager
def incoming(uploads: Sequence[UploadedFile]) -> Iterator[list[Incoming]]:
    """Check and store uploads; what has no row when the block ends, however it ends, is removed.

    Raises FilesRefused before anything is stored.
    """
    checked = _checked(uploads)
    files: list[Incoming] = []
    try:
        for upload, name, kind in checked:
            stored = storing.store(upload)
            files.append(Incoming(name, kind, stored.path, stored.size, stored.sha256))
        yield files
    except BaseException:
        # The transaction is rolled back, and a row that was made in it with it.
        for file in files:
            storing.discard(file.path)
        raise
    for file in files:
        if file.row is None:
            storing.discard(file.path)


def refusals(uploads: Sequence[UploadedFile]) -> list[str]:
    """Why some of the files would not be taken; empty if all would."""
    try:
        _checked(uploads)
    except FilesRefused as refused:
        return refused.reasons
    return []


def _checked(uploads: Sequence[UploadedFile]) -> list[tuple[UploadedFile, str, FileKind]]:
    if len(uploads) > MOST_AT_ONCE:
        raise FilesRefused([f"一次最多上传{MOST_AT_ONCE}份，选了{len(uploads)}份。请分次上传。"])
    checked, reasons = [], []
    for upload in uploads:
        name = clean_name(upload.name)
        try:
            kind = inspect(upload.file, name, max_bytes=settings.TRACKER_MAX_EVIDENCE_BYTES)
        except FileRefused as refusal:
            reasons.append(f"“{name}”{refusal}")
        else:
            checked.append((upload, name, kind))
    if reasons:
        raise FilesRefused(reasons)
    return checked
