"""Walks tests/bulletins/unseen: notices whose reading was written down before any rule saw them.

Each NNN.json holds the whole expected reading in the gold form: what a careful person reads, with
other defensible readings in *_alt and status_accept. Indicators of a tier other than core are
allowed, not wanted.
"""

import json
import re
import subprocess
import sys
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from tracker.parsing import parse

SAMPLES = sorted((Path(__file__).resolve().parents[1] / "bulletins" / "unseen").glob("*.txt"))
SCORER = Path(__file__).resolve().parents[3] / "shared" / "tools" / "score_bulletins.py"
TODAY = date(2026, 11, 22)
FLOOR = 0.95


def read(file):
    return parse(file.read_bytes(), today=TODAY).as_json()


def expected(file):
    return json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))


def bare(text):
    """Text without blanks and bold marks, in one width: what is compared."""
    return re.sub(r"\s|\*", "", unicodedata.normalize("NFKC", text or ""))


def test_there_are_samples():
    assert len(SAMPLES) >= 12


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
class TestUnseen:
    def test_it_has_exactly_these_problems_each_under_its_headings(self, file):
        problems = expected(file)["problems"]
        got = read(file)["problems"]
        assert [[bare(h) for h in p["path"]] for p in got] == [
            [bare(h) for h in p["path"]] for p in problems
        ]
        for wanted, problem in zip(problems, got, strict=True):
            assert bare(problem["title_core"]) in bare(wanted["title"])

    def test_it_has_exactly_these_measures(self, file):
        for wanted, problem in zip(expected(file)["problems"], read(file)["problems"], strict=True):
            assert len(problem["measures"]) == len(wanted["measures"])
            for measure, ends in zip(problem["measures"], wanted["measures"], strict=True):
                start = bare(ends["text_start"])[:12]
                assert bare(measure["text"]).startswith(start)
                accepted = {ends["text_end"], ends.get("text_end_before_closing", ends["text_end"])}
                assert bare(measure["text"]).endswith(tuple(bare(end) for end in accepted))

    def test_it_reads_states_dates_documents_and_owners(self, file):
        for wanted, problem in zip(expected(file)["problems"], read(file)["problems"], strict=True):
            assert problem["status"] in {wanted["status"], *wanted.get("status_accept", [])}
            promised = {d["date"] for d in wanted["deadlines"] if d["type"] == "completion"}
            allowed = {d["date"] for d in wanted["deadlines"]}
            assert promised <= {d["date"] for d in problem["deadlines"]} <= allowed
            assert [bare(d) for d in problem["documents"]] == [bare(d) for d in wanted["documents"]]
            if "owner" in wanted:
                assert problem["owner"] == wanted["owner"]

    def test_no_sentence_is_left_over(self, file):
        if expected(file)["problems"]:
            assert read(file)["remainder"] == []


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    if not SCORER.exists():
        pytest.skip("the shared folder with the scorer is not beside the project")
    folder = tmp_path_factory.mktemp("read")
    for file in SAMPLES:
        target = folder / f"{file.stem}.json"
        target.write_text(json.dumps(read(file), ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, str(SCORER), str(SAMPLES[0].parent), str(folder), "--json"]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def test_every_column_reaches_the_floor(scores):
    assert {c: s for c, s in scores["mean"].items() if s is not None and s < FLOOR} == {}


def test_no_bulletin_falls_far_behind(scores):
    weak = {
        (name, column): score
        for name, row in scores["bulletins"].items()
        for column, score in row.items()
        if score is not None and score < 0.8
    }
    assert weak == {}
