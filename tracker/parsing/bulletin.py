"""One bulletin from bytes to records, stage by stage."""

from dataclasses import replace
from datetime import date

from tracker.parsing import checks
from tracker.parsing.headings import outline
from tracker.parsing.layout import Passage
from tracker.parsing.masthead import bulletin_year, read_masthead
from tracker.parsing.problems import Node, ProblemReader, headings, keys, problem_nodes, tree
from tracker.parsing.quotes import Quotes
from tracker.parsing.reading import read
from tracker.parsing.records import BulletinUnreadable, Masthead, ParsedBulletin, Remark
from tracker.parsing.remainder import uncovered
from tracker.parsing.sections import Section, find_section
from tracker.parsing.table_problems import read_ledgers
from tracker.parsing.tables import find_ledgers, without

_NO_PROBLEM = (
    "这是一份整改通报，但没有逐条列出问题：没有“一、（一）1.”一类编号的标题，也没有“关于…的问题”。"
    "请人工添加问题，或换用逐条列出问题的文件"
)


def parse(
    content: bytes,
    *,
    name: str = "",
    today: date,
    max_bytes: int = 20 * 1024 * 1024,
    converter: str = "",
) -> ParsedBulletin:
    """Read one bulletin.

    `today` stands in for the date of a bulletin that prints none of its own; `name` only appears
    in messages; `converter` is the command that turns old office files into new ones. Raises
    BulletinUnreadable when there is nothing to make a draft of.
    """
    source = read(content, max_bytes=max_bytes, converter=converter)
    ledgers = find_ledgers(source)
    prose = _read_prose(without(source.text, ledgers), today)
    found = _with_more_problems(read_ledgers(source, ledgers, today), prose)
    if found is None:
        raise BulletinUnreadable(
            "no_problem",
            f"{f'“{name}”' if name else '文件'}里没有找到反馈问题："
            "没有“一、（一）1.”一类编号的标题，没有“关于…的问题”，也没有整改台账那样的表格。"
            "请确认这是整改情况通报；如是，请给每个问题加上编号后再导入。",
        )
    unread = [Remark("not_read", words, severity="must") for words in source.unread]
    return replace(found, text=source.text, remarks=(*unread, *found.remarks))


def _with_more_problems(
    ledger: ParsedBulletin | None, prose: ParsedBulletin | None
) -> ParsedBulletin | None:
    """Return the list of problems that a document is about, and remark on the other one.

    A bulletin may carry a ledger as its annex, and a ledger may stand under numbered notes.
    """
    if ledger is None or prose is None or not prose.problems:
        return ledger or prose
    if len(prose.problems) > len(ledger.problems):
        words = f"文中另有一张整改台账（{len(ledger.problems)}个问题），没有读取，请核对是否重复"
        return replace(
            prose,
            remarks=(*prose.remarks, Remark("ledger_unused", words, ledger.section_span, "must")),
        )
    words = f"表格之外另有{len(prose.problems)}处带编号的文字，没有作为问题读取，请核对"
    return replace(
        ledger, remarks=(*ledger.remarks, Remark("prose_unused", words, prose.section_span))
    )


def _is_notice(passage: Passage, masthead: Masthead, section: Section, leaves: list[Node]) -> bool:
    """Tell whether a text is about rectification: any other is refused, whatever its headings.

    Numbered headings and one 整改 are enough; lines that only look like titles, or no problem at
    all, need the signs of a notice as well.
    """
    if "整改" not in passage.text:
        return False
    if any(leaf.mark.number for leaf in leaves):
        return True
    if not leaves:
        return "整改" in (masthead.title or "")
    return bool(masthead.title or masthead.feedback_on or section.heading)


def _read_prose(text: str, today: date) -> ParsedBulletin | None:
    """Read the problems that headings name in running text.

    A rectification notice that names none is read without problems; None for any other text.
    """
    passage = Passage(text)
    quotes = Quotes(passage.text)
    section = find_section(passage, quotes)
    marks = list(
        outline(passage.text, section.start, section.end, quotes, section.bare, section.above)
    )
    nodes = tree(marks, section.end)
    leaves = problem_nodes(nodes, passage.text, quotes)
    masthead = read_masthead(passage, section.start, section.end)
    if not _is_notice(passage, masthead, section, leaves):
        return None
    said_on = masthead.signed_on or masthead.published_on
    reader = ProblemReader(passage, quotes, bulletin_year(masthead, today), said_on)
    divisions = [reader.division(leaf) for leaf in leaves]
    problems = tuple(
        reader.problem(*read) for read in zip(leaves, divisions, keys(leaves), strict=True)
    )
    above = tuple(headings(nodes, leaves, passage))
    section_span = passage.span(section.start, section.end)
    return ParsedBulletin(
        text=text,
        masthead=masthead,
        problem_section=section.heading,
        section_span=section_span,
        headings=above,
        problems=problems,
        remarks=tuple(
            checks.at_most(
                ([] if problems else [Remark("no_problem", _NO_PROBLEM, severity="must")]),
                checks.masthead_remarks(masthead, section),
                checks.count_remarks(passage, section, nodes, problems),
                checks.number_remarks(passage, nodes),
                checks.problem_remarks(passage, masthead, zip(problems, divisions, strict=True)),
                checks.layout_remarks(passage, quotes, section),
            )
        ),
        remainder=uncovered(
            text, section_span, [h.span for h in above] + [p.span for p in problems]
        ),
    )
