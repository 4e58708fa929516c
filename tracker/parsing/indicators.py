"""Figures that tell how far a rectification is: 共40宗，已完成34宗，剩余6宗; 入户率82.5%.

Every number with a unit is a figure; the words around it make it a total, a part that is done, a
part that remains or a rate. Figures of one sentence that belong together become one indicator.
Tallies of meetings, fines and leaflets say nothing of the rectification and are left out.
"""

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise, zip_longest
from typing import Literal

from tracker.parsing.clauses import clause
from tracker.parsing.layout import Passage
from tracker.parsing.numerals import number_value
from tracker.parsing.records import Indicator

_UNITS = (
    "万平方米|万立方米|平方公里|平方米|立方米|公里|千米|公顷|万元|亿元|万亩|万吨|万户|万页|万件|万册|万人|人次|个单位|百分点|"
    "户|宗|处|件|个|项|条|名|人|家|座|口|起|台|艘|所|份|位|块|幢|栋|吨|套|株|辆|间|支|部|卷|例|笔|亩|米|元|场|次|门|张|只|头|盏|根|段|页|册"
)
# Numbers in characters count only people and things of which a bulletin has a few: 剩余两家.
_FIGURE = re.compile(
    r"(?=[\d一两二三四五六七八九十])(?:(?<![\d.第])(?P<number>\d{1,9}(?:\.\d{1,4})?)\s?"
    rf"(?P<more>余|多)?\s?(?P<unit>[%％]|{_UNITS})(?![份月/])(?P<more2>余|左右)?"
    r"|(?<![第\d一二三四五六七八九十每])(?P<spelled>[一两二三四五六七八九十]{1,3})(?P<of>[家户宗处名座])(?!长))"
)
_NEAR_BEFORE = re.compile(r"(?:近|约|超过?|逾)\s?$")
# Units that count the same things: 上报问题60宗，已整改52个.
_THINGS = frozenset("宗处件个项条起")
_PEOPLE = frozenset("名人位")
_SENTENCE = re.compile(r"[^。；;！？\n]+")
_CLAUSE_END = re.compile(r"[，,：:]")
_AS_OF = re.compile(
    r"截[至止](?:到)?\s?(?:(?P<y>\d{4})\s?年|(?P<rel>今年|目前))?\s?(?:(?P<m>1[0-2]|[1-9])\s?月)?\s?(?:(?P<d>\d{1,2})\s?日|底|末)?"
)

