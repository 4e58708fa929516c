"""How things look on a page: lights, icons, bars and Chinese dates. No rule is decided here."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from tracker import changes, dates, lights, manual, worktime
from tracker.choices import Light
from tracker.figures import Basis, Figures
from tracker.filtersets import narrowed
from tracker.legends import Legend
from tracker.lights import Lamp
from tracker.models import Ticket
from tracker.worktime import WorkCalendar

register = template.Library()

ICONS = "vendor/bootstrap-icons-1.13.2/icons.svg"
WEEKDAYS = "一二三四五六日"


@register.simple_tag(takes_context=True)
def light(context, value: str, chip: bool = False, word: str = "", of=None) -> SafeString:
    """Show a light as shape and word in its colour; a chip has a tinted ground.

    How it looks is the round's own: `of` is a ticket `with_light`, or a page of one round gives
    `bands`. A word replaces the light's own where a page says it otherwise: 已完成 for a measure.
    """
    lamp = lamp_of(context, value, of)
    return _mark(lamp, word or lamp.word, chip)


_SECRETS = ("password", "token")


@register.simple_tag
def typed_words(request) -> str:
    """The sentences of a form that was sent; no choices, keys, dates or passwords."""
    fields = request.POST.lists() if request.method == "POST" else ()
    typed = [
        value.strip()
        for name, values in fields
        if not any(secret in name for secret in _SECRETS)
        for value in values
        if re.search(r"[^\x00-\xff]|\s", value.strip())
    ]
    return "\n\n".join(typed)


@register.simple_tag
def lamp_mark(lamp: Lamp) -> SafeString:
    """Show one lamp of a round, for its legend."""
    return _mark(lamp, lamp.word)


def _mark(lamp: Lamp, word: str, chip: bool = False) -> SafeString:
    return format_html(
        '<span class="gt-lt gt-lt-{}{}"><svg aria-hidden="true"><use href="#l-{}"/></svg>{}</span>',
        lamp.colour.value,
        " gt-lt-chip" if chip else "",
        lamp.shape.value,
        word,
    )


@register.simple_tag(takes_context=True)
def light_shape(context, value: str, of=None, spoken: bool = False) -> SafeString:
    """Show only the shape of a light, for a place where its word stands beside it anyway.

    Where none does, `spoken` says it to who cannot see the shape.
    """
    lamp = lamp_of(context, value, of)
    return format_html(
        '<svg class="gt-lt-{}" width="12" height="12" {}><use href="#l-{}"/></svg>',
        lamp.colour.value,
        format_html('role="img" aria-label="{}"', lamp.word)
        if spoken
        else SafeString('aria-hidden="true"'),
        lamp.shape.value,
    )


@register.simple_tag(takes_context=True)
def light_word(context, value: str, of=None) -> str:
    """The round's word for a light."""
    return lamp_of(context, value, of).word


@register.simple_tag(takes_context=True)
def light_colour(context, value: str, of=None) -> str:
    """The class of what takes the colour of a light: is-red"""
    return f"is-{lamp_of(context, value, of).colour.value}"


@register.inclusion_tag("_legend.html", takes_context=True)
def legend(context) -> dict:
    """The legend of the round that a page shows, or of all in sight where it shows several."""
    if bands := context.get("bands"):
        return {"legends": [Legend((), lights.legend(bands.lamps))]}
    return {"legends": context["lamps"].legends}


def lamp_of(context, value: str, of=None) -> Lamp:
    """Find how a light looks here; admin pages know no rounds and get the plain one."""
    value = Light(value)
    if of is not None:
        return context["lamps"].of(value, of.round_key)
    if bands := context.get("bands"):
        return bands[value]
    lamps = context.get("lamps")
    return lamps.of(value) if lamps else lights.PLAIN_BY_LIGHT[value]


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """Show an icon of the sprite; it is decoration, so the words beside it must say enough."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {classes}" if classes else "",
        static(ICONS),
        name,
    )


@register.simple_tag(takes_context=True)
def bar(context, percent: float | None, kind: str = "", label: str = "", of=None) -> SafeString:
    """Draw a bar filled to a percentage in the colour of a light, or "ink", or else in blue.

    Over 100 the bar is full while the label keeps the true figure. Nothing is drawn for None:
    a total that is not known has no share.
    """
    if percent is None:
        return SafeString("")
    return format_html(
        '<svg class="gt-bar" role="img" aria-label="{}">'
        '<rect class="f{}" width="{}%" height="100%"/></svg>',
        label or f"{_one_decimal(percent)}%",
        f"-{_fill(context, kind, of)}" if kind else "",
        _one_decimal(min(max(percent, 0), 100)),
    )


def _fill(context, kind: str, of) -> str:
    return lamp_of(context, kind, of).colour.value if kind in Light.values else kind


@register.simple_tag
def due_words(due_on: date | None, on: date, calendar: WorkCalendar) -> str:
    """剩5个工作日"""
    return worktime.due_words(due_on, on, calendar)


@register.filter
def rated(counted: Figures, basis: Basis) -> str:
    """The rate by one rule, with the rule: 完成率18.8%（3／16）。口径：完成率＝完成÷问题总数"""
    return str(counted.rate(basis))


@register.filter
def figure(number: Decimal | None) -> str:
    """190, 12.5, 1,200: as people write it, without the noughts that the database keeps."""
    return f"{number:,.2f}".rstrip("0").rstrip(".") if number is not None else ""


@register.filter
def big_number(words: str) -> SafeString:
    """Set the number in words such as 剩5个工作日 in large type."""
    before, number, after = re.fullmatch(r"(\D*)(\d*)(.*)", words).groups()
    return format_html('{}<b class="n">{}</b>{}', before, number, after) if number else words


@register.filter
def zh_date(day: date | None) -> str:
    """2026年11月22日"""
    return dates.zh_date(day) if (day := _local(day)) else ""


@register.filter
def zh_md(day: date | None) -> str:
    """11月22日"""
    return dates.zh_md(day) if (day := _local(day)) else ""


@register.filter
def zh_day(day: date | None, today: date) -> str:
    """11月22日, with the year where it is not today's"""
    return (zh_md(day) if day.year == today.year else zh_date(day)) if day else ""


