"""更正: facts of a ticket that are put right, and who may know of it."""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from tracker import supervision
from tracker.because import because
from tracker.choices import DueBasis, Origin, PlanStatus
from tracker.models.transition import Change, in_words
from tracker.models.unit import Unit
from tracker.workflow import MoveRefused

if TYPE_CHECKING:
    from tracker.models.person import Person
    from tracker.models.ticket import Ticket

# What a plan says of a ticket beside its measures.
PLANNED = frozenset(
    {
        "leader",
        "leader_text",
        "lead_unit",
        "lead_unit_text",
        "person",
        "person_text",
        "due_on",
        "due_reason",
    }
)


class Amended(models.Model):
    """How facts of a ticket are corrected, which `Ticket` inherits."""

    AMENDABLE = (
        "title",
        "leader",
        "leader_text",
        "lead_unit",
        "lead_unit_text",
        "person",
        "person_text",
        "kind",
        "due_on",
        "due_basis",
        "due_reason",
        "recurs",
    )

    class Meta:
        abstract = True

    def amend_refusal(self: "Ticket", names: Collection[str]) -> str:
        """Say why these facts cannot be corrected now; empty means they can.

        What a plan says of a ticket stands still while it waits for its approval (one query).
        """
        from tracker.models.plan import Plan

        if PLANNED.isdisjoint(names) or self.origin != Origin.FEEDBACK:
            return ""
        plans = Plan.objects.filter(inspection=self.inspection_id)
        if not plans.filter(status=PlanStatus.SUBMITTED).exists():
            return ""
        return "整改方案正在审定，责任和时限不能更正；请审定人退回修改，或批准以后再改。"

    def amend(
        self: "Ticket",
        changes: Mapping[str, Any],
        *,
        by: "Person",
        why: str,
        version: int,
        co_units: Iterable[Unit] | None = None,
    ) -> list[Change]:
        """Correct facts of an open ticket; each field that differs becomes one Change.

        `changes` may hold any of AMENDABLE; a deadline that comes without its basis is a person's
        decision. Returns the changes, none if nothing differs (the version then stays).
        Raises MoveRefused for a closed ticket, TicketChanged as `move` does.
        """
        if unknown := set(changes) - set(self.AMENDABLE):
            raise ValueError(f"not amendable: {sorted(unknown)}")
        with transaction.atomic(), because(by, why):
            self.hold(version)
            if not self.is_open:
                raise MoveRefused("已销号的问题已锁定，不能修改。")
            if "due_basis" not in changes and changes.get("due_on", self.due_on) != self.due_on:
                changes = {**changes, "due_basis": DueBasis.DECIDED}
            differing = [name for name, new in changes.items() if getattr(self, name) != new]
            if reason := self.amend_refusal(differing):
                raise MoveRefused(reason)
            records = []
            for name in differing:
                field, new = self._meta.get_field(name), changes[name]
                old = getattr(self, name)
                shown = [in_words(field, value) for value in (old, new)]
                records.append(self._change(str(field.verbose_name), *shown, by=by, why=why))
                setattr(self, name, new)
            if co_units is not None:
                co_units = list(co_units)
                before = list(self.co_units.all())
                if set(before) != set(co_units):
                    shown = ["、".join(map(str, units)) for units in (before, co_units)]
                    records.append(self._change("配合单位", *shown, by=by, why=why))
                    self.co_units.set(co_units)
            if not records:
                self.version -= 1
                return []
            if self.due_on and self.original_due_on is None:
                self.original_due_on = self.due_on
            self.full_clean(validate_unique=False)
            self.save()
            return Change.objects.bulk_create(records)

    def restrict(
        self: "Ticket", *, is_restricted: bool = True, by: "Person", reason: str, version: int
    ) -> Change:
        """Limit who may know of this ticket (限定知悉), or lift that again; closed ones too.

        Raises TicketChanged or MoveRefused as `move` does.
        """
        reason = reason.strip()
        with transaction.atomic(), because(by, reason):
            self.hold(version)
            refusal_of = (
                supervision.restrict_refusal if is_restricted else supervision.unrestrict_refusal
            )
            if refusal := refusal_of(self.standing_of(by), self.is_restricted):
                raise MoveRefused(refusal)
            if not reason:
                raise MoveRefused("请填写原因。")
            field = self._meta.get_field("is_restricted")
            words = [in_words(field, value) for value in (self.is_restricted, is_restricted)]
            self.is_restricted = is_restricted
            self.save()
            change = self._change(str(field.verbose_name), *words, by=by, why=reason)
            change.save()
            return change
