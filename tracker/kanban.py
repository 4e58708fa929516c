"""看板: tickets as cards in a column for each stage, in a fixed number of queries. No HTML."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F

from tracker import policy, workflow
from tracker.choices import Light, Status
from tracker.models import Person, Ticket
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.statistics import STAGES, WATCHED, Stage
from tracker.worktime import WorkCalendar, due_words

# Cards of one column; the rest are behind its foot.
MOST_CARDS = 30


@dataclass(frozen=True, slots=True)
class Card:
    """One ticket; `targets` are the columns it may be dropped on, each with the move's name.

    Whether a move is really open, only its page can say: it asks the workflow.
    """

    ticket: Ticket
    light: Light
    due: str
    targets: dict[str, str]

    @property
    def targets_in_words(self) -> str:
        """For the script that drags: column and move, as in `submitted:submit closed:close`."""
        return " ".join(f"{column}:{move}" for column, move in self.targets.items())

    @property
    def percent(self) -> int | None:
        return self.ticket.latest_percent


@dataclass(frozen=True, slots=True)
class Column:
    """A stage with its first cards, how many there are in all, and what its head adds."""

    key: str
    stage: Stage
    count: int
    cards: list[Card]
    pressing: list[tuple[Light, int]]

    @property
    def left(self) -> int:
        return self.count - len(self.cards)


def key_of(stage: Stage) -> str:
    """The name of a column in addresses and in the page: that of its first status."""
    return stage.statuses[0].value


def columns(
    tickets: TicketQuerySet, person: Person, on: date, calendar: WorkCalendar
) -> list[Column]:
    """Gather the board: one query for the counts, one for the cards of each column."""
    counts: dict[str, dict[str, int]] = {}
    for row in tickets.order_by().values_list("status", "light_on_day").annotate(n=Count("pk")):
        status, light, n = row
        counts.setdefault(status, {})[light] = n
    return [_column(stage, tickets, counts, person, on, calendar) for stage in STAGES]


def _column(
    stage: Stage,
    tickets: TicketQuerySet,
    counts: dict[str, dict[str, int]],
    person: Person,
    on: date,
    calendar: WorkCalendar,
) -> Column:
    own = [counts.get(status, {}) for status in stage.statuses]
    of_light = {light: sum(one.get(light, 0) for one in own) for light in Light}
    rows = tickets.filter(status__in=stage.statuses)
    if Status.CLOSED in stage.statuses:
        rows = rows.order_by("-closed_on", "-pk")
    else:
        rows = rows.order_by("urgency", F("due_on").asc(nulls_last=True), "pk")
    if Status.RETURNED in stage.statuses:
        rows = rows.with_return_note()
    return Column(
        key=key_of(stage),
        stage=stage,
        count=sum(of_light.values()),
        cards=[_card(ticket, person, on, calendar) for ticket in rows.first_rows(MOST_CARDS)],
        pressing=[(light, of_light[light]) for light in WATCHED if of_light[light]],
    )


def _card(ticket: Ticket, person: Person, on: date, calendar: WorkCalendar) -> Card:
    return Card(
        ticket=ticket,
        light=Light(ticket.light_on_day),
        due=due_words(ticket.due_on, on, calendar),
        targets=targets(ticket, person),
    )


def targets(ticket: Ticket, person: Person) -> dict[str, str]:
    """The columns to which a move of this person's roles leads, without asking the database.

    Where two moves lead to one column the choice is left to the page of moves ("").
    """
    roles = person.roles_on(ticket.lead_unit)
    found: dict[str, str] = {}
    for name, move in workflow.MOVES.items():
        if ticket.status not in move.sources or not policy.may(roles, name):
            continue
        column = next(key_of(stage) for stage in STAGES if move.target in stage.statuses)
        found[column] = "" if column in found else name
    here = next(key_of(stage) for stage in STAGES if ticket.status in stage.statuses)
    found.pop(here, None)
    return found
