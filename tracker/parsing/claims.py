"""What a problem's own text claims about its state, and the words that claim it.

A claim counts only if it is about the problem as a whole: that something remains, that work is
still going on or planned, or that all of it is done. A measure that is finished does not finish
its problem, and what the bulletin claims of itself is not passed down.
"""

import re
from collections.abc import Iterable

from tracker.parsing.clauses import clause
from tracker.parsing.layout import Passage
from tracker.parsing.measures import STATE_SENTENCE, Division
from tracker.parsing.owners import Field
from tracker.parsing.records import Claim, Indicator, Status

_NUMBER = r"\d[\d.]*\s?[\u4e00-\u9fff]"
# Something is left over, going on or promised. Each row is one way to say so.
_WHEN = (
    r"(?:\d{4}\s?年|(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s?月|年[底内末中]|[上下]半年|季度"
    r"|今年|明年|近期|近日)"
)
# The first group only says which characters a match may begin with, which spares most of the text
# the whole search.
_UNFINISHED = re.compile(
    "(?=[剩还尚其余仍暂整未正推办审施建实处招公完征进有预计拟将力争确待需尽加下局我按分])(?:"
    + "|".join(
        (
            rf"(?:剩余|剩下|还剩|尚余|其余|余下)[^，。；]{{0,8}}?(?:{_NUMBER}|正|预计|计划|将|按|待|均在)",
            r"(?:尚|仍|还|暂)未[^，。；]{0,8}(?:完成|清理|整改|解决|到位|销号|办结|分配|开工|启动|落实)|整改力度还需|未整改到位",
            r"正在(?!建)|正(?:加快|积极|努力|抓紧|按|有序|稳步|全力|逐步|开展|进行|推进|办理|征求|设计|施工|建设|整改|协调|完善|处理|审[批核]|与)",
            r"(?:推进|办理|审批|审核|施工|建设|实施|整改|处理|招标|公示|完善|征求意见|进行)(?:过程)?中(?=[。，；,;、]|$)",
            r"有序推进(?=[。；]|$)",
            r"(?:预计|计划|拟定?于|拟在|将于|力争|争取)[^，。；]{0,14}(?:年|月|底|近期|内)[^，。；]{0,16}"
            r"(?:完成|完工|竣工|开展|开工|开始|启动|投入|通过|获|建成|增加|交付|实施|试运行)",
            rf"(?:预计|拟于|拟在|将于|计划于|计划在)[^，。；\d]{{0,4}}{_WHEN}",
            rf"(?:计划|力争|确保)[^，。；]{{0,6}}{_WHEN}[^，。；]{{0,6}}前",
            rf"(?:力争|争取|确保)[^，。；]{{0,4}}{_WHEN}",
            r"[底末]之?前(?:再|全部|全面|完成)",
            r"计划近期",
            r"(?:待|需(?!要))[^，。；]{2,24}(?:后|同意)[^，。；]{0,3}(?:方可|即可|再|按程序|由)",
            r"待[^，。；]{2,20}(?:按程序|批复|审批|同意|结束|批准)|拟待|(?<!等)待[^，。；]{2,20}后(?!方可|即可)",
            r"需[^，。；]{2,24}(?:协商|协调|研究)(?:解决|推进|处理)",
            r"(?:尽快|加紧)(?:完成|办结|解决|落实|整改|化解|清理)",
            r"确保按(?:计划|期|时)完成[^，。；]{0,6}未",
            r"(?:(?<=[。；\n])|\A)下一?(?:步|阶段)[，,]?[^，。；]{0,6}将",
            r"(?:(?<=[，。；\n])|\A)将[^，。；]{0,6}(?:逐步|逐年|继续推进|加快推进)|(?:局|我[县市区镇局委])将逐步",
            r"(?:暂缓|未完成|暂不)",
            rf"(?<!发现)(?:仍|尚|还)有\s?{_NUMBER}|(?:尚|仍|还)在[^，。；]{{1,12}}",
            r"[仍还尚]需(?:持续|继续|进一步|长期)",
            r"按计划(?:持续|稳步|有序)?推进|分步(?:转变|实施|推进)",
        )
    )
    + ")"
)
# The rectification itself is to be kept up.
_KEPT_UP = re.compile(
    r"(?:持续|长期|不断|深入)推进[^，。；]{0,24}整改|(?:将|并|并将)(?:长期|持续|继续)坚持|已?长期坚持(?=[。；，]|$)"
)
# Everything the title names is said to be done.
_ALL_DONE = re.compile(
    r"(?:已|现已|均已|目前已)(?:经)?(?:按[^，。；]{1,8})?(?:全部|全面|基本)?"
    r"(?:完成(?:了)?整改|整改(?:完[成毕]|到位|落实)|整改销号|完成销号|销号|整改|办结)"
    r"(?=[，。；,;、]|$)|已全[面部]完成|整改(?:工作|任务)?已(?:经)?(?:全部)?(?:完成|结束)"
    r"|问题(?:已|均已)(?:经)?(?:得到)?(?:彻底|全部|有效)?解决"
    r"|(?:问题|事项|任务)整改(?:完[成毕]|到位)(?=[，。；]|$)"
)
# The same, of a problem that is named.
_PROBLEM_DONE = re.compile(
    rf"(?:该|此|本|上述|以上|所有)(?:项|类|个)?(?:整改)?(?:问题|事项|任务)(?:目前|现)?(?:{_ALL_DONE.pattern})"
    r"|(?:(?<=[。；\n）)])|\A)整改(?:工作|任务)?已(?:经)?(?:全部)?完成(?=[。，；]|$)"
)
# What a state says in a word or two.
_STATE_UNFINISHED = re.compile(
    r"[未没尚][^，。；]{0,6}(?:完成|整改|销号|办结|到位)|正在|(?:推进|整改|进行|办理|实施|进展|落实)中"
    r"|基本|部分|阶段|序时|推进(?!完成)|^否$|^[×✗]$|^\d{1,2}(?:\.\d+)?[%％]$"
)
_STATE_DONE = re.compile(r"完成|到位|销号|办结|已整改|整改完毕|^是$|^[√✓✔]$|^100%$")
# 已完成并持续推进 is done; 已完成80% and 已完成部分 are not.
_DONE_AND_KEPT = re.compile(
    r"(?:整改)?已(?:全部)?(?:完成|整改|办结|销号)(?![^。]*[\d剩余下部分阶段未])"
)
_STATE_KEPT_UP = re.compile(r"长期|持续|常态")


