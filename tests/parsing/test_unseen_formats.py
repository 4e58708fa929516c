"""The unseen notices as Word files with automatic numbers and as web pages: read as their text."""

from datetime import date
from pathlib import Path

import pytest

from tests.parsing.test_gold_formats import as_gbk_page, as_numbered_docx
from tracker.parsing import parse

TODAY = date(2026, 11, 22)
SAMPLES = sorted((Path(__file__).resolve().parents[1] / "bulletins" / "unseen").glob("*.txt"))


def told(content):
    """What was read, without places: those are of each file's own text."""
    return [
        (
            *(p.path, p.number, p.title.replace("\n", ""), p.claim.status, p.owner),
            [m.text.replace("\n", "") for m in p.measures],
            [d.on for d in p.deadlines],
            [d.title.replace("\n", "") for d in p.documents],
            [(i.done, i.total, i.remaining, i.rate) for i in p.indicators],
        )
        for p in parse(content, today=TODAY).problems
    ]


@pytest.mark.parametrize("convert", [as_numbered_docx, as_gbk_page])
@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_it_is_read_as_its_text(file, convert):
    # Neither converter keeps bold: the text is compared without it too.
    text = file.read_text(encoding="utf-8").replace("**", "")
    assert told(convert(text)) == told(text.encode())


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_what_a_web_page_hides_between_words_changes_nothing(file):
    text = file.read_text(encoding="utf-8")
    assert told(text.replace("。", "。\u200b").encode()) == told(text.encode())
