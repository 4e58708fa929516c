"""What an address of 清单 asks for: the same tickets on the page and in its files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from tracker import changes
from tracker.filtersets import TicketFilterSet
from tracker.legends import Lamps
from tracker.models import Holiday, Ticket
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.worktime import WorkCalendar

# So many tickets at once are in memory while a file is written.
BATCH = 500


@dataclass(frozen=True, slots=True)
class ListPage:
    """The flat list under the filter of an address, over all inspections in sight.

    `visible` is all that the reader may see, `shown` what the filter leaves of it, in its order.
    """

    on: date
    filter: TicketFilterSet
    visible: TicketQuerySet
    calendar: WorkCalendar
    lamps: Lamps

    @property
    def since(self) -> date | None:
        return self.filter.changed_from

    @property
    def shown(self) -> TicketQuerySet:
        return self._told_apart(self.filter.qs)

    def keys(self) -> list[int]:
        """All that match, in the order of the page (one query)."""
        return list(self.filter.qs.values_list("pk", flat=True))

    def tickets(self, keys: Sequence[int]) -> Iterator[Ticket]:
        """Fetch these in their order, some hundred by a query, but those out of sight by now."""
        tickets = self._told_apart(self.visible).select_related("inspection__unit")
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            found = {ticket.pk: ticket for ticket in tickets.filter(pk__in=some).order_by()}
            yield from (found[key] for key in some if key in found)

    def _told_apart(self, tickets: TicketQuerySet) -> TicketQuerySet:
        return changes.with_changes(tickets, self.since) if self.since else tickets


def list_page(request: HttpRequest) -> ListPage:
    """Read the filter of the address."""
    on, calendar, lamps = timezone.localdate(), Holiday.objects.calendar(), Lamps(request.user)
    visible = Ticket.objects.visible_to(request.user).for_list(on, lamps.bands(calendar))
    visible = visible.with_was_late(on)
    filterset = TicketFilterSet(request.GET, queryset=visible, request=request)
    return ListPage(on, filterset, visible, calendar, lamps)
