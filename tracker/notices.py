"""Who is told what: one row for each person and event, in the transaction of its cause.

Not the record of anything: that is the transition, press or instruction itself. It imports no
ticket, so that the ticket's own acts can call it.
"""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from tracker import policy
from tracker.choices import NoticeKind, Role
from tracker.models.notice import Notice
from tracker.models.person import Person
from tracker.models.substitution import Substitution
from tracker.models.unit import Unit

if TYPE_CHECKING:
    from tracker.models.extension import Extension
    from tracker.models.handover import Handover
    from tracker.models.ticket import Ticket
    from tracker.models.transition import Transition

LONGEST = Notice._meta.get_field("text").max_length


def tell(
    people: Iterable[Person | None],
    kind: NoticeKind,
    ticket: "Ticket | None",
    text: str,
    *,
    by: Person | None = None,
    link: str = "",
) -> list[Notice]:
    """Tell each of these people once; not whoever did it, and nobody who has left.

    `link` says where a notice leads if not to its ticket. Texts longer than a line are cut:
    the whole stands where the notice leads.
    """
    told = {person.pk for person in people if person and person.is_active and person != by}
    words = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return Notice.objects.bulk_create(
        Notice(person_id=pk, kind=kind, ticket=ticket, text=words, link=link, by=by)
        for pk in sorted(told)
    )


def tell_of_move(ticket: "Ticket", record: "Transition") -> None:
    """Tell those whom a move of the workflow concerns: who answers, or who reviews next."""
    match record.move:
        case "submit" | "review":
            words = f"{record.get_move_display()}：{record.note}"
            tell(reviewing(ticket), NoticeKind.REVIEW, ticket, words, by=record.by)
        case "return":
            submitted = ticket.transitions.filter(move="submit").first()
            told = [*answering_for(ticket), submitted and submitted.by]
            tell(told, NoticeKind.RETURNED, ticket, record.note, by=record.by)
        case "close":
            told = answering_for(ticket)
            tell(told, NoticeKind.CLOSED, ticket, f"已销号：{record.note}", by=record.by)
        case "reopen":
            words = f"重启整改：{record.note}"
            tell(answering_for(ticket), NoticeKind.REOPENED, ticket, words, by=record.by)


def holding(role: Role, unit: Unit) -> list[Person]:
    """The people who hold this role for a unit: on itself or on one above it."""
    keys = [int(key) for key in unit.path.split("/") if key]
    people = Person.objects.filter(memberships__role=role, memberships__unit__in=keys)
    return list(people.filter(is_active=True).distinct())


def answering_for(ticket: "Ticket") -> list[Person | None]:
    """Who answers for a ticket: reporter, person responsible and the heads of the lead unit.

    As long as nobody has taken on the reporting, these are the unit's staff, one of whom must.
    """
    return [*reporting_for(ticket), ticket.person, *holding(Role.HEAD, ticket.lead_unit)]


def reporting_for(ticket: "Ticket") -> list[Person]:
    """Who reports: the ticket's reporter, else all staff of the lead unit."""
    return [ticket.reporter] if ticket.reporter else holding(Role.STAFF, ticket.lead_unit)


def reviewing(ticket: "Ticket") -> list[Person]:
    """Who reviews at the level for which the ticket waits; its registered leader alone, if any."""
    if not ticket.review_role:
        return []
    return with_substitutes(deciding([Role(ticket.review_role)], ticket))


def deciding(roles: Iterable[Role], ticket: "Ticket") -> list[Person]:
    """Who decides for a ticket in one of these roles; of the leaders its registered one, if any."""
    people = []
    for role in roles:
        if role == Role.LEADER and ticket.leader:
            people.append(ticket.leader)
        else:
            people += holding(role, ticket.lead_unit)
    return people


def with_substitutes(people: Collection[Person]) -> list[Person]:
    """These people and whoever stands in for one of them today."""
    in_force = Substitution.objects.in_force(timezone.localdate()).filter(principal__in=people)
    return [*people, *(each.substitute for each in in_force.select_related("substitute"))]


def tell_of_extension(extension: "Extension", by: Person, words: str) -> None:
    """Tell the next who decide on more time; once it is settled, those who answer."""
    ticket, link = extension.ticket, reverse("tracker:extension-detail", args=[extension.pk])
    if extension.is_pending:
        people = deciding(policy.EXTENSION_STEPS[extension.waits_for], ticket)
        told = with_substitutes(people)
    else:
        told = [extension.by, *answering_for(ticket)]
    tell(told, NoticeKind.EXTENSION, ticket, words, by=by, link=link)


def tell_of_handover(handover: "Handover", by: Person, words: str) -> None:
    """Tell both whom a hand-over concerns, and who started it."""
    told = [handover.giver, handover.receiver, handover.started_by]
    link = reverse("tracker:handover-detail", args=[handover.pk])
    tell(told, NoticeKind.HANDOVER, None, words, by=by, link=link)


def coordinating(ticket: "Ticket") -> list[Person]:
    """Who is asked for help: the ticket's leader, else all of the unit, and the office."""
    leaders = [ticket.leader] if ticket.leader else holding(Role.LEADER, ticket.lead_unit)
    return [*leaders, *holding(Role.OFFICE, ticket.lead_unit)]
