"""The ledger out of the admin and back: untouched is unchanged, and nothing runs as a formula."""

import csv
import io
import re
from datetime import date, datetime

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.conftest import acts_for
from tests.factories import InspectionFactory, TicketFactory
from tracker.choices import ImportOutcome, Role, Status
from tracker.models import Change, ImportBatch, PendingUpload, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

XLSX, CSV = "0", "1"
HEADINGS = [
    *("id", "编号", "原文序号", "方面", "大类", "问题", "责任领导", "牵头单位"),
    *("配合单位", "责任人", "整改类型", "整改时限", "状态", "灯", "最新进展"),
    "version",
]


@pytest.fixture
def as_operator(sign_in, operator):
    return sign_in(operator)


def export(client, file_format=XLSX):
    response = client.post("/admin/tracker/ticket/export/", {"format": file_format, "resource": 0})
    assert response.status_code == 200
    return response.content


def preview(client, content, file_format=XLSX):
    file = SimpleUploadedFile("台账.xlsx" if file_format == XLSX else "台账.csv", content)
    response = client.post(
        "/admin/tracker/ticket/import/",
        {"import_file": file, "format": file_format, "resource": 0},
    )
    return response.content.decode()


def hidden(text):
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))


def confirm(client, text):
    return client.post("/admin/tracker/ticket/process_import/", hidden(text), follow=True)


