from pathlib import Path

from tests.parsing.reading.build import pdf
from tracker.parsing.reading import read

FILES = Path(__file__).resolve().parents[2] / "bulletins" / "files"


def page(*lines, left=72, top=760, step=20):
    """A page whose lines are (text, indent) or plain text; Helvetica of 12 points."""
    each = [line if isinstance(line, tuple) else (line, 0) for line in lines]
    return b"".join(
        b"BT /F1 12 Tf %d %d Td (%s) Tj ET\n" % (left + indent, top - step * n, text.encode())
        for n, (text, indent) in enumerate(each)
    )


def lines(*pages):
    return read(pdf(*pages), max_bytes=10**6).text.splitlines()


FULL = "These words fill the whole width of the page from one side to other"


def test_full_lines_go_on_and_short_ones_end():
    assert lines(page(FULL, "and here it ends.", FULL, "again.")) == [
        *(f"{FULL} and here it ends.", f"{FULL} again."),
    ]


def test_an_indented_line_begins_a_paragraph():
    assert lines(page((FULL[:-4], 24), FULL, (FULL[:-4], 24))) == [
        *(f"{FULL[:-4]} {FULL}", FULL[:-4]),
    ]


def test_a_paragraph_goes_on_over_the_page():
    assert lines(page(FULL), page("and ends.", FULL, "there.")) == [
        *(f"{FULL} and ends.", f"{FULL} there."),
    ]


def test_running_headers_and_page_numbers_are_dropped():
    def numbered(n):
        return page("Office of files", f"Line {n} of the text.", top=800, step=60) + page(
            f"- {n} -", top=40
        )

    assert lines(*(numbered(n) for n in (1, 2, 3))) == [
        *("Line 1 of the text.", "Line 2 of the text.", "Line 3 of the text."),
    ]


def test_pages_that_are_pictures_among_others_are_named():
    picture = b"q 500 0 0 700 0 0 cm /I1 Do Q"
    source = read(pdf(page(*[FULL] * 20), picture, page(*[FULL] * 20)), max_bytes=10**6)
    assert source.unread == ("PDF 第2页是扫描的图片，没有文字，读不到其中的内容，请人工补录",)


def test_a_row_torn_by_the_page_break_is_one_row():
    table = read((FILES / "ledger.pdf").read_bytes(), max_bytes=10**6).tables[0]
    texts = [cell.text for cell in table.cells]
    assert "门面出租合同到期未续签" in texts
    assert any(text.startswith("逐份清理") and text.endswith("收缴情况。") for text in texts)
