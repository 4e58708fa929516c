from datetime import date

import pytest

from tracker.parsing.deadlines import last_day, read_deadlines, read_promises
from tracker.parsing.layout import Passage


def read(text, year=2024):
    found = read_deadlines(Passage(text), 0, len(text), year)
    return [(deadline.on, deadline.type, deadline.quote) for deadline in found]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("2025年6月底前", date(2025, 6, 30), id="end-of-month"),
        pytest.param("2024年2月", date(2024, 2, 29), id="leap-february"),
        pytest.param("9月15日前", date(2024, 9, 15), id="day-without-year"),
        pytest.param("年底前", date(2024, 12, 31), id="end-of-year"),
        pytest.param("明年年底", date(2025, 12, 31), id="end-of-next-year"),
        pytest.param("2025年内", date(2025, 12, 31), id="within-a-year-named"),
        pytest.param("2025年第三季度", date(2025, 9, 30), id="quarter"),
        pytest.param("上半年", date(2024, 6, 30), id="half"),
        pytest.param("2025年秋季开学前", date(2025, 8, 31), id="term"),
        pytest.param("11月中旬", date(2024, 11, 20), id="middle-third"),
        pytest.param("明年十月底", date(2025, 10, 31), id="month-in-characters"),
        pytest.param("两年内", None, id="within-two-years"),
        pytest.param("2月30日", None, id="no-such-day"),
        pytest.param("尽快", None, id="soon"),
    ],
)
def test_words_mean_their_last_day(words, expected):
    assert last_day(words, 2024) == expected


def test_a_promise_is_read_with_its_clause():
    assert read("二是清淤，剩余3条渠道计划在2025年底前完成。") == [
        (date(2025, 12, 31), "completion", "剩余3条渠道计划在2025年底前完成")
    ]


def test_the_beginning_of_works_is_told_from_their_end():
    assert [kind for _, kind, _ in read("新泵房预计7月开工。")] == ["start"]
    assert [kind for _, kind, _ in read("新泵房预计7月完工。")] == ["completion"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2023年11月17日开工建设。", id="a-plain-date"),
        pytest.param("已于2023年底前完成清淤。", id="already-done"),
        pytest.param("根据《2025年底前完成计划》开展清淤。", id="a-document"),
        pytest.param("将尽快完成清淤。", id="undated"),
    ],
)
def test_what_promises_no_date_is_not_a_deadline(text):
    assert read(text) == []


def test_what_is_expected_is_marked_as_a_forecast():
    text = "预计7月完工，力争年内通水。"
    found = read_deadlines(Passage(text), 0, len(text), 2024)
    assert [(deadline.on, deadline.forecast) for deadline in found] == [
        (date(2024, 7, 31), True),
        (date(2024, 12, 31), False),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("剩余2处将尽快整改。", ["剩余2处将尽快整改"], id="soon"),
        pytest.param("待批复后开工建设。", ["待批复后开工建设"], id="after-approval"),
        pytest.param("为尽快通水，增派人手。", [], id="a-purpose"),
        pytest.param("近期已开展巡查。", [], id="already-done"),
    ],
)
def test_promises_without_a_date_are_quoted(text, expected):
    assert [found.quote for found in read_promises(Passage(text), 0, len(text))] == expected


def test_a_promise_that_cannot_be_dated_is_kept_without_a_date():
    assert read("计划两年内完成改造。") == [(None, "completion", "计划两年内完成改造")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三是2024年9月底完成招标，年内建成。", ["2024-09-30", "2024-12-31"]),
        ("一是2024年3月底完成招标。", []),
        ("一是2024年9月底已完成招标。", []),
        ("一是2024年9月组织培训。", []),
    ],
)
def test_what_will_be_finished_after_the_bulletin_needs_no_word_of_intent(text, expected):
    found = read_deadlines(Passage(text), 0, len(text), 2024, said_on=date(2024, 6, 1))
    assert [deadline.on.isoformat() for deadline in found] == expected
