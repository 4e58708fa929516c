"""Days in Chinese, as pages, papers and histories write them; of an instant ask its local day."""

from datetime import date


def zh_date(day: date) -> str:
    """A day with its year.

    >>> zh_date(date(2026, 3, 5))
    '2026年3月5日'
    """
    return f"{day.year}年{day.month}月{day.day}日"


def zh_md(day: date) -> str:
    """A day of a year that is plain.

    >>> zh_md(date(2026, 3, 5))
    '3月5日'
    """
    return f"{day.month}月{day.day}日"
