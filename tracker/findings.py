"""What a bulletin says of a problem, item by item, in words that a page can show. Pure.

An item is a kind and a value, a small dict of JSON values; which keys it has, `KEYS` says.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.choices import Claim, FindingKind
from tracker.dates import zh_date

Value = Mapping[str, Any]

KEYS: dict[FindingKind, tuple[str, ...]] = {
    FindingKind.CLAIM: ("status", "secondary"),
    FindingKind.OWNER: ("role", "name"),
    FindingKind.DEADLINE: ("date", "type", "is_forecast"),
    FindingKind.INDICATOR: (
        *("label", "unit", "total", "done", "remaining", "rate", "approx", "as_of", "tier"),
    ),
    FindingKind.DOCUMENT: ("title", "is_issued"),
    FindingKind.BLOCKER: ("text",),
}
OWNER_ROLES = {"leader": "责任领导", "lead_unit": "牵头单位", "person": "责任人"}
DEADLINE_TYPES = {"completion": "完成", "start": "启动", "plan": "计划"}


def in_words(kind: str, value: Value) -> str:
    """One item as people read it.

    >>> in_words("deadline", {"date": "2026-12-20", "type": "completion", "is_forecast": True})
    '预计2026年12月20日完成'
    >>> in_words("indicator", {"label": "除险", "unit": "处", "done": 8.0, "total": 20.0})
    '除险：已完成8处，共20处'
    """
    return _WORDS[FindingKind(kind)](value)


def _claim(value: Value) -> str:
    words = Claim(value["status"]).label.removeprefix("称")
    if secondary := value.get("secondary"):
        words += f"，{Claim(secondary).label.removeprefix('称')}"
    return words


def _owner(value: Value) -> str:
    return f"{OWNER_ROLES[value['role']]}：{value['name']}"


def _deadline(value: Value) -> str:
    forecast = "预计" if value.get("is_forecast") else ""
    day = value["date"] and date.fromisoformat(value["date"])
    words = zh_date(day) if day else "日期不明，"
    return f"{forecast}{words}{DEADLINE_TYPES[value['type']]}"


def _indicator(value: Value) -> str:
    unit = value.get("unit") or ""
    about = "约" if value.get("approx") else ""
    parts = [
        f"{label}{about}{plain_number(value[name])}{unit}"
        for name, label in (("done", "已完成"), ("total", "共"), ("remaining", "剩余"))
        if value.get(name) is not None
    ]
    if rate := value.get("rate"):
        parts.append(str(rate))
    return f"{value['label'] or '数字'}：{'，'.join(parts) or '没有数'}"


def plain_number(number: float | Decimal) -> str:
    """A figure without needless noughts: 8, 12.5."""
    return f"{float(number):.2f}".rstrip("0").rstrip(".")


def _document(value: Value) -> str:
    return f"{value['title']}（{'本次印发' if value.get('is_issued') else '提及'}）"


def _blocker(value: Value) -> str:
    return value["text"]


_WORDS = {
    FindingKind.CLAIM: _claim,
    FindingKind.OWNER: _owner,
    FindingKind.DEADLINE: _deadline,
    FindingKind.INDICATOR: _indicator,
    FindingKind.DOCUMENT: _document,
    FindingKind.BLOCKER: _blocker,
}


def is_core(kind: str, value: Value) -> bool:
    """Whether this counts as adopted when nobody has decided on it.

    What the text says for certain and the board works with: the claim, who answers, a promised
    day, a figure that can be followed, a document that was issued. A forecast promises nothing.
    """
    if kind == FindingKind.DEADLINE:
        return value["type"] == "completion" and bool(value["date"]) and not value["is_forecast"]
    if kind == FindingKind.INDICATOR:
        figures = (value.get(name) for name in ("total", "done", "rate"))
        return value.get("tier") != "weak" and any(figure is not None for figure in figures)
    if kind == FindingKind.DOCUMENT:
        return bool(value["is_issued"])
    return kind in (FindingKind.CLAIM, FindingKind.OWNER)
