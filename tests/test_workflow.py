"""The whole table: every move from every status for every role, and the words of a refusal."""

from itertools import product

import pytest

from tracker import policy, workflow
from tracker.choices import Clock, Role, Status
from tracker.workflow import LEVELS, MOVES, Standing

ALL_LEVELS = tuple(LEVELS)
# Written out once more by hand: a change of the table must be meant. A submitted ticket waits
# here for the very role that is asked for, and for the last of the levels.
OPEN = {
    ("claim", Status.UNCLAIMED, Role.STAFF),
    ("start", Status.CLAIMED, Role.STAFF),
    ("submit", Status.IN_PROGRESS, Role.STAFF),
    ("submit", Status.RETURNED, Role.STAFF),
    *(("return", Status.SUBMITTED, role) for role in ALL_LEVELS),
    *(("close", Status.SUBMITTED, role) for role in ALL_LEVELS),
    ("keep", Status.CLOSED, Role.OFFICE),
    ("keep", Status.CLOSED, Role.INSPECTOR),
    ("reopen", Status.CLOSED, Role.OFFICE),
    ("reopen", Status.CLOSED, Role.INSPECTOR),
}
TARGETS = {
    "claim": (Status.CLAIMED, Clock.RUNS),
    "start": (Status.IN_PROGRESS, Clock.RUNS),
    "submit": (Status.SUBMITTED, Clock.PAUSES),
    "return": (Status.RETURNED, Clock.RUNS),
    "review": (Status.SUBMITTED, Clock.PAUSES),
    "close": (Status.CLOSED, Clock.STOPS),
    "keep": (Status.CLOSED, Clock.STOPS),
    "reopen": (Status.IN_PROGRESS, Clock.RESTARTS),
}


def standing(status, *roles, levels=(Role.OFFICE,), **facts):
    if status == Status.SUBMITTED:
        facts.setdefault("review_role", levels[0])
    return Standing(status, roles, levels, **facts)


@pytest.mark.parametrize(("name", "status", "role"), list(product(MOVES, Status, Role)))
def test_a_move_is_open_exactly_where_the_table_says(name, status, role):
    level = role if role in LEVELS else Role.OFFICE

    refusal = workflow.refusal(name, standing(status, role, levels=(level,)))

    assert (refusal == "") == ((name, status, role) in OPEN)


@pytest.mark.parametrize(("waits_for", "role"), list(product(ALL_LEVELS, Role)))
def test_only_the_role_whose_level_it_is_reviews(waits_for, role):
    given = standing(Status.SUBMITTED, role, levels=ALL_LEVELS, review_role=waits_for)

    is_open = {name: workflow.refusal(name, given) == "" for name in ("return", "review", "close")}

    is_last = waits_for == ALL_LEVELS[-1]
    assert is_open == {
        "return": role == waits_for,
        "review": role == waits_for and not is_last,
        "close": role == waits_for and is_last,
    }


def test_every_move_leads_where_it_should_and_says_what_the_clock_does():
    assert {name: (move.target, move.clock) for name, move in MOVES.items()} == TARGETS


def test_a_closed_ticket_is_left_only_by_a_reopening():
    leading_out = [m.name for m in MOVES.values() if Status.CLOSED in m.sources]

    assert leading_out == ["keep", "reopen"]
    assert MOVES["keep"].target == Status.CLOSED


