"""From the rows of a ledger to problems, in the form in which the text of a bulletin gives them."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Literal

from tracker.parsing import checks
from tracker.parsing.claims import read_claim, state
from tracker.parsing.deadlines import last_day, read_deadlines, read_promises
from tracker.parsing.documents import read_documents
from tracker.parsing.headings import opening
from tracker.parsing.indicators import read_indicators
from tracker.parsing.layout import Passage
from tracker.parsing.masthead import bulletin_year, read_masthead
from tracker.parsing.measures import Division, divide
from tracker.parsing.numerals import CHINESE, number_value
from tracker.parsing.quotes import Quotes
from tracker.parsing.reading.source import Cell, Source
from tracker.parsing.records import (
    Claim,
    Deadline,
    Document,
    Flag,
    Heading,
    Masthead,
    Owner,
    ParsedBulletin,
    ParsedMeasure,
    ParsedProblem,
    Remark,
    Span,
)
from tracker.parsing.remainder import uncovered
from tracker.parsing.sections import Section
from tracker.parsing.signals import read_blockers, read_flags
from tracker.parsing.tables import (
    Category,
    Entry,
    HeaderRow,
    Ledger,
    heading_line,
    one_line,
    rows,
    without,
)
from tracker.parsing.titles import title_core

# Words that a deadline column may say instead of a day.
_NO_DAY = re.compile(
    r"立行立改|立即|即知即改|长期|持续|常态|已完成|已整改|已办结|已销号|[—\-/无]+$"
)
_NUMERIC_DATE = re.compile(
    r"(?<!\d)([12]\d{3})\s?[.\-/．]\s?(1[0-2]|0?[1-9])"
    r"(?:\s?[.\-/．]\s?(3[01]|[12]\d|0?[1-9]))?(?![\d.])"
)
_RANGE_MARK = re.compile(r"[至到—–~～\-]+")
_YEAR = re.compile(r"([12]\d{3})\s?年")

# A progress column that is one phrase says the state as a state column does.
_LONGEST_STATE = 30
# A long progress report that begins or ends by saying that all is done.
_DONE = r"(?:目前)?(?:已(?:全部完成|完成整改|完成|整改到位|整改完毕|销号|办结)|整改已?完成)"
_DONE_AT_AN_END = re.compile(rf"^{_DONE}(?=[。，；：\n])|(?<=[。；\n]){_DONE}(?=[。；]?$)")

# 1.… 2.… on lines of their own or after a full stop; 一是 … 二是 … is read as in running text.
_ITEM = re.compile(r"(?:^|(?<=[\n。；;]))\s*(?P<n>\d{1,2})\s?(?:[.．、](?!\d)|[)）])\s*")
_GOES_ON = re.compile(rf"\s*(?P<n>{CHINESE})[是要][，,：:]?\s*")
_NUMBER = re.compile(rf"\d{{1,4}}|{CHINESE}|[①-⑳]")

_LEDGER_TITLE = re.compile(
    r".{2,60}(?:台[账帐]|清单|一览表|分解表|情况表|责任表|明细表|汇总表|推进表|销号表)"
    r"(?:[（(][^）)]*[）)])?$"
)
_UNIT_LABEL = re.compile(
    r"(?:填报|报送|整改|被巡[察视]|被审计)单位\s?(?:[（(][^）)]{0,6}[）)])?\s?[：:]\s?"
    r"([^\s：:，。]{2,40})"
)
_UNIT_IN_TITLE = re.compile(
    r"(?:中共)?(.{2,40}?(?:局|委员会|办公室|厅|学校|大学|学院|医院|公司|集团|中心|街道|镇|乡|党组|党委))"
    r"(?=关于|落实|对照|[省市县区]委|巡|审计|整改|反馈|问题|20\d\d)"
    r"|([\u4e00-\u9fff]{1,8}?[市县区镇乡])(?=关于|贯彻|落实)"
)

_BODY_IN_TITLE = re.compile(r"(?:关于|落实|对照?)([\u4e00-\u9fff]{0,14}?(?:巡[察视]|督[察查])组)")


def read_ledgers(source: Source, ledgers: list[Ledger], today: date) -> ParsedBulletin | None:
    """Read the problems of a document's ledgers, None if there are none.

    What stands outside the tables is read for the facts of the inspection only.
    """
    if not ledgers:
        return None
    first, last = ledgers[0].span, ledgers[-1].span
    passage = Passage(without(source.text, ledgers))
    offset = bisect_left(range(len(passage.text)), first.start, key=passage.place)
    masthead = _masthead(passage, offset)
    reader = _EntryReader(source.text, bulletin_year(masthead, today))
    headings: list[Heading] = []
    problems: list[ParsedProblem] = []
    header = [span for ledger in ledgers for span in _header_spans(ledger)]
    for item in rows(ledgers):
        if isinstance(item, Entry):
            problems.append(reader.problem(item))
        elif isinstance(item, Category):
            headings.append(_heading(item))
        elif isinstance(item, HeaderRow):
            header += [_span(cell) for cell in item.own]
    if not problems:
        return None
    section = Section(masthead.title, offset, offset)
    places = [each.span for each in (*headings, *problems)]
    section_span = Span(min(first.start, *(span.start for span in places)), last.end)
    return ParsedBulletin(
        text=source.text,
        masthead=masthead,
        problem_section=masthead.title,
        section_span=section_span,
        headings=tuple(headings),
        problems=tuple(problems),
        remarks=tuple(
            checks.at_most(
                checks.masthead_remarks(masthead, section),
                checks.count_remarks(passage, section, [], problems),
                _number_remarks(problems),
                checks.problem_remarks(passage, masthead, [(p, _NO_DIVISION) for p in problems]),
                _column_remarks(ledgers),
            )
        ),
        remainder=uncovered(source.text, section_span, [*places, *header]),
    )


_NO_DIVISION = Division(None, (), None)


class _CellText(Passage):
    """The text of one cell; its places are places in the text of the document."""

    def __init__(self, cell: Cell):
        super().__init__(cell.text)
        self._start = cell.start
        self.quotes = Quotes(self.text)

    def place(self, offset: int) -> int:
        """Return where in the document the character at `offset` of the cell stands."""
        return self._start + super().place(offset)


class _EntryReader:
    """Turns the rows of a problem into a problem; counts those that print no number."""

    def __init__(self, text: str, year: int):
        self.text = text
        self.year = year
        self._line_ends = [match.start() for match in re.finditer("\n", text)]
        self._count = 0
        self._keys: dict[str, int] = {}

    def problem(self, entry: Entry) -> ParsedProblem:
        """Read one problem."""
        number, value, title = self._number_and_title(entry)
        measure_cells, progress_cells = entry.cells("measure"), entry.cells("progress")
        measures = [_CellText(cell) for cell in measure_cells]
        progress = [_CellText(cell) for cell in progress_cells]
        told = [*measures, *progress]
        above = [category.cell for category in entry.path]
        own = [cell for cell in entry.own if cell.text and cell not in above]
        body = [cell for cell in own if cell in measure_cells or cell in progress_cells]
        span = Span(min(cell.start for cell in own), max(cell.end for cell in own))
        return ParsedProblem(
            key=self._key(entry, value),
            path=tuple(category.text for category in entry.path),
            number=number,
            number_value=value,
            title=title,
            title_core=title_core(re.split("[。；\n]", title)[0]),
            span=span,
            body_span=Span(body[0].start, max(cell.end for cell in body)) if body else None,
            lead_in=None,
            measures=tuple(measure for cell in measures or progress for measure in _measures(cell)),
            closing_statement=None,
            claim=_claim(entry, progress),
            deadlines=(
                *_stated_deadlines(entry, self.year),
                *(d for cell in told for d in read_deadlines(cell, 0, len(cell.text), self.year)),
            ),
            indicators=tuple(
                i for cell in told for i in read_indicators(cell, 0, len(cell.text), self.year)
            ),
            documents=_documents([_CellText(entry.problem), *told]),
            owner=Owner(*(_names(entry.cells(name)) for name in ("leader", "unit", "person"))),
            kind_hint=_kind_hint(entry),
            source_lines=(self._line(span.start), self._line(span.end - 1)),
            blockers=tuple(b for cell in told for b in read_blockers(cell, 0, len(cell.text))),
            promises=tuple(p for cell in told for p in read_promises(cell, 0, len(cell.text))),
            flags=_flags([_CellText(cell) for cell in own]),
        )

    def _number_and_title(self, entry: Entry) -> tuple[str, int, str]:
        """Return the number as printed, its value, and the problem without its number.

        The number stands in a column of its own, before the problem, or nowhere.
        """
        title = heading_line(entry.problem.text)
        found = opening(title)
        number, value = "", self._count + 1
        if found and found.number and title[found.end :]:
            number, value, title = found.number, found.value, title[found.end :]
        if entry.number and (digits := _NUMBER.search(entry.number.text)):
            number, value = one_line(entry.number.text).rstrip("、.．"), number_value(digits[0])
        self._count = value
        return number, value, title

    def _key(self, entry: Entry, value: int) -> str:
        key = ".".join(str(n) for n in (*(above.value for above in entry.path), value))
        self._keys[key] = self._keys.get(key, 0) + 1
        return key if self._keys[key] == 1 else f"{key}#{self._keys[key]}"

    def _line(self, place: int) -> int:
        return bisect_left(self._line_ends, place) + 1


def _measures(cell: _CellText) -> Iterator[ParsedMeasure]:
    """Yield the measures of a cell: its numbered lines, its 一是 … 二是 …, or all of it."""
    text = cell.text
    items: list[re.Match[str]] = []
    for match in _ITEM.finditer(text):
        begins = not items and not text[: match.start()].strip()
        follows = items and int(match["n"]) == int(items[-1]["n"]) + 1
        if (begins or follows) and not cell.quotes.hold(match.start("n")):
            items.append(match)
    if items:
        ends = [*(match.start() for match in items[1:]), len(text)]
        pieces = [(match["n"], match.end(), end) for match, end in zip(items, ends, strict=True)]
    else:
        division = divide(text, 0, len(text), cell.quotes)
        pieces = [(piece.number, piece.start, piece.end) for piece in division.pieces]
    if len(pieces) == 1 and pieces[0][0] is None and (goes_on := _GOES_ON.match(text)):
        # 三是 in a cell of its own: the row above began the series.
        pieces = [(goes_on["n"], goes_on.end(), len(text))]
    for number, start, end in pieces:
        if words := text[start:end].strip():
            first = start + text[start:end].index(words)
            stop = first + len(words)
            yield ParsedMeasure(number, cell.printed(first, stop), cell.span(first, stop))


def _documents(cells: list[_CellText]) -> tuple[Document, ...]:
    """Return each document once, where it is named first."""
    seen: dict[str, Document] = {}
    for cell in cells:
        for document in read_documents(cell, 0, len(cell.text)):
            seen.setdefault(re.sub(r"\s", "", document.title), document)
    return tuple(seen.values())


def _flags(cells: list[_CellText]) -> tuple[Flag, ...]:
    """Return each flag once, where a cell of the row raises it first."""
    seen: dict[str, Flag] = {}
    for cell in cells:
        for flag in read_flags(cell, 0, len(cell.text)):
            seen.setdefault(flag.name, flag)
    return tuple(seen.values())


def _names(cells: list[Cell]) -> str | None:
    """Return the names of cells as one text; 张　三 is spaced for looks only."""
    names: dict[str, None] = {}
    for cell in cells:
        for line in cell.text.split("\n"):
            name = line.strip(" \t\u3000、，,；;")
            spaced = re.fullmatch(r"([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])", name)
            names[spaced[1] + spaced[2] if spaced else name] = None
    return "、".join(name for name in names if name) or None


def _claim(entry: Entry, progress: list[_CellText]) -> Claim:
    """Return what the row says of its state: in a column for it, else in the progress."""
    stated = _joint_claim([_state(cell.text, _span(cell)) for cell in entry.cells("status")])
    if stated.status != "not_stated":
        return stated
    return _joint_claim([_claim_of_progress(cell) for cell in progress])


def _claim_of_progress(cell: _CellText) -> Claim:
    text = cell.text
    if not text:
        return Claim()
    if len(text) <= _LONGEST_STATE:
        claim = _state(text, cell.span(0, len(text)))
        if claim.status != "not_stated":
            return claim
    division = divide(text, 0, len(text), cell.quotes)
    claim = read_claim(cell, 0, len(text), division, read_indicators(cell, 0, len(text)))
    if claim.status == "not_stated" and (said := _DONE_AT_AN_END.search(text)):
        return Claim("done", None, said[0], cell.span(*said.span()))
    return claim


def _state(text: str, span: Span) -> Claim:
    """Return the state that a short phrase names."""
    words = text.strip(" \u3000。\n")
    status, secondary = state(words)
    return Claim() if status == "not_stated" else Claim(status, secondary, words, span)


def _joint_claim(claims: list[Claim]) -> Claim:
    """Return what several rows say together: done only if each of them is."""
    stated = [claim for claim in claims if claim.status != "not_stated"]
    for status in ("in_progress", "long_term"):
        for claim in stated:
            if claim.status == status:
                return claim
    return stated[0] if stated and len(stated) == len(claims) else Claim()


def _stated_deadlines(entry: Entry, year: int) -> Iterator[Deadline]:
    for cell in entry.cells("deadline"):
        words = one_line(cell.text)
        day = deadline_day(words, year)
        if day or not _NO_DAY.search(words):
            yield Deadline(day, "completion", words, _span(cell))


def deadline_day(words: str, year: int) -> date | None:
    """Return the last day that a deadline column allows; of a range its end.

    >>> [str(deadline_day(w, 2024)) for w in ("2024.6.30", "2024年3月-9月", "2025/3", "长期")]
    ['2024-06-30', '2024-09-30', '2025-03-31', 'None']
    """
    words = _NUMERIC_DATE.sub(
        lambda m: f"{m[1]}年{int(m[2])}月" + (f"{int(m[3])}日" if m[3] else ""), words
    )
    days = []
    for part in _RANGE_MARK.split(words):
        if printed := _YEAR.search(part):
            year = int(printed[1])
        if day := last_day(part, year):
            days.append(day)
    return max(days, default=None)


def _kind_hint(entry: Entry) -> Literal["立行立改", "长期坚持"] | None:
    """Return the kind that the row names, first in the columns that are about it."""
    short = " ".join(cell.text for name in ("kind", "deadline") for cell in entry.cells(name))
    if re.search(r"立行立改|立即|即知即改", short):
        return "立行立改"
    if re.search(r"长期|持续|常态", short):
        return "长期坚持"
    told = " ".join(c.text for name in ("measure", "progress") for c in entry.cells(name))
    return next((hint for hint in ("立行立改", "长期坚持") if hint in told), None)


def _masthead(passage: Passage, offset: int) -> Masthead:
    """Read what stands around the tables; a ledger names its unit in its title or by a label."""
    masthead = read_masthead(passage, offset, offset)
    lines = [line.text for line in passage.paragraphs(0, offset)]
    title = masthead.title or next((t for t in lines if _LEDGER_TITLE.match(t)), None)
    labelled = next((m[1] for text in lines if (m := _UNIT_LABEL.search(text))), None)
    titled = _UNIT_IN_TITLE.match(title or "")
    unit = masthead.inspected_unit or labelled or (titled and (titled[1] or titled[2]))
    body = _BODY_IN_TITLE.search(title or "")
    return replace(
        masthead,
        title=title,
        inspected_unit=unit or None,
        inspecting_body=body[1] if body else masthead.inspecting_body,
    )


def _heading(category: Category) -> Heading:
    return Heading(
        category.depth,
        category.number,
        category.value,
        category.title,
        category.text,
        _span(category.cell),
    )


def _number_remarks(problems: list[ParsedProblem]) -> Iterator[Remark]:
    """Name the rows whose number skips or repeats; it may start again under each category."""
    for before, problem in pairwise(problems):
        if not problem.number or problem.number_value == before.number_value + 1:
            continue
        if problem.number_value == 1 and problem.path != before.path:
            continue
        skips = problem.number_value > before.number_value
        yield Remark(
            "number_skipped" if skips else "number_repeated",
            f"“{problem.number} {problem.title[:20]}”编号{'跳号' if skips else '重复或倒退'}："
            f"前一个是{before.number_value}",
            problem.span,
        )


def _column_remarks(ledgers: list[Ledger]) -> Iterator[Remark]:
    unknown = dict.fromkeys(header for ledger in ledgers for header in ledger.unknown)
    for header in unknown:
        yield Remark("column_unused", f"表格的“{one_line(header)}”一列没有读取，请核对")


def _header_spans(ledger: Ledger) -> list[Span]:
    first = max(ledger.first_row - len(ledger.header), 0)
    cells = [c for c in ledger.table.cells if first <= c.row < ledger.first_row]
    return [_span(cell) for cell in cells]


def _span(cell: Cell) -> Span:
    return Span(cell.start, cell.end)
