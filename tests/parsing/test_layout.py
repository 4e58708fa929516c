import pytest

from tracker.parsing.layout import Passage


def paragraphs(text):
    return [line.text for line in Passage(text).paragraphs()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "一是修订《渠道管护暂行规\n\n定》，落实到人。",
            ["一是修订《渠道管护暂行规定》，落实到人。"],
            id="inside-a-document",
        ),
        pytest.param(
            "一是组织护渠队沿线巡查，对发现的问题逐\n条登记。",
            ["一是组织护渠队沿线巡查，对发现的问题逐条登记。"],
            id="inside-a-word",
        ),
        pytest.param(
            "1.关于值班的问题\n一是排班。", ["1.关于值班的问题", "一是排班。"], id="title-then-text"
        ),
        pytest.param(
            "一是组织巡查，登记在册\n2.关于归档的问题",
            ["一是组织巡查，登记在册", "2.关于归档的问题"],
            id="a-number-starts-anew",
        ),
        pytest.param("**二是**登记。", ["二是登记。"], id="bold"),
        pytest.param("登记。\n— 3 —\n归档。", ["登记。", "归档。"], id="page-number"),
    ],
)
def test_it_joins_what_was_torn_and_nothing_else(text, expected):
    assert paragraphs(text) == expected


def test_every_clean_character_knows_its_place():
    source = "　　一是**登记**，对渠\n\n道逐条巡查。\n\n二是归档。\n"
    passage = Passage(source)
    assert [passage.text[n] for n in range(len(passage.text))] == [
        source[passage.place(n)] for n in range(len(passage.text))
    ]


def test_a_paragraph_knows_its_line():
    assert [line.number for line in Passage("\n甲。\n\n乙。").paragraphs()] == [2, 4]
