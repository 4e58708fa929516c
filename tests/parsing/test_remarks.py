from datetime import date

import pytest

from tracker.parsing import parse

HEAD = """中共青禾县水利局党组关于巡察整改情况的通报
2025年3月3日至5月9日，县委第一巡察组对县水利局党组进行了巡察。2025年6月6日，县委第一巡察组向县水利局党组反馈了巡察意见，指出2个问题。现将整改情况予以公布。
一、巡察反馈问题整改情况
"""
TAIL = "\n欢迎广大干部群众进行监督。\n中共青禾县水利局党组\n2025年9月1日\n"
CLEAN = "1.关于值班不严的问题\n一是排班。二是抽查。\n2.关于归档滞后的问题\n一是补档。"


def remarks(body):
    bulletin = parse((HEAD + body + TAIL).encode(), today=date(2026, 11, 22))
    return {
        remark.code: remark.span and bulletin.text[remark.span.start : remark.span.end]
        for remark in bulletin.remarks
    }


def test_a_clean_bulletin_gets_none():
    assert remarks(CLEAN) == {}


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        pytest.param(
            f"{CLEAN}\n3.关于用车不规范的问题\n一是登记。", "count_differs", "2个问题", id="count"
        ),
        pytest.param(
            CLEAN.replace("2.", "3."), "number_skipped", "3.关于归档滞后的问题", id="skipped"
        ),
        pytest.param(
            CLEAN.replace("2.", "1."), "number_repeated", "1.关于归档滞后的问题", id="repeated"
        ),
        pytest.param(CLEAN.replace("二是", "四是"), "measure_number", "四是", id="measure-number"),
        pytest.param(
            CLEAN.replace("一是补档。", ""), "no_measure", "2.关于归档滞后的问题", id="empty"
        ),
        pytest.param(
            CLEAN.replace("归档滞后", "值班不严"),
            "title_repeated",
            "2.关于值班不严的问题\n一是补档。",
            id="same-title",
        ),
        pytest.param(
            CLEAN.replace("补档。", "补档，计划两年内完成补档。"),
            "deadline_unclear",
            "计划两年内完成补档",
            id="undated",
        ),
        pytest.param(
            CLEAN.replace("补档。", "补档，预计2025年7月底完成。"),
            "deadline_past",
            "预计2025年7月底完成",
            id="already-past",
        ),
        pytest.param(
            CLEAN.replace("补档。", "补档，欠档共30卷，已归档20卷，归档率90%。"),
            "figures_differ",
            "欠档共30卷，已归档20卷，归档率90%",
            id="rate-does-not-follow",
        ),
        pytest.param(
            CLEAN.replace("一是补档。", "一是完善《档案暂行规\n\n定》。"),
            "lines_joined",
            "规\n\n定",
            id="joined",
        ),
        pytest.param(
            CLEAN.replace("补档。", "补档，签订“承诺书。"), "quote_unclosed", "“", id="quote"
        ),
    ],
)
def test_it_names_the_doubt_and_its_place(body, code, place):
    assert remarks(body).get(code) == place


def test_text_in_no_problem_is_listed():
    body = "（一）值守方面\n本方面由分管领导牵头。\n" + CLEAN
    bulletin = parse((HEAD + body + TAIL).encode(), today=date(2026, 11, 22))
    assert [piece.text for piece in bulletin.remainder] == ["本方面由分管领导牵头。"]
