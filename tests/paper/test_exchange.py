"""导回台账: out, edited in a spreadsheet program, and in again; good rows in, bad rows back."""

import io
import re
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.conftest import acts_for
from tests.factories import InspectionFactory, TicketFactory, UnitFactory
from tracker.choices import DueBasis, Role
from tracker.models import Change, ImportBatch, PendingUpload, Ticket

pytestmark = pytest.mark.django_db

FIRST = 4  # the first row of the table, below title, facts and headings


@pytest.fixture
def as_operator(sign_in, operator):
    return sign_in(operator)


def text(response) -> str:
    return response.content.decode()


def export(client, address) -> bytes:
    return client.get(f"{address}xlsx/").content


def opened(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return book, book["台账"]


def saved(book) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def column_of(sheet, heading) -> int:
    row = next(row for row in sheet.iter_rows() if any(c.value == "id" for c in row))
    return next(cell.column for cell in row if cell.value == heading)


def row_of(sheet, ticket) -> int:
    return next(row[0].row for row in sheet.iter_rows() if row[0].value == str(ticket.pk))


def edited(content, changes) -> bytes:
    """The workbook with some cells typed over: {(ticket, heading): value}."""
    book, sheet = opened(content)
    for (ticket, heading), value in changes.items():
        sheet.cell(row_of(sheet, ticket), column_of(sheet, heading)).value = value
    return saved(book)


def send(client, *contents, names=None) -> str:
    """Upload workbooks; return the address of the preview."""
    files = [
        SimpleUploadedFile(name, content)
        for name, content in zip(
            names or [f"台账{n}.xlsx" for n in range(1, 99)], contents, strict=False
        )
    ]
    response = client.post("/ledger/import/", {"files": files})
    assert response.status_code == 302, text(response)
    return response.url


def ticket_named(title) -> Ticket:
    return Ticket.objects.get(title=title)


class TestUntouched:
    def test_nothing_changes(self, as_operator, address):
        before = list(Ticket.objects.order_by("pk").values_list("pk", "version"))
        preview = send(as_operator, export(as_operator, address))

        page = text(as_operator.get(preview))
        as_operator.post(preview)

        assert "变更0个问题，未变5个，有错0行" in page
        assert list(Ticket.objects.order_by("pk").values_list("pk", "version")) == before
        assert not Change.objects.exists()
        assert not ImportBatch.objects.exists()

    def test_nor_where_somebody_has_changed_it_since(self, as_operator, address, supervisor):
        exported = export(as_operator, address)
        ticket = ticket_named("台账不健全")
        ticket.amend(
            {"title": "台账缺漏", "due_on": date(2026, 12, 20), "leader_text": "吴副局长"},
            by=supervisor,
            why="订正",
            version=ticket.version,
        )

        page = text(as_operator.get(send(as_operator, exported)))

        assert "变更0个问题，未变5个，有错0行" in page

    def test_a_program_that_unmerges_the_cells_changes_nothing(self, as_operator, address):
        book, sheet = opened(export(as_operator, address))
        for span in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(span))

        page = text(as_operator.get(send(as_operator, saved(book))))

        assert "变更0个问题，未变5个，有错0行" in page


