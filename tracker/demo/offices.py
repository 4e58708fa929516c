"""What offices do beside the stories: many at once, for few eyes only, again, and by workbook."""

from io import BytesIO

from openpyxl import Workbook

from tracker import bulk, exchange
from tracker.demo import cast
from tracker.demo.plans import ARCHIVES, CIVIL, PARKS, TRANSPORT, Scene, _person, _ticket
from tracker.ledger import LedgerResource
from tracker.models import Holiday, Ticket


def press_many() -> None:
    """批量催办 of a bureau: whatever is in review or closed is left out, with the reason."""
    by = _person("peisiyuan")
    tickets = Ticket.objects.visible_to(by).filter(bulletin__source__name=TRANSPORT)
    act = bulk.PressAll("周五调度会前请报送最新进展和下步安排。", Holiday.objects.calendar())
    bulk.apply(act, dict(tickets.values_list("pk", "version")), by=by)


def restrict() -> None:
    ticket = _ticket(CIVIL, 6)
    ticket.restrict(
        by=_person("wangzhixia"),
        reason="涉及救助对象个人信息和未了结的线索",
        version=ticket.version,
    )


def link_recurrence() -> None:
    """屡改屡犯: what an earlier round had found is found again."""
    ticket = _ticket(ARCHIVES, 6)
    ticket.amend(
        {"recurs": _ticket(PARKS, 11)},
        by=_person(cast.INSPECTOR),
        why="第四轮已向全市通报同类问题，本轮又发现",
        version=ticket.version,
    )


def take_ledger_back() -> None:
    """A workbook out, two names filled in by the bureau, and in again."""
    by = _person(cast.OPERATOR)
    names = {18: "苏砚清", 20: "叶知秋"}
    tickets = Ticket.objects.filter(bulletin__source__name=TRANSPORT, serial__in=names)
    sheet = LedgerResource(by).export(tickets.order_by("serial"))
    at = sheet.headers.index("责任人")
    rows = [list(row) for row in sheet]
    for row, name in zip(rows, names.values(), strict=True):
        row[at] = name
    book = Workbook()
    for row in (sheet.headers, *rows):
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    exchange.take([("市交通运输局整改台账.xlsx", out.getvalue())], by=by, dry_run=False)


SCENES = (
    Scene(2, link_recurrence),
    Scene(2, restrict),
    Scene(2, take_ledger_back),
    Scene(1, press_many),
)
