"""The whole table: every move from every status for every role, and the words of a refusal."""

from itertools import product

import pytest

from tracker import policy, workflow
from tracker.choices import Role, Status
from tracker.workflow import MOVES, Standing

# Written out once more by hand: a change of the table must be meant.
OPEN = {
    ("claim", Status.UNCLAIMED, Role.STAFF),
    ("submit", Status.IN_PROGRESS, Role.STAFF),
    ("submit", Status.RETURNED, Role.STAFF),
    ("return", Status.SUBMITTED, Role.SUPERVISOR),
    ("close", Status.SUBMITTED, Role.SUPERVISOR),
}
TARGETS = {
    "claim": Status.IN_PROGRESS,
    "submit": Status.SUBMITTED,
    "return": Status.RETURNED,
    "close": Status.CLOSED,
}


def standing(status, *roles, helps=False, is_submitter=False, reported=True):
    return Standing(status, roles, helps, is_submitter, reported)


@pytest.mark.parametrize(("name", "status", "role"), list(product(MOVES, Status, Role)))
def test_a_move_is_open_exactly_where_the_table_says(name, status, role):
    refusal = workflow.refusal(name, standing(status, role))

    assert (refusal == "") == ((name, status, role) in OPEN)


def test_every_move_leads_where_it_should():
    assert {name: move.target for name, move in MOVES.items()} == TARGETS


def test_nothing_leads_out_of_closed():
    assert not [move for move in MOVES.values() if Status.CLOSED in move.sources]


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
        ("close", standing(Status.SUBMITTED, Role.STAFF), "需要督办员办理。"),
        (
            "submit",
            standing(Status.IN_PROGRESS, Role.STAFF, reported=False),
            "还没有填报过进展。",
        ),
        (
            "submit",
            standing(Status.RETURNED, Role.STAFF, reported=False),
            "退回后还没有填报进展。",
        ),
        (
            "close",
            standing(Status.SUBMITTED, Role.SUPERVISOR, is_submitter=True),
            "提交人不能审核自己提交的问题。",
        ),
    ],
)
def test_a_refusal_says_why(name, given, words):
    assert workflow.refusal(name, given) == words


def test_who_submitted_may_still_return_what_they_submitted():
    given = standing(Status.SUBMITTED, Role.SUPERVISOR, is_submitter=True)

    assert workflow.refusal("return", given) == ""


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
    by_staff = ("承办人", ["填报进展", "认领", "提交销号"])
    by_supervisor = ("督办员", ["退回", "确认销号"])

    def left(*roles, **facts):
        return workflow.left_to_others(standing(Status.IN_PROGRESS, *roles, **facts))

    assert left(Role.VIEWER) == left(Role.OPERATOR) == [by_staff, by_supervisor]
    assert left(Role.STAFF) == [by_supervisor]
    assert left(Role.SUPERVISOR) == [by_staff]
    assert left(Role.STAFF, Role.SUPERVISOR) == []
    assert left(helps=True) == [("承办人", ["认领", "提交销号"]), by_supervisor]


def test_every_move_is_an_action_that_somebody_may_take():
    for name in (*MOVES, "report"):
        assert policy.ALLOWED[name]


def test_an_unknown_move_or_action_is_no_quiet_yes():
    with pytest.raises(KeyError):
        workflow.refusal("reopen", standing(Status.CLOSED, *Role))
    with pytest.raises(KeyError):
        policy.may(Role, "delete")
