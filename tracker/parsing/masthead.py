"""What a bulletin tells about itself: title, who inspected whom and when, counts, contact."""

import re
from datetime import date

from tracker.parsing.clauses import clause
from tracker.parsing.layout import Passage
from tracker.parsing.numerals import COUNT, number_value
from tracker.parsing.records import Claim, Contact, Line, Masthead, Span, StatedCounts
from tracker.parsing.results import read_results

_Y = r"(?:\d{4}|[〇零○一二三四五六七八九]{4})"
_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_DATE = re.compile(
    rf"(?:(?P<y>{_Y})\s?[年.]\s?)?(?P<m>{_N})\s?[月.]\s?(?P<d>{_N})\s?(?:日|号|(?<=\d\.\d\d)|(?<=\d\.\d))"
)
_TO = r"\s?(?:起)?\s?(?:至|到|—+|–|-|－|~|～)\s?"
_RANGE = re.compile(
    rf"(?P<y>{_Y})\s?[年.]\s?(?P<m>{_N})\s?[月.]\s?(?P<d>{_N})\s?日?{_TO}"
    rf"(?:(?P<y2>{_Y})\s?[年.]\s?)?(?:(?P<m2>{_N})\s?[月.]\s?)?(?P<d2>{_N})\s?(?:日|(?<=\.\d\d)|(?<=\.\d))"
)
_MONTHS = re.compile(
    rf"{_Y}\s?年\s?{_N}\s?月(?:{_TO}|\s?[、和]\s?)(?:{_Y}\s?年\s?)?{_N}\s?月(?!\s?{_N}\s?日)"
)
_WEB_DATE = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_SIGNED = re.compile(rf"^[^\n]{{0,40}}?({_Y})\s?年\s?({_N})\s?月\s?({_N})\s?日\s*$", re.M)
_PUBLICITY = re.compile(
    r"(?:公[开示]|公告)(?:期限?|时间|日期)[ \u3000]?(?:为)?[ \u3000]?[：:]?\s?(?:为)?"
    r"(?:\d{1,2}\s?个?(?:工作日|天|日)\s?[（(：:，,]?)?(?:自|从)?\s?"
    r"(?=\d{4}\s?[年.])"
)
_GROUP = (
    r"[\u4e00-\u9fff]{0,16}?(?:第[一二三四五六七八九十\d]{1,3})?[\u4e00-\u9fff]{0,8}?"
    r"(?:巡[察视]|督[察查导]|审计|检查|考核|评估)(?:第?[一二三四五六七八九十\d]{1,3})?组"
)
_AUDITOR = r"[\u4e00-\u9fff]{0,12}(?:审计[局厅署]|特派员?办(?:事处)?)(?=[^，。]{0,24}(?:审计|对))"
# Each row is one way to say who inspected whom; the first that the text has is taken.
_WHO = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<body>{_AUDITOR}|{_GROUP})(?:派出(?:的)?审计组)?(?:[^。；\n反]{{0,40}}?[，,]?)(?:对|进驻)"
        r"(?P<unit>[^，。,；（(《]{2,40}?)(?:党组织)?(?:[（(]以下[^）)\n]{2,30}[）)])?(?:的)?(?:进行|开展|实施|予以|原|(?:19|20)\d\d\s?年|党[组委]书记|局长|主任|院长|校长|董事长|总经理|[镇乡]长|[，。])",
        rf"(?P<body>{_GROUP})[^。；\n]{{0,12}}?(?:向|对)(?P<unit>[^，。,；]{{2,30}}?)(?:进行|作)?了?(?:书面|现场|集中)?反馈",
        rf"(?P<unit>[^，。,；\n]{{2,30}}?)(?:接受|接到|收到)了?(?P<body>{_GROUP})",
        rf"(?P<body>{_GROUP})(?:[^。；\n]{{0,30}}?)(?:反馈|巡[察视])(?P<unit>(?!))?",
    )
)
# What a key-value notice prints behind labels.
_LABELLED = {
    "unit": re.compile(
        r"^(?:被?巡[察视]|被审计|被督[察查]|整改)(?:单位|对象|党组织)\s?[：:]\s?(?P<v>[^\n；。]{2,40})",
        re.M,
    ),
    "body": re.compile(
        r"^(?:巡[察视]|审计|督[察查])(?:机构|组|单位|组名称)\s?[：:]\s?(?P<v>[^\n；。]{2,30})", re.M
    ),
}
_LABELLED_ORDER = (_LABELLED["body"], _LABELLED["unit"])
_CALLED = re.compile(r"以下(?:简)?称[：:]?\s?[“‘](?P<v>[^”’，。]{2,16}组)[”’]")
_BODY_NAME = re.compile(r"(?:由|经|在|派出的?|按照|根据|关于|接受)?(?P<v>[^，。]{2,40})$")
_FEEDBACK = re.compile(
    r"反馈(?!问题|意见整改)(?:(?:时间|日期)\s?[：:]\s?\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日)?"
)
_KINDS = ("巡视", "巡察", "审计", "督察")
_ROUND = re.compile(
    r"[一二三四五六七八九十]{1,3}届[\u4e00-\u9fff]{1,6}第[一二三四五六七八九十]{1,3}轮(?:巡[察视])|第[一二三四五六七八九十]{1,3}轮(?:巡[察视])"
)
_TITLE_END = re.compile(r"(?:通\s*报|公\s*告|公\s*示|报\s*告|情况的?公开)(?:（[^）]*）)?$")
_ISSUER = re.compile(
    r"^[\u4e00-\u9fff（）()、]{4,40}(?:党组|委员会|党委|支部|总支|工委|委|局|院|校|公司|中心|厅|办)$"
)
_SIGNER = re.compile(
    rf"^((?:中共)?[\u4e00-\u9fff（）()、]{{2,40}})\s*\n[^\n]{{0,40}}?{_Y}\s?年\s?{_N}\s?月\s?{_N}\s?日\s*$",
    re.M,
)
# A masthead is short; the bound keeps a file that is none from being searched for one.
_REACH = 20_000
# The last lines may hold the contact even where they could not be told from the last problem.
_CLOSING = 400
_OURSELVES = re.compile(
    r"^(?:我|本)(?:局|单位|委|院|部门|校|公司|镇|乡|街道|中心|厅|办|司|市|县|区|集团|行|所)?|^局|^公司"
)

