from tracker.models.account import PastPassword, Visit
from tracker.models.audit import AuditArchive, AuditEvent, AuditHead, AuditSeal
from tracker.models.bulk import Bulk, BulkRow
from tracker.models.bulletin import Bulletin, SourceFile
from tracker.models.category import Category
from tracker.models.decision import Cycle, Opinion, SignOff
from tracker.models.draft import Draft, DraftFinding, DraftProblem
from tracker.models.evidence import Evidence
from tracker.models.export import ExportJob, ExportRefused, ExportStopped
from tracker.models.extension import Extension, ExtensionDecision
from tracker.models.feed import CalendarToken
from tracker.models.finding import Finding
from tracker.models.handover import Handover, HandoverItem
from tracker.models.holiday import Holiday
from tracker.models.importing import ImportBatch, ImportRow, PendingUpload, Upload
from tracker.models.inspection import Band, Inspection, Round
from tracker.models.look_back import LookBack, LookBackItem
from tracker.models.measure import Indicator, Measure, Milestone
from tracker.models.notice import Notice
from tracker.models.person import Membership, MembershipProposal, Person
from tracker.models.plan import Plan, PlanAsk, PlanDecision
from tracker.models.progress import Figure, Progress, ReportDraft, Verdict
from tracker.models.saved_view import RecentTickets, SavedView
from tracker.models.screen import Screen
from tracker.models.selfcheck import SelfCheck
from tracker.models.site import DemoMark
from tracker.models.substitution import Substitution
from tracker.models.supervision import Coordination, Instruction, Press, Reply
from tracker.models.ticket import Ticket
from tracker.models.transition import Change, Transition
from tracker.models.unit import Unit, UnitAlias

# Last: it wraps the models above.
from tracker.models import tracked  # noqa: F401  isort: skip

__all__ = [
    "AuditArchive",
    "AuditEvent",
    "AuditHead",
    "AuditSeal",
    "Band",
    "Bulk",
    "BulkRow",
    "Bulletin",
    "CalendarToken",
    "Category",
    "Change",
    "Coordination",
    "Cycle",
    "DemoMark",
    "Draft",
    "DraftFinding",
    "DraftProblem",
    "Evidence",
    "ExportJob",
    "ExportRefused",
    "ExportStopped",
    "Extension",
    "ExtensionDecision",
    "Figure",
    "Finding",
    "Handover",
    "HandoverItem",
    "Holiday",
    "ImportBatch",
    "ImportRow",
    "Indicator",
    "Inspection",
    "Instruction",
    "LookBack",
    "LookBackItem",
    "Measure",
    "Membership",
    "MembershipProposal",
    "Milestone",
    "Notice",
    "Opinion",
    "PastPassword",
    "PendingUpload",
    "Person",
    "Plan",
    "PlanAsk",
    "PlanDecision",
    "Press",
    "Progress",
    "RecentTickets",
    "Reply",
    "ReportDraft",
    "Round",
    "SavedView",
    "Screen",
    "SelfCheck",
    "SignOff",
    "SourceFile",
    "Substitution",
    "Ticket",
    "Transition",
    "Unit",
    "UnitAlias",
    "Upload",
    "Verdict",
    "Visit",
]
