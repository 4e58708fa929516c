"""What a bulletin states of its results as a whole: 已完成整改35个，完成率94.6%，制定制度12项.

Only text outside the problems is read; what a problem says of itself is its own.
"""

import re
from dataclasses import dataclass

from tracker.parsing.clauses import clause
from tracker.parsing.layout import Passage
from tracker.parsing.numerals import COUNT, number_value
from tracker.parsing.records import StatedResult

_PIECES = r"(?P<unit>[个条项件宗处]|个问题|项任务)?"
_PEOPLE = r"(?P<unit>人次|人|名)"


@dataclass(frozen=True, slots=True)
class _Result:
    """One kind of result; group n of the pattern is the number, unit its unit."""

    name: str
    label: str
    pattern: re.Pattern[str]


def _counted(words: str, unit: str = _PIECES) -> re.Pattern[str]:
    return re.compile(
        rf"(?:{words})[^\d，。；、一二三四五六七八九十]{{0,8}}?(?P<n>\d+(?:\.\d+)?|{COUNT})\s?余?{unit}"
    )


# The first row whose words stand before a number names it; a row reads one number only.
RESULTS = (
    _Result(
        "done",
        "已完成整改",
        re.compile(
            rf"(?:(?:问题|任务|事项)?已?(?:经)?(?:全部)?(?:完成整改|整改完成|整改到位|完成销号|整改销号)(?:并销号)?"
            rf"(?:的)?(?:问题|任务|事项)?|(?<=整改任务)已完成)\s?(?P<n>{COUNT})\s?(?P<unit>[个条项件])"
        ),
    ),
    _Result(
        "in_progress",
        "正在整改",
        re.compile(
            rf"(?:正在(?:持续)?(?:整改|推进|进行)(?:整改)?(?:的)?|基本完成(?:整改)?|取得阶段性成效|达到序时进度|未达到序时进度|持续推进"
            rf"|尚未完成(?:整改)?|未完成(?:整改)?)(?:的)?(?:问题|任务|事项)?\s?(?P<n>{COUNT})\s?(?P<unit>[个条项件])"
        ),
    ),
    _Result(
        "rate",
        "整改完成率",
        re.compile(
            r"(?:完成率|整改率|办结率|销号率)(?:达到?|为)?\s?(?P<n>\d{1,3}(?:\.\d{1,2})?)\s?(?P<unit>[%％])"
        ),
    ),
    _Result(
        "rules",
        "制定完善制度",
        _counted(
            r"(?:制定|修订|建立|完善|健全|出台|新建|制(?:定)?修订)[^，。；\d]{0,10}(?:制度|机制|办法|规定|规章)[^，。；\d]{0,6}"
        ),
    ),
    _Result(
        "recovered",
        "追缴资金",
        re.compile(
            r"(?:追缴|追回|收缴|清退|退缴|退还|挽回|上缴|清收)[^，。；\d]{0,14}?(?P<n>\d+(?:\.\d+)?)\s?余?(?P<unit>万元|亿元|元)"
        ),
    ),
    _Result(
        "punished", "处分", _counted(r"(?:处分|立案(?:审查|查处)?|问责|组织处理|政务处分)", _PEOPLE)
    ),
    _Result("admonished", "诫勉", _counted(r"诫勉(?:谈话)?", _PEOPLE)),
    _Result(
        "talked_to",
        "谈话提醒",
        _counted(r"(?:谈话提醒|提醒谈话|批评教育|约谈|谈心谈话|责令检查|通报批评)", _PEOPLE),
    ),
)
# Results stand in the opening sections and the closing; the bound keeps a file without sections
# from being searched whole.
_REACH = 20_000


def read_results(
    passage: Passage, section_start: int, section_end: int
) -> tuple[StatedResult, ...]:
    """Return the results that the text before and after the problem section states, in order."""
    text = passage.text
    places = ((0, min(section_start, _REACH)), (max(section_end, len(text) - _REACH), len(text)))
    found = []
    for low, high in places:
        for result in RESULTS:
            for match in result.pattern.finditer(text, low, high):
                start, end = clause(text, *match.span(), low, high)
                found.append(
                    StatedResult(
                        name=result.name,
                        label=result.label,
                        value=_value(match["n"]),
                        unit=(match["unit"] or "").replace("％", "%"),
                        quote=passage.printed(start, end),
                        span=passage.span(start, end),
                    )
                )
    return tuple(sorted(found, key=lambda result: result.span.start))


def _value(printed: str) -> float | int:
    if "." in printed:
        return float(printed)
    return number_value(printed)
