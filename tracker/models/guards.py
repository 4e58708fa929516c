"""Triggers that keep history append-only and the printed words locked, on both databases.

They are put back after every `migrate`, because SQLite drops a table's triggers when a later
migration rebuilds the table. A breach is an IntegrityError with a Chinese message.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """Forbids one statement on one table; for UPDATE only of the columns named, if any."""

    table: str
    event: str
    message: str
    columns: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.table}_no_{self.event.lower()}"


APPEND_ONLY = {
    "tracker_progress": "进展只能新增，不能修改或删除。",
    "tracker_figure": "指标数只能新增，不能修改或删除。",
    "tracker_transition": "流转记录只能新增，不能修改或删除。",
    "tracker_change": "变更记录只能新增，不能修改或删除。",
    "tracker_sourcefile": "原始文件不能修改或删除。",
    "tracker_importbatch": "导入历史只能新增，不能修改或删除。",
    "tracker_importrow": "导入历史只能新增，不能修改或删除。",
    "tracker_finding": "通报所写只能新增，不能修改或删除。",
    "tracker_verdict": "进展审核只能新增，不能修改或删除。",
}
PRINTED = {
    "tracker_ticket": (
        (
            "serial",
            "number",
            "problem",
            "bulletin_id",
            "inspection_id",
            "source_start",
            "source_end",
            "claim",
            "claim_quote",
        ),
        "问题的编号、原文和来源已锁定，不能修改。",
    ),
    "tracker_bulletin": (
        ("source_id", "text", "inspection_id"),
        "通报原文已锁定，不能修改。",
    ),
    "tracker_measure": (
        ("ticket_id", "source_start", "source_end"),
        "措施的来源已锁定，不能修改。",
    ),
    "tracker_evidence": (
        (
            "ticket_id",
            "measure_id",
            "progress_id",
            "name",
            "kind",
            "size",
            "sha256",
            "path",
            "by_id",
            "at",
        ),
        "佐证材料已锁定，不能修改。",
    ),
}
KEPT = {
    "tracker_ticket": "问题不能删除。",
    "tracker_bulletin": "通报不能删除。",
    "tracker_measure": "整改措施不能删除。",
    "tracker_indicator": "量化指标不能删除。",
    "tracker_inspection": "巡视巡察不能删除。",
    "tracker_evidence": "佐证材料不能删除，只能撤回。",
}
GUARDS = [
    *(
        Guard(table, event, message)
        for table, message in APPEND_ONLY.items()
        for event in ("UPDATE", "DELETE")
    ),
    *(Guard(table, "UPDATE", message, columns) for table, (columns, message) in PRINTED.items()),
    *(Guard(table, "DELETE", message) for table, message in KEPT.items()),
]


def _sqlite(guard: Guard) -> str:
    of = f" OF {', '.join(guard.columns)}" if guard.columns else ""
    changed = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in guard.columns)
    when = f" WHEN {changed}" if changed else ""
    return (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event}{of} ON {guard.table}{when} "
        f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
    )


def _postgresql(guard: Guard) -> str:
    of = f" OF {', '.join(guard.columns)}" if guard.columns else ""
    changed = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in guard.columns)
    when = f" WHEN ({changed})" if changed else ""
    return (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event}{of} ON {guard.table} FOR EACH ROW{when} "
        f"EXECUTE FUNCTION tracker_refuse('{guard.message}')"
    )


REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION tracker_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0];
END $$
"""


def install(connection) -> None:
    """Put every guard in place whose table exists; safe to repeat."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(REFUSE_FUNCTION)
        for guard in GUARDS:
            if guard.table in present:
                _drop(cursor, connection, guard)
                build = _postgresql if connection.vendor == "postgresql" else _sqlite
                cursor.execute(build(guard))


def remove(connection) -> None:
    """Take the guards away: only for tests that empty their tables."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in GUARDS:
            if guard.table in present:
                _drop(cursor, connection, guard)


def _drop(cursor, connection, guard: Guard) -> None:
    on = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
    cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{on}")


def install_after_migrate(sender, using, **kwargs) -> None:
    """Receiver of post_migrate."""
    from django.db import connections

    install(connections[using])
