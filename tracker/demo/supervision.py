"""Steps of the demo's stories beside the moves: blocked, pressed, instructed, answered."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from tracker.choices import Role
from tracker.models import Holiday, Membership, Notice, Person, Ticket, Unit


def _one_of_unit(ticket: Ticket) -> Person:
    """Who acts for the unit: its reporter or the person responsible, else any of its staff."""
    staff = Person.objects.filter(memberships__role=Role.STAFF, memberships__unit=ticket.lead_unit)
    return ticket.reporter or ticket.person or staff.order_by("pk")[0]


def _of_role(ticket: Ticket, role: Role) -> Person:
    """The nearest who holds this role for the ticket's unit."""
    keys = [key for key in ticket.lead_unit.path.split("/") if key]
    duties = Membership.objects.filter(role=role, unit__in=keys).select_related("person")
    return duties.order_by("-unit__path", "pk")[0].person


@dataclass(frozen=True, slots=True)
class Block:
    """`needs` is the name of a unit of the demo, else words; `since` counts days before today."""

    ago: int
    reason: str
    needs: str
    since: int

    def play(self, ticket: Ticket) -> None:
        unit = Unit.objects.filter(name=self.needs).first()
        ticket.block(
            by=_one_of_unit(ticket),
            reason=self.reason,
            needs_unit=unit,
            needs_text="" if unit else self.needs,
            since_on=timezone.localdate() - timedelta(self.since - self.ago),
            version=ticket.version,
        )


@dataclass(frozen=True, slots=True)
class Unblock:
    ago: int
    outcome: str

    def play(self, ticket: Ticket) -> None:
        ticket.unblock(by=_one_of_unit(ticket), outcome=self.outcome, version=ticket.version)


@dataclass(frozen=True, slots=True)
class Press:
    ago: int
    note: str
    role: Role = Role.OFFICE

    def play(self, ticket: Ticket) -> None:
        calendar = Holiday.objects.calendar()
        ticket.press(by=_of_role(ticket, self.role), note=self.note, calendar=calendar)


@dataclass(frozen=True, slots=True)
class Instruct:
    """By the ticket's leader, or the nearest of `role`; upon the open request if there is one.

    `reply_in` counts days from today.
    """

    ago: int
    text: str
    role: Role | None = None
    reply_in: int | None = None

    def play(self, ticket: Ticket) -> None:
        own_leader = None if self.role else ticket.leader
        reply_in = None if self.reply_in is None else timedelta(self.ago + self.reply_in)
        ticket.instruct(
            by=own_leader or _of_role(ticket, self.role or Role.LEADER),
            text=self.text,
            reply_due_on=reply_in and timezone.localdate() + reply_in,
            upon=ticket.coordinations.open().first(),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """The unit answers the newest instruction; without text it has read it."""

    ago: int
    text: str = ""

    def play(self, ticket: Ticket) -> None:
        newest = ticket.instructions.all()[0]
        ticket.answer(newest, by=_one_of_unit(ticket), text=self.text)


def read_the_old(days: int) -> None:
    """Everybody has read what they were told more than so many days ago."""
    Notice.objects.filter(at__lt=timezone.now() - timedelta(days)).mark_read()
