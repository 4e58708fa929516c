"""Files that prove the work: uploaded, marked as key, withdrawn, and read back."""

import hashlib

import pytest
from django.db import IntegrityError, transaction

from tests import files
from tests.conftest import TODAY, acts_for
from tests.factories import MeasureFactory, TicketFactory
from tracker.choices import Role
from tracker.evidence import storing
from tracker.evidence.receiving import incoming
from tracker.models import Evidence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def ticket(inspection, department):
    """A ticket in work without any evidence."""
    return TicketFactory(
        inspection=inspection, lead_unit=department, in_progress=True, proved=False
    )


def attach(ticket, by, name="验收单.pdf", content=None, **facts):
    """Put a file on record as the page does."""
    with incoming([files.upload(name, content or files.pdf(name))]) as received:
        return ticket.attach(received, by=by, **facts)[0]


def upload(client, ticket, *uploads, **typed):
    return client.post(f"/tickets/{ticket.pk}/evidence/", {"files": list(uploads), **typed})


class TestUpload:
    def test_several_at_once_are_kept_with_who_what_and_digest(self, sign_in, clerk, ticket):
        content = files.pdf("一")
        response = upload(
            sign_in(clerk),
            ticket,
            files.upload("一.pdf", content),
            files.upload("图.png", files.png()),
        )

        assert response.url == f"/tickets/{ticket.pk}/evidence/"
        first = ticket.evidence.get(name="一.pdf")
        assert (first.by, first.kind, first.size) == (clerk, "pdf", len(content))
        assert first.sha256 == hashlib.sha256(content).hexdigest()
        with storing.open_verified(first.path, first.sha256) as file:
            assert file.read() == content
        assert ticket.evidence.count() == 2

    def test_it_can_belong_to_a_measure(self, sign_in, clerk, ticket):
        measure = MeasureFactory(ticket=ticket)

        upload(sign_in(clerk), ticket, files.upload("一.pdf", files.pdf()), measure=measure.pk)

        assert ticket.evidence.get().measure == measure

    def test_it_can_come_with_a_report(self, sign_in, clerk, ticket):
        sign_in(clerk).post(
            f"/tickets/{ticket.pk}/report/",
            {
                "version": 1,
                "text": "已验收。",
                "files": [files.upload("一.pdf", files.pdf())],
                "make_key": "on",
            },
        )

        evidence = ticket.evidence.get()
        assert (evidence.progress, evidence.is_key) == (ticket.progress.get(), True)
        page = sign_in(clerk).get(f"/tickets/{ticket.pk}/").content.decode()
        assert f'附：<a href="/evidence/{evidence.pk}/file/" download>一.pdf</a>' in page

    def test_one_bad_file_refuses_all_and_says_which(self, sign_in, clerk, ticket):
        response = upload(
            sign_in(clerk),
            ticket,
            files.upload("一.pdf", files.pdf()),
            files.upload("二.docx", files.docx("word/vbaProject.bin")),
        )

        page = response.content.decode()
        assert "“二.docx”带有宏" in page
        assert "一份都没有上传" in page
        assert not ticket.evidence.exists()
        assert list(storing.all_stored()) == []

    def test_a_file_that_is_too_large_names_the_limit(self, sign_in, clerk, ticket, settings):
        settings.TRACKER_MAX_EVIDENCE_BYTES = 1024 * 1024

        page = upload(
            sign_in(clerk), ticket, files.upload("大.pdf", b"%PDF-" + b"x" * 1024 * 1024)
        ).content.decode()

        assert "“大.pdf”有1.0 MB，超过上限1 MB。" in page
        assert "每份不超过1.0" in page

    def test_no_file_is_asked_for(self, sign_in, clerk, ticket):
        assert "请选择文件。" in upload(sign_in(clerk), ticket).content.decode()

    def test_the_same_file_twice_is_told_and_kept_once(self, sign_in, clerk, ticket):
        client, content = sign_in(clerk), files.pdf()
        upload(client, ticket, files.upload("一.pdf", content))

        response = upload(client, ticket, files.upload("又一.pdf", content))

        page = client.get(response.url).content.decode()
        assert "已有内容相同的材料，没有重复保存：又一.pdf。" in page
        assert ticket.evidence.get().name == "一.pdf"
        assert len(list(storing.all_stored())) == 1

    def test_a_file_that_proves_another_ticket_too_is_told(
        self, sign_in, clerk, ticket, inspection, department
    ):
        other = TicketFactory(
            inspection=inspection, lead_unit=department, in_progress=True, proved=False
        )
        client, content = sign_in(clerk), files.pdf()
        upload(client, other, files.upload("会议纪要.pdf", content))

        response = upload(client, ticket, files.upload("一.pdf", content))

        page = client.get(response.url).content.decode()
        assert f"“会议纪要.pdf”也是问题{other.number}的佐证材料。" in page
        assert ticket.evidence.count() == 1

    def test_it_disturbs_nobody_who_has_the_ticket_open(self, sign_in, clerk, ticket):
        client = sign_in(clerk)
        upload(client, ticket, files.upload("一.pdf", files.pdf()), make_key="on")

        client.post(f"/tickets/{ticket.pk}/report/", {"version": 1, "text": "已办。"})

        assert ticket.progress.count() == 1

    @pytest.mark.parametrize(
        ("state", "words"),
        [
            ({}, "请先认领。"),
            ({"submitted": True}, "退回后才能补充材料"),
            ({"closed": True}, "已锁定"),
        ],
    )
    def test_a_ticket_that_is_not_in_work_takes_none(
        self, sign_in, clerk, inspection, department, state, words
    ):
        ticket = TicketFactory(inspection=inspection, lead_unit=department, proved=False, **state)

        page = upload(sign_in(clerk), ticket, files.upload("一.pdf", files.pdf())).content.decode()

        assert words in page
        assert not ticket.evidence.exists()
        assert list(storing.all_stored()) == []

    def test_who_only_looks_on_uploads_nothing(self, sign_in, viewer, ticket):
        upload(sign_in(viewer), ticket, files.upload("一.pdf", files.pdf()))

        assert not ticket.evidence.exists()

    def test_a_supervisor_adds_proof_of_the_check_while_it_waits(
        self, sign_in, supervisor, inspection, department
    ):
        ticket = TicketFactory(
            inspection=inspection, lead_unit=department, submitted=True, proved=False
        )

        upload(sign_in(supervisor), ticket, files.upload("核查.jpg", files.jpeg()))

        assert ticket.evidence.get().by == supervisor

    def test_a_neighbour_gets_404(self, sign_in, neighbour, ticket):
        response = upload(sign_in(neighbour), ticket, files.upload("一.pdf", files.pdf()))

        assert response.status_code == 404
        assert not Evidence.objects.exists()


