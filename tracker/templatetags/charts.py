"""Where things stand in a drawing: SVG geometry from counts. No count is made here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tracker.statistics import Tally, Week
from tracker.templatetags.guatu import lamp_of
from tracker.timeline import Bar, Timeline

register = template.Library()


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the axes of a chart of closings stand, in units of its viewBox."""

    left: int
    right: int
    top: int
    bottom: int


ON_PAGE, ON_WALL, LINE = Frame(32, 404, 12, 136), Frame(34, 368, 14, 296), 16


@register.filter
def heat(count: int, series: str) -> str:
    """Return the class of a heat cell: nought; 1; 2 to 3; 4 to 5; 6 and more."""
    if not count:
        return "z"
    return f"{series}{1 + (count > 1) + (count > 3) + (count > 5)}"


@register.simple_tag(takes_context=True)
def light_bar(context, tally: Tally) -> SafeString:
    """Draw all lights as one bar, each in its colour and as wide as its share."""
    spoken = "，".join(f"{lamp_of(context, light).word}{count}" for light, count in tally.lights)
    parts, at = [], 0.0
    for light, count in tally.lights:
        share = count * 100 / tally.total if tally.total else 0
        if share:
            # A hair of ground between two colours, so that they part in print as well.
            parts.append(
                (lamp_of(context, light).colour, f"{at:.2f}", f"{max(share - 0.25, 0.1):.2f}")
            )
        at += share
    return format_html(
        '<svg class="gt-lights" role="img" aria-label="亮灯分布：{}">{}</svg>',
        spoken,
        format_html_join("", '<rect class="f-{}" x="{}%" width="{}%" height="100%"/>', parts),
    )


@register.inclusion_tag("tracker/_trend_chart.html", takes_context=True)
def trend_chart(context, weeks: Sequence[Week], total: int, fed: Sequence[int]) -> dict:
    """Draw closings by week as steps, with what was fed back and, dashed, the plan beside them.

    The data go along for the script that makes the same chart answer to a pointer. In the table
    each number opens its list, under the `scope` of the page.
    """
    drawn = _trend(weeks, total, ON_PAGE)
    known = [week for week in weeks if week.closed is not None]
    return drawn | {
        **_labels(drawn["closed_y"], drawn["planned_y"]),
        "scope": context["scope"],
        "fed_path": drawn["steps"](fed),
        "rows": list(zip(weeks, fed, strict=True)),
        "fed_now": fed[len(known) - 1],
        "data": {
            "weeks": [f"{week.starts_on.month}-{week.starts_on.day:02d}" for week in weeks],
            "series": [
                {"name": "累计反馈", "values": list(fed)},
                {"name": "累计销号", "values": [week.closed for week in weeks]},
                {"name": "按原时限应销号", "values": [week.planned for week in weeks]},
            ],
        },
    }


@register.inclusion_tag("tracker/_screen_trend.html")
def screen_trend(weeks: Sequence[Week], total: int) -> dict:
    """Draw closings by week against the plan, to be read from across a room."""
    return _trend(weeks, total, ON_WALL)


