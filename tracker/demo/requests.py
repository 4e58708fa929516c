"""More time asked for and decided, substitutes, and hand-overs, in the same time as the stories."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from tracker.models import Extension, Handover, Person, Substitution, Ticket
from tracker.models.in_hand import open_duties


def person(username: str) -> Person:
    return Person.objects.get(username=username)


@dataclass(frozen=True, slots=True)
class AskTime:
    """A request for more time, `due_in` days from today, by whoever reports on the ticket."""

    ago: int
    due_in: int
    reason: str
    ground: str

    def play(self, ticket: Ticket) -> None:
        # The clock stands at `ago`.
        due_on = timezone.localdate() + timedelta(days=self.ago + self.due_in)
        latest = ticket.progress.first()
        Extension.ask(
            ticket,
            by=ticket.reporter or ticket.person,
            due_on=due_on,
            reason=self.reason,
            ground=self.ground,
            progress=latest.text if latest else "已着手办理。",
            version=ticket.version,
        )


@dataclass(frozen=True, slots=True)
class RuleOnTime:
    """The next decision on a request, by the first to whom it is open."""

    ago: int
    ruling: str
    opinion: str
    ground: str = ""
    due_in: int | None = None

    def play(self, ticket: Ticket) -> None:
        extension = ticket.extensions.pending().get()
        due_on = extension.asked_due_on
        if self.due_in is not None:
            due_on = timezone.localdate() + timedelta(days=self.ago + self.due_in)
        for by in Person.objects.exclude(memberships=None).order_by("pk"):
            if not extension.decide_refusal(by):
                extension.decide(
                    self.ruling,
                    by=by,
                    opinion=self.opinion,
                    ground=self.ground,
                    due_on=due_on,
                    version=extension.ticket.version,
                )
                return
        raise RuntimeError(f"{ticket}: nobody may decide on more time")


@dataclass(frozen=True, slots=True)
class StandIn:
    """A substitute named `ago` days before today, from that day until `days` later."""

    ago: int
    principal: str
    substitute: str
    days: int
    reason: str
    revoked: bool = False

    def play(self) -> None:
        principal, on = person(self.principal), timezone.localdate()
        made = Substitution.objects.appoint(
            person(self.substitute),
            principal=principal,
            from_on=on,
            to_on=on + timedelta(days=self.days),
            reason=self.reason,
            by=principal,
        )
        if self.revoked:
            made.revoke(by=principal)


@dataclass(frozen=True, slots=True)
class HandOver:
    """All that one person has in hand goes to another; started by `by`, taken by the receiver."""

    ago: int
    giver: str
    receiver: str
    reason: str
    by: str = ""
    is_taken: bool = True

    def play(self) -> None:
        giver, receiver = person(self.giver), person(self.receiver)
        starter = person(self.by) if self.by else giver
        sheet = Handover.objects.start(
            open_duties(giver, starter),
            giver=giver,
            receiver=receiver,
            reason=self.reason,
            by=starter,
        )
        if self.is_taken:
            sheet.confirm_taking(by=receiver)


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody leaves; what they had in hand waits for a hand-over."""

    ago: int
    username: str

    def play(self) -> None:
        person = Person.objects.get(username=self.username)
        person.is_active = False
        person.save()


SCENES = (
    StandIn(6, "fanlixia", "zoumingyuan", 3, "赴省里开会", revoked=True),
    StandIn(1, "qinruoshui", "yuemingke", 6, "参加培训"),
    HandOver(3, "yezhiqiu", "lingyunzhou", "岗位调整", is_taken=False),
    Leave(0, "yucaiwei"),
)
