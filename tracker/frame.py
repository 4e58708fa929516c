"""What every view of the same tickets shares: the address's filter, the toolbar, the switch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone

from tracker import changes
from tracker.choices import BoardView
from tracker.filtersets import FED_BACK, FOUND, ActiveFilter, TicketFilterSet
from tracker.legends import Lamps
from tracker.lights import Bands
from tracker.models import Holiday, Inspection, Ticket, Unit
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.models.unit import told_apart
from tracker.worktime import WorkCalendar

# Each view keeps the filter of the others.
VIEWS = dict(BoardView.choices)
# Those that count: of 反馈问题, unless the address asks for what units found besides.
OF_FEEDBACK = ("timeline", "matrix")
# Filters that the toolbar sets itself; the others go along as hidden fields.
IN_TOOLBAR = ("inspection", "unit", "leader")
# Views that count have files of their own; of the others the tickets themselves are sent.
WORKBOOKS = {"matrix": "matrix-workbook", "sheets": "sheets-workbook"}
# Conditions that the page shows as chosen anyway; the others stand as chips that can be dropped.
IN_SIGHT = ("light", "since")


@dataclass(frozen=True, slots=True)
class ViewLink:
    """One segment of the switch."""

    name: str
    label: str
    href: str
    is_current: bool


@dataclass(slots=True)
class Frame:
    """The tickets that the address asks for, and what stands above them on every view.

    `visible` is all that the reader may see, `tickets` what the filter leaves of it.
    """

    name: str
    request: HttpRequest
    on: date
    filter: TicketFilterSet
    visible: TicketQuerySet
    inspections: list[Inspection]
    calendar: WorkCalendar
    lamps: Lamps

    @property
    def tickets(self) -> TicketQuerySet:
        """What the filter leaves, told apart by what changed if the address asks for that."""
        since = self.filter.changed_from
        return changes.with_changes(self.filter.qs, since) if since else self.filter.qs

    @property
    def bare(self) -> TicketQuerySet:
        """The same tickets with their light only: for views that show hundreds of them."""
        tickets = Ticket.objects.visible_to(self.request.user)
        tickets = tickets.with_light(self.on, bands=self.lamps.bands(self.calendar))
        if self.name in OF_FEEDBACK:
            found = self.request.GET.get("origin") == FOUND
            tickets = tickets.found() if found else tickets.fed_back()
        return self.filter.but(of=tickets.with_was_late(self.on).with_extension_count())

    @property
    def inspection(self) -> Inspection | None:
        """The inspection that is chosen, or the only one there is."""
        chosen = self.filter.chosen.get("inspection")
        if chosen is None:
            return self.inspections[0] if len(self.inspections) == 1 else None
        return next((one for one in self.inspections if one.pk == chosen.pk), None)

    @property
    def workbook(self) -> str:
        """Where the same tickets come as a workbook."""
        if self.name in WORKBOOKS:
            return self._same_at(WORKBOOKS[self.name])
        # The list holds what units found as well, which a view that counts leaves out.
        return self._same_at("list-workbook", origin=FED_BACK if self.name in OF_FEEDBACK else "")

    @property
    def printing(self) -> str:
        """Where the same view is dealt out to sheets of paper."""
        return self._same_at("sheet-print" if self.name == "sheets" else f"{self.name}-print")

    def _same_at(self, name: str, origin: str = "") -> str:
        query = self.request.GET.copy()
        query.pop("page", None)
        if origin and not query.get("origin"):
            query["origin"] = origin
        return f"{reverse(f'tracker:{name}')}?{query.urlencode()}"

    def context(self) -> dict:
        """What `_toolbar.html` needs, and the day."""
        lights = self.filter.light_counts()
        units, asked = self._units(), self.filter.chosen.get("light")
        context = conditions(self.filter, units) | {
            "frame": self,
            "filter": self.filter,
            "lights": lights,
            "count_of_all_lights": sum(item.count for item in lights),
            "is_empty": not any(item.count for item in lights if item.is_chosen or not asked),
            "inspections": self.inspections,
            "inspection": self.inspection,
            "units": units,
            "leaders": self._leaders(),
            "views": view_links(self.name, self.filter.query),
            "hidden": hidden_fields(self.filter.query, IN_TOOLBAR),
            "calendar": self.calendar,
            "lamps": self.lamps,
            "now": timezone.now(),
        }
        if self.inspection:
            lamps = self.lamps.by_round.get(self.inspection.round_id, ())
            context["bands"] = Bands(lamps, self.calendar)
        if since := self.filter.changed_from:
            context["since"] = since
            context["changes"] = changes.summary(self.filter.but("changed"), since)
        return context

    def _units(self) -> dict[int, str]:
        """The units to choose from, with names that tell them apart."""
        leading = Unit.objects.filter(pk__in=self._of_inspection().values("lead_unit"))
        return told_apart(leading.select_related("parent"))

    def _leaders(self) -> list[str]:
        return self._of_inspection().named_leaders()

    def _of_inspection(self) -> TicketQuerySet:
        chosen = self.filter.chosen.get("inspection")
        tickets = Ticket.objects.visible_to(self.request.user)
        return tickets.filter(inspection=chosen) if chosen else tickets


def frame(request: HttpRequest, name: str) -> Frame:
    """Read the filter of the address for one of VIEWS."""
    on, calendar, lamps = timezone.localdate(), Holiday.objects.calendar(), Lamps(request.user)
    visible = Ticket.objects.visible_to(request.user).for_list(on, lamps.bands(calendar))
    visible = visible.with_was_late(on)
    if name in OF_FEEDBACK:
        visible = visible.found() if request.GET.get("origin") == FOUND else visible.fed_back()
    inspections = Inspection.objects.visible_to(request.user).for_page()
    return Frame(
        name=name,
        request=request,
        on=on,
        filter=TicketFilterSet(request.GET, queryset=visible, request=request),
        visible=visible,
        inspections=list(inspections),
        calendar=calendar,
        lamps=lamps,
    )


def conditions(
    chosen: TicketFilterSet, units: Mapping[int, str], but: tuple[str, ...] = IN_SIGHT
) -> dict[str, list[ActiveFilter]]:
    """What `_active.html` needs: the conditions in force, apart those that a field above says.

    A phone folds these fields, so that it shows their conditions as well.
    """
    said: dict[str, list[ActiveFilter]] = {"active": [], "in_fields": []}
    for one in chosen.active(units):
        if one.name not in but:
            said["in_fields" if one.name in IN_TOOLBAR else "active"].append(one)
    return said


def view_links(current: str, query: QueryDict) -> list[ViewLink]:
    """The switch: the same tickets on every view."""
    words = f"?{query.urlencode()}" if query else ""
    return [
        ViewLink(name, label, f"{reverse(f'tracker:{name}')}{words}", name == current)
        for name, label in VIEWS.items()
    ]


def hidden_fields(query: QueryDict, but: tuple[str, ...]) -> list[tuple[str, str]]:
    """The filters that a form of the toolbar must send along."""
    return [(name, value) for name, values in query.lists() if name not in but for value in values]
