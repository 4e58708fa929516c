"""台账 as a grid: the merged ledger of one inspection, in the columns that the page shows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from django.utils import timezone

from tracker.choices import Claim, Light, Status
from tracker.dates import zh_date, zh_md
from tracker.ledger_columns import COLUMNS, DEFAULT_SET, Choice
from tracker.lights import Bands, legend
from tracker.models import Ticket
from tracker.paper.grid import DAY, WORD, Cell, Grid, Head, Row, counted_in
from tracker.paper.heading import marks_of
from tracker.wall_chart import Aspect, Problem, Run, Step
from tracker.wall_page import WallPage

# Millimetres on A3 landscape, before they are stretched or narrowed to the sheet, and the
# characters that a line must hold.
WIDTHS: dict[str, tuple[int, float]] = {
    "detail": (52, 8.5),
    "goal": (36, 7),
    "measure": (78, 12),
    "leader": (19, 4),
    "unit": (27, 5),
    "helpers": (24, 4.5),
    "person": (17, 4),
    "kind": (20, 4),
    "due": (25, DAY),
    "progress": (62, 10),
    "status": (18, 3),
    "evidence": (15, 2.5),
    "trouble": (44, 8),
    "closing": (30, DAY),
    "remark": (18, 3),
    "light": (22, WORD),
}
# Where nothing is written in any of its cells: the label in two lines, and room for a pen.
BLANK = (12, 2.6)
LONG = ("detail", "goal", "measure", "progress", "trouble")
DUTIES, LEDGER = "责任分工", "台账"
OF_DUTIES = ("leader", "unit", "helpers", "person")
# The columns of the exchange ledger (`tracker.ledger`) that a cell may change.
EDITS = {
    "title": "问题",
    "leader": "责任领导",
    "unit": "牵头单位",
    "helpers": "配合单位",
    "person": "责任人",
    "kind": "整改类型",
    "due": "整改时限",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: its 方面, its 大类, its problem and, in an open one, its measure."""

    aspect: Aspect
    run: Run
    problem: Problem
    step: Step | None
    # Keys that are the same for the rows which one cell spans.
    in_aspect: tuple
    in_run: tuple
    in_problem: tuple
    in_row: tuple


def ledger_grid(page: WallPage, *, for_exchange: bool = False) -> Grid:
    """Lay out the ledger under the filter and columns of its page.

    For an exchange the deadline is always the problem's own, with a date that can be edited;
    those of measures, and the first deadline, get columns of their own where they differ.
    """
    bands = page.inspection.round.bands
    places = list(_places(page))
    heads = _heads(page, places, for_exchange)
    cells = _Cells(bands, heads, for_exchange)
    inspection, focus, chart = page.inspection, page.chart.focus, page.chart
    shown = len(chart.problems)
    closed = sum(not problem.ticket.is_open for problem in chart.problems)
    facts = [
        f"被巡察党组织：{inspection.unit_text or inspection.unit}",
        *([f"第一责任人：{inspection.chief_text}"] if inspection.chief_text else []),
        f"集中整改期：{zh_date(inspection.feedback_on)}至{zh_date(focus.ends_on)}",
        f"截至：{zh_date(page.on)}",
        f"共{shown}项，已销号{closed}项"
        + (f"（按条件选出，全部{chart.whole.total}项）" if chart.is_filtered else ""),
    ]
    rows = [Row(p.problem.ticket, cells.of(p)) for p in places]
    return Grid(
        title=f"{page.subject}{LEDGER if for_exchange else _name(page.choice)}",
        facts=facts,
        # What comes back is to be filled in: there a blank column keeps its room.
        heads=heads if for_exchange else _narrowed(heads, rows),
        rows=rows,
        legend=legend(bands.lamps),
        as_of=page.on,
        counted=counted_in(page.figures, page.rate),
        inspection=inspection,
        set_label=page.choice.label,
        issuer=inspection.unit_text or str(inspection.unit),
    )


def _name(choice: Choice) -> str:
    """What the paper is called: offices ask for the usual sets of columns by their names."""
    if choice.name == "wall":
        return "作战图"
    return choice.label if choice.name not in ("", DEFAULT_SET) else LEDGER


