"""The flat ledger (台账): a row for each ticket, exported, filled in elsewhere, and taken back.

Only what differs from the export is looked at. The hidden id says which ticket a row is, the
hidden version what of it the export has seen: with the change history, that tells how each cell
was exported, so a cell that nobody touched does nothing, whatever has happened to it since.
"""

import datetime
import io
import re
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.html import format_html
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import Diff
from import_export.widgets import IntegerWidget
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from tracker.choices import ImportOutcome, ImportSource, Kind, Light
from tracker.models import Change, ImportBatch, ImportRow, Person, Ticket, Unit
from tracker.models.ticket import TicketQuerySet
from tracker.names import Directory
from tracker.resources import TicketResource, errors_of

# A cell that starts so is a formula to a spreadsheet program.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SEPARATOR = "、"
# The day from which spreadsheet programs count.
EXCEL_DAY_NOUGHT = datetime.date(1899, 12, 30)


def escaped(words: str) -> str:
    """Keep a spreadsheet program from running a cell that somebody else wrote."""
    return f"'{words}" if words.startswith(FORMULA_STARTS) else words


def unescaped(words: str) -> str:
    """Undo `escaped`; an apostrophe that stands before anything else is the writer's own."""
    return words[1:] if words.startswith("'") and words[1:].startswith(FORMULA_STARTS) else words


class LedgerDiff(Diff):
    """What the preview shows of a row: the library's own marks up with inline styles."""

    def __init__(self, resource, instance, new):
        super().__init__(resource, instance, new)
        self.left = self._cells(resource, instance)

    def compare_with(self, resource, instance):
        self.right = self._cells(resource, instance)

    @staticmethod
    def _cells(resource, instance) -> list[str]:
        shown = resource.shown(instance)
        return [shown[heading] for heading in resource.get_diff_headers()]

    def as_html(self):
        return [
            new if old == new else format_html("<del>{}</del> <ins>{}</ins>", old, new)
            for old, new in zip(self.left, self.right, strict=True)
        ]

    @classmethod
    def _read_field_values(cls, resource, instance):
        return []


