from datetime import date

import pytest

from tests.parsing.reading.build import docx, paragraph, word_table
from tracker.parsing import parse
from tracker.parsing.reading import read


def lines(body, **parts):
    return read(docx(body, **parts), max_bytes=10**6).text.splitlines()


def level(depth, form, text, more=""):
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/>{more}</w:lvl>'
    )


def numbering(*levels, more=""):
    return (
        f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{more}'
    )


OFFICIAL = (
    level(0, "chineseCounting", "%1、"),
    level(1, "chineseCountingThousand", "（%2）"),
    level(2, "decimal", "%3."),
)


class TestNumbers:
    def test_a_lower_level_starts_again_below_a_higher_one(self):
        body = "".join(paragraph(t, number="1", depth=d) for d, t in enumerate("甲乙丙"))
        assert lines(body + body, numbering=numbering(*OFFICIAL)) == [
            *("一、甲", "（一）乙", "1. 丙", "二、甲", "（一）乙", "1. 丙"),
        ]

    def test_one_that_never_restarts_runs_on(self):
        levels = (
            level(0, "chineseCounting", "%1、"),
            level(1, "decimal", "%2.", '<w:lvlRestart w:val="0"/>'),
        )
        body = paragraph("甲", number="1") + paragraph("乙", number="1", depth=1)
        assert lines(body + body, numbering=numbering(*levels)) == [
            *("一、甲", "1. 乙", "二、甲", "2. 乙"),
        ]

    def test_instances_share_their_counters_until_one_overrides_the_start(self):
        more = (
            '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
            '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
            '<w:startOverride w:val="7"/></w:lvlOverride></w:num>'
        )
        body = "".join(paragraph("甲", number=n) for n in "12331")
        assert lines(body, numbering=numbering(*OFFICIAL, more=more)) == [
            *("一、甲", "二、甲", "七、甲", "八、甲", "九、甲"),
        ]

    def test_a_number_may_name_the_levels_above_it(self):
        levels = (level(0, "chineseCounting", "%1"), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
        body = paragraph("甲", number="1") + paragraph("乙", number="1", depth=1)
        assert lines(body, numbering=numbering(*levels))[1] == "1.1 乙"

    def test_one_that_comes_with_the_style(self):
        styles = (
            '<w:style w:type="paragraph" w:styleId="H"><w:pPr><w:numPr><w:numId w:val="1"/>'
            '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="K">'
            '<w:basedOn w:val="H"/></w:style>'
        )
        body = paragraph("甲", style="H") + paragraph("乙", style="K")
        assert lines(body, numbering=numbering(*OFFICIAL), styles=styles) == ["一、甲", "二、乙"]

    def test_none_where_the_paragraph_switches_it_off(self):
        styles = (
            '<w:style w:type="paragraph" w:styleId="H"><w:pPr><w:numPr><w:numId w:val="1"/>'
            "</w:numPr></w:pPr></w:style>"
        )
        body = paragraph("甲", style="H", number="0") + paragraph("乙", style="H")
        assert lines(body, numbering=numbering(*OFFICIAL), styles=styles) == ["甲", "一、乙"]

    @pytest.mark.parametrize(
        ("form", "text", "printed"),
        [
            *(("chineseCounting", "%1、", "十二、"), ("ideographDigital", "%1、", "一二、")),
            *(("japaneseCounting", "（%1）", "（十二）"), ("decimalFullWidth", "%1．", "１２．")),
            *(("decimalEnclosedCircle", "%1", "⑫"), ("lowerLetter", "%1)", "l) ")),
            *(("upperRoman", "%1.", "XII. "), ("decimalZero", "%1.", "12. "), ("bullet", "", "• ")),
            *(("chineseLegalSimplified", "%1、", "壹贰、"), ("noSuchFormat", "%1.", "12. ")),
        ],
    )
    def test_every_format_prints_its_twelfth(self, form, text, printed):
        body = paragraph("甲", number="1") * 12
        assert lines(body, numbering=numbering(level(0, form, text)))[-1] == f"{printed}甲"

    def test_an_empty_paragraph_counts_but_leaves_no_line(self):
        body = paragraph("甲", number="1") + paragraph("", number="1") + paragraph("乙", number="1")
        assert lines(body, numbering=numbering(*OFFICIAL)) == ["一、甲", "三、乙"]


class TestText:
    def test_changes_are_read_as_accepted(self):
        body = (
            "<w:p><w:r><w:t>已</w:t></w:r><w:ins><w:r><w:t>完成</w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText>未完成</w:delText></w:r></w:del>"
            "<w:moveFrom><w:r><w:t>别处</w:t></w:r></w:moveFrom></w:p>"
        )
        assert lines(body) == ["已完成"]

    def test_a_deleted_paragraph_end_joins_two_paragraphs(self):
        body = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>学习</w:t></w:r></w:p>"
        assert lines(body + paragraph("计划")) == ["学习计划"]

    def test_line_breaks_are_lines(self):
        assert lines("<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r></w:p>") == ["甲", "乙"]

    def test_the_table_of_contents_is_left_out(self):
        styles = '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="toc 1"/></w:style>'
        control = (
            "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/>"
            f"</w:docPartObj></w:sdtPr><w:sdtContent>{paragraph('目录')}</w:sdtContent></w:sdt>"
        )
        body = control + paragraph("一、问题……3", style="a") + paragraph("一、问题")
        assert lines(body, styles=styles) == ["一、问题"]

    def test_links_fields_and_controls_hold_text(self):
        body = (
            "<w:p><w:hyperlink><w:r><w:t>甲</w:t></w:r></w:hyperlink>"
            "<w:fldSimple><w:r><w:t>乙</w:t></w:r></w:fldSimple>"
            "<w:r><w:instrText>PAGE</w:instrText></w:r>"
            "<w:sdt><w:sdtContent><w:r><w:t>丙</w:t></w:r></w:sdtContent></w:sdt></w:p>"
        )
        assert lines(body) == ["甲乙丙"]


class TestTitles:
    """A title without a number is told from its text by its type alone; ** hands that on."""

    BOLD = "<w:r><w:rPr><w:b/></w:rPr><w:t>值班不严</w:t></w:r>"

    def test_bold_words_that_open_a_paragraph_are_marked(self):
        assert lines(f"<w:p>{self.BOLD}<w:r><w:t>。已整改。</w:t></w:r></w:p>") == [
            "**值班不严**。已整改。"
        ]

    def test_so_are_headings(self):
        styles = '<w:style w:styleId="2"><w:name w:val="heading 2"/></w:style>'
        assert lines(paragraph("值班不严", style="2"), styles=styles) == ["**值班不严**"]

    @pytest.mark.parametrize(
        "body",
        [
            pytest.param(f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{BOLD}</w:p>', id="centred"),
            pytest.param(f"<w:p>{BOLD.replace('值', '（一）值')}</w:p>", id="numbered"),
            pytest.param(f"<w:p>{BOLD.replace('值', '值' * 90)}</w:p>", id="too-long"),
            pytest.param(f"<w:p><w:r><w:t>已</w:t></w:r>{BOLD}</w:p>", id="inside"),
        ],
    )
    def test_others_are_not(self, body):
        assert "**" not in lines(body)[0]

    def test_problems_of_such_titles_are_found(self):
        problems = "".join(
            f"<w:p>{self.BOLD.replace('值班不严', title)}</w:p>{paragraph('一是补学。二是签到。')}"
            for title in ("学习计划落实不够的问题", "值班记录不全的问题")
        )
        body = (
            paragraph("关于巡察整改进展情况的通报") + paragraph("一、反馈问题整改情况") + problems
        )
        bulletin = parse(docx(body), today=date(2026, 11, 22))
        assert [(p.title, len(p.measures)) for p in bulletin.problems] == [
            *(("学习计划落实不够的问题", 2), ("值班记录不全的问题", 2)),
        ]


class TestTables:
    def test_merged_cells_are_one_with_their_place_in_the_text(self):
        table = word_table([">2责任", "时限"], ["领导", "科室", "^"], ["方文", "业务股", "年底"])
        source = read(docx(table), max_bytes=10**6)
        cells = {c.text: (c.row, c.column, c.rows, c.columns) for c in source.tables[0].cells}
        assert cells["责任"] == (0, 0, 1, 2)
        assert cells["时限"] == (0, 2, 1, 1)
        assert all(source.text[c.start : c.end] == c.text for c in source.tables[0].cells)

    def test_a_cell_merged_downwards_covers_its_rows(self):
        table = word_table(["1", "甲"], ["^", "乙"], ["^", "丙"], ["2", "丁"])
        cells = read(docx(table), max_bytes=10**6).tables[0].cells
        assert [(c.text, c.row, c.rows) for c in cells if c.column == 0] == [
            ("1", 0, 3),
            ("2", 3, 1),
        ]

    def test_a_table_that_only_lays_out_the_page_is_its_text(self):
        inner = word_table(["序号", "问题"], ["1", "值班"])
        outer = f"<w:tbl><w:tr><w:tc>{paragraph('标题')}{inner}</w:tc></w:tr></w:tbl>"
        source = read(docx(outer), max_bytes=10**6)
        assert source.text.splitlines() == ["标题", "序号\t问题", "1\t值班"]
        assert len(source.tables) == 1

    def test_deleted_rows_are_left_out(self):
        table = word_table(["1", "甲"], ["2", "乙"]).replace(
            "<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>", 1
        )
        assert lines(table) == ["2\t乙"]
