"""一事一档: everything on one ticket as a zip with an index."""

import csv
import tracemalloc
import zipfile
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest

from tests import files
from tests.factories import IndicatorFactory, MeasureFactory, TicketFactory
from tracker import dossier
from tracker.choices import ReportResult
from tracker.evidence import storing
from tracker.evidence.receiving import incoming

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def ticket(inspection, department):
    """A ticket in work without any evidence."""
    return TicketFactory(
        inspection=inspection, lead_unit=department, in_progress=True, proved=False
    )


@pytest.fixture
def worked(ticket, clerk, supervisor, operator):
    """A ticket with something of each kind."""
    measure = MeasureFactory(ticket=ticket, text="健全台账<逐项>登记。")
    IndicatorFactory(ticket=ticket, measure=measure)
    uploads = [
        files.upload("验收单:终?.pdf", files.pdf("终")),
        files.upload("现场.png", files.png()),
    ]
    with incoming(uploads) as received:
        ticket.report(
            by=clerk,
            text="补登六处。",
            difficulty="产权不清。",
            next_step="核对产权。",
            percent=60,
            version=1,
            files=received,
            make_key=True,
        )
    ticket.judge(
        ticket.progress.get(),
        ReportResult.RETURNED,
        by=supervisor,
        reason="缺剩余数。",
        version=ticket.version,
    )
    ticket.amend({"kind": "long_term"}, by=operator, why="会议纪要三号", version=ticket.version)
    ticket.withdraw(ticket.evidence.get(name="现场.png"), by=clerk, why="拍错了地方。")
    return ticket


def unzip(client, ticket) -> zipfile.ZipFile:
    response = client.get(f"/tickets/{ticket.pk}/dossier/")
    assert response.status_code == 200
    return zipfile.ZipFile(BytesIO(b"".join(response.streaming_content)))


class TestContent:
    def test_the_index_tells_the_whole_story_and_escapes_it(self, sign_in, clerk, worked):
        with unzip(sign_in(clerk), worked) as archive:
            assert archive.testzip() is None
            index = archive.read("目录.html").decode()

        for words in (
            worked.title,
            worked.number,
            "健全台账&lt;逐项&gt;登记。",
            "8/20 处",
            "补登六处。",
            "困难：产权不清。",
            "下一步：核对产权。",
            "此次填报已被退回",
            "缺剩余数。",
            "会议纪要三号",
            "梁文撤回：拍错了地方。",
            "关键佐证",
        ):
            assert words in index
        for evidence in worked.evidence.all():
            assert evidence.sha256 in index

    def test_the_files_are_there_byte_for_byte_under_names_that_windows_takes(
        self, sign_in, clerk, worked
    ):
        with unzip(sign_in(clerk), worked) as archive:
            kept = [name for name in archive.namelist() if "/" in name]
            assert kept == ["佐证材料/001_验收单_终_.pdf", "已撤回材料/002_现场.png"]
            assert archive.read(kept[0]) == files.pdf("终")
            # Bit 11: the name is UTF-8, so that Windows shows it right.
            assert all(
                each.flag_bits & 0x800 for each in archive.infolist() if each.filename[0] > "~"
            )

    def test_the_table_opens_in_a_spreadsheet_and_computes_nothing(self, sign_in, clerk, ticket):
        with incoming([files.upload("=cmd|calc.pdf", files.pdf())]) as received:
            ticket.attach(received, by=clerk)
        clerk.name = "=1+1"
        clerk.save()

        with unzip(sign_in(clerk), ticket) as archive:
            table = archive.read("目录.csv")

        assert table.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(StringIO(table.decode("utf-8-sig"))))
        assert rows[0]["上传人"] == "'=1+1"
        assert rows[0]["SHA-256"] == ticket.evidence.get().sha256

    def test_a_damaged_file_is_left_out_and_said(self, sign_in, clerk, worked, media):
        evidence = worked.evidence.get(is_key=True)
        (media / "evidence" / evidence.path).write_bytes(b"forged")

        with unzip(sign_in(clerk), worked) as archive:
            assert "文件与登记的摘要不符，未收入" in archive.read("目录.html").decode()
            assert not [name for name in archive.namelist() if name.startswith("佐证材料/")]

    def test_sign_off_sheets_and_opinions_are_in_it(self, sign_in, clerk, supervisor, ticket):
        with incoming([files.upload("验收单.pdf", files.pdf())]) as received:
            ticket.report(by=clerk, text="已补齐。", version=1, files=received, make_key=True)
        ticket.move("submit", by=clerk, note="台账已补齐。", version=ticket.version)
        ticket.move("return", by=supervisor, note="缺监理回执。", version=ticket.version)

        with unzip(sign_in(clerk), ticket) as archive:
            index = archive.read("目录.html").decode()

        for words in ("对账销号单", "第1次", "台账已补齐。", "整改办复核", "退回：缺监理回执。"):
            assert words in index

    def test_an_empty_ticket_has_one_too(self, sign_in, clerk, ticket):
        with unzip(sign_in(clerk), ticket) as archive:
            assert set(archive.namelist()) == {"目录.html", "样式.css", "目录.csv", "通报原文.txt"}
            assert "没有佐证材料。" in archive.read("目录.html").decode()


