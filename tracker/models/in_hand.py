"""What people have in hand on open tickets, and who may take which part of it from whom."""

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from tracker import policy
from tracker.choices import Part, Role, Status
from tracker.models.decision import Opinion
from tracker.models.measure import Measure
from tracker.models.person import Person
from tracker.models.unit import Unit

if TYPE_CHECKING:
    from tracker.models.ticket import Ticket

# The parts that a person has in the ticket itself.
IN_TICKET = (Part.LEADER, Part.PERSON, Part.REPORTER)


class Duty(NamedTuple):
    """One part that a person has in one open ticket, or in a measure of it: what can move."""

    ticket: "Ticket"
    part: Part
    measure: Measure | None = None

    @property
    def key(self) -> str:
        own = f"{self.ticket.pk}-{self.part.value}"
        return f"{own}-{self.measure.pk}" if self.measure else own

    @property
    def label(self) -> str:
        return part_label(self.part, self.measure)


def part_label(part: Part, measure: Measure | None) -> str:
    """责任人, or of a measure 措施二责任人."""
    return f"{measure.label}责任人" if measure else part.label


def open_duties(giver: Person, starter: Person) -> list[Duty]:
    """What the giver has in hand and the starter may hand over, in the order of the board.

    Two queries. Approvals are not among them: they wait for a role, not for a person; nor is a
    measure that is finished.
    """
    from tracker.models.ticket import Ticket

    measures = Measure.objects.filter(person=giver, done_on=None)
    tickets = Ticket.objects.open().filter(
        Q(leader=giver) | Q(person=giver) | Q(reporter=giver) | Q(pk__in=measures.values("ticket"))
    )
    if starter.pk != giver.pk:
        tickets = tickets.led_in_reach_of(starter, "hand_over")
    of_measures: dict[int, list[Measure]] = {}
    for measure in measures.select_related("unit").order_by("order"):
        of_measures.setdefault(measure.ticket_id, []).append(measure)
    duties = []
    tickets = tickets.select_related("inspection", "lead_unit")
    for ticket in tickets.order_by("inspection", "order", "pk"):
        held = [part for part in IN_TICKET if getattr(ticket, f"{part.value}_id") == giver.pk]
        duties += [Duty(ticket, part) for part in held]
        duties += [Duty(ticket, Part.MEASURE, each) for each in of_measures.get(ticket.pk, ())]
    return duties


def cannot_take(
    receiver: Person,
    ticket: "Ticket",
    part: Part,
    measure: Measure | None = None,
    lead_unit: Unit | None = None,
) -> str:
    """Say why this person cannot take this part of a ticket; empty means they can.

    A measure may also go to somebody of the department that it names. `lead_unit` is given where
    another one than now is to lead.
    """
    units = [lead_unit or ticket.lead_unit]
    if measure and measure.unit:
        units.append(measure.unit)
    roles = receiver.roles_on(*units)
    if not receiver.is_active or not roles:
        return f"{receiver}不在{'、'.join(map(str, units))}任职"
    if part == Part.REPORTER and not policy.may(roles, "report"):
        return f"{receiver}在{units[0]}没有填报的角色，要先由安全管理员授予承办人角色"
    if part in (Part.PERSON, Part.REPORTER) and _has_reviewed(receiver, ticket):
        return f"{receiver}已审核过这次提交，不能再负责"
    return ""


def _has_reviewed(person: Person, ticket: "Ticket") -> bool:
    """Whether the person passed the submission that is under review; asked of no other ticket."""
    if ticket.status != Status.SUBMITTED:
        return False
    sheet = ticket.signoffs.first()
    opinions = sheet.opinions if sheet else Opinion.objects.none()
    return opinions.filter(Q(by=person) | Q(acting_for=person)).exists()


# Roles that only look on, import or inspect: who holds no other is not offered as a receiver.
BESIDE_THE_WORK = {Role.VIEWER, Role.OPERATOR, Role.INSPECTOR}


def who_may_receive(giver: Person, starter: Person) -> QuerySet[Person]:
    """Those who act for one of the lead units of what is handed over, or above it (three queries).

    Where all that is handed over is to report, only those who may. Which of them may take which
    item, `cannot_take` decides.
    """
    duties, units = open_duties(giver, starter), set()
    roles = set(Role) - BESIDE_THE_WORK
    if all(duty.part == Part.REPORTER for duty in duties):
        roles = policy.ALLOWED["report"]
    for duty in duties:
        units.add(duty.ticket.lead_unit_id)
        if duty.measure and duty.measure.unit_id:
            units.add(duty.measure.unit_id)
    above = Unit.objects.filter(pk__in=units).and_above()
    return (
        Person.objects.filter(
            is_active=True, memberships__unit__in=above, memberships__role__in=roles
        )
        .exclude(pk=giver.pk)
        .distinct()
    )


def givers(office: Person) -> QuerySet[Person]:
    """The people who stand on open tickets in this office's reach."""
    from tracker.models.ticket import Ticket

    tickets = Ticket.objects.open().led_in_reach_of(office, "hand_over")
    holders = Q()
    measures = Measure.objects.filter(ticket__in=tickets.order_by().values("pk"), done_on=None)
    holders |= Q(pk__in=measures.exclude(person=None).values("person"))
    for part in IN_TICKET:
        holders |= Q(pk__in=tickets.exclude(**{part.value: None}).values(part.value))
    return Person.objects.filter(holders)


def leavers(office: Person) -> list[tuple[Person, int]]:
    """The people who stand on open tickets in this office's reach and can no longer work on them.

    Their account is closed, or they hold no role for the lead unit any more. With the number of
    tickets, most first; four queries.
    """
    from tracker.models.ticket import Ticket

    in_reach = Ticket.objects.open().led_in_reach_of(office, "hand_over")
    rows = in_reach.values_list("leader", "person", "reporter", "lead_unit__path", "pk")
    named: dict[int, list[tuple[int, str]]] = {}
    for *people, path, pk in rows:
        for person in {each for each in people if each}:
            named.setdefault(person, []).append((pk, path))
    measures = Measure.objects.filter(ticket__in=in_reach.order_by().values("pk"), done_on=None)
    of_measures = measures.exclude(person=None).values_list(
        "person", Coalesce("unit__path", "ticket__lead_unit__path"), "ticket"
    )
    for person, path, pk in of_measures:
        named.setdefault(person, []).append((pk, path))
    people = Person.objects.prefetch_related("memberships__unit").in_bulk(named)
    found = []
    for pk, tickets in named.items():
        person = people[pk]
        reach = tuple(duty.unit.path for duty in person.memberships.all())
        stranded = {t for t, path in tickets if not person.is_active or not path.startswith(reach)}
        if stranded:
            found.append((person, len(stranded)))
    return sorted(found, key=lambda each: (-each[1], each[0].name))
