"""Who does what hangs together, and why: what the versions of all rows written meanwhile tell.

One act changes several rows (a ticket, its measures, its cycle), each of which keeps its own
versions; so the reason is said once, around them, and not to each row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.models.person import Person


@dataclass(frozen=True, slots=True)
class Cause:
    by: "Person"
    why: str


_cause: ContextVar[Cause | None] = ContextVar("cause", default=None)


@contextmanager
def because(by: "Person", why: str) -> Iterator[None]:
    """Every version that is written inside is this person's doing, for this reason."""
    token = _cause.set(Cause(by, why))
    try:
        yield
    finally:
        _cause.reset(token)


def cause() -> Cause | None:
    return _cause.get()
