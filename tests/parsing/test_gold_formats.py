"""The real bulletins turned into Word files and web pages: read no worse than as plain text."""

import html
import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.parsing.reading.build import docx, paragraph
from tracker.parsing import parse
from tracker.parsing.numerals import number_value
from tracker.parsing.reading.numbering import printed

SHARED = Path(__file__).resolve().parents[3] / "shared"
SCORER = SHARED / "tools" / "score_bulletins.py"

pytestmark = pytest.mark.skipif(
    not SCORER.exists(),
    reason="the shared folder with bulletins and gold is not beside the project",
)
# How a heading is typed, and the level, format and pattern that Word prints it with.
LEVELS = (
    (re.compile(r"([一二三四五六七八九十]+)、"), "chineseCounting", "%1、"),
    (re.compile(r"（([一二三四五六七八九十]+)）"), "chineseCountingThousand", "（%2）"),
    (re.compile(r"(\d+)[.．](?!\d)"), "decimal", "%3."),
    (re.compile(r"（(\d+)）"), "decimal", "（%4）"),
)


def lines(text):
    return text.replace("**", "").splitlines()


def as_docx(text):
    return docx("".join(map(paragraph, lines(text))))


def as_numbered_docx(text):
    """Leave the typed numbers out and have Word count; a new instance wherever it counts wrong."""
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:suff w:val="nothing"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for n, (_, form, pattern) in enumerate(LEVELS)
    )
    numbering = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    numbers, counts, body = 0, [0] * 4, ""
    for line in lines(text):
        depth, match = next(
            ((n, m) for n, (typed, _, _) in enumerate(LEVELS) if (m := typed.match(line))),
            (None, None),
        )
        value = number_value(match[1]) if match else 0
        form = LEVELS[depth][1] if match else ""
        if not match or printed(value, form) != match[1]:
            body += paragraph(line)
            continue
        if not numbers or value != counts[depth] + 1:
            numbers += 1
            numbering += (
                f'<w:num w:numId="{numbers}"><w:abstractNumId w:val="0"/><w:lvlOverride '
                f'w:ilvl="{depth}"><w:startOverride w:val="{value}"/></w:lvlOverride></w:num>'
            )
        counts[depth], counts[depth + 1 :] = value, [0] * (3 - depth)
        body += paragraph(line[match.end() :], number=str(numbers), depth=depth)
    return docx(body, numbering=numbering)


def as_gbk_page(text):
    body = "".join(f"<p>{html.escape(line)}</p>\n" for line in lines(text))
    menu = "".join(f"<li><a href='#'>栏目{n}</a></li>" for n in range(8))
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head>'
        f"<body><div class='nav'><ul>{menu}</ul></div><div id='zoom'>{body}</div>"
        "<div class='footer'>版权所有　联系电话：010-00000000</div></body></html>"
    ).encode("gb18030")


def scores(folder, convert):
    """Return the scorer's table of the bulletins after conversion."""
    for file in sorted((SHARED / "bulletins").glob("*.txt")):
        content = file.read_bytes()
        converted = convert(content.decode("utf-8-sig")) if convert else content
        reading = parse(converted, today=date(2026, 11, 22)).as_json()
        target = folder / f"{file.stem}.json"
        target.write_text(json.dumps(reading, ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, str(SCORER), str(SHARED / "gold"), str(folder), "--json"]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


@pytest.fixture(scope="module")
def as_text(tmp_path_factory):
    return scores(tmp_path_factory.mktemp("text"), None)


@pytest.mark.parametrize("convert", [as_docx, as_numbered_docx, as_gbk_page])
def test_every_column_stays_what_it_is_for_text(convert, as_text, tmp_path):
    assert scores(tmp_path, convert)["mean"] == pytest.approx(as_text["mean"], abs=0.005)
