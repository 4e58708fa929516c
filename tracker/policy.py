"""Who may do what: a table of role and action, and one of post and duty.

Roles are held for units: reach (which units) is `Person.roles_on`. The three posts (三员) are held
for the whole board, see no business and cannot be combined, with each other or with a role.

An action that is also a move of the workflow is granted here to the roles that may ever make it;
which of them may make it now (the level of review) is said by `workflow`.
"""

from collections.abc import Collection

from tracker.choices import ExtensionStep, Post, Role

EVERYONE = frozenset(Role)
# Who may review a submission, in the order in which the levels follow each other.
REVIEWERS = (Role.HEAD, Role.LEADER, Role.OFFICE, Role.PARTY, Role.INSPECTOR)
SUPERVISORS = frozenset({Role.OFFICE, Role.INSPECTOR})
_STAFF = frozenset({Role.STAFF})
_REVIEWERS = frozenset(REVIEWERS)

ALLOWED: dict[str, frozenset[Role]] = {
    # seeing
    "see": EVERYONE,
    "export": EVERYONE,
    # the daily work of the unit that answers for a ticket
    "claim": _STAFF,
    "start": _STAFF,
    "report": _STAFF,
    # evidence: the unit's own while it works, a supervisor's as long as the ticket is open
    "attach": _STAFF | SUPERVISORS,
    # blocked: the unit says so, and a supervisor may find that it is not
    "block": _STAFF | {Role.HEAD},
    "unblock": _STAFF | SUPERVISORS | {Role.HEAD},
    "ask_extension": _STAFF | {Role.HEAD},
    "submit": _STAFF,
    # the plan, before the work begins
    "plan": frozenset({Role.STAFF, Role.HEAD, Role.OFFICE}),
    "submit_plan": frozenset({Role.OFFICE}),
    # one of these, as the round says
    "approve_plan": frozenset({Role.OFFICE, Role.PARTY, Role.INSPECTOR}),
    # 举一反三
    "self_found": frozenset({Role.STAFF, Role.HEAD, Role.OFFICE}),
    "answer_check": frozenset({Role.STAFF, Role.HEAD, Role.OFFICE}),
    "send_check": SUPERVISORS,
    "mark_recurrence": SUPERVISORS,
    # review, level by level
    "review": _REVIEWERS,
    "return": _REVIEWERS,
    "close": _REVIEWERS,
    "decide_extension": _REVIEWERS,
    "substitute": _REVIEWERS,
    "name_substitute": frozenset({Role.OFFICE}),
    # a progress report is accepted or returned
    "judge": frozenset({Role.HEAD, Role.OFFICE}),
    # leading
    "instruct": SUPERVISORS | {Role.LEADER, Role.PARTY},
    "answer": _STAFF | {Role.HEAD},
    # who answers for a ticket: a department's head names its own people, the supervisors also
    # the unit, the leader and the first deadline
    "assign": SUPERVISORS | {Role.HEAD},
    "allot": SUPERVISORS,
    # supervision
    "press": SUPERVISORS | {Role.HEAD},
    # many tickets at once; what is done to each needs its own action besides
    "bulk": _REVIEWERS,
    "hand_over": frozenset({Role.OFFICE}),
    "keep": SUPERVISORS,
    "reopen": SUPERVISORS,
    # 限定知悉
    "restrict": SUPERVISORS,
    "unrestrict": SUPERVISORS,
    "look_back": SUPERVISORS,
    "screen": SUPERVISORS,
    "share_view": _REVIEWERS,
    # the admin: bulletins in, facts of a ticket corrected
    "import": frozenset({Role.OPERATOR}),
    "amend": frozenset({Role.OPERATOR}),
}

ACTION_WORDS: dict[str, str] = {
    "see": "查看",
    "export": "导出",
    "claim": "认领",
    "start": "启动整改",
    "report": "填报进展",
    "attach": "上传佐证",
    "judge": "审阅进展",
    "block": "标记受阻",
    "unblock": "解除受阻",
    "ask_extension": "申请延期",
    "submit": "提交销号",
    "plan": "编制方案",
    "submit_plan": "提请审定方案",
    "approve_plan": "审定方案",
    "self_found": "登记自查问题",
    "answer_check": "答复自查",
    "send_check": "发送自查",
    "mark_recurrence": "认定屡改屡犯",
    "review": "审核通过",
    "return": "退回",
    "close": "确认销号",
    "decide_extension": "审批延期",
    "substitute": "委托代理",
    "name_substitute": "为他人指定代理",
    "instruct": "批示",
    "answer": "回复批示",
    "assign": "分派责任人、填报人",
    "allot": "确定牵头单位、责任领导和首个时限",
    "press": "催办",
    "bulk": "批量办理",
    "hand_over": "代为交接",
    "keep": "列入长期坚持",
    "reopen": "重启整改",
    "restrict": "限定知悉",
    "unrestrict": "解除限定",
    "look_back": "回头看",
    "screen": "设置大屏",
    "share_view": "共享视图",
    "import": "导入",
    "amend": "更正信息",
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

# What a substitute (代理) may do by the principal's roles; nothing else is lent.
BY_SUBSTITUTE = frozenset({"see", "review", "return", "close", "decide_extension", "bulk"})

# Which roles decide each step of a request for more time; a leader only for what is theirs.
EXTENSION_STEPS: dict[str, frozenset[Role]] = {
    ExtensionStep.UNIT: frozenset({Role.HEAD, Role.LEADER}),
    ExtensionStep.OFFICE: frozenset({Role.OFFICE}),
    ExtensionStep.PARTY: frozenset({Role.PARTY}),
    ExtensionStep.INSPECTOR: frozenset({Role.INSPECTOR}),
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
