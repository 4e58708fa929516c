"""What forms are made of: a day, a line, a text, each with its words for what is wrong."""

from django import forms
from django.core.validators import MaxLengthValidator


class DateInput(forms.DateInput):
    """The browser's own date picker, which needs ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


def at_most(count: int) -> MaxLengthValidator:
    """Refuse a longer text, and say how long it is; unlike `max_length` it cuts nothing off."""
    return MaxLengthValidator(count, f"写了%(show_value)s字，请写在{count}字以内。")


NOT_ENDLESS = at_most(10_000)


def day_field(label: str, missing: str = "", **kwargs) -> forms.DateField:
    """A day; `missing` is said where it is empty and must not be."""
    words = {
        "invalid": "请填写日期，如2026-12-31。",
        "required": missing or f"请填写{label}。",
    }
    return forms.DateField(label=label, widget=DateInput, error_messages=words, **kwargs)


def words_field(
    label: str, missing: str = "", *, rows: int = 4, validator=NOT_ENDLESS, **kwargs
) -> forms.CharField:
    """A text of several lines; `missing` is said where it is empty and must not be."""
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[validator],
        error_messages={"required": missing or f"请填写{label}。"},
        **kwargs,
    )


def line_field(label: str, missing: str, **kwargs) -> forms.CharField:
    """A line of at most 200 characters, as reasons and grounds are kept."""
    return forms.CharField(
        label=label,
        max_length=200,
        error_messages={"required": missing, "max_length": "请写在200字以内。"},
        **kwargs,
    )
