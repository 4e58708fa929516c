"""An attacker with the database in hand, its triggers gone: whatever was done, it shows where."""

import json
import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tracker import audit, audit_chain
from tracker.audit_chain import NOTHING, NotArchived, fingerprint, purge, seal, verify
from tracker.choices import AuditKind
from tracker.models import AuditArchive, AuditEvent, AuditHead, AuditSeal, triggers


def sql(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def chain(db):
    """Ten events, and no trigger to protect them."""
    for number in range(1, 11):
        audit.record(None, AuditKind.VIEW, f"第{number}件")
    triggers.remove(connection, ["tracker_auditevent", "tracker_audithead", "tracker_auditseal"])


def faults(seals=()) -> list[str]:
    return [str(fault) for fault in verify(seals).faults]


class TestVerify:
    def test_a_chain_that_nobody_touched_is_sound(self, chain):
        outcome = verify()

        assert outcome.is_sound
        assert (outcome.first, outcome.last) == (1, 10)

    def test_an_empty_chain_is_sound(self, db):
        assert verify().is_sound

    @pytest.mark.parametrize(
        "column", ["kind", "actor_name", "ip", "object_name", "after", "reason", "request_id"]
    )
    def test_an_edit(self, chain, column):
        sql(f"UPDATE tracker_auditevent SET {column} = 'login' WHERE seq = 4")

        assert faults() == ["第4号：内容被改动，与摘要不符。"]

    def test_another_time(self, chain):
        AuditEvent.objects.filter(seq=4).update(at=timezone.now() - timedelta(days=1))

        assert faults() == ["第4号：内容被改动，与摘要不符。"]

    def test_an_edit_with_its_digest_made_anew(self, chain):
        event = AuditEvent.objects.get(seq=4)
        event.reason = "无事"
        event.digest = fingerprint(event)
        event.save()

        assert faults() == ["第5号：与前一条接不上：被调换、插入或重写。"]

    def test_a_gap(self, chain):
        sql("DELETE FROM tracker_auditevent WHERE seq IN (4, 5)")

        assert faults() == ["第4号：缺失（第4至5号不在）。"]

    def test_a_beginning_that_is_gone(self, chain):
        sql("DELETE FROM tracker_auditevent WHERE seq <= 3")

        assert faults() == ["第1号：缺失（第1至3号不在）。"]

    def test_two_events_that_changed_places(self, chain):
        sql("UPDATE tracker_auditevent SET seq = 99 WHERE seq = 4")
        sql("UPDATE tracker_auditevent SET seq = 4 WHERE seq = 5")
        sql("UPDATE tracker_auditevent SET seq = 5 WHERE seq = 99")

        assert faults()[0] == "第4号：与前一条接不上：被调换、插入或重写。"

    def test_a_tail_that_was_cut_off(self, chain):
        sql("DELETE FROM tracker_auditevent WHERE seq > 7")

        assert faults() == ["第8号：末尾被截断：链头记到第10号，现在只到第7号。"]

    def test_a_tail_cut_off_and_the_head_set_back(self, chain):
        seventh = AuditEvent.objects.get(seq=7)
        sql("DELETE FROM tracker_auditevent WHERE seq > 7")
        AuditHead.objects.update(seq=7, digest=seventh.digest)

        assert faults() == ["第7号：链头的签名不符：链头被改动，或密钥换过。"]

    def test_a_tail_cut_off_and_an_old_signed_head_put_back(self, chain):
        old = AuditHead.objects.values("seq", "digest", "mac").get()
        audit.record(None, AuditKind.VIEW, "不想让人看见的")
        kept = seal(timezone.now())
        sql("DELETE FROM tracker_auditevent WHERE seq > 10")
        sql("DELETE FROM tracker_auditseal")
        AuditHead.objects.update(**old)

        assert faults() == []  # inside this database nothing tells
        assert faults([kept]) == ["第11号：末尾被截断：封存过第11号，现在只到第10号。"]

    def test_the_whole_chain_made_anew(self, chain):
        kept, previous = seal(timezone.now()), NOTHING
        for event in AuditEvent.objects.order_by("seq"):
            event.actor_name, event.previous = "别人", previous
            event.digest = previous = fingerprint(event)
            event.save()
        AuditHead.objects.update(digest=previous)

        found = faults()
        assert "第10号：与封存的摘要不符：此号之前被重写。" in found
        assert "第10号：链头的签名不符：链头被改动，或密钥换过。" in found
        assert "第10号：与封存的摘要不符：此号之前被重写。" in faults([kept])

    def test_an_event_added_by_hand(self, chain):
        event = AuditEvent.objects.get(seq=10)
        event.seq, event.previous = 11, event.digest
        event.digest = fingerprint(event)
        event.save(force_insert=True)

        assert faults() == ["第11号：末尾与链头不符：有未经系统写入的记录。"]

    def test_a_forged_seal(self, chain):
        AuditSeal.objects.create(seq=5, digest="f" * 64, at=timezone.now(), mac="0" * 64)

        assert faults() == ["第5号：封存的签名不符：封存是伪造的，或密钥换过。"]

    def test_a_head_that_is_gone(self, chain):
        sql("DELETE FROM tracker_audithead")

        assert faults() == ["第10号：链头不见了。"]

    def test_the_national_digest_is_a_setting(self, db, settings):
        audit.record(None, AuditKind.VIEW, "甲")
        settings.AUDIT_HASH = "sm3"
        audit.record(None, AuditKind.VIEW, "乙")

        assert [e.algorithm for e in AuditEvent.objects.order_by("seq")] == ["sha256", "sm3"]
        assert verify().is_sound


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE {} SET mac = 'x'", "DELETE FROM {}"])
def test_the_database_keeps_the_seals(statement):
    seal(timezone.now())

    with pytest.raises(IntegrityError, match="审计封存"), transaction.atomic():
        sql(statement.format("tracker_auditseal"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE tracker_auditevent SET reason = ''", "DELETE FROM tracker_auditevent"]
)
def test_the_database_keeps_the_events(statement):
    audit.record(None, AuditKind.VIEW, "甲")

    with pytest.raises(IntegrityError, match="审计记录只能新增"), transaction.atomic():
        sql(statement)


class TestCommands:
    def test_verify_says_where_and_fails(self, chain, capsys):
        call_command("audit_verify")
        assert "审计链完整：第1至10号。" in capsys.readouterr().out

        sql("UPDATE tracker_auditevent SET reason = 'x' WHERE seq = 4")
        with pytest.raises(CommandError, match="1处"):
            call_command("audit_verify")
        assert "第4号：内容被改动" in capsys.readouterr().out

    def test_a_seal_is_printed_kept_and_checked(self, chain, settings, tmp_path, capsys):
        settings.AUDIT_FOLDER = tmp_path
        call_command("audit_seal")
        line = capsys.readouterr().out
        assert json.loads(line)["seq"] == 10
        assert (tmp_path / "seals.jsonl").read_text() == line

        call_command("audit_verify", seals=tmp_path / "seals.jsonl")
        sql("DELETE FROM tracker_auditevent WHERE seq > 7")
        with pytest.raises(CommandError):
            call_command("audit_verify", seals=tmp_path / "seals.jsonl")


class TestPurge:
    """Nothing younger than the law allows goes, and nothing goes before it is kept elsewhere."""

    @pytest.fixture
    def old_chain(self, db, time_machine):
        for month in range(1, 11):
            time_machine.move_to(f"2025-{month:02d}-01T09:00:00+08:00")
            audit.record(None, AuditKind.VIEW, f"{month}月")
        time_machine.move_to("2026-03-01T09:00:00+08:00")

    def test_it_refuses_what_is_younger_than_half_a_year(self, old_chain, tmp_path):
        now = timezone.now()
        with pytest.raises(NotArchived, match="至少保存180天"):
            purge(now - timedelta(days=179), tmp_path, now)
        with pytest.raises(CommandError, match="至少保存180天"):
            call_command("audit_purge", days=30)

        assert AuditEvent.objects.count() == 10

    def test_what_is_older_goes_to_a_signed_file(self, old_chain, tmp_path, settings, capsys):
        settings.AUDIT_FOLDER = tmp_path

        call_command("audit_purge", days=180)

        archive = AuditArchive.objects.get()
        path = tmp_path / archive.file_name
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        assert [line["object_name"] for line in lines] == [f"{m}月" for m in range(1, 10)]
        assert list(AuditEvent.objects.values_list("seq", flat=True)) == [11, 10]
        assert verify().is_sound
        call_command("audit_verify", archive=[path])
        path.write_text(path.read_text().replace("3月", "4月"))
        with pytest.raises(CommandError):
            call_command("audit_verify", archive=[path])

    def test_the_guards_stand_again_afterwards(self, old_chain, tmp_path):
        purge(timezone.now() - timedelta(days=180), tmp_path, timezone.now())

        with pytest.raises(IntegrityError), transaction.atomic():
            sql("DELETE FROM tracker_auditevent")

    def test_a_forged_archive_does_not_hide_a_gap(self, chain):
        third = AuditEvent.objects.get(seq=3)
        sql("DELETE FROM tracker_auditevent WHERE seq <= 3")
        AuditArchive.objects.create(
            seq=3,
            digest=third.digest,
            at=timezone.now(),
            file_name="audit-1-3.jsonl",
            file_digest=NOTHING,
            mac=NOTHING,
        )

        assert faults() == ["第3号：归档的签名不符：归档记录是伪造的，或密钥换过。"]

    def test_a_broken_chain_is_not_archived(self, old_chain, tmp_path):
        triggers.remove(connection, ["tracker_auditevent"])
        sql("UPDATE tracker_auditevent SET reason = 'x' WHERE seq = 2")

        with pytest.raises(NotArchived, match="第2号"):
            purge(timezone.now() - timedelta(days=180), tmp_path, timezone.now())
        assert AuditEvent.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_chain():
    """Sixteen threads write at once: no number twice, no gap, and every link holds."""

    def write(name: int) -> None:
        try:
            for _ in range(5):
                audit.record(None, AuditKind.VIEW, f"线程{name}")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    outcome = audit_chain.verify()
    assert outcome.is_sound
    assert (outcome.first, outcome.last) == (1, 80)
