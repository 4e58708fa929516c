"""一事一档: everything on one ticket as a zip, written piece by piece while it is sent.

Nobody's memory has to hold it: text parts are small, files of evidence pass through in chunks. Each
file is compared with its digest first, so the index tells which are sound and which are not.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from tracker.evidence import storing
from tracker.models import Evidence, Person, Ticket
from tracker.ticket_page import history, printed_source, said_by_bulletins

INDEX = "目录.html"
HEADINGS = ("序号", "文件", "关键佐证", "类型", "字节数", "SHA-256", "上传人", "时间", "说明")
# Names that Windows keeps for devices, with any extension.
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
MOST_IN_NAME = 80


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One file of evidence and its place in the zip; `fault` says in Chinese why it is missing."""

    evidence: Evidence
    place: str
    fault: str = ""


class _Pipe(io.RawIOBase):
    """What `zipfile` writes to: a buffer that is emptied after every step."""

    def __init__(self):
        self._chunks: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        data = bytes(data)
        self._chunks.append(data)
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        return self._at

    def take(self) -> bytes:
        chunks, self._chunks = self._chunks, []
        return b"".join(chunks)


def file_name(ticket: Ticket, made_at: datetime) -> str:
    """The name of the zip, which any system can hold."""
    return f"{safe(f'{ticket.number} {ticket.title}')}_{made_at:%Y%m%d-%H%M}.zip"


def safe(name: str) -> str:
    """A name that Windows can write: no device, no forbidden mark, not too long.

    >>> safe('验收单:3/4？<终稿>.pdf'), safe("con.txt"), safe("  ..  ")
    ('验收单_3_4？_终稿_.pdf', '_con.txt', '未命名')
    """
    name = re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if dot:
        name = f"{stem[:MOST_IN_NAME].strip(' .')}.{extension[:10]}"
    else:
        name = extension[:MOST_IN_NAME].strip(" .")
    return f"_{name}" if _RESERVED.match(name) else name or "未命名"


def stream(ticket: Ticket, *, by: Person, made_at: datetime) -> Iterator[bytes]:
    """The bytes of the zip, in pieces."""
    enclosed = list(_check(ticket))
    pipe = _Pipe()
    archive = zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED)
    stamp = made_at.timetuple()[:6]

    def entry(name: str) -> zipfile.ZipInfo:
        # zipfile marks names beyond ASCII as UTF-8 by itself.
        info = zipfile.ZipInfo(name, stamp)
        info.compress_type = zipfile.ZIP_DEFLATED
        return info

    index = _index(ticket, enclosed, by, made_at)
    for name, content in (
        (INDEX, index.encode()),
        ("样式.css", _style()),
        ("目录.csv", _table(enclosed)),
        ("通报原文.txt", _source(ticket)),
    ):
        archive.writestr(entry(name), content)
        yield pipe.take()
    for item in enclosed:
        if not item.fault:
            yield from _copy(archive, pipe, entry(item.place), item.evidence)
    archive.close()
    yield pipe.take()


def _check(ticket: Ticket) -> Iterator[Enclosed]:
    """Each file with a place of its own and with what is wrong with it."""
    for number, evidence in enumerate(ticket.evidence.for_card().order_by("pk"), start=1):
        folder = "已撤回材料" if evidence.is_withdrawn else "佐证材料"
        place = f"{folder}/{number:03d}_{safe(evidence.name)}"
        fault = ""
        try:
            storing.open_verified(evidence.path, evidence.sha256).close()
        except storing.Missing:
            fault = "文件缺失，未收入"
        except storing.Tampered:
            fault = "文件与登记的摘要不符，未收入"
        yield Enclosed(evidence, place, fault)


def _copy(archive, pipe: _Pipe, info: zipfile.ZipInfo, evidence: Evidence) -> Iterator[bytes]:
    # Pictures and office files are compressed already.
    info.compress_type = zipfile.ZIP_STORED
    info.file_size = evidence.size
    with (
        (storing.folder() / evidence.path).open("rb") as file,
        archive.open(info, "w") as part,
    ):
        while chunk := file.read(storing.CHUNK):
            part.write(chunk)
            yield pipe.take()
    yield pipe.take()


def _index(ticket: Ticket, enclosed: list[Enclosed], by: Person, made_at: datetime) -> str:
    events = history(ticket)
    context = {
        "ticket": ticket,
        "source": printed_source(ticket),
        "said": said_by_bulletins(ticket),
        "measures": ticket.measures.all(),
        "events": list(reversed(events)),
        "sheets": ticket.signoffs.select_related("cycle", "submitter")
        .prefetch_related("opinions__by", "opinions__acting_for")
        .order_by("pk"),
        "enclosed": enclosed,
        "by": by,
        "made_at": made_at,
        "today": made_at.date(),
    }
    return render_to_string("tracker/dossier.html", context)


def _style() -> bytes:
    return Path(finders.find("css/dossier.css")).read_bytes()


def _table(enclosed: list[Enclosed]) -> bytes:
    """The files as a table for a spreadsheet, which needs the mark to read it as UTF-8."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(
        ["序号", "文件", "关键佐证", "类型", "字节数", "SHA-256", "上传人", "时间", "说明"]
    )
    for number, item in enumerate(enclosed, start=1):
        evidence = item.evidence
        note = item.fault or (f"已撤回：{evidence.withdrawn_why}" if evidence.is_withdrawn else "")
        cells = [
            number,
            item.place,
            "是" if evidence.is_key else "",
            evidence.get_kind_display(),
            evidence.size,
            evidence.sha256,
            str(evidence.by),
            f"{evidence.at.astimezone():%Y-%m-%d %H:%M}",
            note,
        ]
        rows.writerow([_no_formula(cell) for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _no_formula(cell):
    """A text that a spreadsheet would calculate is marked as text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell


def _source(ticket: Ticket) -> bytes:
    if ticket.source_start is None:
        return "通报中没有这个问题的原文位置。".encode()
    text = ticket.bulletin.text[ticket.source_start : ticket.source_end]
    return f"{ticket.bulletin.title}\n\n{text}".encode()
