"""导出任务: a long file is made beside, with progress, for nobody but who asked for it."""

import hashlib
import io
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import docx
import openpyxl
import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.conftest import acts_for
from tests.factories import TicketFactory
from tracker.choices import Role
from tracker.exports import files, jobs, making
from tracker.models import AuditEvent, ExportJob, Membership, Notice

pytestmark = pytest.mark.django_db

ASKED = "/exports/new/?of=ticket-list"


@pytest.fixture
def few(settings, wall):
    """Whatever has more than two rows is long."""
    settings.EXPORT_ROWS = 2
    return wall


@pytest.fixture
def ask(sign_in, supervisor, few):
    """Return a function that asks for the list in the background."""

    def asked(query="", by=supervisor) -> ExportJob:
        sign_in(by).post(f"{ASKED}{query}")
        return ExportJob.objects.of(by).first()

    return asked


def work() -> None:
    """What the process beside does."""
    call_command("run_exports", verbosity=0)


def words_of(document: bytes) -> list[str]:
    book = docx.Document(io.BytesIO(document))
    cells = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    return [line.text for line in book.paragraphs] + cells


def page(client) -> str:
    return client.get("/exports/").content.decode()


class TestAsking:
    def test_a_long_file_is_not_made_at_once(self, sign_in, supervisor, few):
        client = sign_in(supervisor)

        response = client.get("/tickets/xlsx/?light=late&sort=-due")
        assert response.status_code == 200  # one row
        response = client.get("/tickets/xlsx/?sort=-due")

        assert response.url == "/exports/new/?of=ticket-list&as=xlsx&sort=-due"
        assert "5项" in client.get(response.url).content.decode()
        assert not ExportJob.objects.exists()  # a glance asks for nothing

    def test_it_waits_and_the_auditor_reads_who_asked(self, ask):
        job = ask("&status=in_progress")

        assert (job.state, job.total, job.words) == ("waiting", 3, "状态：整改中")
        event = AuditEvent.objects.latest("seq")
        assert (event.kind, event.reason) == ("export", "交后台生成")

    def test_the_same_is_not_made_twice_and_one_person_asks_for_three_at_most(self, ask):
        assert ask() == ask()

        for light in ("late", "ok", "block"):
            ask(f"&light={light}")

        assert ExportJob.objects.count() == 3

    def test_a_wrong_condition_is_refused(self, sign_in, supervisor, few):
        assert sign_in(supervisor).post(f"{ASKED}&unit=999999").status_code == 404


