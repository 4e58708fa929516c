"""Who gets in where: every URL of the product, for every role and for nobody in particular.

A URL that has no line in POLICY fails the first test, so a new page must say whom it is for.
Whoever is not named in a line gets no byte of the page: the anonymous are sent to the login, the
others get 403 or 404, or are sent to the front of the admin as if nothing were there.
"""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern
from django.utils import timezone

from tests import files
from tests.conftest import TODAY, acts_for
from tests.factories import PersonFactory, PlanFactory, SelfCheckFactory, TicketFactory
from tracker import intake
from tracker.choices import Post, Role
from tracker.evidence.receiving import incoming
from tracker.exports import jobs
from tracker.intake import queue
from tracker.models import (
    Bulk,
    Change,
    ExportJob,
    Extension,
    Handover,
    Holiday,
    ImportBatch,
    LookBack,
    Membership,
    MembershipProposal,
    PendingUpload,
    Person,
    PlanAsk,
    Progress,
    Round,
    SavedView,
    Substitution,
    Ticket,
    Transition,
)
from tracker.models.in_hand import open_duties

BULLETIN = """临江市水务局党组关于巡察整改进展情况的通报

2026年5月至6月，市委第七巡察组对市水务局党组进行了巡察。2026年9月1日，市委第七巡察组向市水务局党组反馈了巡察意见。现将整改进展情况予以公布。

一、巡察反馈意见整改落实情况

（一）关于工程管理方面的问题

1.关于台账不健全的问题。

一是健全台账，逐项登记。二是每月核对一次。

2.关于验收不及时的问题。

一是清理未验收项目。二是明确验收时限。
"""

# Those who act for the inspected unit, in each role; then those who do not.
OWN = {"staff", "supervisor", "operator", "viewer"}
POSTS = {"system", "security", "auditor"}
STRANGERS = {"neighbour", "foreign operator", *POSTS}
ANYBODY = {"anonymous"}
SIGNED_IN = OWN | STRANGERS
BUSINESS = SIGNED_IN - POSTS
IMPORTERS = {"operator", "foreign operator"}
SYSTEM, SECURITY, AUDITOR = {"system"}, {"security"}, {"auditor"}
KEEPERS = SYSTEM | SECURITY
ADMITTED = IMPORTERS | KEEPERS
NOBODY: set[str] = set()
# Where everyone finds their own account.
ACCOUNT = ("login/", "logout/", "password/", "account/")

OWN_OPERATOR = {"operator"}
# Who stands on the substitution and on the sheet of a hand-over, and their office.
CONCERNED = {"staff", "supervisor"}

