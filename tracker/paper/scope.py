"""What stands above and below every table of one address: its conditions, its day, its figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracker.dates import zh_date
from tracker.figures import Figures, Rate, basis_of, figures
from tracker.filtersets import TicketFilterSet
from tracker.legends import Lamps
from tracker.lights import Lamp, legend
from tracker.paper.grid import Grid, Head, Row, counted_in


@dataclass(frozen=True, slots=True)
class Scope:
    """What all tables of an address say alike; `figures` count what its filter leaves."""

    on: date
    conditions: list[str]
    lamps: Lamps
    figures: Figures
    rate: Rate
    # Whose lights these are, if all of it is of one round.
    round_id: int | None = None

    @property
    def legend(self) -> list[Lamp]:
        """Every light in sight; where rounds differ, each way in which one looks."""
        if own := self.lamps.by_round.get(self.round_id):
            return legend(own)
        seen: dict[tuple, Lamp] = {}
        for one in self.lamps.legends:
            for lamp in one.lamps:
                seen.setdefault((lamp.light, lamp.word, lamp.shape, lamp.note), lamp)
        return list(seen.values())

    @property
    def facts(self) -> list[str]:
        return [
            f"条件：{'；'.join(self.conditions)}" if self.conditions else "条件：无，全部问题",
            f"截至：{zh_date(self.on)}",
        ]

    def grid(self, title: str, heads: list[Head], rows: Iterable[Row], **more) -> Grid:
        """A table of this address; `facts` among the rest come after those of the address."""
        facts = [*self.facts, *more.pop("facts", ())]
        return Grid(
            title=title,
            facts=facts,
            heads=heads,
            rows=list(rows),
            legend=self.legend,
            as_of=self.on,
            counted=counted_in(self.figures, self.rate),
            **more,
        )


def scope_of(
    chosen: TicketFilterSet,
    lamps: Lamps,
    on: date,
    *,
    counted: Figures | None = None,
    of_feedback: bool = False,
) -> Scope:
    """Say what an address asks for; its tickets are counted in one query, unless they are.

    `of_feedback` tells of a view that counts 反馈问题 unless the address asks for others.
    """
    counted = counted or figures(chosen.qs, on)
    active = chosen.active(chosen.unit_names)
    conditions = [f"{one.label}{'：' if one.words else ''}{one.words}" for one in active]
    if of_feedback and not chosen.chosen.get("origin"):
        conditions.append("问题来源：反馈问题")
    rate = counted.rate(basis_of(chosen.data.get("basis")))
    inspection = chosen.chosen.get("inspection")
    round_id = inspection.round_id if inspection else None
    return Scope(on, conditions, lamps, counted, rate, round_id)
