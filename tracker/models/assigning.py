"""分派: who answers for a ticket and until when, set before the work begins."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from tracker import notices, workflow
from tracker.choices import DueBasis, NoticeKind
from tracker.models.in_hand import IN_TICKET, cannot_take
from tracker.models.person import Person
from tracker.models.transition import Change, in_words
from tracker.models.unit import Unit
from tracker.workflow import MoveRefused

if TYPE_CHECKING:
    from tracker.models.ticket import Ticket

NOTHING_CHANGES = "没有变化，已经是这样。"


@dataclass(frozen=True, slots=True)
class Step:
    """One fact of a ticket that an assignment alters, with both values as they are printed."""

    name: str
    label: str
    old: str
    new: str

    def __str__(self):
        return f"{self.label}：{self.old or '空'} → {self.new or '空'}"


class Assigned(models.Model):
    """How a ticket is assigned, which `Ticket` inherits.

    Of `workflow.ASSIGNED` what is not given stays as it is; None takes a name away.
    """

    class Meta:
        abstract = True

    def assign_steps(self: "Ticket", given: Mapping[str, Any]) -> list[Step]:
        """What would change; nothing for what is so already."""
        steps = []
        for name, new in given.items():
            old = getattr(self, name)
            # A name that is only printed is taken away with the registered one.
            printed = getattr(self, f"{name}_text", "") if new is None else ""
            if old != new or printed:
                field = self._meta.get_field(name)
                shown = [in_words(field, value) for value in (old or printed, new)]
                steps.append(Step(name, str(field.verbose_name), *shown))
        return steps

    def assign_refusal(self: "Ticket", given: Mapping[str, Any], person: Person) -> str:
        """Say all that keeps this person from setting these now; empty means they can."""
        steps = self.assign_steps(given)
        if not steps:
            return NOTHING_CHANGES
        standing = self.standing_of(person)
        is_planned = self.inspection.plan_is_approved
        why_not = [
            workflow.assign_refusal(
                step.name,
                standing,
                is_set=getattr(self, step.name) is not None,
                is_planned=is_planned,
            )
            or self._value_refusal(step.name, given[step.name], person)
            for step in steps
        ]
        why_not.append(self.amend_refusal({step.name for step in steps}))
        why_not += self._misfits({step.name for step in steps}, given)
        # One reason, said of several fields, is said once.
        return "".join(dict.fromkeys(filter(None, why_not)))

    def assign(
        self: "Ticket", given: Mapping[str, Any], *, by: Person, why: str, version: int
    ) -> list[Change]:
        """Set who answers for the ticket and until when; each fact that differs is one Change.

        Raises TicketChanged or MoveRefused as `move` does.
        """
        why = why.strip()
        with transaction.atomic():
            self.hold(version)
            if refusal := self.assign_refusal(given, by):
                raise MoveRefused(refusal)
            if not why:
                raise MoveRefused("请写明依据。")
            steps = self.assign_steps(given)
            for step in steps:
                self._set(step.name, given[step.name], why)
            self._check({step.name for step in steps})
            self._history_user, self._change_reason = by, why
            self.save()
            for step in steps:
                new = given[step.name]
                if isinstance(new, Person):
                    words = f"已指定您为{step.label}：{why}"
                    notices.tell([new], NoticeKind.OTHER, self, words, by=by)
            return Change.objects.bulk_create(
                self._change(step.label, step.old, step.new, by=by, why=why) for step in steps
            )

    # -- how they do it -------------------------------------------------------------------------

    def _value_refusal(self: "Ticket", name: str, new: Any, person: Person) -> str:
        if isinstance(new, Unit):
            if not new.path.startswith(self.inspection.unit.path):
                return f"{new}不在{self.inspection.unit}之内。"
            if not new.path.startswith(tuple(person.reach_for("allot"))):
                return f"{new}不在您的范围内。"
        if name == "due_on":
            if new is None:
                return "时限不能清空。"
            if new <= timezone.localdate():
                return "请填写今天以后的时限。"
        return ""

    def _misfits(self: "Ticket", changed: set[str], given: Mapping[str, Any]) -> Iterator[str]:
        """Why people do not fit the lead unit, with all that is given put in place."""
        unit = given.get("lead_unit") or self.lead_unit
        for part in IN_TICKET:
            if part.value not in changed and "lead_unit" not in changed:
                continue
            who = given.get(part.value, getattr(self, part.value))
            if who and (misfit := cannot_take(who, self, part, lead_unit=unit)):
                yield f"{misfit}。"
        parties = [given.get(name, getattr(self, name)) for name in ("person", "reporter")]
        if changed & {"person", "reporter"} and parties[0] and parties[0] == parties[1]:
            yield "填报人和责任人不能是同一人，否则无人提交。"

    def _check(self: "Ticket", changed: set[str]) -> None:
        """Ask only the constraints that what was changed can breach: a query each, in bulk."""
        changed |= {"due_basis", "original_due_on"}
        try:
            for constraint in self._meta.constraints:
                if isinstance(constraint, models.CheckConstraint) and (
                    changed & constraint.condition.referenced_base_fields
                ):
                    constraint.validate(type(self), self)
        except ValidationError as breach:
            raise MoveRefused("".join(breach.messages)) from breach

    def _set(self: "Ticket", name: str, new: Any, why: str) -> None:
        setattr(self, name, new)
        if new is None and hasattr(self, f"{name}_text"):
            setattr(self, f"{name}_text", "")
        if name == "due_on":
            self.due_basis = DueBasis.DECIDED
            if self.original_due_on is None:
                self.original_due_on = new
            if new > self.inspection.focus_ends_on and not self.due_reason:
                self.due_reason = why