_REMAINING_BEFORE = re.compile(
    r"(?:剩余|剩下|还剩|尚余|余款|(?<!发现)[尚仍还]有|仅剩|只剩|空编|未(?:完成|整改|办结|销号|解决|清理)的?|尚未[^，,]{0,6})[^\d，,]{0,6}$"
    r"|(?:其余|余下)的?$|(?<![拆清移消扣免解废排])除$"
)
_REMAINING_AFTER = re.compile(
    r"(?:[^，,\d]{0,4})?(?:正在|正按|正(?!式|常)|尚未|仍未|还未|暂未|尚在|达到序时|进入)|[^，,\d]{0,12}(?:正在|尚未|暂未|待)|[^，,\d]{0,8}未(?:达标|完成|整改|到位|解决|办结)"
)
_TOTAL_BEFORE = re.compile(
    r"(?:共计?|合计|总计|共有|排查(?:出|发现)|发现|梳理出|收到|应覆盖|应|需|涉及|任务|(?<![撤注]销)登记|核定)[^\d，,]{0,12}$"
)
# Says that a figure is what was meant to be reached; more than that may be done.
_MEANT_BEFORE = re.compile(r"(?:应|计划|目标|任务|核定|拟|需)[^\d，,]{0,12}$")
_DONE = (
    "(?:完成|办结|整改|整治|销号|化解|解决|覆盖|打通|清理|出清|拆除|安装|改造|处理|处置|建成|归档|拨[付出]|退[还回缴]|缴入|"
    "追缴|追回|移除|削减|调整|恢复|入职|到岗|收回|补[缴正发]|发放|增加|开工|完工|竣工|接入|达标|关停|搬迁|投[用入运]|"
    "通水|兑现|落实|更换|清退|清零|缴清|闭环|到位|修复|验收|换届|安置|启用|入账|核销|确权|颁证|还清|佩戴|配备|"
    "清运|依法取缔|腾退|兑付|付清|支付|征缴|清缴|上缴|归垫|消除|交付|复工|退出|脱钩|摘帽|补办|结清|调剂|返还|关闭|盘活|停发|注销|收缴|消化|压减|剥离|划转|分流|硬化|补齐|配齐|联网|通车|认证|审结)"
)
_DONE_BEFORE = re.compile(
    rf"(?:(?:已|现已|累计|均)[^\d，,]{{0,16}}|{_DONE}[^\d，,]{{0,14}}|(?:现有|实有)[^\d，,]{{0,6}})$"
)
# Says whole although a word of doing may stand before it: 应接入站点共计.
_WHOLE_BEFORE = re.compile(
    r"(?:共计|合计|总计|共有|共)$|应[^已\d，,]{1,12}$|占[^\d，,]{0,8}(?:总|任务)[^\d，,]{0,6}$"
)
# 对6家作坊进行整治: the whole of what is treated.
_TREATED_BEFORE = re.compile(r"(?:^|[^已面])对[^，,已]{0,12}$")
# Enough for a part without a whole; 完成 alone is, where the clause begins with it.
_DONE_ALONE = (
    "(?:完成|办结|整改|整治|销号|化解|解决|覆盖|打通|清理|出清|拆除|安装|改造|处理|建成|归档|拨[付出]|退[还回缴]|"
    "追缴|追回|移除|削减|调整|恢复|入职|收回|补缴|发放|增加|开工)"
)
_PLAIN_DONE_BEFORE = re.compile(
    rf"(?:已(?:经)?|累计|共)[^\d，,]{{0,4}}{_DONE_ALONE}[^\d，,]{{0,16}}$|(?:^|[年月底末])完成[^\d，,]{{0,14}}$|已[对将把]$"
)
_DONE_BEHIND = re.compile(rf"[^，,\d]{{0,10}}(?:已|均已)(?:经)?{_DONE_ALONE}")
# 完成率94%，已完成87项: the rate is that of the number behind it.
_OF_ALL = re.compile(r"(?:完成|整改|办结|销号|清收|解决|化解|拨付)[^，,]{0,4}(?:率|比例)")
_DONE_AFTER = re.compile(
    rf"[^，,\d]{{0,14}}?(?:已|均)?(?:经)?{_DONE}|[^，,\d]{{0,10}}?(?:已|均已)(?!经?收到)"
)
_ALL = re.compile(
    rf"[^，,\d]{{0,30}}(?:(?:(?:已|均|现已)(?:经)?(?:基本)?全[部面]|均已|(?:均|全部)由[^，,]{{2,10}}|已由[^，,]{{2,10}}全部)[^，,]{{2}}"
    rf"|(?:全部(?:已)?|已基本)[^，,]{{0,6}}?{_DONE}|全部已?(?:(?:重新|按期|按时|如期)[^，,]{{2}}|[^，,]{{0,4}}(?:运行|运转)))"
)
# What was counted is gone or back where it belongs: 9名同志已回原单位.
_GONE = re.compile(
    r"[^，,\d]{0,40}已[^，,]{0,16}(?:移除|入职|到岗|到位|退回|清退|归还|回原[^，,]{0,4}(?:单位|岗位))"
)
_ALL_NEXT = re.compile(
    rf"[，,]\s?(?:现|目前)?(?:(?:已|均已)(?:经)?全[部面额]?|均已){_DONE}[^，,]{{0,12}}"
)
_NOT_YET = re.compile(
    r"预计|(?<!列入)计划|(?<!已)将|拟|力争|争取|目标|要求|责令|尽快|未来|规划|[之以]前|到\d{4}年"
)
# 已督促3家单位将欠款缴清, 计划改造的30个站点已完成24个: no future.
_NO_FUTURE = re.compile(r"(?<=已)[^，,]{1,16}?将|计划[^，,\d]{1,10}的(?=\s?\d)")
# 17个乡镇中的14个实施了审计.
_PART_OF = re.compile(r"中(?:的|有)?$")
_OF_WHICH = re.compile(r"中(?:的|有|已有)?$")
_DID = re.compile(rf"[已了]|{_DONE}")
_HANDLED = re.compile(r"已[对将把]$")
# Meetings and visits say nothing of the state; their figures are left out.
_ACTIVITY_UNITS = frozenset(("百分点", "次", "人次", "场"))
# How many characters around a figure may say what it is.
_NEAR = 80
# How many figures of a sentence may belong to one indicator.
_REACH = 8
_CHANGE = re.compile(r"同比|环比|上升|下降|增长|降低|提高|降[为至到]|升[至到]|减少")
# 执行率由31%提高到74.6%: the second is the rate reached, the first the one before.
_REACHED = re.compile(r"(?:提[高升]|[回上]升|增[长加]|升)[至到为]了?\s?$")
_NAMES_RATE = re.compile(r"(?P<name>[\u4e00-\u9fff]{1,14}(?:率|比例|占比|比重))[^，,]{0,24}$")
_BEFORE_THAT = re.compile(r"[由从]\s?$")
_CHANGE_AFTER = re.compile(r"[^，,]{0,6}(?:降|升|提高|增长)[至到为]")
# A rate that is asked for says nothing of the one reached.
_BOUND_BEFORE = re.compile(r"(?:不[低少高多超]于|不超过|不得|高于|低于|少于|大于|小于)[^，,]{0,4}$")
_BOUND_AFTER = re.compile(r"\s?(?:以[上下内]|的标准|的要求)")
_RATE_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,14}(?:率|比例|占比|比重)|占比|占[^，,]{0,16}的$|完成[^，,]{0,16}(?:的|量)"
    r"|(?:已|现已)(?:经)?(?:完成|兑现|拨付|支付|发放|落实|收回|整改)$"
)
_SHARE = re.compile(r"占[^，,%％]{0,24}的\s?\d")
# What ends the name of a counted thing, and what stands around one.
_AFTER_NAME = re.compile(r"已|均|全部|完成|正|进行|开展|中[，,]?(?=$|\d|已)|[（(、]")
_BEFORE_NAME = re.compile(
    rf"目前|现已|已经|已|计划|[一二三四五六七八九十]是|排查(?:出|发现)|发现|全部|累计|对于?|{_DONE}(?=.{{2}})"
)
_NO_NAME = re.compile(rf"{_DONE}?|除|其余|余下|另外|剩余")
_COUNT_WORD = re.compile(r"(?:均?达到?|均?为|共计|共有|合计|总计|累计|约|共|计|有)+$")

