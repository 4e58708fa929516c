"""受阻、批示、催办: what people do about a ticket beside moving it, and the rows they leave."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from tracker import notices, supervision
from tracker.because import because
from tracker.choices import NoticeKind, ReplyKind, Status
from tracker.dates import zh_md
from tracker.models.of_ticket import OfTicketQuerySet
from tracker.models.unit import Unit
from tracker.workflow import MoveRefused
from tracker.worktime import WorkCalendar

if TYPE_CHECKING:
    from tracker.models.person import Person
    from tracker.models.ticket import Ticket


class CoordinationQuerySet(OfTicketQuerySet):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def ended(self) -> Self:
        return self.exclude(ended_at=None)

    def unanswered(self) -> Self:
        """Still open, and no leader has given an instruction on it."""
        return self.open().exclude(Exists(Instruction.objects.filter(coordination=OuterRef("pk"))))

    def for_list(self, on: date) -> Self:
        """Fetch in three queries all that the list of requests shows."""
        from tracker.models.ticket import Ticket

        tickets = Ticket.objects.select_related("lead_unit", "person", "leader", "inspection")
        return self.select_related("needs_unit", "by", "ended_by").prefetch_related(
            models.Prefetch("ticket", tickets.with_light(on)),
            models.Prefetch("instructions", Instruction.objects.for_page()),
        )


class Coordination(models.Model):
    """协调请求: one stretch of time in which others keep a ticket from going on.

    Opened by marking the ticket blocked, ended once by lifting the mark; nothing else of it ever
    changes. `Ticket.is_blocked` says whether one is open.
    """

    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, related_name="coordinations", verbose_name="问题"
    )
    ticket_version = models.PositiveIntegerField("标记后版本")
    reason = models.CharField("受阻原因", max_length=300)
    needs_unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="需协调单位",
    )
    needs_text = models.CharField("需协调的其他方面", max_length=100, blank=True)
    since_on = models.DateField("受阻自")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="标记人"
    )
    at = models.DateTimeField("标记时间", auto_now_add=True)
    ended_version = models.PositiveIntegerField("解除后版本", null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="解除人",
    )
    ended_at = models.DateTimeField("解除时间", null=True, editable=False)
    outcome = models.TextField("解除说明", blank=True)

    objects = CoordinationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "协调请求"
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(ended_at__isnull=True),
                name="coordination_one_open",
                violation_error_message="这个问题已经标记受阻。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="coordination_has_a_reason",
                violation_error_message="标记受阻必须写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(needs_unit__isnull=False) | ~Q(needs_text=""),
                name="coordination_names_who_acts",
                violation_error_message="请写明需要谁来办。",
            ),
            models.CheckConstraint(
                condition=Q(
                    ended_at__isnull=True,
                    ended_by__isnull=True,
                    ended_version__isnull=True,
                    outcome="",
                )
                | Q(ended_at__isnull=False, ended_by__isnull=False, ended_version__isnull=False)
                & ~Q(outcome=""),
                name="coordination_ends_as_a_whole",
                violation_error_message="解除受阻必须写明由谁、因何解除。",
            ),
        ]

    def __str__(self):
        return f"{self.needs}：{self.reason}"

    @property
    def needs(self) -> str:
        """Who must act, as the pages say it."""
        return "、".join(filter(None, (str(self.needs_unit or ""), self.needs_text)))

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class InstructionQuerySet(OfTicketQuerySet):
    def for_page(self) -> Self:
        """Fetch in two queries each instruction with its replies, the newest first."""
        replies = Reply.objects.select_related("by").order_by("pk")
        return self.select_related("by", "to").prefetch_related(models.Prefetch("replies", replies))

    def unanswered(self) -> Self:
        answers = Reply.objects.filter(instruction=OuterRef("pk"), kind=ReplyKind.ANSWERED)
        return self.exclude(Exists(answers))


class Instruction(models.Model):
    """批示: what a leader wants done about a ticket, by itself or upon a request. Append-only."""

    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, related_name="instructions", verbose_name="问题"
    )
    ticket_version = models.PositiveIntegerField("批示时版本")
    coordination = models.ForeignKey(
        Coordination,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="instructions",
        verbose_name="所答复的协调请求",
    )
    text = models.TextField("批示")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="交办给",
    )
    reply_due_on = models.DateField("回复期限", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="批示人"
    )
    at = models.DateTimeField("批示时间", auto_now_add=True)

    objects = InstructionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "批示"
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="instruction_has_text",
                violation_error_message="请填写批示。",
            )
        ]
        indexes = [models.Index(fields=["ticket", "-id"], name="instruction_latest_first")]

    def __str__(self):
        return self.text[:30]

    # The replies are prefetched wherever these are asked for.

    @property
    def received(self) -> "Reply | None":
        return next((reply for reply in self.replies.all()), None)

    @property
    def is_answered(self) -> bool:
        return any(reply.kind == ReplyKind.ANSWERED for reply in self.replies.all())


class Reply(models.Model):
    """批示的签收或回复: the unit has read an instruction, or says what came of it. Append-only."""

    instruction = models.ForeignKey(
        Instruction, models.PROTECT, related_name="replies", verbose_name="批示"
    )
    ticket_version = models.PositiveIntegerField("回复时版本")
    kind = models.CharField("类型", max_length=12, choices=ReplyKind)
    text = models.TextField("回复", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="回复人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "批示回复"
        constraints = [
            models.UniqueConstraint(
                fields=["instruction"],
                condition=Q(kind=ReplyKind.RECEIVED),
                name="reply_received_once",
                violation_error_message="这条批示已经签收。",
            ),
            models.CheckConstraint(
                condition=Q(kind=ReplyKind.RECEIVED, text="")
                | (Q(kind=ReplyKind.ANSWERED) & ~Q(text="")),
                name="reply_answer_has_text",
                violation_error_message="请填写回复。",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.text[:30]}".strip()


class Press(models.Model):
    """催办: a supervisor urges those who answer for a ticket, for the nth time. Append-only."""

    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, related_name="presses", verbose_name="问题"
    )
    ticket_version = models.PositiveIntegerField("催办时版本")
    number = models.PositiveSmallIntegerField("第几次")
    note = models.TextField("催办内容")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="催办人"
    )
    at = models.DateTimeField("催办时间", auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = verbose_name_plural = "催办"
        constraints = [
            # Its index also finds the last press of a ticket.
            models.UniqueConstraint(
                fields=["ticket", "number"],
                name="press_numbered_once",
                violation_error_message="这一次催办已经记录。",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1) & ~Q(note=""),
                name="press_has_number_and_note",
                violation_error_message="请填写催办内容。",
            ),
        ]

    def __str__(self):
        return f"第{self.number}次催办"


class SupervisedQuerySet(models.QuerySet):
    """What lists ask of tickets about the rows above; the base of `TicketQuerySet`."""

    def with_presses(self) -> Self:
        """Annotate `press_count` and `pressed_at` of the last press."""
        last = Press.objects.filter(ticket=OuterRef("pk")).order_by("-number")
        return self.annotate(
            press_count=Subquery(last.values("number")[:1]),
            pressed_at=Subquery(last.values("at")[:1]),
        )

    def asking_for_coordination(self) -> Self:
        """Blocked, and no leader has answered yet."""
        return self.filter(pk__in=Coordination.objects.unanswered().values("ticket"))

    def with_instruction_to_answer(self) -> Self:
        """Open tickets on which a leader's instruction has no answer yet."""
        waiting = Instruction.objects.unanswered().values("ticket")
        return self.exclude(status=Status.CLOSED).filter(pk__in=waiting)


