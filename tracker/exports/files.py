"""Where the files of exports lie: beside the evidence, under random names, until they expire."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from tracker.evidence import storing
from tracker.evidence.storing import Missing, Tampered


@dataclass(slots=True)
class Kept:
    """A file that is being written; once the block has ended, where it lies and what it is."""

    stream: BinaryIO
    folder: Path
    path: str = ""
    size: int = 0
    sha256: str = ""


def folder() -> Path:
    return Path(settings.TRACKER_MEDIA) / "exports"


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder for half-written parts that nobody else can read; gone afterwards."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=folder(), prefix="parts-") as name:
        yield Path(name)


@contextmanager
def keeping() -> Iterator[Kept]:
    """Write a file and keep it whole, or, if the block fails, not at all."""
    with own_folder() as parts:
        half = parts / "file"
        with half.open("w+b") as stream:
            kept = Kept(stream, parts)
            yield kept
            stream.flush()
            os.fsync(stream.fileno())
            kept.size = stream.seek(0, os.SEEK_END)
            kept.sha256 = storing.digest(stream)
        kept.path = secrets.token_hex(16)
        half.replace(folder() / kept.path)


def open_verified(path: str, sha256: str) -> BinaryIO:
    """Open a kept file after comparing all of it with its digest. Raises Missing or Tampered."""
    try:
        file = (folder() / path).open("rb")
    except OSError as error:
        raise Missing(path) from error
    if storing.digest(file) != sha256:
        file.close()
        raise Tampered(path)
    return file


def discard(path: str) -> None:
    (folder() / path).unlink(missing_ok=True)


def remove_left_over(known: set[str], before: datetime) -> None:
    """Remove files and half-written parts that no row knows and that are older than this."""
    if not folder().is_dir():
        return
    for one in folder().iterdir():
        if one.name in known or datetime.fromtimestamp(one.stat().st_mtime, UTC) >= before:
            continue
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)
