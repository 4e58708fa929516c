"""Files made to harm whoever opens them, and files that merely broke: refused, and soon."""

import struct
import time
import zipfile
from datetime import date
from io import BytesIO

import pytest

from tests.parsing.reading.build import archive, docx, ole, paragraph, pdf, word_table, workbook
from tracker.parsing import BulletinUnreadable, parse
from tracker.parsing.reading import archive as archives
from tracker.parsing.reading import pdf as pdfs

TEXT = b"BT /F1 12 Tf 72 700 Td (Nothing to put right on this page) Tj ET"


def refusal(content, **options):
    """Return the refusal of a file, which must come within seconds."""
    started = time.monotonic()
    with pytest.raises(BulletinUnreadable) as caught:
        parse(content, today=date(2026, 11, 22), **options)
    assert time.monotonic() - started < 10
    return caught.value


class TestArchives:
    def test_a_part_that_unpacks_to_hundreds_of_times_its_size(self):
        refused = refusal(archive({"word/document.xml": b"0" * 30_000_000}))
        assert refused.code == "hostile"
        assert "解压后大得不正常" in refused.message

    def test_thousands_of_entries(self):
        parts = {f"word/media/{n}": b"" for n in range(archives.MAX_ENTRIES + 1)}
        assert refusal(archive(parts)).code == "hostile"

    def test_parts_that_are_too_much_together(self, monkeypatch):
        monkeypatch.setattr(archives, "MAX_UNPACKED", 10_000)
        assert refusal(archive({f"word/{n}": b"x" * 3_000 for n in range(4)})).code == "hostile"

    def test_a_part_that_is_larger_than_it_says(self):
        content = docx(paragraph("一、关于值班的问题" * 500))
        with zipfile.ZipFile(BytesIO(content)) as opened:
            size = opened.getinfo("word/document.xml").file_size
        lied = content.replace(struct.pack("<I", size), struct.pack("<I", 10))
        assert refusal(lied).code == "broken"

    @pytest.mark.parametrize("kept", [30, 200, 600, -30])
    def test_one_that_is_cut_off(self, kept):
        assert refusal(docx(paragraph("一、关于值班的问题"))[:kept]).code == "broken"

    def test_an_archive_of_something_else(self):
        refused = refusal(archive({"相片.jpg": b"..."}))
        assert refused.code == "binary"
        assert "解压后选择" in refused.message

    def test_a_document_without_its_text(self):
        assert refusal(archive({"word/styles.xml": "<a/>"})).code == "broken"


class TestXml:
    def test_entities_that_multiply(self):
        levels = "".join(
            f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' if n else '<!ENTITY e0 "问题">'
            for n in range(10)
        )
        bomb = f"<!DOCTYPE d [{levels}]><d>&e9;</d>"
        refused = refusal(archive({"_rels/.rels": bomb, "word/document.xml": bomb}))
        assert refused.code == "hostile"
        assert "实体声明" in refused.message

    def test_an_entity_that_names_a_file(self):
        bomb = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><d>&e;</d>'
        assert refusal(archive({"_rels/.rels": bomb, "word/x": ""})).code == "hostile"

    def test_tables_inside_tables_inside_tables(self):
        body = paragraph("一、关于值班的问题")
        for _ in range(60):
            body = f"<w:tbl><w:tr><w:tc>{body}</w:tc></w:tr></w:tbl>"
        refused = refusal(docx(body))
        assert refused.code == "hostile"
        assert "嵌套" in refused.message

    def test_wrappers_without_end(self):
        depth = 3_000
        body = "<w:sdt><w:sdtContent>" * depth + "</w:sdtContent></w:sdt>" * depth
        assert refusal(docx(body)).code in ("hostile", "broken")


