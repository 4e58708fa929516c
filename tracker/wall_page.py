"""What an address of 台账 asks for: the same rows and columns on the page and on paper."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from tracker import changes
from tracker.figures import Figures, Rate, basis_of, figures
from tracker.filtersets import FOUND, TicketFilterSet
from tracker.ledger_columns import Choice, choice
from tracker.models import Inspection
from tracker.models.ticket import TicketQuerySet
from tracker.wall_chart import Fetch, WallChart, wall_chart


@dataclass(frozen=True, slots=True)
class WallAsked:
    """What an address of 台账 asks for, counted, but before any ticket is read.

    `visible` is all of its kind that the reader may see, `found` what units found besides.
    """

    inspection: Inspection
    on: date
    filter: TicketFilterSet
    choice: Choice
    visible: TicketQuerySet
    found: TicketQuerySet
    shows_found: bool
    figures: Figures

    @property
    def subject(self) -> str:
        """What was inspected by whom, as it stands before 台账 or 作战图."""
        origin = "自查问题" if self.shows_found else "反馈意见"
        inspection = self.inspection
        return f"{inspection.inspecting_body}{inspection.get_kind_display()}{origin}整改"


@dataclass(frozen=True, slots=True)
class WallPage:
    """One inspection as the merged ledger, under the filter and columns of an address.

    `figures` count what is shown, by the rule that the address chooses or the usual one.
    """

    inspection: Inspection
    on: date
    filter: TicketFilterSet
    choice: Choice
    chart: WallChart
    figures: Figures
    rate: Rate
    subject: str
    shows_found: bool
    found_count: int


def wall_asked(request: HttpRequest, inspection: Inspection) -> WallAsked:
    """Read the address; the inspection must come with its round and unit."""
    on = timezone.localdate()
    tickets = inspection.tickets.visible_to(request.user)
    tickets = tickets.for_list(on, {inspection.round_id: inspection.round.bands})
    tickets = tickets.with_was_late(on).with_names()
    # The wall is of what was fed back; what was found besides is a wall of its own.
    found = tickets.found()
    shows_found = request.GET.get("origin") == FOUND
    visible = found if shows_found else tickets.fed_back()
    filterset = TicketFilterSet(request.GET, queryset=visible, request=request)
    return WallAsked(
        inspection=inspection,
        on=on,
        filter=filterset,
        choice=choice(request.GET),
        visible=visible,
        found=found,
        shows_found=shows_found,
        figures=figures(filterset.qs, on),
    )


def wall_page(asked: WallAsked, fetch: Fetch = list) -> WallPage:
    """Read the tickets; `fetch` does so by batches where they may be many."""
    inspection, filterset = asked.inspection, asked.filter
    since = filterset.changed_from
    chart = wall_chart(
        inspection,
        visible=asked.visible,
        chosen=filterset.of_any_light,
        shown=changes.with_changes(filterset.qs, since) if since else filterset.qs,
        on=asked.on,
        calendar=inspection.round.bands.calendar,
        columns=asked.choice,
        found=asked.found,
        shows_found=asked.shows_found,
        fetch=fetch,
    )
    return WallPage(
        inspection=inspection,
        on=asked.on,
        filter=filterset,
        choice=asked.choice,
        chart=chart,
        figures=asked.figures,
        rate=asked.figures.rate(basis_of(filterset.data.get("basis"))),
        subject=asked.subject,
        shows_found=asked.shows_found,
        found_count=chart.found_count,
    )
