"""Which tickets a list shows. Every filter is a parameter of the address, so a list can be sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Count, F, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from tracker import changes, common_problems, figures, search
from tracker.choices import Kind, Light, NoticeKind, Origin, Status
from tracker.forms.fields import DateInput
from tracker.lights import PLAIN, in_use
from tracker.models import Category, Inspection, Notice, Ticket, Unit
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.models.unit import told_apart
from tracker.sheets import NOBODY
from tracker.workflow import TASKS

# What the workbench counts together, or apart, beside the tasks of the workflow.
OWN_WORK = {"take": "待签收", "feedback": "待反馈"}
DEFAULT_SORT = "light"
# A pasted paragraph would be a hundred words, each of which is looked for by itself.
LONGEST_SEARCH = 60
NO_HEADING = "没有列出方面"
# So many keys can be handed back to the database in each query.
MOST_KEYS = 1000
# How a condition of a figure goes together with one of its page that it does not just repeat.
EITHER_OF = ("status", "light")
FROM_ON, UNTIL = ("fed_after", "due_after"), ("fed_before", "closed_before", "planned_before")
# A figure is of one unit below that of its page; its heading is that of the page, or above it.
WITHIN_PAGE, ABOVE_PAGE = ("unit", "own", "origin"), ("category",)
# What each column sorts by; empty values come last either way.
SORTS: dict[str, tuple[str, ...]] = {
    "light": ("urgency", "due_on"),
    "number": ("inspection__code", "serial"),
    "unit": ("lead_unit__sort_no", "lead_unit__path", "due_on"),
    "due": ("due_on",),
    "updated": ("updated_at",),
}


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """One condition in force, and the query string of the same list without it."""

    name: str
    label: str
    words: str
    query: str


# 反馈问题 are counted apart from what units found besides; each of these is one such count.
FED_BACK, FOUND = "feedback", "found"
ORIGINS = [(FED_BACK, "反馈问题"), (FOUND, "自查等问题")]


@dataclass(frozen=True, slots=True)
class LightCount:
    """How many tickets show this light under all the other filters, and how many were found."""

    light: Light
    count: int
    is_chosen: bool
    found: int = 0


# The choices must not leak a name, so each is narrowed to what stands on the reader's tickets.


def inspections_in_sight(request: HttpRequest) -> QuerySet[Inspection]:
    tickets = Ticket.objects.visible_to(request.user)
    return Inspection.objects.filter(pk__in=tickets.values("inspection")).select_related("unit")


def units_in_sight(request: HttpRequest) -> QuerySet[Unit]:
    """The units that lead these tickets, and those above them for which the reader acts."""
    tickets = Ticket.objects.visible_to(request.user)
    leading = Unit.objects.filter(pk__in=tickets.values("lead_unit"))
    units = leading | leading.and_above().in_reach_of(request.user)
    return units.select_related("parent")


def categories_in_sight(request: HttpRequest, query: QueryDict) -> QuerySet[Category]:
    """The headings above these tickets, of one inspection: of all they would be thousands.

    It is the inspection that is chosen, or else that of the chosen heading, or the only one.
    """
    inspections = Inspection.objects.all()
    # Looked for as a key, a number too large for one finds none.
    if (inspection := query.get("inspection", "")).isdecimal():
        inspections = inspections.filter(pk=inspection)
    elif (heading := query.get("category", "")).isdecimal():
        headed = Category.objects.filter(pk=heading).values("inspection")
        inspections = inspections.filter(pk__in=headed)
    else:
        keys = inspections_in_sight(request).values("pk")
        first, last = keys.order_by("pk")[:1], keys.order_by("-pk")[:1]
        inspections = inspections.filter(pk=Subquery(first)).filter(pk=Subquery(last))
    tickets = Ticket.objects.visible_to(request.user).exclude(category=None)
    headings = tickets.filter(inspection__in=inspections).order_by().values("category")
    return (
        Category.objects.filter(Q(pk__in=headings) | Q(children__in=headings))
        .distinct()
        .annotate(
            aspect_order=Coalesce("parent__order", "order"), aspect=Coalesce("parent_id", "pk")
        )
        .order_by("-inspection_id", "aspect_order", "aspect", F("parent").asc(nulls_first=True))
    )


def names_in_sight(request: HttpRequest, name: str) -> list[tuple[str, str]]:
    tickets = Ticket.objects.visible_to(request.user).with_names().exclude(**{name: ""})
    named = [(n, n) for n in tickets.order_by(name).values_list(name, flat=True).distinct()]
    return [*named, (NOBODY[name], NOBODY[name])]


class UnitsToldApart(ModelChoiceIterator):
    """The units to choose from, with names that tell them apart (one query)."""

    def __iter__(self):
        yield "", self.field.empty_label
        yield from told_apart(self.queryset).items()


class UnitField(ModelChoiceField):
    iterator = UnitsToldApart


class UnitFilter(filters.ModelChoiceFilter):
    field_class = UnitField


class SinceFilter(filters.Filter):
    field_class = changes.SinceField


class TicketFilterSet(filters.FilterSet):
    """The filters of the ticket list; needs tickets with what `for_list` and `with_was_late` add.

    An address with a value that is not offered shows no ticket and says so, rather than more
    tickets than were asked for.
    """

    q = filters.CharFilter(method="search", label="关键词", max_length=LONGEST_SEARCH)
    inspection = filters.ModelChoiceFilter(queryset=inspections_in_sight, label="巡视巡察")
    category = filters.ModelChoiceFilter(
        queryset=None,  # see __init__
        method="below_heading",
        label="方面与大类",
        null_label=NO_HEADING,
        null_value="none",
    )
    unit = UnitFilter(queryset=units_in_sight, method="led_within", label="牵头单位")
    # A parameter of its own and no part of `unit`: the matrix of the overview counts single units.
    own = filters.BooleanFilter(
        method="led_by_unit_itself", label="不含下级单位", widget=forms.CheckboxInput
    )
    leader = filters.ChoiceFilter("leader_shown", method="named", label="责任领导")
    person = filters.ChoiceFilter("person_shown", method="named", label="责任人")
    status = filters.MultipleChoiceFilter(
        choices=Status, distinct=False, label="状态", widget=forms.CheckboxSelectMultiple
    )
    light = filters.MultipleChoiceFilter(
        "light_on_day", choices=Light, distinct=False, label="灯", widget=forms.MultipleHiddenInput
    )
    kind = filters.ChoiceFilter(choices=Kind, label="整改类型")
    origin = filters.ChoiceFilter(choices=ORIGINS, method="of_origin", label="问题来源")
    due_after = filters.DateFilter("due_on", "gte", label="时限从", widget=DateInput)
    due_before = filters.DateFilter("due_on", "lte", label="时限到", widget=DateInput)
    fed_after = filters.DateFilter(
        "inspection__feedback_on", "gte", label="反馈从", widget=DateInput
    )
    fed_before = filters.DateFilter(
        "inspection__feedback_on", "lte", label="反馈到", widget=DateInput
    )
    closed_before = filters.DateFilter("closed_on", "lte", label="销号到", widget=DateInput)
    planned_before = filters.DateFilter(
        "original_due_on", "lte", label="原时限到", widget=DateInput
    )
    act = filters.ChoiceFilter(
        choices=[*((name, task.label) for name, task in TASKS.items()), *OWN_WORK.items()],
        method="awaiting",
        label="待我办理",
    )
    mine = filters.BooleanFilter(method="of_reader", label="我负责的", widget=forms.CheckboxInput)
    was_late = filters.BooleanFilter(method="late_once", label="曾超期", widget=forms.CheckboxInput)
    extended = filters.BooleanFilter(
        method="extended_once", label="延期过", widget=forms.CheckboxInput
    )
    outcome = filters.ChoiceFilter(
        choices=figures.choices(),
        method="come_to",
        label="整改结果",
    )
    alike = filters.CharFilter(method="alike_in_words", label="共性问题")
    since = SinceFilter(method="leave_as_is", label="变化起于")
    changed = filters.ChoiceFilter(
        choices=[(name, kind.label) for name, kind in (changes.KINDS | changes.EVENTS).items()],
        method="changed_since",
        label="变化",
    )
    asks = filters.ChoiceFilter(
        choices=[
            ("coordination", "待协调"),
            ("instruction", "批示待回复"),
            ("pressed", "被催办"),
            ("unreported", "本期未反馈"),
            ("extension", "延期待批"),
        ],
        method="asked_for",
        label="督办",
    )
    sort = filters.ChoiceFilter(
        choices=[(f"{sign}{name}", name) for name in SORTS for sign in ("", "-")],
        label="排序",
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Ticket
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # By what is asked for, which is not the address where a form sends it along.
        self.filters["category"].queryset = lambda request: categories_in_sight(request, self.data)
        for name in ("leader", "person"):
            shown = self.filters[name].field_name
            # A function, so that the names are asked for only where they are offered or checked.
            self.filters[name].extra["choices"] = lambda shown=shown: names_in_sight(
                self.request, shown
            )

    @property
    def chosen(self) -> dict[str, Any]:
        """What the address asks for, as far as it can be understood."""
        self.form.is_valid()
        return self.form.cleaned_data

    def but(self, *names: str, of: TicketQuerySet | None = None) -> TicketQuerySet:
        """What all filters but these leave, of other tickets if they are given."""
        tickets = self.queryset if of is None else of
        if self.errors:
            return tickets.none()
        for name, value in self.chosen.items():
            if name not in (*names, "sort"):
                tickets = self.filters[name].filter(tickets, value)
        return tickets

    @cached_property
    def of_any_light(self) -> TicketQuerySet:
        """What all filters but the light leave: the light links count these."""
        return self.but("light")

    def filter_queryset(self, tickets: TicketQuerySet) -> TicketQuerySet:
        lights = self.chosen.get("light", [])
        tickets = self.filters["light"].filter(self.of_any_light, lights)
        return tickets.order_by(*ordering(self.sorted_by))

    # -- the methods of single filters --------------------------------------------------------

    def search(self, tickets, name, value):
        """Find every word, wherever it stands; printed Chinese has no other word boundaries."""
        return tickets.filter(pk__in=self._found)

    @cached_property
    def _found(self) -> list[int] | QuerySet:
        """The tickets that speak of what was typed: if they are not many, their keys.

        A page counts and shows them in several queries, each of which would look for them anew.
        """
        visible = Ticket.objects.visible_to(self.request.user).order_by()
        found = search.speaking_of(visible, search.words_of(self.chosen["q"])).values("pk")
        keys = list(found.values_list("pk", flat=True)[: MOST_KEYS + 1])
        return keys if len(keys) <= MOST_KEYS else found

    def below_heading(self, tickets, name, heading):
        if heading == "none":
            return tickets.filter(category=None)
        return tickets.filter(Q(category=heading) | Q(category__parent=heading))

    def led_within(self, tickets, name, unit):
        return tickets.filter(lead_unit__in=Unit.objects.subtree(unit.path).values("pk"))

    def led_by_unit_itself(self, tickets, name, is_wanted):
        unit = self.chosen.get("unit")
        return tickets.filter(lead_unit=unit) if is_wanted and unit else tickets

    def named(self, tickets, name, value):
        return tickets.with_names().filter(**{name: "" if value == NOBODY[name] else value})

    def awaiting(self, tickets, name, task):
        if task == "take":
            person = self.request.user
            return tickets.awaiting("claim", person) | tickets.awaiting("start", person)
        if task == "feedback":
            owed = tickets.awaiting("report", self.request.user)
            return owed.not_reported(timezone.localdate())
        return tickets.awaiting(task, self.request.user)

    def of_origin(self, tickets, name, wanted):
        return tickets.found() if wanted == FOUND else tickets.fed_back()

    def of_reader(self, tickets, name, is_wanted):
        me = self.request.user
        mine = Q(person=me) | Q(reporter=me) | Q(leader=me)
        return tickets.filter(mine) if is_wanted else tickets

    def late_once(self, tickets, name, is_wanted):
        return tickets.filter(was_late=True) if is_wanted else tickets

    def extended_once(self, tickets, name, is_wanted):
        return tickets.filter(extension_count__gt=0) if is_wanted else tickets

    def come_to(self, tickets, name, outcome):
        return tickets.filter(figures.having(outcome, timezone.localdate()))

    def alike_in_words(self, tickets, name, words):
        """The tickets that 总览 counts together under these words, by the same comparison."""
        return tickets.filter(pk__in=common_problems.like(tickets, words))

    def leave_as_is(self, tickets, name, value):
        """A day from which changes count hides no ticket by itself."""
        return tickets

    def changed_since(self, tickets, name, kind):
        return tickets.filter(changes.having(kind, self.changed_from))

    def asked_for(self, tickets, name, what):
        if what == "coordination":
            return tickets.asking_for_coordination()
        if what == "instruction":
            return tickets.with_instruction_to_answer()
        if what == "unreported":
            return tickets.not_reported(timezone.localdate())
        if what == "extension":
            return tickets.asking_for_more_time()
        return tickets.open().filter(presses__number=1)

    # -- what the page says about them --------------------------------------------------------

    @property
    def sorted_by(self) -> str:
        """The column in force, with a minus where it runs downwards."""
        return self.chosen.get("sort") or DEFAULT_SORT

    @property
    def since_word(self) -> str:
        """The word by which the address names the day from which changes count, if any."""
        typed = self.data.get("since", "")
        said = (word for word, (label, _) in changes.WORDS.items() if typed in (word, label))
        return next(said, "")

    @property
    def changed_from(self) -> date | None:
        """The day from which the page shows what changed; None if the address asks for none."""
        since = self.chosen.get("since")
        return since or (self.last_monday if self.chosen.get("changed") else None)

    @property
    def last_monday(self) -> date:
        return changes.last_monday(timezone.localdate())

    @property
    def query(self) -> QueryDict:
        """The parameters of the address that are filters: what every view of the set keeps."""
        kept = QueryDict(mutable=True)
        for name, values in tidy(self.data).lists():
            if name in self.filters and name != "sort" and values:
                kept.setlist(name, values)
        return kept

    @property
    def wrong(self) -> list[str]:
        """The labels of filters whose value in the address is not one that is offered."""
        return [self.form.fields[name].label for name in self.errors]

    @property
    def offers_headings(self) -> bool:
        """False where an inspection has to be chosen first (at most one query)."""
        if self.chosen.get("inspection") or self.chosen.get("category"):
            return True
        return self.form.fields["category"].queryset.exists()

    @property
    def uses_more(self) -> bool:
        """True when a filter is in force that the page keeps folded away."""
        return any(
            self.chosen.get(name)
            for name in (
                "category",
                "kind",
                "origin",
                "due_after",
                "due_before",
                "outcome",
                "since",
                "changed",
            )
        )

    def light_counts(self) -> list[LightCount]:
        """The lights in use, each with what its link would show (one query)."""
        by_light = self.of_any_light.order_by().values_list("light_on_day")
        by_light = by_light.annotate(
            in_all=Count("pk"), besides=Count("pk", filter=~Q(origin=Origin.FEEDBACK))
        )
        counts = {light: (in_all, besides) for light, in_all, besides in by_light}
        chosen = self.chosen.get("light", [])
        return [
            LightCount(light, n, light in chosen, found)
            for light in in_use(PLAIN, counts)
            for n, found in [counts.get(light, (0, 0))]
        ]

    @property
    def unit_names(self) -> dict[int, str]:
        """The units on offer, by names that tell them apart; none where none is chosen."""
        return dict(self.form.fields["unit"].choices) if self.chosen.get("unit") else {}

    def active(self, units: Mapping[int, str]) -> Iterator[ActiveFilter]:
        """Each condition in force, so that it can be dropped by itself.

        `units` are names that tell units of one name apart, as the page offers them.
        """
        for name, chosen in self.chosen.items():
            if name == "sort" or not chosen:
                continue
            field = self.form.fields[name]
            values = chosen if isinstance(chosen, list) else [chosen]
            for value in values:
                query = self.data.copy()
                query.setlist(name, [other for other in values if other != value])
                query.pop("page", None)
                words = units.get(value.pk) if name == "unit" else None
                yield ActiveFilter(
                    name, field.label, words or _in_words(field, value), tidy(query).urlencode()
                )


class NoticeFilterSet(filters.FilterSet):
    unread = filters.BooleanFilter(
        method="only_unread", label="只看未读", widget=forms.CheckboxInput
    )
    kind = filters.MultipleChoiceFilter(
        choices=NoticeKind,
        distinct=False,
        label="类型",
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Notice
        fields = ()

    def only_unread(self, notices, name, is_wanted):
        return notices.unread() if is_wanted else notices


def tidy(query: QueryDict) -> QueryDict:
    """The same parameters without those that a form sends empty, for an address worth keeping."""
    tidied = QueryDict(mutable=True)
    for name, values in query.lists():
        tidied.setlist(name, [value for value in values if value])
    return tidied


def narrowed(page: QueryDict, **conditions: Any) -> QueryDict | None:
    """The address of the tickets that a page counts under more conditions than its own.

    The list knows one value of most conditions. Where the page has another one of the same kind,
    no list holds just these tickets: None.
    """
    query = tidy(page)
    for name, given in conditions.items():
        values = [given] if isinstance(given, str | int) else given
        wanted = [str(value) for value in values if value != ""]
        present = query.getlist(name)
        if not wanted or (name in ABOVE_PAGE and present):
            continue
        if present and name in EITHER_OF:
            wanted = [value for value in wanted if value in present]
        elif present and name in FROM_ON + UNTIL:
            further = max if name in FROM_ON else min
            wanted = [further([*wanted, present[-1]], key=forms.DateField().clean)]
        elif present and name not in WITHIN_PAGE and wanted != present[-1:]:
            return None
        if not wanted:
            return None
        query.setlist(name, wanted)
    return query


def _in_words(field: forms.Field, value: Any) -> str:
    if value == getattr(field, "null_value", None):
        return field.null_label
    if isinstance(field, forms.BooleanField):
        return "是"
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return dict(field.choices)[value]
    return str(value)


def ordering(sort: str) -> list:
    """Empty values last either way; the key ends it, so that pages never overlap."""
    fields = [F(field) for field in SORTS[sort.removeprefix("-")]]
    if sort.startswith("-"):
        return [*(field.desc(nulls_last=True) for field in fields), "-pk"]
    return [*(field.asc(nulls_last=True) for field in fields), "pk"]
