"""A clerk types a report over two sittings and sends it with its files."""

import pytest
from playwright.sync_api import expect

from tests import files
from tests.browser.conftest import PHONE
from tests.conftest import acts_for
from tests.factories import TicketFactory
from tracker.choices import Role
from tracker.models import Progress, ReportDraft

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("media")]


@pytest.fixture
def ticket(inspection, department):
    return TicketFactory(
        inspection=inspection, lead_unit=department, in_progress=True, proved=False
    )


def typed_into(page, label, text):
    """As a person types: each key is an event of its own."""
    page.get_by_label(label).press_sequentially(text)


class TestDraft:
    def test_what_is_typed_is_there_in_the_next_window(self, page_of, clerk, ticket):
        first = page_of(clerk)
        first.goto(f"/tickets/{ticket.pk}/report/")
        expect(first.locator(".gt-draft")).to_contain_text("填写时自动暂存")
        typed_into(first, "本期进展", "补登六处，还差")
        expect(first.locator(".gt-draft")).to_contain_text("已暂存")
        first.context.close()

        second = page_of(clerk)
        second.goto(f"/tickets/{ticket.pk}/report/")
        expect(second.get_by_label("本期进展")).to_have_value("补登六处，还差")
        expect(second.locator(".gt-draft")).to_contain_text("已恢复")

        typed_into(second, "下一步", "月底补齐")
        expect(second.locator(".gt-draft")).to_contain_text("换一台电脑登录也能接着填")
        second.get_by_role("button", name="填报进展").click()
        expect(second.locator(".gt-tl")).to_contain_text("补登六处，还差")
        assert not ReportDraft.objects.exists()

    def test_the_last_words_before_leaving_go_along(self, page_of, clerk, ticket):
        page = page_of(clerk)
        page.goto(f"/tickets/{ticket.pk}/report/")
        page.on("dialog", lambda dialog: dialog.accept())
        typed_into(page, "本期进展", "刚打完就走")
        page.get_by_role("link", name="取消").click()
        page.wait_for_url(f"**/tickets/{ticket.pk}/")

        page.goto(f"/tickets/{ticket.pk}/report/")
        expect(page.get_by_label("本期进展")).to_have_value("刚打完就走")

    def test_in_a_session_that_has_ended_the_form_stays_and_says_so(self, page_of, clerk, ticket):
        page = page_of(clerk)
        page.goto(f"/tickets/{ticket.pk}/report/")
        page.context.clear_cookies(name="session")
        typed_into(page, "本期进展", "出去开会回来")

        expect(page.locator(".gt-draft")).to_contain_text("没有保存：登录已失效")
        page.get_by_role("button", name="填报进展").click()
        expect(page.locator(".gt-draft")).to_contain_text("没有保存：登录已失效")
        expect(page.get_by_label("本期进展")).to_have_value("出去开会回来")
        assert not Progress.objects.exists()

    def test_without_script_the_button_keeps_it(self, page_of, clerk, ticket):
        page = page_of(clerk, java_script_enabled=False)
        page.goto(f"/tickets/{ticket.pk}/report/")
        page.get_by_label("本期进展").fill("补登六处")
        page.get_by_role("button", name="暂存").click()

        expect(page.locator(".gt-draft")).to_contain_text("已恢复")
        expect(page.get_by_label("本期进展")).to_have_value("补登六处")


