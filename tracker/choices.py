"""The closed vocabularies of the board, with the words that the office uses for them."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person may do for a unit and all units below it; `policy` says what that is."""

    STAFF = "staff", "承办人"
    SUPERVISOR = "supervisor", "督办员"
    OPERATOR = "operator", "导入员"
    VIEWER = "viewer", "只读领导"


class Status(TextChoices):
    """Where a ticket stands. Lateness is not a status: it follows from the date."""

    UNCLAIMED = "unclaimed", "待认领"
    IN_PROGRESS = "in_progress", "整改中"
    RETURNED = "returned", "已退回"
    SUBMITTED = "submitted", "待审核"
    CLOSED = "closed", "已销号"


class Light(TextChoices):
    """What the wall shows for a ticket on a given day, in the order in which it is judged."""

    LATE = "late", "超期"
    WARN = "warn", "临期"
    BLOCK = "block", "受阻"
    OK = "ok", "正常"
    IDLE = "idle", "未开始"
    DONE = "done", "已销号"


class Kind(TextChoices):
    """整改类型: how the rectification is to be carried out."""

    IMMEDIATE = "immediate", "立行立改"
    TIME_LIMITED = "time_limited", "限期整改"
    LONG_TERM = "long_term", "长期坚持"


class Claim(TextChoices):
    """What the bulletin itself says of a problem; a claim is never taken for a closing."""

    DONE = "done", "称已完成"
    IN_PROGRESS = "in_progress", "称正在整改"
    LONG_TERM = "long_term", "称长期坚持"
    NOT_STATED = "not_stated", "未说明"


class DueBasis(TextChoices):
    """Where a deadline comes from."""

    STATED = "stated", "原文写明"
    DERIVED = "derived", "推定"
    DECIDED = "decided", "人工指定"


class ReportingPeriod(TextChoices):
    """How often a unit reports on each of its problems."""

    WEEK = "week", "每周"
    HALF_MONTH = "half_month", "每半月"
    MONTH = "month", "每月"


class ReportResult(TextChoices):
    """What the head or the office made of a progress report."""

    ACCEPTED = "accepted", "认可"
    RETURNED = "returned", "进展退回"


class InspectionKind(TextChoices):
    TOUR = "tour", "巡视"
    LOCAL = "local", "巡察"
    AUDIT = "audit", "审计"
    ENVIRONMENT = "environment", "环保督察"
    OTHER = "other", "其他"


class DraftStatus(TextChoices):
    """What became of the draft of a bulletin."""

    OPEN = "open", "校对中"
    DISCARDED = "discarded", "已作废"
    IMPORTED = "imported", "已入库"


class ImportSource(TextChoices):
    """What was imported: a bulletin, or the ledger as it was exported and filled in."""

    BULLETIN = "bulletin", "通报"
    LEDGER = "ledger", "台账"


class ImportOutcome(TextChoices):
    """What an import did with one ticket; the order is that of the diff page."""

    NEW = "new", "新增"
    CHANGED = "changed", "变更"
    UNCHANGED = "unchanged", "未变"
    MISSING = "missing", "文件中缺失"
    CLOSED = "closed", "与已销号相同"


class FindingKind(TextChoices):
    """What a bulletin may say of a problem beside its words; the order is that of the pages."""

    CLAIM = "claim", "称"
    OWNER = "owner", "责任"
    DEADLINE = "deadline", "时间"
    INDICATOR = "indicator", "数字"
    DOCUMENT = "document", "文件"
    BLOCKER = "blocker", "困难"


class Decision(TextChoices):
    """What an operator made of one thing that was read."""

    PENDING = "pending", "未核"
    ACCEPTED = "accepted", "采用"
    CORRECTED = "corrected", "已更正"
    DISCARDED = "discarded", "不采用"
