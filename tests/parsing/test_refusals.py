from datetime import date

import pytest

from tracker.parsing import BulletinUnreadable, parse


def refusal(content, **options):
    with pytest.raises(BulletinUnreadable) as caught:
        parse(content, today=date(2026, 11, 22), **options)
    return caught.value


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        pytest.param(b"", "empty", "空", id="empty"),
        pytest.param(" \n　\n".encode(), "empty", "没有任何文字", id="blank"),
        pytest.param(b"\x00\x01\x02\x03" * 100, "binary", "纯文本", id="binary"),
        pytest.param(b"\xff\xfe\xfd" * 50 + b"\x81", "undecodable", "编码", id="undecodable"),
        pytest.param(
            "今日食堂供应面条。".encode(), "no_problem", "没有找到反馈问题", id="no-problem"
        ),
    ],
)
def test_it_says_what_was_found(content, code, words):
    refused = refusal(content)
    assert refused.code == code
    assert words in refused.message


def test_a_file_above_the_limit_is_refused_with_both_sizes():
    refused = refusal("一、关于值班的问题\n".encode() * 100_000, max_bytes=1024 * 1024)
    assert refused.code == "too_large"
    assert "1 MB" in refused.message


def test_the_message_names_the_file():
    assert "“菜单.txt”" in refusal("今日食堂供应面条。".encode(), name="菜单.txt").message