class TestEdited:
    def test_the_preview_shows_every_cell_and_writes_nothing(self, as_operator, address):
        ticket = ticket_named("台账不健全")
        content = edited(
            export(as_operator, address),
            {(ticket, "反馈问题"): "台账缺漏", (ticket, "整改时限"): "2026-12-31"},
        )

        page = text(as_operator.get(send(as_operator, content)))

        assert "变更1个问题，未变4个" in page
        assert "<del>台账不健全</del></td><td><ins>台账缺漏</ins>" in page
        assert "<ins>2026年12月31日</ins>" in page
        assert "台账 第4行" in page
        assert not Change.objects.exists()
        assert not ImportBatch.objects.exists()

    def test_confirmed_it_is_amended_and_recorded(self, as_operator, operator, address, bureau):
        ticket, spread = ticket_named("台账不健全"), ticket_named("资金未落实")
        content = edited(
            export(as_operator, address),
            {
                (ticket, "责任领导"): "吴副局长",
                (ticket, "整改时限"): date(2027, 1, 31),
                (ticket, "整改类型"): "长期坚持",
                (ticket, "牵头单位"): "市水务局",
                # This title takes the column of 大类 as well.
                (spread, "大类"): "资金没有落实",
            },
        )
        preview = send(as_operator, content, names=["工程科.xlsx"])

        page = text(as_operator.post(preview, follow=True))

        ticket.refresh_from_db()
        spread.refresh_from_db()
        assert (ticket.leader_text, ticket.due_on) == ("吴副局长", date(2027, 1, 31))
        assert (ticket.kind, ticket.lead_unit) == ("long_term", bureau)
        # As every deadline that is amended: decided by a person, the first one stays.
        assert (ticket.due_basis, ticket.original_due_on) == (DueBasis.DECIDED, date(2026, 12, 1))
        assert spread.title == "资金没有落实"
        assert "已导入：2个问题有变更" in page
        batch = ImportBatch.objects.get()
        assert (batch.file_name, batch.by, batch.rows.count()) == ("工程科.xlsx", operator, 2)
        change = Change.objects.get(ticket=ticket, field="整改时限")
        assert (change.by, change.why) == (operator, "导入台账：工程科.xlsx")

    def test_a_name_that_nobody_bears_is_to_be_looked_at(
        self, as_operator, address, clerk, department
    ):
        """It would put words where somebody registered answers."""
        acts_for(department, Role.STAFF, name="欧阳明华")
        ticket, other = ticket_named("台账不健全"), ticket_named("验收不及时")
        assert ticket.person == clerk
        content = edited(
            export(as_operator, address),
            {
                (ticket, "责任人"): "李爱国",
                (ticket, "责任领导"): "吴副局长",
                (other, "责任人"): "欧阳明花",
            },
        )

        preview = send(as_operator, content)
        page = text(as_operator.get(preview))
        as_operator.post(preview)

        assert "有2处请先核对" in page
        said = re.findall(r'核对什么">([^<]+)<', page)
        assert [words.partition("。")[0] for words in said] == [
            "“市水务局”的登记人员中没有“李爱国”",
            "“市水务局”的登记人员中没有“欧阳明花”，相近的有：欧阳明华",
        ]
        assert f"原责任人{clerk}将换成这几个字，不再对应账号。" in said[0]
        # A leader who was words before and is so again is nobody's loss.
        assert "吴副局长" not in "".join(said)
        ticket.refresh_from_db()
        assert (ticket.person, ticket.person_text) == (None, "李爱国")

    def test_sent_twice_it_changes_nothing_more(self, as_operator, address):
        ticket = ticket_named("台账不健全")
        content = edited(export(as_operator, address), {(ticket, "反馈问题"): "台账缺漏"})
        as_operator.post(send(as_operator, content))

        page = text(as_operator.get(send(as_operator, content)))

        assert "变更0个问题，未变5个，有错0行" in page
        assert Change.objects.count() == 1

    def test_a_blank_never_overwrites(self, as_operator, address):
        ticket = ticket_named("台账不健全")
        changes = {(ticket, heading): None for heading in ("反馈问题", "责任人", "整改时限")}

        page = text(
            as_operator.get(send(as_operator, edited(export(as_operator, address), changes)))
        )

        assert "变更0个问题，未变5个，有错0行" in page

    def test_what_is_locked_does_nothing(self, as_operator, address):
        ticket = ticket_named("台账不健全")
        content = edited(export(as_operator, address), {(ticket, "进展"): "全部完成"})

        assert "变更0个问题" in text(as_operator.get(send(as_operator, content)))


