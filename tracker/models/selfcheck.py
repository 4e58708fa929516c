"""举一反三: problems found besides the feedback, and one problem sent to others for self-check."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from tracker import notices, policy
from tracker.choices import CheckAnswer, DueBasis, Kind, NoticeKind, Origin, Role, Status
from tracker.models.ticket import Ticket
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.models.transition import Transition
from tracker.models.unit import Unit
from tracker.workflow import FOUND, MoveRefused

if TYPE_CHECKING:
    from tracker.models.person import Person

# The letter of each series of numbers besides that of the feedback: 2026-01-Z003.
SERIES = {Origin.SELF: "Z", Origin.SIMILAR: "J", Origin.TRANSFERRED: "Y"}


class SelfCheckQuerySet(models.QuerySet["SelfCheck"]):
    def waiting(self) -> Self:
        return self.filter(answer=CheckAnswer.WAITING)

    def visible_to(self, person: "Person") -> Self:
        """Those of the units in reach, and those of the tickets in sight."""
        return self.filter(
            Q(unit__in=person.units_in_reach)
            | Q(ticket__in=Ticket.objects.visible_to(person).values("pk"))
        )

    def to_answer_by(self, person: "Person") -> Self:
        """Those that wait for this person's answer."""
        units = Unit.objects.subtree(*person.reach_for("answer_check"))
        return self.waiting().filter(unit__in=units.values("pk"))


class SelfCheck(models.Model):
    """发送自查: one problem put to one other unit, with its answer. Neither can be altered.

    The unit need not see the ticket: `words` say what it is to look for.
    """

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="self_checks", verbose_name="问题"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="self_checks", verbose_name="自查单位"
    )
    words = models.TextField("自查什么")
    due_on = models.DateField("答复时限")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发送人"
    )
    sent_at = models.DateTimeField("发送时间", auto_now_add=True)
    answer = models.CharField(
        "答复",
        max_length=8,
        choices=CheckAnswer,
        default=CheckAnswer.WAITING,
        blank=True,
        editable=False,
    )
    statement = models.TextField("自查情况", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="答复人",
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True, editable=False)
    found = models.OneToOneField(
        Ticket,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="answers",
        verbose_name="自查出的问题",
    )

    objects = SelfCheckQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = verbose_name_plural = "自查"
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "unit"],
                name="selfcheck_once_per_unit",
                violation_error_message="这个问题已经发给该单位自查。",
            ),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="selfcheck_says_what",
                violation_error_message="请写明自查什么。",
            ),
            models.CheckConstraint(
                condition=Q(
                    answer=CheckAnswer.WAITING,
                    answered_by__isnull=True,
                    answered_at__isnull=True,
                    found__isnull=True,
                )
                | (
                    Q(
                        answer=CheckAnswer.NONE,
                        answered_by__isnull=False,
                        answered_at__isnull=False,
                        found__isnull=True,
                    )
                    & ~Q(statement="")
                )
                | Q(
                    answer=CheckAnswer.FOUND,
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                    found__isnull=False,
                ),
                name="selfcheck_answer_is_whole",
                violation_error_message="答复无此类问题要写明自查情况；存在此类问题要登记问题。",
            ),
        ]

    def __str__(self):
        return f"{self.unit}自查“{self.ticket.title}”"

    @property
    def is_waiting(self) -> bool:
        return self.answer == CheckAnswer.WAITING

    def is_late(self, on: date) -> bool:
        return self.is_waiting and self.due_on < on

    def answer_refusal(self, person: "Person") -> str:
        """Say why this person cannot answer; empty means they can."""
        if not policy.may(person.roles_on(self.unit), "answer_check"):
            return f"由{self.unit}的承办人、部门负责人或整改办答复。"
        return "" if self.is_waiting else "已经答复。"

    def answer_none(self, *, by: "Person", statement: str) -> None:
        """Answer 无此类问题, with what was looked at."""
        statement = statement.strip()
        with transaction.atomic():
            self._take(by)
            if not statement:
                raise MoveRefused("请写明查了什么、怎么查的。")
            self._settle(CheckAnswer.NONE, by, statement)

    def answer_found(self, *, by: "Person", statement: str = "", **facts) -> Ticket:
        """Answer with a ticket of its own; `facts` are those of `open_found`."""
        with transaction.atomic():
            self._take(by)
            self.found = open_found(
                self.ticket, by=by, origin=Origin.SIMILAR, lead_unit=self.unit, **facts
            )
            self._settle(CheckAnswer.FOUND, by, statement.strip())
        return self.found

    def _take(self, by: "Person") -> None:
        """Lock and reload: of two answers at once the second is refused."""
        SelfCheck.objects.select_for_update(of=("self",)).get(pk=self.pk)
        self.refresh_from_db()
        if reason := self.answer_refusal(by):
            raise MoveRefused(reason)

    def _settle(self, answer: CheckAnswer, by: "Person", statement: str) -> None:
        self.answer, self.statement = answer, statement
        self.answered_by, self.answered_at = by, timezone.now()
        self.save()


def send_refusal(ticket: Ticket, person: "Person") -> str:
    """Say why this person cannot send the problem to other units; empty means they can."""
    if policy.may(person.roles_on(ticket.lead_unit), "send_check"):
        return ""
    return "由整改办或巡察办发送自查。"


