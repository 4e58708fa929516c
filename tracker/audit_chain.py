"""The chain of audit events: how they are linked, sealed, checked and archived.

Each event carries the digest of the one before, so that an edit, a gap or a change of order shows.
A tail that was cut off leaves a sound chain, only a shorter one: it shows against the signed head
of the chain, and against the seals, whose copies lie on another machine.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from tracker.models import AuditArchive, AuditEvent, AuditHead, AuditSeal, triggers

NOTHING = "0" * 64
# 网络安全法: network logs are kept for at least six months.
KEPT_AT_LEAST = timedelta(days=180)

_LINKED = tuple(
    field.attname for field in AuditEvent._meta.concrete_fields if field.attname != "digest"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One place at which the chain is not what was written; `seq` says where."""

    seq: int
    what: str

    def __str__(self):
        return f"第{self.seq}号：{self.what}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check of the whole chain found."""

    first: int
    last: int
    faults: tuple[Fault, ...]

    @property
    def is_sound(self) -> bool:
        return not self.faults


def fingerprint(event: AuditEvent) -> str:
    """The digest of an event: of all that it says and of the digest of the one before."""
    said = [getattr(event, name) for name in _LINKED]
    said = [
        item.astimezone(UTC).isoformat() if isinstance(item, datetime) else item for item in said
    ]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.new(event.algorithm, text.encode()).hexdigest()


