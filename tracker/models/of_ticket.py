from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from tracker.models.person import Person


class OfTicketQuerySet(models.QuerySet):
    """Rows that hang on a ticket: whoever may see the ticket sees them, and nobody else."""

    def visible_to(self, person: "Person") -> Self:
        tickets = self.model._meta.get_field("ticket").related_model.objects
        return self.filter(ticket__in=tickets.visible_to(person).values("pk"))
