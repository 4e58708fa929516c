"""How much room is left where the board writes; without any, nothing can be done any more."""

import shutil
from pathlib import Path
from typing import NamedTuple

from django.conf import settings


class Place(NamedTuple):
    name: str
    folder: Path
    free_megabytes: int


def nearly_full() -> list[Place]:
    """The places that the board writes to and that have less free space than is set."""
    folders = {"佐证材料": settings.TRACKER_MEDIA, "审计归档": settings.AUDIT_FOLDER}
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        folders["数据库"] = Path(database["NAME"]).parent
    places = [Place(name, folder, _free_megabytes(folder)) for name, folder in folders.items()]
    return [place for place in places if place.free_megabytes < settings.FREE_MEGABYTES]


def _free_megabytes(folder: Path) -> int:
    """The rest of the disk of a folder, or of where it will be made."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free // 1024**2
