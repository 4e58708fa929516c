import pytest

from tracker.parsing import BulletinUnreadable
from tracker.parsing.reading import read

TEXT = "关于整改情况的通报\n一、反馈问题整改情况\n1.关于值班的问题。已整改。\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_text_reads_alike_in_every_encoding(encoding):
    assert read(TEXT.encode(encoding), max_bytes=10_000).text.lstrip("\ufeff") == TEXT


def test_every_kind_of_line_end_is_one():
    content = "甲\r\n乙\r丙\x0b丁\x0c戊\u2028己".encode()
    assert read(content, max_bytes=10_000).text == "甲\n乙\n丙\n丁\n戊\n己"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xff\xfb\x90\x64" * 500, id="sound"),
        pytest.param(bytes(range(256)) * 20, id="every-byte"),
        pytest.param("Ελληνικά κείμενο και άλλα".encode("utf-16-le"), id="another-script"),
    ],
)
def test_what_is_no_chinese_text_is_not_guessed(content):
    with pytest.raises(BulletinUnreadable) as caught:
        read(content, max_bytes=10_000)
    assert caught.value.code in ("binary", "undecodable")
