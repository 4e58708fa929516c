"""导出Word: opened again, its numbers are those of GB/T 9704."""

import io
import re

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Emu

from tests.factories import MeasureFactory
from tracker.models import AuditEvent
from tracker.paper.pages import ems

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(sign_in, supervisor, address):
    response = sign_in(supervisor).get(f"{address}docx/?set=wall")
    assert response.status_code == 200
    return docx.Document(io.BytesIO(response.content))


def words(document) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


class TestLayout:
    def test_the_text_stands_on_a4_in_22_lines_of_28_characters(self, opened):
        section = opened.sections[0]

        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        margins = (
            section.top_margin,
            section.bottom_margin,
            section.left_margin,
            section.right_margin,
        )
        assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
        width = section.page_width - section.left_margin - section.right_margin
        height = section.page_height - section.top_margin - section.bottom_margin
        assert (round(Emu(width).mm), round(Emu(height).mm)) == (156, 225)
        grid = section._sectPr.find(qn("w:docGrid"))
        assert grid.get(qn("w:type")) == "linesAndChars"
        assert (grid.get(qn("w:linePitch")), grid.get(qn("w:charSpace"))) == ("579", "-849")
        # 22 lines fit into what the margins leave, which 29 points would not.
        # Nor do 28 characters need the grid: not every program squeezes one.
        run = next(p.runs[0] for p in opened.paragraphs if p.text.startswith("一、"))
        tracking = int(run._r.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
        assert 28 * (run.font.size.pt + tracking) <= 156 / 25.4 * 72
        assert opened.sections[1]._sectPr.find(qn("w:docGrid")) is None
        spacing = opened.styles["Normal"].paragraph_format.line_spacing.pt
        assert spacing * 22 <= 225 / 25.4 * 72 < 29 * 22

    def test_fonts_are_named_for_chinese_and_for_latin(self, opened):
        faces = {}
        for run in (run for p in opened.paragraphs for run in p.runs if run.text.strip()):
            fonts = run._r.rPr.rFonts
            named = {fonts.get(qn(f"w:{name}")) for name in ("eastAsia", "ascii", "hAnsi")}
            assert len(named) == 1
            # What stands above and below the annex comes later, and smaller.
            faces.setdefault(run.text[:6], (named.pop(), run.font.size.pt))

        assert faces["关于市委第七"] == ("方正小标宋简体", 22)
        assert faces["一、基本情况"] == ("黑体", 16)
        assert faces["被巡察党组织"] == ("仿宋_GB2312", 16)
        assert faces["附件"] == ("黑体", 16)

    def test_pages_are_numbered_between_dashes(self, opened):
        section = opened.sections[0]

        for footer, side in ((section.footer, 2), (section.even_page_footer, 0)):
            paragraph = footer.paragraphs[0]
            said = "".join(words.text for words in paragraph._p.xpath(".//w:t"))
            assert said == "— 1 —"
            assert 'w:instr="PAGE"' in paragraph._p.xml
            assert paragraph.alignment == side
            assert {run.font.size.pt for run in paragraph.runs} == {14}

    def test_who_signs_stands_above_the_middle_of_the_date(self, opened):
        signed = [p for p in opened.paragraphs if p.alignment == 2 and p.text]

        issuer, day = signed
        assert (issuer.text, day.text) == ("市水务局", "2026年11月22日")
        # Right of the date of a paper that is sealed four characters stay free.
        assert day.paragraph_format.right_indent.pt == pytest.approx(4 * 16)
        middle = [p.paragraph_format.right_indent.pt + ems(p.text) * 16 / 2 for p in signed]
        assert middle[0] == pytest.approx(middle[1], abs=0.1)
        at = next(n for n, p in enumerate(opened.paragraphs) if p.text.startswith("附件："))
        assert [p.text for p in opened.paragraphs[at - 1 : at + 3 : 2]] == ["", ""]
        assert not opened.paragraphs[at].text.endswith("。")
        # Neither stands on a page without any of the text.
        kept = [p.paragraph_format.keep_with_next for p in opened.paragraphs[at - 2 : at + 4]]
        assert kept == [True] * 6

    def test_the_title_of_the_annex_stands_in_its_third_line(self, opened):
        at = next(n for n, p in enumerate(opened.paragraphs) if p.text == "附件")
        mark, blank, title = opened.paragraphs[at : at + 3]

        assert mark.alignment is None
        assert blank.text == ""
        assert blank.paragraph_format.line_spacing is None  # a line like any other
        assert (title.text, title.alignment) == ("市委第七巡察组巡察反馈意见整改作战图", 1)

    def test_the_dashes_are_seven_millimetres_below_the_text(self, opened):
        section = opened.sections[0]
        line = section.footer.paragraphs[0].paragraph_format.line_spacing

        # A dash stands in the middle of its line.
        below = section.bottom_margin - section.footer_distance - line / 2
        assert Emu(below).mm == pytest.approx(7, abs=1)

    def test_its_properties_stand_in_the_order_of_the_schema(self, opened):
        """Word may refuse a file in which they do not; other programs never notice."""
        orders = {
            "pPr": "pStyle keepNext pageBreakBefore autoSpaceDE autoSpaceDN snapToGrid spacing"
            " ind jc rPr sectPr",
            "rPr": "rFonts b snapToGrid color spacing sz szCs lang",
            "tcPr": "tcW gridSpan vMerge shd vAlign",
            "tblPr": "tblStyle tblW jc tblLayout tblCellMar tblLook",
            "sectPr": "footerReference type pgSz pgMar cols docGrid",
        }
        normal = opened.styles["Normal"].element
        footers = [section.footer._element for section in opened.sections]
        for name, order in orders.items():
            known = order.split()
            for root in (opened.element, normal, *footers):
                for element in root.iter(qn(f"w:{name}")):
                    found = [child.tag.partition("}")[2] for child in element]
                    assert set(found) <= set(known), (name, found)
                    assert found == sorted(found, key=known.index), (name, found)

    def test_the_table_is_an_annex_on_a3_with_its_head_on_every_page(self, opened):
        section, table = opened.sections[1], opened.tables[0]

        assert (round(section.page_width.mm), round(section.page_height.mm)) == (420, 297)
        heads = [row._tr for row in table.rows if row._tr.xpath("./w:trPr/w:tblHeader")]
        assert heads == [table.rows[0]._tr, table.rows[1]._tr]
        assert table._tbl.xpath(".//w:vMerge[@w:val='restart']")
        assert table._tbl.xpath(".//w:gridSpan")
        # Word goes by the widths of cells, and they fill what the margins leave.
        first = [int(cell.get(qn("w:w"))) for cell in table.rows[2]._tr.xpath(".//w:tcW")]
        assert sum(first) / 1440 * 25.4 == pytest.approx(390, abs=1)
        assert max(first) > 3 * min(first)

    def test_a_ledger_of_all_columns_is_set_in_smaller_type(self, sign_in, supervisor, address):
        content = sign_in(supervisor).get(f"{address}docx/").content

        document = docx.Document(io.BytesIO(content))

        assert document.styles["Table Text"].font.size.pt == 9
        styles = {p.style.name for cell in document.tables[0]._cells for p in cell.paragraphs}
        assert styles == {"Table Text"}


class TestPages:
    def test_what_goes_on_overleaf_is_said_again(self, sign_in, supervisor, wall, address):
        """Word would leave a merged cell blank there."""
        first = wall.tickets.order_by("pk").first()
        for order in range(10, 60):
            MeasureFactory(ticket=first, order=order, text=f"第{order}项措施。" * 6)
        content = sign_in(supervisor).get(f"{address}docx/?set=wall").content

        document = docx.Document(io.BytesIO(content))

        one, *others = document.tables
        assert len(others) >= 2
        assert [cell.text for cell in one.rows[0].cells][:4] == ["方面", "序号", "大类", "反馈问题"]
        for table in others[:2]:
            said = [cell.text for cell in table.rows[2].cells]
            assert said[0] == "（一）工程管理方面（续）"
            assert said[3] == "台账不健全（续）"
        breaks = [p for p in document.paragraphs if p.paragraph_format.page_break_before]
        assert len(breaks) == len(others)
        assert words(document).count("图例：") == len(document.tables)


class TestContent:
    def test_any_words_are_said_as_they_are(self, sign_in, supervisor, wall, address):
        """XML has signs of its own, and no way at all to say some characters."""
        MeasureFactory(ticket=wall.tickets.get(title="没有措施的问题"), text="<w:p>&甲\x0b乙\n“丙”")

        content = sign_in(supervisor).get(f"{address}docx/?set=wall").content

        table = docx.Document(io.BytesIO(content)).tables[0]
        assert "一、<w:p>&甲乙\n“丙”" in [cell.text for cell in table.rows[-1].cells]

    def test_it_has_the_rows_of_the_page(self, opened):
        rows = [[cell.text for cell in row.cells] for row in opened.tables[0].rows]

        assert rows[0][:4] == ["方面", "序号", "大类", "反馈问题"]
        assert "责任分工" in rows[0]
        assert len(rows) == 2 + 8
        assert rows[2][3] == rows[3][3] == "台账不健全"
        assert [row[4] for row in rows[2:4]] == ["一、台账不健全措施1。", "二、台账不健全措施2。"]
        assert rows[4][-1] == "■ 超期"

    def test_its_figures_are_those_of_the_page(self, opened, sign_in, supervisor, address):
        page = sign_in(supervisor).get(address).content.decode()
        counted = re.search(r'gt-counted gt-num">([^<]+)<', page)[1]

        assert f"{counted}。" in words(opened).replace("\n", "")

    def test_it_is_written_down(self, opened):
        event = AuditEvent.objects.latest("seq")

        assert event.kind == "export"
        assert "docx" in event.after

    def test_a_stranger_finds_nothing(self, sign_in, neighbour, address):
        assert sign_in(neighbour).get(f"{address}docx/").status_code == 404
