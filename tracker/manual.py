"""使用手册: the files of `docs/manual` as the pages of 帮助; who has the checkout reads the same.

Words of the screen stand in 「」; a test looks for each of them in templates, forms and choices.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element

import markdown
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown.extensions.toc import TocExtension, slugify_unicode
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from tracker.choices import Role

FOLDER = Path(settings.BASE_DIR) / "docs" / "manual"
# The files by their stem, in the order of the contents.
NAMES = (
    *("start", "staff", "leaders", "office", "operator", "administrators"),
    *("views", "lights", "questions"),
)
# Those written for some roles; the administrators have their own, everything else is for all.
READERS: dict[str, frozenset[Role]] = {
    "staff": frozenset({Role.STAFF, Role.HEAD}),
    "leaders": frozenset({Role.LEADER, Role.PARTY, Role.VIEWER}),
    "office": frozenset({Role.OFFICE, Role.INSPECTOR}),
    "operator": frozenset({Role.OPERATOR}),
}
FOR_POSTS = "administrators"
# Which part of the manual speaks of a page, by the name of its URL and, where one page serves
# several acts, the act; a page that is not here is spoken of at the front.
SPEAKS_OF = {
    "tracker:workbench": "start#工作台",
    "tracker:ticket-list": "start#找一个问题",
    "tracker:ticket-detail": "start#一个问题的页面",
    "tracker:notice-list": "start#消息",
    "tracker:keys": "start#页面上有什么",
    "account:account": "start#登录与密码",
    "password_change": "start#登录与密码",
    "tracker:ticket-move claim": "staff#认领一个问题",
    "tracker:ticket-move start": "staff#认领一个问题",
    "tracker:ticket-move submit": "staff#提交销号",
    "tracker:ticket-move keep": "office#列入长期坚持与重启整改",
    "tracker:ticket-move reopen": "office#列入长期坚持与重启整改",
    "tracker:ticket-move": "office#审核与销号",
    "tracker:ticket-signoff": "office#审核与销号",
    "tracker:ticket-report": "staff#填报进展",
    "tracker:report-judge": "staff#审阅进展",
    "tracker:ticket-evidence": "staff#上传佐证材料",
    "tracker:evidence-withdraw": "staff#上传佐证材料",
    "tracker:ticket-extension": "staff#申请延期",
    "tracker:extension-withdraw": "staff#申请延期",
    "tracker:extension-list": "staff#申请延期",
    "tracker:extension-detail": "office#审批延期",
    "tracker:ticket-block": "staff#标记受阻",
    "tracker:ticket-unblock": "staff#标记受阻",
    "tracker:instruction-answer": "staff#回复批示",
    "tracker:ticket-press": "office#催办",
    "tracker:ticket-instruct": "leaders#批示与协调",
    "tracker:coordination-list": "leaders#批示与协调",
    "tracker:ticket-restrict": "office#限定知悉",
    "tracker:ticket-unrestrict": "office#限定知悉",
    "tracker:ticket-plan": "staff#编制整改方案",
    "tracker:ticket-measure": "staff#编制整改方案",
    "tracker:measure-drop": "staff#编制整改方案",
    "tracker:inspection-plan": "office#编制和审定整改方案",
    "tracker:plan-move": "office#编制和审定整改方案",
    "tracker:plan-editions": "office#编制和审定整改方案",
    "tracker:plan-ask": "office#编制和审定整改方案",
    "tracker:ticket-found": "staff#登记自查问题",
    "tracker:self-check-list": "staff#登记自查问题",
    "tracker:self-check": "staff#登记自查问题",
    "tracker:ticket-checks": "office#举一反三与移交",
    "tracker:ticket-recurs": "office#举一反三与移交",
    "tracker:ticket-bulk": "office#批量办理",
    "tracker:bulk-list": "office#批量办理",
    "tracker:bulk-detail": "office#批量办理",
    "tracker:look-back-list": "office#回头看",
    "tracker:look-back-detail": "office#回头看",
    "tracker:look-back-item": "office#回头看",
    "tracker:screen-list": "office#大屏",
    "tracker:timeline": "views#七种视图",
    "tracker:matrix": "views#七种视图",
    "tracker:kanban": "views#七种视图",
    "tracker:sheets": "views#七种视图",
    "tracker:wall": "views#台账与选列",
    "tracker:inspection-wall": "views#台账与选列",
    "tracker:calendar": "views#订阅日历",
    "tracker:overview": "views#总览",
    "tracker:saved-view-list": "views#保存视图",
    "tracker:saved-view-new": "views#保存视图",
    "tracker:saved-view-edit": "views#保存视图",
    "tracker:export-list": "views#导出excel和word",
    "tracker:export-new": "views#导出excel和word",
    "tracker:ledger-import": "operator#导回台账",
    "tracker:ledger-preview": "operator#导回台账",
    "tracker:substitution-list": "views#代理",
    "tracker:substitution-new": "views#代理",
    "tracker:substitution-revoke": "views#代理",
    "tracker:handover-list": "views#责任交接",
    "tracker:handover-new": "views#责任交接",
    "tracker:handover-detail": "views#责任交接",
    "tracker:handover-confirm": "views#责任交接",
    "tracker:handover-cancel": "views#责任交接",
    "admin:tracker_bulletin_import": "operator#导入一份通报",
    "admin:tracker_bulletin_reading": "operator#导入一份通报",
    "admin:tracker_bulletin_review": "operator#导入一份通报",
    "admin:tracker_bulletin_diff": "operator#导入一份通报",
    "admin:tracker_ticket_changelist": "operator#更正一个问题",
    "admin:tracker_ticket_change": "operator#更正一个问题",
    "admin:tracker_importbatch_changelist": "operator#查导入历史",
    "admin:tracker_person_changelist": "administrators#建立账号",
    "admin:tracker_person_add": "administrators#建立账号",
    "admin:tracker_person_import": "administrators#建立账号",
    "admin:tracker_unit_changelist": "administrators#单位与别名",
    "admin:tracker_round_changelist": "administrators#轮次设置",
    "admin:tracker_round_change": "administrators#轮次设置",
    "admin:tracker_membership_changelist": "administrators#授权",
    "admin:tracker_membershipproposal_changelist": "administrators#授权",
    "audit:trail": "administrators#看审计记录",
}


@dataclass(frozen=True, slots=True)
class Section:
    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Page:
    """One file: its first line is the title, its first paragraph says for whom it is."""

    name: str
    title: str
    lead: str
    html: SafeString
    sections: list[Section]


@cache
def pages() -> dict[str, Page]:
    """All pages by name, read once a process: a new text comes with a restart."""
    return {name: _read(name) for name in NAMES}


def written_for(person) -> set[str]:
    """The names of the pages that are about this person's own work."""
    if person.post:
        return {FOR_POSTS}
    return {name for name, roles in READERS.items() if roles & person.roles}


