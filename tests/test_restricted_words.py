"""限定知悉: no address shows a word of a restricted problem to those who may not know of it.

One word stands in all that was ever written about the problem. Whoever is not in the know goes to
every address of the product, with the key of whatever hangs on it; whoever is leaves a trace.
"""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import files
from tests.conftest import acts_for
from tests.factories import IndicatorFactory, MilestoneFactory, PlanFactory
from tests.test_access import POLICY, cast, filled  # noqa: F401
from tracker import bulk, intake
from tracker.choices import AskKind, ReportResult, Role
from tracker.evidence.receiving import incoming
from tracker.models import (
    AuditEvent,
    Extension,
    Handover,
    ImportBatch,
    LookBack,
    Person,
    PlanAsk,
    RecentTickets,
    Ticket,
)
from tracker.models.in_hand import open_duties
from tracker.models.selfcheck import send
from tracker.worktime import WorkCalendar

WORD = "蓝鹭暗渠"
BULLETIN = f"""临江市水务局党组关于巡察整改进展情况的通报

2026年5月至6月，市委第七巡察组对市水务局党组进行了巡察。2026年9月1日，市委第七巡察组向市水务局党组反馈了巡察意见。现将整改进展情况予以公布。

一、巡察反馈意见整改落实情况

（一）关于工程管理方面的问题

1.关于台账不健全的问题。

一是健全台账，逐项登记。二是每月核对一次。

2.关于{WORD}验收不及时的问题。

一是清理{WORD}未验收项目20处，已完成8处。二是明确{WORD}验收时限。{WORD}验收已基本完成。

3.关于档案不齐的问题。

一是补齐档案。
"""
# What shows one ticket or something that hangs on it; lists and walls hold many and leave none.
OF_ONE_TICKET = re.compile(
    r"^(tickets|evidence|reports|look-back-items|plan-asks|self-checks|extensions|instructions|"
    r"bulletins|admin/tracker/(ticket|progress|transition|change))/<"
)
EVERY_PART = [role for role in Role if role != Role.VIEWER]


def several_roles(unit, **person):
    made = acts_for(unit, EVERY_PART[0], **person)
    for role in EVERY_PART[1:]:
        made.memberships.create(unit=unit, role=role)
    return made


@pytest.fixture
def secret(today, cast, bureau, department, other_department, clerk, supervisor, head, leader):  # noqa: F811
    """A problem with everything that can hang on one, each with the word; then restricted."""
    intake.import_file(
        BULLETIN.encode(), "通报.txt", by=cast["operator"], today=today, under=bureau
    )
    Ticket.objects.filter(serial=2).update(lead_unit=department, leader=leader)
    Ticket.objects.filter(serial=1).update(lead_unit=other_department)
    ticket = Ticket.objects.get(serial=2)
    assert WORD in ticket.title
    if ticket.status == "submitted":
        ticket.move("return", by=supervisor, note=WORD, version=ticket.version)
    else:
        ticket.move("claim", by=clerk, version=ticket.version)
        ticket.move("start", by=clerk, version=ticket.version)
    ticket.co_units.add(other_department)
    measures = list(ticket.measures.all())
    MilestoneFactory(measure=measures[0], title=WORD)
    IndicatorFactory(ticket=ticket, label=WORD)
    ticket.block(by=clerk, reason=WORD, needs_text=WORD, since_on=today, version=ticket.version)
    ticket.instruct(by=leader, text=WORD)
    ticket.unblock(by=clerk, outcome=WORD, version=ticket.version)
    ticket.press(by=supervisor, note=WORD, calendar=WorkCalendar())
    PlanFactory(inspection=ticket.inspection)
    PlanAsk.objects.create(
        ticket=ticket, measure=measures[0], kind=AskKind.DROP, reason=WORD, asked_by=clerk
    )
    with incoming([SimpleUploadedFile(f"{WORD}.png", files.png())]) as uploads:
        report = ticket.report(
            by=clerk,
            text=WORD,
            difficulty=WORD,
            next_step=WORD,
            version=ticket.version,
            measures_done=measures,
            files=uploads,
            make_key=True,
        )
    ticket.judge(report, ReportResult.ACCEPTED, by=supervisor, reason=WORD, version=ticket.version)
    Extension.ask(
        ticket,
        by=clerk,
        due_on=ticket.due_on + timedelta(30),
        reason=WORD,
        ground=WORD,
        progress=WORD,
        version=ticket.version,
    )
    ticket.extensions.get().withdraw(by=clerk, version=ticket.version)
    ticket.refresh_from_db()
    ticket.move("submit", by=clerk, note=WORD, version=ticket.version)
    ticket.move("close", by=supervisor, note=WORD, version=ticket.version)
    drawn = LookBack.objects.draw(by=supervisor, size=1, seed="1")
    drawn.items.get().record("rebounded", WORD, by=supervisor)
    ticket.move(
        "reopen",
        by=supervisor,
        note=WORD,
        ground="rebound",
        due_on=today + timedelta(40),
        version=ticket.version,
    )
    done = bulk.apply(
        bulk.PressAll("请办。", WorkCalendar()), {ticket.pk: ticket.version}, by=supervisor
    )
    sender = acts_for(bureau, Role.INSPECTOR)
    sender.memberships.create(unit=cast["neighbour"].memberships.get().unit, role=Role.INSPECTOR)
    (check,) = send(
        ticket,
        [cast["neighbour"].memberships.get().unit],
        by=sender,
        words="请自查。",
        due_on=today,
    )
    report = ticket.report(by=clerk, text=WORD, version=ticket.version)
    handover = Handover.objects.start(
        open_duties(clerk, clerk),
        giver=clerk,
        receiver=acts_for(department, Role.STAFF),
        reason="岗位调整",
        by=clerk,
    )
    ticket.restrict(by=supervisor, reason=WORD, version=ticket.version)
    near = Ticket.objects.get(serial=1)
    return ticket, {
        "near": near.pk,
        "near measure": near.measures.first().pk,
        "bulk": done.pk,
        "measures": measures[0].pk,
        "asks": ticket.plan_asks.get().pk,
        "checks": check.pk,
        "extensions": ticket.extensions.get().pk,
        "handovers": handover.pk,
        "inspections": ticket.inspection_id,
        "tickets": ticket.pk,
        "reports": report.pk,
        "signoffs": 1,
        "backs": drawn.pk,
        "items": drawn.items.get().pk,
        "evidence": ticket.evidence.get().pk,
        "instructions": ticket.instructions.get().pk,
        "bulletins": ticket.bulletin_id,
        "bulletin": ticket.bulletin_id,
        "inspection": ticket.inspection_id,
        "ticket": ticket.pk,
        "importbatch": ImportBatch.objects.get().pk,
        "progress": report.pk,
        "transition": ticket.transitions.first().pk,
        "change": ticket.changes.first().pk,
    }


