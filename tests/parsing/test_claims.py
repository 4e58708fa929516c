import pytest

from tracker.parsing.claims import read_claim, state
from tracker.parsing.indicators import read_indicators
from tracker.parsing.layout import Passage
from tracker.parsing.measures import divide
from tracker.parsing.quotes import Quotes


def claim(text):
    passage, quotes = Passage(text), Quotes(text)
    found = read_claim(
        passage,
        0,
        len(text),
        divide(text, 0, len(text), quotes),
        read_indicators(passage, 0, len(text)),
    )
    return found.status, found.secondary, found.quote


@pytest.mark.parametrize(
    ("text", "status", "quote"),
    [
        pytest.param(
            "一是清账。二是建册。该问题已完成整改。", "done", "该问题已完成整改", id="done"
        ),
        pytest.param("补齐台账，目前已完成整改。", "done", "目前已完成整改", id="only-measure"),
        pytest.param(
            "一是清账，目前已完成整改。二是建册。", "not_stated", None, id="one-measure-of-two"
        ),
        pytest.param("剩余3处正在清理。", "in_progress", "剩余3处正在清理", id="remaining"),
        pytest.param("方案报市局审批中。", "in_progress", "方案报市局审批中", id="awaiting"),
        pytest.param(
            "发现隐患12处，已整改9处。",
            "in_progress",
            "发现隐患12处，已整改9处",
            id="figures-fall-short",
        ),
        pytest.param("持续推进渠道淤积整改。", "long_term", "持续推进渠道淤积整改", id="kept-up"),
        pytest.param("印发制度，开展培训。", "not_stated", None, id="not-stated"),
        pytest.param(
            "对需要变更的内容经批准后方可实施。", "not_stated", None, id="a-rule-is-no-state"
        ),
    ],
)
def test_it_reads_the_state_with_its_words(text, status, quote):
    assert claim(text)[::2] == (status, quote)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("已完成", ("done", None), id="done"),
        pytest.param("已完成，长期坚持", ("done", "long_term"), id="done-and-kept-up"),
        pytest.param("未完成", ("in_progress", None), id="not-done"),
        pytest.param("基本完成", ("in_progress", None), id="nearly"),
        pytest.param("持续推进", ("in_progress", "long_term"), id="going-on"),
        pytest.param("长期坚持", ("long_term", None), id="kept-up"),
        pytest.param("见附件", ("not_stated", None), id="nothing"),
    ],
)
def test_a_state_in_a_word_or_two(words, expected):
    assert state(words) == expected


def test_done_and_kept_up_is_done_first():
    assert claim("一是清账。该问题现已整改到位，并将长期坚持。")[:2] == ("done", "long_term")


def test_something_left_over_outweighs_done():
    assert claim("一是剩余2处尚未清理。该问题已完成整改。")[0] == "in_progress"
