"""隐去姓名: names as they may hang on a wall for everybody to see."""

import re

_BETWEEN = re.compile(r"[、，,；;/\s]+")
_NAME = re.compile(r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]+·[\u3400-\u9fff·]+")
_DOUBLE = re.compile(
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|令狐|慕容|司徒|夏侯|轩辕|长孙|宇文|端木|南宫"
)


def masked(names: str) -> str:
    """Leave of each name the surname; what may not be a name at all is left out altogether.

    A printed person responsible can be any words: a name hidden in them must not slip through.

    >>> masked("梁文远"), masked("邓佳、欧阳明"), masked("卢平")
    ('梁某某', '邓某、欧阳某', '卢某')
    >>> masked("办公室主任梁文远")
    ''
    """
    parts = [part for part in _BETWEEN.split(names) if part]
    if not all(_NAME.fullmatch(part) for part in parts):
        return ""
    return "、".join(map(_masked, parts))


def _masked(name: str) -> str:
    surname = name[:2] if len(name) > 2 and _DOUBLE.match(name) else name[0]
    return surname + "某" * min(len(name) - len(surname), 2)