Role = Literal["total", "done", "remaining", "rate", "all_done", "planned", "change", "other"]


@dataclass(slots=True)
class _Figure:
    """A number with its unit and the words around it, none of them further off than _NEAR."""

    value: float | int
    unit: str
    approx: bool
    spelled: bool
    start: int
    #: Where the words end that say what it is; usually right behind the unit.
    end: int
    clause: int
    last_in_clause: bool
    before: str
    after: str
    clause_words: str
    rest: str
    role: Role = "other"


def read_indicators(
    passage: Passage, start: int, end: int, year: int | None = None, cuts: Iterable[int] = ()
) -> tuple[Indicator, ...]:
    """Return the figures on the state of the problem in text[start:end], in order.

    `year` is the bulletin's: 截至10月底 means that of the bulletin. `cuts` are the places where
    measures begin: the number of a measure is no part of a figure.
    """
    found: list[Indicator] = []
    for sentence in _sentences(passage.text, [start, *cuts, end]):
        words = sentence[0]
        if not _HAS_FIGURE.search(words) or _TARGET.match(words):
            continue
        figures = list(_figures(words))
        if figures:
            _share_along_lists(figures)
            as_of = _as_of(words, year)
            for indicator in _indicators(passage, sentence, figures, as_of):
                # People and money may be told of before: 已追回52人、10.39万元；剩余6人….
                for n in range(len(found) - 1, max(len(found) - 3, -1), -1):
                    if joined := _what_remains(found[n], indicator):
                        found[n] = joined
                        break
                else:
                    found.append(indicator)
    return tuple(found)


def _sentences(text: str, bounds: list[int]) -> Iterator[re.Match[str]]:
    for low, high in pairwise(bounds):
        yield from _SENTENCE.finditer(text, low, high)


_HAS_FIGURE = re.compile(r"\d|[一两二三四五六七八九][家户宗处名座]")
# 整改目标：… says what is to be reached.
_TARGET = re.compile(r"\s*(?:整改)?目标(?:任务)?[：:]")


