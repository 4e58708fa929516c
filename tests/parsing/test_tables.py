"""Ledgers in layouts that offices invent: columns in any order, wording and merging."""

from datetime import date

import pytest

from tests.parsing.reading.build import docx, paragraph, word_table
from tracker.parsing import BulletinUnreadable, parse
from tracker.parsing.table_problems import deadline_day
from tracker.parsing.tables import column_of


def read(*tables, before="", after=""):
    """Read a document of paragraphs and tables, each given as rows of texts."""
    parts = [paragraph(line) for line in before.splitlines()]
    parts += [word_table(*table) for table in tables]
    parts += [paragraph(line) for line in after.splitlines()]
    return parse(docx("".join(parts)), today=date(2025, 11, 22))


def told(bulletin):
    return [(p.number, p.title, [m.text for m in p.measures]) for p in bulletin.problems]


HEADER = ["序号", "反馈问题", "整改措施", "责任领导", "责任单位", "责任人", "完成时限", "整改进展"]
FIRST = ["1", "台账不全", "补齐台账。", "方文", "办公室", "丁一", "2025年6月底", "已完成整改。"]
SECOND = ["2", "巡库不勤", "每日巡库。", "苏木", "仓储股", "秦朗", "长期坚持", "正在推进"]


class TestColumns:
    @pytest.mark.parametrize("order", [range(8), range(7, -1, -1), (3, 0, 6, 1, 7, 2, 5, 4)])
    def test_their_order_does_not_matter(self, order):
        rows = [[row[n] for n in order] for row in (HEADER, FIRST, SECOND)]
        bulletin = read(rows)
        assert told(bulletin) == [
            ("1", "台账不全", ["补齐台账。"]),
            ("2", "巡库不勤", ["每日巡库。"]),
        ]
        first, second = bulletin.problems
        assert (first.owner.leader, first.owner.unit, first.owner.person) == (
            "方文",
            "办公室",
            "丁一",
        )
        assert [deadline.on for deadline in first.deadlines] == [date(2025, 6, 30)]
        assert (first.claim.status, second.claim.status) == ("done", "in_progress")
        assert second.kind_hint == "长期坚持"

    @pytest.mark.parametrize(
        ("header", "holds"),
        [
            *(("巡察反馈的具体问题", "problem"), ("存在的主要问题", "problem")),
            *(
                ("问题类别", "category"),
                ("问题整改情况", "progress"),
                ("整改措施落实情况", "progress"),
            ),
            *(("整改措施（可多行）", "measure"), ("主要措施及要求", "measure")),
            *(("牵 头\n领 导", "leader"), ("责任单位及责任人", "unit"), ("配合单位", "co_unit")),
            *(
                ("责任人及联系电话", "person"),
                ("整改完成时限", "deadline"),
                ("拟完成时间", "deadline"),
            ),
            *(
                ("是否完成整改", "status"),
                ("序　号", "number"),
                ("整改目标", "goal"),
                ("备注", "note"),
            ),
            *(("受理窗口", None), ("", None)),
        ],
    )
    def test_their_wording_is_known(self, header, holds):
        assert column_of(header) == holds

    def test_a_header_may_take_two_rows(self):
        table = [
            ["序号", "反馈问题", "整改措施", ">2责任分工", "时限"],
            ["^", "^", "^", "责任领导", "责任科室", "^"],
            ["1", "台账不全", "补齐台账。", "方文", "办公室", "2025.6"],
        ]
        [problem] = read(table).problems
        assert (problem.owner.leader, problem.owner.unit) == ("方文", "办公室")
        assert [deadline.on for deadline in problem.deadlines] == [date(2025, 6, 30)]

    def test_titles_above_the_header_are_no_rows(self):
        table = [
            [">8临川县粮食储备局巡察整改台账"],
            [">8填报单位：临川县粮食储备局"],
            HEADER,
            FIRST,
        ]
        bulletin = read(table)
        assert bulletin.masthead.title == "临川县粮食储备局巡察整改台账"
        assert bulletin.masthead.inspected_unit == "临川县粮食储备局"
        assert len(bulletin.problems) == 1

    def test_one_that_says_nothing_we_know_is_named(self):
        bulletin = read([[*HEADER, "打分"], [*FIRST, "5"]])
        assert [r.message for r in bulletin.remarks if r.code == "column_unused"] == [
            "表格的“打分”一列没有读取，请核对"
        ]