def _places(page: WallPage) -> Iterator[Place]:
    for a, aspect in enumerate(page.chart.aspects):
        for r, run in enumerate(aspect.runs):
            for problem in run.problems:
                key = problem.ticket.pk
                for n, step in enumerate(problem.steps or [None]):
                    yield Place(
                        aspect, run, problem, step, (a,), (a, r), ("problem", key), (key, n)
                    )


def _heads(page: WallPage, places: list[Place], for_exchange: bool) -> list[Head]:
    levels = page.chart.heading_columns
    heads = [Head("number", "序号", 15, is_centred=True, least=2.6)]
    if levels:
        heads.insert(0, Head("aspect", "方面", 29, is_heading=True, least=4.5))
    if levels > 1:
        heads.append(Head("category", "大类", 24, is_heading=True, least=4))
    heads.append(Head("title", "反馈问题", 40, is_heading=True, edits=EDITS["title"], least=7))
    keys = page.choice.keys
    for key in keys:
        above = DUTIES if key in OF_DUTIES and len(set(keys) & set(OF_DUTIES)) > 1 else ""
        heads.append(replace(column_head(key), above=above))
        if key != "due":
            continue
        problems = page.chart.problems
        has_moved = any(problem.ticket.due_was_moved for problem in problems)
        if has_moved and not for_exchange:
            # 原2026-12-31 stands below the new one.
            heads[-1] = replace(heads[-1], least=DAY + 1)
        if for_exchange:
            if has_moved:
                heads.append(Head("original_due", "原时限", 25, is_centred=True, is_date=True))
            if not all(problem.has_one_deadline for problem in problems):
                heads.append(Head("step_due", "措施时限", 25, is_centred=True, is_date=True))
    return heads


def _narrowed(heads: list[Head], rows: list[Row]) -> list[Head]:
    """Let a column in which nothing is written leave its room to the others."""
    width, fewest = BLANK
    return [
        replace(head, width=width, least=fewest, is_date=False)
        if not any(row.cells[at] and row.cells[at].text for row in rows)
        else head
        for at, head in enumerate(heads)
    ]


def column_head(key: str) -> Head:
    """The head of a column that a reader may choose."""
    width, fewest = WIDTHS[key]
    return Head(
        key,
        COLUMNS[key].label,
        width,
        is_centred=key not in LONG,
        edits=EDITS.get(key, ""),
        is_date=key == "due",
        least=fewest,
    )