def _what_remains(before: Indicator, indicator: Indicator) -> Indicator | None:
    """Add to an indicator what the next sentence says remains of it, if the numbers agree."""
    alone = indicator.done is None and indicator.total is None and indicator.rate is None
    if not alone or before.remaining is not None or None in (before.done, before.total):
        return None
    if abs(before.done + indicator.remaining - before.total) > _ROUNDING:
        return None
    return replace(before, remaining=indicator.remaining)


_ROUNDING = 0.001


def _as_of(words: str, year: int | None) -> date | None:
    """Return the day of 截至2023年10月底, None if the sentence names none."""
    found = _AS_OF.search(words)
    if found is None or not found["m"] or not (found["y"] or year):
        return None
    printed, month = int(found["y"] or year), int(found["m"])
    last = monthrange(printed, month)[1]
    day = int(found["d"] or last)
    return date(printed, month, day) if 1 <= day <= last else None


def _figures(sentence: str) -> Iterator[_Figure]:
    clause_ends = [m.start() for m in _CLAUSE_END.finditer(sentence)] + [len(sentence)]
    matches = list(_FIGURE.finditer(sentence))
    previous_end = 0
    for match, following in zip_longest(matches, matches[1:]):
        start, end = match.span()
        near = _NEAR_BEFORE.search(sentence, max(start - 3, 0), start)
        start = near.start() if near else start
        number, spelled = match["number"], match["spelled"]
        clause = bisect_right(clause_ends, start)
        clause_start = clause_ends[clause - 1] + 1 if clause else 0
        clause_end = clause_ends[clause]
        next_start = following.start() if following else len(sentence)
        if spelled:
            value = number_value(spelled)
        else:
            value = float(number) if "." in number else int(number)
        unit = (match["unit"] or match["of"]).replace("％", "%")
        if unit in _ACTIVITY_UNITS:
            previous_end = end
            continue
        figure = _Figure(
            value=value,
            unit=unit,
            approx=bool(near or match["more"] or match["more2"]),
            spelled=bool(spelled),
            start=start,
            end=end,
            clause=clause,
            last_in_clause=next_start >= clause_end,
            before=sentence[max(clause_start, previous_end, start - _NEAR) : start],
            after=sentence[end : min(clause_end, next_start, end + _NEAR)],
            clause_words=sentence[max(clause_start, start - _NEAR) : min(clause_end, end + _NEAR)],
            rest=sentence[end : end + _NEAR],
        )
        previous_end = end
        figure.role = _role(figure)
        yield figure


def _role(figure: _Figure) -> Role:
    """Name what a figure is, from the words of its clause."""
    before, after, last = figure.before, figure.after, figure.last_in_clause
    if figure.unit == "%":
        asked = _BOUND_BEFORE.search(before) or _BOUND_AFTER.match(figure.rest)
        if asked or _is_to_come(figure):
            return "other"
        if _BEFORE_THAT.search(before):
            return "change"
        if _REACHED.search(before) and _NAMES_RATE.search(_words_to(figure)):
            return "rate"
        if _CHANGE.search(before) or _CHANGE_AFTER.match(figure.rest):
            return "change"
        named = _RATE_NAME.search(before) or _SHARE.search(figure.clause_words)
        return "rate" if named else "other"
    unfinished = last and "对" not in before and _REMAINING_AFTER.match(after)
    if unfinished or _REMAINING_BEFORE.search(before):
        return "remaining"
    if figure.spelled:
        return "done" if _SPELLED_DONE.search(before) and _DONE_SPELLED.match(after) else "other"
    if _is_to_come(figure):
        return "planned" if "全部" in after else "other"
    if _ALL.match(figure.rest):
        return "all_done"
    if not after.strip() and (said := _ALL_NEXT.match(figure.rest)):
        figure.end += said.end()
        return "all_done"
    if last and _GONE.match(after):
        return "all_done"
    if (
        (not last and _OF_WHICH.search(after))
        or _WHOLE_BEFORE.search(before)
        or _TREATED_BEFORE.search(before)
    ):
        return "total"
    part = _PART_OF.search(before) and _DID.search(after)
    if part or _DONE_BEFORE.search(before) or (_HANDLED.search(before) and re.search(_DONE, after)):
        return "done"
    if _TOTAL_BEFORE.search(before):
        return "total"
    return "done" if last and _DONE_AFTER.match(after) else "other"


