"""Word's automatic numbers: 一、 and （一） that stand on the page but not in the text.

ECMA-376 part 1, 17.9. A paragraph points to a numbering instance and a level; the instance points
to an abstract numbering, whose counters all its instances share.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_BULLET = "•"


def _chinese(value: int) -> str:
    """一, 十, 十一, 二十, 一百零五; beyond 9999 in digits."""
    if not 0 < value < 10_000:
        return str(value)
    text, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            text += ("零" if zero else "") + "零一二三四五六七八九"[digit] + name
            zero = False
        elif text and value:
            zero = True
    return text.removeprefix("一") if text.startswith("一十") else text


def _digits(alphabet: str):
    return lambda value: "".join(alphabet[int(digit)] for digit in str(value))


def _sequence(first: str, count: int):
    """①-⑳ and the like; after the last sign in plain digits."""
    return lambda value: chr(ord(first) + value - 1) if 0 < value <= count else str(value)


def _cycle(signs: str):
    return lambda value: signs[(value - 1) % len(signs)]


def _letters(first: str):
    """A … Z, AA, BB …, as Word goes on."""
    return lambda value: chr(ord(first) + (value - 1) % 26) * min((value - 1) // 26 + 1, 9)


_ROMAN = {1000: "M", 900: "CM", 500: "D", 400: "CD", 100: "C", 90: "XC", 50: "L"} | {
    40: "XL",
    10: "X",
    9: "IX",
    5: "V",
    4: "IV",
    1: "I",
}


def _roman(value: int) -> str:
    if not 0 < value < 4000:
        return str(value)
    text = ""
    for worth, sign in _ROMAN.items():
        count, value = divmod(value, worth)
        text += sign * count
    return text


# w:numFmt (17.18.59) -> how a counter is printed; what is missing here is printed in digits.
FORMATS = {
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "ideographDigital": _digits("〇一二三四五六七八九"),
    "japaneseDigitalTenThousand": _digits("〇一二三四五六七八九"),
    "taiwaneseDigital": _digits("〇一二三四五六七八九"),
    "chineseLegalSimplified": _digits("零壹贰叁肆伍陆柒捌玖"),
    "ideographTraditional": _cycle("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _cycle("子丑寅卯辰巳午未申酉戌亥"),
    "ideographEnclosedCircle": _sequence("㊀", 10),
    "decimalFullWidth": _digits("０１２３４５６７８９"),
    "decimalFullWidth2": _digits("０１２３４５６７８９"),
    "decimalEnclosedCircle": _sequence("①", 20),
    "decimalEnclosedCircleChinese": _sequence("①", 20),
    "decimalEnclosedParen": _sequence("⑴", 20),
    "decimalEnclosedFullstop": _sequence("⒈", 20),
    "decimalZero": lambda value: f"{value:02}",
    "upperLetter": _letters("A"),
    "lowerLetter": _letters("a"),
    "upperRoman": _roman,
    "lowerRoman": lambda value: _roman(value).lower(),
    "none": lambda value: "",
}


def printed(value: int, format: str) -> str:
    """Return a counter as a number format prints it.

    >>> [printed(12, f) for f in ("chineseCounting", "ideographDigital", "decimalEnclosedCircle")]
    ['十二', '一二', '⑫']
    """
    return FORMATS.get(format, str)(value)


@dataclass(frozen=True, slots=True)
class _Level:
    text: str = ""
    format: str = "decimal"
    start: int = 1
    # The level (from 1) after which this one starts again; 0 for never, None for any above.
    restart: int | None = None
    legal: bool = False
    separator: str = "tab"
    style: str = ""


@dataclass(slots=True)
class _Counters:
    values: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


@dataclass(frozen=True, slots=True)
class _Instance:
    abstract: str
    levels: Mapping[int, _Level]
    restarts: Mapping[int, int]


class Numbering:
    """Counts the numbered paragraphs of one document, in the order in which it is asked."""

    def __init__(self, root: etree._Element | None, style_numbers: Mapping[str, str]):
        """Read numbering.xml, None where a document has none.

        `style_numbers` gives the numbering instance of each list style, for numberings that only
        refer to a style.
        """
        abstracts: dict[str, dict[int, _Level]] = {}
        links: dict[str, str] = {}
        self._instances: dict[str, _Instance] = {}
        for element in root.iterfind(f"{W}abstractNum") if root is not None else ():
            name = element.get(f"{W}abstractNumId", "")
            abstracts[name] = dict(_levels(element))
            if (link := element.find(f"{W}numStyleLink")) is not None:
                links[name] = link.get(f"{W}val", "")
        numbers = list(root.iterfind(f"{W}num")) if root is not None else []
        abstract_of = {
            number.get(f"{W}numId", ""): _value(number, "abstractNumId") or "" for number in numbers
        }
        for number in numbers:
            name = number.get(f"{W}numId", "")
            abstract = abstract_of[name]
            if linked := links.get(abstract):
                abstract = abstract_of.get(style_numbers.get(linked, ""), abstract)
            restarts = {}
            levels = dict(abstracts.get(abstract, {}))
            for override in number.iterfind(f"{W}lvlOverride"):
                depth = _integer(override.get(f"{W}ilvl"), 0)
                levels.update(_levels(override))
                if (start := _value(override, "startOverride")) is not None:
                    restarts[depth] = _integer(start, 1)
            self._instances[name] = _Instance(abstract, levels, restarts)
        self._counters: dict[str, _Counters] = {}
        self._begun: set[tuple[str, int]] = set()

    def depth_of_style(self, number: str, style: str) -> int | None:
        """Return the level that a numbering ties to a paragraph style."""
        if instance := self._instances.get(number):
            for depth, level in instance.levels.items():
                if level.style == style:
                    return depth
        return None

    def label(self, number: str, depth: int) -> str:
        """Count one paragraph and return what stands before its text; "" if nothing does."""
        instance = self._instances.get(number)
        level = instance and instance.levels.get(depth)
        if level is None:
            return ""
        if level.format == "bullet":
            return f"{_BULLET} "
        counters = self._counters.setdefault(instance.abstract, _Counters()).values
        first_use = (number, depth) not in self._begun
        self._begun.add((number, depth))
        if first_use and depth in instance.restarts:
            counters[depth] = instance.restarts[depth]
        elif counters[depth] is None:
            counters[depth] = level.start
        else:
            counters[depth] += 1
        for below in range(depth + 1, _LEVELS):
            restart = instance.levels.get(below, _Level()).restart
            if restart is None or 0 < depth + 1 <= restart:
                counters[below] = None
        text = level.text
        for above in range(depth + 1):
            if f"%{above + 1}" in text:
                source = instance.levels.get(above, _Level())
                value = counters[above] if counters[above] is not None else source.start
                format = "decimal" if level.legal else source.format
                text = text.replace(f"%{above + 1}", printed(value, format))
        return text + _separator(text, level)


def _separator(text: str, level: _Level) -> str:
    """A blank after 1. keeps 1.2024年 from reading as a number; （一） needs none."""
    return " " if text and text[-1].isascii() and level.separator != "nothing" else ""


def _levels(element: etree._Element):
    for level in element.iterfind(f"{W}lvl"):
        restart = _value(level, "lvlRestart")
        yield (
            _integer(level.get(f"{W}ilvl"), 0),
            _Level(
                text=(_value(level, "lvlText") or "")[:100],
                format=_format(level),
                start=_integer(_value(level, "start"), 0),
                restart=None if restart is None else _integer(restart, 0),
                legal=_is_on(level.find(f"{W}isLgl")),
                separator=_value(level, "suff") or "tab",
                style=_value(level, "pStyle") or "",
            ),
        )


def _format(level: etree._Element) -> str:
    """Newer formats hide behind mc:AlternateContent, with an older one to fall back on."""
    found = [node.get(f"{W}val", "") for node in level.iter(f"{W}numFmt")]
    return next((name for name in found if name in FORMATS or name == "bullet"), "decimal")


def _value(element: etree._Element, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val")


def _integer(text: str | None, default: int) -> int:
    """Counters of a hostile file may hold anything; none is larger than a page can print."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 6 else default


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and element.get(f"{W}val", "1") not in ("0", "false", "off")
