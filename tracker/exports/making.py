"""From an address to a file: the same filter, order and columns as on the page."""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from tracker import sheets
from tracker.choices import BoardView, ExportKind
from tracker.frame import Frame, frame
from tracker.legends import Lamps
from tracker.list_page import BATCH, ListPage, list_page
from tracker.models import Inspection, Measure, Ticket, Unit
from tracker.models.ticket import TicketQuerySet
from tracker.paper.document import document
from tracker.paper.grid import Grid
from tracker.paper.leader import leader_grid
from tracker.paper.ledger import ledger_grid
from tracker.paper.listing import lines, listing
from tracker.paper.scope import Scope, scope_of
from tracker.paper.workbook import long_table, tables, workbook
from tracker.wall_page import WallPage, wall_asked, wall_page

# Called with the number of tickets done so far; it may raise, to stop the work.
Tick = Callable[[int], None]


class Export:
    """What an address asks to be written: how many tickets, and the grid, maybe without rows.

    Nothing is read before `write` but what has to be known to ask for it.
    """

    kind = ExportKind.XLSX
    total: int
    scope: Scope
    grid: Grid
    name: str

    def __init__(self, request: HttpRequest):
        """Read the address. Raises Http404 for what is not the reader's or no condition at all."""
        raise NotImplementedError

    @property
    def title(self) -> str:
        return self.grid.title

    @property
    def length(self) -> int:
        """How many rows that is, by which a file is long; here one for each ticket."""
        return self.total

    def write(self, stream: BinaryIO, folder: Path, tick: Tick) -> None:
        """Write the file; `folder` is for what does not stay in memory."""
        raise NotImplementedError


class ListExport(Export):
    """清单: one line for each ticket that matches, however many."""

    def __init__(self, request: HttpRequest):
        self.page: ListPage = list_page(request)
        self.lamps = self.page.lamps
        _refuse_wrong(self.page.filter.errors)
        self.keys = self.page.keys()
        self.total = len(self.keys)
        self.scope = scope_of(self.page.filter, self.lamps, self.page.on)
        chosen = self.page.filter.chosen
        self.grid = listing(
            self.scope,
            total=self.total,
            since=self.page.since,
            of_one=bool(chosen.get("inspection")),
            as_document=self.kind == ExportKind.DOCX,
        )
        self.grid = replace(self.grid, issuer=settings.TRACKER_ORG_NAME)
        self.name = f"整改问题清单{self.page.on:%Y%m%d}"

    def rows(self, tick: Tick = lambda done: None) -> Iterable:
        return lines(_told(self.page.tickets(self.keys), tick), self.grid.heads, self.lamps)

    def write(self, stream, folder, tick):
        long_table(stream, self.grid, self.rows(tick), folder)


class ListDocument(ListExport):
    """清单 for Word and paper, in the columns of its page."""

    kind = ExportKind.DOCX

    def whole(self, tick: Tick = lambda done: None) -> Grid:
        return replace(self.grid, rows=list(self.rows(tick)))

    def write(self, stream, folder, tick):
        reading, _ = _halves(self.total, tick)
        stream.write(document(self.whole(lambda done: reading(done / max(self.total, 1)))))
        tick(self.total)


class SheetExport(Export):
    """责任: the sheet of one leader or unit, every problem with its measures."""

    def __init__(self, request: HttpRequest):
        self.shared: Frame = frame(request, "sheets")
        _refuse_wrong(self.shared.filter.errors)
        self.by = "unit" if request.GET.get("by") == "unit" else "leader"
        self.chosen = self.shared.filter.chosen.get(self.by)
        if not self.chosen:
            raise Http404
        self.lamps = self.shared.lamps
        self.scope = scope_of(self.shared.filter, self.lamps, self.shared.on)
        self.total = self.scope.figures.total
        self.grid = self._grid([])
        self.name = f"{self.chosen}整改责任清单{self.shared.on:%Y%m%d}"

    @cached_property
    def length(self):
        """A row for each measure, and for each problem without any."""
        return self.total + _more_rows(self.shared.filter.qs)

    def write(self, stream, folder, tick):
        """Here problems span the rows of their measures, so all of them stay in memory."""
        tickets = self.shared.tickets.with_names().order_by("urgency", "due_on", "pk")
        reading, writing = _halves(self.total, tick)
        grid = self._grid(_fetched(tickets, self.total, reading))
        stream.write(tables([grid], tick=writing))
        tick(self.total)

    def _grid(self, tickets: list[Ticket]) -> Grid:
        items = sheets.items(tickets, self.shared.on, self.shared.calendar)
        grid = leader_grid(
            sheets.Sheet(self.scope.figures, items),
            by=self.by,
            whose=str(self.chosen),
            lamps=self.lamps,
            rate=self.scope.rate,
            on=self.shared.on,
        )
        return replace(grid, facts=[*grid.facts, self.scope.facts[0]])


