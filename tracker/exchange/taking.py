"""Run the lines of several workbooks through the ledger, and say of every row what comes of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import tablib
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from import_export.results import RowResult

from tracker.exchange.reading import Fault, Line, WorkbookUnreadable, read
from tracker.ledger import LedgerResource
from tracker.models import ImportBatch, Person, Ticket
from tracker.paper.workbook import ID, VERSION

ORDER = "序号"


@dataclass(slots=True)
class RowOutcome:
    """One row that is not as it was exported: what it changes, or all that is wrong with it.

    What is doubtful goes in if it is confirmed.
    `cells` is the row as it should be sent again: what was typed, and of the rest what holds now.
    """

    line: Line
    ticket: Ticket | None
    changes: list[dict[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class FileOutcome:
    """What comes of one workbook; a refusal means that nothing of it can be read."""

    name: str
    refusal: str = ""
    changed: list[RowOutcome] = field(default_factory=list)
    faulty: list[RowOutcome] = field(default_factory=list)
    unchanged: int = 0
    batch: ImportBatch | None = None

    @property
    def faults(self) -> list[Fault]:
        return [fault for row in self.faulty for fault in row.faults]

    @property
    def doubts(self) -> int:
        return sum(len(row.doubts) for row in self.changed)


def take(files: Iterable[tuple[str, bytes]], *, by: Person, dry_run: bool) -> list[FileOutcome]:
    """Take the good rows of these files (name, content), one file after the other.

    All files are one transaction: where two change the same ticket, the later one is told so in
    the preview as well. A dry run does the same and is rolled back.
    """
    outcomes = []
    with transaction.atomic():
        for name, content in files:
            try:
                outcomes.append(_take_one(name, read(content), by))
            except WorkbookUnreadable as refusal:
                outcomes.append(FileOutcome(name, refusal=str(refusal)))
        if dry_run:
            transaction.set_rollback(True)
    return outcomes


def _take_one(name: str, lines: Sequence[Line], by: Person) -> FileOutcome:
    outcome = FileOutcome(name)
    resource = LedgerResource(by, takes_good_rows=True)
    # 序号 is not taken, but tells a row that got the id of another.
    headings = [ID, VERSION, *resource.READ, ORDER]
    table = tablib.Dataset(headers=headings)
    sound = [line for line in lines if not line.faults]
    for line in sound:
        table.append([line.cells.get(heading) for heading in headings])
    for line in lines:
        if line.faults:
            ticket = resource.ticket_in_reach(line.cells[ID])
            outcome.faulty.append(
                RowOutcome(line, ticket, faults=line.faults, cells=resource.as_sent(line.cells))
            )
    if not sound:
        return outcome
    result = resource.import_data(table, file_name=name, raise_errors=False)
    for line, row in zip(sound, result.rows, strict=True):
        faults = list(_faults(line, row, resource))
        ticket = resource.ticket_in_reach(line.cells[ID])
        if faults:
            cells = resource.as_sent(line.cells)
            outcome.faulty.append(RowOutcome(line, ticket, faults=faults, cells=cells))
        elif ticket and (changes := resource.changes_of(ticket)):
            doubts = [line.fault(*doubt) for doubt in resource.doubts_of(ticket).items()]
            outcome.changed.append(RowOutcome(line, ticket, changes=changes, doubts=doubts))
        else:
            outcome.unchanged += 1
    outcome.batch = getattr(result, "batch", None)
    return outcome


def _faults(line: Line, row: RowResult, resource: LedgerResource) -> Iterable[Fault]:
    """All that is wrong with a row, each at its own cell."""
    for error in row.errors:
        yield line.fault("", str(error.error))
    invalid = row.validation_error
    if invalid is None:
        return
    by_field = (
        invalid.message_dict
        if hasattr(invalid, "error_dict")
        else {NON_FIELD_ERRORS: invalid.messages}
    )
    for name, messages in by_field.items():
        known = resource.fields.get(name.removesuffix("_text"))
        heading = known.column_name if known else ""
        for words in messages:
            yield line.fault(ORDER if name == "printed_number" else heading, words)
