"""How the lights of the rounds look: one query a page, and only where a light is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import cached_property

from tracker.lights import PLAIN, Bands, Lamp, legend, look
from tracker.models import Person, Round
from tracker.worktime import WorkCalendar

# More names than this in front of a set of lights hide the lights.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Legend:
    """The lights of one round, or of several that share them; named only where they differ."""

    rounds: tuple[str, ...]
    lamps: list[Lamp]
    # The set that most rounds share: what it is called when the others are named.
    is_rest: bool = False

    @property
    def title(self) -> str:
        if self.is_rest and len(self.rounds) > NAMED:
            return "其他轮次"
        return "、".join(self.rounds) or "灯"


class Lamps:
    """The lights of all rounds, for the frame of a page."""

    def __init__(self, person: Person | None):
        self.person = person

    @cached_property
    def by_round(self) -> dict[int, tuple[Lamp, ...]]:
        return Round.objects.all().lamps()

    def bands(self, calendar: WorkCalendar) -> dict[int, Bands]:
        """The same lights for `with_light` to judge by, without asking for them again."""
        return {pk: Bands(lamps, calendar) for pk, lamps in self.by_round.items()}

    @cached_property
    def shared(self) -> tuple[Lamp, ...]:
        """What all rounds agree on; the plain lights where they do not."""
        kinds = set(self.by_round.values())
        return kinds.pop() if len(kinds) == 1 else PLAIN

    def of(self, light: str, round_id: int | None = None) -> Lamp:
        return look(self.by_round.get(round_id, self.shared), light)

    @cached_property
    def legends(self) -> list[Legend]:
        """Every set of lights in the person's sight; rounds out of sight are not named."""
        if len(set(self.by_round.values())) <= 1 or self.person is None:
            return [Legend((), legend(self.shared))]
        kinds: dict[Sequence[Lamp], list[str]] = {}
        for one in Round.objects.visible_to(self.person):
            kinds.setdefault(self.by_round.get(one.pk, PLAIN), []).append(one.name)
        if len(kinds) <= 1:
            return [Legend((), legend(lamps)) for lamps in kinds] or [Legend((), legend(PLAIN))]
        *few, (lamps, names) = sorted(kinds.items(), key=lambda kind: len(kind[1]))
        named = [Legend(tuple(names), legend(lamps)) for lamps, names in few]
        return [*named, Legend(tuple(names), legend(lamps), is_rest=True)]
