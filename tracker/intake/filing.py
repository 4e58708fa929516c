"""What importing a draft would do, and doing it: one path, rolled back or not."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from tracker.choices import DraftStatus, ImportOutcome
from tracker.intake.resource import BulletinResource
from tracker.models import Bulletin, Draft, ImportBatch, ImportRow, Inspection, SourceFile
from tracker.resources import TicketOutcome


class AlreadyImported(Exception):
    """Somebody has imported this file in the meantime."""

    def __init__(self, bulletin: Bulletin):
        super().__init__("这份文件已入库。")
        self.bulletin = bulletin


@dataclass(frozen=True, slots=True)
class Differences:
    """What importing a draft does with every ticket of the inspection.

    `trouble` holds what stopped the import as a whole, beside the errors of single rows.
    """

    inspection: Inspection | None
    is_new_inspection: bool
    tickets: list[TicketOutcome]
    trouble: list[str]
    batch: ImportBatch | None

    @property
    def buckets(self) -> list["Bucket"]:
        return buckets(each for each in self.tickets if not each.errors)

    @property
    def counts(self) -> dict[str, int]:
        """Tickets by outcome; every outcome is there."""
        return {bucket.outcome.value: len(bucket.tickets) for bucket in self.buckets}

    @property
    def proposed(self) -> list[TicketOutcome]:
        """The known tickets of which this bulletin tells progress or new figures."""
        return [each for each in self.tickets if each.proposal]

    @property
    def refused(self) -> list[TicketOutcome]:
        return [each for each in self.tickets if each.errors]

    @property
    def is_possible(self) -> bool:
        return not (self.trouble or self.refused)

    @property
    def digest(self) -> str:
        """Tells whether what is confirmed is still what was shown."""
        parts = (self.is_new_inspection, *(each.fingerprint for each in self.tickets))
        return hashlib.sha256(repr(parts).encode()).hexdigest()


EFFECTS = {
    ImportOutcome.NEW: "写入为新问题",
    ImportOutcome.CHANGED: "按列出的项目修改，记入变更历史",
    ImportOutcome.UNCHANGED: "不动",
    ImportOutcome.MISSING: "文件里没有，保留不动",
    ImportOutcome.CLOSED: "已销号，不动也不重开",
}


@dataclass(frozen=True, slots=True)
class Bucket:
    """The tickets with one outcome, and what that outcome means."""

    outcome: ImportOutcome
    tickets: list[TicketOutcome | ImportRow]

    @property
    def effect(self) -> str:
        return EFFECTS[self.outcome]


def buckets(tickets: Iterable[TicketOutcome | ImportRow]) -> list[Bucket]:
    """Sort what an import does, or did, by its outcome; every outcome is there, in page order."""
    sorted_out: dict[str, list] = {outcome: [] for outcome in ImportOutcome}
    for each in tickets:
        sorted_out[each.outcome].append(each)
    return [Bucket(outcome, sorted_out[outcome]) for outcome in ImportOutcome]


class DiffChanged(Exception):
    """What would be imported is no longer what the operator saw; nothing was written."""

    def __init__(self, differences: Differences):
        super().__init__("核对之后数据有变化，请再核对一次。")
        self.differences = differences


def preview(draft: Draft) -> Differences:
    """Import a draft and roll it back. Raises AlreadyImported."""
    _refuse_if_imported(draft)
    return _run(draft, dry_run=True)


def confirm(draft: Draft, *, digest: str | None) -> Differences:
    """Import a draft: all of it, or nothing.

    `digest` is that of the differences which the operator saw; None, for imports that nobody
    watches, takes whatever comes. Raises AlreadyImported, or DiffChanged if the digest no longer
    fits or a row cannot be imported.
    """
    with transaction.atomic():
        # Two confirmations at once, of one draft or of two drafts of one file, queue here.
        SourceFile.objects.select_for_update().get(pk=draft.source_id)
        _refuse_if_imported(draft)
        done = _run(draft, dry_run=False)
        if not done.is_possible or digest not in (None, done.digest):
            raise DiffChanged(done)
        draft.bulletin = done.batch.bulletin
        draft.status = DraftStatus.IMPORTED
        draft.save()
    return done


def _refuse_if_imported(draft: Draft) -> None:
    bulletin = Bulletin.objects.filter(source=draft.source_id).first()
    if bulletin:
        raise AlreadyImported(bulletin)


def _run(draft: Draft, *, dry_run: bool) -> Differences:
    resource = BulletinResource(draft)
    result = resource.import_data(
        resource.dataset(), dry_run=dry_run, rollback_on_validation_errors=True
    )
    return Differences(
        inspection=resource.inspection,
        is_new_inspection=resource.is_new_inspection,
        tickets=resource.outcomes,
        trouble=[str(error.error) for error in result.base_errors],
        batch=resource.batch,
    )
