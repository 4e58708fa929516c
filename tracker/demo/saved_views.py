"""What some keep of the demo: their own views, shared ones, one for all staff of a bureau."""

from dataclasses import dataclass

from tracker.choices import BoardView, Role
from tracker.demo import cast
from tracker.models import Person, RecentTickets, SavedView, Ticket, Unit


@dataclass(frozen=True, slots=True)
class Keep:
    """`unit` is the name of the unit with which the view is shared; without one it is one's own."""

    ago: int
    username: str
    name: str
    view: BoardView
    query: str
    unit: str = ""
    role: Role | None = None
    is_default: bool = False

    def play(self) -> None:
        owner = Person.objects.get(username=self.username)
        SavedView(
            owner=owner,
            name=self.name,
            view=self.view,
            query=self.query,
            shared_unit=Unit.objects.get(name=self.unit) if self.unit else None,
            shared_role=self.role or "",
            is_default=self.is_default,
        ).keep(by=owner)


@dataclass(frozen=True, slots=True)
class Open:
    """Somebody opens the tickets that lead their list, one after the other."""

    ago: int
    username: str
    count: int

    def play(self) -> None:
        person = Person.objects.get(username=self.username)
        tickets = Ticket.objects.visible_to(person).open().order_by("due_on", "pk")
        for ticket in tickets[: self.count]:
            RecentTickets.note(person, ticket)


SCENES = (
    Keep(9, cast.INSPECTOR, "全市超期和受阻", BoardView.LIST, "light=late&light=block"),
    Keep(
        *(8, cast.INSPECTOR, "任务清单", BoardView.WALL, "set=tasks"),
        unit=cast.CITY,
        role=Role.OFFICE,
    ),
    Keep(
        *(7, "peisiyuan", "临期看板", BoardView.KANBAN, "light=warn"),
        unit=cast.TRANSPORT,
        role=Role.STAFF,
        is_default=True,
    ),
    Keep(7, "peisiyuan", "上周一以来的变化", BoardView.TIMELINE, "since=monday"),
    Keep(2, "yezhiqiu", "我负责的", BoardView.LIST, "mine=on"),
    Open(0, cast.INSPECTOR, 6),
    Open(0, "yezhiqiu", 4),
)
