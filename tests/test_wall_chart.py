"""The layout of the wall: which cells are merged, what is folded, where a text is cut."""

from datetime import date

import pytest
from django.http import QueryDict

from tests.conftest import TODAY
from tests.factories import CategoryFactory, MeasureFactory, TicketFactory
from tracker.choices import Light
from tracker.ledger_columns import choice
from tracker.models import Holiday
from tracker.wall_chart import LONG_LEAD, excerpt, wall_chart


def chart_of(inspection, shown=None):
    tickets = inspection.tickets.for_list(TODAY).with_was_late(TODAY).with_names()
    return wall_chart(
        inspection,
        visible=tickets,
        chosen=tickets,
        shown=tickets if shown is None else tickets.filter(shown),
        on=TODAY,
        calendar=Holiday.objects.calendar(),
        columns=choice(QueryDict("set=wall")),
        found=tickets.found(),
    )


@pytest.mark.django_db
class TestMergedCells:
    def test_two_levels_of_headings(self, today, inspection):
        aspect = CategoryFactory(inspection=inspection, heading="（一）工程管理方面")
        group = CategoryFactory(inspection=inspection, parent=aspect, heading="1.档案管理")
        for title in ("台账不健全", "归档不及时"):
            ticket = TicketFactory(inspection=inspection, category=group, title=title)
            MeasureFactory.create_batch(2, ticket=ticket)

        chart = chart_of(inspection)

        [aspect] = chart.aspects
        [run] = aspect.runs
        assert (aspect.number, aspect.heading, aspect.rows) == ("（一）", "工程管理方面", 4)
        assert (run.heading, run.rows) == ("1.档案管理", 4)
        assert [problem.columns for problem in run.problems] == [1, 1]
        assert chart.heading_columns == 2

    def test_one_level_leaves_the_column_of_groups_to_the_problem(self, today, inspection):
        aspect = CategoryFactory(inspection=inspection)
        TicketFactory(inspection=inspection, category=aspect)

        chart = chart_of(inspection)

        assert [problem.columns for problem in chart.problems] == [2]
        assert chart.aspects[0].runs[0].heading == ""
        assert chart.heading_columns == 1

    def test_no_heading_leaves_all_three_columns_to_the_problem(self, today, inspection):
        TicketFactory.create_batch(2, inspection=inspection)

        chart = chart_of(inspection)

        assert [problem.columns for problem in chart.problems] == [3, 3]
        assert chart.heading_columns == 0

    def test_a_mixed_aspect_keeps_the_printed_order(self, today, inspection):
        """A group between two problems that stand right under the aspect, as in real ones."""
        aspect = CategoryFactory(inspection=inspection)
        group = CategoryFactory(inspection=inspection, parent=aspect, heading="18.招投标")
        for title, category in [
            ("十七", aspect),
            ("十八之一", group),
            ("十八之二", group),
            ("十九", aspect),
        ]:
            TicketFactory(inspection=inspection, category=category, title=title)

        [aspect] = chart_of(inspection).aspects

        assert [(run.heading, [p.ticket.title for p in run.problems]) for run in aspect.runs] == [
            ("", ["十七"]),
            ("18.招投标", ["十八之一", "十八之二"]),
            ("", ["十九"]),
        ]

    def test_deeper_headings_share_the_column_of_groups(self, today, inspection):
        aspect = CategoryFactory(inspection=inspection)
        group = CategoryFactory(inspection=inspection, parent=aspect, heading="1.内控")
        part = CategoryFactory(inspection=inspection, parent=group, heading="（1）采购")
        TicketFactory(inspection=inspection, category=part)

        [run] = chart_of(inspection).aspects[0].runs

        assert run.heading == "1.内控　（1）采购"


@pytest.mark.django_db
class TestProblems:
    def test_a_closed_one_is_folded_to_one_row(self, today, inspection):
        aspect = CategoryFactory(inspection=inspection)
        for state in ({"closed": True}, {"in_progress": True}):
            TicketFactory(inspection=inspection, category=aspect, measures=[{}] * 3, **state)

        chart = chart_of(inspection)

        assert [problem.rows for problem in chart.problems] == [1, 3]
        assert chart.problems[0].ticket.measure_count == 3
        assert (chart.aspects[0].closed, len(chart.aspects[0].problems)) == (1, 2)
        assert chart.measure_count == 6

    def test_a_measure_has_its_own_deadline_and_light(self, today, inspection):
        ticket = TicketFactory(inspection=inspection, in_progress=True)
        MeasureFactory(ticket=ticket, order=1, done_on=date(2026, 11, 2))
        MeasureFactory(ticket=ticket, order=2, due_on=date(2026, 11, 20))
        MeasureFactory(ticket=ticket, order=3)

        [problem] = chart_of(inspection).problems

        assert [(step.light, step.due) for step in problem.steps] == [
            (Light.DONE, ""),
            (Light.LATE, "已超期"),  # Friday to Sunday: no workday has passed
            (Light.OK, "剩7个工作日"),
        ]
        assert not problem.has_one_deadline
        assert not problem.has_one_light

    def test_measures_without_own_dates_share_one_cell(self, today, inspection):
        ticket = TicketFactory(inspection=inspection, in_progress=True)
        MeasureFactory.create_batch(2, ticket=ticket)

        [problem] = chart_of(inspection).problems

        assert problem.has_one_deadline
        assert problem.has_one_light

    def test_what_the_filters_leave_out_still_counts_in_the_head(self, today, inspection):
        from django.db.models import Q

        TicketFactory(inspection=inspection, closed=True)
        TicketFactory(inspection=inspection, in_progress=True)

        chart = chart_of(inspection, shown=Q(status="closed"))

        assert len(chart.problems) == 1
        assert chart.is_filtered
        assert chart.whole.total == 2


class TestExcerpt:
    SENTENCE = "召开专题会议研究部署，"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "健全台账。",
            "健全台账，" * 40,
            "健全台账。" * 40,
            "健全台账" * 40,
            "（" + "健全台账" * 30 + "）。后面还有一句。",
        ],
    )
    def test_lead_and_rest_are_the_whole_text(self, text):
        cut = excerpt(text)

        assert cut.lead + cut.rest == text

    def test_a_short_first_sentence_is_the_lead(self):
        text = "健全工程档案台账。" + "逐项登记入库，按月核对并签字留痕。" * 5

        assert excerpt(text).lead == "健全工程档案台账。"

    def test_else_as_many_clauses_as_fit(self):
        lead = excerpt("逐项登记造册入库，" * 20).lead

        assert lead == "逐项登记造册入库，" * (LONG_LEAD // 9)

    def test_a_clause_that_is_too_long_is_not_cut(self):
        clause = "对" * 60 + "，"

        assert excerpt(clause + "逐项核对。" * 10).lead == clause

    def test_a_text_a_little_longer_is_not_folded(self):
        assert excerpt("登" * (LONG_LEAD + 16)).rest == ""
