"""Every page of the main job, as each role meets it: axe finds nothing serious, 390 px suffice."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from tests.browser.conftest import PHONE
from tracker import bulk, intake
from tracker.choices import Status
from tracker.demo import cast, loading
from tracker.models import ExportJob, Holiday, ImportBatch, Instruction, Person, Ticket


@pytest.fixture
def board(transactional_db):
    """The demo, with a draft that its operator has open."""
    loading.load()
    clerk = Person.objects.get(username="lingyunzhou")
    operator = Person.objects.get(username=cast.OPERATOR)
    sample = (loading.SAMPLES / "yanchuan_jiaotong.txt").read_bytes() + b"\n"
    outcome = intake.receive(sample, "again.txt", by=operator, today=timezone.localdate())

    def of_clerk(status):
        return Ticket.objects.visible_to(clerk).filter(lead_unit__name="公路建设科", status=status)[
            0
        ]

    pressed = bulk.apply(
        bulk.PressAll("请尽快办理。", Holiday.objects.calendar()),
        {ticket.pk: ticket.version for ticket in Ticket.objects.all()},
        by=Person.objects.get(username="peisiyuan"),
    )
    inspector = Person.objects.get(username=cast.INSPECTOR)
    asked = [
        ExportJob.objects.ask(by=inspector, view="sheets", query=f"unit={n}", words="", total=9)
        for n in range(3)
    ]
    asked[1].begin(timezone.now())
    asked[2].fail("生成时出错，可再试一次。", timezone.now())
    instruction = Instruction.objects.unanswered().filter(ticket__lead_unit__name="公路建设科")[0]
    return SimpleNamespace(
        bulk=pressed.pk,
        instruction=instruction.pk,
        instructed=instruction.ticket_id,
        blocked=Ticket.objects.get(lead_unit__name="组织人事科", is_blocked=True).pk,
        unclaimed=of_clerk(Status.UNCLAIMED).pk,
        in_work=of_clerk(Status.IN_PROGRESS).pk,
        returned=of_clerk(Status.RETURNED).pk,
        submitted=Ticket.objects.filter(status=Status.SUBMITTED)[0].pk,
        closed=Ticket.objects.filter(status=Status.CLOSED)[0].pk,
        bulletin=Ticket.objects.all()[0].bulletin_id,
        draft=outcome.draft.pk,
        batch=ImportBatch.objects.all()[0].pk,
    )


PAGES = {
    "lingyunzhou": [
        "/",
        "/tickets/",
        "/tickets/?status=closed&q=nothing-of-that-name",
        "/tickets/{unclaimed}/",
        "/tickets/{unclaimed}/move/claim/",
        "/tickets/{in_work}/",
        "/tickets/{in_work}/report/",
        "/tickets/{returned}/move/submit/",
        "/tickets/{in_work}/block/",
        "/tickets/{instructed}/",
        "/instructions/{instruction}/answer/",
        "/notices/",
        "/notices/?unread=on&kind=plan",
    ],
    cast.INSPECTOR: [
        "/",
        "/wall/",
        "/overview/",
        "/tickets/{submitted}/",
        "/tickets/{submitted}/move/return/",
        "/tickets/{submitted}/move/close/",
        "/tickets/{closed}/",
        "/bulletins/{bulletin}/",
        "/exports/",
        "/exports/new/?light=late",
    ],
    "shenshaoan": [
        "/",
        "/coordination/",
        "/coordination/?state=ended",
        "/tickets/{blocked}/instruct/",
        "/notices/",
    ],
    "peisiyuan": [
        "/",
        "/tickets/{blocked}/unblock/",
        "/tickets/{in_work}/press/",
        "/tickets/",
        "/tickets/bulk/press/?of=all",
        "/tickets/bulk/approve/?of=all",
        "/tickets/bulk/assign/?of=all",
        "/tickets/bulk/press/?of=picked",
        "/bulk/{bulk}/",
    ],
    "gaoyuanshan": ["/", "/wall/", "/tickets/{submitted}/"],
    cast.OPERATOR: [
        "/",
        "/admin/tracker/bulletin/import/",
        "/admin/tracker/bulletin/import/{draft}/",
        "/admin/tracker/bulletin/import/{draft}/diff/",
        "/admin/tracker/bulletin/import/{draft}/discard/",
        "/admin/tracker/importbatch/{batch}/change/",
    ],
}


def assert_fits_a_phone(page):
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], f"{page.url} is {width} px wide"


@pytest.mark.parametrize("username", PAGES)
def test_every_page_of_a_role(board, page_of, assert_accessible, username):
    person = Person.objects.get(username=username)
    desk, phone = page_of(person), page_of(person, viewport=PHONE)
    for path in (path.format(**vars(board)) for path in PAGES[username]):
        assert desk.goto(path).status == 200
        assert_accessible(desk)
        assert phone.goto(path).status == 200
        assert_accessible(phone)
        assert_fits_a_phone(phone)


def test_the_login(transactional_db, page, new_context, assert_accessible):
    phone = new_context(viewport=PHONE).new_page()
    for window in (page, phone):
        window.goto("/login/")
        assert_accessible(window)
        window.get_by_label("账号").fill("nobody")
        window.get_by_label("密码").fill("wrong-password")
        window.get_by_label("密码").press("Enter")
        window.get_by_role("alert").wait_for()
        assert_accessible(window)
    assert_fits_a_phone(phone)
