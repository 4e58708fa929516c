"""What a problem's own text claims about its state, and the words that claim it.

A claim counts only if it is about the problem as a whole: that something remains, that work is
still going on or planned, or that all of it is done. A measure that is finished does not finish
its problem, and what the bulletin claims of itself is not passed down.
"""

import re
from collections.abc import Iterable

from tracker.parsing.clauses import clause
from tracker.parsing.layout import Passage
from tracker.parsing.measures import Division
from tracker.parsing.records import Claim, Indicator

_NUMBER = r"\d[\d.]*\s?[\u4e00-\u9fff]"
# Something is left over, going on or promised. Each row is one way to say so.
_UNFINISHED = re.compile(
    "|".join(
        (
            rf"(?:剩余|剩下|还剩|尚余)(?:的)?\s?(?:{_NUMBER}|正|预计|计划|将|按|待|均在)",
            r"(?:尚|仍|还)未[^，。]{0,8}(?:完成|清理|整改|解决|到位|销号)|整改力度还需|未整改到位",
            r"正在?(?:加快|积极|努力|抓紧|按|有序|稳步|全力|逐步|开展|进行|推进|办理|征求|设计|施工|建设|整改|协调|完善|处理|审[批核])",
            r"(?:推进|办理|审批|审核|施工|建设|实施|整改|处理|招标|公示|完善|征求意见)(?:过程)?中(?=[。，；,;、]|$)",
            r"有序推进(?=[。；]|$)",
            r"(?:预计|计划|拟定?于|拟在|将于|力争|争取)[^，。；]{0,14}(?:年|月|底|近期|内)[^，。；]{0,16}"
            r"(?:完成|完工|竣工|开展|开工|开始|启动|投入|通过|获|建成|增加|交付|实施|试运行)",
            r"计划近期",
            r"(?:待|需(?!要))[^，。；]{2,24}(?:后|同意)[^，。；]{0,3}(?:方可|即可|再|按程序|由)",
            r"待[^，。；]{2,20}(?:按程序|批复|审批|同意|结束)",
            r"(?:尽快|加紧)(?:完成|办结|解决|落实|整改|化解|清理)",
            r"确保按(?:计划|期|时)完成[^，。；]{0,6}未",
            r"(?:^|[。；\n])下一?(?:步|阶段)[，,]?[^，。；]{0,6}将",
            r"(?:^|[，,。；\n])将[^，。；]{0,6}(?:逐步|逐年|继续推进|加快推进)|(?:局|我[县市区镇局委])将逐步",
            r"(?:暂缓|未完成|暂未|暂不)",
            r"按计划(?:持续|稳步|有序)?推进|分步(?:转变|实施|推进)",
        )
    )
)
# The rectification itself is to be kept up.
_KEPT_UP = re.compile(
    r"(?:持续|长期|不断|深入)推进[^，。；]{0,24}整改|(?:将|并|并将)(?:长期|持续|继续)坚持|已?长期坚持(?=[。；，]|$)"
)
# Everything the title names is said to be done.
_ALL_DONE = re.compile(
    r"(?:已|现已|均已|目前已)(?:经)?(?:全部|全面)?(?:完成整改|整改(?:完[成毕]|到位)|整改销号|完成销号|销号|整改)"
    r"(?=[，。；,;]|$)|已全[面部]完成"
)


def read_claim(
    passage: Passage, start: int, end: int, division: Division, indicators: Iterable[Indicator]
) -> Claim:
    """Return what text[start:end], the text of one problem, says about its state.

    Done needs words on the whole problem: in the sentence that closes it, or in every measure.
    Something left over outweighs them, and so do figures: 隐患118处，已整改112处.
    """
    text = passage.text

    def claim(status, found, secondary=None) -> Claim:
        first, last = clause(text, found.start(), found.end(), start, end)
        return Claim(status, secondary, text[first:last], passage.span(first, last))

    kept_up = _KEPT_UP.search(text, start, end)
    if (done := _whole_problem_done(text, division)) and not _UNFINISHED.search(text, start, end):
        return claim("done", done, "long_term" if kept_up else None)
    if unfinished := _UNFINISHED.search(text, start, end):
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
    found = [_ALL_DONE.search(text, piece.start, piece.end) for piece in division.pieces]
    return found[0] if found and all(found) else None