class LedgerResource(TicketResource):
    """The columns of the ledger. Tickets are never made from it, and never moved."""

    id = Field("pk", "id", IntegerWidget())
    number = Field("number", "编号")
    printed_number = Field("printed_number", "原文序号")
    aspect = Field(column_name="方面")
    category = Field(column_name="大类")
    title = Field("title", "问题")
    leader = Field("leader_name", "责任领导")
    lead_unit = Field(column_name="牵头单位")
    co_units = Field(column_name="配合单位")
    person = Field("person_name", "责任人")
    kind = Field(column_name="整改类型")
    due_on = Field(column_name="整改时限")
    status = Field(column_name="状态")
    light = Field(column_name="灯")
    latest = Field(column_name="最新进展")
    version = Field("version", "version", IntegerWidget())

    TAKEN = ("title", "leader", "lead_unit", "co_units", "person", "kind", "due_on")
    # The headings of what may be edited, and of all that a row is read by.
    EDITED = ("问题", "责任领导", "牵头单位", "配合单位", "责任人", "整改类型", "整改时限")
    READ = ("编号", *EDITED, "状态")
    AMENDED = (
        "title",
        "leader",
        "leader_text",
        "lead_unit",
        "person",
        "person_text",
        "kind",
        "due_on",
    )

    class Meta(TicketResource.Meta):
        fields = (
            *("id", "number", "printed_number", "aspect", "category", "title", "leader"),
            *("lead_unit", "co_units", "person", "kind", "due_on", "status", "light", "latest"),
            "version",
        )
        import_id_fields = ("id",)
        skip_html_diff = False
        name = "台账"

    def __init__(self, by: Person, *, takes_good_rows: bool = False, **kwargs):
        """With `takes_good_rows` a wrong row does not keep the others of its file out."""
        super().__init__(by, **kwargs)
        self.takes_good_rows = takes_good_rows
        self._tickets: dict[int, Ticket] = {}
        self._directories: dict[int, Directory] = {}
        self._co_units: dict[int, list[Unit]] = {}
        self._sent: dict[int, dict[str, str]] = {}
        self._doubts: dict[int, dict[str, str]] = {}
        self._file_name = ""

    @classmethod
    def get_diff_class(cls):
        return LedgerDiff

    def get_diff_headers(self):
        # The version is for the import alone; every change would seem to change it too.
        return [heading for heading in super().get_diff_headers() if heading != "version"]

    # -- out --------------------------------------------------------------------------------------

    def dehydrate_aspect(self, ticket) -> str:
        category = ticket.category
        return str((category and (category.parent or category)) or "")

    def dehydrate_category(self, ticket) -> str:
        category = ticket.category
        return str(category) if category and category.parent else ""

    def dehydrate_lead_unit(self, ticket) -> str:
        return str(ticket.lead_unit)

    def dehydrate_co_units(self, ticket) -> str:
        units = self._co_units.get(ticket.pk)
        return SEPARATOR.join(map(str, ticket.co_units.all() if units is None else units))

    def dehydrate_kind(self, ticket) -> str:
        return ticket.get_kind_display()

    def dehydrate_due_on(self, ticket) -> str:
        return ticket.due_on.isoformat() if ticket.due_on else ""

    def dehydrate_status(self, ticket) -> str:
        return ticket.get_status_display()

    def dehydrate_light(self, ticket) -> str:
        day = getattr(ticket, "light_on_day", None)
        return Light(day).label if day else ""

    def dehydrate_latest(self, ticket) -> str:
        return getattr(ticket, "latest_text", "") or ""

    def shown(self, ticket: Ticket) -> dict[str, str]:
        """The row of a ticket as the export writes it, by column."""
        return {
            field.column_name: str(self.export_field(field, ticket) or "")
            for field in self.get_export_fields()
        }

    # -- in ---------------------------------------------------------------------------------------

    @property
    def why(self) -> str:
        return f"导入台账：{self._file_name}" if self._file_name else "导入台账"

    def before_import(self, dataset, **kwargs):
        """Load at once the tickets that the rows name, of those that may be amended."""
        self._file_name = kwargs.get("file_name") or ""
        if "id" not in (dataset.headers or ()):
            raise ValidationError("文件里没有 id 列（导出时隐藏的第一列），不能确定是哪些问题。")
        keys = {key for cell in dataset["id"] if (key := _key(cell))}
        tickets = (
            self._in_reach()
            .filter(pk__in=keys)
            .for_list(timezone.localdate())
            .select_related("inspection__unit", "category__parent", "lead_unit")
            .select_related("leader", "person")
            .prefetch_related("co_units")
        )
        self._tickets = {ticket.pk: ticket for ticket in tickets}
        self._before = {pk: self.shown(ticket) for pk, ticket in self._tickets.items()}
        self._changes_of = defaultdict(list)
        changes = Change.objects.filter(ticket__in=self._tickets).select_related("by")
        for change in changes.order_by("pk"):
            self._changes_of[change.ticket_id].append(change)

    def get_instance(self, instance_loader, row):
        ticket = self._tickets.get(_key(row["id"]))
        if ticket is None:
            words = words_in(row.get("编号") or row["id"])
            raise ValidationError(
                f"没有“{words}”这个问题，或它不在您的单位范围内。台账不能新增问题。"
                if words
                else "这一行没有 id。台账不能新增问题。"
            )
        return ticket

    def import_instance(self, instance, row, **kwargs):
        """Take the cells that differ from the export; a blank one changes nothing."""
        before = self._before[instance.pk]
        touched = self._sent[instance.pk] = self._touched(instance, row)
        errors, takes = {}, False
        for name, field in self.fields.items():
            cell = touched.get(field.column_name)
            if not cell or cell == before[field.column_name].strip():
                continue
            try:
                if name in self.TAKEN:
                    takes = True
                    getattr(self, f"_take_{name}")(instance, cell)
                elif name == "number":
                    raise ValueError(f"编号“{cell}”与这一行的 id 不符，可能错行。")
                elif name == "status":
                    raise ValueError(
                        f"状态不能由台账改为“{cell}”（现为“{before['状态']}”），请在问题页办理。"
                    )
            except ValueError as wrong:
                errors[name] = ValidationError(str(wrong))
        stands = unescaped(words_in(row.get("序号")))
        if takes and stands and stands not in (instance.printed_number, instance.number):
            errors["printed_number"] = ValidationError(
                f"序号“{stands}”与这一行的 id 不符（id 是“{instance}”的），可能错行。"
            )
        if takes and (newer := self._newer(instance, _key(row.get("version")))):
            errors[NON_FIELD_ERRORS] = ValidationError(newer)
        if errors:
            raise ValidationError(errors)

    def _touched(self, ticket: Ticket, row) -> dict[str, str]:
        """The cells of a row that are not as they were exported, and not blank."""
        exported = self._as_exported(ticket, _key(row.get("version")))
        cells = {name: unescaped(words_in(row.get(name))) for name in exported}
        with suppress(ValueError):  # what is no day is said to be none when it is taken
            cells["整改时限"] = _day(cells["整改时限"]).isoformat()
        return {
            name: cell for name, cell in cells.items() if cell and cell != exported[name].strip()
        }

    def _as_exported(self, ticket: Ticket, version: int | None) -> dict[str, str]:
        """The row as it was at this version: what holds now, with newer changes taken back."""
        row = dict(self._before[ticket.pk])
        if version is None:
            return row
        old: dict[str, str] = {}
        for change in self._changes_of[ticket.pk]:
            if change.ticket_version > version:
                old.setdefault(change.field, change.old)
        for name in ("问题", "牵头单位", "配合单位", "整改类型"):
            row[name] = old.get(name, row[name])
        if "整改时限" in old:
            row["整改时限"] = _iso(old["整改时限"])
        for name, registered, printed in (
            ("责任领导", ticket.leader, ticket.leader_text),
            ("责任人", ticket.person, ticket.person_text),
        ):
            if name in old or f"{name}（原文）" in old:
                bore = old.get(name, str(registered or ""))
                row[name] = bore or old.get(f"{name}（原文）", printed)
        return row

    def ticket_in_reach(self, cell: Any) -> Ticket | None:
        """The ticket that an id cell names, if this person may amend it."""
        key = _key(cell)
        if key in self._tickets:
            return self._tickets[key]
        return self._in_reach().filter(pk=key or 0).first()

    def _in_reach(self) -> TicketQuerySet:
        """What this person may amend: of all else a row learns nothing, not even that it is."""
        return Ticket.objects.visible_to(self.by).led_in_reach_of(self.by, "amend")

    def as_sent(self, cells) -> dict[str, str]:
        """A row to be mended: what was typed, the rest as it is now, seen at today's version."""
        ticket = self.ticket_in_reach(cells.get("id"))
        if ticket is None or ticket.pk not in self._sent:
            return {name: words_in(cells.get(name)) for name in ("id", "version", *self.READ)}
        sent = {name: self._before[ticket.pk][name] for name in self.READ}
        sent |= {k: v for k, v in self._sent[ticket.pk].items() if k in self.EDITED}
        return {"id": str(ticket.pk), "version": self._before[ticket.pk]["version"], **sent}

    def doubts_of(self, ticket: Ticket) -> dict[str, str]:
        """What of this row had better be looked at before it goes in, by column."""
        return self._doubts.get(ticket.pk, {})

    def changes_of(self, ticket: Ticket) -> list[dict[str, str]]:
        """What this import has changed of a ticket, as the change history words it."""
        return self._changes.get(ticket.pk, [])

    def _newer(self, ticket: Ticket, exported_at: int | None) -> str:
        """Say who changed what after the export: this row would undo it without having seen it."""
        changes = [
            change
            for change in self._changes_of[ticket.pk]
            if exported_at is not None and change.ticket_version > exported_at
        ]
        if not changes:
            return ""
        words = "；".join(
            f"{change.by}于{timezone.localtime(change.at):%m月%d日 %H:%M}把{change.field}"
            f"改为“{change.new or '空'}”"
            for change in changes
        )
        return f"导出之后已有人修改：{words}。这一行没有导入；核对后仍要改的，取回这一行再传。"

    def _directory(self, ticket: Ticket) -> Directory:
        unit = ticket.inspection.unit
        if unit.pk not in self._directories:
            self._directories[unit.pk] = Directory.of(unit)
        return self._directories[unit.pk]

    def _take_title(self, ticket, cell):
        ticket.title = " ".join(cell.split())

    def _take_leader(self, ticket, cell):
        self._take_name(ticket, "leader", cell)

    def _take_person(self, ticket, cell):
        self._take_name(ticket, "person", cell)

    def _take_name(self, ticket, name, cell):
        directory = self._directory(ticket)
        if same := directory.namesakes(cell):
            accounts = SEPARATOR.join(directory.label(each) for each in same)
            raise ValueError(f"“{cell}”对应{len(same)}个账号，请写明其中一个：{accounts}。")
        meant = directory.person(cell)
        if meant is None and (doubt := self._doubt(ticket, name, cell)):
            self._doubts.setdefault(ticket.pk, {})[self.fields[name].column_name] = doubt
        setattr(ticket, name, meant)
        if meant is None:
            setattr(ticket, f"{name}_text", cell)

    def _doubt(self, ticket, name, cell) -> str:
        """Why a name that nobody bears may be a slip: it puts words where somebody answered."""
        directory, answered = self._directory(ticket), getattr(ticket, name)
        known = [directory.label(person) for person in directory.people]
        alike = SEPARATOR.join(get_close_matches(cell, known, n=3))
        if not answered and not alike:
            return ""
        heading = self.fields[name].column_name
        return (
            f"“{ticket.inspection.unit}”的登记人员中没有“{cell}”"
            + (f"，相近的有：{alike}" if alike else "")
            + (f"。原{heading}{answered}将换成这几个字，不再对应账号" if answered else "")
            + "。写错了请改正后重新上传，没有写错可以导入。"
        )

    def _unit(self, ticket, name) -> Unit:
        directory = self._directory(ticket)
        unit = directory.unit(name)
        if unit is None and (several := directory.units_called(name)):
            raise ValueError(f"有{several}个单位名为“{name}”，台账里分不清，请在问题页更正。")
        if unit is None:
            raise ValueError(f"“{ticket.inspection.unit}”及其下级中没有名为“{name}”的单位。")
        return unit

    def _take_lead_unit(self, ticket, cell):
        ticket.lead_unit = self._unit(ticket, cell)

    def _take_co_units(self, ticket, cell):
        names = [name.strip() for name in cell.replace("，", SEPARATOR).split(SEPARATOR)]
        self._co_units[ticket.pk] = [self._unit(ticket, name) for name in names if name]

    def _take_kind(self, ticket, cell):
        kinds = {kind.label: kind for kind in Kind}
        if cell not in kinds:
            raise ValueError(f"没有“{cell}”这种整改类型，可用：{SEPARATOR.join(kinds)}。")
        ticket.kind = kinds[cell]

    def _take_due_on(self, ticket, cell):
        ticket.due_on = _day(cell)

    def amendments(self, ticket: Ticket) -> dict[str, Any]:
        return {name: getattr(ticket, name) for name in self.AMENDED}

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return (
            not import_validation_errors
            and instance.pk not in self._co_units
            and self.amendments(instance) == self.amendments(original)
        )

    def do_instance_save(self, instance, is_create):
        self.amend(instance, co_units=self._co_units.get(instance.pk))

    def after_import(self, dataset, result, **kwargs):
        """Keep the history of what this file changed; a file that changes nothing leaves none."""
        changed = [
            row.instance
            for row in result.rows
            if row.is_update() and not errors_of(row) and self._changes.get(row.instance.pk)
        ]
        is_refused = result.has_validation_errors() and not self.takes_good_rows
        if result.has_errors() or is_refused or not changed:
            return
        result.batch = ImportBatch.objects.create(
            kind=ImportSource.LEDGER, file_name=self._file_name[:255], by=self.by
        )
        ImportRow.objects.bulk_create(
            ImportRow(
                batch=result.batch,
                ticket=ticket,
                outcome=ImportOutcome.CHANGED,
                changes=self._changes[ticket.pk],
            )
            for ticket in changed
        )


