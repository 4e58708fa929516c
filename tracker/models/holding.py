"""How a ticket is held while it changes, and how each change of a fact is put on record."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from django.db import models, transaction

from tracker.because import because
from tracker.models.transition import Change
from tracker.workflow import TicketChanged

if TYPE_CHECKING:
    from tracker.models.person import Person
    from tracker.models.ticket import Ticket


class Held(models.Model):
    """What every act on a ticket begins with, which `Ticket` inherits."""

    class Meta:
        abstract = True

    @contextmanager
    def revising(
        self: "Ticket", *, by: "Person", why: str, version: int
    ) -> Iterator[Callable[[str, str, str], None]]:
        """Hold this ticket while what hangs on it is changed; yields how to record each change.

        The function takes what changed, the old words and the new. Raises TicketChanged as
        `move` does; all or nothing.
        """
        with transaction.atomic(), because(by, why):
            self.hold(version)
            yield partial(self.record_change, by=by, why=why)
            self.save()

    def hold(self: "Ticket", version: int) -> None:
        """Lock and reload this ticket at the version the person saw; the next one is ours.

        What every move asks of it comes along in the one query.
        """
        held = type(self).objects.select_for_update(of=("self",)).filter(version=version)
        asked = held.select_related("inspection__round", "inspection__unit", "lead_unit")
        try:
            self.refresh_from_db(from_queryset=asked)
        except type(self).DoesNotExist:
            raise TicketChanged("该问题刚被他人处理，请核对后再提交。") from None
        self.version += 1

    def hold_newest(self: "Ticket") -> None:
        """Lock and reload this ticket at whatever version it is, for what only adds."""
        type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
        self.refresh_from_db()

    def record_change(
        self: "Ticket", field: str, old: str, new: str, *, by: "Person", why: str
    ) -> None:
        """Put on record that one fact was altered, in words, at the version that is held."""
        self._change(field, old, new, by=by, why=why).save()

    def _change(
        self: "Ticket", field: str, old: str, new: str, *, by: "Person", why: str
    ) -> Change:
        return Change(
            ticket=self,
            ticket_version=self.version,
            field=field,
            old=old,
            new=new,
            by=by,
            why=why[:200],
        )
