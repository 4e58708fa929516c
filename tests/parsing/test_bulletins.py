"""Walks tests/bulletins: each NNN.txt must be read as its NNN.json says.

The expectation names only what matters to the sample; whatever it leaves out may be anything.
"""

import json
from datetime import date
from pathlib import Path

import pytest

from tracker.parsing import parse

SAMPLES = sorted((Path(__file__).resolve().parents[1] / "bulletins").glob("[0-9]*.txt"))
TODAY = date(2026, 11, 22)


def read(file):
    return parse(file.read_bytes(), today=TODAY)


def expected(file):
    return json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))


def only(wanted, read):
    """Cut a reading down to the keys that the expectation names, so that the two compare."""
    if isinstance(wanted, dict) and isinstance(read, dict):
        return {key: only(wanted[key], read.get(key)) for key in wanted}
    if isinstance(wanted, list) and isinstance(read, list) and len(wanted) == len(read):
        return [only(*pair) for pair in zip(wanted, read, strict=True)]
    return read


def test_there_are_samples():
    assert len(SAMPLES) >= 9


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
class TestSample:
    def test_it_is_read_as_written_beside_it(self, file):
        wanted = expected(file)
        assert only(wanted, read(file).as_json()) == wanted

    def test_every_character_of_the_section_is_in_a_heading_a_problem_or_the_remainder(self, file):
        bulletin = read(file)
        pieces = [*bulletin.headings, *bulletin.problems, *bulletin.remainder]
        covered = {n for piece in pieces for n in range(piece.span.start, piece.span.end)}
        section = range(bulletin.section_span.start, bulletin.section_span.end)
        lost = [n for n in section if n not in covered and not bulletin.text[n].isspace()]
        assert "".join(bulletin.text[n] for n in lost) == ""

    def test_every_place_holds_the_words_that_were_read_there(self, file):
        bulletin = read(file)

        def printed(span):
            return bulletin.text[span.start : span.end].replace("**", "").replace("\n", "")

        for problem in bulletin.problems:
            found = [*problem.measures, *problem.documents]
            words = [getattr(item, "text", None) or item.title for item in found]
            quoted = [*problem.deadlines, *problem.indicators]
            found += quoted
            words += [item.quote for item in quoted]
            if problem.claim.span:
                found.append(problem.claim)
                words.append(problem.claim.quote)
            for item, text in zip(found, words, strict=True):
                assert printed(item.span) == text.replace("\n", "")
                assert problem.span.start <= item.span.start < item.span.end <= problem.span.end

    @pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
    def test_it_reads_the_same_in_another_encoding(self, file, encoding):
        text = file.read_text(encoding="utf-8")
        assert parse(text.encode(encoding), today=TODAY) == read(file)

    def test_it_reads_the_same_with_windows_newlines(self, file):
        content = file.read_bytes().replace(b"\n", b"\r\n")
        assert parse(content, today=TODAY) == read(file)


def test_keys_are_unique_in_every_sample():
    for file in SAMPLES:
        keys = [problem.key for problem in read(file).problems]
        assert len(keys) == len(set(keys)), file.name