def signature(purpose: str, *said: object) -> str:
    """Sign with the server's key what must not be made anew in SQL."""
    text = "|".join([purpose, *map(str, said)])
    return hmac.new(settings.AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _is_signed(mac: str, purpose: str, *said: object) -> bool:
    return hmac.compare_digest(mac, signature(purpose, *said))


def begin(**kwargs) -> None:
    """Receiver of post_migrate: an empty chain has a head too, for `record` to lock."""
    table = AuditHead._meta.db_table
    if table in connection.introspection.table_names() and not AuditHead.objects.exists():
        mac = signature("head", 0, NOTHING)
        AuditHead.objects.create(pk=1, seq=0, digest=NOTHING, mac=mac)


# -- checking -------------------------------------------------------------------------------------


def verify(seals: Iterable[dict] = ()) -> Outcome:
    """Walk the whole chain and compare its end with its head and with every seal.

    `seals` are copies from another machine, as `seal` printed them: they also tell a chain that
    was cut off together with its head and with the seals in this database.
    """
    faults = []
    start, digest = _start(faults)
    wanted = _seals(seals, faults)
    first, expected = start + 1, start + 1
    for event in AuditEvent.objects.order_by("seq").iterator(chunk_size=2000):
        if event.seq < expected:
            faults.append(Fault(event.seq, "已归档的序号又出现。"))
            continue
        if event.seq > expected:
            missing = f"第{expected}至{event.seq - 1}号" if event.seq - expected > 1 else "这一号"
            faults.append(Fault(expected, f"缺失（{missing}不在）。"))
        elif event.previous != digest:
            faults.append(Fault(event.seq, "与前一条接不上：被调换、插入或重写。"))
        if fingerprint(event) != event.digest:
            faults.append(Fault(event.seq, "内容被改动，与摘要不符。"))
        if (sealed := wanted.pop(event.seq, None)) and sealed != event.digest:
            faults.append(Fault(event.seq, "与封存的摘要不符：此号之前被重写。"))
        expected, digest = event.seq + 1, event.digest
    last = expected - 1
    faults += _end(last, digest)
    for seq in sorted(wanted):
        if seq > last:
            faults.append(Fault(last + 1, f"末尾被截断：封存过第{seq}号，现在只到第{last}号。"))
    return Outcome(first, last, tuple(faults))


def _start(faults: list[Fault]) -> tuple[int, str]:
    """Where the chain begins: at nothing, or where the last archive ended."""
    archive = AuditArchive.objects.first()
    if archive is None:
        return 0, NOTHING
    said = (archive.seq, archive.digest, archive.file_digest)
    if not _is_signed(archive.mac, "archive", *said):
        faults.append(Fault(archive.seq, "归档的签名不符：归档记录是伪造的，或密钥换过。"))
    return archive.seq, archive.digest


def _seals(copies: Iterable[dict], faults: list[Fault]) -> dict[int, str]:
    """The digest that each sealed event must have; a seal with a false signature is a fault."""
    start = AuditArchive.objects.values_list("seq", flat=True).first() or 0
    wanted = {}
    own = AuditSeal.objects.values("seq", "digest", "mac")
    for seal in [*own, *copies]:
        if not _is_signed(seal["mac"], "seal", seal["seq"], seal["digest"]):
            faults.append(Fault(seal["seq"], "封存的签名不符：封存是伪造的，或密钥换过。"))
        elif seal["seq"] > start:
            wanted[seal["seq"]] = seal["digest"]
    return wanted


def _end(last: int, digest: str) -> Iterator[Fault]:
    head = AuditHead.objects.filter(pk=1).first()
    if head is None:
        yield Fault(last, "链头不见了。")
        return
    if not _is_signed(head.mac, "head", head.seq, head.digest):
        yield Fault(head.seq, "链头的签名不符：链头被改动，或密钥换过。")
    if head.seq > last:
        yield Fault(last + 1, f"末尾被截断：链头记到第{head.seq}号，现在只到第{last}号。")
    elif (head.seq, head.digest) != (last, digest):
        yield Fault(last, "末尾与链头不符：有未经系统写入的记录。")


# -- sealing --------------------------------------------------------------------------------------


def seal(now: datetime) -> dict:
    """Sign the present end of the chain; the caller sends a copy to another machine."""
    with transaction.atomic():
        head = AuditHead.objects.select_for_update().get(pk=1)
        mac = signature("seal", head.seq, head.digest)
        AuditSeal.objects.create(seq=head.seq, digest=head.digest, at=now, mac=mac)
    at = now.astimezone(UTC).isoformat()
    return {"seq": head.seq, "digest": head.digest, "at": at, "mac": mac}


# -- archiving ------------------------------------------------------------------------------------


class NotArchived(Exception):
    """The events stay where they are; the message says why, in Chinese."""


def purge(before: datetime, folder: Path, now: datetime) -> AuditArchive | None:
    """Move the events before this time to a signed file, and only then out of the database.

    Refuses what is younger than the law allows, and a chain that is not sound. The file is read
    again and compared before anything goes. None means that there was nothing so old.
    """
    if now - before < KEPT_AT_LEAST:
        raise NotArchived(f"审计记录至少保存{KEPT_AT_LEAST.days}天，不能归档更近的。")
    with transaction.atomic():
        AuditHead.objects.select_for_update().get(pk=1)
        outcome = verify()
        if not outcome.is_sound:
            raise NotArchived(f"审计链不完整，先查明原因：{outcome.faults[0]}")
        # Times may step back with the clock of the server: what goes is an unbroken beginning.
        kept = AuditEvent.objects.filter(at__gte=before).order_by("seq").first()
        old = AuditEvent.objects.order_by("seq")
        old = old.filter(seq__lt=kept.seq) if kept else old.none()
        last = old.last()
        if last is None:
            return None
        path = folder / f"audit-{outcome.first}-{last.seq}.jsonl"
        content = "".join(f"{line}\n" for line in _lines(old)).encode()
        _write_signed(path, content)
        if path.read_bytes() != content:
            raise NotArchived(f"{path} 写入后读回不一致，没有归档。")
        file_digest = hashlib.sha256(content).hexdigest()
        triggers.remove(connection, [AuditEvent._meta.db_table])
        old.delete()
        triggers.install(connection)
        return AuditArchive.objects.create(
            seq=last.seq,
            digest=last.digest,
            at=now,
            file_name=path.name,
            file_digest=file_digest,
            mac=signature("archive", last.seq, last.digest, file_digest),
        )


def _lines(events: Iterable[AuditEvent]) -> Iterator[str]:
    for event in events:
        said = {name: getattr(event, name) for name in (*_LINKED, "digest")}
        said["at"] = event.at.astimezone(UTC).isoformat()
        yield json.dumps(said, ensure_ascii=False)


def _write_signed(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # "x": an archive that is there already is never written over.
    with path.open("xb") as file:
        file.write(content)
    digest = hashlib.sha256(content).hexdigest()
    mac = signature("file", digest)
    path.with_suffix(".sig").write_text(f"{digest} {mac}\n", encoding="ascii")


def is_archive_sound(path: Path) -> bool:
    """Tell whether an archived file is the one that was signed."""
    digest, mac = path.with_suffix(".sig").read_text(encoding="ascii").split()
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    return content == digest and _is_signed(mac, "file", digest)
