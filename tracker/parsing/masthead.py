"""What a bulletin tells about itself: title, who inspected whom and when, counts, contact."""

import re
from datetime import date

from tracker.parsing.clauses import clause
from tracker.parsing.layout import Passage
from tracker.parsing.numerals import COUNT, number_value
from tracker.parsing.records import Claim, Contact, Masthead, Span, StatedCounts

_DAY = r"(?P<{p}y>\d{{4}})\s?年\s?(?P<{p}m>\d{{1,2}})\s?月\s?(?P<{p}d>\d{{1,2}})\s?日"
_DATE = re.compile(_DAY.format(p=""))
_RANGE = re.compile(
    _DAY.format(p="")
    + r"\s?(?:起)?\s?(?:至|到|—+|–|-|－|~|～)\s?"
    + r"(?:(?P<y2>\d{4})\s?年\s?)?(?:(?P<m2>\d{1,2})\s?月\s?)?(?P<d2>\d{1,2})\s?日"
)
_WEB_DATE = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_SIGNED = re.compile(r"^[^\n]{0,40}?(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日\s*$", re.M)
_PUBLICITY = re.compile(r"公[开示](?:期限|时间|期)?(?:为)?\s?[：:自从]?\s?(?=\d{4}\s?年)")
_BODY = re.compile(
    r"(?P<body>[\u4e00-\u9fff]{0,14}?(?:第[一二三四五六七八九十\d]{1,3})?(?:巡[察视]|督[察查]|审计|检查)组)"
    r"[^，。,]{0,12}?(?:对|进驻)(?P<unit>[^，。,]{2,40}?)(?:党组织)?(?:开展|进行|实施|，|,|。)"
)
_KINDS = ("巡视", "巡察", "审计", "督察")
_ROUND = re.compile(
    r"[一二三四五六七八九十]{1,3}届[\u4e00-\u9fff]{1,6}第[一二三四五六七八九十]{1,3}轮(?:巡[察视])|第[一二三四五六七八九十]{1,3}轮(?:巡[察视])"
)
_TITLE_END = re.compile(r"(?:通\s*报|公\s*告|公\s*示|报\s*告)(?:（[^）]*）)?$")
_ISSUER = re.compile(
    r"^[\u4e00-\u9fff（）()、]{4,40}(?:党组|委员会|党委|支部|总支|工委|委|局|院|校|公司|中心|厅|办)$"
)
_SIGNER = re.compile(
    r"^((?:中共)?[\u4e00-\u9fff（）()、]{2,40})\s*\n[^\n]{0,40}?\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日\s*$",
    re.M,
)
# A masthead is short; the bound keeps a file that is none from being searched for one.
_REACH = 20_000
_OURSELVES = re.compile(r"我|本(?:局|单位|委|院|部门)")

_CONTACT = {
    "phone": re.compile(
        r"电话(?:号码)?\s?(?:为)?\s?[：:]?\s?(?P<v>(?:[（(]?0\d{2,3}[）)]?\s?[-—－–]?\s?)?\d{7,8}|1\d{10})"
    ),
    "address": re.compile(
        r"(?:邮[政寄](?:信箱|地址)|通[讯信]地址|来[信访]地址|联系地址|(?<![\u4e00-\u9fff])地\s?址)\s?(?:为)?\s?[：:]?\s?"
        r"(?P<v>[^；;。\n]{4,80}?)(?=[；;。\n]|[、，,]\s?(?:邮政编码|邮编|电话|联系|收件)|[（(](?:信封|邮编|邮政编码|请)|\s(?:邮编|邮政编码)|$)",
        re.M,
    ),
    "postcode": re.compile(r"(?:邮政编码|邮\s?编)\s?(?:为)?\s?[：:]?\s?(?P<v>\d{6})(?!\d)"),
    "email": re.compile(
        r"(?P<v>[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4})"
    ),
}
_COUNTS = {
    "aspects": re.compile(rf"(?P<n>{COUNT})\s?个?(?:大)?方面"),
    "categories": re.compile(
        rf"(?P<n>{COUNT})\s?个?(?:大类|类|大项|项)(?=[^。；]{{0,10}}?{COUNT}\s?[个条项](?:具体|突出|主要)?问题)"
    ),
    "problems": re.compile(rf"(?P<n>{COUNT})\s?[个条项](?:反馈|具体|突出|主要)?问题"),
    "measures": re.compile(
        rf"(?P<n>{COUNT})\s?[条项个](?:具体)?(?:整改)?(?:措施|举措)|(?:整改)?措施\s?(?P<m>{COUNT})\s?[条项个]"
    ),
}
_ALL_DONE = re.compile(
    r"问题[，,]?(?:均)?已?(?:经)?(?:全部)?(?:完成整改|整改完[成毕]|整改到位|完成销号)"
)
_NOT_ALL_DONE = re.compile(r"(?:没有|未|尚未)(?:彻底|完全|全部)?(?:完成|整改到位|到位)")


