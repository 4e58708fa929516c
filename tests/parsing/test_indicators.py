import pytest

from tracker.parsing.indicators import read_indicators
from tracker.parsing.layout import Passage


def read(text):
    return [
        (figure.label, figure.done, figure.total, figure.remaining, figure.rate)
        for figure in read_indicators(Passage(text), 0, len(text))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "遗留合同共30份，已办结24份，剩余6份正在协商。",
            [("遗留合同", 24, 30, 6, None)],
            id="total-done-remaining",
        ),
        pytest.param(
            "应覆盖站点共计50个,现已覆盖站点40个,覆盖率80%。",
            [("站点", 40, 50, None, "80%")],
            id="with-rate",
        ),
        pytest.param("18座泵站已全部完成检修。", [("泵站", 18, 18, None, None)], id="all-of-them"),
        pytest.param(
            "5个泵站、3个闸口已全部建成。",
            [("泵站", 5, 5, None, None), ("闸口", 3, 3, None, None)],
            id="a-list-shares-its-verb",
        ),
        pytest.param("入户率达到96.5%。", [("入户率", None, None, None, "96.5%")], id="rate-alone"),
        pytest.param(
            "完成年度清淤任务的106.2%。",
            [("年度清淤任务", None, None, None, "106.2%")],
            id="above-a-hundred",
        ),
        pytest.param(
            "9座泵站中已有7座通过验收，另外2座正在调试。",
            [("泵站", 7, 9, 2, None)],
            id="part-of",
        ),
        pytest.param(
            "计划招聘20名，已到岗15名，其余5名正在体检。",
            [("招聘", 15, 20, 5, None)],
            id="planned-and-reached",
        ),
        pytest.param(
            "12家单位已安装9家。剩余3家正在安装。",
            [("单位", 9, 12, 3, None)],
            id="the-rest-in-the-next-sentence",
        ),
        pytest.param(
            "对6家作坊进行整治，已完成关停4家、搬迁2家。",
            [("作坊", 6, 6, None, None)],
            id="parts-that-add-up",
        ),
        pytest.param(
            "处置土地180亩，占任务数240亩的75%。", [("土地", 180, 240, None, "75%")], id="share-of"
        ),
        pytest.param("补贴已兑现85%。", [("补贴", None, None, None, "85%")], id="paid-in-part"),
        pytest.param("除一家外均已缴费。", [("数量", None, None, 1, None)], id="in-characters"),
        pytest.param("占比不低于50%。", [], id="a-bound"),
        pytest.param("漏损率由14%降至9%。", [], id="a-fall"),
        pytest.param("整改目标：完成9座泵站检修。", [], id="a-target"),
        pytest.param("召开会议6次，发放手册300份。", [], id="activity"),
        pytest.param("案件同比下降12%。", [], id="change"),
        pytest.param("预计可增加泊位90个。", [], id="forecast"),
    ],
)
def test_it_reads_figures_on_the_state(text, expected):
    assert read(text) == expected


def test_an_approximate_number_says_so():
    text = "已清理违建约40处。"
    assert [figure.approx for figure in read_indicators(Passage(text), 0, len(text))] == [True]


def test_the_day_of_a_figure_is_read():
    text = "截至2024年10月31日，隐患30处已整改28处。截至6月底，合同8份已办结8份。"
    found = read_indicators(Passage(text), 0, len(text), 2023)
    assert [str(figure.as_of_on) for figure in found] == ["2024-10-31", "2023-06-30"]


def test_figures_that_contradict_each_other_are_kept_as_printed():
    assert [figure[1:4] for figure in read("滞留件共有6件，已办结9件。")] == [(9, 6, None)]


def test_a_rate_of_one_thing_is_not_that_of_the_next():
    figures = read("入户率77.5%，第一批97名学员已发放证书。")
    assert [(done, rate) for _, done, _, _, rate in figures] == [(None, "77.5%"), (97, None)]
