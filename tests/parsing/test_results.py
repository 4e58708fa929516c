import pytest

from tracker.parsing.layout import Passage
from tracker.parsing.results import read_results


def read(text):
    return [(r.name, r.value, r.unit) for r in read_results(Passage(text), len(text), len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "已完成整改21个，正在整改3个，完成率87.5%。",
            [("done", 21, "个"), ("in_progress", 3, "个"), ("rate", 87.5, "%")],
            id="state",
        ),
        pytest.param("制定完善制度12项。", [("rules", 12, "项")], id="rules"),
        pytest.param("追缴资金18.6万元。", [("recovered", 18.6, "万元")], id="money"),
        pytest.param(
            "给予党纪处分2人，诫勉谈话三人，谈话提醒11人次。",
            [("punished", 2, "人"), ("admonished", 3, "人"), ("talked_to", 11, "人次")],
            id="people",
        ),
        pytest.param("召开会议5次。", [], id="activity"),
    ],
)
def test_it_reads_what_the_bulletin_states_of_itself(text, expected):
    assert read(text) == expected


def test_what_stands_inside_the_problems_is_not_the_bulletin_s():
    text = "已完成整改2个。一、问题整改情况 给予处分3人。"
    section = text.index("一、")
    found = read_results(Passage(text), section, len(text))
    assert [result.quote for result in found] == ["已完成整改2个"]