POLICY = {
    "login/": ANYBODY | SIGNED_IN,
    "password/": SIGNED_IN,
    "password/done/": SIGNED_IN,
    # one's own account, and nobody else's: see `keys` for whose session is asked for
    "account/": SIGNED_IN,
    "account/token/": SIGNED_IN,
    "account/token/set-up/": SIGNED_IN,
    "account/token/set-up/qr-code.svg": SIGNED_IN,
    "account/token/codes/": SIGNED_IN,
    "account/token/remove/": SIGNED_IN,
    # the manual is for everybody
    "help/": SIGNED_IN,
    "help/<slug:name>/": SIGNED_IN,
    # the board: lists are narrowed to the reader, objects are those of the reader's units
    "": SIGNED_IN - KEEPERS,  # an administrator is led to their own front page
    "wall/": BUSINESS,
    "overview/": BUSINESS,
    "board/": BUSINESS,
    "keys/": BUSINESS,
    # saved views: one's own, and whose share one keeps; what is shared is only listed
    "views/": BUSINESS,
    "views/menu/": BUSINESS,
    "views/new/": BUSINESS,
    "views/<int:pk>/": {"supervisor"},
    "views/<int:pk>/delete/": {"supervisor"},
    "timeline/": BUSINESS,
    "matrix/": BUSINESS,
    "kanban/": BUSINESS,
    "calendar/": BUSINESS,
    "sheets/": BUSINESS,
    # The address itself is the key: whoever has none finds nothing, signed in or not.
    "calendar/feed/<str:secret>.ics": NOBODY,
    "screen/<str:secret>/": NOBODY,
    "screen/<str:secret>/picture/": NOBODY,
    "screens/": {"supervisor"},
    "tickets/<int:pk>/moves/": OWN,
    # many at once: whoever reviews or supervises; the result is its author's alone
    "tickets/bulk/<str:act>/": {"supervisor"},
    "bulk/": BUSINESS,
    "bulk/<int:pk>/": {"supervisor"},
    "tickets/<int:pk>/versions/": OWN,
    "tickets/": BUSINESS,
    "inspections/<int:pk>/wall/": OWN,
    "inspections/<int:pk>/wall/xlsx/": OWN,
    "inspections/<int:pk>/wall/docx/": OWN,
    "inspections/<int:pk>/wall/print/": OWN,
    "tickets/print/": BUSINESS,
    "matrix/print/": BUSINESS,
    "timeline/print/": BUSINESS,
    "kanban/print/": BUSINESS,
    "calendar/print/": BUSINESS,
    "inspections/<int:pk>/plan/print/": OWN,
    "handovers/<int:pk>/print/": CONCERNED,
    # a file that is made beside is of its asker alone
    "exports/": BUSINESS,
    "exports/new/": BUSINESS,
    "exports/<int:pk>/file/": {"supervisor"},
    "tickets/xlsx/": BUSINESS,
    "tickets/docx/": BUSINESS,
    "matrix/xlsx/": BUSINESS,
    "sheets/xlsx/": BUSINESS,
    "overview/xlsx/": BUSINESS,
    "sheets/print/": BUSINESS,
    # who may amend; a group of files is its sender's alone
    "ledger/import/": IMPORTERS,
    "ledger/import/<str:group>/": OWN_OPERATOR,
    "ledger/import/<str:group>/returned/": OWN_OPERATOR,
    "work/<str:task>/": BUSINESS,
    "tickets/<int:pk>/": OWN,
    "tickets/<int:pk>/report/": OWN,
    "tickets/<int:pk>/report/draft/discard/": OWN,
    "reports/<int:pk>/judge/": OWN,
    "tickets/<int:pk>/evidence/": OWN,
    "tickets/<int:pk>/dossier/": OWN,
    "evidence/<int:pk>/file/": OWN,
    "evidence/<int:pk>/thumbnail/": OWN,
    "evidence/<int:pk>/withdraw/": OWN,
    "tickets/<int:pk>/signoffs/<int:number>/": OWN,
    "look-backs/": {"supervisor"},
    "look-backs/<int:pk>/": {"supervisor"},
    "look-back-items/<int:pk>/": {"supervisor"},
    "tickets/<int:pk>/move/<str:name>/": OWN,
    "tickets/<int:pk>/block/": OWN,
    "tickets/<int:pk>/unblock/": OWN,
    "tickets/<int:pk>/press/": OWN,
    "tickets/<int:pk>/restrict/": OWN,
    "tickets/<int:pk>/unrestrict/": OWN,
    "tickets/<int:pk>/instruct/": OWN,
    "instructions/<int:pk>/answer/": OWN,
    "coordination/": BUSINESS,
    "notices/": BUSINESS,
    "tickets/<int:pk>/plan/": OWN,
    "tickets/<int:pk>/plan/measures/": OWN,
    "tickets/<int:pk>/plan/measures/<int:measure>/": OWN,
    "tickets/<int:pk>/plan/measures/<int:measure>/drop/": OWN,
    "tickets/<int:pk>/found/": OWN,
    "tickets/<int:pk>/checks/": OWN,
    "tickets/<int:pk>/recurs/": OWN,
    "inspections/<int:pk>/plan/": OWN,
    "inspections/<int:pk>/plan/editions/": OWN,
    "inspections/<int:pk>/plan/<str:name>/": OWN,
    "plan-asks/<int:pk>/": OWN,
    "self-checks/": BUSINESS,
    "self-checks/<int:pk>/": OWN,
    # requests: an extension is seen with its ticket, the rest by those whom it concerns
    "tickets/<int:pk>/extension/": OWN,
    "extensions/": BUSINESS,
    "extensions/<int:pk>/": OWN,
    "extensions/<int:pk>/withdraw/": OWN,
    "substitutions/": BUSINESS,
    "substitutions/new/": {"supervisor"},
    "substitutions/<int:pk>/revoke/": CONCERNED,
    "handovers/": BUSINESS,
    "handovers/new/": BUSINESS,
    "handovers/<int:pk>/": CONCERNED,
    "handovers/<int:pk>/confirm/": CONCERNED,
    "handovers/<int:pk>/cancel/": CONCERNED,
    "bulletins/<int:pk>/": OWN,
    "bulletins/<int:pk>/file/": OWN,
    # the admin's own pages; it has no login of its own and finds nothing by type and number
    "admin/": ADMITTED,
    "admin/login/": NOBODY,
    "admin/logout/": ADMITTED,
    "admin/password_change/": ADMITTED,
    "admin/password_change/done/": ADMITTED,
    "admin/autocomplete/": NOBODY,
    "admin/jsi18n/": ADMITTED,
    "admin/r/<path:content_type_id>/<path:object_id>/": NOBODY,
    "admin/^(?P<app_label>tracker)/$": ADMITTED,
    "admin/(?P<url>.*)$": NOBODY,
    # the import: a draft is its owner's alone
    "admin/tracker/bulletin/import/": IMPORTERS,
    "admin/tracker/bulletin/import/reading/<str:group>/": OWN_OPERATOR,
    "admin/tracker/bulletin/import/<int:pk>/": OWN_OPERATOR,
    "admin/tracker/bulletin/import/<int:pk>/discard/": OWN_OPERATOR,
    "admin/tracker/bulletin/import/<int:pk>/diff/": OWN_OPERATOR,
    # the ledger
    "admin/tracker/ticket/import/": IMPORTERS,
    "admin/tracker/ticket/export/": IMPORTERS,
    # registers from a workbook
    "admin/tracker/person/import/": SYSTEM,
    "admin/tracker/person/template/": SYSTEM,
    "admin/tracker/unit/import/": SYSTEM,
    "admin/tracker/unit/template/": SYSTEM,
    # the audit trail
    "audit/": AUDITOR,
    "audit/export/": AUDITOR,
}
# These act and show nothing, so a glance is 405; what they do is tested where they belong.
POST_ONLY = {
    "exports/<int:pk>/cancel/",
    "exports/<int:pk>/again/",
    "calendar/token/<str:action>/",
    "screens/<int:pk>/revoke/",
    "logout/",
    "tickets/<int:pk>/report/draft/",
    "evidence/<int:pk>/key/",
    "instructions/<int:pk>/receive/",
    "notices/read/",
    "notices/<int:pk>/open/",
    "audit/check/",
    "account/sessions/<int:pk>/end/",
    "account/printed/",
    "admin/tracker/person/process_import/",
    "admin/tracker/unit/process_import/",
    "admin/tracker/person/<int:pk>/secret/",
    "admin/tracker/person/<int:pk>/unlock/",
    "admin/tracker/person/<int:pk>/end-sessions/",
    "admin/tracker/person/<int:pk>/second-factor/",
    "admin/tracker/bulletin/import/<int:pk>/confirm/",
    "admin/tracker/ticket/process_import/",
}