class TestMaking:
    def test_it_is_the_file_that_the_page_would_send(self, ask, client, settings):
        job = ask("&sort=-number")
        work()

        job.refresh_from_db()
        assert (job.state, job.done, job.total) == ("ready", 5, 5)
        response = client.get(f"/exports/{job.pk}/file/")
        content = b"".join(response.streaming_content)
        assert hashlib.sha256(content).hexdigest() == job.sha256
        settings.EXPORT_ROWS = 100
        at_once = client.get("/tickets/xlsx/?sort=-number").content
        beside, same = (
            list(openpyxl.load_workbook(io.BytesIO(one))["清单"].values)
            for one in (content, at_once)
        )
        assert beside == same

    def test_who_asked_is_told_and_each_download_is_written_down(self, ask, client, supervisor):
        job = ask()
        work()

        assert Notice.objects.get(person=supervisor).link == "/exports/"
        made = AuditEvent.objects.latest("seq")
        assert (made.kind, made.actor_name, made.reason) == ("export", "邓佳", "后台导出")
        client.get(f"/exports/{job.pk}/file/")
        assert AuditEvent.objects.latest("seq").kind == "download"

    def test_it_is_made_with_what_one_may_see_when_it_is_made(self, ask, other_department):
        clerk = acts_for(other_department, Role.STAFF)
        TicketFactory.create_batch(3, lead_unit=other_department)
        job = ask(by=clerk)
        clerk.memberships.all().delete()
        work()

        job.refresh_from_db()
        assert job.state == "failed"
        assert "不能导出" in job.trouble

    def test_the_sheet_of_a_unit_too(self, sign_in, supervisor, few, department):
        client = sign_in(supervisor)
        response = client.get(f"/sheets/xlsx/?by=unit&unit={department.pk}")
        client.post(response.url)
        work()

        job = ExportJob.objects.get()
        assert (job.view, job.state, job.total) == ("sheets", "ready", 5)

    def test_the_ledger_is_long_by_its_rows_and_comes_back_as_the_same(
        self, sign_in, supervisor, few, settings
    ):
        settings.EXPORT_ROWS = 5  # of five problems, with eight rows
        client = sign_in(supervisor)
        address = f"/inspections/{few.pk}/wall/xlsx/"

        response = client.get(f"{address}?set=wall")
        asked = client.get(response.url).content.decode()
        assert f"巡视巡察：{few}" in asked
        assert "5（8行，一条措施一行）" in asked
        client.post(response.url)
        work()

        job = ExportJob.objects.get()
        assert (job.view, job.state, job.done, job.total) == ("wall", "ready", 5, 5)
        assert job.words == f"巡视巡察：{few}；问题来源：反馈问题"
        beside = b"".join(client.get(f"/exports/{job.pk}/file/").streaming_content)
        settings.EXPORT_ROWS = 100
        at_once = client.get(f"{address}?set=wall").content
        same, made = (
            [list(sheet.values) for sheet in openpyxl.load_workbook(io.BytesIO(one))]
            for one in (beside, at_once)
        )
        assert made == same

    def test_a_ledger_says_how_far_it_is_while_it_is_read(
        self, rf, supervisor, wall, monkeypatch, tmp_path
    ):
        """Or a long one would be taken for dead before the first row is written."""
        monkeypatch.setattr(making, "BATCH", 2)
        request = rf.get("/", {"inspection": wall.pk})
        request.user = supervisor
        export = making.LedgerExport(request)
        job = ExportJob(view="wall", total=export.total)
        said = []

        def tick(done: int) -> None:
            job.done = done
            said.append((done, job.doing))

        export.write(io.BytesIO(), tmp_path, tick)

        assert said[:3] == [(1, "正在读取"), (2, "正在读取"), (2, "正在读取")]
        assert said == sorted(said, key=lambda one: one[0])
        assert {words for _, words in said[4:]} == {"正在读取", "正在写入表格"}
        assert said[-1] == (5, "正在写入表格")

    @pytest.mark.parametrize(
        ("at_once", "asked"),
        [
            ("/tickets/docx/?", "of=ticket-list&as=docx&"),
            ("/inspections/{wall}/wall/docx/?columns=wall&", "of=wall&as=docx&inspection={wall}&"),
        ],
    )
    def test_a_long_word_document_too(self, sign_in, supervisor, few, settings, at_once, asked):
        client = sign_in(supervisor)
        at_once, asked = (one.format(wall=few.pk) for one in (at_once, asked))
        settings.EXPORT_ROWS = 100
        whole = client.get(at_once)
        settings.EXPORT_ROWS = 2

        redirected = client.get(at_once).url
        assert set(parse_qsl(asked)) <= set(parse_qsl(urlsplit(redirected).query))
        assert "生成 Word，" in client.get(redirected).content.decode()
        client.post(redirected)
        work()

        job = ExportJob.objects.get()
        assert (job.state, job.kind, job.done) == ("ready", "docx", job.total)
        assert job.name.endswith(".docx")
        sent = client.get(f"/exports/{job.pk}/file/")
        assert sent["Content-Type"] == whole["Content-Type"]
        made = [words_of(b"".join(sent.streaming_content)), words_of(whole.content)]
        assert made[0] == made[1]
        assert len(made[0]) > 10

    def test_the_ledger_of_an_inspection_out_of_sight_is_not_there(
        self, sign_in, few, other_department
    ):
        client = sign_in(acts_for(other_department, Role.STAFF))
        for key in (few.pk, "abc", "9" * 30, ""):
            address = f"/exports/new/?of=wall&inspection={key}"
            assert client.post(address).status_code == 404

    def test_an_error_is_told_in_words_and_leaves_no_file(self, ask, client, monkeypatch):
        def breaks(self, *args):
            args[0].write(b"half")
            raise OSError("No space left on device")

        monkeypatch.setattr(making.ListExport, "write", breaks)
        job = ask()
        work()

        job.refresh_from_db()
        assert job.state == "failed"
        assert "生成时出错" in page(client)
        assert "重新导出" in page(client)
        assert not [one for one in files.folder().iterdir() if one.is_dir()]


