"""What an address of 总览 asks for, and what its page and its file show of that."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone

from tracker import common_problems, dashboard, policy, statistics
from tracker.figures import BASES, basis_of, figures
from tracker.filtersets import FED_BACK, FOUND, TicketFilterSet
from tracker.frame import view_links
from tracker.legends import Lamps
from tracker.lights import PRESSING
from tracker.models import Holiday, Inspection, Ticket
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.statistics import Course
from tracker.worktime import WorkCalendar


@dataclass(frozen=True, slots=True)
class Asked:
    """The tickets that are counted, of what was fed back or else of what units found besides.

    What changed since a day is counted of them and does not narrow them. `counted` holds the
    course of each; `found_count` says how many were found besides.
    """

    on: date
    calendar: WorkCalendar
    lamps: Lamps
    filter: TicketFilterSet
    inspections: list[Inspection]
    tickets: TicketQuerySet
    counted: list[Course]
    found_count: int

    @property
    def shows_found(self) -> bool:
        return self.filter.chosen.get("origin") == FOUND

    @property
    def picked(self) -> Inspection | None:
        """The one inspection that the address chooses."""
        chosen = self.filter.chosen.get("inspection")
        return next((one for one in self.inspections if chosen and one.pk == chosen.pk), None)

    @property
    def ranks_units(self) -> bool:
        """Whether every round of what is shown allows a ranking."""
        rounds = {one.round for one in ([self.picked] if self.picked else self.inspections)}
        return bool(rounds) and all(one.ranks_units for one in rounds)

    @property
    def scope(self) -> QueryDict:
        """What every link to the list carries, so that its rows are the number that was clicked."""
        scope = self.filter.query
        for name in ("since", "changed"):
            scope.pop(name, None)
        if self.found_count and not self.shows_found:
            scope["origin"] = FED_BACK
        return scope


def asked_of(request: HttpRequest) -> Asked:
    """Read the filter of the address; what is not the reader's own is not there (404)."""
    on, calendar, lamps = timezone.localdate(), Holiday.objects.calendar(), Lamps(request.user)
    inspections = list(Inspection.objects.visible_to(request.user).for_page())
    visible = Ticket.objects.visible_to(request.user).with_light(on, bands=lamps.bands(calendar))
    visible = visible.with_was_late(on)
    filterset = TicketFilterSet(request.GET, queryset=visible, request=request)
    if filterset.errors:
        raise Http404
    tickets = filterset.but("changed")
    counted = statistics.courses(tickets)
    found_count = sum(
        course.count for course in counted if course.of == "fed_back" and not course.is_fed_back
    )
    if filterset.chosen.get("origin") != FOUND:
        tickets = tickets.fed_back()
        counted = [course for course in counted if course.is_fed_back]
    return Asked(on, calendar, lamps, filterset, inspections, tickets, counted, found_count)


def overview_page(request: HttpRequest) -> dict:
    """All that both the page of the address and its file show, as the template names it."""
    asked = asked_of(request)
    picked, since = asked.picked, asked.filter.changed_from
    page = statistics.overview(
        asked.tickets, asked.counted, request.user, asked.on, asked.calendar, since
    )
    fed = dashboard.fed_back(asked.counted)
    outcomes = figures(asked.tickets, asked.on)
    focus = statistics.focus(picked, asked.on, asked.calendar) if picked else None
    return {
        "page": page,
        # The frame shows the lights that were asked for once, above.
        "lamps": asked.lamps,
        "filter": asked.filter,
        "inspections": asked.inspections,
        "tickets": asked.tickets,
        "picked": picked,
        "found_count": asked.found_count,
        "shows_found": asked.shows_found,
        "focus": focus,
        "gap": focus and statistics.Gap(page.total.percent or 0.0, focus.time_percent),
        "figures": outcomes,
        "rate": outcomes.rate(basis_of(request.GET.get("basis"))),
        "bases": BASES.values(),
        "ages": fed.ages(asked.on),
        "fed_by_week": [fed.until(week.ends_on) for week in page.weeks],
        "common_problems": common_problems.among(asked.tickets),
        "common_rule": common_problems.RULE,
        "ranking": dashboard.ranking(page.units) if asked.ranks_units else None,
        "rank_rule": dashboard.RANK_RULE,
        "scope": asked.scope,
        "views": view_links("overview", asked.filter.query),
        "open_statuses": statistics.OPEN_STATUSES,
        "pressing": PRESSING,
        "watched": statistics.WATCHED,
        "may_press": policy.may(request.user.roles, "press"),
        "now": timezone.now(),
    }
