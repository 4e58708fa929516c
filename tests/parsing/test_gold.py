"""The reader measured on real bulletins, where the shared folder lies beside the project."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tracker.parsing import parse

SHARED = Path(__file__).resolve().parents[3] / "shared"
SCORER = SHARED / "tools" / "score_bulletins.py"

pytestmark = pytest.mark.skipif(
    not SCORER.exists(),
    reason="the shared folder with bulletins and gold is not beside the project",
)
# What the mean of all bulletins must reach.
FLOORS = {
    "meta": 0.95,
    "measure_f1": 0.99,
    "measure_text": 0.97,
    "status": 0.95,
    "deadline_f1": 0.95,
    "document_f1": 0.95,
    "indicator_f1": 0.95,
    "overall": 0.975,
}


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    folder = tmp_path_factory.mktemp("read")
    for file in sorted((SHARED / "bulletins").glob("*.txt")):
        reading = parse(file.read_bytes(), today=date(2026, 11, 22)).as_json()
        target = folder / f"{file.stem}.json"
        target.write_text(json.dumps(reading, ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, str(SCORER), str(SHARED / "gold"), str(folder), "--json"]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


@pytest.mark.parametrize("column", ["leaf_p", "leaf_r", "path"])
def test_every_bulletin_has_exactly_its_problems_in_their_place(scores, column):
    assert {name: row[column] for name, row in scores["bulletins"].items()} == dict.fromkeys(
        scores["bulletins"], 1.0
    )


@pytest.mark.parametrize("column", FLOORS)
def test_the_mean_reaches_its_floor(scores, column):
    assert scores["mean"][column] >= FLOORS[column]


@pytest.mark.parametrize("file", sorted((SHARED / "bulletins").glob("*.txt")), ids=lambda f: f.stem)
def test_no_sentence_is_left_over(file):
    assert parse(file.read_bytes(), today=date(2026, 11, 22)).remainder == ()
