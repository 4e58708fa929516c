"""Who may do what: one table of role and action. Reach (which units) is `Person.roles_on`."""

from collections.abc import Collection

from tracker.choices import Role

EVERYONE = frozenset(Role)

ALLOWED: dict[str, frozenset[Role]] = {
    # seeing
    "see": EVERYONE,
    # the daily work of the unit that answers for a ticket
    "report": frozenset({Role.STAFF}),
    "claim": frozenset({Role.STAFF}),
    "submit": frozenset({Role.STAFF}),
    # evidence: the unit's own while it works, a supervisor's as long as the ticket is open
    "attach": frozenset({Role.STAFF, Role.SUPERVISOR}),
    # a progress report is accepted or returned
    "judge": frozenset({Role.SUPERVISOR}),
    # supervision
    "return": frozenset({Role.SUPERVISOR}),
    "close": frozenset({Role.SUPERVISOR}),
    # the admin: bulletins in, facts of a ticket corrected
    "import": frozenset({Role.OPERATOR}),
    "amend": frozenset({Role.OPERATOR}),
}


def may(roles: Collection[str], action: str) -> bool:
    """Tell whether any of these roles carries the action; an unknown action is a KeyError."""
    return not ALLOWED[action].isdisjoint(roles)


def may_import(person) -> bool:
    """Tell whether a person may use the admin to import bulletins into some unit.

    A superuser looks after accounts and settings and gets no business role from it.
    """
    return person.is_authenticated and may(person.roles, "import")
