"""矩阵, the index of 责任 and the tables of 总览 as grids: what the page counts, cell for cell."""

from collections.abc import Iterable, Sequence
from itertools import count

from tracker import matrix, statistics
from tracker.choices import Light
from tracker.common_problems import CommonProblem
from tracker.dashboard import Age, Place
from tracker.figures import Figures
from tracker.filtersets import LightCount
from tracker.legends import Lamps
from tracker.matrix import AspectTable
from tracker.paper.grid import Cell, Grid, Head, Row, lamp_words
from tracker.paper.scope import Scope
from tracker.sheets import BY, Answering
from tracker.statistics import PressingTicket, Tally, UnitTally, Week

UNIT = Head("unit", "牵头单位", 52, is_heading=True)
TOTAL = Head("total", "合计", 18, is_centred=True)


def _line(cells: Sequence, at: int) -> Row:
    """A row of words, numbers, days and (light, words); nothing in it spans."""
    drawn = []
    for column, said in enumerate(cells):
        group = (at, column)
        if isinstance(said, Cell):
            drawn.append(Cell(said.text, group, lamp=said.lamp, value=said.value))
        elif isinstance(said, str):
            drawn.append(Cell(said, group))
        else:
            drawn.append(Cell("" if said is None else str(said), group, value=said))
    return Row(None, tuple(drawn), block=at)


def _lines(rows: Iterable[Sequence]) -> list[Row]:
    return [_line(cells, at) for at, cells in zip(count(), rows)]


def _number_head(key: str, label: str, width: int = 18) -> Head:
    return Head(key, label, width, is_centred=True)


# -- units by stage ------------------------------------------------------------------------------


def by_stage(scope: Scope, units: Sequence[UnitTally], total: Tally, tab: str = "矩阵") -> Grid:
    """Units against stages and the lights to watch, with the sum of all below."""
    lamps = [scope.lamps.of(light) for light in statistics.WATCHED]
    heads = [
        UNIT,
        *(_number_head(f"stage{n}", one.label) for n, one in enumerate(statistics.STAGES)),
        *(_number_head(lamp.light, lamp.word) for lamp in lamps),
        TOTAL,
        _number_head("percent", "整改进度%", 22),
    ]
    rows = [_tally_cells(unit.name, unit.tally, scope.lamps) for unit in units]
    rows.append(_tally_cells("合计", total, scope.lamps))
    return scope.grid("整改矩阵（单位×状态）", heads, _lines(rows), set_label="单位×状态", tab=tab)


def _tally_cells(name: str, tally: Tally, lamps: Lamps) -> list:
    percent = None if tally.percent is None else round(tally.percent)
    return [
        name,
        *(n for _, n in tally.stages),
        *(_counted(light, n, lamps) for light, n in tally.watched_lights),
        tally.total,
        percent,
    ]


def _counted(light: Light, n: int, lamps: Lamps) -> int | Cell:
    """How many under a light, in its colour where there are any."""
    return Cell(str(n), None, lamp=lamps.of(light), value=n) if n else 0


# -- units by problem, by heading ----------------------------------------------------------------


def by_problem(scope: Scope, rows: Sequence[matrix.Row]) -> Grid:
    """Units with their problems, the most pressing first: number and light of each."""
    most = max((len(row.tickets) for row in rows), default=0)
    heads = [
        UNIT,
        *(_number_head(f"problem{n}", f"第{n}个", 20) for n in range(1, most + 1)),
        *([_number_head("left", "还有", 16)] if any(row.left for row in rows) else []),
        TOTAL,
    ]
    drawn = []
    for row in rows:
        cells: list = [row.name]
        for ticket in row.tickets:
            lamp = scope.lamps.of(ticket.light_on_day, ticket.round_key)
            cells.append(Cell(ticket.printed_number or f"{ticket.serial}", None, lamp=lamp))
        cells += [""] * (most - len(row.tickets))
        if len(heads) > most + 2:
            cells.append(row.left or None)
        drawn.append([*cells, row.count])
    return scope.grid(
        "整改矩阵（单位×问题）", heads, _lines(drawn), set_label="单位×问题", tab="矩阵"
    )


def by_problem_in_words(scope: Scope, rows: Sequence[matrix.Row]) -> Grid:
    """The same for paper, which is not thirty columns wide: the numbers of each light in a line."""
    heads = [UNIT, Head("problems", "问题（原文序号）", 260), TOTAL]
    drawn = []
    for row in rows:
        lit: dict[str, list[str]] = {}
        for ticket in row.tickets:
            words = lamp_words(scope.lamps.of(ticket.light_on_day, ticket.round_key))
            lit.setdefault(words, []).append(ticket.printed_number or f"{ticket.serial}")
        said = [f"{words}（{len(own)}项）：{'、'.join(own)}" for words, own in lit.items()]
        if row.left:
            said.append(f"还有{row.left}项")
        drawn.append([row.name, "\n".join(said), row.count])
    return scope.grid("整改矩阵（单位×问题）", heads, _lines(drawn), set_label="单位×问题")


