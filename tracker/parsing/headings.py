"""Outline numbers: how a heading opens, and which headings stand above which.

GB/T 9704 gives official documents 一、（一）1.（1）; bulletins add 第一方面, 问题1：, ①, 1)
and headings without a number. Each is one row of STYLES: to teach the reader another, add a row.
"""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from tracker.parsing.numerals import CHINESE, number_value
from tracker.parsing.quotes import Quotes
from tracker.parsing.records import BulletinUnreadable

# Words with which a title says that something is wrong; a title needs none of them, but one that
# has them is a problem and not a measure.
SHORTCOMING = re.compile(
    r"问题|不[^，。]{0,3}(?:力|足|够|到位|实|严|深|强|高|细|全|准|畅|清|紧|明|公|当|健全|规范|及时|明显|彻底|充分)"
    r"|差距|薄弱|缺失|缺位|缺乏|缺少|弱化|淡化|淡薄|虚化|短板|乏力|滞后|缓慢|迟缓|欠缺|漏洞|隐患|盲区|死角"
    r"|流于形式|形同虚设|走过场|打折扣|两张皮|一刀切|松懈|松散|涣散|宽松软|混乱|脱节|断层|老化|流失|闲置"
    r"|空转|空壳|失管|失察|雷同|虚假|违规|违纪|挤占|挪用|拖欠|拖延|推诿|偏差|偏低|偏高|屡禁不止|频发"
    r"|突出$|严重$|现象$|浪费|反弹|走样|变形|变味|失真|失衡|失范|失职|失之于|错位|越位|粗放|粗糙|敷衍|应付|懈怠|懒散|散漫"
    r"|空泛|空洞|[面式单片缘众][化]$|吃拿卡要|优亲厚友|截留|套取|冒领|虚报|瞒报|漏报|虚列|超标|超范围|超概算|未批先"
    r"|积压|断档|青黄不接|一言堂|差错|瑕疵|弱项|堵点|温差|落差|扰民|直排|偷排|侵占|流失|重复$|倒挂|畸[高低]"
    r"|偏离|悬空|走偏|跑偏|异化|滑坡|有待|仍然|仍有|[^已]未|不[\u4e00-\u9fff]{1,4}$|(?<![降减])[弱低差慢浅窄]$|(?<!困)难$"
)
# A label before the text of a problem: 整改情况：, 主要措施及成效：, 对照整改：. Its words say
# nothing of the matter; the last one says that something is told now.
_ABOUT = (
    "(?:具体|主要|重点|对照|针对性|采取|开展|工作|任务|事项|目前|当前|阶段性?|问题|责任|已"
    "|的|及|和|与|、)"
)
_TOLD = "(?:整改|落实|完成|推进|办理|处理|解决|措施|举措|做法|情况|进展|进度|成效|效果|结果)"
LEAD_LABEL = re.compile(
    r"(?:【|\[)?(?=[具主重对针采开工任事目当阶问责已整落完推办处解措举做情进成效结])"
    rf"(?:整改(?:{_TOLD}{_ABOUT}?){{0,4}}{_TOLD}|(?<![\u4e00-\u9fff])(?!(?:问题|处理|工作|任务|解决)的?情况)"
    rf"{_ABOUT}{{0,3}}(?:{_TOLD}{_ABOUT}?){{0,4}}{_TOLD})(?:】|\])?\s*[：:】\]]\s*"
)
# 一是, 首先 …: where the measures of a problem begin, if the title ends without a full stop.
FIRST_MEASURE = re.compile(r"(?<![\u4e00-\u9fff\w])(?:一是|一要|首先)")
_TITLE_END = re.compile(
    rf"[。！？]|{LEAD_LABEL.pattern}|{FIRST_MEASURE.pattern}"
    r"|(?<=问题)(?<!反馈问题)(?<!具体问题)(?<!存在问题)(?<!主要问题)[：:](?=.)"
    r"|(?<=”的问题)[，,]|(?<=”问题)[，,]"
    # Who answers for it, in brackets: 关于…的问题（责任领导：…；完成时限：…）
    r"|[（(【](?=(?:整改)?(?:责任|牵头|分管|包案|完成|时限)[^：:（）()\n]{0,6}[：:])"
)
# No title is longer; the bound also keeps a line of a megabyte from being searched again and again.
_LONGEST_TITLE = 300
# Fifty times the longest bulletin we know; such a file is something else.
_MOST_HEADINGS = 10_000