class TestFaults:
    def test_all_are_shown_at_once_with_sheet_row_and_column(self, as_operator, address):
        ticket, other = ticket_named("台账不健全"), ticket_named("资金未落实")
        content = edited(
            export(as_operator, address),
            {
                (ticket, "整改时限"): "年底",
                (ticket, "整改类型"): "尽快",
                (other, "牵头单位"): "火星科",
                (other, "完成状态"): "已销号",
            },
        )

        page = text(as_operator.get(send(as_operator, content)))

        _, sheet = opened(content)
        for row, heading, words in (
            (row_of(sheet, ticket), "整改时限", "不是日期"),
            (row_of(sheet, ticket), "整改类型", "没有“尽快”这种整改类型"),
            (row_of(sheet, other), "牵头单位", "没有名为“火星科”的单位"),
            (row_of(sheet, other), "完成状态", "状态不能由台账改为“已销号”"),
        ):
            letter = openpyxl.utils.get_column_letter(column_of(sheet, heading))
            shown = {"完成状态": "状态"}.get(heading, heading)
            place = re.compile(f">台账</td><td[^>]*>{row}</td><td[^>]*>{letter}　{shown}</td>")
            assert place.search(page), heading
            assert words in page
        assert "有错2行" in page

    def test_good_rows_go_in_and_bad_ones_come_back(self, as_operator, address):
        good, bad = ticket_named("验收不及时"), ticket_named("台账不健全")
        content = edited(
            export(as_operator, address),
            {
                (good, "责任领导"): "吴副局长",
                (bad, "整改时限"): "年底",
                (bad, "责任领导"): "季局长",
            },
        )
        preview = send(as_operator, content, names=["工程科.xlsx"])

        page = text(as_operator.post(preview, follow=True))
        returned = as_operator.get(f"{preview}returned/").content

        good.refresh_from_db()
        bad.refresh_from_db()
        assert (good.leader_text, bad.leader_text) == ("吴副局长", "高副局长")
        assert "1行没有导入" in page
        _, sheet = opened(returned)
        headings = [cell.value for cell in sheet[1]]
        row = dict(zip(headings, [cell.value for cell in sheet[2]], strict=True))
        assert sheet.max_row == 2
        assert (row["id"], row["整改时限"], row["责任领导"]) == (str(bad.pk), "年底", "季局长")
        assert "不是日期" in row["为什么没有导入"]
        assert (row["原文件"], row["原位置"]) == ("工程科.xlsx", "台账 第4行")

        # Mended, the very file goes in.
        book, sheet = opened(returned)
        sheet.cell(2, headings.index("整改时限") + 1).value = "2026-12-31"
        as_operator.post(send(as_operator, saved(book)))

        bad.refresh_from_db()
        assert (bad.due_on, bad.leader_text) == (date(2026, 12, 31), "季局长")

    def test_a_closed_problem_stays_as_it_is(self, as_operator, address):
        ticket = ticket_named("已改好的问题")
        content = edited(export(as_operator, address), {(ticket, "大类"): "换个说法"})

        assert "已销号的问题已锁定" in text(as_operator.get(send(as_operator, content)))

    def test_rows_of_one_problem_that_disagree_are_a_fault(self, as_operator, address):
        ticket = ticket_named("台账不健全")
        book, sheet = opened(export(as_operator, address))
        for span in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(span))
        row, column = row_of(sheet, ticket), column_of(sheet, "责任领导")
        sheet.cell(row, column).value = "吴副局长"
        sheet.cell(row + 1, column).value = "季局长"

        page = text(as_operator.get(send(as_operator, saved(book))))

        assert "同一个问题的几行写得不一样" in page

    def test_a_new_row_is_a_fault(self, as_operator, address):
        book, sheet = opened(export(as_operator, address))
        row = row_of(sheet, ticket_named("没有措施的问题"))
        sheet.insert_rows(row)
        sheet.cell(row, column_of(sheet, "责任领导")).value = "吴副局长"

        page = text(as_operator.get(send(as_operator, saved(book))))

        assert "台账不能新增问题" in page

    @pytest.mark.parametrize(
        ("content", "words"),
        [(b"not a workbook", "打不开"), (None, "没有 id 列")],
        ids=["broken", "foreign"],
    )
    def test_a_file_that_is_no_ledger_is_refused_and_the_others_are_not(
        self, as_operator, address, content, words
    ):
        if content is None:
            book = openpyxl.Workbook()
            book.active.append(["编号", "问题"])
            content = saved(book)

        page = text(as_operator.get(send(as_operator, content, export(as_operator, address))))

        assert "读不了1份" in page
        assert "未变5个" in page

    @pytest.mark.parametrize(
        "typed",
        ["2027-03-01", "2027/3/1", "2027.3.1", "2027年3月1日", 46447, date(2027, 3, 1)],
    )
    def test_a_day_is_read_as_people_type_it(self, as_operator, address, typed):
        ticket = ticket_named("台账不健全")
        content = edited(export(as_operator, address), {(ticket, "整改时限"): typed})
        preview = send(as_operator, content)

        as_operator.post(preview)

        ticket.refresh_from_db()
        assert ticket.due_on == date(2027, 3, 1)
        # Sent again it is what is there, however it was typed.
        assert "文件与导出时一致" in text(as_operator.get(send(as_operator, content)))

    def test_a_name_that_two_units_bear_is_a_fault(self, as_operator, address, bureau):
        for parent in (bureau, UnitFactory(name="供水中心", parent=bureau)):
            UnitFactory(name="计财科", parent=parent)
        ticket = ticket_named("台账不健全")
        content = edited(export(as_operator, address), {(ticket, "牵头单位"): "计财科"})

        assert "有2个单位名为“计财科”" in text(as_operator.get(send(as_operator, content)))

    def test_a_formula_without_a_result_is_a_fault(self, as_operator, address):
        ticket = ticket_named("台账不健全")
        content = edited(export(as_operator, address), {(ticket, "责任人"): "=A1&B1"})

        assert "这一格是公式" in text(as_operator.get(send(as_operator, content)))

    def test_a_row_with_the_id_of_another_is_a_fault(self, as_operator, address):
        """Sorting without the hidden columns would put every edit on the wrong problem."""
        one, other = ticket_named("台账不健全"), ticket_named("验收不及时")
        book, sheet = opened(export(as_operator, address))
        at = row_of(sheet, one)
        sheet.cell(row_of(sheet, other), 1).value = ""
        for row in (at, at + 1):
            sheet.cell(row, 1).value = str(other.pk)
        sheet.cell(at, column_of(sheet, "责任人")).value = "莫志"

        page = text(as_operator.get(send(as_operator, saved(book))))

        assert "可能错行" in page
        assert "变更0个问题" in page

    def test_columns_in_another_order_and_rows_left_out_are_no_matter(self, as_operator, address):
        _, sheet = opened(export(as_operator, address))
        ticket = ticket_named("台账不健全")
        sheet.cell(row_of(sheet, ticket), column_of(sheet, "整改类型")).value = "立行立改"
        kept = [FIRST - 1, row_of(sheet, ticket)]
        turned = openpyxl.Workbook()
        for row in kept:
            turned.active.append([cell.value for cell in reversed(sheet[row])])

        page = text(as_operator.get(send(as_operator, saved(turned))))

        assert "变更1个问题，未变0个，有错0行" in page
        assert "<ins>立行立改</ins>" in page


