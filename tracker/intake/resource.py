"""What the import of a reviewed draft does with tickets; no import but this makes new ones."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from import_export.fields import Field
from import_export.results import RowResult

from tracker.choices import (
    Claim,
    DueBasis,
    FindingKind,
    ImportOutcome,
    ImportSource,
    Status,
)
from tracker.matching import match_indicators, match_tickets
from tracker.models import (
    Bulletin,
    Category,
    Draft,
    DraftFinding,
    Finding,
    ImportBatch,
    ImportRow,
    Indicator,
    Inspection,
    Measure,
    Progress,
    Ticket,
    Transition,
)
from tracker.models.tracked import create_all
from tracker.resources import AMENDED_BY_DRAFT, Proposal, TicketOutcome, TicketResource, errors_of
from tracker.workflow import IMPORTED

PRINTED = (
    "printed_number",
    "problem",
    "source_start",
    "source_end",
    "claim",
    "claim_quote",
    "order",
)
# What a draft says of an inspection that is not there yet.
OF_INSPECTION = (
    "round",
    "kind",
    "unit_text",
    "started_on",
    "ended_on",
    "phone",
    "address",
    "postcode",
    "email",
    "stated_aspects",
    "stated_categories",
    "stated_problems",
    "stated_measures",
)
# Columns that are no fields of a ticket: its categories, and the records below it.
PARTS = ("path", "measures", "adopted", "as_progress", "takes_progress")


class BulletinResource(TicketResource):
    """Files the reviewed draft of one bulletin: the inspection, the bulletin, its tickets.

    A known ticket takes what the bulletin says only where it says something and says it
    differently from the import before: a bulletin printed again does not undo what people have
    decided since.
    """

    row = Field("pk", "row")

    def __init__(self, draft: Draft):
        super().__init__(by=draft.by)
        self.draft = draft
        self.inspection: Inspection | None = None
        self.is_new_inspection = False
        self.bulletin: Bulletin | None = None
        self.batch: ImportBatch | None = None
        self.outcomes: list[TicketOutcome] = []
        self._matched: dict[int, Ticket] = {}
        self._said_before: dict[int, dict[str, Any]] = {}
        self._categories: dict[tuple[str, ...], Category] = {}
        self._row: dict[str, Any] = {}

    class Meta(TicketResource.Meta):
        fields = ("row",)
        import_id_fields = ("row",)

    @property
    def why(self) -> str:
        return f"导入通报：{self.draft}"

    def dataset(self) -> tablib.Dataset:
        """The draft as the table that is imported: one row for each problem that is not excluded.

        Its cells hold Python values, since they never were text.
        """
        columns = (*AMENDED_BY_DRAFT, *PRINTED, *PARTS)
        rows = (
            self.draft.problems.filter(is_excluded=False)
            .select_related("leader", "lead_unit", "person")
            .prefetch_related("findings")
        )
        table = tablib.Dataset(headers=["row", *columns])
        for problem in rows:
            table.append([problem.pk, *(getattr(problem, name) for name in columns)])
        return table

    # -- before the rows: what they hang on -------------------------------------------------------

    def before_import(self, dataset, **kwargs):
        """File the inspection and the bulletin first; the preview rolls them back with the rest."""
        self._file_inspection()
        self._file_bulletin()
        tickets = list(
            self.inspection.tickets.select_related("leader", "lead_unit", "person", "inspection")
        )
        self._match(tickets)
        self._read_ticket_parts(tickets)
        self._serials = iter(self.inspection.take_serials(len(dataset) - len(self._matched)))
        self._file_categories(dataset)

    def _file_inspection(self) -> None:
        """Find or make the inspection, and hold it until the end of the import.

        Whoever imports into it at the same time waits here, and then sees the tickets that the
        other has made.
        """
        draft = self.draft
        self.inspection = draft.inspection
        self.is_new_inspection = self.inspection is None
        if self.is_new_inspection:
            # Somebody else may be doing the same at this moment.
            self.inspection, self.is_new_inspection = Inspection.objects.get_or_create(
                unit=draft.unit,
                inspecting_body=draft.inspecting_body,
                feedback_on=draft.feedback_on,
                defaults={name: getattr(draft, name) for name in OF_INSPECTION},
            )
        Inspection.objects.select_for_update().get(pk=self.inspection.pk)

    def _file_bulletin(self) -> None:
        draft = self.draft
        self.bulletin = Bulletin.objects.create(
            inspection=self.inspection,
            source=draft.source,
            title=draft.title,
            text=draft.text,
            read=draft.read,
            published_on=draft.published_on,
            signed_on=draft.signed_on,
            publicity_from=draft.publicity_from,
            publicity_to=draft.publicity_to,
            imported_by=draft.by,
        )

    def _match(self, tickets: list[Ticket]) -> None:
        """Which known ticket each problem is, and which are only among those left out."""
        problems = self.draft.problems.select_related("ticket")
        found = match_tickets(tickets, list(problems.filter(is_excluded=False))).found
        self._matched = {problem.pk: ticket for problem, ticket in found.items()}
        unmatched = [ticket for ticket in tickets if ticket not in self._matched.values()]
        left_out = match_tickets(unmatched, list(problems.filter(is_excluded=True))).found
        self._left_out = set(left_out.values())
        self._tickets = tickets
        self._seen_at = {ticket.pk: ticket.version for ticket in tickets}

    def _read_ticket_parts(self, tickets: list[Ticket]) -> None:
        """Fetch what the known tickets hold, to tell what is new in this bulletin."""
        self._measures_before = defaultdict(list)
        for pk, text in Measure.objects.filter(ticket__in=tickets).values_list("ticket", "text"):
            self._measures_before[pk].append(text)
        said = ImportRow.objects.filter(
            ticket__in=tickets, batch__kind=ImportSource.BULLETIN
        ).exclude(outcome=ImportOutcome.MISSING)
        self._said_before = dict(said.order_by("pk").values_list("ticket", "values"))
        self._indicators = defaultdict(list)
        for indicator in Indicator.objects.filter(ticket__in=tickets):
            self._indicators[indicator.ticket_id].append(indicator)
        self._progress_before = defaultdict(set)
        said = Progress.objects.filter(ticket__in=tickets).exclude(bulletin=None)
        for pk, text in said.values_list("ticket", "text"):
            self._progress_before[pk].add(_bare(text))
        self._said_items = defaultdict(list)
        kept = Finding.objects.filter(ticket__in=tickets)
        for pk, kind, value in kept.values_list("ticket", "kind", "value"):
            self._said_items[pk].append((kind, value))

    def _file_categories(self, dataset) -> None:
        longest = Category._meta.get_field("heading").max_length
        for row in dataset.dict:
            parent, path = None, ()
            for printed in row["path"]:
                heading = printed[:longest]
                path = (*path, heading)
                if path not in self._categories:
                    self._categories[path], _ = Category.objects.get_or_create(
                        inspection=self.inspection,
                        parent=parent,
                        heading=heading,
                        defaults={"order": len(self._categories) + 1},
                    )
                parent = self._categories[path]

    # -- one row ----------------------------------------------------------------------------------

    def get_instance(self, instance_loader, row):
        return self._matched.get(row["row"])

    def import_instance(self, instance, row, **kwargs):
        """Set what the draft says; of a known ticket only what is said, and said anew."""
        self._row = row
        before = self._said_before.get(instance.pk, {})
        for name in AMENDED_BY_DRAFT:
            said = row[name]
            if name == "title" and instance.pk and row["problem"] != instance.problem:
                # Only how this bulletin words it: people know the ticket by its own title.
                continue
            if not _says_nothing(name, said) and _as_said(said) != before.get(name):
                setattr(instance, name, said)
        if instance.pk is None:
            for name in PRINTED:
                setattr(instance, name, row[name])
            self._complete(instance, row)
        unit = instance.lead_unit
        if unit and not unit.path.startswith(self.inspection.unit.path):
            raise ValidationError({"lead_unit": f"“{unit}”不是被巡察单位或其下级。"})

    def _complete(self, ticket: Ticket, row) -> None:
        """Give a new ticket what the draft leaves to the rules."""
        ticket.inspection, ticket.bulletin = self.inspection, self.bulletin
        ticket.category = self._categories.get(tuple(h[:300] for h in row["path"]))
        ticket.serial = next(self._serials)
        ticket.number = f"{self.inspection.code}-{ticket.serial:03d}"
        ticket.lead_unit = row["lead_unit"] or self.inspection.unit
        if ticket.due_on is None:
            ticket.due_on, ticket.due_basis = self.inspection.focus_ends_on, DueBasis.DERIVED
        ticket.original_due_on = ticket.due_on
        ticket.status = self._first_status(ticket)
        if ticket.status == Status.SUBMITTED:
            ticket.review_role = self.inspection.round.levels[0]
            ticket.submitted_on = timezone.localdate()

    def _first_status(self, ticket: Ticket) -> Status:
        """A claim of completion waits for review; it is never taken for a closing.

        Who answers for the problem cannot submit it, by an import either.
        """
        if ticket.claim == Claim.DONE and ticket.person != self.by:
            return Status.SUBMITTED
        return Status.IN_PROGRESS if ticket.person else Status.UNCLAIMED

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if instance.status == Status.CLOSED:
            return True
        return bool(instance.pk) and self.amendments(instance) == self.amendments(original)

    def create(self, ticket: Ticket) -> None:
        ticket.save(force_insert=True)
        measures = create_all(
            Measure,
            (
                Measure(
                    ticket=ticket,
                    order=order,
                    number=(m["number"] or "")[:10],
                    text=m["text"],
                    source_start=m["span"][0],
                    source_end=m["span"][1],
                )
                for order, m in enumerate(self._row["measures"], start=1)
            ),
        )
        found = self._keep_findings(ticket, self._row["adopted"])
        figures = (each for each in found if each.kind == FindingKind.INDICATOR)
        create_all(Indicator, _indicators(ticket, measures, figures))
        Transition.objects.create(
            ticket=ticket,
            ticket_version=ticket.version,
            move=IMPORTED,
            target=ticket.status,
            by=self.by,
            note=ticket.claim_quote if ticket.status == Status.SUBMITTED else "",
        )

        if ticket.status == Status.SUBMITTED:
            ticket.hand_in_claim(by=self.by)

    def _keep_findings(self, ticket: Ticket, adopted: Iterable[DraftFinding]) -> list[Finding]:
        return Finding.objects.bulk_create(
            Finding(
                ticket=ticket,
                bulletin=self.bulletin,
                by=self.by,
                **{
                    name: getattr(each, name)
                    for name in (
                        *("kind", "value", "quote", "source_start", "source_end"),
                        *("decision", "read_value"),
                    )
                },
            )
            for each in adopted
        )

    # -- a known ticket: what a later bulletin adds -----------------------------------------------

    def _propose(self, ticket: Ticket, row) -> "Proposal | None":
        """What this bulletin says of a known ticket that no bulletin has said before."""
        said = _bare(row["as_progress"])
        first = _bare("".join(self._measures_before[ticket.pk]))
        is_news = said and said not in self._progress_before[ticket.pk]
        text = row["as_progress"] if is_news and not _holds(first, said, ticket) else ""
        values = [each.value for each in row["adopted"] if each.kind == FindingKind.INDICATOR]
        figures = {}
        for indicator, value in match_indicators(self._indicators[ticket.pk], values):
            new = tuple(
                old if (number := _decimal(value[name])) is None else number
                for name, old in (("done", indicator.done), ("total", indicator.total))
            )
            if new != (indicator.done, indicator.total):
                figures[indicator] = new
        return Proposal(text, figures) if text or figures else None

    def _take(self, each: TicketOutcome, row) -> None:
        """Write what the operator has taken of a proposal, and what is new of the findings."""
        ticket = each.ticket
        known = self._said_items[ticket.pk]
        self._keep_findings(ticket, [f for f in row["adopted"] if (f.kind, f.value) not in known])
        proposal = each.proposal
        if proposal is None or not row["takes_progress"]:
            return
        ticket.record_bulletin(
            self.bulletin,
            by=self.by,
            text=proposal.text or "通报更新了数字。",
            figures=proposal.figures,
            version=ticket.version,
        )
        each.outcome = ImportOutcome.CHANGED
        each.changes = [*each.changes, *proposal.changes]

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """Check what an operator has typed, in Python.

        The rest of a new ticket is made here from rows that were just loaded; a look in the
        database for each key and each constraint would cost thirty queries a row. The database
        keeps them all the same, and `amend` checks a known ticket whole.
        """
        errors = dict(import_validation_errors or {})
        loaded = [field.name for field in Ticket._meta.fields if field.is_relation]
        try:
            instance.clean_fields(exclude={*errors, *loaded})
        except ValidationError as invalid:
            errors = invalid.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    # -- after the rows: what was done ------------------------------------------------------------

    def after_import(self, dataset, result, **kwargs):
        """Write the history of this import, one row for each ticket of the inspection."""
        for row, row_result in zip(dataset.dict, result.rows, strict=True):
            self.outcomes.append(self._outcome(row, row_result))
        for ticket in self._tickets:
            if ticket not in self._matched.values():
                note = "本次校对时排除。" if ticket in self._left_out else ""
                self.outcomes.append(TicketOutcome(ticket, ImportOutcome.MISSING, note=note))
        if any(outcome.errors for outcome in self.outcomes):
            return
        for each, row in zip(self.outcomes, dataset.dict, strict=False):
            if each.outcome in (ImportOutcome.CHANGED, ImportOutcome.UNCHANGED):
                self._take(each, row)
        self.batch = ImportBatch.objects.create(
            kind=ImportSource.BULLETIN,
            bulletin=self.bulletin,
            file_name=self.draft.source.name,
            by=self.by,
        )
        ImportRow.objects.bulk_create(
            ImportRow(
                batch=self.batch,
                ticket=each.ticket,
                outcome=each.outcome,
                changes=each.changes,
                values=each.values,
                note=each.note,
            )
            for each in self.outcomes
        )

    def _outcome(self, row, row_result: RowResult) -> TicketOutcome:
        ticket = row_result.instance or self._matched.get(row["row"])
        if errors := errors_of(row_result):
            ticket = ticket or Ticket(
                title=row["title"], problem=row["problem"], printed_number=row["printed_number"]
            )
            return TicketOutcome(ticket, errors=errors)
        values = {name: _as_said(row[name]) for name in AMENDED_BY_DRAFT}
        if row_result.is_new():
            return TicketOutcome(ticket, ImportOutcome.NEW, values=values)
        note = self._differences_not_taken(ticket, row)
        if ticket.status == Status.CLOSED:
            return TicketOutcome(ticket, ImportOutcome.CLOSED, note=note, values=values)
        changes = self._changes.get(ticket.pk, [])
        outcome = ImportOutcome.CHANGED if changes else ImportOutcome.UNCHANGED
        return TicketOutcome(
            ticket,
            outcome,
            changes=changes,
            note=note,
            values=values,
            seen_at=self._seen_at[ticket.pk],
            row=row["row"],
            takes_progress=row["takes_progress"],
            proposal=self._propose(ticket, row),
        )

    def _differences_not_taken(self, ticket: Ticket, row) -> str:
        """Say what the file has otherwise but an import does not touch."""
        notes = []
        if row["problem"] != ticket.problem:
            notes.append(f"通报现写作“{row['problem']}”，问题名不改。")
        if row["claim"] != ticket.claim:
            word = Claim(row["claim"]).label
            notes.append(
                f"通报现{word}（库中为“{ticket.get_claim_display()}”），状态不随导入改变。"
            )
        before = self._measures_before[ticket.pk]
        if [m["text"] for m in row["measures"]] != before:
            notes.append(
                f"措施与库中不同：文件{len(row['measures'])}条，库中{len(before)}条，不改。"
            )
        return "".join(notes)


def _bare(text: str) -> str:
    return "".join(text.split())


def _holds(first: str, said: str, ticket: Ticket) -> bool:
    """Whether the bulletin that made the ticket said this already."""
    return said in (first, first + _bare(ticket.claim_quote))


def _says_nothing(name: str, said: Any) -> bool:
    # That a deadline is derived only says that the file gives none.
    return said in (None, "") or (name == "due_basis" and said == DueBasis.DERIVED)


def _as_said(value: Any) -> Any:
    """A value as the import history keeps it in JSON."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if value is not None else None


def _indicators(
    ticket: Ticket, measures: Sequence[Measure], figures: Iterable[Finding]
) -> Iterator[Indicator]:
    """Build the indicators of these figures, each at the measure whose text holds it."""
    for figure in figures:
        value = figure.value
        numbers = {name: _decimal(value[name]) for name in ("total", "done")}
        numbers["stated_rate"] = _decimal(value["rate"])
        if not any(number is not None for number in numbers.values()):
            continue
        start, end = figure.source_start, figure.source_end
        inside = (m for m in measures if start and m.source_start <= start and end <= m.source_end)
        yield Indicator(
            ticket=ticket,
            measure=next(inside, None),
            label=(value["label"] or "数字")[:100],
            unit=(value["unit"] or "")[:20],
            quote=figure.quote[:300],
            finding=figure,
            **numbers,
        )


def _decimal(printed: float | str | None) -> Decimal | None:
    """A printed figure; None where it is no number that the column can hold."""
    if printed is None:
        return None
    try:
        number = Decimal(str(printed).strip().rstrip("%％")).quantize(Decimal("0.01"))
    except ArithmeticError:
        return None
    return number if 0 <= number < 10**6 else None
