"""Documents that a text names in 《…》, told apart into those issued here and those only cited."""

import re
from typing import Literal

from tracker.parsing.clauses import clause
from tracker.parsing.layout import Passage
from tracker.parsing.records import Document

# An inner 《…》 stays inside; the bounds keep unbalanced brackets from being searched for ever.
_DOCUMENT = re.compile(r"《(?:[^《》\n]|《[^《》\n]{1,100}》){1,200}》")
_ISSUED = re.compile(
    r"印发(?!的)|审议通过|讨论通过|通过了|制定|制订|出台|修订|修改|完善|编制|编印|起草|拟定|拟订|发布|下发|形成|建立|健全|订立|草拟|汇编|重新制"
)
_CITED = re.compile(
    r"学习|贯彻|按照|根据|依据|依照|执行|落实|对照|参照|传达|遵守|遵循|违反|签订|宣传|研读|发放|领会|围绕|规定"
)
_STUDIED = re.compile(r"学习|传达|根据|按照|依据|依照")
# How far before the brackets the verb may stand.
_NEAR = 40


def read_documents(passage: Passage, start: int, end: int) -> tuple[Document, ...]:
    """Return each document once, where it is named first, brackets included."""
    seen: dict[str, Document] = {}
    role: Literal["issued", "cited"] = "cited"
    last = start
    for match in _DOCUMENT.finditer(passage.text, start, end):
        role = _role(passage.text, last, match.start(), role)
        last = match.end()
        place = clause(passage.text, *match.span(), start, end)
        seen.setdefault(
            re.sub(r"\s", "", match[0]),
            Document(
                passage.printed(*match.span()),
                passage.span(*match.span()),
                role,
                passage.printed(*place),
            ),
        )
    return tuple(seen.values())


def _role(
    text: str, last: int, start: int, before: Literal["issued", "cited"]
) -> Literal["issued", "cited"]:
    """Return what the nearest verb before the brackets makes of a document.

    The members of a list 《甲》《乙》和《丙》 share one verb.
    """
    between = text[max(last, start - _NEAR) : start]
    words = re.split("[，。；\n]", between)[-1]
    if _STUDIED.search(words):
        # 学习省局印发《…》: others issued it.
        return "cited"
    verbs = [(m.start(), "issued") for m in _ISSUED.finditer(words)]
    verbs += [(m.start(), "cited") for m in _CITED.finditer(words)]
    if verbs:
        return max(verbs)[1]
    return before if len(between) <= 3 and text[start - len(between) - 1] == "》" else "cited"