class TestConflict:
    def test_a_newer_change_is_not_overwritten_and_named(self, as_operator, address, supervisor):
        ticket = ticket_named("台账不健全")
        exported = export(as_operator, address)
        ticket.amend({"title": "台账缺漏"}, by=supervisor, why="订正", version=ticket.version)
        content = edited(exported, {(ticket, "反馈问题"): "台账缺失"})
        preview = send(as_operator, content)

        page = text(as_operator.get(preview))
        as_operator.post(preview)

        assert "导出之后已有人修改：邓佳" in page
        assert "台账缺漏" in page
        ticket.refresh_from_db()
        assert ticket.title == "台账缺漏"

    def test_the_returned_row_holds_what_is_newer_and_what_was_typed(
        self, as_operator, address, supervisor
    ):
        ticket = ticket_named("台账不健全")
        exported = export(as_operator, address)
        ticket.amend({"title": "台账缺漏"}, by=supervisor, why="订正", version=ticket.version)
        preview = send(as_operator, edited(exported, {(ticket, "责任领导"): "吴副局长"}))

        returned = as_operator.get(f"{preview}returned/").content
        as_operator.post(send(as_operator, returned))

        ticket.refresh_from_db()
        assert (ticket.title, ticket.leader_text) == ("台账缺漏", "吴副局长")

    def test_two_files_that_change_one_problem_are_told_in_the_preview(self, as_operator, address):
        ticket = ticket_named("台账不健全")
        exported = export(as_operator, address)
        one = edited(exported, {(ticket, "责任领导"): "吴副局长"})
        two = edited(exported, {(ticket, "责任领导"): "季局长"})

        page = text(as_operator.get(send(as_operator, one, two)))

        assert "变更1个问题" in page
        assert "导出之后已有人修改：何敏" in page


