import pytest

from tracker.parsing.reading import read

PAGE = '<html><head><meta charset="{name}"></head><p>整改情况</p><p>已完成整改。</p></html>'


def lines(page, encoding="utf-8"):
    return read(page.encode(encoding), max_bytes=10**6).text.splitlines()


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        *(("gb2312", "gb18030"), ("gbk", "gbk"), ("utf-8", "utf-8"), ("utf-16", "utf-16")),
        *(("gb2312", "utf-8"), ("utf-8", "gb18030"), ("no-such", "gbk"), ("", "gb18030")),
    ],
)
def test_a_page_is_read_as_it_is_written_whatever_it_declares(declared, written):
    assert lines(PAGE.replace("{name}", declared), written) == ["整改情况", "已完成整改。"]


def test_line_ends_of_the_file_are_none_of_the_text():
    assert lines("<p>整改\n  情况\nthe\nend</p><p>甲<br>乙</p>") == ["整改情况 the end", "甲", "乙"]


@pytest.mark.parametrize(
    ("opened", "printed"),
    [
        *(("<ol>", ["1. 甲", "2. 乙"]), ('<ol start="3">', ["3. 甲", "4. 乙"])),
        *(('<ol type="a">', ["a. 甲", "b. 乙"]), ("<ul>", ["甲", "乙"])),
        ('<ol style="list-style-type: cjk-ideographic">', ["一、甲", "二、乙"]),
    ],
)
def test_numbers_that_the_page_only_draws_are_printed(opened, printed):
    assert lines(f"<body>{opened}<li>甲<li>乙</ol></body>") == printed


def test_menus_and_hidden_parts_are_left_out_but_an_article_never_is():
    page = (
        "<body><nav><p>导航</p></nav><div class='main-menu'><p>菜单</p></div>"
        "<div hidden>藏</div><p style='DISPLAY: none'>藏</p><noscript>藏</noscript>"
        f"<div class='bottom' id='search'><p>{'整改情况' * 40}</p></div></body>"
    )
    assert lines(page) == ["整改情况" * 40]


def test_a_table_keeps_its_merged_cells():
    page = (
        "<table><tr><th rowspan=2>序号<th colspan=2>责任<tr><th>领导<th>科室"
        "<tr><td>1<td>方文<td>业务股</table>"
    )
    table = read(f"<html>{page}</html>".encode(), max_bytes=10**6).tables[0]
    assert [(c.text, c.row, c.column, c.rows, c.columns) for c in table.cells] == [
        *(("序号", 0, 0, 2, 1), ("责任", 0, 1, 1, 2), ("领导", 1, 1, 1, 1), ("科室", 1, 2, 1, 1)),
        *(("1", 2, 0, 1, 1), ("方文", 2, 1, 1, 1), ("业务股", 2, 2, 1, 1)),
    ]


def test_bold_words_that_open_a_paragraph_are_marked_as_a_title():
    page = (
        "<body><h1>通报</h1><p align=center><b>通报</b></p>"
        "<p><strong>值班不严</strong>。已整改。</p><h3>巡库不勤</h3><p>已<b>整改</b></p>"
        "<table><tr><td><b>甲</b><td>乙</table>"
    )
    assert lines(page) == [
        *("通报", "通报", "**值班不严**。已整改。", "**巡库不勤**", "已整改", "甲\t乙"),
    ]
