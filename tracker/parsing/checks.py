"""Remarks: what the reader was unsure of or the bulletin contradicts, each with its place."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from tracker.parsing.layout import Passage
from tracker.parsing.masthead import stated_counts
from tracker.parsing.measures import Division
from tracker.parsing.problems import Node, heading_text
from tracker.parsing.quotes import Quotes
from tracker.parsing.records import Indicator, Masthead, ParsedProblem, Remark
from tracker.parsing.sections import Section

# A file wrapped at a fixed width is joined hundreds of times: one remark says so.
_MANY_JOINS = 30
_MOST_OF_A_KIND = 200
_ROUNDING = 0.01
# A rate printed without decimals may be half a per cent off.
_RATE_ROUNDING = 0.51
# More than was meant may be done: 应配备50名，实有52名.
_MEANT = re.compile(r"应|计划|目标|任务")
# Units in which problems are counted.
_PIECES = frozenset("个条项件")
_COUNTED = {
    "aspects": "个方面",
    "categories": "类问题",
    "problems": "个问题",
    "measures": "条措施",
}
# What a masthead must tell, and whether nothing can be imported before a person fills it in.
_WANTED = {
    "title": ("标题", "hint"),
    "inspected_unit": ("被巡察单位", "must"),
    "inspecting_body": ("巡察组", "hint"),
    "feedback_on": ("反馈日期", "must"),
}


def at_most(*streams: Iterable[Remark]) -> Iterator[Remark]:
    """Yield the remarks, of each kind the first ones only; the last of a kind says how many more.

    A person reads a hundred remarks of a kind no more than a thousand.
    """
    seen: Counter[str] = Counter()
    for remark in chain(*streams):
        seen[remark.code] += 1
        if seen[remark.code] <= _MOST_OF_A_KIND:
            yield remark
    for code, count in seen.items():
        if count > _MOST_OF_A_KIND:
            yield Remark(code, f"同类提醒共{count}处，只列出前{_MOST_OF_A_KIND}处")


def masthead_remarks(masthead: Masthead, section: Section) -> Iterator[Remark]:
    """Say what the masthead lacks, and that the problem section had to be guessed."""
    for name, (label, severity) in _WANTED.items():
        if getattr(masthead, name) is None:
            yield Remark("masthead_missing", f"没有读到{label}，请人工填写", severity=severity)
    if masthead.inspection_months:
        yield Remark(
            "inspection_months",
            f"巡察时间只写到月（{masthead.inspection_months}），请人工填写起止日期",
        )
    yield from _result_remarks(masthead)
    if section.heading is None:
        yield Remark(
            "section_guessed",
            "没有找到“问题整改情况”一类的总标题，请核对问题从哪里开始、到哪里结束",
        )


def _result_remarks(masthead: Masthead) -> Iterator[Remark]:
    """Compare the results that the bulletin states of itself with its count of problems."""
    problems = masthead.stated_counts.problems
    first = {result.name: result for result in reversed(masthead.stated_results)}
    done, rate = first.get("done"), first.get("rate")
    going = [r for r in masthead.stated_results if r.name == "in_progress"]
    if not problems or done is None or done.unit not in _PIECES:
        return
    counted = done.value + sum(result.value for result in going)
    if done.value > problems or (going and abs(counted - problems) > _ROUNDING):
        yield Remark(
            "results_differ",
            f"文中称{problems}个问题，已完成与正在整改合计{counted:g}个",
            done.span,
        )
    if rate and abs(100 * done.value / problems - rate.value) > _RATE_ROUNDING:
        yield Remark(
            "results_differ",
            f"文中称完成率{rate.value:g}%，"
            f"{done.value:g}/{problems}应为{100 * done.value / problems:.1f}%",
            rate.span,
        )


def count_remarks(
    passage: Passage, section: Section, nodes: list[Node], problems: Iterable[ParsedProblem]
) -> Iterator[Remark]:
    """Compare the counts that the text states with those that were read."""
    problems = list(problems)
    counted = {
        "aspects": {len([node for node in nodes if node.children and not node.parent])},
        "categories": {len({p.path for p in problems if p.path}), len(problems)},
        "problems": {len(problems)},
        "measures": {sum(len(p.measures) for p in problems)},
    }
    for name, (stated, span) in stated_counts(passage, section.start).items():
        if stated not in counted[name] and any(counted[name]):
            read = min(counted[name] - {0}, key=lambda count: abs(count - stated))
            unit = _COUNTED[name]
            less_or_more = f"少{stated - read}" if read < stated else f"多{read - stated}"
            yield Remark(
                "count_differs", f"文中称{stated}{unit}，读到{read}{unit}，{less_or_more}", span
            )


def number_remarks(passage: Passage, nodes: list[Node]) -> Iterator[Remark]:
    """Name the headings whose number skips or repeats.

    A number may start again under each heading or run on through the section: both are right.
    """
    last_in_section: dict[str, int] = {}
    last_beside: dict[tuple[int, str], int] = {}
    for node in nodes:
        mark = node.mark
        name, value = mark.style.name, mark.value
        beside = (id(node.parent), name)
        expected = {1, last_in_section.get(name, 0) + 1, last_beside.get(beside, 0) + 1}
        if last_beside.get(beside) is not None:
            # Once numbered, neighbours go on; a second 1. beside a 1. is a slip.
            expected.discard(1)
        span = passage.span(mark.start, mark.title_end)
        if value not in expected:
            before = last_beside.get(beside, last_in_section.get(name, 0))
            code, words = (
                ("number_repeated", "重复或倒退") if value <= before else ("number_skipped", "跳号")
            )
            yield Remark(
                code, f"“{heading_text(passage, mark)}”编号{words}：前一个是{before}", span
            )
        if mark.split_from_line:
            yield Remark(
                "heading_split",
                f"“{heading_text(passage, mark)}”与前文同在一行，已分开",
                span,
            )
        last_in_section[name] = last_beside[beside] = value


def problem_remarks(
    passage: Passage, masthead: Masthead, read: Iterable[tuple[ParsedProblem, Division]]
) -> Iterator[Remark]:
    """Say what is doubtful about each problem."""
    titles: dict[str, str] = {}
    for problem, division in read:
        if not problem.measures:
            yield Remark("no_measure", f"“{problem.title}”没有整改措施的文字", problem.span, "must")
        first = titles.setdefault(re.sub(r"\W", "", problem.title_core), problem.key)
        if first != problem.key:
            yield Remark(
                "title_repeated", f"“{problem.title}”与前面一个问题的标题相同", problem.span
            )
        for offset in division.odd_at:
            words = passage.printed(offset, offset + 12)
            yield Remark(
                "measure_number", f"措施序号不连续：“{words}…”", passage.span(offset, offset + 2)
            )
        for figure in problem.indicators:
            if contradiction := _contradiction(figure):
                yield Remark("figures_differ", f"“{figure.quote}”：{contradiction}", figure.span)
        for deadline in problem.deadlines:
            if deadline.on is None:
                yield Remark(
                    "deadline_unclear", f"“{deadline.quote}”定不出日期，请人工填写", deadline.span
                )
            elif problem.claim.status == "done":
                continue
            elif masthead.published_on and deadline.on < masthead.published_on:
                words = "预计日期" if deadline.forecast else "时限"
                yield Remark(
                    "deadline_past",
                    f"“{deadline.quote}”的{words}{deadline.on}早于通报日期{masthead.published_on}",
                    deadline.span,
                )
        for promise in problem.promises:
            yield Remark("promise_undated", f"“{promise.quote}”没有写明日期，请核对", promise.span)


def _contradiction(figure: Indicator) -> str | None:
    """Return how the numbers of one indicator disagree; a rate may be rounded to its digits."""
    done, total, remaining = figure.done, figure.total, figure.remaining
    follows = total and done is not None and figure.rate and _follows(done, total, figure.rate)
    meant = _MEANT.search(figure.quote)
    if total and done is not None and done > total and not follows and not meant:
        return f"已完成{done}超过总数{total}"
    if None not in (done, total, remaining) and abs(done + remaining - total) > _ROUNDING:
        return f"已完成{done}加剩余{remaining}不等于总数{total}"
    if total and done is not None and figure.rate and not follows:
        return f"{done}/{total}应为{100 * done / total:.1f}%"
    return None


def _follows(done: float, total: float, rate: str) -> bool:
    """Tell whether a rate is that of its numbers; it may pass 100 %."""
    return abs(100 * done / total - float(rate.rstrip("%"))) <= _RATE_ROUNDING


def layout_remarks(passage: Passage, quotes: Quotes, section: Section) -> Iterator[Remark]:
    """Name the places where broken lines were joined and where a quotation mark stays open."""
    joins = [offset for offset in passage.joins if section.start < offset < section.end]
    if len(joins) > _MANY_JOINS:
        yield Remark("lines_joined", f"原文按固定宽度换行，共接合{len(joins)}处断行")
        joins = []
    for offset in joins:
        words = passage.printed(max(offset - 8, 0), offset + 8).replace("\n", " ")
        yield Remark(
            "lines_joined", f"断行已接合为“…{words}…”", passage.span(offset - 1, offset + 1)
        )
    for offset in quotes.unclosed:
        if section.start <= offset < section.end:
            words = passage.printed(offset, offset + 10).split("\n")[0]
            yield Remark(
                "quote_unclosed",
                f"“{words}…”处的引号或括号没有配对",
                passage.span(offset, offset + 1),
            )
