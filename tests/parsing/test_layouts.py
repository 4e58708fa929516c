"""Whole notices in layouts that need no sample of their own: very many problems, or none."""

from datetime import date

import pytest

from tracker.parsing import BulletinUnreadable, parse

HEAD = """中共青禾县水利局党组关于巡察整改情况的通报
2025年3月3日至5月9日，县委第一巡察组对县水利局党组进行了巡察。2025年6月6日，县委第一巡察组向县水利局党组反馈了巡察意见。现将整改情况予以公布。
"""
TAIL = "\n欢迎广大干部群众进行监督。\n中共青禾县水利局党组\n2025年9月1日\n"


def read(body):
    return parse((HEAD + body + TAIL).encode(), today=date(2026, 11, 22))


def test_two_hundred_problems_are_all_read():
    body = "一、巡察反馈问题整改情况\n" + "".join(
        f"{n}.关于第{n}号闸口值守不严的问题\n一是排班{n}次。二是抽查。\n" for n in range(1, 201)
    )
    bulletin = read(body)
    assert [problem.number_value for problem in bulletin.problems] == list(range(1, 201))
    assert bulletin.measure_count == 400
    assert bulletin.remarks == ()


def test_a_notice_without_problems_is_an_empty_draft_that_says_so():
    bulletin = read("局党组认真整改，反馈问题均已整改到位。今后将继续巩固成果。")
    assert bulletin.problems == ()
    assert [r.code for r in bulletin.remarks if r.severity == "must"] == ["no_problem"]
    assert bulletin.masthead.inspected_unit == "县水利局党组"


def test_a_text_that_is_no_notice_is_refused():
    with pytest.raises(BulletinUnreadable) as caught:
        parse("今日食堂供应面条。".encode(), today=date(2026, 11, 22))
    assert caught.value.code == "no_problem"


def test_each_measure_has_the_owner_printed_behind_it():
    body = (
        "一、巡察反馈问题整改情况\n1.关于值班不严的问题\n"
        "一是排班。（责任领导：许望舒，完成时限：2025年7月底）二是抽查。（责任科室：办公室）\n"
    )
    problem = read(body).problems[0]
    assert [measure.text for measure in problem.measures] == ["排班。", "抽查。"]
    owners = [measure.owner for measure in problem.measures]
    assert (owners[0].leader, owners[1].unit) == ("许望舒", "办公室")
    assert (problem.owner.leader, problem.owner.unit) == ("许望舒", "办公室")
    assert [deadline.on for deadline in problem.deadlines] == [date(2025, 7, 31)]


def test_a_form_gives_its_labels_to_the_problem():
    body = (
        "序号：1\n反馈问题：值班不严\n整改措施：一是排班。二是抽查。\n责任领导：许望舒\n"
        "责任部门：办公室\n整改时限：2025年7月31日\n整改结果：已完成\n"
        "序号：2\n反馈问题：归档滞后\n整改措施：补档。\n整改结果：正在推进\n"
    )
    first, second = read(body).problems
    assert (first.number, first.title_core, first.path) == ("序号：1", "值班不严", ())
    assert (first.owner.leader, first.owner.unit) == ("许望舒", "办公室")
    assert first.measures[-1].text == "抽查。"
    assert (first.claim.status, second.claim.status) == ("done", "in_progress")


@pytest.mark.parametrize(
    "text",
    [
        "周末安排\n\n上午去公园走一走，看看花。\n\n中午吃饭\n面条很好吃，汤也好喝。\n",
        "会议纪要\n\n一、关于会议室使用\n会议室需提前预约。\n\n二、关于节约用电\n下班请关灯。\n",
        "# 说明\n\n这个软件跟踪整改。\n\n## 怎么用\n先登录。\n\n## 怎么装\n运行一条命令即可。\n",
    ],
)
def test_a_text_that_is_no_notice_is_refused_whatever_its_headings(text):
    with pytest.raises(BulletinUnreadable) as refused:
        parse(text.encode(), today=date(2026, 11, 22))

    assert refused.value.code == "no_problem"


def test_headings_without_numbers_stand_over_titles_without_numbers():
    body = (
        "巡察反馈问题整改情况\n**工程方面**\n**闸门锈蚀严重**\n一是除锈。二是补漆。\n"
        "**巡堤不勤**\n每日巡堤两次，签字留痕，由乡镇抽查。\n**财务方面**\n**票据审核不严**\n"
        "修订《报销办法》。该问题已完成整改。\n"
    )
    problems = read(body).problems
    assert [(p.path, p.title) for p in problems] == [
        (("工程方面",), "闸门锈蚀严重"),
        (("工程方面",), "巡堤不勤"),
        (("财务方面",), "票据审核不严"),
    ]


def test_a_number_alone_on_its_line_stands_above_labelled_lines():
    body = (
        "问题一\n问题描述：闸门锈蚀\n整改措施：一是除锈。二是补漆。\n整改状态：已完成\n\n"
        "问题二\n问题描述：巡堤不勤\n整改措施：每日巡堤。\n整改状态：正在推进\n"
    )
    problems = read(body).problems
    assert [(p.number, p.title_core, len(p.measures), p.claim.status) for p in problems] == [
        ("问题一", "闸门锈蚀", 2, "done"),
        ("问题二", "巡堤不勤", 1, "in_progress"),
    ]
