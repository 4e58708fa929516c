"""Whoever asks, and however many tickets there are: a view asks at most 25 queries."""

from dataclasses import fields

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import TODAY, acts_for
from tests.factories import (
    InspectionFactory,
    MeasureFactory,
    MilestoneFactory,
    PlanFactory,
    SelfCheckFactory,
    TicketFactory,
    UnitFactory,
)
from tracker import notices, policy
from tracker.choices import AskKind, NoticeKind, PlanStatus, ReportResult, Role, Status
from tracker.models import (
    Extension,
    Handover,
    LookBack,
    PlanAsk,
    ReportDraft,
    Substitution,
    Ticket,
)
from tracker.worktime import WorkCalendar

pytestmark = pytest.mark.django_db

MOST = 25
ANSWERS = ("tracker:extension-list", "tracker:handover-list", "tracker:self-check-list")
GROUPS = ("待我办理", "待我配合", "待我审核", "待我批示")
READERS = {role.value: (role,) for role in Role} | {
    "staff and office": (Role.STAFF, Role.OFFICE),
    "everything": tuple(Role),
}
# What these two ask depends on the role; the other views are tried by who has all and by who acts
# for one department only.
BY_ROLE = ("/", "/overview/")
# Their own role reports; those that decide are lent to them, and one looks on elsewhere besides.
SUBSTITUTE, LOOKS_ON = "substitute", "everything, and looks on elsewhere"
WALL = "/inspections/{inspection}/wall/"
PAGES = [
    *BY_ROLE,
    "/overview/?inspection={inspection}",
    "/tickets/?q=台账",
    "/tickets/?since=monday",
    "/timeline/?since=monday",
    "/matrix/?since=monday",
    "/matrix/?by=problem",
    "/matrix/?by=aspect&inspection={inspection}",
    "/kanban/?since=monday",
    "/calendar/?since=monday",
    "/sheets/",
    "/sheets/?by=unit&unit={unit}&since=monday",
    "/wall/",
    f"{WALL}?since=monday",
]
FILES = [
    f"{WALL}xlsx/",
    f"{WALL}docx/",
    f"{WALL}print/",
    "/tickets/print/",
    "/matrix/print/",
    "/timeline/print/",
    "/kanban/print/",
    "/calendar/print/",
    "/sheets/print/?by=unit&unit={unit}",
    "/tickets/xlsx/",
    "/tickets/docx/",
    "/matrix/xlsx/",
    "/sheets/xlsx/",
    "/overview/xlsx/",
]
PATHS = dict.fromkeys([*READERS, SUBSTITUTE], BY_ROLE) | {
    "everything": PAGES + FILES,
    LOOKS_ON: PAGES,
    "clerk": PAGES,
}


@pytest.fixture
def readers(bureau, other_bureau, clerk):
    """One person for each role of one bureau among others, some with several, and a clerk."""
    people = {"clerk": clerk}
    for name, roles in {**READERS, LOOKS_ON: tuple(Role), SUBSTITUTE: (Role.STAFF,)}.items():
        first, *others = roles
        people[name] = acts_for(bureau, first)
        for role in others:
            people[name].memberships.create(unit=bureau, role=role)
    people[LOOKS_ON].memberships.create(unit=other_bureau, role=Role.VIEWER)
    for role in policy.REVIEWERS:
        principal = people[role.value]
        Substitution.objects.appoint(
            people[SUBSTITUTE],
            principal=principal,
            from_on=TODAY,
            to_on=TODAY,
            reason="出差",
            by=principal,
        )
    return people