def test_who_holds_no_role_is_refused_everything():
    for offer in workflow.offers(standing(Status.SUBMITTED)):
        assert offer.refusal.startswith("需要")


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        (
            "claim",
            standing(Status.CLOSED, Role.STAFF),
            "只有“待认领”的问题可以认领，现在是“已销号”。",
        ),
        (
            "submit",
            standing(Status.CLOSED, Role.STAFF),
            "只有“整改中、已退回”的问题可以提交销号，现在是“已销号”。",
        ),
        ("claim", standing(Status.UNCLAIMED, Role.VIEWER), "需要承办人办理。"),
        ("close", standing(Status.SUBMITTED, Role.STAFF), "需要整改办办理。"),
        (
            "start",
            standing(Status.CLAIMED, Role.STAFF, plan_is_missing=True),
            "还差：整改方案尚未审定。",
        ),
        (
            "submit",
            standing(Status.IN_PROGRESS, Role.STAFF, reported=False),
            "还差：还没有填报过进展。",
        ),
        (
            "submit",
            standing(Status.RETURNED, Role.STAFF, reported=False, unfinished="措施二、三"),
            "还差：退回后还没有填报进展；措施二、三未完成。",
        ),
        (
            "submit",
            standing(Status.IN_PROGRESS, Role.STAFF, is_responsible=True),
            "还差：您是责任人，须由填报人或本单位其他承办人提交。",
        ),
        (
            "close",
            standing(Status.SUBMITTED, Role.OFFICE, is_submitter=True),
            "提交人不能审核自己提交的问题。",
        ),
        (
            "return",
            standing(Status.SUBMITTED, Role.OFFICE, is_responsible=True),
            "责任人不能审核自己负责的问题。",
        ),
        (
            "close",
            standing(Status.SUBMITTED, Role.OFFICE, has_reviewed=True),
            "您已审核过这次提交，下一级须由另一人审核。",
        ),
        (
            "review",
            standing(Status.SUBMITTED, Role.HEAD, levels=(Role.OFFICE, Role.PARTY)),
            "现在等整改办复核，需要整改办办理。",
        ),
        (
            "close",
            standing(Status.SUBMITTED, Role.OFFICE, levels=(Role.OFFICE, Role.PARTY)),
            "审核通过后还要党组审定，不能直接销号。",
        ),
        (
            "review",
            standing(Status.SUBMITTED, Role.OFFICE),
            "这是最后一级审核，请确认销号或退回。",
        ),
        (
            "close",
            standing(Status.SUBMITTED, Role.LEADER, levels=(Role.LEADER,), leader="吴志"),
            "由这个问题的责任领导吴志复核。",
        ),
        ("keep", standing(Status.CLOSED, Role.OFFICE, is_kept=True), "已列入长期坚持。"),
    ],
)
def test_a_refusal_says_why(name, given, words):
    assert workflow.refusal(name, given) == words


@pytest.mark.parametrize(
    ("levels", "after", "following"),
    [
        ((Role.HEAD, Role.OFFICE), Role.HEAD, Role.OFFICE),
        ((Role.HEAD, Role.OFFICE), Role.OFFICE, None),
        # The round gave up the level at which the ticket waits.
        ((Role.HEAD, Role.PARTY), Role.LEADER, Role.PARTY),
    ],
)
def test_levels_follow_each_other(levels, after, following):
    assert workflow.next_level(levels, after) == following


@pytest.mark.parametrize(("status", "role"), list(product(Status, Role)))
def test_progress_is_reported_by_staff_while_it_is_in_work(status, role):
    refusal = workflow.report_refusal(standing(status, role))

    is_open = role == Role.STAFF and status in (Status.IN_PROGRESS, Status.RETURNED)
    assert (refusal == "") == is_open


def test_who_helps_may_report_but_not_move():
    given = standing(Status.IN_PROGRESS, helps=True)

    assert workflow.report_refusal(given) == ""
    assert not [offer for offer in workflow.offers(given) if offer.is_open]


def test_what_a_person_cannot_do_is_named_with_the_role_that_does_it():
    by_staff = ("承办人", ["填报进展", "认领", "启动整改", "提交销号"])
    by_head, by_office = ("部门负责人", ["部门初审"]), ("整改办", ["整改办复核"])

    def left(*roles, **facts):
        given = standing(Status.IN_PROGRESS, *roles, levels=(Role.HEAD, Role.OFFICE), **facts)
        return workflow.left_to_others(given)

    assert left(Role.VIEWER) == left(Role.OPERATOR) == [by_staff, by_head, by_office]
    assert left(Role.STAFF) == [by_head, by_office]
    assert left(Role.OFFICE) == [by_staff, by_head]
    assert left(Role.STAFF, Role.HEAD, Role.OFFICE) == []
    assert left(helps=True) == [
        ("承办人", ["认领", "启动整改", "提交销号"]),
        by_head,
        by_office,
    ]


def test_of_a_closed_ticket_only_what_can_still_be_done_is_left_to_others():
    given = standing(Status.CLOSED, Role.STAFF)

    assert workflow.left_to_others(given) == [
        ("整改办", ["列入长期坚持", "重启整改"]),
        ("巡察办", ["列入长期坚持", "重启整改"]),
    ]
    assert workflow.own_offers(given) == []


def test_every_move_is_an_action_that_somebody_may_take():
    for name in (*MOVES, "report"):
        assert policy.ALLOWED[name]


def test_every_action_has_its_words():
    assert set(policy.ACTION_WORDS) == set(policy.ALLOWED)


def test_an_unknown_move_or_action_is_no_quiet_yes():
    with pytest.raises(KeyError):
        workflow.refusal("withdraw", standing(Status.CLOSED, *Role))
    with pytest.raises(KeyError):
        policy.may(Role, "delete")
