"""From the text as received to clean paragraphs, with the way back to every character.

Bold marks, invisible characters and the blanks around lines are dropped, and lines that a page
break or a fixed line width tore apart are joined without a blank. All later stages work on the
clean text; a Passage turns their offsets back into places in the source.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.parsing.headings import LEAD_LABEL, opening
from tracker.parsing.quotes import ends_open
from tracker.parsing.records import Line, Span
from tracker.parsing.spelling import plain

_BLANK = " \t\u3000\xa0\x0b\x0c\x1a\ufeff\u200b\u200c\u200d\u2060\xad"
_SENTENCE_END = "。！？；：!?;:…"
_CLOSING_MARKS = "”’」』》）)】*"
# Page numbers and the furniture of web pages; dropped wherever they stand.
FURNITURE = re.compile(
    r"(?:[—–\-－~～·\s]*第?\s*\d{1,3}\s*页?[—–\-－~～·\s]*(?:[共/／]\s*\d{1,3}\s*页?)?)$"
    r"|(?:[•·]\s*)?(?:所在位置|当前位置|您(?:现在)?的位置|首页\s*[>＞»]|来源\s*[：:]|信息来源|作者\s*[：:]|"
    r"编辑\s*[：:]|责任编辑|发布(?:时间|日期|机构)|浏览(?:次数|量)|点击(?:数|量|次数)|阅读(?:次数|量)|"
    r"字号|【字[号体]|字体|分享到|打印|关闭(?:窗口)?$|返回顶部|上一篇|下一篇|扫一扫|小】|大$|中$|小$)"
    r"|[•·]\s*\d{4}-\d{1,2}-\d{1,2}|\d{4}-\d{1,2}-\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?$"
)
# A line that begins like this starts a paragraph of its own, whatever the line before looks like.
_BARRIER = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}(?:是|要))|首先|其次|再次"
    r"|(?:责任|牵头|配合|完成|整改|办结)[\u4e00-\u9fff]{1,4}[：:]|联系|邮[政寄]|邮编|(?:通[讯信]|来[信访])地址|电子[邮信][箱件]"
    r"|公[开示](?:期限?|时间|日期)|(?:监督|举报|传真)电话|(?:序号|被?巡[察视]\w{2,4}|反馈(?:时间|日期|问题))[：:]"
    r"|欢迎|热忱欢迎|特此|附件|(?:中共)?[\u4e00-\u9fff（）]{4,40}(?:党组|委员会|党委|支部|总支|工委)$"
    r"|\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日$|[•·●◆■]"
)
# Bold marks, and what web pages hold between words without showing it.
_BOLD = re.compile(r"\*{2,}|__|[\u200b-\u200d\u2060\ufeff\xad]+")
_OPENING_MARKS = tuple("（(《“【")
# The words a heading ends with, torn in two: …落实情况方 / 面.
_TORN_WORDS = {"方": "面", "问": "题", "情": "况"}
_BOLD_OPENING = re.compile(r"(?:\*\*|__)([^*_\n]{2,80})(?:\*\*|__)")
_TAIL = 400
_NARROWEST = 22
# A torn heading ends soon after the tear: with its full stop, or with the words titles end in.
_REST_OF_TITLE = re.compile(r"[^。\n]{0,40}(?:。|(?:问题|方面|情况)$)")


class Passage:
    """Clean text and, for every run of characters kept, where it stands in the source.

    `text` is in the one spelling that the rules know (see spelling.plain); `printed()` gives the
    same characters as the source has them. `joins` are the clean offsets at which two lines were
    joined into one sentence; `bold` maps the start of a paragraph that opens in bold to the end
    of the bold words.
    """

    def __init__(self, source: str):
        self.source = source
        cleaned = _clean(plain(source))
        self.text, self.joins, self.bold = cleaned.text, cleaned.joins, cleaned.bold
        self._clean_starts = [clean for clean, _ in cleaned.runs]
        self._source_starts = [place for _, place in cleaned.runs]
        self._line_ends = [match.start() for match in re.finditer("\n", source)]

    def place(self, offset: int) -> int:
        """Return where in the source the clean character at `offset` stands."""
        run = bisect_right(self._clean_starts, offset) - 1
        return self._source_starts[run] + offset - self._clean_starts[run]

    def span(self, start: int, end: int) -> Span:
        """Return the place in the source of the clean text [start, end), which is not empty."""
        first = self.place(start)
        run = bisect_right(self._clean_starts, start)
        if run == len(self._clean_starts) or end <= self._clean_starts[run]:
            return Span(first, first + end - start)
        return Span(first, self.place(end - 1) + 1)

    def printed(self, start: int, end: int) -> str:
        """Return the clean text [start, end) in the characters of the source."""
        end = min(end, len(self.text))
        run = bisect_right(self._clean_starts, start) - 1
        if run + 1 == len(self._clean_starts) or end <= self._clean_starts[run + 1]:
            place = self._source_starts[run] + start - self._clean_starts[run]
            return self.source[place : place + end - start]
        words = []
        while start < end:
            following = self._clean_starts[run + 1 : run + 2]
            stop = min(end, *following) if following else end
            place = self._source_starts[run] + start - self._clean_starts[run]
            # Of the blanks between two paragraphs only the newline is kept.
            blank = self.text[start] == "\n"
            words.append("\n" if blank else self.source[place : place + stop - start])
            start, run = stop, run + 1
        return "".join(words)

    def line_number(self, offset: int) -> int:
        """Return the number of the source line (from 1) on which a clean character stands."""
        return bisect_right(self._line_ends, self.place(offset) - 1) + 1

    def paragraphs(self, start: int = 0, end: int | None = None) -> Iterator[Line]:
        """Yield the paragraphs of the clean text; `start` counts the clean text."""
        position = start
        for text in self.text[start:end].split("\n"):
            if text:
                yield Line(self.line_number(position), text, position)
            position += len(text) + 1


@dataclass(slots=True)
class _Cleaned:
    """Clean text while it is put together; see Passage."""

    runs: list[tuple[int, int]] = field(default_factory=list)
    text: str = ""
    joins: list[int] = field(default_factory=list)
    bold: dict[int, int] = field(default_factory=dict)


def _clean(source: str) -> _Cleaned:
    cleaned = _Cleaned()
    parts: list[str] = []
    length = 0
    lines = list(_lines(source))
    width = _line_width([line.text for line in lines])
    dotted = _styles_that_end_with_a_stop([line.text for line in lines])
    paragraph = ""
    for line in lines:
        if paragraph:
            if _continues(paragraph, line.text, width, dotted):
                cleaned.joins.append(length)
            else:
                cleaned.runs.append((length, line.start - 1))
                parts.append("\n")
                length += 1
                paragraph = ""
        if not paragraph and (bold := _BOLD_OPENING.match(line.text)):
            cleaned.bold[length] = length + len(bold[1])
        position = 0
        for kept in _BOLD.split(line.text):
            if kept:
                at = line.text.index(kept, position)
                cleaned.runs.append((length, line.start + at))
                parts.append(kept)
                length += len(kept)
                position = at + len(kept)
        # Only the end of a paragraph matters for joining; keeping it short keeps this linear.
        paragraph = paragraph[-_TAIL:] + without_bold(line.text)
    cleaned.text = "".join(parts)
    return cleaned


def without_bold(line: str) -> str:
    """Return a line without its bold marks and invisible characters."""
    return _BOLD.sub("", line)


def _lines(source: str) -> Iterator[Line]:
    """Yield the lines that hold text, without the blanks around it and without furniture."""
    position = 0
    for number, line in enumerate(source.split("\n"), start=1):
        text = line.strip(_BLANK)
        if text and without_bold(text) and not FURNITURE.match(text):
            yield Line(number, text, position + line.index(text))
        position += len(line) + 1


def _line_width(lines: list[str]) -> int | None:
    """Return the width at which the file wraps its lines, None if it does not.

    Wrapped files have most of their long lines within two characters of one width.
    """
    lengths = sorted(len(line) for line in lines if len(line) >= 15)
    if len(lengths) < 10:
        return None
    width = lengths[int(len(lengths) * 0.9)]
    if width < _NARROWEST:
        # Short lines of one length are titles, not torn sentences.
        return None
    full = sum(width - 2 <= length <= width + 1 for length in lengths)
    return width if width <= 80 and full >= len(lengths) * 0.5 else None


def _styles_that_end_with_a_stop(lines: list[str]) -> set[str]:
    """Return the heading styles whose titles nearly always close with 。in this file."""
    stopped: dict[str, list[bool]] = {}
    for line in lines:
        if found := opening(without_bold(line)):
            stopped.setdefault(found.style.name, []).append("。" in line)
    return {
        name for name, seen in stopped.items() if len(seen) >= 4 and sum(seen) >= 0.8 * len(seen)
    }


def _continues(before: str, line: str, width: int | None, dotted: set[str]) -> bool:
    """Tell whether a line goes on with the sentence that the line before broke off."""
    line = without_bold(line)
    torn = _TORN_WORDS.get(before[-1:])
    if before[-1:] in _OPENING_MARKS or (torn and line.startswith(torn) and len(line) <= 3):
        return True
    above, here = opening(before), opening(line)
    if above and above.number and above.end == len(before) and not (here and here.number):
        # A number alone on its line stands above its title.
        return True
    if before.rstrip(_CLOSING_MARKS)[-1:] in _SENTENCE_END or here:
        return False
    if ends_open(before[-_TAIL:]):
        return True
    if _BARRIER.match(line) or LEAD_LABEL.match(line):
        return False
    if width and len(before) >= width - 2:
        return True
    if above and "。" not in before and not LEAD_LABEL.search(before):
        return above.style.name in dotted and bool(_REST_OF_TITLE.match(line))
    # Text, not a title: long, and with a comma or a full stop before it breaks off.
    return len(before) >= 15 and any(mark in before for mark in "，,。；")
