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
from tracker.wall_chart import WallChart, wall_chart


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
    shows_found: bool
    found_count: int

    @property
    def subject(self) -> str:
        """What was inspected by whom, as it stands before 台账 or 作战图."""
        origin = "自查问题" if self.shows_found else "反馈意见"
        inspection = self.inspection
        return f"{inspection.inspecting_body}{inspection.get_kind_display()}{origin}整改"


def wall_page(request: HttpRequest, inspection: Inspection) -> WallPage:
    """Read the address; the inspection must come with its round and unit."""
    on = timezone.localdate()
    bands = inspection.round.bands
    tickets = inspection.tickets.visible_to(request.user)
    tickets = tickets.for_list(on, {inspection.round_id: bands}).with_was_late(on).with_names()
    # The wall is of what was fed back; what was found besides is a wall of its own.
    found = tickets.found()
    shows_found = request.GET.get("origin") == FOUND
    tickets = found if shows_found else tickets.fed_back()
    filterset = TicketFilterSet(request.GET, queryset=tickets, request=request)
    columns, since = choice(request.GET), filterset.changed_from
    chart = wall_chart(
        inspection,
        visible=tickets,
        chosen=filterset.of_any_light,
        shown=changes.with_changes(filterset.qs, since) if since else filterset.qs,
        on=on,
        calendar=bands.calendar,
        columns=columns,
        found=found,
        shows_found=shows_found,
    )
    counted = figures(filterset.qs, on)
    return WallPage(
        inspection=inspection,
        on=on,
        filter=filterset,
        choice=columns,
        chart=chart,
        figures=counted,
        rate=counted.rate(basis_of(request.GET.get("basis"))),
        shows_found=shows_found,
        found_count=chart.found_count,
    )