def _key(cell: Any) -> int | None:
    words = words_in(cell).removesuffix(".0")
    return int(words) if words.isdecimal() else None


def _day(words: str) -> datetime.date:
    """A day as people type it: 2026-12-1, 2026/12/1, 2026.12.1, 2026年12月1日, or its number.

    >>> _day("2026年3月1日"), _day("46082")  # the latter where a cell is not formatted as a date
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 1))
    """
    typed = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", words)
    try:
        if typed:
            return datetime.date(*(int(number) for number in typed.groups()))
        if re.fullmatch(r"[3-7]\d{4}(\.0)?", words):
            return EXCEL_DAY_NOUGHT + datetime.timedelta(days=int(float(words)))
    except ValueError:
        pass  # 2026-02-30
    raise ValueError(f"“{words}”不是日期，请写成 2026-12-31。")


def _iso(words: str) -> str:
    """A day as the ledger writes it, from how the change history does: 2026年12月1日."""
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    return datetime.date(*numbers).isoformat() if len(numbers) == 3 else ""


def words_in(cell: Any) -> str:
    """A cell as text: spreadsheet programs turn what looks like a date into one."""
    if isinstance(cell, datetime.datetime):
        cell = cell.date()
    return str(cell).strip() if cell is not None else ""


class LedgerXLSX(XLSX):
    """A workbook whose id column is hidden, headings stay in sight and nothing is a formula."""

    def export_data(self, dataset, **kwargs):
        book = Workbook()
        sheet = book.active
        sheet.title = "台账"
        for row in _escaped_rows(dataset):
            sheet.append(row)
        for index, heading in enumerate(dataset.headers, start=1):
            column = sheet.column_dimensions[get_column_letter(index)]
            column.width = {"问题": 48, "最新进展": 48, "方面": 28, "大类": 28}.get(heading, 14)
            column.hidden = heading in ("id", "version")
            sheet.cell(1, index).font = Font(bold=True)
        for cells in sheet.iter_rows():
            for cell in cells:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.freeze_panes = "B2"
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()


class LedgerCSV(CSV):
    def export_data(self, dataset, **kwargs):
        headers, *rows = _escaped_rows(dataset)
        return super().export_data(type(dataset)(*rows, headers=headers), **kwargs)


def _escaped_rows(dataset) -> Iterable[list[str]]:
    yield list(dataset.headers)
    for row in dataset:
        yield [escaped("" if cell is None else str(cell)) for cell in row]
