"""What is kept of every change of every business record: the row as it was, who, when and why.

`tracker.audit` writes what happened for the auditor, `Change` what happened to a ticket for those
who work on it; this keeps each row whole, so that nothing said before is ever lost. Its tables are
append-only like the rest of the history.

`QuerySet.update` and the like write past it: use `save`, or `create_all` for many new rows.
"""

from collections.abc import Iterable

import simple_history
from django.db import models
from simple_history.models import HistoricalRecords
from simple_history.utils import bulk_create_with_history

from tracker.because import cause
from tracker.logs import request_id
from tracker.models.category import Category
from tracker.models.decision import Cycle
from tracker.models.evidence import Evidence
from tracker.models.extension import Extension
from tracker.models.handover import Handover, HandoverItem
from tracker.models.holiday import Holiday
from tracker.models.inspection import Band, Inspection, Round
from tracker.models.look_back import LookBackItem
from tracker.models.measure import Indicator, Measure, Milestone
from tracker.models.person import Membership, Person
from tracker.models.plan import Plan, PlanAsk
from tracker.models.selfcheck import SelfCheck
from tracker.models.substitution import Substitution
from tracker.models.supervision import Coordination
from tracker.models.ticket import Ticket
from tracker.models.unit import Unit, UnitAlias

# Each model, with the fields that are left out: secrets, and what follows from something else.
TRACKED: dict[type[models.Model], tuple[str, ...]] = {
    Band: (),
    Category: (),
    Coordination: (),
    Cycle: (),
    Evidence: (),
    Extension: (),
    Handover: (),
    HandoverItem: (),
    Holiday: (),
    Indicator: (),
    Inspection: ("last_serial", "last_found_serial"),
    LookBackItem: (),
    Measure: (),
    Membership: (),
    Milestone: (),
    Person: (
        "password",
        "last_login",
        "last_login_ip",
        "must_change_password",
        "secret_expires_at",
        "password_changed_at",
        "initials",
    ),
    Plan: (),
    PlanAsk: (),
    Round: (),
    SelfCheck: (),
    Substitution: (),
    Ticket: (),
    Unit: ("path", "initials"),
    UnitAlias: (),
}
# These are written once and never again, hold no business, or are work that is not yet done.
UNTRACKED = {
    "append-only": {
        "AuditArchive",
        "AuditEvent",
        "AuditSeal",
        "Bulk",
        "BulkRow",
        "Change",
        "ExtensionDecision",
        "Figure",
        "Finding",
        "ImportBatch",
        "ImportRow",
        "Instruction",
        "LookBack",
        "Opinion",
        "PlanDecision",
        "Press",
        "Progress",
        "Reply",
        "SignOff",
        "SourceFile",
        "Transition",
        "Verdict",
    },
    "locked once imported": {"Bulletin"},
    "no business record": {
        "AuditHead",
        "CalendarToken",
        "DemoMark",
        "ExportJob",
        "Notice",
        "PastPassword",
        "PendingUpload",
        "Screen",
        "RecentTickets",
        "SavedView",
        "Upload",
        "Visit",
    },
    "decided once, and each decision an audit event": {"MembershipProposal"},
    "a draft": {"Draft", "DraftFinding", "DraftProblem", "ReportDraft"},
}


def _request_id() -> str:
    # "-" is what the log prints outside a request.
    return request_id.get().strip("-")


def _who(instance, **kwargs):
    """Whoever is asking right now; a method that knows better says so with `because`."""
    from tracker import audit

    return audit.Asker.of(None).person


class Version(models.Model):
    """What every kept row has besides its own columns."""

    request_id = models.CharField("请求号", max_length=32, blank=True, default=_request_id)

    class Meta:
        abstract = True


class Versions(HistoricalRecords):
    def get_history_user(self, instance):
        said = cause()
        return said.by if said else super().get_history_user(instance)

    def get_change_reason_for_object(self, instance, history_type, using):
        said = cause()
        own = super().get_change_reason_for_object(instance, history_type, using)
        return own or (said.why if said else None)

    def post_save(self, instance, created, using=None, **kwargs):
        """Keep nothing where only fields were written that are left out, as with a login."""
        written = kwargs.get("update_fields")
        if written is None or set(written) - set(self.excluded_fields):
            super().post_save(instance, created, using=using, **kwargs)


def create_all(model: type[models.Model], rows: Iterable[models.Model]) -> list:
    """`bulk_create` for a tracked model: the rows and their first versions, all or none."""
    rows = list(rows)
    return bulk_create_with_history(rows, model) if rows else []


for _model, _left_out in TRACKED.items():
    simple_history.register(
        _model,
        records_class=Versions,
        excluded_fields=_left_out,
        bases=[Version],
        get_user=_who,
        history_change_reason_field=models.TextField("说明", null=True),
    )

HISTORY_TABLES = tuple(model.history.model._meta.db_table for model in TRACKED)