@register.filter
def zh_day_of(moment: datetime, today: date) -> str:
    """The local day of an instant, as `zh_day` says it"""
    return zh_day(_local(moment), today)


@register.filter
def zh_weekday(day: date | None) -> str:
    """周日"""
    return f"周{WEEKDAYS[day.weekday()]}" if (day := _local(day)) else ""


@register.filter
def zh_md_weekday(day: date | None) -> str:
    """11月22日 周日"""
    return f"{zh_md(day)} {zh_weekday(day)}" if day else ""


@register.filter
def days_to(day: date, later: date) -> int:
    """How many days lie between: 12"""
    return (later - day).days


@register.filter
def zh_datetime_short(moment: datetime | None) -> str:
    """11月22日 17:05, in local time"""
    return f"{zh_md(moment)} {_local(moment):%H:%M}" if moment else ""


@register.filter
def changed(ticket: Ticket) -> Iterable[changes.Kind]:
    """The ways in which a ticket changed since the day that the page looks back to."""
    return changes.chips(ticket)


@register.filter
def at(items: Sequence, index: int):
    """The item at a place, for two lists that a table walks side by side."""
    return items[index]


@register.filter
def of(counts: Mapping[str, int], key: str) -> int:
    """How many of one kind; nought where there is none."""
    return counts.get(key, 0)


@register.filter
def page_numbers(page: Page) -> Iterator[int | str]:
    """Return the numbers worth a link around this page, an ellipsis standing for the rest."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


def _one_decimal(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _local(moment: date | None) -> date | None:
    """Turn an instant into local time; a date is already a day of the office."""
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        return timezone.localtime(moment)
    return moment


@register.filter
def marked(runs: Iterable[tuple[str, bool]]) -> SafeString:
    """Show a text with what was found in it marked; `search` parts it."""
    return format_html_join(
        "",
        "{}",
        ((format_html("<mark>{}</mark>", text) if found else text,) for text, found in runs),
    )


@register.simple_tag
def opens(page: QueryDict, **conditions) -> SafeString:
    """Link a figure to its tickets in 清单: those of the page under these conditions as well.

    Where no list holds just them, the figure stays in its place as a link that cannot be followed.
    """
    query = narrowed(page, **conditions)
    if query is None:
        return mark_safe(' role="link" aria-disabled="true"')
    words = f"?{query.urlencode()}" if query else ""
    return format_html(' href="{}{}"', _list_below(get_script_prefix()), words)


@cache
def _list_below(prefix: str) -> str:
    """The address of 清单: a page with a matrix of units asks for it some thousand times."""
    return reverse("tracker:ticket-list")


@register.simple_tag(takes_context=True)
def help_address(context) -> str:
    """Where the manual speaks of the page on screen."""
    match = getattr(context.get("request"), "resolver_match", None)
    if match is None:  # an error page, before any view was found
        return reverse("help:contents")
    return manual.address_for(match.view_name, match.kwargs.get("name", ""))


@register.simple_tag(takes_context=True)
def save_view_address(context, views: Sequence) -> str:
    """Where the view on screen is saved under a name; nowhere for a page that is none of them."""
    current = next((view.name for view in views if view.is_current), None)
    if current is None:
        return ""
    request = context["request"]
    query = request.GET.copy()
    # The wall says in its path which inspection it is of.
    if inspection := request.resolver_match.kwargs.get("pk"):
        query["inspection"] = inspection
    words = urlencode({"view": current, "query": query.urlencode()})
    return f"{reverse('tracker:saved-view-new')}?{words}"