class TestUpload:
    def test_files_go_with_the_report_and_come_back_as_they_were(
        self, page_of, clerk, ticket, tmp_path
    ):
        page = page_of(clerk)
        page.goto(f"/tickets/{ticket.pk}/")
        page.locator(".gt-acts-v").get_by_role("link", name="填报进展").click()
        page.get_by_label("本期进展").fill("已验收。")
        proof = files.pdf("终") + b"x" * 3_000_000
        page.locator("#id_files").set_input_files(
            [
                {"name": "验收单.pdf", "mimeType": "application/pdf", "buffer": proof},
                {"name": "现场.png", "mimeType": "image/png", "buffer": files.png((600, 400))},
            ]
        )
        page.get_by_label("所选的第一份是关键佐证").check()
        page.locator("#report-here").get_by_role("button", name="填报进展").click()

        card = page.locator("section", has=page.locator("#evidence"))
        expect(card.get_by_role("link", name="验收单.pdf", exact=True)).to_be_visible()
        expect(card.locator(".gt-chip")).to_have_text("关键")
        picture = card.locator("img")
        expect(picture).to_be_visible()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 0
        with page.expect_download() as download:
            card.get_by_role("link", name="验收单.pdf", exact=True).click()
        assert download.value.suggested_filename == "验收单.pdf"
        assert download.value.path().read_bytes() == proof

    def test_a_refused_file_leaves_the_words(self, page_of, clerk, ticket):
        page = page_of(clerk)
        page.goto(f"/tickets/{ticket.pk}/report/")
        page.get_by_label("本期进展").fill("已验收。")
        page.locator("#id_files").set_input_files(
            {"name": "工具.exe", "mimeType": "application/pdf", "buffer": b"MZ"}
        )
        page.get_by_role("button", name="填报进展").click()

        expect(page.locator(".gt-report")).to_contain_text("是程序，不能作为佐证材料")
        expect(page.get_by_label("本期进展")).to_have_value("已验收。")
        assert not Progress.objects.exists()

    @pytest.mark.parametrize("script", [True, False], ids=["script", "no_script"])
    def test_the_list_of_files_works_on_a_phone(
        self, page_of, clerk, ticket, assert_accessible, script
    ):
        page = page_of(clerk, viewport=PHONE, java_script_enabled=script)
        page.goto(f"/tickets/{ticket.pk}/evidence/")
        page.get_by_label("文件").set_input_files(
            {"name": "验收单.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}
        )
        page.get_by_role("button", name="上传").click()
        expect(page.get_by_role("link", name="验收单.pdf", exact=True)).to_be_visible()
        page.get_by_role("button", name="设为关键佐证").click()
        expect(page.locator(".gt-chip").first).to_have_text("关键")
        page.get_by_role("link", name="撤回").click()
        page.get_by_label("撤回原因").fill("传错了。")
        page.get_by_role("button", name="撤回材料").click()

        expect(page.locator(".gt-files")).to_contain_text("梁文撤回：传错了。")
        if script:
            assert_accessible(page)


class TestPages:
    @pytest.mark.parametrize("width", [390, 1440])
    def test_the_form_is_accessible_and_no_wider_than_its_window(
        self, page_of, clerk, ticket, assert_accessible, width
    ):
        ticket.report(by=clerk, text="上期补登四处。", difficulty="缺人手。", version=1)
        page = page_of(clerk, viewport={"width": width, "height": 844})

        for address in ("report", "evidence"):
            page.goto(f"/tickets/{ticket.pk}/{address}/")
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width

    def test_a_returned_report_is_made_good(self, page_of, clerk, bureau, ticket):
        ticket.report(by=clerk, text="已全部补登。", version=1)
        head = page_of(acts_for(bureau, Role.HEAD))
        head.goto(f"/tickets/{ticket.pk}/")
        head.get_by_role("link", name="审阅这次填报").click()
        head.get_by_role("button", name="退回重报").click()
        expect(head.get_by_text("请填写退回原因。")).to_be_visible()
        head.get_by_label("意见").fill("没有写剩余数。")
        head.get_by_role("button", name="退回重报").click()
        expect(head.locator(".gt-tl")).to_contain_text("进展退回")

        page = page_of(clerk)
        page.goto(f"/tickets/{ticket.pk}/")
        page.get_by_role("link", name="修改重报").click()
        expect(page.get_by_label("本期进展")).to_have_value("已全部补登。")
        page.get_by_label("本期进展").fill("补登20处，剩0处。")
        page.get_by_role("button", name="重新填报").click()

        expect(page.locator(".gt-tl")).to_contain_text("补登20处，剩0处。")
        expect(page.get_by_text("没有写剩余数。")).to_have_count(1)  # only in the history
