"""Where things stand in a drawing: SVG geometry from counts. No count is made here."""

from collections.abc import Iterable, Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tracker.statistics import Tally, Week
from tracker.templatetags.guatu import lamp_of

register = template.Library()

# The chart of closings, in units of its viewBox.
LEFT, RIGHT, TOP, BOTTOM, LINE = 32, 404, 12, 136, 16


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


@register.inclusion_tag("tracker/_trend_chart.html")
def trend_chart(weeks: Sequence[Week], total: int) -> dict:
    """Draw closings by week as steps, the plan dashed beside them."""
    known = [week for week in weeks if week.closed is not None]
    highest = max(total, 1)

    def x(index: int) -> float:
        return LEFT + (RIGHT - LEFT) * index / (len(weeks) - 1)

    def y(count: int) -> float:
        return BOTTOM - (BOTTOM - TOP) * count / highest

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
        **_labels(y(now.closed), y(now.planned)),
        "closed_path": steps(week.closed for week in known),
        "planned_path": steps(week.planned for week in weeks),
        "grid": [(y(mark), mark) for mark in marks],
        "months": months,
    }


def _labels(closed_y: float, planned_y: float) -> dict[str, float]:
    """Where the two labels stand beside the chart; two in one place could not be read."""
    apart = max(LINE - abs(closed_y - planned_y), 0) / 2
    if closed_y <= planned_y:
        return {"closed_label_y": closed_y + 4 - apart, "planned_label_y": planned_y + 4 + apart}
    return {"closed_label_y": closed_y + 4 + apart, "planned_label_y": planned_y + 4 - apart}
