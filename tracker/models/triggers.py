"""The triggers that hold the guards and rules of `guards`, in the words of either database.

They are put back after every `migrate`, because SQLite drops a table's triggers when a later
migration rebuilds the table.
"""

from collections.abc import Collection

from django.db import connections

from tracker.models.guards import GUARDS, RULES, Guard, Rule


def _sqlite(guard: Guard) -> str:
    when = f" WHEN {breach}" if (breach := _breach(guard, "IS NOT")) else ""
    return (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event}{_of(guard)} ON {guard.table}{when} "
        f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
    )


def _postgresql(guard: Guard) -> str:
    when = f" WHEN ({breach})" if (breach := _breach(guard, "IS DISTINCT FROM")) else ""
    return (
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event}{_of(guard)} ON {guard.table} "
        f"FOR EACH ROW{when} EXECUTE FUNCTION tracker_refuse('{guard.message}')"
    )


def _of(guard: Guard) -> str:
    """The columns whose assignment is looked at; any, where an end seals the whole row."""
    return f" OF {', '.join(guard.columns)}" if guard.columns and not guard.sealed_by else ""


def _breach(guard: Guard, differs_from: str) -> str:
    """When a statement is refused, in SQL; empty means always."""
    breaches = [f"OLD.{column} {differs_from} NEW.{column}" for column in guard.columns]
    if guard.sealed_by:
        breaches.append(f"OLD.{guard.sealed_by} IS NOT NULL")
    breach = " OR ".join(breaches)
    return f"({breach}) AND {guard.only_if}" if guard.only_if else breach


REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION tracker_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0];
END $$
"""


def _sqlite_rule(rule: Rule) -> list[str]:
    # Older SQLite knows only its own word for it.
    unless = rule.unless.replace("IS NOT DISTINCT FROM", "IS").replace("IS DISTINCT FROM", "IS NOT")
    return [
        f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} WHEN {unless} "
        f"BEGIN SELECT RAISE(ABORT, '{rule.message}'); END"
    ]


def _postgresql_rule(rule: Rule) -> list[str]:
    lock = f"PERFORM {rule.locks.removeprefix('SELECT ')};" if rule.locks else ""
    return [
        f"CREATE OR REPLACE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {lock} IF {rule.unless} THEN RAISE EXCEPTION USING "
        f"ERRCODE = 'integrity_constraint_violation', MESSAGE = '{rule.message}'; END IF; "
        f"RETURN {'OLD' if rule.event == 'DELETE' else 'NEW'}; END $$",
        f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} FOR EACH ROW "
        f"EXECUTE FUNCTION {rule.name}()",
    ]


def install(connection) -> None:
    """Put every guard and rule in place whose table exists; safe to repeat."""
    on_postgresql = connection.vendor == "postgresql"
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if on_postgresql:
            cursor.execute(REFUSE_FUNCTION)
        for guard in GUARDS:
            if guard.table in present:
                _drop(cursor, connection, guard)
                cursor.execute(_postgresql(guard) if on_postgresql else _sqlite(guard))
        for rule in RULES:
            if rule.table in present:
                _drop(cursor, connection, rule)
                for statement in _postgresql_rule(rule) if on_postgresql else _sqlite_rule(rule):
                    cursor.execute(statement)


def remove(connection, tables: Collection[str] = ()) -> None:
    """Take the guards away, of these tables or of all.

    Only for tests that empty their tables, and for `audit_chain.purge`, which puts them back.
    """
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in [*GUARDS, *RULES]:
            if guard.table in (tables or present) and guard.table in present:
                _drop(cursor, connection, guard)


def _drop(cursor, connection, guard: Guard | Rule) -> None:
    on = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
    cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{on}")


def remove_rules_before_migrate(sender, using, **kwargs) -> None:
    """Receiver of pre_migrate: SQLite cannot rebuild a table that another's trigger reads."""
    present = set(connections[using].introspection.table_names())
    with connections[using].cursor() as cursor:
        for rule in RULES:
            if rule.table in present:
                _drop(cursor, connections[using], rule)


def install_after_migrate(sender, using, **kwargs) -> None:
    """Receiver of post_migrate."""
    install(connections[using])
