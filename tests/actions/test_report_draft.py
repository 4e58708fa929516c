"""What is typed is kept until it is sent: over sessions, conflicts and refused files."""

import pytest
from django.test import Client

from tests import files
from tests.conftest import acts_for
from tests.factories import IndicatorFactory, MeasureFactory
from tracker.choices import Role
from tracker.models import ReportDraft

pytestmark = pytest.mark.django_db


def keep(client, ticket, *, htmx=True, **typed):
    headers = {"HX-Request": "true"} if htmx else {}
    typed = {"version": ticket.version, **typed}
    return client.post(f"/tickets/{ticket.pk}/report/draft/", typed, headers=headers)


def form_of(client, ticket):
    return client.get(f"/tickets/{ticket.pk}/report/").context["form"]


class TestKept:
    def test_it_is_there_on_any_machine_with_its_time(self, sign_in, clerk, ticket, today):
        measure, indicator = MeasureFactory(ticket=ticket), IndicatorFactory(ticket=ticket)
        typed = {
            "text": "补登到一半",
            "percent": "约六成",
            f"done_{indicator.pk}": "14",
            "done": [str(measure.pk)],
            "unchanged": "on",
        }

        line = keep(sign_in(clerk), ticket, **typed).content.decode()
        assert "11月22日 12:00 已暂存" in line

        elsewhere = Client()
        elsewhere.force_login(clerk)
        form = form_of(elsewhere, ticket)
        assert {name: form[name].value() for name in typed} == typed
        page = elsewhere.get(f"/tickets/{ticket.pk}/report/").content.decode()
        assert "已恢复11月22日 12:00暂存的内容" in page
        assert not ticket.progress.exists()

    def test_the_button_does_the_same_without_script(self, sign_in, clerk, ticket):
        response = keep(sign_in(clerk), ticket, htmx=False, text="补登到一半")

        assert response.url == f"/tickets/{ticket.pk}/report/"
        assert ReportDraft.objects.get().typed["text"] == ["补登到一半"]

    def test_it_is_its_authors_alone(self, sign_in, clerk, department, ticket):
        keep(sign_in(clerk), ticket, text="我的草稿")
        colleague = acts_for(department, Role.STAFF)

        assert not form_of(sign_in(colleague), ticket)["text"].value()
        keep(sign_in(colleague), ticket, text="同事的草稿")
        assert ReportDraft.objects.count() == 2

    def test_a_later_copy_replaces_it(self, sign_in, clerk, ticket):
        client = sign_in(clerk)
        keep(client, ticket, text="一")
        keep(client, ticket, text="一二")

        assert ReportDraft.objects.get().typed["text"] == ["一二"]

    def test_it_keeps_no_file_no_version_and_no_field_of_another_form(self, sign_in, clerk, ticket):
        keep(sign_in(clerk), ticket, text="一", is_superuser="1", files="x.pdf")

        assert set(ReportDraft.objects.get().typed) & {"version", "files", "is_superuser"} == set()

    @pytest.mark.parametrize(
        "typed", [{}, {"text": "长" * 100_001}, {"version": "x", "text": "一"}]
    )
    def test_nothing_and_endless_text_are_not_kept(self, sign_in, clerk, ticket, typed):
        keep(sign_in(clerk), ticket, **typed)

        assert not ReportDraft.objects.exists()


class TestGone:
    def test_it_goes_with_the_report(self, sign_in, clerk, ticket):
        client = sign_in(clerk)
        keep(client, ticket, text="补登到一半")

        client.post(f"/tickets/{ticket.pk}/report/", {"version": 1, "text": "补登完了。"})

        assert ticket.progress.get().text == "补登完了。"
        assert not ReportDraft.objects.exists()

    def test_a_late_copy_does_not_bring_it_back(self, sign_in, clerk, ticket):
        client = sign_in(clerk)
        client.post(f"/tickets/{ticket.pk}/report/", {"version": 1, "text": "补登完了。"})

        keep(client, ticket, text="补登完了")  # still of version 1

        assert not ReportDraft.objects.exists()

    def test_to_discard_it_is_asked_once_more(self, sign_in, clerk, ticket):
        client = sign_in(clerk)
        keep(client, ticket, text="补登到一半")

        page = client.get(f"/tickets/{ticket.pk}/report/draft/discard/").content.decode()
        assert "补登到一半" in page
        assert ReportDraft.objects.exists()

        client.post(f"/tickets/{ticket.pk}/report/draft/discard/")
        assert not ReportDraft.objects.exists()


