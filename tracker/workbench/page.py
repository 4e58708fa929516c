"""The page as a whole: gathers the parts of one person's day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker import periods, statistics
from tracker.choices import Role
from tracker.lights import Bands
from tracker.models import Inspection, Notice, Person, Plan, PlanAsk, Ticket
from tracker.statistics import OPEN_STATUSES, Focus, Tally
from tracker.workbench.at_hand import at_hand
from tracker.workbench.days import Day, Event, PeriodCard, days_of, events_of, period_card
from tracker.workbench.desk import Desk, DraftPlan, query_of
from tracker.workbench.jobs import JobGroup, groups_of
from tracker.workbench.tiles import Answer, Tile, answers_of, tiles_of
from tracker.worktime import ONE_DAY, WorkCalendar, add_months

MOST_NOTICES = 5


@dataclass(frozen=True, slots=True)
class Workbench:
    """All that the page shows; `lines` are the tiles for which there was no room.

    `focus` is that of the newest inspection in sight; `focus_of` names it where there are more.
    `led` counts the tickets whose registered leader this person is. `plans` and `plan_asks` are
    all that wait for this person's approval: they are few and have no list of their own; `drafts`
    are the plans that their office has yet to submit.
    """

    tally: Tally
    tiles: list[Tile]
    lines: list[Tile]
    groups: list[JobGroup]
    answers: list[Answer]
    returned: list[Ticket]
    reports_returned: list[Ticket]
    plans: list[Plan]
    plan_asks: list[PlanAsk]
    drafts: list[DraftPlan]
    notices: list[Notice]
    unread: int
    period: PeriodCard | None
    led: Tally | None
    events: list[Event]
    days: list[Day]
    focus: Focus | None
    focus_of: Inspection | None
    has_duties: bool
    reports: bool

    @property
    def job_count(self) -> int:
        return sum(group.count for group in self.groups if group.is_duty)

    @property
    def plan_count(self) -> int:
        return len(self.plans) + len(self.plan_asks)

    @property
    def open_query(self) -> str:
        return query_of(status=OPEN_STATUSES)

    @property
    def month_query(self) -> str:
        """The open tickets due in this month."""
        today = next(day.on for day in self.days if day.is_today)
        first = today.replace(day=1)
        last = add_months(first, 1) - ONE_DAY
        return query_of(status=OPEN_STATUSES, due_after=first, due_before=last, sort="due")


def workbench(
    person: Person, on: date, calendar: WorkCalendar, bands: Mapping[int, Bands]
) -> Workbench:
    """Gather one person's day; `bands` are those of every round, as `with_light` takes them."""
    tickets = Ticket.objects.visible_to(person).with_light(on, bands=bands)
    if {Role.LEADER, Role.PARTY} & person.roles:
        tally, led = statistics.tally_led(tickets, person)
    else:
        tally, led = statistics.tally(tickets), None
    inspections = Inspection.objects.visible_to(person).for_page()
    newest, *others = inspections[:2] or [None]
    focus = statistics.focus(newest, on, calendar) if newest else None
    period = periods.period_of(on, newest.round.reporting_period) if newest else None
    desk = Desk(person, tickets, tally, on, calendar, period)
    notices = Notice.objects.of(person)
    hand = at_hand(desk)
    tiles, lines = tiles_of(desk)
    return Workbench(
        tally=tally,
        tiles=tiles,
        lines=lines,
        groups=groups_of(desk, hand),
        answers=answers_of(desk),
        returned=hand.returned,
        reports_returned=hand.reports_returned,
        plans=desk.plans,
        plan_asks=desk.plan_asks,
        drafts=desk.drafts,
        notices=list(notices.for_list().unread_first()[:MOST_NOTICES]),
        unread=desk.counts["unread"],
        period=period_card(desk),
        led=led,
        events=[] if desk.has_duties else events_of(tickets),
        days=days_of(desk, focus),
        focus=focus,
        focus_of=newest if others else None,
        has_duties=desk.has_duties,
        reports=desk.reports,
    )