class TestKey:
    def test_exactly_one_is_key_and_the_change_is_on_record(self, sign_in, clerk, ticket):
        first = attach(ticket, clerk, "一.pdf", make_key=True)
        second = attach(ticket, clerk, "二.pdf")

        sign_in(clerk).post(f"/evidence/{second.pk}/key/")

        assert [each.pk for each in ticket.evidence.filter(is_key=True)] == [second.pk]
        change = ticket.changes.get()
        assert (change.field, change.old, change.new) == ("关键佐证", "一.pdf", "二.pdf")
        first.refresh_from_db()
        assert not first.is_key

    def test_the_database_keeps_a_second_one_out(self, clerk, ticket):
        attach(ticket, clerk, "一.pdf", make_key=True)
        second = attach(ticket, clerk, "二.pdf")

        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.filter(pk=second.pk).update(is_key=True)

    def test_others_cannot_mark_it(self, sign_in, viewer, neighbour, clerk, ticket):
        evidence = attach(ticket, clerk)

        sign_in(viewer).post(f"/evidence/{evidence.pk}/key/")
        assert sign_in(neighbour).post(f"/evidence/{evidence.pk}/key/").status_code == 404

        evidence.refresh_from_db()
        assert not evidence.is_key


class TestWithdraw:
    def withdraw(self, client, evidence, why="传错了文件。"):
        return client.post(f"/evidence/{evidence.pk}/withdraw/", {"why": why})

    def test_row_and_file_stay_with_who_and_why(self, sign_in, clerk, ticket):
        evidence = attach(ticket, clerk, make_key=True)

        self.withdraw(sign_in(clerk), evidence)

        evidence.refresh_from_db()
        assert (evidence.withdrawn_by, evidence.withdrawn_why) == (clerk, "传错了文件。")
        assert not evidence.is_key
        storing.open_verified(evidence.path, evidence.sha256).close()
        change = ticket.changes.get()
        assert (change.field, change.new, change.why) == ("佐证材料", "已撤回", "传错了文件。")
        page = sign_in(clerk).get(f"/tickets/{ticket.pk}/evidence/").content.decode()
        assert "梁文撤回：传错了文件。" in page
        assert (
            "验收单.pdf"
            not in (
                sign_in(clerk)
                .get(f"/tickets/{ticket.pk}/")
                .content.decode()
                .partition('id="evidence"')[2]
            ).partition("</section>")[0]
        )

    def test_it_needs_a_reason_and_happens_once(self, sign_in, clerk, ticket):
        evidence, client = attach(ticket, clerk), sign_in(clerk)

        assert "请填写撤回原因。" in self.withdraw(client, evidence, " ").content.decode()
        self.withdraw(client, evidence)
        assert "已经撤回" in self.withdraw(client, evidence).content.decode()
        assert ticket.changes.count() == 1

    def test_the_same_file_may_then_come_again(self, sign_in, clerk, ticket):
        evidence = attach(ticket, clerk, content=files.pdf("同"))
        self.withdraw(sign_in(clerk), evidence)

        attach(ticket, clerk, content=files.pdf("同"))

        assert ticket.evidence.not_withdrawn().count() == 1

    def test_what_was_submitted_stays(self, sign_in, clerk, ticket):
        evidence = attach(ticket, clerk)
        ticket.status, ticket.review_role, ticket.submitted_on = "submitted", "office", TODAY
        ticket.save()

        assert "退回后才能补充材料" in self.withdraw(sign_in(clerk), evidence).content.decode()
        evidence.refresh_from_db()
        assert not evidence.is_withdrawn