@dataclass(frozen=True, slots=True)
class Style:
    """One way to number a heading; a smaller rank stands above a larger one.

    `opens` are the characters its pattern may begin with: most lines are text, and are told apart
    by their first character.
    """

    name: str
    rank: int
    opens: str
    pattern: re.Pattern[str]
    # Running text opens like this too: it is a heading only if its title says what is wrong.
    needs_shortcoming: bool = False


# A title that says outright what it is: 关于 … 的问题, 针对“…”问题.
_NAMED_PROBLEM = (
    r"(?:关于|针对|对)(?:[^。；，“\n]{0,10}“[^”\n]{2,80}”[^。；，\n]{0,6}|[^。；，\n]{2,40}?)"
    r"(?:问题|方面)(?:的?整改(?:情况)?)?(?=[。：:]|$)"
)

# What may follow 一 in a word: 问题一直, 任务三年.
_AFTER_ONE = (
    "[是的个条项类大次级线方直般切定些样致共起体律旦年月季天日轮期届经处件并步多"
    "一二三四五六七八九十]"
)
_NUMERALS = "一二三四五六七八九十百零〇两"
_FIGURES = "0123456789０１２３４５６７８９"

STYLES = (
    Style(
        "aspect",
        1,
        "第",
        re.compile(rf"第(?P<n>{CHINESE}|\d{{1,2}})个?方面(?:的?问题)?[，,：:、. ]?\s*"),
    ),
    Style("section", 2, _NUMERALS, re.compile(rf"(?P<n>{CHINESE})(?:、|[.．](?!\d))\s*")),
    Style(
        "category",
        3,
        "（(㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩",
        re.compile(rf"[（(]\s?(?P<n>{CHINESE})\s?[）)][、.．]?\s*|(?P<m>[㈠-㈩])\s*"),
    ),
    # 3.5亿元 opens nothing; 2.9座矿山 does, for nobody counts half a mine.
    Style(
        "item",
        4,
        _FIGURES,
        re.compile(
            r"(?P<n>\d{1,3})\s?(?:[.．](?!\d)|[.．](?=\d{1,4}[名个家处座户宗件项条人所份口])|、)\s*"
        ),
    ),
    Style(
        "problem",
        5,
        "反整巡督具问任事【[",
        re.compile(
            rf"[【\[]?(?:反馈|整改|巡[察视]|督[察查])?(?:具体)?(?:问题|任务|事项)\s?(?:之)?[（(]?"
            rf"(?P<n>\d{{1,3}}|{CHINESE})[）)]?\s?"
            r"(?:[：:、.．。】\]]{1,2}\s*|[ \u3000]+|(?=[（(【]|$)"
            r"|(?<=\d)(?=[\u4e00-\u9fff“])(?![个条项类处件是的中])"
            # Its title stood on the line below.
            rf"|(?=[\u4e00-\u9fff“])(?!{_AFTER_ONE}))"
        ),
    ),
    Style(
        "row",
        5,
        "问序编",
        re.compile(
            r"(?:问题)?(?:序号|编号)\s?[：:]\s?(?P<n>\d{1,3})(?!\d)[。；;]?\s*"
            r"(?:(?:反馈|存在|主要)?(?:的)?(?:具体)?问题\s?[：:]\s*)?"
        ),
    ),
    Style(
        "subitem",
        6,
        "（(⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
        re.compile(r"[（(]\s?(?P<n>\d{1,3})\s?[）)][、.．]?\s*|(?P<m>[⑴-⒇])\s*"),
    ),
    Style("circled", 7, "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", re.compile(r"(?P<n>[①-⑳])\s*")),
    Style("half_bracket", 8, _FIGURES, re.compile(r"(?P<n>\d{1,2})[)）]\s*")),
    Style(
        "ordinal", 9, "第", re.compile(rf"第(?P<n>{CHINESE})[，,、：:]\s*"), needs_shortcoming=True
    ),
    # A measure has no label behind its first sentence.
    Style(
        "first_is",
        9,
        _NUMERALS,
        re.compile(
            rf"(?P<n>{CHINESE})是[，,：:]?(?={_NAMED_PROBLEM}|[^。；：\n]{{4,60}}(?:[。：]\s*{LEAD_LABEL.pattern}|的问题[。：]?$))"
        ),
    ),
    # Without a number: they are counted as they come.
    Style(
        "bracketed", 9, "【", re.compile(r"【(?!责任|整改|完成|牵头|配合|办结)(?=[^】\n]{2,80}】)")
    ),
    Style(
        "labelled",
        9,
        "巡审督反指发查交",
        re.compile(
            r"(?:巡[察视]组?|审计|督[察查]组?)?(?:反馈|指出|发现|查出|交办)(?:的)?(?:具体|主要)?"
            r"(?:问题|意见)(?:描述|内容|表现)?\s?[：:]\s*"
        ),
    ),
    Style("dashed", 9, "—–―－-", re.compile(rf"[—–―－-]{{1,4}}\s*(?={_NAMED_PROBLEM})")),
    Style(
        "titled",
        9,
        "关针",
        re.compile(
            r"(?=(?:关于|针对)[^。；\n]{2,80}(?:问题|方面)(?:的整改)?[。：:]?$"
            r"|(?:关于|针对)“[^”\n]{2,80}”的?问题[。：:，,]"
            r"|(?:关于|针对)[^。；\n]{2,80}?问题[，,：:]\s?(?:一[是要]|首先|[①⑴]|[（(]1[）)]))"
        ),
    ),
)
# A title without any number: a short line of its own above its text, or words in bold.
_BARE = Style("bare", 9, "", re.compile(r"(?!)"))
# One that stands directly above others.
_BARE_ABOVE = Style("bare_above", 8, "", re.compile(r"(?!)"))
_STYLES_BY_FIRST: dict[str, tuple[Style, ...]] = {
    ch: tuple(style for style in STYLES if ch in style.opens)
    for ch in "".join(style.opens for style in STYLES)
}
_BY_NAME = {style.name: style for style in STYLES}
_STATE = re.compile(
    r"[（(【](?P<state>(?:已|基本|未|尚未|正在|持续|长期|立行|即知|有序|限期|阶段性)[^）)】，。\n]{0,10}"
    r"|(?:整改)?完成)[）)】][。；]?[ \u3000]*"
)
_TITLE_STATE = re.compile(_STATE.pattern + r"\Z")
# The second number of a list that runs on in one line.
_SECOND = {
    "subitem": re.compile(r"(?<=[。；])\s?(?:[（(]\s?2\s?[)）]|⑵)"),
    "circled": re.compile(r"(?<=[。；])\s?②"),
    "half_bracket": re.compile(r"(?<=[。；])\s?2[)）]"),
}
# Only these can be told from running text in the middle of a line.
_INLINE = tuple(_BY_NAME[name] for name in ("category", "item", "subitem", "circled"))
_AFTER_SENTENCE = re.compile(r"[。；]\s?(?=[（(㈠-㈩⑴-⒇①-⑳\d])")
# A title in running text that says outright that it is one: 关于“网格巡查走过场”。
_OUTRIGHT = re.compile(r"(?:关于|针对)(?:“[^”\n]{2,80}”(?:的?问题)?|[^。；，\n]{2,60}问题)[。：:]")
_LABELLED_LIST = re.compile(r"[：】]\s?(?=(?:1[.．、]|[（(]1[）)]|⑴))")
_INLINE_OPENING = re.compile(r"[（(㈠-㈩⑴-⒇]|(?<!\d)\d{1,3}\s?[.．、]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A heading as it stands in the cleaned text; offsets count that text.

    Title and text may share a line: the title is [title_start, title_end), the text begins at
    `body_start` and runs to the next mark.
    """

    style: Style
    number: str
    value: int
    start: int
    title_start: int
    title_end: int
    body_start: int
    split_from_line: bool = False
    #: The state printed behind the title: （已完成整改）.
    state: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """An outline number: as printed without its closing 、 or dot, its value, where it ends."""

    style: Style
    number: str
    value: int
    end: int


def opening(paragraph: str) -> Opening | None:
    """Return the outline number that a paragraph begins with.

    >>> [found and found.value for found in map(opening, ("（二）台账", "3.5亿元", "１．账"))]
    [2, None, 1]
    """
    for style in _STYLES_BY_FIRST.get(paragraph[:1], ()):
        if match := style.pattern.match(paragraph):
            number = _number(match)
            if not number:
                return Opening(style, "", 0, match.end())
            printed = match[0]
            if style.name == "row":
                # The label of the title may follow on the same line.
                printed = printed[: match.end("n")]
            printed = printed.strip(" \u3000").rstrip("、.．：:，, ")
            return Opening(style, printed, number_value(number), match.end())
    return None


def outline(
    text: str,
    start: int,
    end: int,
    quotes: Quotes,
    bare: Mapping[int, int] | None = None,
    above: Container[int] = (),
) -> Iterator[Mark]:
    """Yield the headings of text[start:end] in order, merged ones split.

    `bare` maps the start of each title without a number to its end; those in `above` stand over
    others. A number
    that does not continue what came before and whose title names no shortcoming is taken as
    running text (a line that happens to begin with 12.), and so is a list 1. 2. 3. that begins
    below 整改措施：. Raises BulletinUnreadable where there are far too many for a bulletin.
    """
    bare = bare or {}
    count = 0
    last: dict[str, int] = {}
    listed: _List | None = None
    stop = start - 1
    paragraphs = text[start:end].split("\n")
    for paragraph, below in pairwise([*paragraphs, ""]):
        here = stop + 1
        stop = here + len(paragraph)
        found = opening(paragraph)
        if found and (not _plausible(found, paragraph, last) or _is_series(found, paragraph)):
            found = None
        if listed and listed.takes(paragraph, below):
            listed = replace(listed, value=listed.value + 1)
            continue
        if found is None and here in bare:
            found = Opening(_BARE_ABOVE if here in above else _BARE, "", 0, 0)
        listed = _List.below(paragraph, below) if last or found else None
        searched, merged, split = here, None, False
        while True:
            if found:
                mark = _mark(text, here, min(stop, bare.get(here, stop)), found, last, quotes)
                if merged := _merged_heading(text, mark, quotes, last):
                    mark = replace(mark, title_end=merged, body_start=merged)
                last[mark.style.name] = mark.value
                count += 1
                if count > _MOST_HEADINGS:
                    raise BulletinUnreadable(
                        "too_large",
                        f"文件里带编号的标题超过{_MOST_HEADINGS}个，不像一份整改情况通报。"
                        "请确认选对了文件，或拆成几份再导入。",
                    )
                yield replace(mark, split_from_line=True) if split else mark
                searched = mark.body_start
            # The next heading of this line: inside the title, or after a sentence of the text.
            following = merged or _heading_after_sentence(text, searched, stop, quotes, last)
            if following is None:
                break
            here, split = following, True
            found, merged = opening(text[here : min(stop, here + _LONGEST_TITLE)]), None


@dataclass(frozen=True, slots=True)
class _List:
    """A list of measures below a label such as 整改措施：.

    `value` is the number of its last item.
    """

    style: Style
    value: int
    label: str

    @staticmethod
    def below(paragraph: str, following: str) -> "_List | None":
        """Return the list that begins in or below a paragraph that opens with such a label."""
        label = LEAD_LABEL.match(paragraph)
        if label is None:
            return None
        alone = label.end() == len(paragraph)
        found = opening(following if alone else paragraph[label.end() :])
        if found is None or not found.number or found.value != 1:
            return None
        return _List(found.style, 0 if alone else 1, label[0].strip())

    def takes(self, paragraph: str, below: str) -> bool:
        """Tell whether a line is the next item; one that has the same label below is a problem."""
        found = opening(paragraph)
        return (
            found is not None
            and found.style is self.style
            and found.value == self.value + 1
            and not below.startswith(self.label)
        )


def _plausible(found: Opening, paragraph: str, last: dict[str, int]) -> bool:
    if found.style.needs_shortcoming and not _names_shortcoming(found, paragraph):
        return paragraph[found.end :].rstrip("。：:").endswith("方面")
    if not found.number or found.value == 1:
        return True
    if 0 <= found.value - last.get(found.style.name, 0) <= 3:
        return True
    return _names_shortcoming(found, paragraph)


def _is_series(found: Opening, paragraph: str) -> bool:
    """Tell whether a line numbers all its measures: 1）清账；2）建册；3）公示."""
    second = _SECOND.get(found.style.name)
    if second is None or found.value != 1:
        return False
    following = second.search(paragraph, found.end)
    title = paragraph[found.end : following.start()] if following else ""
    return bool(title) and not re.match("关于|针对", title) and not SHORTCOMING.search(title[-12:])


def _names_shortcoming(found: Opening, paragraph: str) -> bool:
    title = paragraph[found.end : found.end + 80].split("。")[0]
    return bool(SHORTCOMING.search(title))


def _mark(
    text: str, start: int, stop: int, found: Opening, last: dict[str, int], quotes: Quotes
) -> Mark:
    title_start = start + found.end
    title_end, body_start = _title_end(text, title_start, stop, found.style, quotes)
    while title_end > title_start and text[title_end - 1] in " \u3000，,：:；;、":
        title_end -= 1
    while body_start < stop and text[body_start] in " \u3000":
        body_start += 1
    state = None
    if printed := _TITLE_STATE.search(text, title_start, title_end):
        title_end, state = printed.start(), printed.span("state")
    elif printed := _STATE.match(text, body_start, stop):
        body_start, state = printed.end(), printed.span("state")
    value = found.value if found.number else last.get(found.style.name, 0) + 1
    return Mark(
        found.style, found.number, value, start, title_start, title_end, body_start, state=state
    )


def _title_end(
    text: str, title_start: int, stop: int, style: Style, quotes: Quotes
) -> tuple[int, int]:
    """Return the end of the title and the start of the text behind it."""
    if style.name == "bracketed":
        end = text.index("】", title_start)
        return end, end + 1
    limit = min(stop, title_start + _LONGEST_TITLE)
    for match in _TITLE_END.finditer(text, title_start, limit):
        # 问题：… is a label and names nothing.
        named = match.start() > title_start + (2 if match[0] in "：:" else 0)
        if named and not quotes.hold(match.start()):
            # A full stop is left out; a label or 一是 belongs to the text.
            return match.start(), match.end() if match[0] in "。！？：:，," else match.start()
    if limit == stop:
        return stop, stop
    comma = re.compile(r"[，,；;]").search(text, title_start + 1, limit)
    cut = comma.start() if comma else limit
    return cut, cut


def _merged_heading(text: str, mark: Mark, quotes: Quotes, last: dict[str, int]) -> int | None:
    """Return where inside a title the next heading begins (（三）…的问题8.…), if one does."""
    for match in _INLINE_OPENING.finditer(text, mark.title_start + 4, mark.title_end - 4):
        at = match.start()
        glued = text[at - 1].isascii() and text[at - 1].isalnum()
        if glued or quotes.hold(at):
            continue
        for style, value, _ in _inline_openings(text, at):
            if style is not mark.style and value in (1, last.get(style.name, 0) + 1):
                return at
    return None


def _heading_after_sentence(
    text: str, start: int, stop: int, quotes: Quotes, last: dict[str, int]
) -> int | None:
    """Return where the next heading begins that follows a sentence on the same line.

    It must continue a numbering already in use and name a shortcoming: the items of a list
    inside a measure do not.
    """
    for _, value, end in _inline_openings(text, start):
        # The first one may follow the title above it: 1.关于…的问题。（1）关于“…”。
        if value == 1 and _OUTRIGHT.match(text, end, stop):
            return start
    listed: list[Style] | None = None
    for match in _AFTER_SENTENCE.finditer(text, start, stop):
        at = match.end()
        if quotes.hold(at):
            continue
        if listed is None:
            # 整改情况：1.…；2.… numbers measures, whatever its items mention.
            first = _LABELLED_LIST.search(text, start, stop)
            listed = [style for style, *_ in _inline_openings(text, first.end())] if first else []
        for style, value, end in _inline_openings(text, at):
            if style in listed:
                continue
            if style.name in last and value in (1, last[style.name] + 1):
                title = text[end : min(end + 80, stop)].split("。")[0]
                outright = _OUTRIGHT.match(text, end, stop)
                if outright or (style.name != "circled" and SHORTCOMING.search(title)):
                    return at
    return None


def _inline_openings(text: str, at: int) -> Iterator[tuple[Style, int, int]]:
    for style in _INLINE:
        if found := style.pattern.match(text, at):
            yield style, number_value(_number(found)), found.end()


def _number(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    return groups.get("n") or groups.get("m")