_PHONE = (
    r"(?P<v>1[3-9]\d{9}(?!\d)|(?:[（(]?0\d{2,3}[）)]?\s?[-—－–―]{0,2}\s?)?"
    r"[1-9](?:\d{6,7}|\d{2,3}[ -]\d{4})(?!\d)"
    r"(?:\s?[-—－转]\s?\d{1,4}(?!\d))?|12\d{3}(?!\d))"
)
_CONTACT = {
    "phone": re.compile(
        rf"(?:电话|联系方式|热线|手机)(?:号码)?\s?(?:[（(][^）)\n]{{1,10}}[）)])?\s?(?:为)?\s?[：:]?\s?"
        rf"(?:[\u4e00-\u9fff]{{1,8}}[，,：:]?\s?|[（(](?!0\d{{2,3}}[）)])[^）)\n]{{1,20}}[）)]\s?)?{_PHONE}"
    ),
    "address": re.compile(
        r"(?:邮[政寄](?:信箱|地址)|通[讯信]地址|来[信访]地址|来信请寄|联系地址|(?<![\u4e00-\u9fff])地\s?址)\s?(?:为)?\s?[：:]?\s?"
        r"(?P<v>[^；;。\n]{4,80}?)(?=[；;。\n]|[、，,]\s?(?:邮政编码|邮编|电话|联系|收件|电子)|[（(](?:信封|邮编|邮政编码|请)|\s(?:邮编|邮政编码)|$)",
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
    "problems": re.compile(
        rf"(?P<n>{COUNT})\s?[个条项](?:反馈|具体|突出|主要)*(?:的)?问题"
        rf"|(?:反馈|指出|发现|查出|涉及)(?:的)?(?:具体|主要|突出)?问题(?:数量?|共计?|总数)?\s?[：:]?\s?(?P<m>{COUNT})\s?[个条项]"
    ),
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
    tail_start = len(text) - len(tail)
    signed_on = _signed_on(tail or text)
    signer = _found(passage, _SIGNER.search(tail), tail_start, 1)
    body, unit = _who(passage, preface)
    inspected = _RANGE.search(preface)
    publicity = _PUBLICITY.search(text, section_end) or _PUBLICITY.search(preface)
    window = publicity and _RANGE.match(text, publicity.end())
    started, ended = _range(inspected) if inspected else (None, None)
    publicity_start, publicity_end = _range(window) if window else (None, None)
    return Masthead(
        title=_title(passage, section_start),
        inspected_unit=signer or unit if unit is None or _OURSELVES.match(unit) else unit,
        inspecting_body=body,
        inspection_kind=next((kind for kind in _KINDS if kind in (body or preface)), None)
        or next((kind for kind in _KINDS if kind in preface), None),
        inspection_round=_found(passage, _ROUND.search(preface)),
        inspection_start_on=started,
        inspection_end_on=ended,
        inspection_months=None if started else _found(passage, _MONTHS.search(preface)),
        feedback_on=_feedback_on(preface, ended or signed_on),
        published_on=_web_date(passage.source) or signed_on,
        signed_on=signed_on,
        publicity_start_on=publicity_start,
        publicity_end_on=publicity_end,
        stated_counts=StatedCounts(
            **{name: count for name, (count, _) in stated_counts(passage, section_start).items()}
        ),
        stated_results=read_results(passage, section_start, section_end),
        contact=Contact(
            **{
                name: _found(passage, pattern.search(tail), tail_start, "v")
                or _found(passage, pattern.search(text, max(len(text) - _CLOSING, 0)), 0, "v")
                for name, pattern in _CONTACT.items()
            }
        ),
        overall_claim=_overall_claim(passage, section_start, section_end),
    )


def _found(
    passage: Passage, match: re.Match[str] | None, offset: int = 0, group: int | str = 0
) -> str | None:
    """Return a group of a match as the source prints it."""
    if match is None:
        return None
    start, end = match.span(group)
    return passage.printed(offset + start, offset + end).strip()


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
    block: list[Line] = []
    for paragraph in passage.paragraphs(0, end):
        if len(paragraph.text) > 120 or re.search(r"[。；]", paragraph.text):
            break
        block.append(paragraph)
        if _TITLE_END.search(paragraph.text):
            break
    if not block or not _TITLE_END.search(block[-1].text):
        return None
    first = len(block) - 1
    while first and "关于" not in "".join(line.text for line in block[first:]):
        first -= 1
    if first and block[first].text.startswith("关于") and _ISSUER.match(block[first - 1].text):
        first -= 1
    lines = block[first:]
    if "关于" not in "".join(line.text for line in lines):
        # Without 关于 only the last line is sure to belong to it: what stands above is furniture.
        lines = lines[-1:]
    return re.sub(
        r"(通|公|报)\s+(报|告|示)$",
        r"\1\2",
        "".join(passage.printed(line.start, line.start + len(line.text)) for line in lines),
    )


def _who(passage: Passage, preface: str) -> tuple[str | None, str | None]:
    """Return the inspecting body and the inspected unit as printed."""
    body, unit = (_found(passage, p.search(preface), 0, "v") for p in _LABELLED_ORDER)
    body = body or _found(passage, _CALLED.search(preface), 0, "v")
    for pattern in _WHO:
        if body and unit:
            break
        if match := pattern.search(preface):
            body = body or _found(passage, _bare(preface, *match.span("body")), 0, "v")
            unit = unit or (_found(passage, match, 0, "unit") if match["unit"] else None)
    return body, unit


def _bare(preface: str, start: int, end: int) -> re.Match[str] | None:
    """Cut a leading 由, 在 … that belongs to the sentence."""
    return _BODY_NAME.search(preface, start, end)


def _range(match: re.Match[str]) -> tuple[date | None, date | None]:
    year, month = _number(match["y"]), _number(match["m"])
    end_year = _number(match["y2"]) if match["y2"] else year
    end_month = _number(match["m2"]) if match["m2"] else month
    if not match["y2"] and end_month < month:
        end_year += 1
    return (
        _day(year, month, _number(match["d"])),
        _day(end_year, end_month, _number(match["d2"])),
    )


def _number(printed: str) -> int:
    """Return the number of a date in either script: 2023, 二〇二三, 12, 十二."""
    if printed.isdecimal():
        return int(printed)
    if len(printed) == 4:
        return int("".join(str(_DIGITS.index(ch)) for ch in re.sub("[○零]", "〇", printed)))
    return number_value(printed)


_DIGITS = "〇一二三四五六七八九"


def _feedback_on(preface: str, after: date | None) -> date | None:
    """Return the date of the sentence that says the findings were handed over.

    A date without a year is the first such day after the inspection, or before the signature.
    """
    ranges = [match.span() for match in _RANGE.finditer(preface)]
    position = 0
    for sentence in re.split(r"(?<=[。\n])", preface):
        start, position = position, position + len(sentence)
        said = _FEEDBACK.search(sentence)
        if not said:
            continue
        days = [
            m
            for m in _DATE.finditer(preface, start, start + said.end())
            if m["m"] and not any(a <= m.start() < b for a, b in ranges)
        ]
        for match in reversed(days):
            if match["y"]:
                return _day(*(_number(match[part]) for part in "ymd"))
            if years := _years_before(preface, match.start(), after):
                for year in years:
                    day = _day(year, _number(match["m"]), _number(match["d"]))
                    if day and (after is None or day >= after):
                        return day
    return None


def _years_before(preface: str, at: int, after: date | None) -> list[int]:
    if after:
        return [after.year, after.year + 1]
    printed = [int(m[0]) for m in re.finditer(r"(?<!\d)20\d\d(?=\s?年)", preface[:at])]
    return printed[-1:]


def _signed_on(tail: str) -> date | None:
    found = list(_SIGNED.finditer(tail))
    return _day(*map(_number, found[-1].groups())) if found else None


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
    return Claim(status, None, passage.printed(start, end), passage.span(start, end))