class TestRows:
    def test_a_problem_merged_over_its_measures_is_one(self):
        table = [
            HEADER,
            ["1", "台账不全", "1.补齐台账。", "方文", "办公室", "丁一", "2025年3月底", "已完成"],
            ["^", "^", "2.定期核对。", "^", "^", "秦朗", "2025年6月底", "正在推进"],
            SECOND,
        ]
        first, second = read(table).problems
        assert [(m.number, m.text) for m in first.measures] == [
            *(("1", "补齐台账。"), ("2", "定期核对。")),
        ]
        assert first.owner.person == "丁一、秦朗"
        assert first.claim.status == "in_progress"
        assert second.title == "巡库不勤"

    def test_so_is_one_whose_further_rows_are_left_empty(self):
        table = [HEADER, FIRST, ["", "", "定期核对。", "", "", "", "", "已完成"], SECOND]
        assert told(read(table))[0] == ("1", "台账不全", ["补齐台账。", "定期核对。"])

    def test_rows_across_the_table_are_categories(self):
        table = [HEADER, [">8一、管理方面"], [">8（一）账务"], FIRST, [">8二、作风方面"], SECOND]
        bulletin = read(table)
        assert [p.path for p in bulletin.problems] == [
            *(("一、管理方面", "（一）账务"), ("二、作风方面",)),
        ]
        assert [(h.depth, h.number, h.title) for h in bulletin.headings] == [
            *((1, "一", "管理方面"), (2, "（一）", "账务"), (1, "二", "作风方面")),
        ]

    def test_a_column_may_hold_the_categories(self):
        table = [
            ["问题类别", *HEADER],
            ["管理方面", *FIRST],
            ["^", *SECOND],
            ["作风方面", "3", *SECOND[1:]],
        ]
        assert [p.path for p in read(table).problems] == [
            *(("管理方面",), ("管理方面",), ("作风方面",)),
        ]

    def test_the_header_may_be_repeated_and_the_end_signed(self):
        table = [HEADER, FIRST, HEADER, SECOND, [">8合计2个问题"], [">8填表人：丁一"]]
        bulletin = read(table)
        assert len(bulletin.problems) == 2
        assert [piece.text for piece in bulletin.remainder] == ["合计2个问题\n填表人：丁一"]

    def test_a_table_without_header_goes_on_with_the_one_before(self):
        assert len(read([HEADER, FIRST], [SECOND]).problems) == 2

    def test_a_number_that_is_skipped_is_a_remark(self):
        remarks = read([HEADER, FIRST, ["4", *SECOND[1:]]]).remarks
        assert [r.message for r in remarks if r.code == "number_skipped"] == [
            "“4 巡库不勤”编号跳号：前一个是1"
        ]

    def test_numbers_may_stand_before_the_problem_or_nowhere(self):
        numbered = [[*HEADER[1:]], ["1.台账不全", *FIRST[2:]], ["2.巡库不勤", *SECOND[2:]]]
        assert [(p.number, p.title) for p in read(numbered).problems] == [
            *(("1", "台账不全"), ("2", "巡库不勤")),
        ]
        bare = [[*HEADER[1:]], FIRST[1:], SECOND[1:]]
        assert [(p.number, p.number_value) for p in read(bare).problems] == [("", 1), ("", 2)]


class TestPlaces:
    def test_every_place_points_at_its_words(self):
        bulletin = read([HEADER, FIRST, SECOND], before="说明\n", after="完")
        for problem in bulletin.problems:
            printed = bulletin.text[problem.span.start : problem.span.end]
            assert printed.startswith(problem.number)
            assert problem.title in printed
            for part in (*problem.measures, problem.claim):
                words = part.text if hasattr(part, "text") else part.quote
                assert bulletin.text[part.span.start : part.span.end].rstrip("。") == words.rstrip(
                    "。"
                )
            for deadline in problem.deadlines:
                assert bulletin.text[deadline.span.start : deadline.span.end] == deadline.quote

    def test_problems_follow_each_other_without_overlap(self):
        first, second = read([HEADER, FIRST, SECOND]).problems
        assert first.span.end <= second.span.start


class TestDeadlines:
    @pytest.mark.parametrize(
        ("words", "day"),
        [
            *(
                ("2025年6月底前", "2025-06-30"),
                ("2025.6.15", "2025-06-15"),
                ("2025/6", "2025-06-30"),
            ),
            *(
                ("2025-06-15", "2025-06-15"),
                ("2025年3月—9月", "2025-09-30"),
                ("6月底", "2025-06-30"),
            ),
            *(("2024年11月至2025年2月", "2025-02-28"), ("立行立改", None), ("2025.13", None)),
        ],
    )
    def test_a_column_writes_days_in_many_ways(self, words, day):
        assert deadline_day(words, 2025) == (day and date.fromisoformat(day))