def by_aspect(scope: Scope, table: AspectTable) -> Grid:
    """Units against the headings of one inspection: how many, in the most pressing light."""
    heads = [
        UNIT,
        *(
            _number_head(f"aspect{n}", aspect.heading if aspect else "没有列出方面", 30)
            for n, aspect in enumerate(table.aspects)
        ),
        TOTAL,
    ]
    rows = [
        [
            name,
            *(
                Cell(str(cell.count), None, lamp=scope.lamps.of(cell.light)) if cell.light else 0
                for cell in cells
            ),
            total,
        ]
        for _, name, cells, total in table.rows
    ]
    title = "整改矩阵（单位×方面，灯为其中最急的）"
    return scope.grid(title, heads, _lines(rows), set_label="单位×方面", tab="矩阵")


# -- who answers for how much --------------------------------------------------------------------


def answering(
    scope: Scope, index: Sequence[Answering], by: str, lights: Sequence[LightCount]
) -> Grid:
    """One line for each leader or unit: how many problems, and under which lights."""
    lamps = [scope.lamps.of(one.light) for one in lights]
    heads = [
        Head("who", BY[by], 52, is_heading=True),
        _number_head("total", "问题"),
        _number_head("open", "未销号"),
        _number_head("closed", "已销号"),
        *(_number_head(f"light-{lamp.light}", lamp.word, 22) for lamp in lamps),
    ]
    rows = [
        [
            one.name,
            one.total,
            one.open,
            one.closed,
            *(_counted(lamp.light, one.by_light[lamp.light], scope.lamps) for lamp in lamps),
        ]
        for one in index
    ]
    return scope.grid(
        f"整改责任名单（按{BY[by]}）", heads, _lines(rows), set_label="责任名单", tab="责任"
    )


# -- 总览 ----------------------------------------------------------------------------------------


def outcomes(scope: Scope, counted: Figures) -> Grid:
    """整改结果: every way of counting, with its rule beside it."""
    heads = [
        Head("label", "口径", 44, is_heading=True),
        _number_head("count", "项数"),
        Head("rule", "怎样算", 120),
    ]
    rows = [
        ["问题总数", counted.total, "按条件选出的全部问题"],
        *([one.label, n, one.rule] for one, n in counted.outcomes),
    ]
    return scope.grid("整改结果", heads, _lines(rows), tab="整改结果")


def pressing(scope: Scope, items: Sequence[PressingTicket]) -> Grid:
    """The first of what is late, near or blocked, as the page lists it."""
    heads = [
        _number_head("light", "灯", 24),
        _number_head("number", "编号", 30),
        Head("title", "问题", 90, is_heading=True),
        _number_head("unit", "牵头单位", 40),
        _number_head("person", "责任人", 20),
        _number_head("status", "状态", 20),
        _number_head("due_on", "整改时限", 25),
        _number_head("left", "期限", 34),
        _number_head("pressed", "催办", 24),
    ]
    rows = []
    for item in items:
        ticket = item.ticket
        lamp = scope.lamps.of(item.light, ticket.round_key)
        rows.append(
            [
                Cell(lamp.word, None, lamp=lamp),
                ticket.number,
                ticket.title,
                str(ticket.lead_unit),
                ticket.person_name,
                ticket.get_status_display(),
                ticket.due_on,
                item.due,
                item.pressed,
            ]
        )
    title = f"超期、临期与受阻（最急的{len(items)}项）"
    return scope.grid(title, heads, _lines(rows), tab="超期临期受阻")


def trend(scope: Scope, weeks: Sequence[Week], fed: Sequence[int]) -> Grid:
    """The figures below the chart of closings, week by week; a week to come has none closed."""
    heads = [
        _number_head("week", "周（起）", 34),
        _number_head("fed", "累计反馈", 30),
        _number_head("closed", "累计销号", 30),
        _number_head("planned", "按原时限应销号", 40),
    ]
    rows = [
        [week.starts_on, so_far, week.closed, week.planned]
        for week, so_far in zip(weeks, fed, strict=True)
    ]
    return scope.grid("销号趋势", heads, _lines(rows), tab="销号趋势")


def ages(scope: Scope, found: Sequence[Age]) -> Grid:
    heads = [Head("label", "已历时", 44, is_heading=True), _number_head("count", "未销号", 30)]
    rows = [[age.label, age.count] for age in found]
    return scope.grid("未销号问题已历时（从反馈之日算起）", heads, _lines(rows), tab="已历时")


def common_problems(scope: Scope, found: Sequence[CommonProblem]) -> Grid:
    heads = [
        Head("words", "共性问题", 90, is_heading=True),
        _number_head("units", "单位数", 24),
        _number_head("count", "问题", 24),
        _number_head("open", "未销号", 24),
    ]
    rows = [[one.words, one.units, one.count, one.open] for one in found]
    return scope.grid("共性问题（两个以上被巡察单位都有）", heads, _lines(rows), tab="共性问题")


def ranking(scope: Scope, places: Sequence[Place], rule: str) -> Grid:
    heads = [
        _number_head("place", "名次"),
        Head("unit", "单位", 60, is_heading=True),
        _number_head("late", "超期", 20),
        _number_head("late_percent", "超期占比%", 28),
        _number_head("closed", "已销号", 20),
        _number_head("closed_percent", "销号占比%", 28),
        _number_head("total", "共", 20),
    ]
    rows = [
        [
            one.place or "不排",
            one.unit.name,
            one.late,
            round(one.late_percent, 1),
            one.closed,
            round(one.closed_percent, 1),
            one.total,
        ]
        for one in places
    ]
    return scope.grid("单位排名", heads, _lines(rows), facts=[rule], tab="单位排名")
