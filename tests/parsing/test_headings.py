import pytest

from tracker.parsing.headings import opening, outline
from tracker.parsing.quotes import Quotes


def read(text):
    return [
        (mark.style.name, mark.value, text[mark.title_start : mark.title_end])
        for mark in outline(text, 0, len(text), Quotes(text))
    ]


@pytest.mark.parametrize(
    ("line", "style", "value"),
    [
        pytest.param("第一方面问题，落实不力", "aspect", 1, id="aspect"),
        pytest.param("十二、关于用章", "section", 12, id="section"),
        pytest.param("（三）关于用车", "category", 3, id="full-width"),
        pytest.param("(三)关于用车", "category", 3, id="half-width"),
        pytest.param("㈡关于用车", "category", 2, id="one-character"),
        pytest.param("4.关于值班", "item", 4, id="dot"),
        pytest.param("4、关于值班", "item", 4, id="pause-mark"),
        pytest.param("１２．关于值班", "item", 12, id="full-width-digits"),
        pytest.param("（7）关于归档", "subitem", 7, id="subitem"),
        pytest.param("⑶关于归档", "subitem", 3, id="subitem-one-character"),
        pytest.param("②关于印章", "circled", 2, id="circled"),
        pytest.param("问题五：值守松散", "problem", 5, id="problem"),
        pytest.param("整改任务三：管网破损", "problem", 3, id="task"),
        pytest.param("序号：7 反馈问题：账目不清", "row", 7, id="row-of-a-form"),
        pytest.param("第二，值班不严的问题。", "ordinal", 2, id="ordinal"),
        pytest.param("三是关于“值班不严”的问题。", "first_is", 3, id="first-is"),
        pytest.param("——关于值班不严的问题。", "dashed", 0, id="dashed"),
        pytest.param("审计发现问题：账实不符", "labelled", 0, id="labelled"),
        pytest.param("2.9座泵站停用", "item", 2, id="glued-to-a-count"),
    ],
)
def test_it_knows_each_way_to_number(line, style, value):
    found = opening(line)
    assert (found.style.name, found.value) == (style, value)


@pytest.mark.parametrize(
    "line", ["3.5亿元已拨付", "2024.11起实行", "一是加强值守", "统一部署", "【责任领导】：某人"]
)
def test_text_that_only_looks_numbered_opens_nothing(line):
    assert opening(line) is None


def test_the_title_ends_at_the_first_full_stop_outside_quotes():
    assert read("1.标语“要快。要好。”乱贴。一是清理。") == [("item", 1, "标语“要快。要好。”乱贴")]


def test_the_title_ends_before_a_label_and_before_the_first_measure():
    assert read("1.关于值班的问题 整改情况：一是排班。") == [("item", 1, "关于值班的问题")]
    assert read("1.关于值班的问题，一是排班。") == [("item", 1, "关于值班的问题")]


def test_two_headings_on_one_line_are_split_where_the_numbering_goes_on():
    text = "2.用章不严\n（二）队伍建设方面存在的问题3.培养乏力"
    assert read(text) == [
        ("item", 2, "用章不严"),
        ("category", 2, "队伍建设方面存在的问题"),
        ("item", 3, "培养乏力"),
    ]


def test_a_number_that_does_not_go_on_splits_no_title():
    assert read("（二）落实9.6号文件精神不够") == [("category", 2, "落实9.6号文件精神不够")]


def test_a_heading_behind_a_sentence_is_found_and_a_list_behind_one_is_not():
    text = "1.值班不严。一是排班。2.归档不及时。一是补档。3.发放手套。"
    assert read(text) == [("item", 1, "值班不严"), ("item", 2, "归档不及时")]


def test_an_ordinal_that_names_no_shortcoming_is_text():
    assert read("1.值班不严\n第一，加强值守。") == [("item", 1, "值班不严")]


def test_a_state_behind_the_title_is_no_part_of_it():
    for text in ("1.值班不严的问题（已完成整改）", "1.值班不严的问题。（持续推进）\n排班。"):
        assert read(text) == [("item", 1, "值班不严的问题")]


def test_a_list_below_a_label_numbers_measures_and_not_problems():
    text = (
        "1.值班不严\n整改措施：\n1.排班。\n2.抽查不严的岗位。\n2.归档不及时\n整改措施：\n1.补档。"
    )
    assert [title for *_, title in read(text)] == ["值班不严", "归档不及时"]
    text = "1.值班不严\n整改情况：1.排班。\n2.抽查。\n3.通报。"
    assert [title for *_, title in read(text)] == ["值班不严"]


def test_a_line_that_numbers_all_its_measures_is_no_heading():
    assert read("【值班不严】\n1）排班；2）抽查。") == [("bracketed", 1, "值班不严")]


def test_a_line_that_begins_with_a_far_number_is_text():
    assert read("1.值班不严\n48、49号泵站已检修") == [("item", 1, "值班不严")]
