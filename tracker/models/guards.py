"""What the database itself refuses: history is append-only, and printed words stay as printed.

`triggers` makes it so on both databases. A breach is an IntegrityError with a Chinese message.
"""

from dataclasses import dataclass

from tracker.models.tracked import HISTORY_TABLES


@dataclass(frozen=True, slots=True)
class Guard:
    """Forbids one statement on one table; for UPDATE only of the columns named, if any.

    With `sealed_by`, a row in which that column is set cannot be altered at all any more; with
    `only_if` the guard is for rows of which this is true. `aspect` tells apart two on one table.
    """

    table: str
    event: str
    message: str
    columns: tuple[str, ...] = ()
    sealed_by: str = ""
    only_if: str = ""
    aspect: str = ""

    @property
    def name(self) -> str:
        return f"{self.table}_no_{self.event.lower()}{self.aspect and f'_{self.aspect}'}"


@dataclass(frozen=True, slots=True)
class Rule:
    """Refuses a row of one table for what stands in another; `unless` is SQL over NEW and OLD.

    On PostgreSQL `locks` is read first, so that of two transactions that would break the rule
    together the second waits for the first and then sees it.
    """

    name: str
    table: str
    event: str
    unless: str
    message: str
    locks: str = ""


APPEND_ONLY = {
    "tracker_progress": "进展只能新增，不能修改或删除。",
    "tracker_figure": "指标数只能新增，不能修改或删除。",
    "tracker_transition": "流转记录只能新增，不能修改或删除。",
    "tracker_change": "变更记录只能新增，不能修改或删除。",
    "tracker_sourcefile": "原始文件不能修改或删除。",
    "tracker_importbatch": "导入历史只能新增，不能修改或删除。",
    "tracker_importrow": "导入历史只能新增，不能修改或删除。",
    "tracker_finding": "通报所写只能新增，不能修改或删除。",
    "tracker_signoff": "对账销号单只能新增，不能修改或删除。",
    "tracker_opinion": "审核意见只能新增，不能修改或删除。",
    "tracker_lookback": "回头看抽取记录只能新增，不能修改或删除。",
    "tracker_verdict": "进展审阅只能新增，不能修改或删除。",
    **dict.fromkeys(HISTORY_TABLES, "历史版本只能新增，不能修改或删除。"),
    "tracker_auditevent": "审计记录只能新增，不能修改或删除。",
    "tracker_auditseal": "审计封存只能新增，不能修改或删除。",
    "tracker_auditarchive": "审计归档只能新增，不能修改或删除。",
    "tracker_plandecision": "方案办理只能新增，不能修改或删除。",
    "tracker_extensiondecision": "延期审批只能新增，不能修改或删除。",
    "tracker_instruction": "批示只能新增，不能修改或删除。",
    "tracker_reply": "批示回复只能新增，不能修改或删除。",
    "tracker_press": "催办只能新增，不能修改或删除。",
    "tracker_bulk": "批量办理记录只能新增，不能修改或删除。",
    "tracker_bulkrow": "批量办理记录只能新增，不能修改或删除。",
}
# Rows that are ended once: until then only what the end fills in may change.
ENDED_ONCE = {
    "tracker_planask": (
        ("ticket_id", "measure_id", "kind", "fields", "reason", "asked_by_id", "asked_at"),
        "decided_at",
        "方案调整只能申请和审定一次，不能修改或删除。",
    ),
    "tracker_selfcheck": (
        ("ticket_id", "unit_id", "words", "due_on", "sent_by_id", "sent_at"),
        "answered_at",
        "自查只能发送和答复一次，不能修改或删除。",
    ),
    "tracker_coordination": (
        (
            "ticket_id",
            "ticket_version",
            "reason",
            "needs_unit_id",
            "needs_text",
            "since_on",
            "by_id",
            "at",
        ),
        "ended_at",
        "协调请求只能新增和解除一次，不能修改或删除。",
    ),
    "tracker_extension": (
        (
            "ticket_id",
            "ticket_version",
            "by_id",
            "at",
            "asked_on",
            "present_due_on",
            "asked_due_on",
            "reason",
            "ground",
            "progress",
            "steps",
        ),
        "settled_on",
        "延期申请提出后不能修改，办结后锁定，不能删除。",
    ),
    "tracker_substitution": (
        (
            "principal_id",
            "substitute_id",
            "from_on",
            "to_on",
            "reason",
            "named_by_id",
            "named_on",
        ),
        "revoked_at",
        "代理指定后只能撤销，不能修改或删除。",
    ),
    "tracker_handover": (
        ("giver_id", "receiver_id", "reason", "started_by_id", "started_at"),
        "ended_at",
        "交接单发起后不能修改，办结后锁定，不能删除。",
    ),
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
            "origin",
            "parent_id",
            "found_by_id",
        ),
        "问题的编号、原文和来源已锁定，不能修改。",
    ),
    "tracker_bulletin": (
        ("source_id", "text", "inspection_id"),
        "通报原文已锁定，不能修改。",
    ),
    "tracker_measure": (
        ("ticket_id", "source_start", "source_end", "added_by_id"),
        "措施的来源已锁定，不能修改。",
    ),
    "tracker_cycle": (
        ("ticket_id", "number", "opened_on", "opened_by_id", "ground", "reason", "due_on"),
        "整改轮次已锁定，不能修改。",
    ),
    "tracker_lookbackitem": (
        ("look_back_id", "ticket_id", "place"),
        "回头看抽取结果已锁定，不能修改。",
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
    "tracker_handoveritem": (
        ("handover_id", "ticket_id", "part", "measure_id"),
        "交接事项列入后不能修改。",
    ),
}
# What is locked in some rows of a table only.
LOCKED_IF = {
    "tracker_measure": (
        ("text", "number"),
        "OLD.added_by_id IS NULL",
        "通报所印的措施已锁定，不能修改。",
    ),
}
KEPT = {
    "tracker_ticket": "问题不能删除。",
    "tracker_bulletin": "通报不能删除。",
    "tracker_measure": "整改措施不能删除。",
    "tracker_indicator": "量化指标不能删除。",
    "tracker_inspection": "巡视巡察不能删除。",
    "tracker_lookbackitem": "回头看抽取结果不能删除。",
    "tracker_cycle": "整改轮次不能删除。",
    "tracker_evidence": "佐证材料不能删除，只能撤回。",
    "tracker_handoveritem": "交接事项不能删除。",
    "tracker_audithead": "审计链头不能删除。",
    "tracker_plan": "整改方案不能删除。",
}
GUARDS = [
    *(
        Guard(table, event, message)
        for table, message in APPEND_ONLY.items()
        for event in ("UPDATE", "DELETE")
    ),
    *(Guard(table, "UPDATE", message, columns) for table, (columns, message) in PRINTED.items()),
    *(
        Guard(table, "UPDATE", message, columns, sealed_by)
        for table, (columns, sealed_by, message) in ENDED_ONCE.items()
    ),
    *(Guard(table, "DELETE", message) for table, (_, _, message) in ENDED_ONCE.items()),
    *(
        Guard(table, "UPDATE", message, columns, only_if=only_if, aspect="printed")
        for table, (columns, only_if, message) in LOCKED_IF.items()
    ),
    *(Guard(table, "DELETE", message) for table, message in KEPT.items()),
]
# What of a closed ticket stays as it is; a reopening begins another cycle.
CLOSED_FACTS = (
    *("title", "leader_id", "leader_text", "lead_unit_id", "lead_unit_text"),
    *("person_id", "person_text", "reporter_id", "kind", "due_on", "original_due_on"),
    *("due_basis", "due_reason", "recurs_id", "category_id", "printed_number"),
    *("is_blocked", "blocked_reason", "submitted_on", "closed_on", "cycle_number"),
)
# What hangs on a ticket, and how each row of it finds the ticket. To a closed one nothing is added,
# and what would alter it or take it away is refused too; tables named above refuse that anyway.
# Not here is what may still happen: it is kept, looked back at, limited to a few (a Change), sent
# to others as a self-check, told of, and a request for more time is sent back.
_OWN = "{row}.ticket_id"
WORK_ON_A_TICKET = {
    "tracker_measure": (_OWN, ("INSERT", "UPDATE")),
    "tracker_milestone": (
        "(SELECT ticket_id FROM tracker_measure WHERE id = {row}.measure_id)",
        ("INSERT", "UPDATE", "DELETE"),
    ),
    "tracker_indicator": (_OWN, ("INSERT", "UPDATE")),
    "tracker_ticket_co_units": (_OWN, ("INSERT", "UPDATE", "DELETE")),
    "tracker_evidence": (_OWN, ("INSERT", "UPDATE")),
    "tracker_finding": (_OWN, ("INSERT",)),
    "tracker_progress": (_OWN, ("INSERT",)),
    "tracker_figure": (
        "(SELECT ticket_id FROM tracker_progress WHERE id = {row}.progress_id)",
        ("INSERT",),
    ),
    "tracker_verdict": (_OWN, ("INSERT",)),
    "tracker_cycle": (_OWN, ("INSERT",)),
    "tracker_signoff": (_OWN, ("INSERT",)),
    "tracker_opinion": (
        "(SELECT ticket_id FROM tracker_signoff WHERE id = {row}.signoff_id)",
        ("INSERT",),
    ),
    "tracker_extension": (_OWN, ("INSERT",)),
    "tracker_planask": (_OWN, ("INSERT",)),
    "tracker_coordination": (_OWN, ("INSERT",)),
    "tracker_instruction": (_OWN, ("INSERT",)),
    "tracker_reply": (
        "(SELECT ticket_id FROM tracker_instruction WHERE id = {row}.instruction_id)",
        ("INSERT",),
    ),
    "tracker_press": (_OWN, ("INSERT",)),
}

