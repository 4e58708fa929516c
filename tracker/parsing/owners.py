"""Who answers for a problem and until when, where the bulletin prints it behind labels."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from tracker.parsing.layout import Passage
from tracker.parsing.records import Owner

# Each label and the field it fills; longer labels before the shorter ones they contain.
LABELS = {
    "leader": (
        "整改责任领导",
        "责任领导",
        "牵头领导",
        "分管领导",
        "包案领导",
        "责任县领导",
        "责任区领导",
    ),
    "unit": (
        "整改责任单位",
        "牵头责任单位",
        "责任单位",
        "责任部门",
        "责任科室",
        "责任处室",
        "责任股室",
        "牵头单位",
        "牵头部门",
        "牵头科室",
    ),
    "person": (
        "整改责任人",
        "直接责任人",
        "具体责任人",
        "责任人员",
        "责任人",
        "具体负责人",
        "经办人",
    ),
    "co_unit": ("配合单位", "配合部门", "配合科室", "协办单位"),
    "deadline": (
        "整改完成时限",
        "整改完成时间",
        "整改时限",
        "整改期限",
        "完成时限",
        "完成时间",
        "完成期限",
        "办结时限",
    ),
    # How far it is, in a word or two; a longer text behind such a label is the text itself.
    "state": (
        "整改完成情况",
        "整改进展情况",
        "整改落实情况",
        "完成情况",
        "落实情况",
        "进展情况",
        "整改进展",
        "整改结果",
        "整改状态",
        "整改成效",
        "完成状态",
        "办理结果",
        "办结情况",
        "销号情况",
        "是否完成",
        "目前进展",
        "当前进展",
        "整改进度",
        "整改结论",
        "完成进度",
        "进展",
        "进度",
        "状态",
        "结果",
    ),
}
_FIELD_OF = {label: field for field, labels in LABELS.items() for label in labels}
_LABEL = re.compile(
    rf"[（(【]?((?=[整责牵分包直具经配协完办落进销是目当状结])(?:{'|'.join(_FIELD_OF)}))(?:】\s?[：:]?|\s?[：:])\s*"
)
# What a state says in a word or two.
STATE_WORDS = re.compile(
    r"完成|销号|办结|到位|已整改|整改完毕|整改中|推进|进行|正在|长期|持续|阶段|序时|^[是否√✓✔]$"
)
# Nothing but the state: 已完成整改. 已完成管网改造 tells of something.
BARE_STATE = re.compile(
    r"(?:已(?:经)?(?:全部|基本)?(?:完成|整改|销号|办结)(?:整改|销号|到位)?|(?:正在|持续)(?:推进|整改)|基本完成|整改中|长期坚持)"
    r"(?:[，,、]?(?:并|将|需)*(?:长期坚持|持续(?:推进|坚持|巩固)))?"
)
_VALUE_END = re.compile(r"[；;。\n）)]")
_LONGEST_STATE = 30
_LONGEST_NOTE = 60


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value, `printed` as the source has it.

    [start, end) also covers the label and the mark that closes it.
    """

    name: str
    value: str
    printed: str
    value_start: int
    start: int
    end: int


def fields(passage: Passage, start: int, end: int) -> list[Field]:
    """Return the labelled values of the clean text [start, end) in order."""
    text = passage.text
    if text.find("：", start, end) < 0 and text.find("】", start, end) < 0:
        return []
    labels = list(_LABEL.finditer(text, start, end))
    found = []
    for label, following in pairwise([*labels, None]):
        limit = following.start() if following else end
        closed = _VALUE_END.search(text, label.end(), limit)
        stop = closed.start() if closed else limit
        done = closed.end() if closed and closed[0] != "\n" else stop
        name, value_start = _FIELD_OF[label[1]], label.end()
        while stop > value_start and text[stop - 1] in " \u3000，,、":
            stop -= 1
        if value_start == stop:
            continue
        if name == "state":
            # More words on its line tell of the state too: 整改进展：已完成。出水稳定达标。
            done = _line_end(text, done, end)
            if stop - value_start > _LONGEST_STATE:
                continue
            if not STATE_WORDS.search(text, value_start, stop):
                continue
            if done - stop > _LONGEST_NOTE:
                # A long account behind it is text of the problem; the state alone is the value.
                if not (closed and BARE_STATE.fullmatch(text, value_start, stop)):
                    continue
                done = closed.end()
        found.append(
            Field(
                name,
                text[value_start:stop],
                passage.printed(value_start, stop),
                value_start,
                label.start(),
                done,
            )
        )
    return found


def _line_end(text: str, start: int, limit: int) -> int:
    found = text.find("\n", start, limit)
    return limit if found < 0 else found


def owner(found: Iterable[Field]) -> Owner:
    """Return the owner that the fields name; the first of several of a kind wins."""
    first = {field.name: field.printed for field in reversed(list(found))}
    return Owner(first.get("leader"), first.get("unit"), first.get("person"))


def own_runs(
    text: str, found: Iterable[Field], start: int, end: int
) -> list[tuple[int, int, list[Field]]]:
    """Return the stretches that hold nothing but labelled values; they are part of no measure.

    A label inside a sentence stays where it is.
    """
    runs: list[tuple[int, int, list[Field]]] = []
    for field in found:
        if runs and not text[runs[-1][1] : field.start].strip(" \u3000\n；;，,"):
            runs[-1] = (runs[-1][0], field.end, [*runs[-1][2], field])
        else:
            runs.append((field.start, field.end, [field]))
    return [
        (a, b, held)
        for a, b, held in runs
        if (a == start or text[a - 1] in "\n。；;")
        and (b >= end or text[b] == "\n" or text[b - 1] in "。）)")
    ]