def edited(content, **cells):
    """The workbook with some cells of its first row changed, by heading."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for heading, value in cells.items():
        book.active.cell(2, HEADINGS.index(heading) + 1).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class TestExport:
    def test_a_workbook_has_chinese_headings_and_hides_the_id(self, as_operator, ticket):
        sheet = openpyxl.load_workbook(io.BytesIO(export(as_operator))).active

        assert [cell.value for cell in sheet[1]] == HEADINGS
        assert sheet.column_dimensions["A"].hidden
        row = dict(zip(HEADINGS, [cell.value for cell in sheet[2]], strict=True))
        assert (row["id"], row["编号"]) == (str(ticket.pk), ticket.number)
        assert (row["状态"], row["整改时限"]) == ("整改中", "2026-12-01")

    def test_a_csv_opens_in_chinese(self, as_operator, ticket):
        content = export(as_operator, CSV)

        assert content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        assert rows[0] == HEADINGS
        assert rows[1][1] == ticket.number

    @pytest.mark.parametrize("file_format", [XLSX, CSV], ids=["xlsx", "csv"])
    @pytest.mark.parametrize("start", ["=", "+", "-", "@"])
    def test_no_cell_is_a_formula_and_it_comes_back_unchanged(
        self, as_operator, ticket, start, file_format
    ):
        Ticket.objects.filter(pk=ticket.pk).update(title=f"{start}cmd|' /C calc'!A0")

        content = export(as_operator, file_format)

        if file_format == XLSX:
            cell = openpyxl.load_workbook(io.BytesIO(content)).active["F2"]
            assert (cell.data_type, cell.value[:2]) == ("s", f"'{start}")
        else:
            assert f"'{start}cmd" in content.decode()
        assert "变更0行，未变1行" in preview(as_operator, content, file_format)

    def test_it_holds_what_is_in_reach(self, as_operator, ticket, other_bureau):
        TicketFactory(inspection=InspectionFactory(unit=other_bureau), title="别处的问题")

        assert "别处的问题" not in export(as_operator, CSV).decode()

    @pytest.mark.parametrize("rows", [3, 30])
    def test_its_queries_do_not_grow(
        self, as_operator, inspection, django_assert_num_queries, rows
    ):
        TicketFactory.create_batch(rows, inspection=inspection)

        with django_assert_num_queries(18):
            export(as_operator)

    def test_its_page_keeps_to_the_policy(self, as_operator, ticket):
        text = as_operator.get("/admin/tracker/ticket/export/").content.decode()

        assert not re.search(r"\sstyle=|\son\w+=", text)


class TestUntouched:
    @pytest.mark.parametrize("file_format", [XLSX, CSV], ids=["xlsx", "csv"])
    def test_it_is_all_unchanged(self, as_operator, inspection, department, clerk, file_format):
        TicketFactory(
            inspection=inspection,
            person=clerk,
            leader_text="王局长",
            claimed_done=True,
            submitted=True,
        ).co_units.add(department)
        TicketFactory(inspection=inspection, due_on=None, title=" 两端有空格 ")
        TicketFactory(inspection=inspection, closed=True)

        text = preview(as_operator, export(as_operator, file_format), file_format)

        assert "变更0行，未变3行" in text
        confirm(as_operator, text)
        assert not Change.objects.exists()
        assert not ImportBatch.objects.exists()
        assert not PendingUpload.objects.exists()

    def test_a_light_that_has_turned_since_the_export_is_no_change(
        self, as_operator, operator, ticket, time_machine
    ):
        content = export(as_operator)
        time_machine.move_to("2026-12-24T12:00:00+08:00")
        as_operator.force_login(operator)

        assert "变更0行，未变1行" in preview(as_operator, content)


class TestEdited:
    def test_the_preview_shows_old_and_new_and_writes_nothing(self, as_operator, ticket):
        text = preview(as_operator, edited(export(as_operator), 问题="改过的标题"))

        assert "变更1行，未变0行" in text
        assert f"<del>{ticket.title}</del> <ins>改过的标题</ins>" in text
        assert not re.search(r"\sstyle=", text)
        ticket.refresh_from_db()
        assert ticket.title != "改过的标题"

    def test_confirmed_it_is_amended_recorded_and_listed(
        self, as_operator, operator, ticket, clerk, other_department
    ):
        content = edited(
            export(as_operator),
            问题="改过的标题",
            责任领导="王局长",
            责任人="梁文",
            牵头单位="财务科",
            配合单位="工程科、财务科",
            整改类型="立行立改",
            整改时限="2027-01-31",
        )

        response = confirm(as_operator, preview(as_operator, content))

        ticket.refresh_from_db()
        assert (ticket.title, ticket.person) == ("改过的标题", clerk)
        assert (ticket.leader, ticket.leader_text) == (None, "王局长")
        assert (ticket.lead_unit, ticket.kind) == (other_department, "immediate")
        assert ticket.due_on == date(2027, 1, 31)
        assert {str(unit) for unit in ticket.co_units.all()} == {"工程科", "财务科"}
        change = Change.objects.get(ticket=ticket, field="问题")
        assert (change.by, change.why) == (operator, "导入台账：台账.xlsx")
        row = ImportBatch.objects.get().rows.get()
        assert row.outcome == ImportOutcome.CHANGED
        assert f"/tickets/{ticket.pk}/" in response.content.decode()
        assert not PendingUpload.objects.exists()

    def test_a_date_that_the_program_made_one_is_understood(self, as_operator, ticket):
        content = edited(export(as_operator), 整改时限=datetime(2027, 1, 31))  # noqa: DTZ001, as it is read

        confirm(as_operator, preview(as_operator, content))

        ticket.refresh_from_db()
        assert ticket.due_on == date(2027, 1, 31)

    def test_a_blank_never_overwrites(self, as_operator, ticket, clerk):
        Ticket.objects.filter(pk=ticket.pk).update(person=clerk)
        content = edited(export(as_operator), 责任人=None, 整改时限="", 问题=None)

        assert "变更0行，未变1行" in preview(as_operator, content)

    def test_every_row_is_shown_with_all_its_errors(
        self, as_operator, operator, ticket, other_department, clerk
    ):
        acts_for(other_department, Role.STAFF, username="namesake", name="梁文")
        content = edited(
            export(as_operator),
            责任人="梁文",
            牵头单位="火星科",
            整改类型="尽快",
            整改时限="年底",
            状态="已销号",
            编号="2020-01-001",
        )

        text = preview(as_operator, content)

        for words in (
            "对应2个账号",
            "火星科",
            "尽快",
            "不是日期",
            "状态不能由台账改为“已销号”",
            "可能错行",
        ):
            assert words in text
        assert "process_import" not in text
        ticket.refresh_from_db()
        assert ticket.status == Status.IN_PROGRESS

    @pytest.mark.parametrize(
        ("cell", "words"), [("999999", "不在您的单位范围内"), (None, "台账不能新增问题")]
    )
    def test_a_row_that_names_no_ticket_is_an_error(self, as_operator, ticket, cell, words):
        content = edited(export(as_operator), id=cell, 编号=None)

        assert words in preview(as_operator, content)
        assert Ticket.objects.count() == 1

    def test_a_row_out_of_reach_is_an_error(self, as_operator, ticket, other_bureau):
        elsewhere = TicketFactory(inspection=InspectionFactory(unit=other_bureau))
        content = edited(export(as_operator), id=str(elsewhere.pk), 问题="改过的标题")

        assert "不在您的单位范围内" in preview(as_operator, content)

    def test_a_closed_ticket_stays_as_it_is(self, as_operator, inspection):
        ticket = TicketFactory(inspection=inspection, closed=True)

        text = preview(as_operator, edited(export(as_operator), 问题="改过的标题"))

        assert "已销号的问题已锁定" in text
        ticket.refresh_from_db()
        assert ticket.title != "改过的标题"

    def test_one_wrong_row_stops_all_at_the_confirmation_too(
        self, as_operator, operator, inspection
    ):
        one, two = TicketFactory.create_batch(2, inspection=inspection)
        book = openpyxl.load_workbook(io.BytesIO(export(as_operator)))
        for row in (2, 3):
            book.active.cell(row, 6).value = f"改过的标题{row}"
        stream = io.BytesIO()
        book.save(stream)
        text = preview(as_operator, stream.getvalue())
        day = date(2026, 11, 20)
        Ticket.objects.filter(pk=two.pk).update(
            status=Status.CLOSED, submitted_on=day, closed_on=day
        )

        response = confirm(as_operator, text)

        assert "没有导入" in response.content.decode()
        one.refresh_from_db()
        assert not one.title.startswith("改过")

    def test_a_file_without_the_id_is_refused(self, as_operator, ticket):
        book = openpyxl.Workbook()
        book.active.append(["编号", "问题"])
        book.active.append([ticket.number, "改过的标题"])
        stream = io.BytesIO()
        book.save(stream)

        assert "没有 id 列" in preview(as_operator, stream.getvalue())

    def test_the_file_waits_in_the_database_and_is_forgotten(self, as_operator, ticket):
        preview(as_operator, export(as_operator))
        assert PendingUpload.objects.count() == 1

    @pytest.mark.parametrize("who", ["clerk", "supervisor", "viewer"])
    def test_nobody_else_exchanges_it(self, client, request, ticket, who):
        client.force_login(request.getfixturevalue(who))

        for path in ("import/", "export/"):
            assert client.get(f"/admin/tracker/ticket/{path}", follow=True).status_code == 403


class TestConflict:
    def test_a_row_that_would_undo_a_newer_change_is_refused_and_says_whose(
        self, as_operator, ticket, supervisor
    ):
        exported = export(as_operator)
        ticket.amend(
            {"title": "台账缺漏"}, by=supervisor, why="订正", version=Ticket.objects.get().version
        )

        text = preview(as_operator, edited(exported, 整改时限="2027-01-15"))

        assert "导出之后已有人修改" in text
        assert "邓佳" in text
        assert "台账缺漏" in text
        assert Ticket.objects.get().title == "台账缺漏"

    def test_a_report_in_between_is_no_conflict(self, as_operator, ticket, clerk):
        exported = export(as_operator)
        ticket.report(by=clerk, text="已补登。", version=Ticket.objects.get().version)

        text = preview(as_operator, edited(exported, 整改时限="2027-01-15"))

        assert "导出之后已有人修改" not in text
        confirm(as_operator, text)
        assert Ticket.objects.get().due_on == date(2027, 1, 15)

    def test_a_fresh_export_takes_the_same_change(self, as_operator, ticket, supervisor):
        ticket.amend(
            {"title": "台账缺漏"}, by=supervisor, why="订正", version=Ticket.objects.get().version
        )

        confirm(as_operator, preview(as_operator, edited(export(as_operator), 责任人="外聘专家")))

        assert Ticket.objects.get().person_text == "外聘专家"
