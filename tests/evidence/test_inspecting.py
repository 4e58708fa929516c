"""Which files are taken as evidence: content decides, and the name must agree."""

import zipfile
from io import BytesIO

import pytest
from PIL import Image

from tests import files
from tracker.choices import FileKind
from tracker.evidence.inspecting import (
    MAX_PIXELS,
    FileRefused,
    clean_name,
    draw_thumbnail,
    inspect,
)

LIMIT = 1024 * 1024


def kind_of(content: bytes, name: str) -> FileKind:
    return inspect(BytesIO(content), name, max_bytes=LIMIT)


def refusal(content: bytes, name: str) -> str:
    with pytest.raises(FileRefused) as refused:
        kind_of(content, name)
    return str(refused.value)


class TestTaken:
    @pytest.mark.parametrize(
        ("content", "name", "kind"),
        [
            (files.pdf(), "验收单.pdf", "pdf"),
            (files.pdf(), "验收单.PDF", "pdf"),
            (files.docx(), "制度.docx", "docx"),
            (files.xlsx(), "台账.xlsx", "xlsx"),
            (files.archive("[Content_Types].xml", "ppt/presentation.xml"), "汇报.pptx", "pptx"),
            (files.archive("OFD.xml", "Doc_0/Document.xml"), "公文.ofd", "ofd"),
            (files.png(), "现场.png", "png"),
            (files.jpeg(), "现场.jpg", "jpeg"),
            (files.jpeg(), "现场.jpeg", "jpeg"),
        ],
    )
    def test_documents_and_pictures_of_an_office(self, content, name, kind):
        assert kind_of(content, name) == kind

    def test_the_file_is_left_at_its_start(self):
        file = BytesIO(files.png())
        inspect(file, "现场.png", max_bytes=LIMIT)
        assert file.tell() == 0


class TestRefused:
    @pytest.mark.parametrize(
        ("content", "name", "words"),
        [
            (b"", "空.pdf", "是空文件"),
            (b"%PDF-" + b"x" * LIMIT, "大.pdf", "超过上限1 MB"),
            (b"MZ\x90\0", "工具.pdf", "是程序"),
            (b"\x7fELF", "工具", "是程序"),
            (b"#!/bin/sh\nrm -rf /", "清单.pdf", "是程序"),
            (b"<html><script>alert(1)</script>", "页面.pdf", "不是可以接收的类型"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "图.png", "不是可以接收的类型"),
            (b"GIF89a", "图.png", "不是可以接收的类型"),
            (b"Rar!\x1a\x07", "材料.rar", "是压缩包"),
            (b"7z\xbc\xaf\x27\x1c", "材料.7z", "是压缩包"),
            (files.archive("a.pdf"), "材料.zip", "是压缩包"),
            (files.archive("a.pdf"), "材料.docx", "是压缩包"),
            (b"\0\0\0\x18ftypheic", "照片.heic", "HEIC"),
            (files.pdf(), "验收单.docx", "扩展名却是“.docx”"),
            (files.png(), "现场.jpg", "扩展名却是“.jpg”"),
            (files.pdf(), "验收单.pdf.exe", "扩展名却是“.exe”"),
            (files.pdf(), "验收单", "扩展名却是"),
            (files.docx("word/vbaProject.bin"), "制度.docx", "带有宏"),
            (files.docx()[:200], "制度.docx", "已损坏"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧.doc", "已损坏"),
            (files.png()[:60], "现场.png", "图片已损坏"),
            (b"\xff\xd8\xff\xe0" + b"junk" * 50, "现场.jpg", "图片已损坏"),
        ],
    )
    def test_with_the_reason_and_the_way_out(self, content, name, words):
        assert words in refusal(content, name)

    def test_an_office_file_that_unpacks_to_too_much(self):
        bomb = files.docx(content=b"\0" * 3_000_000)
        assert len(bomb) < 20_000
        assert "大得不正常" in refusal(bomb, "制度.docx")

    def test_an_archive_of_too_many_parts(self):
        swarm = files.docx(*(f"word/{n}.xml" for n in range(5_001)), content=b"")
        assert "大得不正常" in refusal(swarm, "制度.docx")

    def test_an_archive_with_a_password(self):
        content = bytearray(files.docx())
        entry = content.index(b"PK\x01\x02")
        content[entry + 8] |= 1  # the flag of an encrypted part, in the directory
        with zipfile.ZipFile(BytesIO(content)) as archive:
            assert archive.infolist()[0].flag_bits & 1
        assert "加了密码" in refusal(bytes(content), "制度.docx")

    @pytest.mark.parametrize("side", [8_000, 30_000, 65_000])
    def test_a_picture_of_more_pixels_than_memory_holds(self, side):
        assert side * side > MAX_PIXELS
        assert "像素" in refusal(files.huge_png(side, side), "现场.png")


class TestThumbnail:
    def test_it_is_small_upright_and_says_nothing_of_the_camera(self):
        exif = Image.Exif()
        exif[0x0112] = 6  # turned by a quarter
        exif[0x010F] = "某品牌相机"
        exif[0x8825] = {1: "N", 2: (30.0, 30.0, 0.0)}
        picture = draw_thumbnail(BytesIO(files.jpeg((800, 400), exif)))

        with Image.open(BytesIO(picture)) as small:
            assert small.format == "JPEG"
            assert small.size == (120, 240)
            assert not small.getexif()

    def test_a_transparent_picture_stands_on_white(self):
        out = BytesIO()
        Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(out, "PNG")
        with Image.open(BytesIO(draw_thumbnail(BytesIO(out.getvalue())))) as small:
            assert small.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("验收单.pdf", "验收单.pdf"),
        ("C:\\材料\\验收单.pdf", "验收单.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("验收\u202efdp.exe", "验收fdp.exe"),
        ("长" * 400 + ".pdf", "长" * 180 + ".pdf"),
        ("　.pdf", ".pdf"),
    ],
)
def test_a_name_keeps_its_last_part_and_nothing_that_hides_or_leads_elsewhere(given, kept):
    assert clean_name(given) == kept
