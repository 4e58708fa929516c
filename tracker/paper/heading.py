"""What stands above and below the views of a filter, as above and below those of an inspection."""

from tracker.choices import Light, Status
from tracker.figures import Figures
from tracker.models import Inspection, Ticket


def title_of(inspection: Inspection | None, name: str, org_name: str) -> str:
    """What was inspected by whom where it is one inspection, else whose board it is."""
    if inspection is None:
        return f"{org_name}整改{name}"
    return f"{inspection.inspecting_body}{inspection.get_kind_display()}反馈意见整改{name}"


def counted_words(figures: Figures) -> str:
    closed = figures.counts["done"] + figures.counts["lasting"]
    return f"共{figures.total}项，已销号{closed}项"


def marks_of(ticket: Ticket) -> list[str]:
    """What paper must not leave out of a ticket; it must carry its light and `was_late`."""
    return [
        *(["限定知悉"] if ticket.is_restricted else []),
        *(["曾超期"] if ticket.was_late and ticket.light_on_day != Light.LATE else []),
        *(["被退回"] if ticket.status == Status.RETURNED else []),
    ]
