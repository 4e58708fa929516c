"""One bulletin from bytes to records, stage by stage."""

from datetime import date

from tracker.parsing import checks
from tracker.parsing.headings import outline
from tracker.parsing.layout import Passage
from tracker.parsing.masthead import bulletin_year, read_masthead
from tracker.parsing.problems import ProblemReader, headings, keys, problem_nodes, tree
from tracker.parsing.quotes import Quotes
from tracker.parsing.reading import read
from tracker.parsing.records import BulletinUnreadable, ParsedBulletin
from tracker.parsing.remainder import uncovered
from tracker.parsing.sections import find_section


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
    passage = Passage(source.text)
    quotes = Quotes(passage.text)
    section = find_section(passage, quotes)
    marks = list(outline(passage.text, section.start, section.end, quotes))
    nodes = tree(marks, section.end)
    leaves = problem_nodes(nodes, passage.text, quotes)
    if not leaves:
        raise BulletinUnreadable(
            "no_problem",
            f"{f'“{name}”' if name else '文件'}里没有找到反馈问题："
            "没有“一、（一）1.”一类编号的标题，也没有“关于…的问题”。"
            "请确认这是整改情况通报；如是，请给每个问题加上编号后再导入。",
        )
    masthead = read_masthead(passage, section.start, section.end)
    reader = ProblemReader(passage, quotes, bulletin_year(masthead, today))
    divisions = [reader.division(leaf) for leaf in leaves]
    problems = tuple(
        reader.problem(*read) for read in zip(leaves, divisions, keys(leaves), strict=True)
    )
    above = tuple(headings(nodes, leaves, passage))
    section_span = passage.span(section.start, section.end)
    return ParsedBulletin(
        text=source.text,
        masthead=masthead,
        problem_section=section.heading,
        section_span=section_span,
        headings=above,
        problems=problems,
        remarks=(
            *checks.masthead_remarks(masthead, section),
            *checks.count_remarks(passage, section, nodes, problems),
            *checks.number_remarks(passage, nodes),
            *checks.problem_remarks(passage, masthead, zip(problems, divisions, strict=True)),
            *checks.layout_remarks(passage, quotes, section),
        ),
        remainder=uncovered(
            source.text, section_span, [h.span for h in above] + [p.span for p in problems]
        ),
    )