def address_for(view_name: str, act: str = "") -> str:
    """Where in 帮助 the reader of this page finds it described."""
    place = SPEAKS_OF.get(f"{view_name} {act}") or SPEAKS_OF.get(view_name)
    return _address(place) if place else reverse("help:contents")


def _read(name: str) -> Page:
    source = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    first_line, lead, body = source.split("\n\n", 2)
    writer = markdown.Markdown(
        extensions=["tables", "sane_lists", TocExtension(slugify=slugify_unicode)],
        output_format="html",
    )
    writer.inlinePatterns.register(_ScreenWords("「([^」]+)」"), "screen-words", 75)
    writer.treeprocessors.register(_Links(), "links", 0)
    html = mark_safe(writer.convert(body))  # our own files
    sections = [Section(token["id"], token["name"]) for token in writer.toc_tokens]
    return Page(name, first_line.removeprefix("# "), lead, html, sections)


def _address(place: str) -> str:
    name, _, anchor = place.partition("#")
    return reverse("help:page", args=[name]) + (f"#{anchor}" if anchor else "")


class _ScreenWords(InlineProcessor):
    """「提交销号」 looks like what is clicked."""

    def handleMatch(self, match, data):
        element = Element("b", {"class": "gt-said"})
        element.text = match[1]
        return element, match.start(), match.end()


class _Links(Treeprocessor):
    """A link to another file, as a checkout has it, leads to its page."""

    def run(self, root):
        for link in root.iter("a"):
            if not link.get("href").startswith("#"):
                link.set("href", _address(link.get("href").replace(".md", "", 1)))
