import pytest

from tracker.parsing.layout import Passage
from tracker.parsing.spelling import _SIMPLIFIED, _TRADITIONAL, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("關於值班不嚴的問題", "关于值班不严的问题", id="traditional"),
        pytest.param(
            "一是排班,二是抽查;三是公示.", "一是排班，二是抽查；三是公示。", id="half-width"
        ),
        pytest.param('落实"日巡查"制度', "落实“日巡查”制度", id="straight-quotes"),
        pytest.param('漏了一半的"引号', '漏了一半的"引号', id="odd-straight-quote"),
        pytest.param("投资3.5亿元,见www.a.example.", "投资3.5亿元，见www.a.example.", id="figures"),
        pytest.param("一.组织领导", "一.组织领导", id="outline-number"),
        pytest.param("（二）.问题整改", "（二）.问题整改", id="bracketed-outline-number"),
    ],
)
def test_it_keeps_every_character_in_its_place(text, expected):
    assert plain(text) == expected
    assert len(plain(text)) == len(text)


def test_each_traditional_character_has_its_counterpart():
    assert len(_TRADITIONAL) == len(_SIMPLIFIED)
    assert not set(_TRADITIONAL) & set(_SIMPLIFIED)


def test_what_is_quoted_is_what_was_printed():
    passage = Passage("**關於**值班,\n\n  不嚴的問題")
    assert passage.text == "关于值班，\n不严的问题"
    assert passage.printed(0, len(passage.text)) == "關於值班,\n不嚴的問題"
    assert passage.printed(5, 7) == "\n不"
