"""佐证材料: how files come to prove what was done on a ticket, and cease to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils import timezone

from tracker import workflow
from tracker.because import because
from tracker.models.evidence import Evidence
from tracker.models.measure import Measure
from tracker.models.progress import Progress
from tracker.workflow import MoveRefused

if TYPE_CHECKING:
    from tracker.evidence.receiving import Incoming
    from tracker.models.person import Person
    from tracker.models.ticket import Ticket


class Proven(models.Model):
    """What is done with the evidence of a ticket, which `Ticket` inherits."""

    class Meta:
        abstract = True

    def attach(
        self: "Ticket",
        files: Sequence["Incoming"],
        *,
        by: "Person",
        measure: Measure | None = None,
        make_key: bool = False,
    ) -> list[Evidence]:
        """Put stored files on record as evidence and return the rows of those that are new.

        A file that is there already, byte for byte, is left out: its `row` stays None. Evidence
        adds and alters nothing else, so the ticket keeps its version and nobody's open form is
        refused; only another key evidence is a change of the ticket.
        """
        with transaction.atomic(), because(by, "上传佐证"):
            self.hold_newest()
            if refusal := workflow.attach_refusal(self.standing_of(by)):
                raise MoveRefused(refusal)
            return self._attach(files, by=by, measure=measure, make_key=make_key)

    def make_key(self: "Ticket", evidence: Evidence, *, by: "Person") -> None:
        """Mark one file as the key evidence (关键佐证), in place of the one before."""
        with transaction.atomic(), because(by, "指定关键佐证"):
            self.hold_newest()
            evidence.refresh_from_db()
            if refusal := workflow.attach_refusal(self.standing_of(by)):
                raise MoveRefused(refusal)
            if evidence.is_withdrawn:
                raise MoveRefused("已撤回的材料不能设为关键佐证。")
            if not evidence.is_key:
                self._make_key(evidence, by)

    def withdraw(self: "Ticket", evidence: Evidence, *, by: "Person", why: str) -> None:
        """Take a file out of the evidence; row and file stay, with who took it out and why."""
        why = why.strip()
        with transaction.atomic(), because(by, why):
            self.hold_newest()
            evidence.refresh_from_db()
            if refusal := workflow.attach_refusal(self.standing_of(by)):
                raise MoveRefused(refusal)
            if evidence.is_withdrawn:
                raise MoveRefused("这份材料已经撤回。")
            if not why:
                raise MoveRefused("请填写撤回原因。")
            evidence.is_key = False
            evidence.withdrawn_at = timezone.now()
            evidence.withdrawn_by, evidence.withdrawn_why = by, why
            evidence.save(update_fields=["is_key", "withdrawn_at", "withdrawn_by", "withdrawn_why"])
            self.version += 1
            self.save()
            self.record_change("佐证材料", evidence.name, "已撤回", by=by, why=why)

    # -- how they do it -------------------------------------------------------------------------

    def _attach(
        self: "Ticket",
        files: Sequence["Incoming"],
        *,
        by: "Person",
        measure: Measure | None = None,
        progress: Progress | None = None,
        make_key: bool = False,
    ) -> list[Evidence]:
        there = set(self.evidence.not_withdrawn().values_list("sha256", flat=True))
        added = []
        for file in files:
            if file.sha256 in there:
                continue
            there.add(file.sha256)
            file.row = self.evidence.create(
                name=file.name,
                kind=file.kind,
                size=file.size,
                sha256=file.sha256,
                path=file.path,
                by=by,
                measure=measure,
                progress=progress,
            )
            added.append(file.row)
        if make_key and added:
            self._make_key(added[0], by)
        return added

    def _make_key(self: "Ticket", evidence: Evidence, by: "Person") -> None:
        """The first key evidence needs no record beside its own; another one is a change."""
        before = self.evidence.filter(is_key=True).first()
        if before:
            before.is_key = False
            before.save(update_fields=["is_key"])
            self.version += 1
            self.save()
            self.record_change("关键佐证", before.name, evidence.name, by=by, why="另行指定")
        evidence.is_key = True
        evidence.save(update_fields=["is_key"])
