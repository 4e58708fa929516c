"""The closed vocabularies of the board, with the words that the office uses for them."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person may do for a unit and all units below it; `policy` says what that is."""

    STAFF = "staff", "承办人"
    HEAD = "head", "部门负责人"
    LEADER = "leader", "责任领导"
    OFFICE = "office", "整改办"
    PARTY = "party", "党组"
    INSPECTOR = "inspector", "巡察办"
    VIEWER = "viewer", "只读领导"
    OPERATOR = "operator", "导入员"


class Status(TextChoices):
    """Where a ticket stands. Lateness is not a status: it follows from the date."""

    UNCLAIMED = "unclaimed", "待认领"
    CLAIMED = "claimed", "待启动"
    IN_PROGRESS = "in_progress", "整改中"
    RETURNED = "returned", "已退回"
    SUBMITTED = "submitted", "待审核"
    CLOSED = "closed", "已销号"


class Clock(TextChoices):
    """What a move of the workflow does to the time that counts against a deadline."""

    RUNS = "runs", "继续计时"
    PAUSES = "pauses", "暂停计时"
    STOPS = "stops", "停止计时"
    RESTARTS = "restarts", "按新时限重新计时"


class ReopenGround(TextChoices):
    """Why a closed ticket is taken up again."""

    FAILED_REVIEW = "failed_review", "复核不合格"
    REBOUND = "rebound", "问题反弹"
    LOOK_BACK = "look_back", "回头看发现"


class CheckItem(TextChoices):
    """验收清单: what a reviewer must be able to tick before a ticket is closed."""

    MEASURES = "measures", "整改措施全部完成"
    VIOLATIONS = "violations", "违规违纪问题已处理"
    EFFECT = "effect", "整改效果符合规定和标准"
    ALIKE = "alike", "同类问题举一反三整改到位"
    LASTING = "lasting", "长效机制已经建立"


class CheckingWay(TextChoices):
    """How a reviewer checked what was submitted."""

    ON_SITE = "on_site", "现场核查"
    DOCUMENTS = "documents", "查阅资料"


class LookBackResult(TextChoices):
    """What a look back (回头看) found of a closed ticket."""

    HOLDS = "holds", "成效巩固"
    PARTLY = "partly", "部分巩固"
    REBOUNDED = "rebounded", "问题反弹"


class Light(TextChoices):
    """The names under which a round lights its tickets, the most pressing first.

    Word, colour and shape are the round's own (`Band`); the words here are those of the plain
    preset, and stand where tickets of several rounds are counted together.
    """

    LATE = "late", "超期"
    WARN = "warn", "临期"
    NOTICE = "notice", "预警"
    BLOCK = "block", "受阻"
    STALE = "stale", "久未更新"
    OK = "ok", "正常"
    IDLE = "idle", "未开始"
    LONG_TERM = "long_term", "长期坚持"
    DONE = "done", "已销号"


class Condition(TextChoices):
    """What a light may say of a ticket; `lights` decides each, in Python and in SQL alike."""

    CLOSED = "closed", "已销号"
    KEPT = "kept", "已销号并列入长期坚持"
    LONG_TERM = "long_term", "未销号，整改类型为长期坚持"
    BLOCKED = "blocked", "受阻"
    OVERDUE = "overdue", "超过整改时限"
    DUE_WITHIN = "due_within", "距整改时限不超过所定天数"
    STALE = "stale", "在办而超过所定天数没有填报"
    SUBMITTED = "submitted", "已提交，等待审核"
    UNCLAIMED = "unclaimed", "待认领"
    OTHERWISE = "otherwise", "其余"


class Colour(TextChoices):
    """The palette of lights: each reads at 4.5:1 on white and differs in grey as well."""

    RED = "red", "红"
    ORANGE = "orange", "橙"
    AMBER = "amber", "黄"
    GREEN = "green", "绿"
    TEAL = "teal", "青"
    BLUE = "blue", "蓝"
    VIOLET = "violet", "紫"
    GREY = "grey", "灰"


class Shape(TextChoices):
    """The shapes of lights, for those who cannot tell the colours and for grey paper."""

    SQUARE = "square", "实心方"
    TRIANGLE = "triangle", "实心三角"
    FLAG = "flag", "三角旗"
    DIAMOND = "diamond", "实心菱"
    HOURGLASS = "hourglass", "沙漏"
    DISC = "disc", "实心圆"
    RING = "ring", "虚线圈"
    LOOP = "loop", "双环"
    TICK = "tick", "圈内勾"


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


class FileKind(TextChoices):
    """What a file of evidence may be; the value is its usual extension."""

    PDF = "pdf", "PDF"
    OFD = "ofd", "OFD"
    DOCX = "docx", "Word 文档"
    XLSX = "xlsx", "Excel 工作簿"
    PPTX = "pptx", "PowerPoint 演示"
    DOC = "doc", "Word 97 或 WPS 文字"
    XLS = "xls", "Excel 97 或 WPS 表格"
    PPT = "ppt", "PowerPoint 97 或 WPS 演示"
    PNG = "png", "PNG 图片"
    JPEG = "jpeg", "JPEG 图片"


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


class Post(TextChoices):
    """三员: one of the three administrators. A post excludes the others and every role."""

    SYSTEM = "system", "系统管理员"
    SECURITY = "security", "安全管理员"
    AUDITOR = "auditor", "审计管理员"


