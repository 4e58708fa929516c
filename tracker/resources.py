"""What both imports do with a ticket, row by row: of a reviewed draft, or of the ledger filled in.

Preview and import are one path through django-import-export; the preview is rolled back. A known
ticket changes only through `Ticket.amend`, so every change is recorded; nothing here closes or
reopens one, and a blank never overwrites.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from import_export.resources import ModelResource
from import_export.results import RowResult

from tracker.choices import ImportOutcome
from tracker.findings import plain_number
from tracker.models import Indicator, Person, Ticket
from tracker.workflow import MoveRefused

# What a bulletin may say of a ticket that people may later decide otherwise.
AMENDED_BY_DRAFT = (
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
)


@dataclass(slots=True)
class TicketOutcome:
    """What the import does, or would do, with one ticket; errors mean that it cannot."""

    ticket: Ticket
    outcome: ImportOutcome | None = None
    changes: list[dict[str, str]] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    # Of a known ticket: the version that was met, the draft's row, what is proposed.
    seen_at: int = 0
    row: int | None = None
    takes_progress: bool = True
    proposal: "Proposal | None" = None

    @property
    def fingerprint(self) -> tuple:
        """What must be the same when the import is confirmed as when it was shown.

        A new ticket has no key or number that a second run would give it again. Whether a
        proposal is taken is decided after it was shown.
        """
        ticket = self.ticket
        proposed = self.proposal.changes if self.proposal else []
        changes = [c for c in self.changes if c not in proposed]
        outcome = self.outcome
        if outcome == ImportOutcome.NEW:
            written = (ticket.status, str(ticket.due_on), ticket.lead_unit_id)
        else:
            written = (ticket.pk, self.seen_at or ticket.version)
            outcome = self.outcome in (ImportOutcome.CLOSED, ImportOutcome.MISSING) and outcome
        shown = [sorted(change.items()) for change in (*changes, *proposed)]
        said = sorted(self.values.items())
        return (outcome, ticket.problem, written, said, shown, self.errors, self.note)


@dataclass(slots=True)
class Proposal:
    """What a later bulletin says of a known ticket: progress, and new (done, total) figures."""

    text: str
    figures: dict[Indicator, tuple[Decimal | None, Decimal | None]]
    changes: list[dict[str, str]] = field(init=False)

    def __post_init__(self):
        # In words now: the indicators change when it is taken.
        self.changes = [
            {
                "field": indicator.label,
                "old": _so_many(indicator.done, indicator.total, indicator.unit),
                "new": _so_many(*new, indicator.unit),
            }
            for indicator, new in self.figures.items()
        ]
        if self.text:
            self.changes.append({"field": "进展", "old": "", "new": self.text})


class TicketResource(ModelResource):
    """What both imports share: changes go through `amend`, errors of a row come all at once."""

    def __init__(self, by: Person, **kwargs):
        super().__init__(**kwargs)
        self.by = by
        self._changes: dict[int, list[dict[str, str]]] = {}

    class Meta:
        model = Ticket
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        store_instance = True
        skip_html_diff = True

    @property
    def why(self) -> str:
        """The reason that the change history gives for every change of this import."""
        raise NotImplementedError

    def amendments(self, ticket: Ticket) -> dict[str, Any]:
        """The fields of a known ticket as this row wants them."""
        return {name: getattr(ticket, name) for name in AMENDED_BY_DRAFT}

    def amend(self, ticket: Ticket, **kwargs) -> None:
        """Write a known ticket through its own method, and remember what it recorded."""
        try:
            changes = ticket.amend(
                self.amendments(ticket),
                by=self.by,
                why=self.why,
                version=ticket.version,
                **kwargs,
            )
        except MoveRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        self._changes[ticket.pk] = [
            {"field": change.field, "old": change.old, "new": change.new} for change in changes
        ]

    def do_instance_save(self, instance, is_create):
        if is_create:
            self.create(instance)
        else:
            self.amend(instance)

    def create(self, ticket: Ticket) -> None:
        raise NotImplementedError


def errors_of(row_result: RowResult) -> list[tuple[str, str]]:
    """All that is wrong with one row, as (name of the field, message)."""
    errors = [("", str(error.error)) for error in row_result.errors]
    if invalid := row_result.validation_error:
        by_field = (
            invalid.message_dict
            if hasattr(invalid, "error_dict")
            else {NON_FIELD_ERRORS: invalid.messages}
        )
        for name, messages in by_field.items():
            label = ""
            if name in {f.name for f in Ticket._meta.get_fields()}:
                label = str(Ticket._meta.get_field(name).verbose_name)
            errors += [(label, message) for message in messages]
    return errors


def _so_many(done: Decimal | None, total: Decimal | None, unit: str) -> str:
    """Figures as the import history prints them: 8/20处."""
    numbers = ["？" if number is None else plain_number(number) for number in (done, total)]
    return f"{'/'.join(numbers if total is not None else numbers[:1])}{unit}"
