"""Walks tests/bulletins/files: one notice and one ledger, the same in every format."""

import json
from datetime import date
from pathlib import Path

import pytest

from tracker.parsing import parse

FILES = Path(__file__).resolve().parents[2] / "bulletins" / "files"
SAMPLES = sorted(file for file in FILES.iterdir() if file.suffix != ".json")


def read(file):
    return parse(file.read_bytes(), today=date(2026, 11, 22))


def only(wanted, read):
    """Cut a reading down to the keys that the expectation names, so that the two compare."""
    if isinstance(wanted, dict) and isinstance(read, dict):
        return {key: only(wanted[key], read.get(key)) for key in wanted}
    if isinstance(wanted, list) and isinstance(read, list) and len(wanted) == len(read):
        return [only(*pair) for pair in zip(wanted, read, strict=True)]
    return read


def test_there_is_a_sample_of_every_format():
    assert {file.suffix for file in SAMPLES} == {".docx", ".html", ".mht", ".pdf", ".xlsx"}
    assert len(SAMPLES) >= 8


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.name)
class TestSample:
    def test_it_is_read_as_written_beside_it(self, file):
        expected = json.loads(file.with_name(f"{file.stem}.json").read_text(encoding="utf-8"))
        assert only(expected, read(file).as_json()) == expected

    def test_every_place_points_at_the_words_read(self, file):
        bulletin = read(file)

        def printed(span):
            return "".join(bulletin.text[span.start : span.end].split())

        for problem in bulletin.problems:
            assert "".join(problem.title.split()) in printed(problem.span)
            for measure in problem.measures:
                assert printed(measure.span) == "".join(measure.text.split())
            for deadline in problem.deadlines:
                assert printed(deadline.span) == "".join(deadline.quote.split())
            for document in problem.documents:
                assert printed(document.span) == document.title

    def test_nothing_else_of_the_file_is_in_the_text(self, file):
        text = read(file).text
        for words in (
            "当前位置",
            "ICP备",
            "年度工作会议",
            "看不见",
            "脚本",
            "隐藏的字",
            "删去的字",
        ):
            assert words not in text
        assert "作废的问题" not in text
        assert "档案馆文件" not in text