class TestBesideText:
    NOTICE = (
        "关于巡察整改进展情况的通报\n现将巡察整改进展情况予以公布：\n一、反馈问题整改情况\n"
        "1.关于学习不勤的问题。已完成整改。\n2.关于值班不严的问题。正在整改。\n"
        "3.关于用车不规范的问题。正在整改。\n"
    )

    def test_a_notice_with_a_smaller_ledger_is_read_as_text_and_says_so(self):
        bulletin = read([HEADER, FIRST], before=self.NOTICE)
        assert [p.title for p in bulletin.problems] == [
            *("关于学习不勤的问题", "关于值班不严的问题", "关于用车不规范的问题"),
        ]
        [remark] = [r for r in bulletin.remarks if r.code == "ledger_unused"]
        assert remark.severity == "must"
        assert "台账不全" in bulletin.text[remark.span.start : remark.span.end]

    def test_facts_of_the_inspection_come_from_the_text_around(self):
        before = (
            "临川县粮食储备局巡察整改台账\n2025年3月3日至4月18日，县委第一巡察组对县粮食储备局"
            "进行了巡察。2025年6月10日，县委第一巡察组反馈了巡察意见。\n"
        )
        masthead = read([HEADER, FIRST], before=before).masthead
        assert masthead.title == "临川县粮食储备局巡察整改台账"
        assert masthead.inspecting_body == "县委第一巡察组"
        assert masthead.feedback_on == date(2025, 6, 10)

    def test_a_table_that_answers_nothing_is_no_ledger(self):
        with pytest.raises(BulletinUnreadable):
            read([["序号", "问题", "数量"], ["1", "台账不全", "3"]])

    def test_a_series_goes_on_in_the_row_below(self):
        more = ["^", "^", "三是夜间抽查。", "", "", "", "", ""]
        first = [*SECOND[:2], "一是每日巡库。二是登记。", *SECOND[3:]]
        measures = read([HEADER, first, more]).problems[0].measures
        assert [(m.number, m.text) for m in measures] == [
            ("一", "每日巡库。"),
            ("二", "登记。"),
            ("三", "夜间抽查。"),
        ]

    def test_a_share_says_how_far_it_is_and_who_checks_is_no_owner(self):
        header = ["反馈问题", "整改措施", "责任单位", "督导单位", "完成比例"]
        rows = [["沟渠淤堵", "清淤", "乡水管站", "县水利局", share] for share in ("60%", "100%")]
        bulletin = read([header, *rows], before="青石乡贯彻落实督察反馈意见整改任务清单")
        assert [p.claim.status for p in bulletin.problems] == ["in_progress", "done"]
        assert {p.owner.unit for p in bulletin.problems} == {"乡水管站"}
        assert bulletin.masthead.inspected_unit == "青石乡"
        assert "column_unused" not in {remark.code for remark in bulletin.remarks}


class TestCards:
    """A table of its own for each problem, labels on the left."""

    def card(self, number, title, measures, state):
        return [
            [f"反馈问题{number}", title],
            ["整改措施", measures],
            ["责任单位", "仓储股"],
            ["完成时限", "2025年6月底"],
            ["完成情况", state],
        ]

    def told(self, *tables):
        return [
            (p.title, len(p.measures), p.claim.status, p.owner.unit, p.deadlines[0].on)
            for p in read(*tables, before="临川县粮食储备局巡察整改情况公示").problems
        ]

    WANTED = (
        ("台账不全", 2, "done", "仓储股", date(2025, 6, 30)),
        ("巡库不勤", 1, "in_progress", "仓储股", date(2025, 6, 30)),
    )

    def test_each_is_a_problem(self):
        first = self.card(1, "台账不全", "一是补齐。二是核对。", "已完成")
        second = self.card(2, "巡库不勤", "每日巡库。", "正在推进")
        assert self.told(first, second) == list(self.WANTED)

    def test_several_may_share_a_table(self):
        first = self.card("", "台账不全", "一是补齐。二是核对。", "已完成")
        second = self.card("", "巡库不勤", "每日巡库。", "正在推进")
        assert self.told([*first, *second]) == list(self.WANTED)

    def test_two_labels_may_share_a_row(self):
        first = self.card("", "台账不全", "一是补齐。二是核对。", "已完成")
        rows = [[*first[0], *first[1]], [*first[2], *first[3]], [first[4][0], ">3已完成"]]
        assert self.told(rows) == list(self.WANTED[:1])
