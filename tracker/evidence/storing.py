"""Where the bytes lie: below the media folder, under random names that tell nothing.

A file is written whole before its row, so a row never points to half a file. A file without a
row (the transaction failed, the power went) is an orphan, which `check_evidence` finds.
"""

import hashlib
import logging
import os
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from tracker.evidence.inspecting import draw_thumbnail

log = logging.getLogger(__name__)

CHUNK = 256 * 1024
_THUMBNAIL = ".jpg"


class Missing(Exception):
    """The file of a row is not where it should be."""


class Tampered(Exception):
    """The file is there, but it is not the one that was uploaded."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the row of a stored file needs to know of it."""

    path: str
    size: int
    sha256: str


def folder() -> Path:
    return Path(settings.TRACKER_MEDIA) / "evidence"


def digest(file: BinaryIO) -> str:
    """The SHA-256 of a file, which is left at its start."""
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return sha256


def store(file: BinaryIO) -> Stored:
    """Copy a file into the media folder and say where it lies."""
    name = secrets.token_hex(16)
    path = f"{name[:2]}/{name}"
    target = folder() / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    sha256, size = hashlib.sha256(), 0
    file.seek(0)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix="incoming-")
    try:
        with os.fdopen(handle, "wb") as out:
            while chunk := file.read(CHUNK):
                out.write(chunk)
                sha256.update(chunk)
                size += len(chunk)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return Stored(path, size, sha256.hexdigest())


def discard(path: str) -> None:
    """Remove a file whose row was not written after all, and its thumbnail."""
    (folder() / path).unlink(missing_ok=True)
    (folder() / f"{path}{_THUMBNAIL}").unlink(missing_ok=True)


def open_verified(path: str, sha256: str) -> BinaryIO:
    """Open a stored file after comparing all of it with its digest.

    Raises Missing or Tampered: what reached an auditor must be what was uploaded.
    """
    try:
        file = (folder() / path).open("rb")
    except OSError as error:
        raise Missing(path) from error
    if digest(file) != sha256:
        file.close()
        raise Tampered(path)
    return file


def thumbnail(path: str, sha256: str) -> bytes:
    """The small picture of an image; drawn once and kept beside it. Raises as `open_verified`."""
    kept = folder() / f"{path}{_THUMBNAIL}"
    if kept.exists():
        return kept.read_bytes()
    with open_verified(path, sha256) as file:
        picture = draw_thumbnail(file)
    kept.write_bytes(picture)
    return picture


def all_stored() -> Iterator[str]:
    """The places of all files that lie in the folder, thumbnails and half-written ones too."""
    if not folder().is_dir():
        return
    for file in sorted(folder().rglob("*")):
        if file.is_file():
            yield file.relative_to(folder()).as_posix()


def owner_of(path: str) -> str:
    """The file to which one belongs: itself, or for a thumbnail the picture it shows."""
    return path.removesuffix(_THUMBNAIL)


def written_at(path: str) -> datetime:
    return datetime.fromtimestamp((folder() / path).stat().st_mtime, UTC)