class TestNeverLost:
    def test_by_a_report_that_is_refused(self, sign_in, clerk, ticket):
        client = sign_in(clerk)
        client.post(
            f"/tickets/{ticket.pk}/report/", {"version": 1, "text": "补登六处。", "percent": "多"}
        )

        form = form_of(client, ticket)
        assert (form["text"].value(), form["percent"].value()) == ("补登六处。", "多")

    def test_by_a_file_that_is_refused(self, sign_in, clerk, ticket):
        client = sign_in(clerk)
        response = client.post(
            f"/tickets/{ticket.pk}/report/",
            {"version": 1, "text": "补登六处。", "files": [files.upload("病毒.exe", b"MZ")]},
        )

        page = response.content.decode()
        assert "是程序，不能作为佐证材料" in page
        assert "请改正后重新选择。" in page
        assert "补登六处。</textarea>" in page
        assert not ticket.progress.exists()
        assert form_of(client, ticket)["text"].value() == "补登六处。"

    def test_by_another_field_that_hides_what_became_of_the_files(self, sign_in, clerk, ticket):
        chosen = [files.upload("病毒.exe", b"MZ")]
        page = (
            sign_in(clerk)
            .post(
                f"/tickets/{ticket.pk}/report/",
                {"version": 1, "text": "补登六处。", "percent": "多", "files": chosen},
            )
            .content.decode()
        )

        assert "请填写0至100的整数" in page
        assert "是程序，不能作为佐证材料" in page
        assert "文件没有上传，请改正后重新选择。" in page

    def test_by_a_conflict(self, sign_in, clerk, department, ticket):
        colleague = acts_for(department, Role.STAFF)
        ticket.report(by=colleague, text="同事补登四处。", version=1)
        client = sign_in(clerk)

        response = client.post(
            f"/tickets/{ticket.pk}/report/", {"version": 1, "text": "我补登六处。"}
        )

        assert response.status_code == 409
        assert form_of(client, ticket)["text"].value() == "我补登六处。"

    def test_by_a_conflict_in_a_page_on_screen(self, sign_in, clerk, department, ticket):
        colleague = acts_for(department, Role.STAFF)
        ticket.report(by=colleague, text="同事补登四处。", version=1)

        response = sign_in(clerk).post(
            f"/tickets/{ticket.pk}/report/",
            {"version": 1, "text": "我补登六处。"},
            headers={"HX-Request": "true"},
        )

        part = response.content.decode()
        assert "<html" not in part
        for words in ("别人先处理了", "同事补登四处。", "我补登六处。</textarea>"):
            assert words in part

    def test_by_a_session_that_has_ended(self, client, ticket):
        typed = {"version": 1, "text": "我补登<六>处。", "difficulty": "缺人", "next_step": "等"}

        response = client.post(f"/tickets/{ticket.pk}/report/", typed)

        page = response.content.decode()
        assert response.status_code == 403
        assert "没有保存：登录已失效" in page
        assert "我补登&lt;六&gt;处。" in page
        assert "缺人" in page
        assert f'href="/login/?next=/tickets/{ticket.pk}/report/"' in page
        assert ticket.title not in page

    def test_on_screen_a_line_says_so_and_the_form_stays(self, client, ticket):
        for address in ("report", "report/draft"):
            response = client.post(
                f"/tickets/{ticket.pk}/{address}/",
                {"version": 1, "text": "我补登六处。"},
                headers={"HX-Request": "true"},
            )

            assert response["HX-Retarget"] == "#draft-state"
            assert "登录已失效" in response.content.decode()
        assert not ReportDraft.objects.exists()


class TestAccess:
    def test_a_neighbour_gets_404(self, sign_in, neighbour, ticket):
        assert keep(sign_in(neighbour), ticket, text="试").status_code == 404
        discard = f"/tickets/{ticket.pk}/report/draft/discard/"
        assert sign_in(neighbour).post(discard).status_code == 404

    def test_who_may_not_report_keeps_no_draft(self, sign_in, viewer, ticket):
        keep(sign_in(viewer), ticket, text="试")

        assert not ReportDraft.objects.exists()