def read_masthead(passage: Passage, section_start: int, section_end: int) -> Masthead:
    """Read what stands before and after the problem section."""
    text = passage.text
    preface, tail = text[:section_start][:_REACH], text[section_end:][-_REACH:]
    signed_on = _signed_on(tail or text)
    signer = next((m[1] for m in _SIGNER.finditer(tail)), None)
    body = _BODY.search(preface)
    feedback_on = _feedback_on(preface)
    inspected = _RANGE.search(preface)
    publicity = _PUBLICITY.search(text, section_end)
    window = publicity and _RANGE.match(text, publicity.end())
    started, ended = _range(inspected) if inspected else (None, None)
    publicity_start, publicity_end = _range(window) if window else (None, None)
    return Masthead(
        title=_title(passage, section_start),
        inspected_unit=_unit(body, signer, preface),
        inspecting_body=_bare(body["body"]) if body else None,
        inspection_kind=_kind(body, preface),
        inspection_round=(found := _ROUND.search(preface)) and found[0],
        inspection_start_on=started,
        inspection_end_on=ended,
        feedback_on=feedback_on,
        published_on=_web_date(passage.source) or signed_on,
        signed_on=signed_on,
        publicity_start_on=publicity_start,
        publicity_end_on=publicity_end,
        stated_counts=StatedCounts(
            **{name: count for name, (count, _) in stated_counts(passage, section_start).items()}
        ),
        contact=Contact(**{name: _contact(pattern, tail) for name, pattern in _CONTACT.items()}),
        overall_claim=_overall_claim(passage, section_start, section_end),
    )


def stated_counts(passage: Passage, end: int) -> dict[str, tuple[int, Span]]:
    """Return the counts that the text before `end` states of the bulletin, each with its place.

    The first count of two or more is meant; the 一个问题 of a slogan counts nothing.
    """
    found: dict[str, tuple[int, Span]] = {}
    for name, pattern in _COUNTS.items():
        for match in pattern.finditer(passage.text, 0, min(end, _REACH)):
            groups = match.groupdict()
            value = number_value(groups.get("n") or groups["m"])
            if value > 1:
                found[name] = value, passage.span(*match.span())
                break
    return found


def bulletin_year(masthead: Masthead, today: date) -> int:
    """Return the year that 年底 and 11月 mean: of signature or web page, else of the feedback."""
    day = masthead.signed_on or masthead.published_on or masthead.feedback_on or today
    return day.year


def _title(passage: Passage, end: int) -> str | None:
    """Return the lines that make up the title; None if the file opens with its text."""
    block: list[str] = []
    for paragraph in passage.paragraphs(0, end):
        line = paragraph.text
        if len(line) > 120 or re.search(r"[。；]", line):
            break
        block.append(line)
        if _TITLE_END.search(line):
            break
    if not block or not _TITLE_END.search(block[-1]):
        return None
    first = len(block) - 1
    while first and "关于" not in "".join(block[first:]):
        first -= 1
    if first and block[first].startswith("关于") and _ISSUER.match(block[first - 1]):
        first -= 1
    return re.sub(r"通\s+报$", "通报", "".join(block[first:]))


def _unit(body: re.Match[str] | None, signer: str | None, preface: str) -> str | None:
    unit = body and body["unit"].strip()
    if unit and not _OURSELVES.search(unit):
        return unit
    return signer or unit


def _bare(body: str) -> str:
    """Cut a leading 由, 在 … that belongs to the sentence."""
    return re.sub(r"^(?:由|经|在|派出的?)", "", body)


def _kind(body: re.Match[str] | None, preface: str) -> str | None:
    where = body["body"] if body else preface
    return next((kind for kind in _KINDS if kind in where), None)


def _range(match: re.Match[str]) -> tuple[date | None, date | None]:
    year, month = int(match["y"]), int(match["m"])
    end_year = int(match["y2"] or year)
    end_month = int(match["m2"] or month)
    if not match["y2"] and end_month < month:
        end_year += 1
    return _day(year, month, int(match["d"])), _day(end_year, end_month, int(match["d2"]))


def _feedback_on(preface: str) -> date | None:
    """Return the date of the sentence that says the findings were handed over."""
    for sentence in re.split(r"[。\n]", preface):
        before, said, _ = sentence.partition("反馈")
        if not said:
            continue
        days = [m for m in _DATE.finditer(before) if not _RANGE.match(before, m.start())]
        if days:
            return _day(int(days[-1]["y"]), int(days[-1]["m"]), int(days[-1]["d"]))
    return None


def _signed_on(tail: str) -> date | None:
    found = list(_SIGNED.finditer(tail))
    return _day(*map(int, found[-1].groups())) if found else None


def _web_date(source: str) -> date | None:
    """Return the date that web furniture above the text prints."""
    head = source[:1500]
    found = _WEB_DATE.search(head)
    return _day(*map(int, found.groups())) if found else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _contact(pattern: re.Pattern[str], tail: str) -> str | None:
    found = pattern.search(tail)
    return found["v"].strip() if found else None


def _overall_claim(passage: Passage, section_start: int, section_end: int) -> Claim:
    """Return what the bulletin claims of all its problems; no problem inherits it."""
    text = passage.text
    tail = max(section_end, len(text) - _REACH)
    if found := _ALL_DONE.search(text, 0, min(section_start, _REACH)):
        status, low, high = "done", 0, section_start
    elif found := _NOT_ALL_DONE.search(text, tail):
        status, low, high = "in_progress", section_end, len(text)
    else:
        return Claim()
    start, end = clause(text, found.start(), found.end(), low, high)
    return Claim(status, None, text[start:end], passage.span(start, end))
