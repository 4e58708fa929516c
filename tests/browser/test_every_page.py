"""Every page there is, met as people meet it: by the links that a phone shows them.

One demo for all. Each person starts at their own front page and follows whatever a window of
390 px shows them. On the way nothing may be wider than the window, here or at 1440 px, nothing may
be in English, the browser may not complain, and axe may find nothing serious.
"""

import io
import re
from collections import Counter
from datetime import date
from urllib.parse import urlsplit

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from django.utils import timezone

from tests.browser.conftest import DESKTOP, PHONE
from tests.test_access import NOBODY, POLICY, POST_ONLY
from tracker import intake
from tracker.demo import cast, loading
from tracker.models import (
    Bulk,
    Bulletin,
    Extension,
    Holiday,
    ImportBatch,
    Instruction,
    MembershipProposal,
    PendingUpload,
    Person,
    Plan,
    PlanAsk,
    ReportDraft,
    Round,
    SavedView,
    Substitution,
    Ticket,
)

STAFF, ONLOOKER, OFFICE, LEADER = "lingyunzhou", "gaoyuanshan", "peisiyuan", "shenshaoan"
# At a unit with heads, one whose plan is being drawn up, and one whose plan was approved.
HEAD, DRAFTER, PLANNED = "zoumingyuan", "xiangzhixing", "niexiaoman"
PEOPLE = (
    *(STAFF, ONLOOKER, OFFICE, cast.INSPECTOR, LEADER, HEAD, DRAFTER, PLANNED, "qinruoshui"),
    *(cast.OPERATOR, "xitong", "anquan", "shenji"),
)
# An address is met by so many people, and a page that differs by reader by everybody.
MOST = 2
DIFFERS = {"", "tickets/<int:pk>/"}
# Downloads, pictures and parts of pages.
NO_PAGE = re.compile(
    r"(xlsx|docx|file|dossier|export|template|thumbnail|returned|picture|jsi18n)/$|\.svg$|\.ics$"
)
# Pages to which no link leads; why stands beside each.
UNLINKED = {
    "admin/logout/": "the board's own is linked",
    "admin/password_change/": "the board's own is linked",
    "admin/password_change/done/": "follows a form",
    "password/done/": "follows a form",
    "account/token/": "asked for on signing in with a one-time password",
    "account/token/codes/": "for whoever has set one up",
    "account/token/remove/": "for whoever has set one up",
    "login/": "leads to the front page once signed in; see below",
    "screen/<str:secret>/": "its address is shown once, when the display is made",
    "admin/tracker/bulletin/import/reading/<str:group>/": "moves on by itself",
    "views/menu/": "a part that the menu of views fetches",
    "admin/^(?P<app_label>tracker)/$": "written otherwise when it is resolved",
}
LINKS = """() => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  document.querySelectorAll(".gt-fold").forEach((each) => { each.checked = true; });
  const shown = [...document.querySelectorAll("a[href], [formaction]")]
    .filter((each) => each.checkVisibility() && each.getClientRects().length)
    .map((each) => each.href || each.formAction);
  const forms = [...document.querySelectorAll("form:not([method=post])")];
  return [...new Set([...shown, ...forms.map((each) => each.action)])];
}"""
WORDS = """() => {
  const said = [document.title, document.body.innerText];
  for (const name of ["aria-label", "placeholder", "title", "alt"])
    document.querySelectorAll(`[${name}]`).forEach((each) => said.push(each.getAttribute(name)));
  document.querySelectorAll("input[type=submit]").forEach((each) => said.push(each.value));
  return said.join("\\n");
}"""
# A word of its own in Latin letters, no part of a file's name or of an address.
LATIN = re.compile(r"(?<![\w./@-])[A-Za-z][a-z]{2,}(?![\w./@-])")
# Files by their names, and keys by what stands on them.
BY_NAME = {"Word", "Excel", "xlsx", "csv", "version", "Tab", "Shift", "Enter", "Esc"}
# The trail quotes addresses; Django links what a record names, also to whom it is shut.
QUOTES, LINKS_TO_SHUT = "/audit/", "/admin/"


