"""The one story that everything serves: an operator, a clerk and a supervisor, each at a desk."""

import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from tests import files
from tests.conftest import acts_for
from tests.factories import MeasureFactory, TicketFactory, UnitFactory
from tracker.choices import Role
from tracker.names import body_names
from tracker.parsing import parse

SAMPLE = Path(settings.BASE_DIR) / "fixtures" / "bulletins" / "luxi_minzheng.txt"
REAL = Path(settings.BASE_DIR).parent / "shared" / "bulletins" / "001_a20466f7e021ca68.txt"


@pytest.fixture(
    params=[pytest.param(SAMPLE, id="sample"), pytest.param(REAL, id="real_bulletin")],
)
def bulletin_file(request):
    if not request.param.exists():
        pytest.skip("the shared folder beside the project is absent")
    return request.param


@pytest.fixture
def office(transactional_db, bulletin_file):
    """The unit that the bulletin is about, below a city, and the people the story needs."""
    read = parse(bulletin_file.read_bytes(), name=bulletin_file.name, today=timezone.localdate())
    city = UnitFactory(name="砚川市")
    unit = UnitFactory(name=body_names(read.masthead.inspected_unit)[-1], parent=city)
    return SimpleNamespace(
        read=read,
        operator=acts_for(city, Role.OPERATOR, name="何敏之"),
        clerk=acts_for(unit, Role.STAFF, name="叶知秋"),
        supervisor=acts_for(city, Role.OFFICE, name="程以宁"),
    )


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.get_by_role("link", name=name, exact=True).click()


def on_wall(page, title):
    """Show the wall and return the first row of the problem, with its cells."""
    page.goto("/wall/")
    link = page.get_by_role("link", name=title, exact=True)
    return page.locator(".gt-ledger tr").filter(has=link)


def waiting_for_review(page):
    """How many problems the head of the wall says are 待审核."""
    return int(re.search(r"待审核(\d+)", page.locator(".gt-pvt").inner_text())[1])


def upload_and_correct(page, bulletin_file, office, due_on):
    """Upload the file; give the first problem a deadline and the second a person."""
    page.goto("/")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="导入").click()
    page.get_by_label("通报文件").set_input_files(bulletin_file)
    press(page, "上传并识别")
    expect(page.get_by_role("heading", name="导入校对")).to_be_visible()
    expect(page.locator("#bar")).to_contain_text(f"导入{len(office.read.problems)}个问题")
    first, second = (page.locator("tr.prob").nth(n) for n in (0, 1))
    # Each field is saved by itself as soon as it is left.
    first.get_by_label("整改时限").fill(due_on.isoformat())
    first.get_by_label("整改时限").press("Tab")
    expect(first).to_contain_text("人工指定")
    with page.expect_response(lambda response: response.request.method == "POST"):
        second.get_by_label("责任人").fill(office.clerk.name)
        second.get_by_label("责任人").press("Tab")


def reopen_draft(page, office, due_on):
    """Come back in a new window: the corrections are still there."""
    page.goto("/admin/tracker/bulletin/import/")
    drafts = page.locator("section", has=page.locator("#drafts"))
    drafts.get_by_role("link", name="通报").click()
    expect(page.locator("tr.prob").nth(0).get_by_label("整改时限")).to_have_value(
        due_on.isoformat()
    )
    expect(page.locator("tr.prob").nth(1).get_by_label("责任人")).to_have_value(office.clerk.name)


def confirm(page, office, due_on):
    """See the differences, confirm them, and see exactly what was created."""
    count = len(office.read.problems)
    if page.locator("#facts[open]").count():
        # The bulletin does not name its round. Typed and pressed at once: the click must count.
        page.get_by_label("或新建轮次").fill("第三轮巡察")
    press(page, "看差异")
    expect(page.locator(".gt-confirm")).to_contain_text(f"新增{count}")
    press(page, "确认入库")
    expect(page.get_by_role("heading", name="导入结果")).to_be_visible()
    created = page.locator("main tbody tr")
    expect(created).to_have_count(count)
    expect(created.nth(0)).to_contain_text("待认领")
    expect(created.nth(0)).to_contain_text(due_on.isoformat())
    expect(created.nth(1)).to_contain_text(office.clerk.name)
    expect(created.nth(1)).to_contain_text("整改中")


