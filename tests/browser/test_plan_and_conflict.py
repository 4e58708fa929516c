"""A plan from its draft to a change of it, and two people who report at the same moment."""

import pytest
from playwright.sync_api import expect

from tests.conftest import acts_for
from tests.factories import IndicatorFactory, PlanFactory, TicketFactory
from tracker.choices import PlanStatus, Role
from tracker.models import Plan, ReportDraft

pytestmark = pytest.mark.django_db(transaction=True)


def press(page, label):
    page.get_by_role("button", name=label, exact=True).click()


def test_a_plan_is_drafted_returned_approved_and_changed(
    page_of, inspection, department, clerk, leader, supervisor, party
):
    ticket = TicketFactory(inspection=inspection, lead_unit=department, leader=leader)
    inspection.round.plan_approver = Role.PARTY
    inspection.round.save()
    PlanFactory(inspection=inspection)
    office, drafter, approver = page_of(supervisor), page_of(clerk), page_of(party)
    plan = f"/inspections/{inspection.pk}/plan/"

    office.goto("/")
    expect(office.locator("main")).to_contain_text("还缺2处：没有整改措施、没有责任人")
    office.get_by_role("link", name="还缺2处").click()
    expect(office.get_by_role("button", name="提请审定")).to_be_disabled()

    drafter.goto(plan)
    drafter.locator(".gt-plan-lacks a").first.click()
    drafter.get_by_role("link", name="添加措施").click()
    drafter.get_by_label("措施", exact=True).fill("逐座补登台账。")
    press(drafter, "从时限倒排节点")
    press(drafter, "保存措施")
    drafter.locator("[name=person]").select_option(label="梁文")
    press(drafter, "保存责任与时限")
    expect(drafter.locator("main")).to_contain_text("梁文")

    def submit():
        office.goto(plan)
        office.get_by_role("link", name="提请审定").click()
        press(office, "提请审定")
        expect(office.locator("main")).to_contain_text("待审定")

    submit()
    approver.goto("/")
    approver.locator("section", has=approver.locator("#plans")).get_by_role("link").first.click()
    approver.get_by_role("link", name="退回修改").click()
    approver.locator("[name=note]").fill("目标不清。")
    press(approver, "退回修改")
    office.goto("/")
    expect(office.locator("main")).to_contain_text("退回修改：目标不清。")

    drafter.goto(f"/tickets/{ticket.pk}/plan/")
    drafter.get_by_role("link", name="编辑").click()
    drafter.get_by_label("目标").fill("账实相符")
    press(drafter, "保存措施")
    submit()
    approver.goto(plan)
    approver.get_by_role("link", name="稿次比较").click()
    expect(approver.locator(".gt-plan-differ")).to_contain_text("账实相符")
    approver.goto(plan)
    approver.get_by_role("link", name="批准方案").click()
    approver.locator("[name=note]").fill("同意。")
    press(approver, "批准方案")
    expect(approver.locator("main")).to_contain_text("已批准")

    drafter.goto(f"/tickets/{ticket.pk}/plan/")
    drafter.get_by_role("link", name="申请调整").click()
    drafter.get_by_label("目标").fill("账实相符率99%以上")
    drafter.get_by_label("调整理由").fill("两座停用。")
    drafter.locator("form.gt-form .btn-primary").last.click()
    expect(drafter.locator("main")).to_contain_text("待审定")
    assert ticket.measures.get().goal == "账实相符"
    approver.goto("/")
    approver.get_by_role("link", name="调整措施").click()
    approver.locator("[name=opinion]").fill("同意调整。")
    press(approver, "同意调整")
    expect(approver.locator("main")).to_contain_text("已同意")

    assert ticket.measures.get().goal == "账实相符率99%以上"
    assert (Plan.objects.get().status, Plan.objects.get().edition) == (PlanStatus.APPROVED, 2)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no_script"])
def test_two_report_at_once_and_the_second_chooses(page_of, ticket, department, clerk, script):
    indicator = IndicatorFactory(ticket=ticket)
    colleague = acts_for(department, Role.STAFF, name="莫志")
    window = page_of(clerk, java_script_enabled=script)
    window.goto(f"/tickets/{ticket.pk}/report/")
    window.get_by_label("本期进展").fill("本周补登六处。")
    window.get_by_label("完成比例").fill("60")
    window.locator(f"[name=done_{indicator.pk}]").fill("14")
    ticket.report(
        by=colleague, text="登记四处。", percent=50, version=1, figures={indicator: (12, 20)}
    )

    press(window, "填报进展")
    expect(window.locator("main")).to_contain_text("没有保存：您填写期间，别人先处理了")
    expect(window.locator(".gt-versions")).to_contain_text("登记四处。")
    expect(window.get_by_label("本期进展")).to_have_value("本周补登六处。")
    window.get_by_label("完成比例（%）用我填的").check()
    press(window, "填报进展")
    expect(window.locator(".gt-tl")).to_contain_text("本周补登六处。")

    ticket.refresh_from_db()
    indicator.refresh_from_db()
    assert (ticket.progress.first().percent, indicator.done) == (60, 12)

    window.goto(f"/tickets/{ticket.pk}/report/")
    window.get_by_label("本期进展").fill("写错了地方。")
    ticket.report(by=colleague, text="又登记两处。", version=ticket.version)
    press(window, "填报进展")
    window.get_by_role("link", name="放弃").click()
    press(window, "放弃这次填报")
    expect(window.locator(".gt-tl")).to_contain_text("又登记两处。")
    assert not ReportDraft.objects.exists()