def for_model(name, *, lists, looks, adds, deletes):
    """The pages that the admin makes for each model."""
    base = f"admin/tracker/{name}"
    return {
        f"{base}/": lists,
        f"{base}/add/": adds,
        f"{base}/<path:object_id>/": ADMITTED,  # leads on to the next, which decides
        f"{base}/<path:object_id>/change/": looks,
        f"{base}/<path:object_id>/history/": looks,
        f"{base}/<path:object_id>/delete/": deletes,
    }


# Business is for operators in their reach and never deleted; the rest is the administrators'.
for name in ("bulletin", "inspection", "importbatch", "progress", "transition", "change", "ticket"):
    POLICY |= for_model(name, lists=IMPORTERS, looks=OWN_OPERATOR, adds=NOBODY, deletes=NOBODY)
for name in ("round", "holiday"):
    POLICY |= for_model(name, lists=SYSTEM, looks=SYSTEM, adds=SYSTEM, deletes=SYSTEM)
POLICY |= for_model("membership", lists=SECURITY, looks=SECURITY, adds=SECURITY, deletes=SECURITY)
POLICY |= for_model(
    "membershipproposal", lists=SECURITY, looks=SECURITY, adds=NOBODY, deletes=NOBODY
)
POLICY |= for_model("person", lists=KEEPERS, looks=KEEPERS, adds=SYSTEM, deletes=NOBODY)
POLICY |= for_model(
    "unit", lists=IMPORTERS | SYSTEM, looks=OWN_OPERATOR | SYSTEM, adds=SYSTEM, deletes=SYSTEM
)


