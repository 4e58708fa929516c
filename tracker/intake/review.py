"""What a draft still needs before it can be imported, and what deserves a look."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from tracker.matching import Matches, match_tickets
from tracker.models import Draft, DraftProblem, Ticket
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


def needed(draft: Draft) -> list[str]:
    """The facts that are still missing; those of an inspection that is continued are there."""
    names = ["unit"] if draft.continues_id else NEEDED
    return [name for name in names if getattr(draft, name) in (None, "")]


@dataclass(slots=True)
class Known:
    """What is registered already of the inspection that a draft is about."""

    tickets: list[Ticket] = field(default_factory=list)
    matches: Matches = field(default_factory=Matches)

    @classmethod
    def of(cls, draft: Draft, problems: list[DraftProblem]) -> "Known":
        """Match a draft with the tickets there are (four queries, one if there are none)."""
        inspection = draft.inspection
        if inspection is None:
            return cls()
        tickets = list(inspection.tickets.all())
        included = [problem for problem in problems if not problem.is_excluded]
        return cls(tickets, match_tickets(tickets, included))

    @property
    def unmatched(self) -> list[Ticket]:
        """The tickets that this bulletin does not speak of."""
        spoken_of = set(self.matches.found.values())
        return [ticket for ticket in self.tickets if ticket not in spoken_of]


def musts(draft: Draft) -> list[Point]:
    """All that has to be settled before this draft can be imported."""
    problems = list(draft.problems.all())
    known = Known.of(draft, problems)
    return list(_musts(draft, problems, Directory.of(draft.unit), known))


def _musts(
    draft: Draft, problems: list[DraftProblem], directory: Directory, known: Known
) -> Iterator[Point]:
    for name in needed(draft):
        message = NEEDED[name]
        if name == "unit" and draft.unit_text:
            message += f"：原文为“{draft.unit_text}”"
        yield Point(f"{message}。", is_must=True, field=name)
    if not known.tickets and not draft.is_another and draft.unit_id and not draft.continues_id:
        for alike in draft.inspections_alike:
            yield Point(
                f"已登记{alike.code}（{alike.inspecting_body}，{alike.feedback_on}反馈），可能与这份"
                "通报是同一次：是的在“并入”中选它，不是的勾选“是另一次巡视巡察”。",
                is_must=True,
                field="continues",
            )
    included = [problem for problem in problems if not problem.is_excluded]
    if not included:
        yield Point("没有要导入的问题。", is_must=True)
    lines = Lines(draft.text)
    yield from _match_musts(problems, known, lines)
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


def _match_musts(problems: list[DraftProblem], known: Known, lines: Lines) -> Iterator[Point]:
    chosen: dict[int, DraftProblem] = {}
    for problem, ticket in known.matches.found.items():
        if first := chosen.setdefault(ticket.pk, problem):
            if first is problem:
                continue
            yield Point(
                f"{problem.printed_number}与{first.printed_number}对应同一个问题“{ticket}”，"
                "请合并，或改选其中一个。",
                is_must=True,
                field="match",
                problem=problem,
                line=lines.number(problem.source_start),
            )
    for problem, candidates in known.matches.candidates.items():
        names = "、".join(f"“{ticket.title}”" for ticket in candidates)
        yield Point(
            f"{problem.printed_number}可能就是已有的{names}，请选定对应的问题，或选“新问题”。",
            is_must=True,
            field="match",
            problem=problem,
            line=lines.number(problem.source_start),
        )


def points(
    draft: Draft, problems: list[DraftProblem], directory: Directory, known: Known
) -> list[Point]:
    """The musts, then what the reader was unsure of, then text that is in no problem.

    What the reader calls a must is about facts that the operator fills in here, or a look that
    no form can ask for: it stands first among the hints, and blocks nothing by itself.
    """
    lines = Lines(draft.text)
    remarks = [
        Point(remark["message"], line=remark["span"] and lines.number(remark["span"][0]))
        for remark in sorted(draft.read["remarks"], key=lambda each: each["severity"] != "must")
    ]
    if known.unmatched:
        names = "、".join(f"{ticket.number}“{ticket.title}”" for ticket in known.unmatched[:10])
        more = "等" if len(known.unmatched) > 10 else ""
        count = len(known.unmatched)
        remarks.insert(
            0, Point(f"已有的{count}个问题在这份通报里没有对上，将保留不动：{names}{more}。")
        )
    left_over = [
        Point(f"未归入任何问题：“{_short(piece['text'])}”", line=lines.number(piece["span"][0]))
        for piece in draft.read["remainder"]
    ]
    return [*_musts(draft, problems, directory, known), *remarks, *left_over]


def _short(text: str, length: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1]}…"