def units_to_ask(ticket: Ticket, person: "Person") -> models.QuerySet[Unit]:
    """The units to which this person may send the ticket and which have not got it yet."""
    within = Unit.objects.subtree(*person.reach_for("send_check"))
    return within.exclude(pk=ticket.lead_unit_id).exclude(pk__in=ticket.self_checks.values("unit"))


def send(
    ticket: Ticket, units: Iterable[Unit], *, by: "Person", words: str, due_on: date
) -> list[SelfCheck]:
    """Send one problem to other units, all or nothing."""
    if reason := send_refusal(ticket, by):
        raise MoveRefused(reason)
    units, words = list(units), words.strip()
    if not words:
        raise MoveRefused("请写明自查什么。")
    if due_on < timezone.localdate():
        raise MoveRefused("答复时限不能早于今天。")
    with transaction.atomic():
        offered = set(units_to_ask(ticket, by).filter(pk__in=[unit.pk for unit in units]))
        if left := [unit for unit in units if unit not in offered]:
            raise MoveRefused(
                f"不能发给{'、'.join(map(str, left))}：已经发过，或者不在您的范围内。"
            )
        sent = [
            SelfCheck.objects.create(
                ticket=ticket, unit=unit, words=words, due_on=due_on, sent_by=by
            )
            for unit in units
        ]
        for check in sent:
            page = reverse("tracker:self-check", args=[check.pk])
            told = [
                person
                for role in policy.ALLOWED["answer_check"]
                for person in notices.holding(role, check.unit)
            ]
            notices.tell(told, NoticeKind.OTHER, None, f"请自查：{words}", by=by, link=page)
        return sent


def recurrence_refusal(ticket: Ticket, person: "Person") -> str:
    """Say why this person cannot say which earlier problem comes back; empty means they can."""
    may = policy.may(person.roles_on(ticket.lead_unit), "mark_recurrence")
    return "" if may else "由整改办或巡察办认定。"


def earlier_problems(ticket: Ticket, person: "Person") -> TicketQuerySet:
    """What was fed back before this ticket, as far as this person sees it."""
    seen = Ticket.objects.visible_to(person)
    return seen.filter(inspection__feedback_on__lt=ticket.inspection.feedback_on)


def mark_recurrence(
    ticket: Ticket, earlier: Ticket | None, *, by: "Person", why: str, version: int
) -> None:
    """Say which earlier problem this one repeats (屡改屡犯); None takes that back.

    Raises TicketChanged or MoveRefused as `amend` does.
    """
    if refusal := recurrence_refusal(ticket, by):
        raise MoveRefused(refusal)
    ticket.amend({"recurs": earlier}, by=by, why=why, version=version)


def find_refusal(ticket: Ticket, person: "Person") -> str:
    """Say why this person cannot register what they found by this ticket; empty means they can."""
    return "" if origins_open_to(person) else "由承办人、部门负责人、整改办或巡察办登记。"


def origins_open_to(person: "Person") -> list[Origin]:
    """How a problem that this person registers can have come up.

    Units find; who may say which unit leads (整改办、巡察办) may hand a problem over to one.
    """
    found = [Origin.SIMILAR, Origin.SELF] if person.reach_for("self_found") else []
    return [*found, *([Origin.TRANSFERRED] if person.reach_for("allot") else [])]


def open_found(
    parent: Ticket,
    *,
    by: "Person",
    origin: str,
    title: str,
    problem: str,
    lead_unit: Unit,
    due_on: date,
    kind: str = Kind.TIME_LIMITED,
    leader: "Person | None" = None,
) -> Ticket:
    """Register a problem that was found by way of `parent`; nobody has claimed it yet.

    One that a supervisor hands over (移交) is told to the unit that is to put it right. It belongs
    to the inspection that led to it, with a number of its own series, and stands behind its
    parent. Its words are locked like printed ones.
    """
    if origin == Origin.FEEDBACK:
        raise ValueError(f"not found beside the feedback: {origin}")
    is_transfer = origin == Origin.TRANSFERRED
    if not policy.may(by.roles_on(lead_unit), "allot" if is_transfer else "self_found"):
        words = f"把问题移交{lead_unit}" if is_transfer else f"为{lead_unit}登记问题"
        raise MoveRefused(f"您不能{words}。")
    with transaction.atomic():
        serial = parent.inspection.take_found_serial()
        ticket = Ticket(
            inspection=parent.inspection,
            origin=origin,
            parent=parent,
            found_by=by,
            category=parent.category,
            serial=serial,
            number=f"{parent.inspection.code}-{SERIES[Origin(origin)]}{serial:03d}",
            order=parent.order,
            title=title.strip(),
            problem=problem.strip(),
            lead_unit=lead_unit,
            leader=leader,
            kind=kind,
            due_on=due_on,
            original_due_on=due_on,
            due_basis=DueBasis.DECIDED,
            status=Status.UNCLAIMED,
        )
        ticket.full_clean(validate_unique=False)
        ticket.save(force_insert=True)
        Transition.objects.create(
            ticket=ticket, ticket_version=ticket.version, move=FOUND, target=ticket.status, by=by
        )
        if is_transfer:
            told = [
                person
                for role in (Role.STAFF, Role.HEAD)
                for person in notices.holding(role, lead_unit)
            ]
            notices.tell(told, NoticeKind.OTHER, ticket, f"移交问题：{ticket.title}", by=by)
    return ticket
