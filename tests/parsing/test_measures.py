import pytest

from tracker.parsing.measures import divide
from tracker.parsing.quotes import Quotes


def division(text):
    return divide(text, 0, len(text), Quotes(text))


def measures(text):
    return [(piece.number, text[piece.start : piece.end]) for piece in division(text).pieces]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("一是清账。二是建册。", [("一", "清账。"), ("二", "建册。")], id="yi-shi"),
        pytest.param("一要清账。二要建册。", [("一", "清账。"), ("二", "建册。")], id="yi-yao"),
        pytest.param("①清账。②建册。", [("①", "清账。"), ("②", "建册。")], id="circled"),
        pytest.param("（1）清账。（2）建册。", [("1", "清账。"), ("2", "建册。")], id="brackets"),
        pytest.param(
            "首先，清账；其次，建册；最后，公示。",
            [("首先", "清账；"), ("其次", "建册；"), ("最后", "公示。")],
            id="first-next-last",
        ),
        pytest.param(
            "首先，清账；其次，建册；第三，公示。",
            [("首先", "清账；"), ("其次", "建册；"), ("第三", "公示。")],
            id="first-next-third",
        ),
        pytest.param("1.清账；2.建册。", [("1", "清账；"), ("2", "建册。")], id="dots"),
        pytest.param("1）清账；2）建册。", [("1", "清账；"), ("2", "建册。")], id="half-brackets"),
        pytest.param(
            "（一）清账；（二）建册。", [("一", "清账；"), ("二", "建册。")], id="letters"
        ),
        pytest.param("• 清账；\n• 建册。", [("•", "清账；"), ("•", "建册。")], id="bullets"),
        pytest.param("- 清账；\n- 建册。", [("-", "清账；"), ("-", "建册。")], id="hyphens"),
        pytest.param("清账，共2.5亿元。", [(None, "清账，共2.5亿元。")], id="a-decimal"),
        pytest.param("清账建册。", [(None, "清账建册。")], id="no-series"),
        pytest.param("首先清账，随后建册。", [(None, "首先清账，随后建册。")], id="first-alone"),
        pytest.param("统一是前提，唯一是标准。", [(None, "统一是前提，唯一是标准。")], id="words"),
    ],
)
def test_it_divides_each_series(text, expected):
    assert measures(text) == expected


def test_a_number_inside_quotes_or_brackets_divides_nothing():
    text = "一是立下“一是不拖，二是不推”的规矩（一是口头，二是书面）。二是检查。"
    assert [number for number, _ in measures(text)] == ["一", "二"]


def test_a_quotation_mark_never_closed_hides_nothing():
    assert [number for number, _ in measures("一是签订“承诺书。二是检查。")] == ["一", "二"]


def test_it_goes_beyond_ten():
    text = "".join(f"{n}是查账。" for n in "一二三四五六七八九十") + "十一是公示。十二是归档。"
    assert [number for number, _ in measures(text)][-2:] == ["十一", "十二"]


def test_a_skipped_and_a_repeated_number_are_kept_and_named():
    text = "一是清账。三是建册。三是公示。"
    assert [number for number, _ in measures(text)] == ["一", "三", "三"]
    assert [text[offset] for offset in division(text).odd_at] == ["三", "三"]


def test_the_label_before_the_series_is_the_lead_in():
    text = "整改情况：一是清账。"
    assert text[slice(*division(text).lead_in)] == "整改情况："
    assert measures(text) == [("一", "清账。")]


def test_the_sentence_on_the_whole_problem_belongs_to_no_measure():
    text = "一是清账。二是建册。该问题现已整改到位，并将长期坚持。"
    assert text[slice(*division(text).closing)] == "该问题现已整改到位，并将长期坚持。"
    assert measures(text)[-1] == ("二", "建册。")
