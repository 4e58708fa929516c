"""Who may do what: a table of role and action, and one of post and duty.

Roles are held for units: reach (which units) is `Person.roles_on`. The three posts (三员) are held
for the whole board, see no business and cannot be combined, with each other or with a role.
"""

from collections.abc import Collection

from tracker.choices import Post, Role

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

# What each of the three administrators keeps; nobody else does, and they do nothing else.
DUTIES: dict[str, frozenset[Post]] = {
    "accounts": frozenset({Post.SYSTEM}),
    "units": frozenset({Post.SYSTEM}),
    "settings": frozenset({Post.SYSTEM}),
    "grant": frozenset({Post.SECURITY}),
    "unlock": frozenset({Post.SECURITY}),
    "end_sessions": frozenset({Post.SECURITY}),
    "audit": frozenset({Post.AUDITOR}),
}
DUTY_LABELS = {
    "accounts": "建立、停用账号，发初始密码",
    "units": "单位和别名",
    "settings": "轮次、节假日",
    "grant": "授予、收回角色和管理岗位",
    "unlock": "解除登录锁定",
    "end_sessions": "结束任何人的会话",
    "audit": "查看、导出、校验审计记录",
}


def may(roles: Collection[str], action: str) -> bool:
    """Tell whether any of these roles carries the action; an unknown action is a KeyError."""
    return not ALLOWED[action].isdisjoint(roles)


def may_import(person) -> bool:
    """Tell whether a person may use the admin to import bulletins into some unit.

    Whoever holds one of the three posts has no role, and so may not.
    """
    return person.is_authenticated and may(person.roles, "import")


def serves(person, duty: str) -> bool:
    """Tell whether a duty belongs to this person's post; an unknown duty is a KeyError."""
    return person.is_authenticated and person.post in DUTIES[duty]
