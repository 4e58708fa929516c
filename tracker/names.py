"""Who is meant by a printed name: exact names only, and only where one answer is possible."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from tracker.choices import InspectionKind
from tracker.models import Membership, Person, Ticket, Unit, UnitAlias

# “市水务局党组（区河堤中心）” is the Party group of the body that we register as 市水务局.
_BRACKETED = re.compile(r"[（(][^（）()]*[）)]$")
_PARTY_PREFIX = re.compile(r"^中共")
_PARTY_GROUP = re.compile(r"(?:党组|党委|党总支|党支部|党工委)$")


def body_names(printed: str) -> list[str]:
    """The names by which a printed unit may be registered, the fullest first.

    >>> body_names("中共临江市水务局党组（市河道中心）")[-1]
    '临江市水务局'
    """
    names = [re.sub(r"\s", "", printed)]
    for part in (_BRACKETED, _PARTY_PREFIX, _PARTY_GROUP):
        shorter = part.sub("", names[-1])
        if shorter and shorter != names[-1]:
            names.append(shorter)
    return names


def find_unit(printed: str, within: Collection[str]) -> Unit | None:
    """Return the one unit below these paths that is known by the printed name, if it is one."""
    for name in body_names(printed):
        found = list(Unit.objects.subtree(*within).called(name)[:2])
        if len(found) == 1:
            return found[0]
    return None


def find_kind(printed: str | None) -> str:
    """Return the kind of inspection for the word a bulletin uses; empty if none is printed."""
    if not printed:
        return ""
    by_word = {kind.label: kind for kind in InspectionKind}
    return next((kind for word, kind in by_word.items() if word in printed), InspectionKind.OTHER)


@dataclass(slots=True)
class Directory:
    """The units and people of one inspected unit, loaded in three queries."""

    units: list[Unit] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    _units_called: dict[str, set[Unit]] = field(default_factory=lambda: defaultdict(set))
    _people_called: dict[str, set[Person]] = field(default_factory=lambda: defaultdict(set))
    _unit_of: dict[Person, Unit] = field(default_factory=dict)

    @classmethod
    def for_ticket(cls, ticket: Ticket) -> "Directory":
        """Those of the inspected unit, or of the body that leads a problem found elsewhere.

        That body stands as high in the tree as the inspected unit does.
        """
        inspected, lead = ticket.inspection.unit, ticket.lead_unit
        if lead.path.startswith(inspected.path):
            return cls.of(inspected)
        keys, depth = (unit.path.strip("/").split("/") for unit in (lead, inspected))
        return cls.of(Unit.objects.get(pk=keys[: len(depth)][-1]))

    @classmethod
    def of(cls, unit: Unit | None) -> "Directory":
        """Load the directory of a unit; without a unit it is empty."""
        directory = cls()
        if unit is None:
            return directory
        directory.units = list(Unit.objects.subtree(unit.path))
        by_pk = {each.pk: each for each in directory.units}
        for each in directory.units:
            for name in filter(None, (each.name, each.short_name)):
                directory._units_called[name].add(each)
        for alias in UnitAlias.objects.filter(unit__in=by_pk):
            directory._units_called[alias.name].add(by_pk[alias.unit_id])
        duties = Membership.objects.filter(unit__in=by_pk, person__is_active=True)
        for duty in duties.select_related("person").order_by("person__name", "-unit__path"):
            directory._unit_of.setdefault(duty.person, by_pk[duty.unit_id])
            directory._people_called[duty.person.name].add(duty.person)
        directory.people = list(directory._unit_of)
        for person in directory.people:
            directory._people_called[directory.label(person)].add(person)
        return directory

    def unit(self, name: str) -> Unit | None:
        """The one unit called so, else None."""
        found = self._units_called.get(name.strip(), ())
        return next(iter(found)) if len(found) == 1 else None

    def units_called(self, name: str) -> int:
        """How many units bear this name."""
        return len(self._units_called.get(name.strip(), ()))

    def person(self, name: str) -> Person | None:
        """The one person called so, by name or by `label`, else None."""
        found = self._people_called.get(name.strip(), ())
        return next(iter(found)) if len(found) == 1 else None

    def namesakes(self, name: str) -> list[Person]:
        """All who are called so when they are several: somebody has to choose."""
        found = self._people_called.get(name.strip(), ())
        return sorted(found, key=self.label) if len(found) > 1 else []

    def label(self, person: Person) -> str:
        """The name; where two people share it, with the unit, or the account if that is the same.

        What is shown in a form is also what `person` understands.
        """
        namesakes = self._people_called[person.name]
        if len(namesakes) < 2:
            return person.name
        unit = self._unit_of.get(person)
        if sum(self._unit_of.get(each) == unit for each in namesakes) > 1:
            return f"{person.name}（{person.username}）"
        return f"{person.name}（{unit}）"


def people_meant(ticket: Ticket, directory: Directory) -> dict[str, Person]:
    """For each name a ticket keeps only as printed, the one registered person it now names.

    The result is ready for `Ticket.amend`; a name that nobody or several people bear is left out.
    """
    return {
        role: person
        for role in ("leader", "person")
        if getattr(ticket, f"{role}_id") is None
        and (person := directory.person(getattr(ticket, f"{role}_text")))
    }
