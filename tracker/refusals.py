"""What was refused while a request was served, for the audit trail.

A refused move is caught by the page that shows it, and its transaction is gone by then: so the
exception tells of itself when it is raised, and `middleware.record_refusals` writes it down after
the answer is made.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_heard: ContextVar[list[str] | None] = ContextVar("refusals", default=None)


def tell(reason: str) -> None:
    """Note a refusal; outside a request nobody listens."""
    if (heard := _heard.get()) is not None:
        heard.append(reason)


@contextmanager
def listening() -> Iterator[list[str]]:
    token = _heard.set([])
    try:
        yield _heard.get()
    finally:
        _heard.reset(token)