@pytest.fixture
def fill(many, bureau, department, readers, leader, clerk):
    """Return a function that brings so many tickets more, and rounds whose lights differ."""
    other = TicketFactory(inspection__unit=bureau, inspection__inspecting_body="市委第八巡察组")
    other.inspection.round.take_preset("jiangjin")

    def filled(count: int) -> None:
        many(count)
        for _ in range(count // 10):
            TicketFactory(inspection__unit=UnitFactory(parent=bureau), in_progress=True)
        in_work = Ticket.objects.filter(status=Status.IN_PROGRESS, is_blocked=False)
        for ticket in in_work.filter(lead_unit=department)[: count // 10]:
            ticket.co_units.add(bureau)
            ticket.instruct(by=leader, text="请办", reply_due_on=TODAY)
            ticket.block(
                by=clerk,
                reason="待批复",
                needs_text="市编办",
                since_on=TODAY,
                version=ticket.version,
            )
            notices.tell(readers.values(), NoticeKind.PRESSED, ticket, "请报进展")

    return filled


@pytest.fixture
def waiting(
    today, readers, inspection, bureau, department, other_bureau, supervisor, leader, clerk
):
    """Return a function that leaves of everything that a workbench can hold some, for all."""

    def left() -> None:
        round = inspection.round
        round.plan_approver = Role.OFFICE
        round.save()
        theirs = {"inspection": inspection, "lead_unit": department, "in_progress": True}
        TicketFactory(inspection__unit=other_bureau, in_progress=True).co_units.add(bureau)
        returned = TicketFactory(**theirs)
        report = returned.report(by=clerk, text="已办。", version=1)
        returned.judge(report, ReportResult.RETURNED, by=supervisor, reason="缺数。", version=2)
        handed_in = TicketFactory(**theirs)
        handed_in.report(by=clerk, text="已办。", percent=100, version=1)
        handed_in.move("submit", by=clerk, note="已办。", version=2)
        handed_in.move("return", by=supervisor, note="缺回执。", version=3)
        ticket = TicketFactory(**theirs, reporter=clerk)
        ticket.press(by=supervisor, note="请办。", calendar=WorkCalendar())
        measure = MeasureFactory(ticket=ticket, due_on=TODAY)
        MilestoneFactory(measure=measure, due_on=TODAY)
        SelfCheckFactory(ticket=ticket, unit=bureau)
        Extension.ask(
            ticket,
            by=clerk,
            due_on=TODAY.replace(year=2027),
            reason="冻雨。",
            ground="预警。",
            progress="过半。",
            version=ticket.version,
        )
        PlanAsk.objects.create(
            ticket=ticket, measure=measure, kind=AskKind.DROP, reason="重复。", asked_by=clerk
        )
        PlanFactory(inspection=inspection, submitted=True)
        for status in (PlanStatus.DRAFTING, PlanStatus.RETURNED):
            drafted = InspectionFactory(unit=bureau, inspecting_body=f"{status}的巡察组")
            TicketFactory(inspection=drafted, measures=[{}])
            PlanFactory(inspection=drafted, status=status)
        TicketFactory(**{**theirs, "in_progress": False}, closed=True)
        LookBack.objects.draw(by=supervisor, size=1, seed="1")
        for person in readers.values():
            ReportDraft.objects.create(ticket=ticket, person=person)
            Handover.objects.create(giver=leader, receiver=person, started_by=leader, reason="调岗")

    return left


def test_a_view_asks_no_more_than_it_may_and_no_more_of_many(
    client, fill, waiting, readers, inspection, department
):
    counted: dict[tuple[str, str], list[int]] = {}
    waiting()
    for more in (30, 270):
        fill(more)
        for name, person in readers.items():
            client.force_login(person)
            client.get("/notices/")  # the first page of a session writes it
            for path in PATHS[name]:
                address = path.format(inspection=inspection.pk, unit=department.pk)
                with CaptureQueriesContext(connection) as asked:
                    response = client.get(address)
                    b"".join(response) if response.streaming else response.content
                assert response.status_code in (200, 302), (name, path)
                counted.setdefault((name, path), []).append(len(_questions(asked)))
                if (name, path) == (LOOKS_ON, "/"):
                    assert _empty_parts(response.context["bench"]) == []

    assert {who: n for who, n in counted.items() if n[0] != n[1] or n[0] > MOST} == {}


def _empty_parts(bench) -> list[str]:
    """What a workbench shows nothing of, though a person of many roles has something there."""
    parts = {field.name: getattr(bench, field.name) for field in fields(bench)}
    parts |= {answer: answer in [one.view for one in bench.answers] for answer in ANSWERS}
    parts |= {label: label in [group.label for group in bench.groups] for label in GROUPS}
    for name in ("tickets", "nodes", "answers"):
        parts[f"days with {name}"] = [day for day in bench.days if getattr(day, name)]
    # What happened is told to who only looks on.
    return [name for name, part in parts.items() if not part and name != "events"]


def _questions(asked) -> list[str]:
    """What was asked of a table; where a transaction begins and ends is none."""
    words = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT")
    return [query["sql"] for query in asked if not query["sql"].startswith(words)]