class _Cells:
    """Says what each column says of a place, as the page words it."""

    def __init__(self, bands: Bands, heads: list[Head], for_exchange: bool):
        self.bands = bands
        self.keys = [head.key for head in heads]
        self.for_exchange = for_exchange

    def of(self, place: Place) -> tuple[Cell | None, ...]:
        return tuple(self._one(key, place) for key in self.keys)

    def _one(self, key: str, place: Place) -> Cell | None:
        if key in _WORDS:
            return Cell(_WORDS[key](place.problem), place.in_problem)
        return getattr(self, f"_{key}")(place)

    def _aspect(self, place: Place) -> Cell:
        return Cell(f"{place.aspect.number}{place.aspect.heading}", place.in_aspect)

    def _category(self, place: Place) -> Cell:
        """A problem without 大类 takes that column too."""
        if place.problem.headings:
            return Cell(place.run.heading, place.in_run)
        return Cell(self._titled(place.problem), place.in_problem, columns=2)

    def _title(self, place: Place) -> Cell | None:
        if "category" in self.keys and not place.problem.headings:
            return None
        return Cell(self._titled(place.problem), place.in_problem)

    def _titled(self, problem: Problem) -> str:
        """The title and below it, as on the page, its marks, which no choice of columns leaves out.

        In an exchange a cell that says more than its column would count as edited.
        """
        marks = [] if self.for_exchange else marks_of(problem.ticket)
        return "\n".join([problem.ticket.title, *marks])

    def _goal(self, place: Place) -> Cell:
        return Cell(place.step.goal if place.step else "", place.in_row)

    def _measure(self, place: Place) -> Cell:
        ticket, step = place.problem.ticket, place.step
        if step:
            number = f"{step.number}、" if step.number else ""
            return Cell(f"{number}{step.text.lead}{step.text.rest}", place.in_row)
        words = "通报没有列出措施" if ticket.is_open else f"{ticket.measure_count}条措施"
        return Cell(words, place.in_row)

    def _due(self, place: Place) -> Cell:
        problem, ticket = place.problem, place.problem.ticket
        if self.for_exchange:
            return Cell(_iso(ticket.due_on), place.in_problem, value=ticket.due_on)
        if not problem.has_one_deadline and place.step:
            return Cell(_iso(place.step.due_on), place.in_row)
        words = _iso(ticket.due_on)
        if ticket.due_on and ticket.due_was_moved:
            words = f"{words}\n原{_iso(ticket.original_due_on)}"
        return Cell(words, place.in_problem)

    def _step_due(self, place: Place) -> Cell:
        return Cell(_iso(place.step.due_on if place.step else None), place.in_row)

    def _light(self, place: Place) -> Cell:
        problem, step = place.problem, place.step
        if problem.has_one_light or step is None:
            return self._lamp(problem.light, place.in_problem)
        if step.is_done:
            return self._lamp(Light.DONE, place.in_row, "已完成")
        return self._lamp(step.light, place.in_row)

    def _lamp(self, light: Light, group: tuple, word: str = "") -> Cell:
        lamp = self.bands[light]
        return Cell(word or lamp.word, group, lamp=lamp)


def _iso(day) -> str:
    return day.isoformat() if day else ""


def progress_words(ticket: Ticket, latest: str) -> str:
    """The newest report with its day and per cent, or why there is none."""
    if not ticket.is_open:
        return f"{_iso(ticket.closed_on)}销号"
    percent = "" if ticket.latest_percent is None else f"（{ticket.latest_percent}%）"
    if latest:
        return f"{latest}（{zh_md(timezone.localtime(ticket.latest_at))}填报）{percent}"
    if ticket.status == Status.SUBMITTED:
        claimed = ticket.claim == Claim.DONE
        return "通报称已完成，待审核" if claimed else "已提交，待审核"
    if ticket.status in (Status.UNCLAIMED, Status.CLAIMED):
        return f"{ticket.get_status_display()}{percent}"
    return f"还没有填报{percent}"


def _trouble(problem: Problem) -> str:
    ticket = problem.ticket
    if not ticket.is_open:
        return ""
    said = (("困难：", ticket.latest_difficulty), ("下一步：", ticket.latest_next_step))
    return "\n".join(f"{label}{words}" for label, words in said if words)


def _closing(problem: Problem) -> str:
    ticket = problem.ticket
    if ticket.closed_on:
        kept = "，列入长期坚持" if ticket.long_term_on else ""
        return f"{_iso(ticket.closed_on)}\n销号{kept}"
    if ticket.status == Status.SUBMITTED:
        return f"{_iso(ticket.submitted_on)}\n提交，待{ticket.review_level}"
    return ""


_WORDS: dict[str, Callable[[Problem], str]] = {
    "number": lambda p: p.ticket.printed_number or p.ticket.number,
    "detail": lambda p: f"{p.detail.lead}{p.detail.rest}",
    "leader": lambda p: p.ticket.leader_name,
    "unit": lambda p: str(p.ticket.lead_unit),
    "helpers": lambda p: p.helpers,
    "person": lambda p: p.ticket.person_name,
    "kind": lambda p: p.ticket.get_kind_display(),
    "original_due": lambda p: _iso(p.ticket.original_due_on) if p.ticket.due_was_moved else "",
    "progress": lambda p: progress_words(p.ticket, f"{p.latest.lead}{p.latest.rest}"),
    "status": lambda p: p.ticket.get_status_display(),
    "evidence": lambda p: f"{p.ticket.evidence_count}份" if p.ticket.evidence_count else "",
    "trouble": _trouble,
    "closing": _closing,
    "remark": lambda p: "",
}