class AuditKind(TextChoices):
    """What an audit event tells of."""

    LOGIN = "login", "登录"
    LOGIN_FAILED = "login_failed", "登录失败"
    LOGOUT = "logout", "退出"
    LOCKED = "locked", "锁定"
    UNLOCKED = "unlocked", "解锁"
    SESSION = "session", "结束会话"
    PASSWORD = "password", "密码"
    SECOND_FACTOR = "second_factor", "动态口令"
    ACCOUNT = "account", "账号"
    GRANT = "grant", "授权"
    DUTY = "duty", "代理交接"
    CONFIG = "config", "配置"
    REFUSED = "refused", "拒绝"
    VIEW = "view", "查阅留痕"
    DOWNLOAD = "download", "下载"
    EXPORT = "export", "导出"
    IMPORT = "import", "导入"
    PRINT = "print", "打印"
    BULK = "bulk", "批量办理"
    AUDIT = "audit", "审计"


class AccountConcern(TextChoices):
    """Why an administrator should look at an account."""

    UNUSED = "unused", "长期未登录"
    WITHOUT_ROLE = "without_role", "没有任职"
    STILL_HOLDS = "still_holds", "已离岗，仍有未办结事项"


class AuditResult(TextChoices):
    OK = "ok", "成功"
    REFUSED = "refused", "被拒"
    FAILED = "failed", "失败"


class ReplyKind(TextChoices):
    """What a unit says to an instruction."""

    RECEIVED = "received", "签收"
    ANSWERED = "answered", "回复"


class NoticeKind(TextChoices):
    """What a person is told of; the word stands in the chip before the notice."""

    PRESSED = "pressed", "催办"
    INSTRUCTED = "instructed", "批示"
    ANSWERED = "answered", "回复"
    BLOCKED = "blocked", "协调"
    UNBLOCKED = "unblocked", "解除受阻"
    RETURNED = "returned", "退回"
    REVIEW = "review", "待审核"
    EXTENSION = "extension", "延期"
    HANDOVER = "handover", "交接"
    PLAN = "plan", "方案"
    CLOSED = "closed", "销号"
    REOPENED = "reopened", "重启"
    REPORTING = "reporting", "反馈"
    OTHER = "other", "通知"


class Origin(TextChoices):
    """Where a problem comes from. Only 反馈问题 count as what the inspection fed back."""

    FEEDBACK = "feedback", "反馈"
    SELF = "self", "自查"
    SIMILAR = "similar", "举一反三"
    TRANSFERRED = "transferred", "移交"


class PlanStatus(TextChoices):
    """Where the plan of an inspection stands."""

    DRAFTING = "drafting", "拟定中"
    SUBMITTED = "submitted", "待审定"
    APPROVED = "approved", "已批准"
    RETURNED = "returned", "退回修改"


class AskStatus(TextChoices):
    """What became of a request to change an approved plan."""

    PENDING = "pending", "待审定"
    APPROVED = "approved", "已同意"
    REFUSED = "refused", "未同意"


class AskKind(TextChoices):
    """What a request would do to the approved plan."""

    CHANGE = "change", "调整措施"
    ADD = "add", "增加措施"
    DROP = "drop", "撤下措施"


class CheckAnswer(TextChoices):
    """What a unit answers to a problem that was sent to it for self-check."""

    WAITING = "", "未答复"
    NONE = "none", "无此类问题"
    FOUND = "found", "存在此类问题"


class ExtensionStep(TextChoices):
    """Who decides a request for more time; a round says which of them, in this order."""

    UNIT = "unit", "部门负责人或责任领导"
    OFFICE = "office", "整改办"
    PARTY = "party", "党组"
    INSPECTOR = "inspector", "巡察办"


class ExtensionStatus(TextChoices):
    """What became of a request for more time."""

    PENDING = "pending", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"
    RETURNED = "returned", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


class Ruling(TextChoices):
    """What one step decides on a request for more time."""

    AGREE = "agree", "同意"
    RETURN = "return", "退回补充"
    REFUSE = "refuse", "不同意"


class Part(TextChoices):
    """What a person is to a ticket; all but the last are the names of fields of it."""

    LEADER = "leader", "责任领导"
    PERSON = "person", "责任人"
    REPORTER = "reporter", "填报人"
    MEASURE = "measure", "措施责任人"


class HandoverStatus(TextChoices):
    WAITING = "waiting", "待确认"
    DONE = "done", "已交接"
    CANCELLED = "cancelled", "已取消"


class ItemOutcome(TextChoices):
    """What became of one item of a hand-over."""

    MOVED = "moved", "已移交"
    LEFT_OUT = "left_out", "未移交"
    CANCELLED = "cancelled", "已取消"


class BulkKind(TextChoices):
    """What can be done to many tickets at once."""

    ASSIGN = "assign", "分派"
    PRESS = "press", "催办"
    APPROVE = "approve", "审核通过"


class ExportKind(TextChoices):
    """What a view is sent as; each is the ending of the file's name."""

    XLSX = "xlsx", "Excel"
    DOCX = "docx", "Word"

    @property
    def content_type(self) -> str:
        return f"application/vnd.openxmlformats-officedocument.{_OFFICE[self]}"


_OFFICE = {
    ExportKind.XLSX: "spreadsheetml.sheet",
    ExportKind.DOCX: "wordprocessingml.document",
}


class ExportState(TextChoices):
    """What became of a file that is made beside."""

    WAITING = "waiting", "排队中"
    RUNNING = "running", "生成中"
    READY = "ready", "可下载"
    FAILED = "failed", "没有完成"
    CANCELLED = "cancelled", "已取消"
    EXPIRED = "expired", "已过期"


class BoardView(TextChoices):
    """The views of one set of tickets, in the order of the switch; each is the name of a URL."""

    TIMELINE = "timeline", "作战图"
    MATRIX = "matrix", "矩阵"
    KANBAN = "kanban", "看板"
    WALL = "wall", "台账"
    CALENDAR = "calendar", "日历"
    LIST = "ticket-list", "清单"
    SHEETS = "sheets", "责任"
