"""What a plan lacks, who may move it, and milestones counted back: pure functions."""

from dataclasses import replace
from datetime import date

import pytest

from tracker import planning
from tracker.choices import PlanStatus, Role
from tracker.planning import PlannedMeasure, PlannedProblem, PlanStanding, Stop
from tracker.worktime import WorkCalendar

FOCUS_ENDS = date(2026, 12, 1)
WHOLE = PlannedProblem(
    key=7,
    label="1　台账不健全",
    leader="沈绍安",
    unit="工程科",
    person="梁文",
    due_on=date(2026, 11, 30),
    due_reason="",
    measures=(PlannedMeasure(3, "措施一", "补登台账，逐项核对实物。", "账实相符"),),
)


def lacking(**facts) -> list[str]:
    return [lack.words for lack in planning.lacks(replace(WHOLE, **facts), FOCUS_ENDS)]


class TestLacks:
    def test_a_whole_problem_lacks_nothing(self):
        assert lacking() == []

    @pytest.mark.parametrize(
        ("facts", "words"),
        [
            ({"measures": ()}, "没有整改措施"),
            ({"leader": ""}, "没有责任领导"),
            ({"unit": ""}, "没有责任部门"),
            ({"person": ""}, "没有责任人"),
            ({"due_on": None}, "没有完成时限"),
        ],
    )
    def test_each_of_the_five_fields_is_required(self, facts, words):
        assert lacking(**facts) == [words]

    def test_everything_that_is_missing_is_told_at_once(self):
        assert len(lacking(measures=(), leader="", person="", due_on=None)) == 4

    def test_a_deadline_after_the_focus_period_needs_a_reason(self):
        late = date(2027, 3, 1)

        assert "没有说明理由" in lacking(due_on=late)[0]
        assert lacking(due_on=late, due_reason=" ") == lacking(due_on=late)
        assert lacking(due_on=late, due_reason="工程须跨汛期施工") == []

    def test_the_last_day_of_the_focus_period_is_within_it(self):
        assert lacking(due_on=FOCUS_ENDS) == []

    def test_a_measure_ends_no_later_than_its_problem(self):
        late = PlannedMeasure(3, "措施一", "补登台账。", "", date(2026, 12, 1))

        found = planning.lacks(replace(WHOLE, measures=(late,)), FOCUS_ENDS)

        assert [(lack.measure, lack.field) for lack in found] == [(3, "due_on")]
        assert "措施一的完成时限（2026年12月1日）晚于问题的完成时限" in found[0].words

    def test_each_lack_names_its_place(self):
        found = planning.lacks(replace(WHOLE, leader="", measures=()), FOCUS_ENDS)

        assert [(lack.problem, lack.field) for lack in found] == [(7, "measures"), (7, "leader")]


class TestAdvice:
    def test_measures_on_paper_only_are_asked_about(self):
        meeting = PlannedMeasure(3, "措施一", "召开专题会议传达学习。", "提高认识")

        assert planning.advice(WHOLE) == []
        assert "看不出怎样解决问题" in planning.advice(replace(WHOLE, measures=(meeting,)))[0]

    def test_a_measure_without_a_goal_is_named(self):
        bare = PlannedMeasure(3, "措施一", "补登台账，逐项核对实物。")

        assert planning.advice(replace(WHOLE, measures=(bare,))) == ["措施一没有写目标"]


def test_the_lists_count_what_each_needs():
    problems = [WHOLE, replace(WHOLE, measures=()), replace(WHOLE, person="", due_on=None)]

    ready = {name: count for name, _, count in planning.lists(problems).rows}

    assert ready == {"问题清单": 3, "任务清单": 2, "责任清单": 2, "时限清单": 2}


class TestCountBack:
    WEEK_OFF = WorkCalendar(off=frozenset(date(2026, 11, day) for day in range(23, 28)))

    def test_the_last_milestone_is_the_deadline(self):
        stops = planning.count_back(date(2026, 10, 9), date(2026, 11, 30), WorkCalendar())

        assert stops[-1] == Stop("完成整改，备齐佐证材料", date(2026, 11, 30))
        assert [stop.due_on for stop in stops] == sorted({stop.due_on for stop in stops})
        assert len(stops) == 4

    def test_every_milestone_is_on_a_workday_after_the_start(self):
        start = date(2026, 11, 2)

        stops = planning.count_back(start, date(2026, 11, 29), self.WEEK_OFF)

        assert all(self.WEEK_OFF.is_workday(stop.due_on) for stop in stops)
        assert all(start < stop.due_on for stop in stops)
        # The week before the deadline is off, so everything moves before it.
        assert stops[-1].due_on == date(2026, 11, 20)

    def test_a_make_up_day_is_worked(self):
        calendar = WorkCalendar(on=frozenset({date(2026, 11, 29)}))

        stops = planning.count_back(date(2026, 11, 2), date(2026, 11, 29), calendar)

        assert stops[-1].due_on == date(2026, 11, 29)

    def test_of_too_little_time_the_last_stages_stay(self):
        stops = planning.count_back(date(2026, 11, 26), date(2026, 11, 27), WorkCalendar())

        assert stops == [Stop("完成整改，备齐佐证材料", date(2026, 11, 27))]

    def test_nothing_is_laid_before_the_start(self):
        assert planning.count_back(date(2026, 11, 27), date(2026, 11, 27), WorkCalendar()) == []
        assert planning.count_back(date(2026, 11, 28), date(2026, 11, 27), WorkCalendar()) == []


def standing(**facts) -> PlanStanding:
    sound = {
        "status": PlanStatus.SUBMITTED,
        "roles": {Role.PARTY},
        "approver": Role.PARTY,
        "is_submitter": False,
        "lacking": 0,
    }
    return PlanStanding(**{**sound, **facts})


class TestMoves:
    @pytest.mark.parametrize("status", list(PlanStatus))
    @pytest.mark.parametrize("role", list(Role))
    @pytest.mark.parametrize("name", list(planning.PLAN_MOVES))
    def test_every_cell_of_status_and_role(self, name, role, status):
        move = planning.PLAN_MOVES[name]
        allowed = {"submit": {Role.OFFICE}}.get(name, {Role.PARTY})

        refusal = planning.refusal(name, standing(status=status, roles={role}))

        assert (refusal == "") == (status in move.sources and role in allowed)

    def test_the_round_may_leave_the_decision_to_another(self):
        left = standing(roles={Role.OFFICE}, approver=Role.OFFICE)

        assert planning.refusal("approve", left) == ""
        assert "整改办" in planning.refusal("approve", replace(left, roles={Role.PARTY}))

    def test_the_submitter_does_not_approve(self):
        own = standing(roles={Role.OFFICE}, approver=Role.OFFICE, is_submitter=True)

        assert "提请人不能审定" in planning.refusal("approve", own)
        assert "提请人不能审定" in planning.refusal("return", own)

    def test_a_plan_that_lacks_something_is_neither_submitted_nor_approved(self):
        draft = standing(status=PlanStatus.DRAFTING, roles={Role.OFFICE}, lacking=3)

        assert "还缺3处" in planning.refusal("submit", draft)
        assert "还缺3处" in planning.refusal("approve", standing(lacking=3))
        assert planning.refusal("return", standing(lacking=3)) == ""
