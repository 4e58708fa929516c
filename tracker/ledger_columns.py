"""台账的列: which columns the merged ledger shows beside its headings, and the usual sets of them.

The sets are those that offices exchange; a reader may tick any columns instead. Both stand in the
address, so that a ledger can be sent as it is seen.
"""

from dataclasses import dataclass

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Column:
    """One column; with `of_measure` each measure has a cell of its own, with `may_split` it has
    one where the measures of a problem differ in it."""

    key: str
    label: str
    of_measure: bool = False
    may_split: bool = False


COLUMNS: dict[str, Column] = {
    one.key: one
    for one in (
        Column("detail", "具体表现"),
        Column("goal", "整改目标", of_measure=True),
        Column("measure", "整改措施", of_measure=True),
        Column("leader", "责任领导"),
        Column("unit", "牵头单位"),
        Column("helpers", "配合单位"),
        Column("person", "责任人"),
        Column("kind", "整改类型"),
        Column("due", "整改时限", may_split=True),
        Column("progress", "进展"),
        Column("status", "完成状态"),
        Column("evidence", "佐证材料"),
        Column("trouble", "存在困难及下一步"),
        Column("closing", "销号情况"),
        Column("remark", "备注"),
        Column("light", "灯", may_split=True),
    )
}


@dataclass(frozen=True, slots=True)
class ColumnSet:
    """A ledger under the name by which offices ask for it."""

    label: str
    keys: tuple[str, ...]


SETS: dict[str, ColumnSet] = {
    "full": ColumnSet(
        "标准台账",
        (
            "detail",
            "goal",
            "measure",
            "leader",
            "unit",
            "helpers",
            "person",
            "kind",
            "due",
            "progress",
            "status",
            "evidence",
            "trouble",
            "closing",
            "remark",
            "light",
        ),
    ),
    "wall": ColumnSet(
        "挂图简表", ("measure", "leader", "unit", "person", "due", "progress", "light")
    ),
    "problems": ColumnSet("问题清单", ("detail", "kind", "leader", "unit", "due", "light")),
    "tasks": ColumnSet("任务清单", ("goal", "measure", "unit", "helpers", "due", "light")),
    "duties": ColumnSet(
        "责任清单", ("measure", "leader", "unit", "helpers", "person", "due", "light")
    ),
    "progress": ColumnSet(
        "进度一览表", ("measure", "unit", "person", "due", "progress", "trouble", "light")
    ),
    "closing": ColumnSet(
        "对账销号单",
        ("kind", "due", "progress", "evidence", "status", "closing", "remark", "light"),
    ),
}
DEFAULT_SET = "full"


@dataclass(frozen=True, slots=True)
class Choice:
    """The columns that an address asks for; `name` is empty where they are no usual set."""

    name: str
    columns: list[Column]

    @property
    def label(self) -> str:
        return SETS[self.name].label if self.name else "自选列"

    @property
    def keys(self) -> list[str]:
        return [column.key for column in self.columns]

    @property
    def below_the_first(self) -> list[Column]:
        """Those in which a measure may have a cell that is not the first one's."""
        return [column for column in self.columns if column.of_measure or column.may_split]

    @property
    def has_measures(self) -> bool:
        """Whether a row must stand for a measure and not for a whole problem."""
        return any(column.of_measure for column in self.columns)


def choice(query: QueryDict) -> Choice:
    """Read `columns=` or `set=`; what is not known is passed over, and nothing is the default.

    >>> choice(QueryDict("columns=light&columns=unit&columns=nonsense")).keys
    ['unit', 'light']
    """
    ticked = [key for key in COLUMNS if key in query.getlist("columns")]
    if ticked:
        same = (name for name, one in SETS.items() if list(one.keys) == ticked)
        return Choice(next(same, ""), [COLUMNS[key] for key in ticked])
    name = query.get("set", "")
    name = name if name in SETS else DEFAULT_SET
    return Choice(name, [COLUMNS[key] for key in SETS[name].keys])
