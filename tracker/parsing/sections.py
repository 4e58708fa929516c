"""Which part of a bulletin lists the problems, and which is preamble, next steps or closing.

A section is known by the words of its heading: 问题, 反馈意见, 整改进展 for the problems,
组织领导, 政治任务 for the preamble, 下一步, 巩固 … 成果 for what follows. Where no heading says
it, everything numbered between the opening paragraph and the closing words is taken.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from tracker.parsing.headings import LEAD_LABEL, SHORTCOMING, Mark, outline
from tracker.parsing.layout import Passage
from tracker.parsing.numerals import CHINESE
from tracker.parsing.quotes import Quotes
from tracker.parsing.records import Line

NEXT_STEPS = re.compile(
    r"下一?步|下一?阶段|今后|接下来|后续(?:工作|整改|打算)|努力方向|(?:工作)?打算|巩固.{0,12}成[果效]"
    r"|(?:做好|写好|抓好|做实).{0,8}后半篇|长效(?:机制|管理)|持续(?:深化|推进|做好|抓好|巩固).{0,8}整改|联系方式|意见建议"
)
PREAMBLE = re.compile(
    r"组织(?:领导|落实|推进|开展|部署|实施|保障)|主体责任|(?:政治)?站位|政治(?:任务|责任|担当|自觉)|思想(?:认识|自觉)"
    r"|责任感|使命感|(?:总体|基本|组织|部署)情况|整改工作(?:开展|部署|概况)|抓紧抓实|抓实抓好|高度重视|动员部署"
)
PROBLEMS = re.compile(
    r"问题|反馈(?:的)?(?:意见|情况)|整改(?:工作)?(?:落实|进展|完成|成效|任务|事项|情况)|巡[察视]整改(?:情况|落实)"
    r"|(?:真|全面|即知即|立行立)(?:查实)?改"
)
# Says outright that this section answers the findings, whatever else its heading says.
_ANSWERS_FINDINGS = re.compile(
    r"(?:反馈|指出|发现|移交).{0,12}(?:问题|意见|事项)|问题.{0,10}整改|逐[条项].{0,8}改|整改(?:工作)?进展"
)
# 需长期坚持的整改事项, 已完成的问题: a part of the list, by how far it is.
_LISTS_THEM = re.compile(
    r"(?:已|正在|需|长期|持续|尚未|限期|阶段性|基本)[^，。]{0,12}的(?:整改)?(?:任务|事项|问题|项目)(?:(?:进展|完成|整改|落实)?情况)?$"
)
_BULLETIN_TITLE = re.compile(r"(?:通报|公告|公示|报告|通\s*知)$")
# The appeal to the public, the address, the signature: nothing after them is a problem.
CLOSING = re.compile(
    r"(?:^|(?<=[。\n]))(?:欢迎|热忱欢迎|诚恳欢迎|诚挚欢迎|敬请)[^。\n]{0,60}(?:监督|意见|建议)"
    r"|^(?:公众|群众|社会各界|干部群众|如有|若有|如对)[^。\n]{0,24}(?:意见|异议|建议|反映|监督)"
    r"|^(?:电\s?话|地\s?址|邮\s?编|邮\s?箱|传\s?真)\s?[：:]"
    r"|^(?:公[开示](?:期限?|时间|日期)|(?:联系|监督|举报|受理|反映|信访|咨询){1,3}(?:方式|电话|热线|人|邮箱|渠道)|邮[政寄](?:信箱|地址)"
    r"|(?:通[讯信]|来[信访])地址|特此(?:通报|公告|公示|报告))",
    re.M,
)
_SIGNATURE = re.compile(
    r"^[^\n，。；：:、]{2,40}\s*\n"
    r"[^\n]{0,20}[\d〇零○一二]{4}\s?年\s?[\d一二三四五六七八九十]{1,3}\s?月\s?[\d一二三四五六七八九十]{1,3}\s?日\s*$",
    re.M,
)
_NEXT_STEPS_PARAGRAPH = re.compile(
    r"下一?步[，,：:]|下一?阶段[，,：:]|接下来[，,]|今后[，,]|下一?步(?:工作|，?我)"
)

_LONGEST_NEXT = 16
# The ranks of 1. to 1): where they number headings, a line without a number is none.
_NUMBERS_PROBLEMS = (4, 8)
# A paragraph that opens with what is wrong, and then tells what was done: 考勤松散。一是…
_SENTENCE_THAT_NAMES_IT = re.compile(
    rf"(?P<title>[^。；\n]{{4,60}}。)(?P<numbers>\s?(?:{CHINESE}[是要]|{LEAD_LABEL.pattern}|[（(]1[）)]|[①⑴]))?."
)
_NO_BARE_TITLE = re.compile(
    rf"{LEAD_LABEL.pattern}|[•·●◆■▪]|{CHINESE}[是要]|首先|其次|再次|最后|[^\n]{{0,14}}[：:]|[（(].*[）)]$"
)


@dataclass(frozen=True, slots=True)
class Section:
    """The part that holds the problems, [start, end) of the clean text.

    `heading` is the line that announces it and that no problem's path repeats; None where the
    problems begin without one, or where several sections share them.
    """

    heading: str | None
    start: int
    end: int
    #: Titles without a number: the start of each and its end.
    bare: Mapping[int, int] = field(default_factory=dict)
    #: Those of them that stand directly above others.
    above: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Head:
    """A line that may open a section: numbered 一、, or short, unnumbered and telling."""

    title: str
    start: int
    end: int
    numbered: bool

    @property
    def kind(self) -> str:
        if _LISTS_THEM.search(self.title):
            return "problems"
        if _ANSWERS_FINDINGS.search(self.title):
            return "next" if NEXT_STEPS.match(self.title) else "problems"
        if NEXT_STEPS.search(self.title):
            return "next"
        if PREAMBLE.search(self.title) and not SHORTCOMING.search(self.title):
            return "preamble"
        if PROBLEMS.search(self.title):
            return "problems"
        return "other"


def find_section(passage: Passage, quotes: Quotes) -> Section:
    """Find the part that lists the problems.

    Where the file has no numbered heading there at all, the section holds no problem and the
    caller refuses the file.
    """
    text = passage.text
    closing = _closing_start(text)
    lead = _lead_end(passage, closing)
    marks = list(outline(text, lead, closing, quotes))
    bare = _bare_titles(passage, lead, closing, marks)
    above = _above(passage, lead, closing, bare, marks)
    if bare:
        bare |= above
        marks = list(outline(text, lead, closing, quotes, bare, above))
    section = _section(passage, lead, closing, marks)
    return replace(
        section,
        bare={at: end for at, end in bare.items() if at >= section.start},
        above=frozenset(above),
    )


def _section(passage: Passage, lead: int, closing: int, marks: list[Mark]) -> Section:
    heads = list(_heads(passage, lead, closing, marks))
    chosen = _problem_heads(heads, marks, passage.text)
    if not chosen:
        after = [head for head in heads if head.kind == "next"]
        start = next((m.start for m in marks if not _inside_preamble(m, heads)), lead)
        end = min((head.start for head in after if head.start > start), default=closing)
        return _without_next_steps(passage, Section(None, start, end), marks)
    first, last = chosen[0], chosen[-1]
    end = min((head.start for head in heads if head.start > last.start), default=closing)
    if len(chosen) == 1 and first.kind == "problems" and _is_container(first, marks, end):
        return _without_next_steps(
            passage,
            Section(passage.printed(first.start, first.end), first.end, end),
            marks,
        )
    return _without_next_steps(passage, Section(None, first.start, end), marks)


def _closing_start(text: str) -> int:
    """Return where the closing begins: the last appeal to the public, or the signature."""
    # The appeal is at the end; one that is followed by more than half of the text is not it.
    found = [m.start() for m in CLOSING.finditer(text) if m.start() > len(text) * 0.5]
    found += [m.start() for m in _SIGNATURE.finditer(text) if m.start() > len(text) * 0.5]
    return min(found, default=len(text))


def _lead_end(passage: Passage, closing: int) -> int:
    """Return the end of the opening paragraph (根据…现将…公布), 0 if there is none."""
    for paragraph in passage.paragraphs(0, closing):
        if len(paragraph.text) > 30 and re.search(
            r"现将|通报如下|公布如下|予以公[布开]", paragraph.text
        ):
            return min(paragraph.start + len(paragraph.text) + 1, closing)
    return 0


def _heads(passage: Passage, start: int, end: int, marks: list[Mark]) -> Iterator[_Head]:
    numbered = {m.start: m for m in marks}
    found: list[_Head] = []
    for paragraph in passage.paragraphs(start, end):
        mark = numbered.get(paragraph.start)
        if mark and mark.style.name == "section":
            title = passage.text[mark.title_start : mark.title_end]
            found.append(_Head(title, mark.start, mark.title_end, True))
        elif mark is None and _announces_a_section(paragraph) and not _is_label(passage, paragraph):
            stop = paragraph.start + len(paragraph.text)
            found.append(_Head(paragraph.text.rstrip("：:"), paragraph.start, stop, False))
    # 一、二、 under an unnumbered heading are its categories, not sections beside it.
    if any(not head.numbered and head.kind == "problems" for head in found):
        found = [head for head in found if not head.numbered]
    yield from found


def _is_label(passage: Passage, paragraph: Line) -> bool:
    """Tell whether a line 整改情况： stands above the text of one problem, as above others."""
    return bool(LEAD_LABEL.fullmatch(paragraph.text)) and (
        passage.text.count(f"\n{paragraph.text}") > 1
    )


def _announces_a_section(paragraph: Line) -> bool:
    title = paragraph.text
    return (
        len(title) <= 30
        and not re.search(r"[。；，,]", title)
        and not _BULLETIN_TITLE.search(title)
        and bool(
            (len(title) <= _LONGEST_NEXT and NEXT_STEPS.match(title))
            or (
                re.search(
                    r"(?:情况|方面|成效|打算|计划|安排|工作|如下|方向|思路|举措)[：:]?$", title
                )
                and (NEXT_STEPS.search(title) or PREAMBLE.search(title) or PROBLEMS.search(title))
            )
        )
    )


def _problem_heads(heads: list[_Head], marks: list[Mark], text: str) -> list[_Head]:
    """Return the heads whose sections hold problems, from the first to the last of them."""
    holding = [i for i, head in enumerate(heads) if head.kind == "problems"]
    if not any(_ANSWERS_FINDINGS.search(heads[i].title) for i in holding):
        # Nothing announces the list, so each heading that names a shortcoming is part of it.
        holding = [
            i
            for i, head in enumerate(heads)
            if i in holding
            or (
                head.kind == "other"
                and (_names_part(head) or _holds_shortcomings(heads, i, marks, text))
                and _has_headings(heads, i, marks)
            )
        ]
    else:
        # An overview (一、整改落实情况) before the real list names no findings.
        while not _ANSWERS_FINDINGS.search(heads[holding[0]].title) and not SHORTCOMING.search(
            heads[holding[0]].title
        ):
            holding.pop(0)
    if not holding:
        other = [i for i, head in enumerate(heads) if head.kind == "other"]
        holding = [i for i in other if _has_headings(heads, i, marks)]
    if not holding:
        return []
    return [h for h in heads[holding[0] : holding[-1] + 1] if h.kind in ("problems", "other")]


def _names_part(head: _Head) -> bool:
    """Tell whether a title names a part of the findings: what is wrong, or in which 方面."""
    return head.numbered and bool(SHORTCOMING.search(head.title) or head.title.endswith("方面"))


def _holds_shortcomings(heads: list[_Head], i: int, marks: list[Mark], text: str) -> bool:
    """Tell whether most headings below a head say what is wrong, whatever its own words are."""
    end = heads[i + 1].start if i + 1 < len(heads) else len(text)
    titles = [text[m.title_start : m.title_end] for m in marks if heads[i].end <= m.start < end]
    wrong = sum(bool(SHORTCOMING.search(title)) for title in titles)
    return heads[i].numbered and wrong * 2 > len(titles)


def _has_headings(heads: list[_Head], i: int, marks: list[Mark]) -> bool:
    end = heads[i + 1].start if i + 1 < len(heads) else marks[-1].start + 1
    return any(heads[i].end <= mark.start < end for mark in marks)


def _is_container(head: _Head, marks: list[Mark], end: int) -> bool:
    """A single section is the frame of its problems only if it has headings inside."""
    return any(head.end <= mark.start < end for mark in marks)


def _inside_preamble(mark: Mark, heads: list[_Head]) -> bool:
    before = [head for head in heads if head.start <= mark.start]
    return bool(before) and before[-1].kind == "preamble"


def _without_next_steps(passage: Passage, section: Section, marks: list[Mark]) -> Section:
    """Cut off a closing paragraph 下一步，… that stands under the last problem.

    Where earlier problems have such a paragraph too, each is a plan of its problem and stays.
    """
    paragraphs = [
        p.start
        for p in passage.paragraphs(section.start, section.end)
        if _NEXT_STEPS_PARAGRAPH.match(p.text)
    ]
    inside = [mark.start for mark in marks if section.start <= mark.start < section.end]
    if not paragraphs or not inside:
        return section
    at_the_end = [p for p in paragraphs if p > inside[-1]]
    if at_the_end and (len(paragraphs) == len(at_the_end) or len(at_the_end) > 1):
        return Section(section.heading, section.start, at_the_end[-1])
    return section


def _bare_titles(passage: Passage, start: int, end: int, marks: list[Mark]) -> dict[int, int]:
    """Return the titles without a number, the start of each and its end.

    Such a title is in bold, or a short line of its own without a mark at its end; text follows
    it. They count only where no 1. or （1） does the work, and where there are two of them. A first
    sentence that says what is wrong is such a title where numbered measures follow one of them.
    """
    if any(_NUMBERS_PROBLEMS[0] <= mark.style.rank <= _NUMBERS_PROBLEMS[1] for mark in marks):
        return {}
    numbered = {mark.start for mark in marks}
    found: dict[int, int] = {}
    numbers_follow = False
    paragraphs = list(passage.paragraphs(start, end))
    for line, below in pairwise([*paragraphs, Line(0, "", end)]):
        if line.start in numbered or _NO_BARE_TITLE.match(line.text):
            continue
        stop = line.start + len(line.text)
        title_end = passage.bold.get(line.start, stop)
        title = passage.text[line.start : title_end]
        in_bold = line.start in passage.bold
        text_follows = title_end < stop or (
            below.start not in numbered and (len(below.text) > 30 or below.text[-1:] in "。；")
        )
        named = None if in_bold else _SENTENCE_THAT_NAMES_IT.match(line.text)
        if named and SHORTCOMING.search(named["title"][-12:-1]):
            found[line.start] = line.start + named.end("title")
            numbers_follow = numbers_follow or bool(named["numbers"])
        elif (
            text_follows
            and 4 <= len(title) <= (80 if in_bold else 40)
            and (in_bold or not re.search(r"[。；：！？、，]", title))
            and not _announces_a_section(line)
        ):
            found[line.start] = title_end
    if not numbers_follow:
        found = {
            at: to for at, to in found.items() if passage.text[to - 1] != "。" or at in passage.bold
        }
    return found if len(found) > 1 else {}


def _above(
    passage: Passage, start: int, end: int, bare: Mapping[int, int], marks: list[Mark]
) -> dict[int, int]:
    """Return the lines that stand directly above a title without a number, as the titles are.

    They are in bold as a whole, or name a 方面.
    """
    numbered = {mark.start for mark in marks}
    found: dict[int, int] = {}
    for line, below in pairwise(passage.paragraphs(start, end)):
        stop = line.start + len(line.text)
        whole = passage.bold.get(line.start) == stop or line.text.endswith("方面")
        if (
            whole
            and below.start in bare
            and line.start not in bare
            and line.start not in numbered
            and len(line.text) <= 60
            and not _announces_a_section(line)
        ):
            found[line.start] = stop
    return found
