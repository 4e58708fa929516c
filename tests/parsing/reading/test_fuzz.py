"""Any bytes give a draft or a clear refusal, never another error: damaged files of every format."""

import re
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.parsing.reading.build import W, archive, docx, ole, paragraph, relations, workbook
from tracker.parsing import BulletinUnreadable, ParsedBulletin, parse

FILES = Path(__file__).resolve().parents[2] / "bulletins" / "files"
SAMPLES = {file.name: file.read_bytes() for file in FILES.iterdir() if file.suffix != ".json"}
NOTICE = (
    "关于整改情况的通报\n一、反馈问题整改情况\n（一）学习方面\n1.关于计划不落实的问题。一是补学。"
    "二是签到，共24人，已到18人，剩余6人2026年3月底前补学。\n2.关于记录不全的问题。已完成整改。\n"
)

NUMBERS = st.sampled_from([b"0", b"-1", b"99999999999999999999", b"x", b"", b"7"])

few = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    derandomize=True,
)


def check(content: bytes) -> None:
    """Read a file; whatever is wrong with it, the refusal is Chinese and says what to do."""
    read = outcome(content)
    if isinstance(read, BulletinUnreadable):
        assert read.message.endswith("。")
        return
    assert "\x00" not in read.text
    assert read.as_json()["text_length"] == len(read.text)
    for problem in read.problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(read.text)
        for measure in problem.measures:
            assert 0 <= measure.span.start < measure.span.end <= len(read.text)


def outcome(content: bytes) -> ParsedBulletin | BulletinUnreadable:
    try:
        return parse(content, today=date(2026, 11, 22))
    except BulletinUnreadable as refusal:
        return refusal


@st.composite
def damaged(draw, content: bytes) -> bytes:
    """Bytes with a few stretches overwritten, dropped or repeated."""
    data = bytearray(content)
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(start + draw(st.integers(0, 60)), len(data))
        data[start:end] = draw(
            st.one_of(st.binary(max_size=40), st.just(bytes(data[start:end]) * 2))
        )
    return bytes(data)