class TestSending:
    def test_it_is_a_download_with_a_chinese_name(self, sign_in, clerk, ticket, today):
        response = sign_in(clerk).get(f"/tickets/{ticket.pk}/dossier/")

        assert response["Content-Type"] == "application/zip"
        assert response["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
        assert response["Content-Disposition"].endswith("_20261122-1200.zip")

    def test_large_files_pass_through_without_filling_the_memory(self, ticket, clerk):
        uploads = [files.upload(f"{n}.pdf", files.pdf(str(n)) + b"x" * 8_000_000) for n in range(4)]
        with incoming(uploads) as received:
            ticket.attach(received, by=clerk)
        del uploads, received
        made_at = datetime(2026, 11, 22, tzinfo=UTC)

        tracemalloc.start()
        size = sum(len(piece) for piece in dossier.stream(ticket, by=clerk, made_at=made_at))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert size > 32_000_000
        assert peak < 8_000_000

    def test_its_queries_do_not_grow_with_what_it_holds(
        self, ticket, clerk, django_assert_max_num_queries
    ):
        for n in range(6):
            with incoming([files.upload(f"{n}.pdf", files.pdf(str(n)))]) as received:
                ticket.report(by=clerk, text="已办。", version=ticket.version, files=received)
        made_at = datetime(2026, 11, 22, tzinfo=UTC)

        with django_assert_max_num_queries(20):
            list(dossier.stream(ticket, by=clerk, made_at=made_at))

    def test_only_who_sees_the_ticket_gets_it(self, sign_in, neighbour, viewer, ticket):
        assert sign_in(neighbour).get(f"/tickets/{ticket.pk}/dossier/").status_code == 404
        assert sign_in(viewer).get(f"/tickets/{ticket.pk}/dossier/").status_code == 200


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("验收单.pdf", "验收单.pdf"),
        ('a/b\\c:d*e?f"g<h>i|j.pdf', "a_b_c_d_e_f_g_h_i_j.pdf"),
        ("aux.pdf", "_aux.pdf"),
        ("COM1", "_COM1"),
        ("...", "未命名"),
        ("名称. ", "名称"),
        ("长" * 300 + ".docx", "长" * 80 + ".docx"),
    ],
)
def test_names_that_no_windows_takes_are_made_safe(name, kept):
    assert dossier.safe(name) == kept


def test_a_zip_of_a_ticket_needs_no_file_that_is_not_there(sign_in, clerk, ticket):
    with incoming([files.upload("一.pdf", files.pdf())]) as received:
        evidence = ticket.attach(received, by=clerk)[0]
    storing.discard(evidence.path)

    with unzip(sign_in(clerk), ticket) as archive:
        assert "文件缺失，未收入" in archive.read("目录.html").decode()
