"""Who answers for a problem and until when, where the bulletin prints it behind labels."""

import re
from dataclasses import dataclass
from itertools import pairwise

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
}
_FIELD_OF = {label: field for field, labels in LABELS.items() for label in labels}
_LABEL = re.compile(rf"[（(【]?({'|'.join(_FIELD_OF)})[】]?\s*[：:]\s*")
_VALUE_END = re.compile(r"[；;。\n）)]")


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value; [start, end) also covers the label and the mark that closes it."""

    name: str
    value: str
    value_start: int
    start: int
    end: int


def fields(text: str, start: int, end: int) -> list[Field]:
    """Return the labelled values of text[start:end] in order."""
    labels = list(_LABEL.finditer(text, start, end))
    found = []
    for label, following in pairwise([*labels, None]):
        limit = following.start() if following else end
        closed = _VALUE_END.search(text, label.end(), limit)
        stop = closed.start() if closed else limit
        value = text[label.end() : stop].strip(" \u3000，,、")
        done = closed.end() if closed and closed[0] != "\n" else stop
        if value:
            found.append(Field(_FIELD_OF[label[1]], value, label.end(), label.start(), done))
    return found


def owner(found: list[Field]) -> Owner:
    """Return the owner that the fields name; the first of several of a kind wins."""
    first = {field.name: field.value for field in reversed(found)}
    return Owner(first.get("leader"), first.get("unit"), first.get("person"))


def own_lines(text: str, found: list[Field], start: int, end: int) -> list[tuple[int, int]]:
    """Return the stretches that hold nothing but labelled values; they are part of no measure.

    A label inside a sentence stays where it is.
    """
    runs: list[tuple[int, int]] = []
    for field in found:
        if runs and not text[runs[-1][1] : field.start].strip(" \u3000\n；;，,"):
            runs[-1] = (runs[-1][0], field.end)
        else:
            runs.append((field.start, field.end))
    return [
        (a, b)
        for a, b in runs
        if (a == start or text[a - 1] in "\n。")
        and (b >= end or text[b : b + 1] in "\n" or text[b - 1] in "。")
    ]