class TestReach:
    def test_another_bureaus_row_is_not_there(self, as_operator, address, other_bureau):
        foreign = TicketFactory(inspection=InspectionFactory(unit=other_bureau))
        book, sheet = opened(export(as_operator, address))
        row = row_of(sheet, ticket_named("没有措施的问题"))
        sheet.cell(row, 1).value = str(foreign.pk)
        sheet.cell(row, column_of(sheet, "责任领导")).value = "吴副局长"

        page = text(as_operator.get(send(as_operator, saved(book))))

        assert "不在您的单位范围内" in page
        assert foreign.title not in page.partition("不在您的单位范围内")[0]

    def test_a_restricted_row_is_as_if_it_were_not(
        self, sign_in, department, other_department, wall, address
    ):
        """Of 限定知悉 a workbook tells no more than of a number that nobody has."""
        secret = TicketFactory(
            pk=888_888,
            inspection=wall,
            lead_unit=other_department,
            title="线索核查",
            is_restricted=True,
        )
        secret.co_units.add(department)
        client, own = sign_in(acts_for(department, Role.OPERATOR)), ticket_named("没有措施的问题")
        exported = export(client, address)
        assert "线索核查" not in str(list(opened(exported)[1].values))

        def answers(key) -> str:
            """What the page and the returned rows say of a row with this id."""
            book, sheet = opened(exported)
            row = row_of(sheet, own)
            sheet.cell(row, 1).value = str(key)
            sheet.cell(row, column_of(sheet, "责任领导")).value = "吴副局长"
            preview = send(client, saved(book))
            page = text(client.get(preview))
            returned = list(opened(client.get(f"{preview}returned/").content)[1].values)
            client.post(preview)
            said = re.sub(r'name="csrf[^>]+>', "", re.search(r"<main.*</main>", page, re.S)[0])
            words = f"{said}{returned}".replace(str(key), "KEY")
            return words.replace(preview, "PREVIEW")

        hidden = answers(secret.pk)

        assert hidden == answers(999_999)
        assert "没有“KEY”这个问题，或它不在您的单位范围内" in hidden
        assert "线索核查" not in hidden
        secret.refresh_from_db()
        assert secret.leader_text != "吴副局长"
        assert not Change.objects.exists()

    @pytest.mark.parametrize("who", ["clerk", "supervisor", "viewer", "neighbour"])
    def test_only_who_may_amend_has_the_page(self, request, sign_in, who):
        client = sign_in(request.getfixturevalue(who))

        assert client.get("/ledger/import/").status_code == 404
        assert client.post("/ledger/import/").status_code == 404

    def test_nobody_sees_anothers_files(self, as_operator, address, sign_in, bureau):
        preview = send(as_operator, export(as_operator, address))
        client = sign_in(acts_for(bureau, Role.OPERATOR))

        assert client.get(preview).status_code == 404
        assert client.post(preview).status_code == 404
        assert client.get(f"{preview}returned/").status_code == 404

    def test_files_are_forgotten_after_a_day(self, as_operator, address, time_machine, operator):
        send(as_operator, export(as_operator, address))
        time_machine.move_to("2026-11-24T12:00:00+08:00")
        as_operator.force_login(operator)
        send(as_operator, b"another")

        assert PendingUpload.objects.count() == 1


def test_twenty_workbooks_are_one_upload(sign_in, today):
    """Each unit fills in its own; the office sends all of them at once."""
    city = UnitFactory(name="临江市")
    client = sign_in(acts_for(city, Role.OPERATOR))
    contents = []
    for n in range(20):
        bureau = UnitFactory(name=f"第{n}局", parent=city)
        inspection = InspectionFactory(unit=bureau)
        first, _ = TicketFactory.create_batch(2, inspection=inspection, in_progress=True)
        exported = export(client, f"/inspections/{inspection.pk}/wall/")
        contents.append(edited(exported, {(first, "责任领导"): f"第{n}位"}))

    preview = send(client, *contents)
    page = text(client.get(preview))
    client.post(preview)

    assert "20份文件：变更20个问题，未变20个，有错0行" in page
    led = Ticket.objects.exclude(leader_text="").values_list("leader_text", flat=True)
    assert sorted(led) == sorted(f"第{n}位" for n in range(20))
    assert ImportBatch.objects.count() == 20