class Supervised(models.Model):
    """The acts of supervision, which `Ticket` inherits.

    Each writes its row, and the notices of it, in one transaction, and raises MoveRefused with
    the reason in Chinese where it is not open. Only blocking changes the ticket itself and so its
    version: nobody who is typing a report loses it because a leader wrote a line meanwhile.
    """

    class Meta:
        abstract = True

    def block(
        self: "Ticket",
        *,
        by: "Person",
        reason: str,
        needs_unit: Unit | None = None,
        needs_text: str = "",
        since_on: date,
        version: int,
    ) -> Coordination:
        """Mark the ticket blocked and ask the leaders to coordinate."""
        reason, needs_text = reason.strip(), needs_text.strip()
        with transaction.atomic(), because(by, f"标记受阻：{reason}"):
            self.hold(version)
            refusal = supervision.block_refusal(self.standing_of(by), self.is_blocked)
            if refusal:
                raise MoveRefused(refusal)
            if not reason:
                raise MoveRefused("请填写受阻原因。")
            if not needs_unit and not needs_text:
                raise MoveRefused("请写明需要谁来办。")
            if since_on > timezone.localdate():
                raise MoveRefused("受阻的起始日期不能晚于今天。")
            self.is_blocked, self.blocked_reason = True, reason
            self.save()
            request = self.coordinations.create(
                ticket_version=self.version,
                reason=reason,
                needs_unit=needs_unit,
                needs_text=needs_text,
                since_on=since_on,
                by=by,
            )
            told = notices.coordinating(self)
            notices.tell(told, NoticeKind.BLOCKED, self, f"需{request.needs}：{reason}", by=by)
            return request

    def unblock(self: "Ticket", *, by: "Person", outcome: str, version: int) -> Coordination:
        """Lift the mark: the request ends with what came of it."""
        outcome = outcome.strip()
        with transaction.atomic(), because(by, f"解除受阻：{outcome}"):
            self.hold(version)
            refusal = supervision.unblock_refusal(self.standing_of(by), self.is_blocked)
            if refusal:
                raise MoveRefused(refusal)
            if not outcome:
                raise MoveRefused("请填写解除说明。")
            self.is_blocked, self.blocked_reason = False, ""
            self.save()
            request = self.coordinations.open().get()
            request.ended_by, request.ended_at = by, timezone.now()
            request.ended_version, request.outcome = self.version, outcome
            request.save()
            told = [*notices.answering_for(self), *notices.coordinating(self)]
            notices.tell(told, NoticeKind.UNBLOCKED, self, outcome, by=by)
            return request

    def pause_after(self: "Ticket", pressed_at: datetime, calendar: WorkCalendar) -> datetime:
        """When the pause after a press at this instant ends, in local time."""
        return self.inspection.round.pause.ends(timezone.localtime(pressed_at), calendar)

    def press_wait(self: "Ticket", calendar: WorkCalendar) -> str:
        """From when a ticket of `with_presses` may be pressed again; empty if it may be now."""
        if not self.pressed_at:
            return ""
        ends = self.pause_after(self.pressed_at, calendar)
        is_over = ends <= timezone.localtime()
        return "" if is_over else f"{zh_md(ends)} {ends:%H:%M}起可再催"

    def press_refusal(self: "Ticket", person: "Person", calendar: WorkCalendar) -> str:
        """Say why this person cannot press the ticket now; empty means they can."""
        last = self.presses.first()
        again_at = self.pause_after(last.at, calendar) if last else None
        return supervision.press_refusal(
            self.standing_of(person), again_at, now=timezone.localtime()
        )

    def press(self: "Ticket", *, by: "Person", note: str, calendar: WorkCalendar) -> Press:
        """Urge those who answer for the ticket; refused until the pause of the round has passed."""
        note = note.strip()
        with transaction.atomic():
            self.hold_newest()
            if refusal := self.press_refusal(by, calendar):
                raise MoveRefused(refusal)
            if not note:
                raise MoveRefused("请填写催办内容。")
            last = self.presses.first()
            press = self.presses.create(
                ticket_version=self.version,
                number=last.number + 1 if last else 1,
                note=note,
                by=by,
            )
            words = f"{note}（第{press.number}次）"
            notices.tell(notices.answering_for(self), NoticeKind.PRESSED, self, words, by=by)
            return press

    def instruct(
        self: "Ticket",
        *,
        by: "Person",
        text: str,
        to: "Person | None" = None,
        reply_due_on: date | None = None,
        upon: Coordination | None = None,
    ) -> Instruction:
        """Write a leader's instruction, `upon` a request for coordination or on its own."""
        text = text.strip()
        with transaction.atomic():
            self.hold_newest()
            if refusal := supervision.instruct_refusal(self.standing_of(by)):
                raise MoveRefused(refusal)
            if not text:
                raise MoveRefused("请填写批示。")
            if reply_due_on and reply_due_on < timezone.localdate():
                raise MoveRefused("回复期限不能早于今天。")
            # A second click sends the same words; a leader who repeats them on purpose presses.
            if self.instructions.unanswered().filter(by=by, text=text).exists():
                raise MoveRefused("您已经作过同样的批示，还没有回复。")
            instruction = self.instructions.create(
                ticket_version=self.version,
                coordination=upon,
                text=text,
                to=to,
                reply_due_on=reply_due_on,
                by=by,
            )
            told = [*notices.answering_for(self), to]
            notices.tell(told, NoticeKind.INSTRUCTED, self, text, by=by)
            return instruction

    def answer(self: "Ticket", instruction: Instruction, *, by: "Person", text: str) -> Reply:
        """Answer an instruction, or without text say that it was read; its author is told."""
        text = text.strip()
        with transaction.atomic():
            self.hold_newest()
            if refusal := self.answer_refusal(instruction, by):
                raise MoveRefused(refusal)
            if not text and instruction.replies.exists():
                raise MoveRefused("这条批示已经签收。")
            kind = ReplyKind.ANSWERED if text else ReplyKind.RECEIVED
            reply = instruction.replies.create(
                ticket_version=self.version, kind=kind, text=text, by=by
            )
            words = f"{kind.label}“{instruction.text}”" + (f"：{text}" if text else "")
            notices.tell([instruction.by], NoticeKind.ANSWERED, self, words, by=by)
            return reply

    def answer_refusal(self: "Ticket", instruction: Instruction, person: "Person") -> str:
        """Say why this person cannot answer this instruction now; empty means they can."""
        is_addressee = instruction.to_id == person.pk
        return supervision.answer_refusal(self.standing_of(person), is_addressee=is_addressee)
