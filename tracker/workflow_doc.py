"""The tables of `policy` and `workflow` as a page of documentation, with its state diagram.

Written by `manage.py describe_workflow`; a test holds the files against the tables.
"""

from collections import defaultdict
from html import escape

from tracker import policy
from tracker.choices import Post, Role, Status
from tracker.workflow import LEVELS, MOVES, Move

_INTRO = """# 流程与权限

本页由 `manage.py describe_workflow` 从 `tracker/policy.py` 和 `tracker/workflow.py` 的两张表生成，
不要手改；测试比对本页与表是否一致。

Written from the tables by `manage.py describe_workflow`; do not edit. A test compares the two.
"""


def page() -> str:
    """The whole of docs/workflow.md."""
    return "\n".join(
        [
            _INTRO,
            "## 状态",
            "",
            "![状态图](workflow.svg)",
            "",
            "## 办理",
            "",
            *_table(
                ("办理", "从", "到", "谁", "需要", "计时"),
                [
                    (
                        f"{move.label} `{move.name}`",
                        "、".join(status.label for status in move.sources),
                        move.target.label,
                        _who(move),
                        "、".join(_needs(move)) or "无",
                        move.clock.label,
                    )
                    for move in MOVES.values()
                ],
            ),
            "",
            "逐级审核的级次由轮次设定，一至五级，从低到高："
            + "、".join(f"{words}（{role.label}）" for role, words in LEVELS.items())
            + "。责任领导一级，登记了责任领导的只由其本人复核。",
            "",
            "提交人、责任人和各级审核人都是不同的人，流程和数据库约束都这样要求，超级用户也不例外。",
            "",
            "## 角色与操作",
            "",
            *_table(
                ("操作", *(role.label for role in Role)),
                [
                    (
                        f"{policy.ACTION_WORDS[action]} `{action}`",
                        *("●" if role in roles else "" for role in Role),
                    )
                    for action, roles in policy.ALLOWED.items()
                ],
            ),
            "",
            "任职针对一个单位及其下级；看不到的问题等于不存在（404）。",
            "",
            "## 三员",
            "",
            *_table(
                ("职责", *(post.label for post in Post)),
                [
                    (
                        f"{policy.DUTY_LABELS[duty]} `{duty}`",
                        *("●" if post in posts else "" for post in Post),
                    )
                    for duty, posts in policy.DUTIES.items()
                ],
            ),
            "",
            "一人只能任一员，任三员的不能再有业务任职，也看不到业务数据。",
            "",
        ]
    )


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]


def _who(move: Move) -> str:
    if move.by_level:
        return "待其审核的一级"
    return "、".join(role.label for role in Role if role in policy.ALLOWED[move.name])


def _needs(move: Move) -> list[str]:
    words = [move.note_label] if move.note_label else []
    flags = {
        "验收清单": move.needs_checklist,
        "核查方式": move.by_level,
        "重启依据": move.needs_ground,
        "新时限": move.needs_deadline,
    }
    return words + [word for word, is_needed in flags.items() if is_needed]


# -- the diagram ---------------------------------------------------------------------------------

_WIDTH, _HEIGHT = 104, 40
# Where each status stands; what came back stands below the work.
_AT = {
    Status.UNCLAIMED: (70, 130),
    Status.CLAIMED: (250, 130),
    Status.IN_PROGRESS: (430, 130),
    Status.SUBMITTED: (650, 130),
    Status.CLOSED: (870, 130),
    Status.RETURNED: (540, 250),
}


def diagram() -> str:
    """docs/workflow.svg: every status, and every move as an arrow from source to target."""
    arrows: dict[tuple[Status, Status], list[str]] = defaultdict(list)
    for move in MOVES.values():
        for source in move.sources:
            arrows[source, move.target].append(move.label)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 300" role="img" '
        'font-family="sans-serif" font-size="14" text-anchor="middle">',
        "<title>问题的状态图</title>",
        '<rect width="960" height="300" fill="#fff"/>',
        '<defs><marker id="end" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 10 5 0 10z" fill="#475467"/></marker></defs>',
        *(_arrow(*ends, "、".join(labels)) for ends, labels in arrows.items()),
        *(_box(status) for status in Status),
        "</svg>",
        "",
    ]
    return "\n".join(parts)


def _box(status: Status) -> str:
    x, y = _AT[status]
    return (
        f'<rect x="{x - _WIDTH // 2}" y="{y - _HEIGHT // 2}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'rx="6" fill="#F3F7FC" stroke="#1F5FAE"/>'
        f'<text x="{x}" y="{y + 5}" fill="#17202E">{escape(status.label)}</text>'
    )


def _arrow(source: Status, target: Status, words: str) -> str:
    """Straight to the right, over the top to the left or to itself, askew to what stands below."""
    (x1, y1), (x2, y2) = _AT[source], _AT[target]
    half, top = _WIDTH // 2, _HEIGHT // 2
    if source == target == Status.CLOSED:
        # The arrow of a reopening leaves from above.
        y = y1 + top
        path = f"M{x1 - 24} {y}C{x1 - 40} {y + 52} {x1 + 40} {y + 52} {x1 + 24} {y}"
        at = (x1, y + 58)
    elif source == target:
        path = f"M{x1 - 24} {y1 - top}C{x1 - 40} {y1 - 72} {x1 + 40} {y1 - 72} {x1 + 24} {y1 - top}"
        at = (x1, y1 - 66)
    elif y1 == y2 and x2 > x1:
        path, at = f"M{x1 + half} {y1}H{x2 - half}", ((x1 + x2) // 2, y1 - 8)
    elif y1 == y2:
        path = f"M{x1} {y1 - top}C{x1} 20 {x2} 20 {x2} {y2 - top}"
        at = ((x1 + x2) // 2, 34)
    elif y2 > y1:
        path = f"M{x1 - 20} {y1 + top}L{x2 + 30} {y2 - top}"
        at = ((x1 + x2) // 2 - 20, (y1 + y2) // 2)
    else:
        path = f"M{x1 + half} {y1}C{x2} {y1} {x2 + 24} {y1} {x2 + 24} {y2 + top}"
        at = (x2 - 20, y1 + 24)
    return (
        f'<path d="{path}" fill="none" stroke="#475467" stroke-width="1.4" marker-end="url(#end)"/>'
        f'<text x="{at[0]}" y="{at[1]}" fill="#475467" font-size="13">{escape(words)}</text>'
    )