def _trend(weeks: Sequence[Week], total: int, frame: Frame) -> dict:
    """The steps of closings and of the plan within a frame, with what its axes say."""
    known = [week for week in weeks if week.closed is not None]
    highest = max(total, 1)

    def x(index: int) -> float:
        return frame.left + (frame.right - frame.left) * index / (len(weeks) - 1)

    def y(count: int) -> float:
        return frame.bottom - (frame.bottom - frame.top) * count / highest

    def steps(counts: Iterable[int]) -> str:
        """A line that stays level through a week and rises at its end."""
        first, *later = counts
        path = f"M{x(0):.1f} {y(first):.1f}"
        return path + "".join(f"H{x(i):.1f}V{y(n):.1f}" for i, n in enumerate(later, start=1))

    months = [
        (x(index), f"{week.starts_on.month}月")
        for index, week in enumerate(weeks)
        if index and week.starts_on.month != weeks[index - 1].starts_on.month
    ]
    marks = sorted({0, highest} | {n for n in (highest // 3, highest * 2 // 3) if highest >= 6})
    now = known[-1]
    return {
        "weeks": weeks,
        "now": now,
        "now_x": x(len(known) - 1),
        "closed_y": y(now.closed),
        "planned_y": y(now.planned),
        "closed_path": steps(week.closed for week in known),
        "planned_path": steps(week.planned for week in weeks),
        "steps": steps,
        "grid": [(y(mark), mark) for mark in marks],
        "months": months,
    }


@register.simple_tag
def share_bar(count: int, highest: int) -> SafeString:
    """Draw a number as a bar beside others of its kind; the number stands next to it."""
    return format_html(
        '<svg class="gt-bar" aria-hidden="true"><rect class="f" width="{}%" height="100%"/></svg>',
        round(count * 100 / highest, 1) if highest else 0,
    )


@register.filter
def highest(items: Iterable, name: str) -> int:
    """The greatest of one number of these, to draw the others beside it."""
    return max((getattr(item, name) for item in items), default=0)


# -- 作战图: bars in time; their places are SVG attributes, so no page needs a style of its own.

ROW, BAR_TOP, BAR_HEIGHT = 34, 11, 12


@register.simple_tag
def axis_ticks(chart: Timeline) -> SafeString:
    """Draw the months or weeks above the bars."""
    return format_html(
        '<svg class="gt-axis" height="26" aria-hidden="true">{}{}</svg>',
        format_html_join(
            "",
            '<line class="{}" x1="{}%" x2="{}%" y1="0" y2="26"/>'
            '<svg x="{}%" overflow="visible"><text x="4" y="18" class="{}">{}</text></svg>',
            (
                ("gr", tick.at, tick.at, tick.at, "is-now" if tick.is_now else "", tick.label)
                for tick in chart.ticks
            ),
        ),
        # Below the name of its week, which it would cross.
        _now(chart, 26, 20),
    )


@register.simple_tag(takes_context=True)
def axis_bar(context, bar: Bar, chart: Timeline) -> SafeString:
    """Draw one ticket: the bar with what is done of it, the first deadline, nodes and today."""
    lamp = lamp_of(context, bar.light, bar.ticket)
    grid = format_html_join(
        "",
        '<line class="gr" x1="{0}%" x2="{0}%" y1="0" y2="{1}"/>',
        ((tick.at, ROW) for tick in chart.ticks),
    )
    drawn = SafeString("")
    if bar.at is not None:
        drawn = format_html(
            '<rect class="b b-{0}" x="{1}%" y="{2}" width="{3}%" height="{4}" rx="2"/>'
            '<rect class="f-{0}" x="{1}%" y="{2}" width="{5}%" height="{4}" rx="2"/>',
            lamp.colour.value,
            bar.at,
            BAR_TOP,
            bar.width,
            BAR_HEIGHT,
            bar.done,
        )
    if bar.late_to is not None:
        drawn += format_html(
            '<line class="late" x1="{}%" x2="{}%" y1="{y}" y2="{y}"/>',
            bar.at + bar.width,
            bar.late_to,
            y=BAR_TOP + BAR_HEIGHT // 2,
        )
    if bar.original_at is not None:
        drawn += format_html(
            '<line class="first" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>',
            bar.original_at,
            BAR_TOP - 4,
            BAR_TOP + BAR_HEIGHT + 4,
        )
    nodes = format_html_join(
        "",
        '<svg x="{}%" y="' + str(BAR_TOP + BAR_HEIGHT // 2) + '" overflow="visible">'
        '<path class="node{}" d="M0-6 6 0 0 6-6 0z"><title>{}</title></path></svg>',
        (
            (
                node.at,
                " is-done" if node.is_done else " is-late" if node.is_late else "",
                node.label,
            )
            for node in bar.nodes
        ),
    )
    said = "".join(f"；节点{node.label}" for node in bar.nodes)
    return format_html(
        '<svg class="gt-axis" height="{}" role="img" aria-label="{}{}">{}{}{}{}</svg>',
        ROW,
        bar.spoken,
        said,
        grid,
        drawn,
        nodes,
        _now(chart, ROW),
    )


@register.simple_tag
def timeline_key() -> SafeString:
    """Say what the marks of the chart mean."""
    return SafeString(
        '<span class="k"><svg class="gt-axis" width="34" height="14" aria-hidden="true">'
        '<rect class="b b-green" y="2" width="34" height="10" rx="2"/>'
        '<rect class="f-green" y="2" width="20" height="10" rx="2"/></svg>'
        "反馈至时限，深色为已完成比例</span>"
        '<span class="k"><svg class="gt-axis" width="14" height="14" aria-hidden="true">'
        '<path class="node" transform="translate(7 7)" d="M0-6 6 0 0 6-6 0z"/></svg>'
        "节点、措施时限</span>"
        '<span class="k"><svg class="gt-axis" width="14" height="14" aria-hidden="true">'
        '<line class="first" x1="7" x2="7" y1="0" y2="14"/></svg>原时限</span>'
        '<span class="k"><svg class="gt-axis" width="14" height="14" aria-hidden="true">'
        '<line class="now" x1="7" x2="7" y1="0" y2="14"/></svg>今天</span>'
    )


def _now(chart: Timeline, height: int, top: int = 0) -> SafeString:
    if chart.now_at is None:
        return SafeString("")
    return format_html(
        '<line class="now" x1="{0}%" x2="{0}%" y1="{2}" y2="{1}"/>', chart.now_at, height, top
    )


def _labels(closed_y: float, planned_y: float) -> dict[str, float]:
    """Where the two labels stand beside the chart; two in one place could not be read."""
    apart = max(LINE - abs(closed_y - planned_y), 0) / 2
    if closed_y <= planned_y:
        return {"closed_label_y": closed_y + 4 - apart, "planned_label_y": planned_y + 4 + apart}
    return {"closed_label_y": closed_y + 4 + apart, "planned_label_y": planned_y + 4 - apart}
