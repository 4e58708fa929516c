"""Ledgers: which tables list problems, what their columns hold, and which rows belong together.

No two offices lay out a 台账 alike, so nothing depends on the order of columns: the words of the
header say what a column holds (COLUMNS), a merged cell is looked at in every place it covers,
and a row without a problem of its own goes on with the problem above it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from tracker.parsing.headings import opening
from tracker.parsing.reading.source import Cell, Source, Table
from tracker.parsing.records import Span

Row = list[Cell | None]

# What a column holds -> words that its header may say. The longest word found decides; of two
# equally long ones the last, because the head of a Chinese phrase stands at its end.
COLUMNS = {
    "number": "序号 编号 问题编号 问题序号 项号 NO",
    "category": """
        类别 方面 大类 分类 类型 板块 问题类别 问题类型 问题分类 问题方面 反馈方面 涉及方面
        一级问题 整改类别 整改方面""",
    "problem": """
        问题 反馈问题 存在问题 存在的问题 主要问题 具体问题 发现问题 突出问题 整改问题 二级问题
        问题描述 问题内容 问题清单 问题表现 问题名称 问题概述 问题事实 问题情况 具体表现
        反馈意见 反馈事项 整改事项 整改内容 整改任务""",
    "measure": """
        措施 整改措施 具体措施 工作措施 主要措施 整改工作措施 举措 整改举措 工作举措 整改方案
        整改办法 整改要求 具体做法 整改任务及措施""",
    "leader": """
        责任领导 牵头领导 分管领导 主管领导 包案领导 挂牌领导 包保领导 督办领导 责任市领导
        责任县领导 责任区领导 责任校领导 责任局领导""",
    "unit": """
        责任单位 整改责任单位 牵头责任单位 牵头单位 整改单位 承办单位 主责单位 责任部门
        整改责任部门 牵头部门 承办部门 主责部门 责任科室 牵头科室 承办科室 责任处室 责任股室
        责任主体""",
    "co_unit": "配合单位 责任配合单位 协办单位 协同单位 协助单位 参与单位 配合部门 配合科室",
    "person": """
        责任人 责任人员 整改责任人 直接责任人 具体责任人 第一责任人 负责人 具体负责人
        整改负责人 经办人 承办人 责任人及电话 责任人及联系电话 责任人联系方式""",
    "deadline": """
        时限 完成时限 整改时限 整改完成时限 办结时限 销号时限 时限要求 期限 整改期限 完成期限
        限期 完成时间 整改时间 整改完成时间 计划完成时间 拟完成时间 办结时间 完成日期 时间节点
        时间要求""",
    "progress": """
        进展 进展情况 整改进展 整改进展情况 目前进展 最新进展 工作进展 整改进度 整改情况
        完成情况 整改完成情况 落实情况 整改落实情况 措施落实情况 整改措施落实情况
        整改措施完成情况 整改措施进展 整改措施及成效 整改成效 取得成效 成效 整改结果 办理情况""",
    "status": """
        状态 整改状态 完成状态 办理状态 销号状态 是否完成 是否销号 是否办结 是否整改到位
        是否完成整改 是否整改完成 整改是否完成 销号情况 办结情况 完成比例 完成率 完成百分比""",
    "kind": "整改类型 整改属性 整改性质 时限类型",
    "goal": "目标 整改目标 目标要求 预期目标 工作目标 整改标准",
    "note": """督导单位 督办单位 验收单位 验收部门 销号单位 监督单位
        备注 说明 附件 佐证 佐证材料 电话 联系电话 联系方式""",
}
# The longest header; a longer cell is a row of data that happens to name a measure.
_LONGEST_HEADER = 24
# How much of a header its word must make up unless it ends with it: 措施落实不到位 is none.
_HEADER_SHARE = 0.4
# A header stands below titles and lines such as 填报单位; further down it is none.
_HEADER_WITHIN = 12
# The longest label of a card, and how many of its labels must say something we know.
_LONGEST_LABEL = 12
_LABELS_SHARE = 0.6
_LARGEST_GRID = 1_000_000
_WORDS = [(word, name) for name, words in COLUMNS.items() for word in words.split()]
# Without one of these beside the problems, a table is a list and no ledger.
_ANSWERS = {"measure", "leader", "unit", "person", "deadline", "progress", "status"}

# Columns of categories stand below rows of categories, from left to right.
_FIRST_COLUMN_RANK = 100
_LONGEST_CATEGORY = 200
# Rows below the problems that sum up, sign or explain.
_BELOW_PROBLEMS = re.compile(
    r"合\s*计|小\s*计|总\s*计|注[：:]|备注[：:]|说明[：:]|填[表报]人|审核人|填表(?:单位|日期|时间)|制表"
)


@dataclass(frozen=True, slots=True)
class Ledger:
    """One table that lists problems.

    `columns` tells in which columns of the grid each thing stands; `header` are the texts of its
    header rows, which a table over several pages repeats; the problems begin at `first_row`.
    """

    table: Table
    grid: list[Row]
    columns: dict[str, list[int]]
    header: tuple[tuple[str, ...], ...]
    first_row: int
    # Headers that say nothing we know.
    unknown: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        """The place of header and rows, without the title lines above them."""
        first = max(self.first_row - len(self.header), 0)
        cells = [cell for cell in self.table.cells if cell.row >= first]
        return Span(cells[0].start, cells[-1].end)

    def cells(self, name: str, row: Row) -> list[Cell]:
        """Return the filled cells of a row that hold one thing, a merged one once."""
        found = dict.fromkeys(row[column] for column in self.columns.get(name, ()))
        return [cell for cell in found if cell and cell.text]


@dataclass(frozen=True, slots=True)
class Category:
    """A heading above problems: a row across the table, or a cell of a column of categories.

    `depth` is 1 for the outermost.
    """

    depth: int
    number: str
    value: int
    title: str
    text: str
    cell: Cell


@dataclass(slots=True)
class Entry:
    """The rows of one problem, with all cells that begin in them."""

    ledger: Ledger
    number: Cell | None
    problem: Cell
    path: tuple[Category, ...]
    rows: list[Row] = field(default_factory=list)
    own: list[Cell] = field(default_factory=list)

    def cells(self, name: str) -> list[Cell]:
        """Return the cells that hold one thing, from all rows of the problem."""
        found = [cell for row in self.rows for cell in self.ledger.cells(name, row)]
        return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """A header row that the table repeats."""

    own: list[Cell]


def find_ledgers(source: Source) -> list[Ledger]:
    """Return the tables of a document that list problems.

    A table without header and as wide as the ledger before it goes on with it.
    """
    found: list[Ledger] = []
    for table in source.tables:
        if table.height * table.width > _LARGEST_GRID:
            continue
        grid = table.grid()
        if cards := list(_cards(table)):
            found += cards
        elif ledger := _with_header(table, grid):
            found.append(ledger)
        elif found and found[-1].table.width == table.width:
            found.append(replace(found[-1], table=table, grid=grid, first_row=0))
    return found


def without(text: str, ledgers: list[Ledger]) -> str:
    """Return the text with every ledger blanked, so that all places stay what they are."""
    for span in (ledger.span for ledger in ledgers):
        text = text[: span.start] + "\n" * (span.end - span.start) + text[span.end :]
    return text


def rows(ledgers: list[Ledger]) -> Iterator[Category | Entry | HeaderRow]:
    """Yield what the rows of the ledgers say, in order; rows that sum up or sign are left out."""
    walk = _Walk()
    for ledger in ledgers:
        for number, row in enumerate(ledger.grid[ledger.first_row :], start=ledger.first_row):
            own = [cell for cell in dict.fromkeys(row) if cell and cell.row == number]
            if any(cell.text for cell in own):
                yield from walk.row(ledger, row, own)
    yield from walk.finish()


class _Walk:
    """Goes down the rows and remembers the categories and the problem that it is in."""

    def __init__(self):
        self.above: list[tuple[int, Category]] = []
        self.entry: Entry | None = None

    def row(
        self, ledger: Ledger, row: Row, own: list[Cell]
    ) -> Iterator[Category | Entry | HeaderRow]:
        """Yield what ends or stands alone with this row."""
        if _texts(row) in ledger.header:
            yield HeaderRow(own)
            return
        filled = [cell for cell in own if cell.text]
        if _BELOW_PROBLEMS.match(filled[0].text):
            yield from self.finish()
            return
        if len(filled) == 1 and (rank := _rank_of_category_row(ledger, filled[0])) is not None:
            yield from self.finish()
            yield self.category(rank, filled[0])
            return
        problem = next(iter(ledger.cells("problem", row)), None)
        if problem is None or (self.entry and problem is self.entry.problem):
            if self.entry:
                self.entry.rows.append(row)
                self.entry.own += own
            return
        yield from self.finish()
        for column in ledger.columns.get("category", ()):
            cell = row[column]
            rank = _FIRST_COLUMN_RANK + column
            # An empty cell means the category above, and so does one that repeats it.
            if cell and cell.text and not self.is_in(rank, cell):
                yield self.category(rank, cell)
        number = next(iter(ledger.cells("number", row)), None)
        path = tuple(category for _, category in self.above)
        self.entry = Entry(ledger, number, problem, path, [row], own)

    def finish(self) -> Iterator[Entry]:
        """Yield the problem that the walk is in, if it is in one."""
        if self.entry:
            yield self.entry
        self.entry = None

    def is_in(self, rank: int, cell: Cell) -> bool:
        return any(r == rank and c.text == heading_line(cell.text) for r, c in self.above)

    def category(self, rank: int, cell: Cell) -> Category:
        """Step into a category; those beside and below the last one of its rank are left."""
        before = next((category for r, category in self.above if r == rank), None)
        self.above = [(r, category) for r, category in self.above if r < rank]
        text = heading_line(cell.text)
        found = opening(text)
        if found and found.number:
            number, value, title = found.number, found.value, text[found.end :] or text
        else:
            number, value, title = "", before.value + 1 if before else 1, text
        category = Category(len(self.above) + 1, number, value, title, text, cell)
        self.above.append((rank, category))
        return category


def heading_line(text: str) -> str:
    """Return the text of a cell as one line, its closing 。dropped."""
    return one_line(text).rstrip("。：: ")


def one_line(text: str) -> str:
    """Return the text of a cell with its lines joined, with a blank only between Latin words."""
    return re.sub(r"(?<=[!-~])\s*\n\s*(?=[!-~])", " ", text).replace("\n", "")


def _rank_of_category_row(ledger: Ledger, cell: Cell) -> int | None:
    """Return the rank of a row whose only text names a category, None if it names none.

    Either its cell reaches across the table, or it is numbered like a heading in the first column.
    """
    found = opening(cell.text)
    across = cell.columns >= max(2, ledger.table.width * 0.5)
    numbered = found is not None and found.style.rank <= 3 and cell.column <= 1
    if len(cell.text) > _LONGEST_CATEGORY or not (across or numbered):
        return None
    return found.style.rank if found else 0


def _with_header(table: Table, grid: list[Row]) -> Ledger | None:
    """Return the table as a ledger if one of its first rows, or two together, are its header."""
    best: tuple[int, Ledger] | None = None
    for first in range(min(_HEADER_WITHIN, len(grid))):
        for height in (1, 2):
            header = grid[first : first + height]
            if len(header) < height or not _may_be_header(header):
                continue
            columns = _columns(header)
            known = set(columns)
            if "problem" in known and known & _ANSWERS and (not best or len(known) > best[0]):
                texts = tuple(_texts(row) for row in header)
                unknown = dict.fromkeys(
                    cell.text
                    for row in header
                    for cell in row
                    if cell and cell.text and cell.columns == 1 and not column_of(cell.text)
                )
                ledger = Ledger(table, grid, columns, texts, first + height, tuple(unknown))
                best = len(known), _told_apart(ledger)
    return best[1] if best else None


def _cards(table: Table) -> Iterator[Ledger]:
    """Yield each problem of a table that prints labels with what they say beside them.

    Such a card is a ledger of one row, turned on its side; the first label begins the next when it
    comes again.
    """
    pairs: list[tuple[str | None, Cell, Cell]] = []
    for _, cells in groupby(table.cells, key=lambda cell: cell.row):
        row = list(cells)
        if len(row) % 2 == 0:
            pairs += [
                (column_of(label.text) if len(label.text) <= _LONGEST_LABEL else None, label, said)
                for label, said in zip(row[::2], row[1::2], strict=True)
            ]
    known = [name for name, _, _ in pairs if name]
    labels_beside = any(
        len(said.text) <= _LONGEST_LABEL and column_of(said.text) for _, _, said in pairs
    )
    if len(pairs) < 3 or len(known) < len(pairs) * _LABELS_SHARE or labels_beside:
        return
    cards: list[list[tuple[str | None, Cell, Cell]]] = []
    for pair in pairs:
        if not cards or pair[0] == cards[0][0][0]:
            cards.append([])
        cards[-1].append(pair)
    for card in cards:
        columns: dict[str, list[int]] = {}
        cells, labels, values = [], [], []
        for column, (name, label, said) in enumerate(card):
            labels.append(replace(label, row=0, column=column, rows=1, columns=1))
            values.append(replace(said, row=1, column=column, rows=1, columns=1))
            cells += labels[-1:] + values[-1:]
            if name:
                columns.setdefault(name, []).append(column)
        if "problem" in columns and columns.keys() & _ANSWERS:
            grid: list[Row] = [[*labels], [*values]]
            yield _told_apart(Ledger(Table(tuple(cells)), grid, columns, (_texts(labels),), 1))


def _may_be_header(header: list[Row]) -> bool:
    cells = {id(cell): cell for row in header for cell in row if cell and cell.text}
    if any(len(cell.text) > _LONGEST_HEADER for cell in cells.values()):
        return False
    # A second row belongs to the header if cells above reach into it or stand over several of it.
    return len(header) == 1 or any(
        above is below or above.columns > 1
        for above, below in zip(*header, strict=True)
        if above and below
    )


def _columns(header: list[Row]) -> dict[str, list[int]]:
    """Return field -> columns; the lower of two header rows is the more exact one."""
    columns: dict[str, list[int]] = {}
    for column in range(len(header[0])):
        for row in reversed(header):
            if (cell := row[column]) and (name := column_of(cell.text)):
                columns.setdefault(name, []).append(column)
                break
    return columns


def column_of(header: str) -> str | None:
    """Return what a column with this header holds.

    >>> [column_of(h) for h in ("整改措施落实情况", "责任\\n领导", "问题类别", "受理窗口")]
    ['progress', 'leader', 'category', None]
    """
    words = re.sub(r"[（(\[【][^）)\]】]*[）)\]】]|[\s　：:*、/／]", "", header)
    found = [
        (len(word), words.rfind(word) + len(word), name)
        for word, name in _WORDS
        if words.endswith(word) or (word in words and len(word) >= len(words) * _HEADER_SHARE)
    ]
    return max(found)[2] if found else None


def _told_apart(ledger: Ledger) -> Ledger:
    """Tell apart columns that share the header 问题: number, category, and the problem itself."""
    shared = ledger.columns["problem"]
    if len(shared) < 2:
        return ledger
    texts = {
        column: [row[column].text for row in ledger.grid[ledger.first_row :] if row[column]]
        for column in shared
    }
    problem = max(shared, key=lambda column: sum(map(len, texts[column])))
    columns = {name: list(places) for name, places in ledger.columns.items()}
    columns["problem"] = [problem]
    for column in shared:
        if column != problem:
            numeric = all(
                re.fullmatch(r"[\d一二三四五六七八九十（）().、]{0,6}", t) for t in texts[column]
            )
            columns.setdefault("number" if numeric else "category", []).append(column)
    return replace(ledger, columns=columns)


def _texts(row: Row) -> tuple[str, ...]:
    return tuple(cell.text if cell else "" for cell in row)