def claim(page, title):
    """Come to the problem from the workbench, and claim it."""
    page.goto("/")
    page.locator(".gt-tile", has_text="待认领").click()
    follow(page, title)
    follow(page, "认领")
    press(page, "认领")
    expect(page.get_by_text("现为待启动")).to_be_visible()
    follow(page, "启动整改")
    press(page, "启动整改")
    expect(page.get_by_text("现为整改中")).to_be_visible()


def report(page, text, percent, *, finish=False):
    """Report from the ticket's page, into which the form is fetched.

    `finish` ticks all measures and sends the key evidence along.
    """
    page.locator(".gt-acts-v").get_by_role("link", name="填报进展").click()
    page.get_by_label("本期进展").fill(text)
    page.get_by_label("完成比例").fill(str(percent))
    if finish:
        for box in page.locator("#report-here .gt-boxes").get_by_role("checkbox").all():
            box.check()
        proof = {"name": "验收单.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}
        page.locator("#id_files").set_input_files(proof)
        page.get_by_label("所选的第一份是关键佐证").check()
    press(page, "填报进展")
    expect(page.locator(".gt-tl")).to_contain_text(text)


def submit(page, note):
    follow(page, "提交销号")
    page.get_by_label("整改成效", exact=True).fill(note)
    for box in page.get_by_role("group", name="验收清单").get_by_role("checkbox").all():
        box.check()
    press(page, "提交销号")
    expect(page.get_by_text("现为待审核")).to_be_visible()


def review(page, title, move, label, note):
    """Open the problem from the wall and return it or sign it off."""
    on_wall(page, title).get_by_role("link", name=title, exact=True).click()
    follow(page, move)
    page.get_by_label(label).fill(note)
    page.get_by_label("现场核查").check()
    press(page, move)


def test_a_bulletin_becomes_tickets_that_are_put_right(page_of, bulletin_file, office):
    title = office.read.problems[0].title_core
    due_on = timezone.localdate() + timedelta(days=90)

    window = page_of(office.operator)
    upload_and_correct(window, bulletin_file, office, due_on)
    window.context.close()
    supervisor = page_of(office.supervisor)
    supervisor.goto("/tickets/")
    expect(supervisor.locator("main")).not_to_contain_text(title)
    operator = page_of(office.operator)
    reopen_draft(operator, office, due_on)
    confirm(operator, office, due_on)
    row = on_wall(supervisor, title)
    expect(row.locator(".pm")).to_contain_text("未开始")
    expect(row.locator(".pg")).to_have_text("待认领")

    clerk = page_of(office.clerk)
    claim(clerk, title)
    row = on_wall(supervisor, title)
    expect(row.locator(".pm")).to_contain_text("正常")

    report(clerk, "已逐项核对台账，补登十二处。", 60, finish=True)
    row = on_wall(supervisor, title)
    expect(row.locator(".pg")).to_contain_text("已逐项核对台账")
    expect(row.locator(".pg")).to_contain_text("60%")

    waiting = waiting_for_review(supervisor)
    submit(clerk, "台账与现场一致，抽查无误。")
    on_wall(supervisor, title)
    assert waiting_for_review(supervisor) == waiting + 1

    review(supervisor, title, "退回", "退回原因", "缺少现场照片，请补充。")
    row = on_wall(supervisor, title)
    expect(row.locator(".pm")).to_contain_text("已退回")
    assert waiting_for_review(supervisor) == waiting

    clerk.goto("/")
    returned = clerk.locator("section", has=clerk.locator("#returned"))
    expect(returned).to_contain_text("缺少现场照片，请补充。")
    returned.get_by_role("link", name=title).click()
    report(clerk, "照片已补齐，共三十六张。", 100)
    submit(clerk, "材料齐全，请审核。")

    review(supervisor, title, "确认销号", "审核意见", "材料齐全，同意销号。")
    row = on_wall(supervisor, title)
    expect(row.locator(".lamp")).to_have_text("已销号")
    expect(row.locator(".pg")).to_contain_text("销号")
    clerk.reload()
    expect(clerk.get_by_role("region", name="办理", exact=True)).to_contain_text("已锁定")
    expect(clerk.get_by_role("link", name="填报进展")).to_have_count(0)


@pytest.fixture
def desk(transactional_db):
    """A ticket in work, and two people who may report on it."""
    bureau = UnitFactory(name="砚川市交通运输局")
    ticket = TicketFactory(lead_unit=bureau, title="站亭维护不及时", in_progress=True)
    MeasureFactory(ticket=ticket, text="逐处修复站亭。")
    return SimpleNamespace(
        ticket=ticket,
        clerk=acts_for(bureau, Role.STAFF, name="叶知秋"),
        colleague=acts_for(bureau, Role.STAFF, name="宋怀瑾"),
        supervisor=acts_for(bureau, Role.OFFICE, name="程以宁"),
    )


def test_two_people_at_once_lose_no_typed_text(page_of, desk):
    address = f"/tickets/{desk.ticket.pk}/report/"
    clerk, colleague = page_of(desk.clerk), page_of(desk.colleague)
    for page in (clerk, colleague):
        page.goto(address)
    colleague.get_by_label("本期进展").fill("已修复站亭九处。")
    press(colleague, "填报进展")
    expect(colleague.get_by_text("已修复站亭九处。").first).to_be_visible()

    clerk.get_by_label("本期进展").fill("同步清洗站亭顶棚六处。")
    clerk.get_by_label("完成比例").fill("80")
    press(clerk, "填报进展")

    expect(clerk.get_by_text("没有保存：您填写期间，别人先处理了")).to_be_visible()
    expect(clerk.locator("main")).to_contain_text("已修复站亭九处。")
    expect(clerk.get_by_label("本期进展")).to_have_value("同步清洗站亭顶棚六处。")
    expect(clerk.get_by_label("完成比例")).to_have_value("80")

    press(clerk, "填报进展")

    clerk.wait_for_url(f"**/tickets/{desk.ticket.pk}/")
    timeline = clerk.locator(".gt-tl li")
    expect(timeline.nth(0)).to_contain_text("同步清洗站亭顶棚六处。")
    expect(timeline.nth(1)).to_contain_text("已修复站亭九处。")


def test_a_return_without_a_reason_goes_nowhere(page_of, desk):
    ticket = TicketFactory(
        inspection=desk.ticket.inspection, lead_unit=desk.ticket.lead_unit, submitted=True
    )
    supervisor = page_of(desk.supervisor)
    supervisor.goto(f"/tickets/{ticket.pk}/move/return/")
    press(supervisor, "退回")

    supervisor.goto(f"/tickets/{ticket.pk}/")

    expect(supervisor.locator("[aria-labelledby=actions]")).to_contain_text("待审核")


def test_the_daily_work_needs_no_javascript(page_of, desk):
    ticket = TicketFactory(
        inspection=desk.ticket.inspection, lead_unit=desk.ticket.lead_unit, title="报修答复慢"
    )
    MeasureFactory(ticket=ticket, text="限时答复。")
    clerk = page_of(desk.clerk, java_script_enabled=False)

    clerk.goto("/tickets/")
    follow(clerk, "报修答复慢")
    follow(clerk, "认领")
    press(clerk, "认领")
    follow(clerk, "启动整改")
    press(clerk, "启动整改")
    clerk.locator(".gt-acts-v").get_by_role("link", name="填报进展").click()
    clerk.get_by_label("本期进展").fill("报修均在两日内答复。")
    clerk.locator(".gt-boxes").get_by_role("checkbox").check()
    press(clerk, "填报进展")
    submit(clerk, "答复时间由五日缩短到两日。")

    supervisor = page_of(desk.supervisor, java_script_enabled=False)
    supervisor.goto("/")
    expect(supervisor.locator("main")).to_contain_text("报修答复慢")
    supervisor.goto(f"/tickets/{ticket.pk}/")
    follow(supervisor, "确认销号")
    supervisor.get_by_label("审核意见").fill("抽查属实，同意销号。")
    supervisor.get_by_label("查阅资料").check()
    press(supervisor, "确认销号")
    expect(supervisor.locator("main")).to_contain_text("已销号")
