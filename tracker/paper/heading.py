"""What stands above and below the views of a filter, as above and below those of an inspection."""

from collections.abc import Iterable
from datetime import date

from tracker.choices import Light, Status
from tracker.figures import Figures
from tracker.legends import Lamps
from tracker.lights import Lamp, legend
from tracker.models import Inspection, Ticket


def title_of(inspection: Inspection | None, name: str, org_name: str) -> str:
    """What was inspected by whom where it is one inspection, else whose board it is."""
    if inspection is None:
        return f"{org_name}整改{name}"
    return f"{inspection.inspecting_body}{inspection.get_kind_display()}反馈意见整改{name}"


def facts_of(
    inspection: Inspection | None, on: date, figures: Figures, conditions: Iterable[str] = ()
) -> list[str]:
    """Of whom it is, the day, how many; and by what they were chosen, or nobody could tell."""
    chosen = "；".join(conditions)
    closed = figures.counts["done"] + figures.counts["lasting"]
    return [
        *([f"被巡察党组织：{inspection.unit_text or inspection.unit}"] if inspection else []),
        f"截至：{day(on)}",
        f"共{figures.total}项，已销号{closed}项",
        *([f"条件：{chosen}"] if chosen else []),
    ]


def legend_of(tickets: Iterable[Ticket], lamps: Lamps) -> list[Lamp]:
    """The lights of the round that all of these belong to, else those that the rounds share."""
    rounds = {ticket.round_key for ticket in tickets}
    own = lamps.by_round.get(rounds.pop(), lamps.shared) if len(rounds) == 1 else lamps.shared
    return legend(own)


def marks_of(ticket: Ticket) -> list[str]:
    """What paper must not leave out of a ticket; it must carry its light and `was_late`."""
    return [
        *(["限定知悉"] if ticket.is_restricted else []),
        *(["曾超期"] if ticket.was_late and ticket.light_on_day != Light.LATE else []),
        *(["被退回"] if ticket.status == Status.RETURNED else []),
    ]


def day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"
