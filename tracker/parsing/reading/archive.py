"""Office files are zip archives of XML; both are opened within bounds here.

Neither what the archive says of itself nor what it holds is trusted: a small file may unpack to
gigabytes, and XML may name files and hosts or repeat itself a billion times.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from tracker.parsing.records import BulletinUnreadable

MEGABYTE = 1024 * 1024
MAX_ENTRIES = 5_000
MAX_UNPACKED = 300 * MEGABYTE
MAX_PART = 64 * MEGABYTE
# A table of equal rows packs 60 : 1; nothing written by people packs 200 : 1.
MAX_RATIO = 200
# Small parts may pack better than that and still do no harm.
_SMALL_PART = MEGABYTE
# Deeper than any document nests tables and boxes; readers walk it by recursion.
MAX_DEPTH = 60

# The strict variant of the format differs in nothing else that is read here.
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(main|relationships)")

# What zipfile raises on archives that are broken or made to break it.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    UnicodeError,
    ValueError,
)


class Archive:
    """The parts of an office file. Raises BulletinUnreadable (broken, bomb, encrypted)."""

    def __init__(self, content: bytes):
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except _BROKEN as error:
            raise broken() from error
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise _bomb()
        if any(
            entry.file_size > _SMALL_PART
            and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
            for entry in entries
        ):
            raise _bomb()
        if any(entry.flag_bits & 1 for entry in entries):
            raise BulletinUnreadable(
                "encrypted", "文件加了密码，打不开。请去掉密码、另存为 .docx 后再导入。"
            )
        self.names = {entry.filename for entry in entries}

    def read(self, name: str) -> bytes:
        """Return the bytes of one part."""
        try:
            if self._zip.getinfo(name).file_size > MAX_PART:
                raise _bomb()
            # zipfile stops at the size the archive declares, which was checked above.
            return self._zip.read(name)
        except _BROKEN as error:
            raise broken() from error

    def xml(self, name: str) -> etree._Element:
        """Return the root of one XML part, in the namespaces that Word and Excel write."""
        return parse_xml(
            _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", self.read(name))
        )

    def relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Yield (id, kind, name of the part) for all that a part refers to inside the archive."""
        folder, _, name = part.rpartition("/")
        relations = f"{folder}/_rels/{name}.rels".lstrip("/")
        if relations not in self.names:
            return
        for relation in self.xml(relations).iterfind("{*}Relationship"):
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External" and target:
                kind = relation.get("Type", "").rpartition("/")[2]
                path = posixpath.normpath(posixpath.join("/", folder, target))
                yield relation.get("Id", ""), kind, path.lstrip("/")


def parse_xml(content: bytes) -> etree._Element:
    """Return the root of an XML document that declares no types and no entities."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise _declares_entities()
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise broken() from error
    # Written in another encoding it is only seen now; no entity was replaced.
    if root.getroottree().docinfo.internalDTD is not None:
        raise _declares_entities()
    return root


def _declares_entities() -> BulletinUnreadable:
    return BulletinUnreadable(
        "hostile",
        "文件里有 Office 文件不该有的实体声明，可能被人动过手脚，不予读取。"
        "请向原单位索取原文件，或打开核对后另存为新的 .docx。",
    )


def broken() -> BulletinUnreadable:
    """Say that a file is damaged."""
    return BulletinUnreadable(
        "broken",
        "文件已损坏，读不出内容。请用 Word 或 WPS 打开核对；能打开的，另存为新的 .docx 后再导入。",
    )


def too_deep() -> BulletinUnreadable:
    """Say that a file nests deeper than documents do."""
    return BulletinUnreadable(
        "hostile",
        "文件的层层嵌套超出正常文件的范围，不予读取。请把正文复制到新文件，另存为 .docx 后再导入。",
    )


def _bomb() -> BulletinUnreadable:
    return BulletinUnreadable(
        "hostile",
        "文件解压后大得不正常，不予读取。请确认文件来源，打开核对后另存为新的 .docx 再导入。",
    )