class TestReadBack:
    def test_it_is_a_download_of_the_very_bytes(self, sign_in, clerk, viewer, ticket):
        evidence = attach(ticket, clerk, "验收单（终）.pdf", files.pdf("原样"))

        response = sign_in(viewer).get(f"/evidence/{evidence.pk}/file/")

        assert b"".join(response.streaming_content) == files.pdf("原样")
        assert response["Content-Type"] == "application/octet-stream"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")

    def test_one_that_was_altered_or_is_gone_is_not_sent(self, sign_in, clerk, ticket, media):
        evidence = attach(ticket, clerk)
        client = sign_in(clerk)
        (media / "evidence" / evidence.path).write_bytes(b"%PDF-forged")

        altered = client.get(f"/evidence/{evidence.pk}/file/")
        storing.discard(evidence.path)
        gone = client.get(f"/evidence/{evidence.pk}/file/")

        assert (altered.status_code, gone.status_code) == (410, 410)
        assert "与上传时的摘要不一致" in altered.content.decode()
        assert "不在存放的位置" in gone.content.decode()

    def test_a_picture_shows_small_and_as_our_own_bytes(self, sign_in, clerk, ticket):
        evidence = attach(ticket, clerk, "现场.png", files.png((800, 600)))

        response = sign_in(clerk).get(f"/evidence/{evidence.pk}/thumbnail/")

        assert response["Content-Type"] == "image/jpeg"
        assert response.content.startswith(b"\xff\xd8\xff")
        # What a browser puts around a picture that is opened by itself, and nothing else.
        policy = response["Content-Security-Policy"]
        assert policy == "default-src 'none'; style-src 'unsafe-inline'"
        again = sign_in(clerk).get(f"/evidence/{evidence.pk}/thumbnail/")
        assert again.content == response.content

    def test_what_is_no_picture_has_no_small_one(self, sign_in, clerk, ticket):
        evidence = attach(ticket, clerk)

        assert sign_in(clerk).get(f"/evidence/{evidence.pk}/thumbnail/").status_code == 404

    def test_a_unit_that_helps_sees_it_and_another_does_not(
        self, sign_in, clerk, neighbour, other_bureau, ticket
    ):
        evidence = attach(ticket, clerk, "现场.png", files.png())
        pages = [f"/evidence/{evidence.pk}/{page}/" for page in ("file", "thumbnail", "withdraw")]

        assert [sign_in(neighbour).get(page).status_code for page in pages] == [404] * 3
        ticket.co_units.add(other_bureau)
        assert [sign_in(neighbour).get(page).status_code for page in pages] == [200] * 3


class TestCost:
    @pytest.mark.parametrize("count", [1, 12])
    def test_the_list_of_files_takes_the_same_queries(
        self, sign_in, clerk, ticket, django_assert_num_queries, count
    ):
        for n in range(count):
            attach(ticket, clerk, f"{n}.pdf", measure=MeasureFactory(ticket=ticket, order=n))
        client = sign_in(clerk)
        client.get(f"/tickets/{ticket.pk}/evidence/")

        with django_assert_num_queries(18):
            client.get(f"/tickets/{ticket.pk}/evidence/")


@pytest.mark.django_db(transaction=True)
class TestAtomic:
    def test_when_the_row_cannot_be_written_no_file_stays(self, clerk, ticket):
        def broken_off():
            with incoming([files.upload("一.pdf", files.pdf())]) as received, transaction.atomic():
                ticket.attach(received, by=clerk)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            broken_off()

        assert not Evidence.objects.exists()
        assert list(storing.all_stored()) == []


def test_a_colleague_of_the_unit_may_withdraw_what_another_uploaded(
    sign_in, clerk, department, ticket
):
    evidence = attach(ticket, clerk)
    colleague = acts_for(department, Role.STAFF)

    sign_in(colleague).post(f"/evidence/{evidence.pk}/withdraw/", {"why": "旧版。"})

    evidence.refresh_from_db()
    assert evidence.withdrawn_by == colleague