FOUND_ON_LOOK_BACK = ("result", "note", "by_id", "checked_on", "ticket_version", "at")


def _differs(*columns: str) -> str:
    return "(" + " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in columns) + ")"


def _closed_work() -> list[Rule]:
    """The rules of `WORK_ON_A_TICKET`; a row moved away from a closed ticket breaks one too."""
    rules = []
    for table, (ticket, events) in WORK_ON_A_TICKET.items():
        for event in events:
            rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[event]
            read = "SELECT 1 FROM tracker_ticket WHERE id IN "
            read += f"({', '.join(ticket.format(row=row) for row in rows)})"
            rules.append(
                Rule(
                    f"{table}_{event.lower()}_of_closed",
                    table,
                    event,
                    f"EXISTS ({read} AND status = 'closed')",
                    "已销号的问题已锁定，重启整改后才能改动。",
                    locks=f"{read} FOR SHARE",
                )
            )
    return rules


# 申请与审批分离, for a request for more time: NEW is a decision on it.
_OWN_REQUEST = """EXISTS (
    SELECT 1 FROM tracker_extension JOIN tracker_ticket ON tracker_ticket.id = ticket_id
    WHERE tracker_extension.id = NEW.extension_id AND (
        tracker_extension.by_id IN (NEW.by_id, NEW.acting_for_id)
        OR person_id IN (NEW.by_id, NEW.acting_for_id)
        OR reporter_id IN (NEW.by_id, NEW.acting_for_id)
    )
)"""
_DECIDED_BEFORE = """EXISTS (
    SELECT 1 FROM tracker_extensiondecision WHERE extension_id = NEW.extension_id AND (
        by_id IN (NEW.by_id, NEW.acting_for_id) OR acting_for_id IN (NEW.by_id, NEW.acting_for_id)
    )
)"""
# And for a submission: NEW is an opinion on it.
_REVIEWED_BEFORE = """EXISTS (
    SELECT 1 FROM tracker_opinion WHERE signoff_id = NEW.signoff_id AND (
        by_id IN (NEW.by_id, NEW.acting_for_id) OR acting_for_id IN (NEW.by_id, NEW.acting_for_id)
    )
)"""
_OVERLAPS = """EXISTS (
    SELECT 1 FROM tracker_substitution WHERE principal_id = NEW.principal_id
    AND revoked_at IS NULL AND from_on <= NEW.to_on AND to_on >= NEW.from_on
)"""
# 三员分立, from both sides.
_HOLDS_POST = "SELECT 1 FROM tracker_person WHERE id = NEW.person_id AND post <> ''"
_HOLDS_ROLE = "SELECT 1 FROM tracker_membership WHERE person_id = NEW.id"
RULES = [
    Rule(
        "tracker_ticket_closed_is_locked",
        "tracker_ticket",
        "UPDATE",
        f"OLD.status = 'closed' AND NEW.status = 'closed' AND {_differs(*CLOSED_FACTS)}",
        "已销号的问题已锁定，不能修改。",
    ),
    Rule(
        "tracker_ticket_leaves_closed",
        "tracker_ticket",
        "UPDATE",
        "OLD.status = 'closed' AND NEW.status <> 'closed' AND NOT "
        "(NEW.status = 'in_progress' AND NEW.cycle_number = OLD.cycle_number + 1)",
        "已销号的问题只能重启整改，开始新的一轮。",
    ),
    Rule(
        "tracker_ticket_stays_on_the_list",
        "tracker_ticket",
        "UPDATE",
        "OLD.status = 'closed' AND NEW.status = 'closed' "
        f"AND OLD.long_term_on IS NOT NULL AND {_differs('long_term_on')}",
        "已列入长期坚持的问题，重启整改前不能移出。",
    ),
    *_closed_work(),
    Rule(
        "tracker_transition_of_closed",
        "tracker_transition",
        "INSERT",
        "NEW.target <> 'closed' AND EXISTS "
        "(SELECT 1 FROM tracker_ticket WHERE id = NEW.ticket_id AND status = 'closed')",
        "已销号的问题已锁定，只能重启整改或列入长期坚持。",
    ),
    Rule(
        "tracker_extension_of_closed_not_granted",
        "tracker_extensiondecision",
        "INSERT",
        "NEW.ruling = 'agree' AND EXISTS (SELECT 1 FROM tracker_extension JOIN tracker_ticket "
        "ON tracker_ticket.id = ticket_id WHERE tracker_extension.id = NEW.extension_id "
        "AND tracker_ticket.status = 'closed')",
        "这个问题已销号，不需要延期，请退回申请。",
    ),
    Rule(
        "tracker_cycle_closed_is_locked",
        "tracker_cycle",
        "UPDATE",
        f"OLD.closed_on IS NOT NULL AND {_differs('submitted_on', 'closed_on')}",
        "已结束的整改轮次不能修改。",
    ),
    Rule(
        "tracker_lookbackitem_said_once",
        "tracker_lookbackitem",
        "UPDATE",
        f"OLD.result <> '' AND {_differs(*FOUND_ON_LOOK_BACK)}",
        "回头看结果已经登记，不能修改。",
    ),
    *(
        Rule(
            f"tracker_membership_{event.split()[0].lower()}_post",
            "tracker_membership",
            event,
            f"EXISTS ({_HOLDS_POST})",
            "三员分立：此人有管理岗位，不能再有任职。",
            locks="SELECT 1 FROM tracker_person WHERE id = NEW.person_id FOR SHARE",
        )
        for event in ("INSERT", "UPDATE OF person_id")
    ),
    Rule(
        "tracker_person_update_post",
        "tracker_person",
        "UPDATE OF post",
        f"NEW.post <> '' AND EXISTS ({_HOLDS_ROLE})",
        "三员分立：此人有任职，先收回任职才能授予管理岗位。",
    ),
    Rule(
        "tracker_extension_decided_by_another",
        "tracker_extensiondecision",
        "INSERT",
        _OWN_REQUEST,
        "申请人、填报人和责任人不能审批自己的延期申请。",
    ),
    Rule(
        "tracker_extension_decided_once_by_each",
        "tracker_extensiondecision",
        "INSERT",
        _DECIDED_BEFORE,
        "同一项延期申请，各环节须由不同的人审批。",
    ),
    Rule(
        "tracker_signoff_names_responsible",
        "tracker_signoff",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM tracker_ticket WHERE id = NEW.ticket_id "
        "AND person_id IS NOT DISTINCT FROM NEW.responsible_id)",
        "对账销号单上的责任人须是这个问题现在的责任人。",
        locks="SELECT 1 FROM tracker_ticket WHERE id = NEW.ticket_id FOR SHARE",
    ),
    Rule(
        "tracker_opinion_names_the_parties",
        "tracker_opinion",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM tracker_signoff WHERE id = NEW.signoff_id "
        "AND submitter_id = NEW.submitter_id AND responsible_id IS NOT DISTINCT FROM "
        "NEW.responsible_id)",
        "审核意见上的提交人和责任人须与对账销号单一致。",
    ),
    Rule(
        "tracker_verdict_by_another",
        "tracker_verdict",
        "INSERT",
        "EXISTS (SELECT 1 FROM tracker_progress WHERE id = NEW.progress_id AND by_id = NEW.by_id)",
        "填报人不能审阅自己填报的进展。",
    ),
    Rule(
        "tracker_opinion_once_by_each",
        "tracker_opinion",
        "INSERT",
        _REVIEWED_BEFORE,
        "同一次提交，各级须由不同的人审核，被代理人也算在内。",
    ),
    Rule(
        "tracker_substitution_no_overlap",
        "tracker_substitution",
        "INSERT",
        _OVERLAPS,
        "这段时间已指定了代理人。",
        locks="SELECT 1 FROM tracker_person WHERE id = NEW.principal_id FOR UPDATE",
    ),
    Rule(
        "tracker_handoveritem_settled_once",
        "tracker_handoveritem",
        "UPDATE",
        "OLD.outcome <> ''",
        "交接事项办结后锁定，不能修改。",
    ),
]