def _is_to_come(figure: _Figure) -> bool:
    """Tell whether its clause speaks of what is to be done."""
    return bool(_NOT_YET.search(_NO_FUTURE.sub("", figure.clause_words)))


def _words_to(figure: _Figure) -> str:
    """Return the words of its clause up to a figure."""
    return figure.clause_words[: figure.clause_words.rfind(figure.before) + len(figure.before)]


# 目前已有两家企业完成整改: a number in characters needs words on both sides.
_SPELLED_DONE = re.compile(r"已有$|已$")
_DONE_SPELLED = re.compile(rf"[^，,\d]{{0,8}}{_DONE_ALONE}")


def _share_along_lists(figures: list[_Figure]) -> None:
    """Give the members of a list one role: 已安置8名、5名; 5个站、3个点已全部建成."""
    for one, following in zip(figures[-2::-1], figures[:0:-1], strict=False):
        if following.role == "all_done" and _listed(one, following):
            one.role = "all_done"
    for one, following in pairwise(figures):
        done = one.role == "done" and _PLAIN_DONE_BEFORE.search(one.before)
        if done and following.role in ("other", "done") and _listed(one, following):
            following.role, following.before = "done", one.before


def _listed(one: _Figure, following: _Figure) -> bool:
    return one.clause == following.clause and bool(re.search(r"、|以及|和|及", one.after))


def _indicators(
    passage: Passage, sentence: re.Match[str], figures: list[_Figure], as_of: date | None
) -> Iterator[Indicator]:
    """Group the figures of a sentence and yield an indicator for each group that says enough."""
    used: set[int] = set()
    for i, figure in enumerate(figures):
        if i in used or figure.role in ("other", "change"):
            continue
        group: dict[Role, _Figure] = {figure.role: figure}
        used.add(i)
        done = i if figure.role == "done" else None
        if figure.role in ("done", "remaining"):
            total = _total_before(figures, i, used)
            if total is not None:
                used.add(total)
                whole = figures[total]
                # 已招聘130名，其余87名…: what goes before the rest is the part that is done.
                attained = _ACTED.match(whole.before) or _ATTAINED.match(whole.rest)
                rest = figure.role == "remaining" and whole.role == "other" and attained
                group["done" if rest else "total"] = whole
        last_clause = figure.clause
        for j in range(i + 1, min(i + 1 + _REACH, len(figures))):
            other = figures[j]
            if j in used or other.role in ("other", "planned"):
                continue
            if not _goes_on(group, figure, other, last_clause):
                break
            if other.role == "done":
                done = j
            group[other.role] = other
            last_clause = other.clause
            used.add(j)
        if done is not None and (parts := _parts_of(figures, done, group.get("total"))):
            used.update(parts)
            whole = group["total"]
            whole.end = figures[parts[-1]].end
            group = {"all_done": whole}
        if indicator := _indicator(passage, sentence, group, as_of):
            yield indicator
        elif set(group) == {"done"}:
            # 启动3处改造 says nothing by itself; 已完成2处 behind it makes it the whole.
            figure.role = "other"
            used.discard(i)


def _parts_of(figures: list[_Figure], i: int, total: _Figure | None) -> list[int]:
    """Return the members of the list that begins at figure i, if they add up to the total."""
    members = [i]
    if total is None:
        return []
    while members[-1] + 1 < len(figures) and _listed(
        figures[members[-1]], figures[members[-1] + 1]
    ):
        members.append(members[-1] + 1)
    parts = [figures[n].value for n in members]
    return members if len(parts) > 1 and abs(sum(parts) - total.value) < _ROUNDING else []


def _goes_on(group: dict[Role, _Figure], first: _Figure, other: _Figure, last_clause: int) -> bool:
    """Tell whether a figure says more of the same: what is done, what remains, the rate."""
    if set(group) == {"rate"} and other.clause != first.clause and not _OF_ALL.search(first.before):
        return False
    far_rate = other.role == "rate" and other.clause - last_clause > 1
    if "all_done" in group and far_rate and not _OF_ALL.search(other.before):
        # 43个小区全部完工，…，污水收集率达到78.2%: of something else.
        return False
    says_more = other.role in ("done", "remaining", "rate") or (
        other.role == "total" and other.before.startswith("占")
    )
    return (
        says_more
        and other.role not in group
        and ("all_done" not in group or (other.role == "rate" and other.clause > last_clause))
        and other.clause - last_clause <= 2
        and _comparable(first, other)
    )


