"""The small pieces of a page: lights, bars, icons, Chinese dates."""

from datetime import UTC, date, datetime

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template

from tracker.choices import Light, Shape
from tracker.lights import PLAIN_BY_LIGHT


def rendered(source, **context):
    return Template("{% load guatu %}" + source).render(Context(context))


@pytest.mark.parametrize("light", Light)
def test_a_light_is_colour_shape_and_word(light):
    html = rendered("{% light value %}", value=light)
    lamp = PLAIN_BY_LIGHT[light]
    assert f'class="gt-lt gt-lt-{lamp.colour}"' in html
    assert f'href="#l-{lamp.shape}"' in html
    assert f">{lamp.word}</span>" in html


def test_every_light_has_its_shape_in_the_page():
    shapes = Template('{% include "_lights.svg" %}').render(Context())
    assert all(f'<symbol id="l-{shape}"' in shapes for shape in Shape)


def test_a_light_may_be_a_chip_and_say_another_word():
    html = rendered('{% light "done" chip=True word="已完成" %}')
    assert 'class="gt-lt gt-lt-teal gt-lt-chip"' in html
    assert ">已完成</span>" in html


def test_a_light_that_does_not_exist_is_an_error():
    with pytest.raises(ValueError, match="purple"):
        rendered('{% light "purple" %}')


@pytest.mark.parametrize(
    ("percent", "width", "spoken"),
    [(80.94, "80.9%", "80.9%"), (100, "100%", "100%"), (123.4, "100%", "123.4%"), (0, "0%", "0%")],
)
def test_a_bar_is_full_at_most_while_its_label_keeps_the_figure(percent, width, spoken):
    html = rendered('{% bar percent "warn" %}', percent=percent)
    assert f'<rect class="f-amber" width="{width}"' in html
    assert f'aria-label="{spoken}"' in html


def test_a_share_of_an_unknown_total_has_no_bar():
    assert rendered("{% bar percent %}", percent=None) == ""


def test_words_in_a_label_are_escaped():
    assert 'aria-label="&lt;b&gt;&quot;"' in rendered("{% bar 1 label=label %}", label='<b>"')


def test_an_icon_comes_from_the_sprite_and_is_not_read_aloud():
    html = rendered('{% icon "bell" %}')
    assert 'aria-hidden="true"' in html
    assert "icons.svg#bell" in html


@pytest.mark.parametrize(
    ("filter_name", "expected"),
    [
        ("zh_date", "2026年11月22日"),
        ("zh_md", "11月22日"),
        ("zh_weekday", "周日"),
        ("zh_md_weekday", "11月22日 周日"),
    ],
)
def test_dates_are_written_as_the_office_writes_them(filter_name, expected):
    source = "{{ day|" + filter_name + " }}"
    assert rendered(source, day=date(2026, 11, 22)) == expected
    # 16:30 UTC is already the next day here.
    assert rendered(source, day=datetime(2026, 11, 21, 16, 30, tzinfo=UTC)) == expected
    assert rendered(source, day=None) == ""


def test_an_instant_is_shown_in_local_time():
    moment = datetime(2026, 11, 21, 16, 5, tzinfo=UTC)
    assert rendered("{{ moment|zh_datetime_short }}", moment=moment) == "11月22日 00:05"
    assert rendered("{{ moment|zh_datetime_short }}", moment=None) == ""


def test_pages_far_away_are_left_out():
    page = Paginator(range(1000), 50).page(10)
    numbers = rendered("{% for n in page|page_numbers %}{{ n }} {% endfor %}", page=page)
    assert numbers.split() == ["1", "…", "8", "9", "10", "11", "12", "…", "20"]