class TestTables:
    def test_one_of_a_million_cells(self, monkeypatch):
        monkeypatch.setattr("tracker.parsing.reading.source.MAX_CELLS", 1_000)
        refused = refusal(docx(word_table(*[["问题"] * 10] * 200)))
        assert refused.code == "too_large"
        assert "单元格" in refused.message

    def test_a_sheet_that_claims_to_be_merged_whole(self):
        sheet = (
            '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>今日食堂</t></is></c></row>'
            '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        )
        assert refusal(workbook(sheet)).code == "no_problem"

    def test_a_sheet_with_its_text_a_million_rows_down(self):
        sheet = (
            '<sheetData><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>问题</t></is></c>'
            "</row></sheetData>"
        )
        assert refusal(workbook(sheet)).code == "too_large"

    def test_a_page_whose_cell_claims_to_cover_everything(self):
        page = "<html><body><table><tr><td rowspan=99999 colspan=99999>食堂</td><td>菜单</td></tr>"
        assert refusal((page + "<tr><td>面条</td></tr></table>").encode()).code == "no_problem"


class TestPages:
    def test_a_pdf_of_ten_thousand_pages(self):
        refused = refusal(pdf(*[TEXT] * 10_000))
        assert refused.code == "too_large"
        assert f"{pdfs.MAX_PAGES}页" in refused.message

    def test_a_pdf_that_is_cut_off_everywhere(self):
        content = pdf(TEXT)
        for kept in range(10, len(content), 40):
            assert refusal(content[:kept]).code in ("broken", "empty", "no_problem")

    def test_a_pdf_that_draws_a_hundred_thousand_lines(self):
        drawing = b"".join(b"%d 0 m %d 800 l S\n" % (n % 595, n % 595) for n in range(100_000))
        assert refusal(pdf(drawing + TEXT)).code == "no_problem"

    def test_html_that_never_closes_what_it_opens(self):
        assert refusal(b"<html><body>" + b"<div><b>" * 50_000).code in ("empty", "broken")

    def test_mht_of_parts_within_parts(self):
        content = b"MIME-Version: 1.0\n"
        for n in range(2_000):
            content += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
        refused = refusal(content + b"Content-Type: text/html\n\n<p>x</p>")
        assert refused.code in ("broken", "no_problem")


class TestWhatToDo:
    """Files that are no harm but cannot be read say what they are and what to do."""

    @pytest.mark.parametrize(
        ("content", "code", "words"),
        [
            pytest.param(ole("WordDocument"), "legacy", "另存为 .docx", id="doc"),
            pytest.param(ole("Workbook"), "legacy", "另存为 .xlsx", id="xls"),
            pytest.param(ole("PowerPoint Document"), "legacy", "复制到 Word", id="ppt"),
            pytest.param(
                ole("EncryptionInfo", "EncryptedPackage"), "encrypted", "密码", id="locked"
            ),
            pytest.param(ole("WordDocument")[:700], "broken", "损坏", id="torn-doc"),
            pytest.param(pdf(b"q 500 0 0 700 0 0 cm /I1 Do Q"), "scanned", "扫描", id="scan"),
            pytest.param(
                pdf(
                    TEXT,
                    trailer=b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(%s)/U(%s)>>/ID[(a)(a)]"
                    % (b"o" * 32, b"u" * 32),
                ),
                "encrypted",
                "密码",
                id="locked-pdf",
            ),
            pytest.param(pdf(b""), "empty", "没有任何文字", id="blank-pdf"),
            pytest.param(b"{\\rtf1 text}", "binary", "RTF", id="rtf"),
            pytest.param(b"\x89PNG\r\n\x1a\n....", "binary", "图片", id="picture"),
            pytest.param(archive({"OFD.xml": "<a/>"}), "binary", "OFD", id="ofd"),
            pytest.param(
                archive({"mimetype": "application/vnd.oasis.opendocument.text"}),
                "binary",
                "OpenDocument",
                id="odt",
            ),
        ],
    )
    def test_it_is_told(self, content, code, words):
        refused = refusal(content)
        assert refused.code == code
        assert words in refused.message
