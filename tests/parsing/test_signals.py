import pytest

from tracker.parsing.layout import Passage
from tracker.parsing.signals import read_blockers, read_flags


def blockers(text):
    return [found.quote for found in read_blockers(Passage(text), 0, len(text))]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        pytest.param(
            "一是新库房待县发改局批复后开工。", "新库房待县发改局批复后开工", id="awaiting"
        ),
        pytest.param("因受编制总数限制，岗位空缺。", "因受编制总数限制", id="limited"),
        pytest.param("正多方筹措资金，年内开工。", "正多方筹措资金", id="money"),
        pytest.param("用地手续报批，尚在审批中。", "尚在审批中", id="in-approval"),
        pytest.param("该楼属历史遗留项目。", "该楼属历史遗留项目", id="legacy"),
    ],
)
def test_it_quotes_what_stands_in_the_way(text, quote):
    assert quote in blockers(text)


@pytest.mark.parametrize(
    "text", ["修订资金管理办法。", "经批准后实施，已全部完成。", "解决历史遗留问题12件。"]
)
def test_ordinary_work_blocks_nothing(text):
    assert blockers(text) == []


def test_flags_are_raised_once_each_with_their_clause():
    text = "一是立行立改，补齐记录。二是立行立改。三是啃下“硬骨头”，长期坚持。"
    found = read_flags(Passage(text), 0, len(text))
    assert [(flag.name, flag.quote) for flag in found] == [
        ("立行立改", "立行立改"),
        ("长期坚持", "长期坚持"),
        ("硬骨头", "啃下“硬骨头”"),
    ]
    assert [text[flag.span.start : flag.span.end] for flag in found] == [f.quote for f in found]