@pytest.fixture
def demo(transactional_db):
    """The demo, with what its operator has begun, and days that are off."""
    loading.load()
    Round.objects.update(ranks_units=True)
    # Another test may have emptied the table that a migration filled.
    Holiday.objects.get_or_create(on=date(2026, 10, 1), defaults={"name": "国庆节"})


@pytest.fixture
def asked_for(demo) -> dict[str, list[str]]:
    """What to meet besides: what differs by what is asked for, what only few have a link to."""
    operator = Person.objects.get(username=cast.OPERATOR)
    sample = (loading.SAMPLES / "yanchuan_jiaotong.txt").read_bytes()
    draft = intake.receive(sample + b"\n", "again.txt", by=operator, today=timezone.localdate())
    group = "sent-together"
    ledger = openpyxl.Workbook()
    ledger.active.title = "台账"
    ledger.active.append(["id", "version", "编号", "问题"])
    ledger.active.append(["0", "1", "", "没有的问题"])
    stream = io.BytesIO()
    ledger.save(stream)
    PendingUpload.objects.create(content=stream.getvalue(), group=group, by=operator)

    ticket = Ticket.objects.filter(bulletin__isnull=False)[0]
    changed = Ticket.objects.filter(lead_unit__name="养护管理科", status="in_progress")[0]
    measure = changed.measures.all()[0]
    instruction = Instruction.objects.unanswered().filter(ticket__lead_unit__name="公路建设科")[0]
    restricted = Ticket.objects.get(is_restricted=True)
    extension = Extension.objects.pending()[0]
    kept = SavedView.objects.filter(owner__username=OFFICE)[0]
    drafted = Plan.objects.get(status="drafting")
    lent = Substitution.objects.filter(principal__username="qinruoshui")[0]
    review, admin = f"/admin/tracker/bulletin/import/{draft.draft.pk}", "/admin/tracker"
    return {
        STAFF: [
            "/tickets/?status=closed&q=nothing-of-that-name",
            "/notices/?unread=on",
            f"/tickets/{ReportDraft.objects.get().ticket_id}/report/draft/discard/",
            f"/instructions/{instruction.pk}/answer/",
        ],
        LEADER: ["/coordination/?state=ended"],
        OFFICE: [
            f"/bulk/{Bulk.objects.get().pk}/",
            "/exports/new/",
            "/substitutions/new/",
            f"/views/{kept.pk}/",
            f"/views/{kept.pk}/delete/",
            "/tickets/bulk/press/?of=all",
            "/tickets/bulk/approve/?of=all",
            "/tickets/bulk/assign/?of=all",
        ],
        cast.INSPECTOR: [
            f"/tickets/{restricted.pk}/unrestrict/",
            "/timeline/?scale=week&rows=category&since=monday",
            "/matrix/?by=problem",
            "/matrix/?by=aspect",
            "/kanban/?since=monday&light=late",
            "/sheets/?by=unit",
            "/tickets/?since=monday",
            "/wall/?set=closing&since=monday",
            "/overview/?basis=on_time",
        ],
        HEAD: [
            f"/extensions/{extension.pk}/",
            f"/plan-asks/{PlanAsk.objects.filter(ticket=changed)[0].pk}/",
            f"/inspections/{changed.inspection_id}/plan/editions/",
            f"/tickets/{changed.pk}/plan/measures/",
            f"/tickets/{changed.pk}/plan/measures/{measure.pk}/",
            f"/tickets/{changed.pk}/plan/measures/{measure.pk}/drop/",
        ],
        DRAFTER: [f"/inspections/{drafted.inspection_id}/plan/submit/"],
        PLANNED: [f"/extensions/{extension.pk}/withdraw/"],
        "qinruoshui": [f"/substitutions/{lent.pk}/revoke/"],
        cast.OPERATOR: [
            *(f"{review}/", f"{review}/diff/", f"{review}/discard/"),
            *("/ledger/import/", f"/ledger/import/{group}/"),
            f"{admin}/bulletin/{Bulletin.objects.all()[0].pk}/history/",
            f"{admin}/importbatch/{ImportBatch.objects.all()[0].pk}/history/",
            f"{admin}/ticket/{ticket.pk}/history/",
        ],
        "anquan": [
            f"{admin}/membershipproposal/{MembershipProposal.objects.get().pk}/{page}/"
            for page in ("change", "history")
        ],
    }


