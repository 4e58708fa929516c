"""Words found in text, with the same answer on both databases and an index on PostgreSQL.

Printed Chinese has no spaces, so an index by words is of no use. PostgreSQL indexes every two
characters that follow each other (bigrams), by a function of ours on a plain array: no extension,
no dictionary, no locale. The index follows from the text's own columns, so no writer can forget
it. Migration 0031 makes the function and the indexes, a later one that of evidence; `Together` must
say what they say.
"""

from django.db import models
from django.db.models import Func, Lookup, TextField

GRAMS = "guatu_grams"
# A word of so many characters is itself what the index holds.
LONGEST_GRAM = 2
_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
# What is searched of each table, as one text. A word has no space in it, so it never spans two.
PLACES = {
    "tracker_ticket": (
        "number",
        "title",
        "problem",
        "claim_quote",
        "leader_text",
        "person_text",
        "lead_unit_text",
    ),
    "tracker_measure": ("text", "goal"),
    "tracker_progress": ("text", "difficulty", "next_step"),
    "tracker_evidence": ("name",),
}


class Together(Func):
    """Several columns as one text, a space between them."""

    template = "(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = TextField()

    @classmethod
    def of(cls, model: type[models.Model]) -> "Together":
        return cls(*PLACES[model._meta.db_table])


@TextField.register_lookup
class Mentions(Lookup):
    """The text holds this word; only the case of A to Z does not matter, as in SQLite's LIKE."""

    lookup_name = "mentions"
    prepare_rhs = False

    def _pattern(self, word: str) -> str:
        escaped = word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        return f"%{escaped}%"

    def as_sql(self, compiler, connection):
        text, params = self.process_lhs(compiler, connection)
        return f"{text} LIKE %s ESCAPE '\\'", [*params, self._pattern(self.rhs)]

    def as_postgresql(self, compiler, connection):
        text, params = self.process_lhs(compiler, connection)
        word = self.rhs.translate(str.maketrans(_UPPER, _LOWER))
        held, given = f"{GRAMS}({text}) @> {GRAMS}(%s)", [*params, word]
        if len(word) <= LONGEST_GRAM:
            return held, given
        # The parts may stand apart. To fold the case of all texts is dear: only where it matters.
        folded = f"translate({text}, '{_UPPER}', '{_LOWER}')" if _has_letters(word) else text
        return f"({held} AND {folded} LIKE %s)", [*given, *params, self._pattern(word)]


def _has_letters(word: str) -> bool:
    return not set(_LOWER).isdisjoint(word)