# What was done to one thing is not the whole of what was done to another: 新纳入56户，清退23户.
_ACTED = re.compile(
    r"\s*(?:共|累计)?(?:新[增建纳设改聘]|撤销|取消|提拔|查处|立案|约谈|处分|清退|拆除|追[回缴]|改造|修订|废止|招[聘录]|引进|选派|调整)"
)
_PART = re.compile(r"已|其中|完成|办结|均")
_ATTAINED = re.compile(r"[^，,]{0,24}达[到标]")


def _total_before(figures: list[_Figure], i: int, used: set[int]) -> int | None:
    """Return the nearest unclaimed figure before figure i that can be its total."""
    part = figures[i]
    for j in range(i - 1, max(i - 1 - _REACH, -1), -1):
        other = figures[j]
        if part.clause - other.clause > 2:
            return None
        if j in used or other.unit == "%" or other.spelled or not _comparable(part, other):
            continue
        meant = part.role == "done" and _MEANT_BEFORE.search(other.before)
        if meant or (
            other.role in ("total", "other")
            and other.value >= part.value
            and not _NOT_YET.search(other.before)
        ):
            acted = other.role == "other" and part.role == "done" and _ACTED.match(other.before)
            return None if acted and not _PART.search(part.before) else j
    return None


def _comparable(one: _Figure, other: _Figure) -> bool:
    units = {one.unit, other.unit} - {"%"}
    return len(units) <= 1 or units <= _THINGS or units <= _PEOPLE


def _indicator(
    passage: Passage, sentence: re.Match[str], group: dict[Role, _Figure], as_of: date | None
) -> Indicator | None:
    if "all_done" in group:
        total = done = group["all_done"]
    else:
        total, done = group.get("total"), group.get("done")
    remaining, rate = group.get("remaining"), group.get("rate")
    if "planned" in group:
        total = group["planned"]
    elif not remaining and not rate:
        alone = done and not total and not done.spelled
        behind = alone and done.last_in_clause and _DONE_BEHIND.match(done.after)
        if alone and not behind and not _PLAIN_DONE_BEFORE.search(done.before):
            return None
        if not done:
            return None
    members = sorted({f.start: f for f in group.values()}.values(), key=lambda f: f.start)
    first, last = members[0], members[-1]
    words, offset = sentence[0], sentence.start()
    start, end = clause(words, first.start, last.end, 0, len(words))
    base = total or done or remaining or rate
    if all(figure.spelled for figure in members) and not (done or remaining):
        return None
    return Indicator(
        label=_label(first),
        unit=base.unit,
        done=done and done.value,
        total=total and total.value,
        remaining=remaining and remaining.value,
        rate=rate and words[rate.start : rate.end].strip().replace("％", "%"),
        approx=any(f.approx for f in members),
        tier="core",
        as_of_on=as_of,
        quote=passage.printed(offset + start, offset + end),
        span=passage.span(offset + start, offset + end),
    )


def _label(figure: _Figure) -> str:
    """Name what is counted: the words behind the number (40宗案件), else those before it."""
    after = _AFTER_NAME.split(figure.after)[0].strip()
    if figure.unit != "%" and (2 <= len(after) <= 20 or _HANDLED.search(figure.before)):
        return after[:20]
    words = figure.before
    if _REACHED.search(words) and (named := _NAMES_RATE.search(_words_to(figure))):
        words = named["name"]
    before = _COUNT_WORD.sub("", words.strip(" 、“”"))
    pieces = [piece.strip(" 、的") for piece in _BEFORE_NAME.split(before)]
    # 补贴已兑现85%: a verb names nothing.
    while len(pieces) > 1 and _NO_NAME.fullmatch(pieces[-1]):
        pieces.pop()
    name = "" if _NO_NAME.fullmatch(pieces[-1]) else pieces[-1]
    return name[-24:] or (after[:24] if len(after) > 1 else "") or "数量"