def shown(response) -> str:
    """Whatever a reader could find in it, also within a workbook, a document or an archive."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = packed.namelist()
        return "\n".join([*names, *(packed.read(name).decode(errors="replace") for name in names)])


def addresses(keys) -> list[str]:
    asked = [filled(route, keys, "none") for route in POLICY if "logout" not in route]
    near = keys | {"tickets": keys["near"], "measures": keys["near measure"]}
    return [
        *asked,
        # The problem that stands next to it in the bulletin, which the outsider's unit leads.
        *(filled(route, near, "none") for route in POLICY if route.startswith("tickets/<")),
        f"/self-checks/{keys['checks']}/?answer=found",
        # By half of the word: the page may repeat what was typed, and nothing else.
        f"/tickets/?q={WORD[:2]}",
        f"/tickets/bulk/press/?all=1&q={WORD[:2]}",
        "/tickets/?since=2026-11-01",
        "/board/?view=kanban",
        "/wall/print/",
    ]


def test_no_address_shows_a_word_of_it_to_whoever_may_not_know(secret, cast, other_department):  # noqa: F811
    ticket, keys = secret
    # In every role for a unit that helps, and looking on for the inspected unit itself.
    outsider = several_roles(other_department)
    outsider.memberships.create(unit=ticket.inspection.unit, role=Role.VIEWER)
    RecentTickets.note(outsider, ticket)

    # Whoever knows has looked at it: what the auditor reads of that names it by its number.
    client = Client()
    client.force_login(Person.objects.get(username="clerk"))
    for page in ("tickets/{tickets}/", "tickets/{tickets}/dossier/", "evidence/{evidence}/file/"):
        client.get("/" + page.format(**keys))

    leaks = {}
    for person in (outsider, cast["neighbour"], cast["auditor"], cast["system"]):
        client = Client(raise_request_exception=False)
        client.force_login(Person.objects.get(pk=person.pk))
        for address in addresses(keys):
            response = client.get(address)
            assert response.status_code != 500, address
            if WORD in shown(response):
                leaks.setdefault(str(person), []).append(address)
    assert leaks == {}


def test_whoever_sees_it_alone_leaves_a_trace(secret, bureau):
    _, keys = secret
    client = Client()
    client.force_login(several_roles(bureau))

    seen, untraced = 0, []
    for route in filter(OF_ONE_TICKET.search, POLICY):
        address = filled(route, keys, "none")
        before = AuditEvent.objects.count()
        response = client.get(address)
        if WORD not in shown(response):
            continue
        seen += 1
        if AuditEvent.objects.count() == before:
            untraced.append(address)
    assert seen > 20
    assert untraced == []
