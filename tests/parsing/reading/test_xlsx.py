import pytest

from tests.parsing.reading.build import workbook
from tracker.parsing.reading import read


def cells(sheet, **parts):
    source = read(workbook(sheet, **parts), max_bytes=10**6)
    return [(c.row, c.column, c.rows, c.columns, c.text) for c in source.tables[0].cells]


def one(cell, **parts):
    return cells(f'<sheetData><row r="1">{cell}</row></sheetData>', **parts)[0][-1]


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        *(("45473", "yyyy/m/d", "2024年6月30日"), ("45473", 'yyyy"年"m"月"', "2024年6月")),
        *(("0.775", "0.0%", "77.5%"), ("12", "0", "12"), ("0.1", "General", "0.1")),
        *(("1234567", "#,##0", "1234567"), ("abc", "0", "abc")),
    ],
)
def test_numbers_read_as_they_are_shown(value, shown, text):
    assert one(f'<c r="A1" s="0"><v>{value}</v></c>', formats=[shown]) == text


def test_text_comes_from_every_place_that_holds_it():
    row = (
        '<c r="A1" t="s"><v>1</v></c><c r="B1" t="inlineStr"><is><r><t>值</t></r><r><t>班</t></r>'
        '<rPh><t>zhi</t></rPh></is></c><c r="C1" t="str"><f>A1</f><v>结果</v></c>'
        '<c r="D1" t="b"><v>1</v></c><c r="E1" t="e"><v>#REF!</v></c><c r="F1" t="s"><v>9</v></c>'
    )
    found = cells(f'<sheetData><row r="1">{row}</row></sheetData>', strings=["零", "一"])
    assert [text for *_, text in found] == ["一", "值班", "结果", "是"]


def test_merged_ranges_are_one_cell_and_empty_rows_close_up():
    sheet = (
        '<sheetData><row r="1"><c r="A1" t="str"><v>甲</v></c><c r="B1" t="str"><v>乙</v></c></row>'
        '<row r="5"><c r="B5" t="str"><v>丙</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:A5"/></mergeCells>'
    )
    assert cells(sheet) == [(0, 0, 2, 1, "甲"), (0, 1, 1, 1, "乙"), (1, 1, 1, 1, "丙")]