class Sweep:
    """What was met, how often, and what was wrong there."""

    def __init__(self, watch, asked_for: dict[str, list[str]]):
        self.watch = watch
        self.asked_for = {path for paths in asked_for.values() for path in paths}
        self.times: Counter[tuple] = Counter()
        self.wrong: list[str] = []
        self.statuses = dict(Ticket.objects.values_list("pk", "status"))
        self.known = BY_NAME | set(Person.objects.values_list("username", flat=True))

    def key(self, path: str) -> tuple:
        """The route of an address, its words, and the status of the ticket that it shows."""
        match = resolve(urlsplit(path).path)
        words = [value for name, value in match.kwargs.items() if name in ("name", "act")]
        if match.route == "tickets/<int:pk>/":
            words.append(self.statuses[match.kwargs["pk"]])
        if path in self.asked_for:
            words.append(urlsplit(path).query)
        return (match.route, *words)

    def walk(self, page, first: list[str]) -> None:
        ways, seen = list(first), set()
        while ways:
            path = ways.pop(0)
            key = self.key(path)
            if key in seen or key[0] in POST_ONLY or NO_PAGE.search(key[0]):
                continue
            seen.add(key)
            if self.times[key] < MOST or key[0] in DIFFERS:
                ways += self.meet(page, path, is_new=not self.times[key])
                self.times[key] += 1

    def meet(self, page, path: str, *, is_new: bool) -> list[str]:
        """Look at one page in both widths; return the ways that lead on from it."""
        came_from = urlsplit(page.url).path
        answer = page.goto(path)
        is_shut = answer.status == 403 and came_from.startswith(LINKS_TO_SHUT)
        wrong = [] if answer.status == 200 or is_shut else [f"answers {answer.status}"]
        links = page.evaluate(LINKS)
        wrong += self._too_wide(page, PHONE)
        if not urlsplit(page.url).path.startswith(QUOTES):
            wrong += sorted(set(LATIN.findall(page.evaluate(WORDS))) - self.known)
        page.set_viewport_size(DESKTOP)
        wrong += self._too_wide(page, DESKTOP)
        if is_new:
            wrong += self._serious(page)
        page.set_viewport_size(PHONE)
        wrong += self.watch.problems
        self.watch.problems.clear()
        self.wrong += [f"{path}: {each}" for each in wrong]
        own = [urlsplit(link) for link in links if link.startswith(self.watch.own_origin)]
        return [f"{each.path}?{each.query}" if each.query else each.path for each in own]

    def _too_wide(self, page, window) -> list[str]:
        width = page.evaluate("document.documentElement.scrollWidth")
        return [f"{width} px wide in {window['width']}"] if width > window["width"] else []

    def _serious(self, page) -> list[str]:
        # Unless told so, axe fetches the style sheets again and writes into the page.
        found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False})
        return [
            f"{violation['id']} {node['target']} {node['html'][:120]}"
            for violation in found.response["violations"]
            if violation["impact"] in {"serious", "critical"}
            for node in violation["nodes"]
        ]

    def unmet(self) -> set[str]:
        pages = {
            route
            for route, who in POLICY.items()
            # The admin leads on from an object to the page that changes it.
            if who != NOBODY and not NO_PAGE.search(route) and not route.endswith("object_id>/")
        }
        return pages - {key[0] for key in self.times} - UNLINKED.keys()


def test_every_page_in_both_widths(asked_for, page_of, watch):
    sweep = Sweep(watch, asked_for)

    for username in PEOPLE:
        page = page_of(Person.objects.get(username=username), viewport=PHONE)
        sweep.walk(page, ["/", *asked_for.get(username, [])])
        page.context.close()

    assert not sweep.wrong, "\n".join(sweep.wrong)
    assert sweep.unmet() == set()


def test_the_login(transactional_db, page, new_context, assert_accessible):
    phone = new_context(viewport=PHONE).new_page()
    for window in (page, phone):
        window.goto("/login/")
        window.get_by_label("账号").fill("nobody")
        window.get_by_label("密码").fill("wrong-password")
        window.get_by_label("密码").press("Enter")
        window.get_by_role("alert").wait_for()
        assert_accessible(window)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
