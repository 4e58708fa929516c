"""流转: the moves of a ticket, and the sign-off sheets that they hand in and decide."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils import timezone

from tracker import notices, workflow
from tracker.because import because
from tracker.choices import CheckingWay, CheckItem, DueBasis, ReopenGround
from tracker.models.decision import SignOff
from tracker.models.transition import Transition, in_words
from tracker.workflow import MOVES, Move, MoveRefused

if TYPE_CHECKING:
    from tracker.models.person import Person
    from tracker.models.ticket import Ticket


class Moved(models.Model):
    """How a ticket goes from one status to the next, which `Ticket` inherits."""

    class Meta:
        abstract = True

    def move(
        self: "Ticket",
        name: str,
        *,
        by: "Person",
        version: int,
        note: str = "",
        explained: Mapping[str, str] | None = None,
        way: str = CheckingWay.DOCUMENTS,
        ground: str = "",
        due_on: date | None = None,
    ) -> Transition:
        """Make one workflow move and record it.

        `explained` belongs to a submission: why an item of the checklist is not a plain yes;
        `way` to a review, `ground` and `due_on` to a reopening. In whose place a substitute
        reviews, nobody chooses: it follows from who they are. Raises TicketChanged if the ticket is
        no longer at `version`, MoveRefused (with the reason in Chinese) if the move is not open to
        this person or something that it needs is missing.
        """
        move, note, today = MOVES[name], note.strip(), timezone.localdate()
        with transaction.atomic(), because(by, f"{move.label}：{note}" if note else move.label):
            self.hold(version)
            if reason := workflow.refusal(name, self.standing_of(by)):
                raise MoveRefused(reason)
            if move.needs_note and not note:
                raise MoveRefused(f"请填写{move.note_label}。")
            if move.by_level and way not in CheckingWay.values:
                raise MoveRefused("请选择核查方式。")
            if move.needs_ground and ground not in ReopenGround.values:
                raise MoveRefused("请选择重启依据。")
            if move.needs_deadline and (due_on is None or due_on <= today):
                raise MoveRefused("请填写今天以后的新时限。")
            source = self.status
            duty = self.review_duty_of(by) if move.by_level else None
            acting_for = duty.person if duty and duty.person_id != by.pk else None
            self.status = move.target
            if move.by_level:
                self._say(note, move=move, by=by, acting_for=acting_for, way=way)
            self._follow(move, by=by, today=today, due_on=due_on)
            self.save()
            if name == "submit":
                self._hand_in(note, by=by, explained=explained or {})
            if name == "reopen":
                self._open_cycle(by=by, today=today, ground=ground, reason=note)
            record = self.transitions.create(
                ticket_version=self.version,
                move=name,
                source=source,
                target=move.target,
                by=by,
                acting_for=acting_for,
                note=note,
            )
            notices.tell_of_move(self, record)
            return record

    def said_before(self: "Ticket", name: str, ground: str = "") -> dict[str, str]:
        """What the form of a move begins with: for a new submission what the returned one said.

        The ticks are not carried over: what was found wanting is checked anew. A reopening upon a
        look back begins with what was found.
        """
        if name == "reopen" and ground == ReopenGround.LOOK_BACK:
            found = self.look_backs.exclude(result="").order_by("-pk").first()
            return {"note": found.note} if found else {}
        if name != "submit" or self.status not in workflow.IN_WORK:
            return {}
        sheet = self.signoffs.filter(cycle__closed_on=None).first()
        if sheet is None or sheet.by_import:
            return {}
        return {"note": sheet.result} | {
            f"why_{item}": why for item, why in sheet.explained.items()
        }

    def hand_in_claim(self: "Ticket", *, by: "Person") -> SignOff:
        """Make the sign-off sheet of what a bulletin calls done: nobody has checked it yet."""
        explained = dict.fromkeys(CheckItem.values, "通报称已完成，未逐项说明。")
        self._hand_in(self.claim_quote, by=by, explained=explained)
        return self.signoffs.first()

    # -- how they do it -------------------------------------------------------------------------

    def _follow(
        self: "Ticket", move: Move, *, by: "Person", today: date, due_on: date | None
    ) -> None:
        """Set the facts that follow from a move, beside the status."""
        levels = self.inspection.round.levels
        match move.name:
            case "claim":
                named = self.reporter.name if self.reporter else ""
                if self.reporter_id != by.pk:
                    self.record_change("填报人", named, by.name, by=by, why=move.label)
                self.reporter = by
            case "submit":
                self.review_role, self.submitted_on = levels[0], today
                if self.reporter_id is None:
                    self.record_change("填报人", "", by.name, by=by, why=move.label)
                    self.reporter = by
            case "return":
                self.review_role, self.submitted_on = "", None
            case "review":
                self.review_role = workflow.next_level(levels, self.review_role)
            case "close":
                self.review_role, self.closed_on = "", today
                cycle = self.cycles.get(closed_on=None)
                cycle.submitted_on, cycle.closed_on = self.submitted_on, today
                cycle.save()
            case "keep":
                self.long_term_on = today
            case "reopen":
                self.cycle_number += 1
                self.submitted_on = self.closed_on = self.long_term_on = None
                shown = [in_words(self._meta.get_field("due_on"), d) for d in (self.due_on, due_on)]
                self.record_change("整改时限", *shown, by=by, why=move.label)
                # A new cycle has a first deadline of its own.
                self.due_on = self.original_due_on = due_on
                self.due_basis = DueBasis.DECIDED

    def _say(
        self: "Ticket",
        text: str,
        *,
        move: Move,
        by: "Person",
        acting_for: "Person | None",
        way: str,
    ) -> None:
        """Put the opinion of this level on the sign-off sheet that waits for it."""
        sheet = self.signoffs.first()
        sheet.opinions.create(
            ticket_version=self.version,
            level=self.review_role,
            by=by,
            acting_for=acting_for,
            submitter_id=sheet.submitter_id,
            responsible_id=sheet.responsible_id,
            is_approval=move.name != "return",
            text=text,
            way=way,
        )

    def _hand_in(
        self: "Ticket", result: str, *, by: "Person", explained: Mapping[str, str]
    ) -> None:
        self.signoffs.create(
            ticket_version=self.version,
            cycle=self.cycles.get(closed_on=None),
            number=self.signoffs.count() + 1,
            submitter=by,
            responsible=self.person,
            result=result,
            explained={item: why.strip() for item, why in explained.items() if why.strip()},
            files=[
                file.as_filed() for file in self.evidence.not_withdrawn().order_by("-is_key", "pk")
            ],
        )

    def _open_cycle(self: "Ticket", *, by: "Person", today: date, ground: str, reason: str) -> None:
        self.cycles.create(
            number=self.cycle_number,
            opened_on=today,
            opened_by=by,
            ground=ground,
            reason=reason,
            due_on=self.due_on,
        )