class TestWhile:
    def test_the_page_shows_how_far_it_is_and_asks_again(self, ask, client):
        job = ask()
        assert job.begin(timezone.now())
        job.note(2, 5)

        shown = page(client)

        assert "2／5" in shown
        assert 'hx-headers=\'{"X-Polling": "1"}\'' in shown
        assert (
            "<html" not in client.get("/exports/", headers={"HX-Request": "true"}).content.decode()
        )

    def test_cancelled_while_it_is_written_it_leaves_nothing(self, ask, client, monkeypatch):
        job = ask()
        rows = making.ListExport.rows

        def cancelled_meanwhile(self, tick):
            client.post(f"/exports/{job.pk}/cancel/")
            return rows(self, tick)

        monkeypatch.setattr(making.ListExport, "rows", cancelled_meanwhile)
        work()

        job.refresh_from_db()
        assert (job.state, job.path) == ("cancelled", "")

    def test_one_whose_worker_died_is_told_and_begun_again(self, ask, client, time_machine, today):
        job = ask()
        assert job.begin(timezone.now())
        work()
        job.refresh_from_db()
        assert job.state == "running"  # its worker may live

        time_machine.move_to(timezone.now() + timedelta(minutes=3), tick=False)
        assert "中断了" in page(client)
        work()

        job.refresh_from_db()
        assert (job.state, job.run) == ("ready", 2)

    def test_a_worker_that_was_given_up_lets_go(self, ask, time_machine, today):
        job = ask()
        job.begin(timezone.now())
        late = ExportJob.objects.get(pk=job.pk)
        time_machine.move_to(timezone.now() + timedelta(minutes=3), tick=False)
        work()

        jobs.run(late)

        job.refresh_from_db()
        assert (job.state, job.run) == ("ready", 2)
        assert files.open_verified(job.path, job.sha256)

    def test_what_kills_its_worker_three_times_is_given_up(self, ask, time_machine, today):
        job = ask()
        ExportJob.objects.filter(pk=job.pk).update(
            state="running", run=3, seen_at=timezone.now() - timedelta(minutes=3)
        )
        work()

        job.refresh_from_db()
        assert (job.state, job.trouble[:7]) == ("failed", "生成时中断了3")

    def test_a_worker_that_is_stopped_puts_its_job_back(self, ask, monkeypatch):
        def stopped(self, *args):
            raise SystemExit(1)

        monkeypatch.setattr(making.ListExport, "write", stopped)
        job = ask()
        with pytest.raises(SystemExit):
            work()

        job.refresh_from_db()
        assert (job.state, job.run) == ("waiting", 0)


class TestAfterwards:
    @pytest.fixture
    def job(self, ask):
        job = ask()
        work()
        job.refresh_from_db()
        return job

    def test_nobody_else_finds_it(self, job, sign_in, inspector):
        client = sign_in(inspector)

        assert client.get(f"/exports/{job.pk}/file/").status_code == 404
        assert client.post(f"/exports/{job.pk}/cancel/").status_code == 404
        assert "还没有后台导出" in page(client)

    def test_it_is_not_handed_out_under_another_reach(self, job, client, supervisor):
        Membership.objects.filter(person=supervisor).update(role=Role.VIEWER)

        response = client.get(f"/exports/{job.pk}/file/")

        assert response.status_code == 302
        assert "任职变了" in client.get(response.url).content.decode()

    def test_it_is_not_handed_out_once_it_holds_what_its_asker_may_not_know_of(
        self, ask, client, department, other_department, supervisor
    ):
        """What was restricted since, even what went elsewhere; what they may know of is no bar."""
        clerk = acts_for(department, Role.STAFF)
        led = TicketFactory(lead_unit=department, title="公章无人保管")
        helped = TicketFactory(lead_unit=other_department, title="旧账未清")
        helped.co_units.add(department)
        job = ask(by=clerk)
        work()
        led.restrict(by=supervisor, reason="涉及在查线索。", version=1)
        assert client.get(f"/exports/{job.pk}/file/").status_code == 200

        helped.restrict(by=supervisor, reason="涉及在查线索。", version=1)
        helped.co_units.clear()
        response = client.get(f"/exports/{job.pk}/file/")

        shown = client.get(response.url).content.decode()
        assert "限定知悉" in shown
        client.post(f"/exports/{job.pk}/again/")
        work()
        response = client.get(f"/exports/{job.pk}/file/")
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))["清单"]
        held = {str(cell) for row in sheet.values for cell in row}
        assert any("公章无人保管" in words for words in held)
        assert not any("旧账未清" in words for words in held)

    def test_one_that_was_altered_is_not_sent(self, job, client):
        (files.folder() / job.path).write_bytes(b"x")

        client.get(f"/exports/{job.pk}/file/")

        job.refresh_from_db()
        assert job.state == "failed"

    def test_after_some_days_the_file_goes_and_can_be_made_again(self, job, client, time_machine):
        file = files.folder() / job.path
        time_machine.move_to(timezone.now() + timedelta(days=8), tick=False)
        assert client.get(f"/exports/{job.pk}/file/").status_code in (302, 404)
        work()

        job.refresh_from_db()
        assert (job.state, job.path, file.exists()) == ("expired", "", False)
        assert job.begin_again(timezone.now())
        assert job.state == "waiting"


def test_its_queries_do_not_grow(ask, sign_in, supervisor, django_assert_num_queries):
    ask()
    work()
    client = sign_in(supervisor)
    page(client)
    with django_assert_num_queries(7):
        page(client)
    ExportJob.objects.bulk_create(
        ExportJob(by=supervisor, view="ticket-list", state="cancelled") for _ in range(9)
    )
    with django_assert_num_queries(7):
        page(client)
