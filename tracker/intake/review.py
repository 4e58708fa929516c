"""What a draft still needs before it can be imported, and what deserves a look."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from tracker.models import Draft, DraftProblem
from tracker.names import Directory

# What an inspection cannot do without, and what to tell the operator.
NEEDED = {
    "unit": "还没有确定被巡察单位",
    "inspecting_body": "没有读出巡视巡察机构，请填写",
    "kind": "没有读出类型，请选择",
    "round": "还没有选择轮次",
    "feedback_on": "没有读出反馈日期，请填写",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to settle or to look at: where it is in the form and in the text, if anywhere."""

    message: str
    is_must: bool = False
    field: str = ""
    problem: DraftProblem | None = None
    line: int | None = None


class Lines:
    """Turns a place in the text into the number of its line, counted from 1."""

    def __init__(self, text: str):
        self._starts = list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))

    def number(self, offset: int) -> int:
        return bisect_right(self._starts, offset)


def musts(draft: Draft, directory: Directory | None = None) -> list[Point]:
    """All that has to be settled before this draft can be imported."""
    return list(_musts(draft, list(draft.problems.all()), directory or Directory.of(draft.unit)))


def _musts(draft: Draft, problems: list[DraftProblem], directory: Directory) -> Iterator[Point]:
    for name, message in NEEDED.items():
        if getattr(draft, name) in (None, ""):
            if name == "unit" and draft.unit_text:
                message += f"：原文为“{draft.unit_text}”"
            yield Point(f"{message}。", is_must=True, field=name)
    included = [problem for problem in problems if not problem.is_excluded]
    if not included:
        yield Point("没有要导入的问题。", is_must=True)
    lines = Lines(draft.text)
    for problem in included:
        for name in ("leader", "person"):
            printed = getattr(problem, f"{name}_text")
            if getattr(problem, f"{name}_id") or not (same := directory.namesakes(printed)):
                continue
            label = DraftProblem._meta.get_field(name).verbose_name
            accounts = "、".join(directory.label(each) for each in same)
            yield Point(
                f"{problem.printed_number} {label}“{printed}”对应{len(same)}个账号，"
                f"请填写其中一个：{accounts}。",
                is_must=True,
                field=name,
                problem=problem,
                line=lines.number(problem.source_start),
            )


def points(draft: Draft, problems: list[DraftProblem], directory: Directory) -> list[Point]:
    """The musts, then what the reader was unsure of, then text that is in no problem."""
    lines = Lines(draft.text)
    remarks = [
        Point(remark["message"], line=remark["span"] and lines.number(remark["span"][0]))
        for remark in draft.read["remarks"]
    ]
    left_over = [
        Point(f"未归入任何问题：“{_short(piece['text'])}”", line=lines.number(piece["span"][0]))
        for piece in draft.read["remainder"]
    ]
    return [*_musts(draft, problems, directory), *remarks, *left_over]


def _short(text: str, length: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1]}…"
