"""Words that tell how a problem is handled: what blocks it, and 立行立改, 长期坚持, 硬骨头.

They change nothing that is read of the problem; each is shown with its words for a person to see.
"""

import re
from collections.abc import Iterator

from tracker.parsing.clauses import clause
from tracker.parsing.layout import Passage
from tracker.parsing.records import Excerpt, Flag

# Each row is one way to say that others must act first.
_BLOCKED = re.compile(
    "(?=[待因受鉴由协争筹资经用编手审报办征履需属系是])(?:"
    + "|".join(
        (
            r"待[^，。；\d]{2,24}(?:批准|批复|审批|同意|审核|核准|结束|出台|明确|到位|完成|裁定|判决|下达)(?:后|之后)?",
            r"(?:因|受|鉴于|由于)[^，。；]{0,24}(?:限制|制约|影响|所限|不足|原因)",
            r"(?:协调|争取|筹措)[^，。；]{0,10}(?:资金|经费|用地|指标)",
            r"(?:资金|经费|用地指标|编制|手续)[^，。；]{0,6}(?:缺口|紧张|不足|未到位|尚未落实|未落实)",
            r"(?:审批|报批|审核|办理手续|征求意见|履行[^，。；]{0,6}程序)(?:过程)?中(?=[，。；、]|$)",
            r"需[^，。；]{2,24}(?:协商|协调|研究|批准|同意|审批)(?:后|解决|同意)?",
            r"(?:属于?|系|是)历史遗留",
        )
    )
    + ")"
)
FLAGS = {
    "立行立改": re.compile(r"立行立改|即知即改|立查立改|边查边改|立即整改"),
    "长期坚持": re.compile(r"长期坚持|常抓不懈|持续坚持|长期整改"),
    "硬骨头": re.compile(r"硬骨头|老大难|(?:属于?|系|是)历史遗留|积重难返"),
}


def read_blockers(passage: Passage, start: int, end: int) -> tuple[Excerpt, ...]:
    """Return the clauses of text[start:end] that say what stands in the way, in order."""
    found: dict[tuple[int, int], None] = {}
    for match in _BLOCKED.finditer(passage.text, start, end):
        found.setdefault(clause(passage.text, *match.span(), start, end))
    return tuple(_excerpts(passage, found))


def read_flags(passage: Passage, start: int, end: int) -> tuple[Flag, ...]:
    """Return each flag that text[start:end] raises, where it does so first."""
    found = []
    for name, pattern in FLAGS.items():
        if match := pattern.search(passage.text, start, end):
            place = clause(passage.text, *match.span(), start, end)
            found.append(Flag(name, passage.printed(*place), passage.span(*place)))
    return tuple(found)


def _excerpts(passage: Passage, places: dict[tuple[int, int], None]) -> Iterator[Excerpt]:
    for place in places:
        yield Excerpt(passage.printed(*place), passage.span(*place))