def routes(patterns, prefix="") -> Iterator[str]:
    """Every route of the product, as it is written in the urlconf."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern.url_patterns, route)


ROUTES = list(routes(get_resolver().url_patterns))


def filled(route: str, keys: dict, group: str) -> str:
    """The address of a route: the word before a number says which of these keys it takes."""
    route = route.replace("^(?P<app_label>tracker)/$", "tracker/")
    route = route.replace("(?P<url>.*)$", "nowhere/").replace("<str:name>", "submit")
    route = route.replace("<str:act>", "press").replace("<str:task>", "evidence")
    route = route.replace("<slug:name>", "start")
    route = route.replace("<str:group>", group)
    route = route.replace("<path:content_type_id>", "1").replace("<str:secret>", "nothing")
    return "/" + re.sub(
        r"(\w+)/<(?:int:|path:)?\w+>", lambda m: f"{m[1]}/{keys.get(m[1], 1)}", route
    )


@pytest.fixture
def cast(bureau, other_bureau) -> dict[str, Person | None]:
    return {
        "anonymous": None,
        "staff": acts_for(bureau, Role.STAFF),
        "supervisor": acts_for(bureau, Role.OFFICE),
        "operator": acts_for(bureau, Role.OPERATOR),
        "viewer": acts_for(bureau, Role.VIEWER),
        "neighbour": acts_for(other_bureau, Role.STAFF),
        "foreign operator": acts_for(other_bureau, Role.OPERATOR),
        "system": PersonFactory(post=Post.SYSTEM),
        "security": PersonFactory(post=Post.SECURITY),
        "auditor": PersonFactory(post=Post.AUDITOR),
    }


@pytest.fixture
def path_of(cast, bureau):
    """Import a bulletin, work on a ticket, leave a draft; return how a route leads to them."""
    operator, staff = cast["operator"], cast["staff"]
    intake.import_file(BULLETIN.encode(), "通报.txt", by=operator, today=TODAY, under=bureau)
    draft = intake.receive(f"{BULLETIN}附".encode(), "又一份.txt", by=operator, today=TODAY).draft
    ticket = Ticket.objects.first()
    ticket.move("claim", by=staff, version=ticket.version)
    ticket.move("start", by=staff, version=ticket.version)
    with incoming([SimpleUploadedFile("现场.png", files.png())]) as uploads:
        ticket.report(by=staff, text="已补登。", version=ticket.version, files=uploads)
    instruction = ticket.instruct(by=cast["supervisor"], text="排出周计划")
    ticket.signoffs.create(
        ticket_version=99, cycle=ticket.cycles.get(), number=1, submitter=staff, result="已补齐。"
    )
    TicketFactory(inspection=ticket.inspection, closed=True)
    drawn = LookBack.objects.draw(by=cast["supervisor"], size=1, seed="1")
    group = queue.enqueue([("等待识别.txt", BULLETIN.encode())], by=operator)
    extension = Extension.ask(
        ticket,
        by=staff,
        due_on=ticket.due_on + timedelta(30),
        reason="冻雨。",
        ground="预警",
        progress="过半。",
        version=ticket.version,
    )
    substitution = Substitution.objects.appoint(
        staff,
        principal=cast["supervisor"],
        from_on=timezone.localdate(),
        to_on=timezone.localdate(),
        reason="出差",
        by=cast["supervisor"],
    )
    handover = Handover.objects.start(
        open_duties(staff, staff),
        giver=staff,
        receiver=acts_for(bureau, Role.STAFF),
        reason="岗位调整",
        by=staff,
    )
    ledger = openpyxl.Workbook()
    ledger.active.append(["id", "version", "编号", "问题"])
    ledger.active.append(["0", "1", "", "没有的问题"])
    stream = io.BytesIO()
    ledger.save(stream)
    PendingUpload.objects.create(content=stream.getvalue(), group=group, by=operator)
    plan = PlanFactory(inspection=ticket.inspection)
    measure = ticket.measures.first()
    ask = PlanAsk.objects.create(
        ticket=ticket, measure=measure, kind="drop", reason="试", asked_by=staff
    )
    done = Bulk.objects.create(kind="press", by=cast["supervisor"], words="请办。")
    MembershipProposal.objects.create(
        person=cast["viewer"], unit=bureau, role=Role.STAFF, proposed_by=cast["system"]
    )
    shared = SavedView.objects.create(
        owner=cast["supervisor"], name="临期", view="kanban", shared_unit=bureau
    )
    asked = {"view": "ticket-list", "kind": "xlsx", "query": "", "words": ""}
    ExportJob.objects.ask(by=cast["supervisor"], **asked, total=2)
    jobs.run(jobs.take())
    keys = {
        "exports": ExportJob.objects.get().pk,
        "bulk": done.pk,
        "views": shared.pk,
        "measures": measure.pk,
        "asks": ask.pk,
        "checks": SelfCheckFactory(ticket=ticket).pk,
        "plan": plan.pk,
        "extensions": extension.pk,
        "substitutions": substitution.pk,
        "handovers": handover.pk,
        "inspections": ticket.inspection_id,
        "tickets": ticket.pk,
        "reports": ticket.progress.get().pk,
        "signoffs": 1,
        "backs": drawn.pk,
        "items": drawn.items.get().pk,
        "evidence": ticket.evidence.get().pk,
        "instructions": instruction.pk,
        "notices": staff.notices.first().pk,
        "bulletins": ticket.bulletin_id,
        "import": draft.pk,
        "bulletin": ticket.bulletin_id,
        "inspection": ticket.inspection_id,
        "ticket": ticket.pk,
        "person": staff.pk,
        "unit": bureau.pk,
        **{
            model._meta.model_name: model.objects.first().pk
            for model in (
                ImportBatch,
                Progress,
                Transition,
                Change,
                Membership,
                MembershipProposal,
                Round,
                Holiday,
            )
        },
    }

    return partial(filled, keys=keys, group=group)


def outcome(response) -> str:
    """In, sent to the login, or out in one of the ways that show nothing."""
    if response.status_code in (301, 302, 307):
        if response.url.startswith(("/login/", "/admin/login/")):
            return "login"
        return "out" if response.url == "/admin/" else "in"
    return {200: "in", 403: "out", 404: "out", 405: "405"}[response.status_code]


def test_every_url_says_whom_it_is_for():
    assert set(ROUTES) == set(POLICY) | POST_ONLY


@pytest.mark.django_db
@pytest.mark.parametrize(
    "who", ["anonymous", *sorted(OWN), *sorted(STRANGERS)], ids=lambda who: who.replace(" ", "_")
)
def test_who_gets_in_where(cast, path_of, who):
    client = Client()
    if cast[who]:
        client.force_login(cast[who])

    got, wanted = {}, {}
    for route in POLICY:
        got[route] = outcome(client.get(path_of(route)))
        if who in POLICY[route]:
            wanted[route] = {"in"}
        elif who == "anonymous":
            # Whom nobody has logged in, nobody logs out: the way leads to the front of the admin.
            # A secret address knows no login: a wrong one is simply not there.
            no_login = route == "admin/logout/" or "<str:secret>" in route
            wanted[route] = {"out"} if no_login else {"login"}
        else:
            # The admin sends everyone whom it does not admit to the login, which refuses them.
            wanted[route] = {"out", "login"} if route.startswith("admin/") else {"out"}

    assert {r: got[r] for r in POLICY if got[r] not in wanted[r]} == {}


@pytest.mark.django_db
def test_what_is_not_yours_is_not_there(cast, path_of):
    """On the board an object of another unit is 404, not 403: its number tells nothing.

    The three administrators get 403 for whatever there is, or is not.
    """
    objects = [
        route
        for route, may in POLICY.items()
        # A list that has a name in its address is no object.
        if "<" in route and not route.startswith("admin/") and may not in (BUSINESS, SIGNED_IN)
    ]
    assert objects

    for who in sorted(STRANGERS - POSTS):
        client = Client()
        client.force_login(cast[who])
        for route in objects:
            assert client.get(path_of(route)).status_code == 404, (who, route)
            posted = client.post(path_of(route), {"version": 3, "note": "试", "text": "试"})
            assert posted.status_code in (404, 405), (who, route)


@pytest.mark.django_db
def test_the_anonymous_change_nothing(cast, path_of):
    before = list(Ticket.objects.values_list("version", "status")), Progress.objects.count()
    client = Client()

    for route in ROUTES:
        if route in ("login/", "logout/"):
            continue
        response = client.post(path_of(route), {"version": 3, "note": "试", "text": "试"})
        assert outcome(response) in ("login", "out", "405"), route

    after = list(Ticket.objects.values_list("version", "status")), Progress.objects.count()
    assert after == before


@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted(POST_ONLY))
def test_what_only_acts_is_not_done_by_a_glance(cast, path_of, route):
    client = Client()
    client.force_login(cast["operator"])

    assert client.get(path_of(route)).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("who", sorted(POSTS))
def test_an_administrator_sees_no_business(cast, path_of, who):
    """三员分立: whatever page of the board there is, read or sent to; there is no exception."""
    client = Client()
    client.force_login(cast[who])
    others = ("admin/", "audit/", "help/", *ACCOUNT)
    board = [route for route in ROUTES if not route.startswith(others)]
    assert len(board) > 5

    for route in board:
        if route == "":
            continue
        assert client.get(path_of(route)).status_code == 403, route
        assert client.post(path_of(route)).status_code == 403, route
    assert client.get("/").status_code == 302


@pytest.mark.django_db
def test_a_superuser_cannot_sign_in(path_of):
    client = Client()
    client.force_login(PersonFactory(is_superuser=True))

    assert client.get("/").url.startswith("/login/")
    assert client.get("/admin/").url.startswith("/admin/login/")
