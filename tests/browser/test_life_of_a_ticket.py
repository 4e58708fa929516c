"""The whole life of a ticket, by six people, each at a window of their own."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import files
from tests.conftest import acts_for
from tests.factories import PASSWORD, MeasureFactory, TicketFactory
from tracker.choices import Role, Status
from tracker.models import Bulk, Substitution, Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media")]

LEVELS = "head,leader,office,party,inspector"


def open_move(page, ticket, label):
    """From the ticket's page, as people go."""
    page.goto(f"/tickets/{ticket.pk}/")
    page.locator(".gt-acts-v").get_by_role("link", name=label, exact=True).click()


def move(page, ticket, label, **typed):
    open_move(page, ticket, label)
    for name, words in typed.items():
        page.locator(f"[name={name}]").fill(words)
    if page.get_by_label("现场核查").count():
        page.get_by_label("现场核查").check()
    for box in page.locator(".gt-checklist input[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name=label, exact=True).click()
    expect(page.locator(".gt-tl")).to_be_visible()


def report(page, ticket, text, proof):
    page.goto(f"/tickets/{ticket.pk}/report/")
    page.get_by_label("本期进展").fill(text)
    for box in page.locator("[name=done]").all():
        box.check()
    page.locator("#id_files").set_input_files(
        {"name": f"{proof}.pdf", "mimeType": "application/pdf", "buffer": files.pdf(proof)}
    )
    key = page.get_by_label("所选的第一份是关键佐证")
    if key.count():
        key.check()
    page.get_by_role("button", name="填报进展").click()
    expect(page.locator(".gt-tl")).to_contain_text(text)


def test_from_claim_to_sign_off(
    page_of, inspection, department, clerk, head, leader, supervisor, party, inspector
):
    inspection.round.review_roles = LEVELS
    inspection.round.save()
    ticket = TicketFactory(
        inspection=inspection, lead_unit=department, leader=leader, proved=False, title="台账不健全"
    )
    MeasureFactory(ticket=ticket, order=1)
    clerks, heads, leaders = page_of(clerk), page_of(head), page_of(leader)
    offices, parties, inspectors = page_of(supervisor), page_of(party), page_of(inspector)

    move(clerks, ticket, "认领")
    move(clerks, ticket, "启动整改")
    report(clerks, ticket, "已补登八处，措施办结。", "台账影印件")
    move(clerks, ticket, "提交销号", note="台账已补齐并逐项核对。")

    move(heads, ticket, "审核通过", note="属实，同意报审。")
    open_move(leaders, ticket, "退回")
    leaders.locator("[name=note]").fill("缺监理单位的回执。")
    leaders.get_by_label("查阅资料").check()
    leaders.get_by_role("button", name="退回", exact=True).click()
    expect(leaders.locator(".gt-tl")).to_contain_text("缺监理单位的回执。")

    clerks.goto("/")
    expect(clerks.locator("main")).to_contain_text("缺监理单位的回执。")
    report(clerks, ticket, "回执已补。", "监理回执")
    move(clerks, ticket, "提交销号", note="回执已补，台账齐全。")

    move(heads, ticket, "审核通过", note="部门同意。")
    move(leaders, ticket, "审核通过", note="领导同意。")
    move(offices, ticket, "审核通过", note="整改办同意。")
    move(parties, ticket, "审核通过", note="党组会议审定。")
    move(inspectors, ticket, "确认销号", note="现场验收合格。")

    ticket.refresh_from_db()
    assert ticket.status == Status.CLOSED
    for window in (clerks, heads, leaders, offices, parties, inspectors):
        window.goto(f"/tickets/{ticket.pk}/signoffs/2/")
        sheet = window.locator(".gt-signoff")
        for words in (
            "回执已补，台账齐全。",
            "监理回执.pdf",
            "部门同意。",
            "领导同意。",
            "整改办同意。",
            "党组会议审定。",
            "现场验收合格。",
            *("梁文", "莫科", "吴志", "邓佳", "季舟", "程宁"),
        ):
            expect(sheet).to_contain_text(words)
    clerks.goto(f"/tickets/{ticket.pk}/signoffs/1/")
    expect(clerks.locator(".gt-signoff")).to_contain_text("缺监理单位的回执。")
    clerks.goto(f"/tickets/{ticket.pk}/")
    expect(clerks.get_by_text("已锁定，不能再填报或修改。")).to_be_visible()
    expect(clerks.get_by_role("link", name="填报进展")).to_have_count(0)


def test_work_is_handed_over_once_both_have_confirmed(page_of, inspection, department, clerk):
    ticket = TicketFactory(
        inspection=inspection, lead_unit=department, in_progress=True, reporter=clerk
    )
    receiver = acts_for(department, Role.STAFF, name="莫志")
    giving, taking = page_of(clerk), page_of(receiver)

    giving.goto("/handovers/new/")
    giving.get_by_label("接收人").select_option(label="莫志")
    giving.get_by_label("交接原因").fill("岗位调整")
    giving.get_by_role("button", name="发起并确认移交").click()
    expect(giving.get_by_role("heading", name="责任交接", exact=True)).to_be_visible()
    assert Ticket.objects.get().reporter == clerk

    taking.goto(giving.url)
    taking.get_by_role("link", name="确认接收").click()
    taking.get_by_role("button").filter(has_text="接收").click()
    expect(taking.locator(".gt-paper")).to_contain_text("已移交")

    ticket.refresh_from_db()
    assert ticket.reporter == receiver
    taking.goto(f"/tickets/{ticket.pk}/")
    expect(taking.locator(".gt-tl")).to_contain_text("莫志")


def test_a_substitute_returns_it_and_the_submitter_opens_the_notice(
    page_of, inspection, department, clerk, supervisor
):
    ticket = TicketFactory(
        inspection=inspection, lead_unit=department, in_progress=True, reporter=clerk
    )
    ticket.report(by=clerk, text="台账补齐。", version=ticket.version)
    today = timezone.localdate()
    substitute = acts_for(department, Role.STAFF, name="莫志")
    Substitution.objects.appoint(
        substitute,
        principal=supervisor,
        from_on=today,
        to_on=today,
        reason="出差",
        by=supervisor,
    )
    clerks, substitutes = page_of(clerk), page_of(substitute)
    move(clerks, ticket, "提交销号", note="请核。")

    open_move(substitutes, ticket, "退回")
    substitutes.locator("[name=note]").fill("缺回执。")
    substitutes.get_by_label("查阅资料").check()
    substitutes.get_by_role("button", name="退回", exact=True).click()
    expect(substitutes.locator(".gt-tl")).to_contain_text("代邓佳")

    clerks.goto("/")
    clerks.get_by_role("link", name="未读消息 1 条").click()
    clerks.get_by_role("button").filter(has_text="缺回执。").click()
    expect(clerks).to_have_url(re.compile(f"/tickets/{ticket.pk}/"))
    expect(clerks.get_by_role("link", name="消息，没有未读")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no_script"])
def test_many_are_approved_and_one_is_refused(page_of, inspection, department, supervisor, script):
    whole = {"inspection": inspection, "lead_unit": department, "submitted": True}
    good = [TicketFactory(**whole, title=f"可销号{n}") for n in range(2)]
    own = TicketFactory(**whole, title="自己负责的", person=supervisor)
    page = page_of(supervisor, java_script_enabled=script)

    page.goto("/tickets/")
    if script:
        page.get_by_label("全选本页").check()
        expect(page.locator("#picked-count")).to_have_text("3项")
    else:
        for ticket in (*good, own):
            page.get_by_label(f"选择{ticket.number}").check()
    page.get_by_role("button", name="批量审核通过").click()
    expect(page.locator(".gt-head")).to_contain_text("共3项，可办2项，不能办1项")
    expect(page.locator(".is-refused")).to_contain_text("责任人不能审核自己负责的问题。")
    send = page.get_by_role("button", name="审核通过2项")

    def decide():
        page.get_by_label("审核意见").fill("材料齐全，同意销号。")
        page.get_by_label("查阅资料").check()
        page.get_by_label("您的登录密码").fill(PASSWORD)
        send.click()

    if script:
        # A server that takes its time: the page says so, and nothing can be sent twice.
        page.route("**/tickets/bulk/approve/**", lambda route: route.fulfill(status=204))
        decide()
        expect(page.get_by_role("status")).to_have_text("正在逐条办理2项，请稍候，不要关闭页面。")
        expect(send).to_be_disabled()
        page.unroute("**/tickets/bulk/approve/**")
        page.reload()
    decide()

    expect(page.get_by_role("status")).to_have_text("已办2项，未办1项")
    expect(page.locator(".is-refused")).to_contain_text("自己负责的")
    page.get_by_role("link", name="可销号0").click()
    expect(page.locator(".gt-tl")).to_contain_text("材料齐全，同意销号。")
    own.refresh_from_db()
    assert (own.status, Bulk.objects.count()) == (Status.SUBMITTED, 1)