_LONGEST_LAST = 60
_DEADLINE_MET = re.compile(r"已(?:经)?(?:全部)?(?:完成|整改|办结|销号|到位)")


def state(words: str) -> tuple[Status, Status | None]:
    """Return the state that a short phrase names, and the one it names besides.

    >>> [state(w)[0] for w in ("已完成", "未完成", "已取得阶段性成效", "长期坚持", "见附件")]
    ['done', 'in_progress', 'in_progress', 'long_term', 'not_stated']
    """
    kept_up: Status | None = "long_term" if _STATE_KEPT_UP.search(words) else None
    if _DONE_AND_KEPT.match(words):
        return "done", kept_up
    if _STATE_UNFINISHED.search(words):
        return "in_progress", kept_up
    if _STATE_DONE.search(words):
        return "done", kept_up
    return kept_up or "not_stated", None


def _stated(passage: Passage, labelled: Iterable[Field]) -> Claim | None:
    """Return the state printed behind a label, None if there is none."""
    for field in labelled:
        done = field.name == "deadline" and _DEADLINE_MET.search(field.value)
        if field.name != "state" and not done:
            continue
        status, secondary = state(field.value)
        if status != "not_stated":
            stop = field.value_start + len(field.value)
            return Claim(status, secondary, field.printed, passage.span(field.value_start, stop))
    return None


def _said(passage: Passage, start: int, end: int) -> Claim:
    """Return the claim of words that name a state."""
    status, secondary = state(passage.text[start:end])
    return Claim(status, secondary, passage.printed(start, end), passage.span(start, end))


def _last_sentence(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the sentence that ends a problem and says nothing but its state, if one does."""
    for match in STATE_SENTENCE.finditer(text, max(start, end - _LONGEST_LAST), end):
        if match.end() == end:
            return match.span("words")
    return None


def read_claim(
    passage: Passage,
    start: int,
    end: int,
    division: Division,
    indicators: Iterable[Indicator],
    labelled: Iterable[Field] = (),
) -> Claim:
    """Return what text[start:end], the text of one problem, says about its state.

    Done needs words on the whole problem: in the sentence that closes it, or in every measure.
    Something left over outweighs them, and so do figures: 隐患118处，已整改112处. What the bulletin
    prints behind a label (完成情况：已完成) outweighs all.
    """
    text = passage.text

    def claim(status, found, secondary=None) -> Claim:
        first, last = clause(text, found.start(), found.end(), start, end)
        return Claim(status, secondary, passage.printed(first, last), passage.span(first, last))

    if stated := _stated(passage, labelled):
        return stated
    if division.state:
        return _said(passage, *division.state)
    kept_up = _KEPT_UP.search(text, start, end)
    unfinished = _UNFINISHED.search(text, start, end)
    if not unfinished and (done := _whole_problem_done(text, division)):
        return claim("done", done, "long_term" if kept_up else None)
    last = _last_sentence(text, start, end)
    if last and not unfinished:
        return _said(passage, *last)
    if unfinished:
        return claim("in_progress", unfinished, "long_term" if kept_up else None)
    for figure in indicators:
        if figure.remaining or (figure.done and figure.total and figure.done < figure.total):
            return Claim("in_progress", "long_term" if kept_up else None, figure.quote, figure.span)
    if kept_up:
        return claim("long_term", kept_up)
    return Claim()


def _whole_problem_done(text: str, division: Division) -> re.Match[str] | None:
    """Return the words that say that all is done, None if a part is left out."""
    if division.closing:
        return _ALL_DONE.search(text, *division.closing)
    if division.pieces and (
        said := _PROBLEM_DONE.search(text, division.pieces[0].start, division.pieces[-1].end)
    ):
        return said
    found = [_ALL_DONE.search(text, piece.start, piece.end) for piece in division.pieces]
    return found[0] if found and all(found) else None
