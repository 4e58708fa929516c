"""The process that reads bulletins: what it hands back, and what ends it."""

import json
import logging
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from tests.parsing.reading.build import ole
from tracker.parsing import BulletinUnreadable, parse
from tracker.parsing.worker import parse_in_worker

ROOT = Path(__file__).resolve().parents[1]
FILES = ROOT / "tests" / "bulletins" / "files"
TODAY = date(2026, 11, 22)
LONG = "一、关于值班的问题\n一是加强值守，二是逐日登记。\n".encode()


def refusal(content, **options):
    with pytest.raises(BulletinUnreadable) as caught:
        parse_in_worker(content, today=TODAY, **options)
    return caught.value


@pytest.mark.parametrize("name", ["notice.docx", "ledger.pdf"])
def test_it_reads_what_would_be_read_here(name):
    content = (FILES / name).read_bytes()
    here = parse(content, today=TODAY)
    there = parse_in_worker(content, today=TODAY)
    assert there == json.loads(json.dumps(here.as_json() | {"text": here.text}))


def test_it_hands_on_the_reasons_of_a_refusal():
    refused = refusal(b"x" * 2_000_000, name="菜单.txt", max_bytes=1024 * 1024)
    assert refused.code == "too_large"
    assert "1 MB" in refused.message


def test_a_file_that_takes_too_long_is_given_up():
    started = time.monotonic()
    refused = refusal(LONG * 150_000, seconds=1)
    assert time.monotonic() - started < 15
    assert refused.code == "timeout"
    assert "1秒" in refused.message


def test_a_file_that_takes_too_much_memory_is_given_up():
    refused = refusal(LONG * 30_000, megabytes=64)
    assert refused.code == "memory"
    assert "内存" in refused.message


def test_it_sees_nothing_of_our_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("TRACKER_SECRET_KEY", "known only here")
    seen = tmp_path / "seen"
    with pytest.raises(BulletinUnreadable):
        parse_in_worker(ole("WordDocument"), today=TODAY, converter=f"sh -c 'env > {seen}'")
    assert "HOME=" in seen.read_text(encoding="utf-8")
    assert "known only here" not in seen.read_text(encoding="utf-8")


def test_an_error_of_ours_is_logged_and_refused_without_a_traceback(caplog):
    with caplog.at_level(logging.ERROR):
        refused = refusal(ole("WordDocument"), converter=7)
    assert refused.code == "broken"
    assert "交给管理员" in refused.message


def test_it_needs_no_django():
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, tracker.parsing.worker; print('django' in sys.modules)",
        ],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    assert loaded.stdout.strip() == "False"


class TestConverter:
    """A converter stands in for an office suite: it copies a finished .docx into the folder."""

    def test_an_old_file_is_read_after_its_conversion(self):
        made = FILES / "notice.docx"
        there = parse_in_worker(
            ole("WordDocument"), today=TODAY, converter=f"cp {made} {{out}}/made.docx"
        )
        assert there["title"] == "青禾县档案馆党支部关于巡察整改进展情况的通报"

    @pytest.mark.parametrize("converter", ["false", "no-such-command-anywhere", "true"])
    def test_one_that_fails_is_told_of_with_what_to_do(self, converter):
        refused = refusal(ole("WordDocument"), converter=converter)
        assert refused.code == "legacy"
        assert "另存为 .docx" in refused.message

    def test_an_encrypted_file_is_not_given_to_it(self, tmp_path):
        touched = tmp_path / "touched"
        refused = refusal(ole("EncryptedPackage"), converter=f"touch {touched}")
        assert refused.code == "encrypted"
        assert not touched.exists()
