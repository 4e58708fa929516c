"""Dates by which a text promises something: 2023年底前, 预计11月完成, 力争年内, 完成时限：6月底.

What already happened is no promise, and neither is a date without a word of intent. Where the
text prints no year, the bulletin's year is meant.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date

from tracker.parsing.clauses import clause
from tracker.parsing.layout import Passage
from tracker.parsing.numerals import CHINESE, number_value
from tracker.parsing.owners import Field
from tracker.parsing.records import Deadline, Excerpt

_YEAR = r"(?:(?P<y>[12]\d{3})\s?年\s?|(?P<rel>今年|本年|当年|明年|次年)\s?)?"
_QUARTERS = {"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}
_EXPRESSION = re.compile(
    rf"{_YEAR}(?:"
    r"(?P<m>1[0-2]|0?[1-9]|(?<![一二三四五六七八九十每])(?:十[一二]?|[一二三四五六七八九]))\s?月(?:\s?(?P<d>\d{1,2})\s?日|份?\s?(?P<part>底|末|初|上旬|中旬|下旬))?"
    r"|第?(?P<q>[一二三四1-4])季度|(?P<half>上半年|下半年)"
    r"|(?P<term>[春秋])季(?:学期)?开学(?=前))"
)
# 年底, 2023年底, 明年年底; the 年内 of 两年内 counts years instead.
_YEAR_END = re.compile(
    r"(?:(?P<y>[12]\d{3})\s?年|(?P<rel>今年|本年|当年|明年|次年)|(?<!\d)(?<!\d\s)(?<![一二三四五六七八九十两几数半])年)年?(?:底|末|内|终)"
)
_YEAR_ONLY = re.compile(r"(?:(?P<y>[12]\d{3})\s?年(?:度)?|(?P<rel>今年|本年|明年))(?=拟|计划)")
_UNDATED = re.compile(rf"(?:{CHINESE}|\d{{1,2}})\s?(?:年|个月|个季度|个工作日|天|日)(?:之|以)?内")
# The first group of each pattern below only says which characters it may begin with, which spares
# most of the text the whole search.
_INTENT = re.compile(
    r"(?=[预列纳计拟将力争确承有可底末月日年度])(?:预计|预期|(?:列入|纳入)[^，。；]{0,16}?计划"
    r"|计划(?=\s?(?:于|在|到|至|今|明|本|下半|上半|年|近期|\d|[一二三四五六七八九十两]))"
    r"|(?<![\u4e00-\u9fff])拟|(?<=年)拟|拟[于在]|将[于在]|力争|争取|确保|承诺|有望|可望"
    r"|[底末月日年度]之?前(?:完成|全[部面]|基本|实现|建成|整改|办结|付清|还清|结清|缴清|归还|拨付|交付|投用)"
    r"|[底末]之?前(?![已的，。；]))"
)
# Says outright that it will be reached; a plan to hold a meeting in May is none.
_UNDERTAKEN = re.compile(r"力争|争取|确保|承诺")
# A day that may still be to come.
_DATED = re.compile(r"\d\s?月\s?(?:底|末|\d{1,2}\s?日)?|年[内底末]|[上下]半年|季度")
_FORECAST = re.compile(r"预计|有望|可望|预期")
# What is promised without a date.
_SOON = re.compile(
    r"(?=[尽早近抓适择条待])(?:(?<!为)(?<!为了)尽快|尽早|早日|近期|近日|适时|择机|条件成熟(?:后|时)"
    r"|抓紧(?:完成|整改|办理|推进|落实)|待[^，。；\d]{2,24}(?:后|结束|批复|批准|到位))"
)
_DONE_ALREADY = re.compile(r"已(?!报|提交|制定|列入|纳入|拟)|近期(?:内)?(?:已|先后|召开|开展了)")
_PAST = re.compile(r"已|了(?=$|[^解])|曾|上年|去年|(?:印发|制定|根据|按照)《")
_START = re.compile(r"开始|开工|启动|动工|开建|进场|铺设")
_FINISH = re.compile(
    r"完成|完工|竣工|建成|投入|通过|办结|整改|增加|获|实现|销号|到[位岗]|试?运行|交付|出清|通水|解决|付清|归还|上线"
    r"|达[标到]|见效|启用|清[零退缴理]|消[除化]|化解|覆盖|摘帽|验收|兑[现付]|结清|退出|配[齐备]|到账|形成|出台|印发"
)
# 完成时限：长期坚持 sets a kind, not a date.
_NO_DATE = re.compile(r"长期|持续|立行立改|即知即改|即行即改|^已")
_BREAKS = "，,。；;！？\n"
_CLAUSE = re.compile(rf"[^{_BREAKS}]+")


def read_deadlines(
    passage: Passage,
    start: int,
    end: int,
    year: int,
    fields: Iterable[Field] = (),
    said_on: date | None = None,
) -> tuple[Deadline, ...]:
    """Return what text[start:end] promises, in order.

    `year` is the bulletin's; `fields` are the labelled values, whose 完成时限 counts without a word
    of intent. So does what will be finished on a day after `said_on`, the day of the bulletin. A
    promise whose words cannot be dated has on=None.
    """
    text = passage.text
    labelled = [field for field in fields if field.name == "deadline"]
    found = [
        _labelled(passage, field, year) for field in labelled if not _NO_DATE.search(field.value)
    ]
    taken = [(field.start, field.end) for field in labelled]
    all_labelled = list(taken)
    taken_clauses: set[int] = set()
    for words in _clauses_of(_INTENT, text, start, end):
        while taken and taken[0][1] <= words.start():
            taken.pop(0)
        if taken and taken[0][0] < words.end():
            continue
        if not _PAST.search(words[0]):
            found += _promised(passage, words, year)
            taken_clauses.add(words.start())
    for words in _clauses_of(_DATED, text, start, end) if said_on else ():
        labelled_here = any(a < words.end() and words.start() < b for a, b in all_labelled)
        if words.start() in taken_clauses or labelled_here or _PAST.search(words[0]):
            continue
        on = last_day(words[0], year)
        if on and on > said_on and _FINISH.search(words[0]):
            found += _promised(passage, words, year)
    return tuple(sorted(found, key=lambda deadline: deadline.span.start))


def _clauses_of(
    pattern: re.Pattern[str], text: str, start: int, end: int
) -> Iterator[re.Match[str]]:
    """Yield each clause of text[start:end] that a pattern matches in, once."""
    done = start
    for match in pattern.finditer(text, start, end):
        if match.start() < done:
            continue
        low = match.start()
        while low > done and text[low - 1] not in _BREAKS:
            low -= 1
        if words := _CLAUSE.match(text, low, end):
            done = words.end()
            yield words


def read_promises(passage: Passage, start: int, end: int) -> tuple[Excerpt, ...]:
    """Return the clauses of text[start:end] that promise something without a date, in order."""
    text = passage.text
    found: dict[tuple[int, int], None] = {}
    for match in _SOON.finditer(text, start, end):
        low, high = clause(text, *match.span(), start, end)
        if not _DONE_ALREADY.search(text, low, high):
            found.setdefault((low, high))
    return tuple(Excerpt(passage.printed(*place), passage.span(*place)) for place in found)


def last_day(words: str, year: int) -> date | None:
    """Return the last day that a deadline in words allows, None if it names none.

    A month, a season or a year means its last day; 初 and 上旬 mean the 10th, 中旬 the 20th.

    >>> [str(last_day(w, 2024)) for w in ("6月底前", "2025年第一季度", "年内", "长期")]
    ['2024-06-30', '2025-03-31', '2024-12-31', 'None']
    """
    if match := _YEAR_END.search(words):
        return date(_year(match, year), 12, 31)
    for match in _EXPRESSION.finditer(words):
        if day := _dated(match, year):
            return day
    return None


def _dated(match: re.Match[str], year: int) -> date | None:
    year = _year(match, year)
    if match["m"]:
        month = number_value(match["m"])
        last = monthrange(year, month)[1]
        day = (
            int(match["d"])
            if match["d"]
            else {"初": 10, "上旬": 10, "中旬": 20}.get(match["part"], last)
        )
        return date(year, month, day) if 1 <= day <= last else None
    if match["q"]:
        month = _QUARTERS[match["q"]]
        return date(year, month, monthrange(year, month)[1])
    if match["half"]:
        return date(year, 6, 30) if match["half"] == "上半年" else date(year, 12, 31)
    if match["term"]:
        # Chinese schools begin on 1 March or a little before, and on 1 September.
        return date(year, 8, 31) if match["term"] == "秋" else date(year, 2, 28)
    return None


def _year(match: re.Match[str], year: int) -> int:
    if match["y"]:
        return int(match["y"])
    return year + (match["rel"] in ("明年", "次年"))


def _promised(passage: Passage, found: re.Match[str], year: int) -> Iterator[Deadline]:
    start, end = clause(passage.text, *found.span(), *found.span())
    words = passage.text[start:end]
    quote, span = passage.printed(start, end), passage.span(start, end)
    forecast = bool(_FORECAST.search(words))
    on = last_day(words, year)
    starts = _START.search(words) and not _FINISH.search(words)
    if on:
        meant = _FINISH.search(words) or _UNDERTAKEN.search(words)
        if starts or meant or re.search(r"前|底|内|季度", words):
            yield Deadline(on, "start" if starts else "completion", quote, span, forecast)
    elif match := _YEAR_ONLY.search(words):
        yield Deadline(date(_year(match, year), 12, 31), "plan", quote, span, forecast)
    elif _UNDATED.search(words) and _FINISH.search(words):
        yield Deadline(None, "completion", quote, span, forecast)


def _labelled(passage: Passage, field: Field, year: int) -> Deadline:
    start = field.value_start
    end = start + len(field.value)
    return Deadline(
        last_day(field.value, year), "completion", field.value, passage.span(start, end)
    )
