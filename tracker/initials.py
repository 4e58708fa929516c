"""The first letters of how Chinese names are read, by which people type them: 梁文 is lw. Pure."""

from itertools import islice, product

from pypinyin import Style, pinyin

# A name with several characters of two readings each has many spellings; nobody tries them all.
MOST_SPELLINGS = 16
LONGEST = 400


def initials_of(*names: str) -> str:
    """Return every spelling of these names, apart by spaces.

    A character with several readings counts by each, for a surname is often read unlike the
    word. Letters and digits stand for themselves, anything else is passed over.

    >>> initials_of("临江水务", "水务局")
    'ljsw swj'
    >>> initials_of("单明")
    'cm dm sm'
    """
    spellings: list[str] = []
    for name in names:
        read = pinyin(name, style=Style.FIRST_LETTER, heteronym=True, errors=list)
        letters = [sorted({_plain(one) for one in readings}) for readings in read]
        for spelling in islice(map("".join, product(*letters)), MOST_SPELLINGS):
            if spelling and spelling not in spellings:
                spellings.append(spelling)
    return " ".join(spellings)[:LONGEST]


def _plain(reading: str) -> str:
    return "".join(char for char in reading.lower() if char.isascii() and char.isalnum())
