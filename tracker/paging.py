"""Pages of tickets."""

from django.core.paginator import Paginator


class TicketPaginator(Paginator):
    """Cuts a page out of a TicketQuerySet by key, before anything that a row shows is fetched."""

    def page(self, number):
        """Return one page; its rows are asked for when they are needed."""
        page = super().page(number)
        skip = (page.number - 1) * self.per_page
        page.object_list = self.object_list.first_rows(self.per_page, skip)
        return page