class LedgerExport(Export):
    """台账: one inspection, chosen by the address as a condition, to be filled in and come back."""

    def __init__(self, request: HttpRequest):
        key = request.GET.get("inspection", "")
        if not key.isdecimal():
            raise Http404
        inspections = Inspection.objects.visible_to(request.user).for_page()
        self.inspection = get_object_or_404(inspections, pk=key)
        # Its page says by its path which inspection it is of.
        own = copy(request)
        own.GET = request.GET.copy()
        own.GET.pop("inspection")
        self.asked = wall_asked(own, self.inspection)
        _refuse_wrong(self.asked.filter.errors)
        self.total = self.asked.figures.total
        self.name = f"{self.inspection.unit}整改台账{self.asked.on:%Y%m%d}"

    @property
    def title(self):
        return f"{self.asked.subject}台账"

    @cached_property
    def scope(self):
        lamps = Lamps(self.asked.filter.request.user)
        counted = {"counted": self.asked.figures, "of_feedback": True}
        scope = scope_of(self.asked.filter, lamps, self.asked.on, **counted)
        which = f"巡视巡察：{self.inspection}"
        return replace(scope, conditions=[which, *scope.conditions])

    @cached_property
    def length(self):
        """A row for each measure of an open problem, where it shows measures at all."""
        if not self.asked.choice.has_measures:
            return self.total
        return self.total + _more_rows(self.asked.filter.qs.open())

    def write(self, stream, folder, tick):
        """Read all of it, then write: its cells span rows, and it counts itself at its head."""
        reading, writing = _halves(self.total, tick)
        page = wall_page(self.asked, lambda tickets: _fetched(tickets, self.total, reading))
        stream.write(self._file(page, writing))
        tick(self.total)

    def _file(self, page: WallPage, writing: Callable[[float], None]) -> bytes:
        self.grid = ledger_grid(page, for_exchange=True)
        units = [str(unit) for unit in Unit.objects.subtree(self.inspection.unit.path)]
        return workbook(self.grid, units=units, tick=writing)


class LedgerDocument(LedgerExport):
    """台账, or the wall, in the layout of official papers."""

    kind = ExportKind.DOCX

    def _file(self, page, writing):
        self.grid = ledger_grid(page)
        return document(self.grid)


# What may take long enough to be made by a process beside. The rows of 矩阵, 总览 and the list of
# all who answer are units, people or headings, however many problems there are: always at once.
EXPORTS: dict[tuple[str, str], type[Export]] = {
    (BoardView.LIST, ExportKind.XLSX): ListExport,
    (BoardView.LIST, ExportKind.DOCX): ListDocument,
    (BoardView.WALL, ExportKind.XLSX): LedgerExport,
    (BoardView.WALL, ExportKind.DOCX): LedgerDocument,
    (BoardView.SHEETS, ExportKind.XLSX): SheetExport,
}


def _refuse_wrong(errors) -> None:
    """What is not the reader's own, or no condition at all, is not there."""
    if errors:
        raise Http404


def _more_rows(tickets: TicketQuerySet) -> int:
    """How many rows these tickets take beyond one each, at one for each measure."""
    measures = Measure.objects.filter(ticket__in=tickets.order_by().values("pk")).order_by()
    count = measures.aggregate(all=Count("pk"), tickets=Count("ticket", distinct=True))
    return count["all"] - count["tickets"]


def _told(tickets: Iterable[Ticket], tick: Tick) -> Iterator[Ticket]:
    """Pass tickets on and say how many there were, now and then."""
    done = 0
    for done, ticket in enumerate(tickets, start=1):
        yield ticket
        if not done % BATCH:
            tick(done)
    tick(done)


def _fetched(tickets: TicketQuerySet, total: int, told: Callable[[float], None]) -> list[Ticket]:
    """Read these in their order, some hundred by a query; say after each what share that is."""
    if total <= BATCH:
        return list(tickets)
    keys = list(tickets.values_list("pk", flat=True))
    found: list[Ticket] = []
    for start in range(0, len(keys), BATCH):
        found += tickets.filter(pk__in=keys[start : start + BATCH])
        told(min(start + BATCH, len(keys)) / len(keys))
    return found


def _halves(total: int, tick: Tick) -> tuple[Callable[[float], None], Callable[[float], None]]:
    """Shares of the first half of a work, the reading, and of the other half, the writing."""

    def reading(share: float) -> None:
        tick(int(total * share / 2))

    def writing(share: float) -> None:
        tick(int(total * (1 + share) / 2))

    return reading, writing