@few
@given(
    st.binary(max_size=300),
    st.sampled_from(
        [
            *(b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            *(b"<html><body>", b"MIME-Version: 1.0\nContent-Type: text/html\n\n", b"\xff\xfe"),
            *(b"\xef\xbb\xbf", b"{\\rtf"),
        ]
    ),
)
def test_any_bytes_behind_any_beginning(content, beginning):
    check(beginning + content)


@few
@given(
    damaged(NOTICE.encode()) | damaged(NOTICE.encode("gb18030")) | damaged(NOTICE.encode("utf-16"))
)
def test_damaged_text(content):
    check(content)


@few
@given(
    st.text(
        alphabet="一二三、（）()1２.．①“”《》：；，。是要问题整改 \n\t年月日%-\u3000\x0b",
        max_size=400,
    )
)
def test_text_of_nothing_but_marks(text):
    check(text.encode())


@pytest.mark.parametrize("name", sorted(name for name in SAMPLES if not name.endswith(".pdf")))
@settings(few, max_examples=8)
@given(st.data())
def test_damaged_files(name, data):
    check(data.draw(damaged(SAMPLES[name])))


@settings(few, max_examples=5)
@given(damaged(SAMPLES["ledger.pdf"]))
def test_damaged_pdf(content):
    check(content)


@pytest.mark.parametrize("name", ["notice.docx", "ledger.docx", "ledger.xlsx"])
@settings(few, max_examples=15)
@given(st.data())
def test_archives_with_one_damaged_part(name, data):
    with zipfile.ZipFile(BytesIO(SAMPLES[name])) as opened:
        parts = {part: opened.read(part) for part in opened.namelist()}
    part = data.draw(st.sampled_from(sorted(p for p in parts if p.endswith((".xml", ".rels")))))
    pieces = re.findall(rb"<[^>]*>|[^<]+", parts[part])
    for _ in range(data.draw(st.integers(1, 5))):
        n = data.draw(st.integers(0, len(pieces) - 1))
        pieces[n] = re.sub(rb"\d+", data.draw(NUMBERS), pieces[n])
    check(archive(parts | {part: b"".join(pieces)}))


XML_PIECES = st.lists(
    st.sampled_from(
        [
            *("<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>1.关于计划的问题。", "</w:t>", "<w:tbl>"),
            *(
                "</w:tbl>",
                "<w:tr>",
                "</w:tr>",
                "<w:tc>",
                "</w:tc>",
                "<w:sdt>",
                "</w:sdt>",
                "<w:br/>",
            ),
            *(
                '<w:tcPr><w:gridSpan w:val="3"/><w:vMerge/></w:tcPr>',
                "<w:tcPr><w:vMerge/></w:tcPr>",
            ),
            *(
                '<w:pPr><w:numPr><w:ilvl w:val="9"/><w:numId w:val="1"/></w:numPr></w:pPr>',
                "<w:del>",
            ),
            '<w:pPr><w:pStyle w:val="x"/><w:rPr><w:del/></w:rPr></w:pPr>',
        ]
    ),
    max_size=40,
)


def balanced(pieces: list[str]) -> str:
    """Close what is open and leave out what closes nothing, so that the reader gets to see it."""
    xml, open_tags = "", []
    for piece in pieces:
        name = piece.strip("<>/").split(">")[0].split()[0]
        if piece.startswith("</"):
            while name in open_tags:
                closing = open_tags.pop()
                xml += f"</{closing}>"
                if closing == name:
                    break
        else:
            xml += piece
            if not piece.endswith("/>") and not piece.endswith(f"</{name}>"):
                open_tags.append(name)
    return xml + "".join(f"</{name}>" for name in reversed(open_tags))


@few
@given(XML_PIECES)
def test_word_documents_that_nest_what_they_like(pieces):
    check(
        docx(balanced(pieces), numbering='<w:num w:numId="1"/>', styles='<w:style w:styleId="x"/>')
    )


@few
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A1", "B1", "A2", "B2", "C9", "ZZZ1", "", "A0", "-"]),
            st.sampled_from(["s", "n", "b", "e", "str", "inlineStr", "d", "x"]),
            st.sampled_from(
                ["0", "7", "-1", "45000", "1e400", "nan", "", "序号", "反馈问题", "整改措施"]
            ),
        ),
        max_size=12,
    ),
    st.sampled_from(["A1:B2", "B2:A1", "A1:XFD1048576", "", "A1", "x:y"]),
)
def test_workbooks_with_any_cells(cells, merged):
    sheet = "".join(
        f'<row r="{n}"><c r="{place}" t="{kind}" s="{n % 3}"><v>{value}</v></c></row>'
        for n, (place, kind, value) in enumerate(cells)
    )
    merge = f'<mergeCells><mergeCell ref="{merged}"/></mergeCells>'
    check(
        workbook(
            f"<sheetData>{sheet}</sheetData>{merge}",
            strings=["反馈问题", "整改措施"],
            formats=["0%", "yyyy/m/d"],
        )
    )


@few
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "<table>",
                    "</table>",
                    "<tr>",
                    "<td rowspan=3>",
                    "<td colspan=9>",
                    "<th>序号",
                    "<th>",
                ),
                *(
                    "反馈问题",
                    "整改措施",
                    "<ol>",
                    "<li>",
                    "</ol>",
                    "<ul>",
                    "<br>",
                    "<div>",
                    "</div>",
                ),
                *(
                    "1.关于值班的问题。",
                    "<style>",
                    "<![CDATA[",
                    "<!--",
                    "&#0;",
                    "&#xD800;",
                    "<pre>",
                    "\x0b",
                ),
            ]
        ),
        max_size=60,
    )
)
def test_pages_of_any_tags(pieces):
    check(("<html><body>" + "".join(pieces)).encode())


@few
@given(
    st.dictionaries(
        st.sampled_from(["word/document.xml", "xl/workbook.xml", "_rels/.rels"]),
        st.binary(max_size=80),
    )
)
def test_archives_with_any_parts(parts):
    check(archive(parts))


@few
@given(st.sampled_from(["../../etc/passwd", "", "/", "word/document.xml", "x:y", "."]))
def test_archives_that_point_anywhere(target):
    document = f'<w:document xmlns:w="{W}"><w:body>{paragraph(NOTICE)}</w:body></w:document>'
    check(archive({"_rels/.rels": relations(officeDocument=target), "word/document.xml": document}))


@few
@given(damaged(ole("WordDocument", "1Table")))
def test_damaged_old_files(content):
    check(content)
