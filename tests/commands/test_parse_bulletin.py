import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "bulletins" / "009.txt"


def run(*arguments):
    out = StringIO()
    call_command("parse_bulletin", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_it_prints_problems_remarks_and_what_is_left_over():
    printed = run(SAMPLE)

    assert "中共南屏镇委员会关于巡察整改进展情况的通报" in printed
    assert "（一）惠民政策落实方面" in printed
    assert "关于临时救助发放不及时的问题" in printed
    assert "第15行：“关于低保动态调整滞后的问题”没有整改措施的文字" in printed
    assert "未归入任何问题的文字1处\n  第9行：这一方面的整改由分管民政的副镇长牵头推进。" in printed


def test_json_holds_all_of_it():
    reading = json.loads(run(SAMPLE, "--json"))

    assert [problem["key"] for problem in reading["problems"]] == ["1.1", "1.2", "1.4", "1.4#2"]
    assert reading["text_length"] == len(SAMPLE.read_text(encoding="utf-8"))
    assert reading["remarks"]
    assert len(reading["remainder"]) == 1


def test_a_refused_file_says_why(tmp_path):
    file = tmp_path / "空.txt"
    file.write_bytes(b"")
    with pytest.raises(CommandError, match="文件是空的"):
        run(file)


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(CommandError, match="打不开文件"):
        run(tmp_path / "没有.txt")


def test_it_needs_no_database():
    nowhere = "postgres://nobody:wrong@127.0.0.1:1/none"
    reply = subprocess.run(
        [sys.executable, "manage.py", "parse_bulletin", str(SAMPLE)],
        cwd=ROOT,
        env={
            **os.environ,
            "TRACKER_DATABASE_URL": nowhere,
            "TRACKER_SECRET_KEY": "for-the-tests-only",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert reply.returncode == 0, reply.stderr
    assert "关于临时救助发放不及时的问题" in reply.stdout
