"""Pages of tickets."""

from django.core.paginator import Paginator

from tracker.models.ticket_queryset import TicketQuerySet


class TicketPaginator(Paginator):
    """Cuts a page out of a TicketQuerySet by key, before anything that a row shows is fetched.

    How many there are is not asked for where the caller has counted them.
    """

    def __init__(self, tickets: TicketQuerySet, per_page: int, count: int | None = None):
        super().__init__(tickets, per_page)
        if count is not None:
            self.count = count

    def page(self, number):
        """Return one page; its rows are asked for when they are needed."""
        page = super().page(number)
        skip = (page.number - 1) * self.per_page
        page.object_list = self.object_list.first_rows(self.per_page, skip)
        return page

    def keys(self, number: int) -> list[int]:
        """Which tickets stand on a page, in their order (one query)."""
        skip = (number - 1) * self.per_page
        return list(self.object_list.values_list("pk", flat=True)[skip : skip + self.per_page])
