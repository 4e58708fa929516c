from collections.abc import Collection, Iterable
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from tracker import notices
from tracker.because import because
from tracker.choices import AuditKind, HandoverStatus, ItemOutcome, Part
from tracker.models.in_hand import Duty, cannot_take, open_duties, part_label
from tracker.models.measure import Measure
from tracker.models.person import Person
from tracker.models.unit import Unit
from tracker.workflow import MoveRefused

if TYPE_CHECKING:
    from tracker.models.ticket import Ticket


class HandoverQuerySet(models.QuerySet["Handover"]):
    def waiting(self) -> Self:
        return self.filter(status=HandoverStatus.WAITING)

    def visible_to(self, person: Person) -> Self:
        """Those of which the person is giver, receiver or starter, and those of their office."""
        units = Unit.objects.subtree(*person.reach_for("hand_over")).values("pk")
        items = HandoverItem.objects.filter(ticket__lead_unit__in=units).values("handover")
        return self.filter(
            Q(giver=person) | Q(receiver=person) | Q(started_by=person) | Q(pk__in=items)
        )

    def awaiting(self, person: Person) -> Self:
        """Those that wait for this person's own confirmation."""
        return self.waiting().filter(
            Q(giver=person, giver_confirmed_at=None)
            | Q(receiver=person, receiver_confirmed_at=None)
        )

    def for_list(self) -> Self:
        return (
            self.select_related(
                "giver", "receiver", "started_by", "giver_confirmed_by", "cancelled_by"
            )
            .annotate(
                item_count=Count("items"),
                moved_count=Count("items", filter=Q(items__outcome=ItemOutcome.MOVED)),
            )
            .order_by("-pk")
        )

    def start(
        self,
        duties: Iterable[Duty],
        *,
        giver: Person,
        receiver: Person,
        reason: str,
        by: Person,
    ) -> "Handover":
        """Propose that these duties move to another person.

        Who hands over their own confirms by starting it. Raises MoveRefused, in Chinese.
        """
        duties, reason = list(duties), reason.strip()
        if receiver.pk == giver.pk:
            raise MoveRefused("接收人不能是移交人本人。")
        if not reason:
            raise MoveRefused("请写明交接原因。")
        if not duties:
            raise MoveRefused("请至少选一项移交。")
        refused = [
            f"{duty.ticket.number}：{why}"
            for duty in duties
            if (why := cannot_take(receiver, duty.ticket, duty.part, duty.measure))
        ]
        if refused:
            raise MoveRefused(f"有{len(refused)}项不能交给{receiver}。" + "；".join(refused[:5]))
        with transaction.atomic():
            # The lock lets only one of two at once list the same duties.
            Person.objects.select_for_update().get(pk=giver.pk)
            still = {duty.key for duty in open_duties(giver, by)}
            if any(duty.key not in still for duty in duties):
                raise MoveRefused("所选事项刚被他人处理，请核对后再提交。")
            waiting = HandoverItem.objects.filter(
                outcome="", ticket__in=[duty.ticket for duty in duties]
            ).select_related("ticket", "measure")
            taken = {Duty(item.ticket, Part(item.part), item.measure).key for item in waiting}
            if twice := [duty for duty in duties if duty.key in taken]:
                numbers = "、".join(dict.fromkeys(duty.ticket.number for duty in twice))
                raise MoveRefused(f"{numbers}已在另一份待确认的交接单中。")
            handover = self.create(giver=giver, receiver=receiver, started_by=by, reason=reason)
            listed = []
            for duty in duties:
                listed.append(f"{duty.ticket.number} {duty.label}")
                HandoverItem(
                    handover=handover, ticket=duty.ticket, part=duty.part, measure=duty.measure
                ).save()
            if by.pk == giver.pk:
                handover.confirm_giving(by=by)
            words = f"{giver}的{len(duties)}项在办事项移交{receiver}，待确认：{reason}"
            notices.tell_of_handover(handover, by, words)
            handover._tell(by, f"发起交接：{reason}", after={"事项": listed})
            return handover


class Handover(models.Model):
    """责任交接: what one person had in hand moves to another, once both have confirmed."""

    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="handovers_given",
        verbose_name="移交人",
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="handovers_received",
        verbose_name="接收人",
    )
    reason = models.CharField("交接原因", max_length=200)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人"
    )
    started_at = models.DateTimeField("发起时间", auto_now_add=True)
    status = models.CharField(
        "状态", max_length=10, choices=HandoverStatus, default=HandoverStatus.WAITING
    )
    giver_confirmed_at = models.DateTimeField("移交确认时间", null=True, blank=True)
    giver_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="移交确认人",
    )
    giver_reason = models.CharField("代为确认的原因", max_length=200, blank=True)
    receiver_confirmed_at = models.DateTimeField("接收确认时间", null=True, blank=True)
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取消人",
    )
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "责任交接"
        constraints = [
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")),
                name="handover_between_two",
                violation_error_message="接收人不能是移交人本人。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="handover_has_a_reason",
                violation_error_message="请写明交接原因。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=HandoverStatus.values),
                name="handover_status_is_known",
                violation_error_message="没有这种状态。",
            ),
            models.CheckConstraint(
                condition=~Q(status=HandoverStatus.DONE)
                | Q(giver_confirmed_at__isnull=False, receiver_confirmed_at__isnull=False),
                name="handover_done_by_both",
                violation_error_message="双方都确认后才能交接。",
            ),
            models.CheckConstraint(
                condition=Q(giver_confirmed_at__isnull=True, giver_confirmed_by__isnull=True)
                | Q(giver_confirmed_at__isnull=False, giver_confirmed_by__isnull=False),
                name="handover_given_by_someone",
                violation_error_message="移交确认必须记下确认人。",
            ),
            models.CheckConstraint(
                condition=Q(giver_confirmed_by__isnull=True) | ~Q(giver_confirmed_by=F("receiver")),
                name="handover_not_both_by_one",
                violation_error_message="接收人不能代移交人确认。",
            ),
            models.CheckConstraint(
                condition=Q(giver_confirmed_by__isnull=True)
                | Q(giver_confirmed_by=F("giver"))
                | ~Q(giver_reason=""),
                name="handover_for_giver_says_why",
                violation_error_message="代移交人确认必须写明原因。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=HandoverStatus.CANCELLED, cancelled_by__isnull=False)
                    & ~Q(cancel_reason="")
                )
                | (
                    ~Q(status=HandoverStatus.CANCELLED)
                    & Q(cancelled_by__isnull=True, cancel_reason="")
                ),
                name="handover_cancelled_with_reason",
                violation_error_message="取消交接必须记下由谁、为何取消。",
            ),
            models.CheckConstraint(
                condition=Q(status=HandoverStatus.WAITING, ended_at__isnull=True)
                | (~Q(status=HandoverStatus.WAITING) & Q(ended_at__isnull=False)),
                name="handover_ended_iff_settled",
                violation_error_message="已交接、已取消的要有办结时间，待确认的不能有。",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.giver}交{self.receiver}"

    @property
    def number(self) -> str:
        """The number of the sheet; the key, so it is never given twice."""
        return f"交接{timezone.localtime(self.started_at).year}-{self.pk:03d}"

    @property
    def is_waiting(self) -> bool:
        return self.status == HandoverStatus.WAITING

    @property
    def is_done(self) -> bool:
        return self.status == HandoverStatus.DONE

    @property
    def was_confirmed_for_giver(self) -> bool:
        return self.giver_confirmed_by_id not in (None, self.giver_id)

    @property
    def waits_for_words(self) -> str:
        """Who has not confirmed yet: 移交人梁文、接收人莫志."""
        waits = []
        if self.is_waiting and not self.giver_confirmed_at:
            waits.append(f"移交人{self.giver}")
        if self.is_waiting and not self.receiver_confirmed_at:
            waits.append(f"接收人{self.receiver}")
        return "、".join(waits)

    @property
    def outcome_words(self) -> str:
        """What a confirmation brought about, as the person who gave it is told."""
        if not self.is_done:
            return f"已确认，等待{self.waits_for_words}确认。"
        outcomes = [item.outcome for item in self.items.all()]
        left_out = outcomes.count(ItemOutcome.LEFT_OUT)
        words = f"双方已确认，移交{outcomes.count(ItemOutcome.MOVED)}项"
        return f"{words}，{left_out}项期间有变化，没有移交。" if left_out else f"{words}。"

    def rows(self) -> list[tuple["Ticket", list["HandoverItem"]]]:
        """The items ticket by ticket, in the order of the board (one query)."""
        items = self.items.select_related("ticket__inspection", "ticket__lead_unit", "measure")
        items = items.order_by("ticket__inspection", "ticket__order", "ticket", "pk")
        return [(ticket, list(group)) for ticket, group in groupby(items, key=attrgetter("ticket"))]

    def taken_whole(self, rows: Iterable[tuple["Ticket", list["HandoverItem"]]]) -> list["Ticket"]:
        """The tickets of which the receiver would be 责任人 and 填报人 at once, and submit none."""

        def holder(ticket, items, part):
            return (
                self.receiver_id
                if any(item.part == part for item in items)
                else getattr(ticket, f"{part.value}_id")
            )

        return [
            ticket
            for ticket, items in rows
            if all(
                holder(ticket, items, part) == self.receiver_id
                for part in (Part.PERSON, Part.REPORTER)
            )
        ]

    # -- who may do what --------------------------------------------------------------------

    def is_of_office(self, person: Person) -> bool:
        """Whether this person's office answers for every ticket on the sheet (two queries)."""
        units = Unit.objects.subtree(*person.reach_for("hand_over")).values("pk")
        return not self.items.exclude(ticket__lead_unit__in=units).exists()

    def giver_has_left(self) -> bool:
        """Whether the giver can work on nothing on the sheet any more, as `leavers` has it."""
        reach = tuple(duty.unit.path for duty in self.giver.duties)
        path = Coalesce("measure__unit__path", "ticket__lead_unit__path")
        paths = self.items.values_list(path, flat=True)
        return not self.giver.is_active or not any(each.startswith(reach) for each in paths)

    def giving_refusal(self, person: Person) -> str:
        """Say why this person cannot confirm for the giver; empty means they can."""
        if not self.is_waiting or self.giver_confirmed_at:
            return "这份交接单不等待移交人确认。"
        if person.pk == self.giver_id:
            return ""
        if person.pk == self.receiver_id:
            return "接收人不能代移交人确认。"
        if not self.is_of_office(person):
            return "由移交人本人确认；本人已离岗的，由整改办代为确认。"
        if not self.giver_has_left():
            return (
                "移交人仍在岗，由本人确认。已离岗的，先请系统管理员停用账号或安全管理员收回角色。"
            )
        return ""

    def taking_refusal(self, person: Person) -> str:
        """Say why this person cannot confirm as the receiver; empty means they can."""
        if not self.is_waiting or self.receiver_confirmed_at:
            return "这份交接单不等待接收人确认。"
        return "" if person.pk == self.receiver_id else "由接收人本人确认。"

    def cancel_refusal(self, person: Person) -> str:
        if not self.is_waiting:
            return f"这份交接单{self.get_status_display()}，不能取消。"
        if person.pk in (self.giver_id, self.receiver_id, self.started_by_id):
            return ""
        return "" if self.is_of_office(person) else "由移交人、接收人或整改办取消。"

    # -- the ways in which it changes -------------------------------------------------------

    def confirm_giving(self, *, by: Person, reason: str = "") -> None:
        """Confirm as the giver, or as the office for one who has left, with the reason."""
        reason = reason.strip()
        with transaction.atomic():
            self._lock()
            if refusal := self.giving_refusal(by):
                raise MoveRefused(refusal)
            if by.pk != self.giver_id and not reason:
                raise MoveRefused("代移交人确认必须写明原因。")
            self.giver_confirmed_at, self.giver_confirmed_by = timezone.now(), by
            self.giver_reason = "" if by.pk == self.giver_id else reason
            self._finish_if_both(by)
            self._tell(
                by, self.giver_reason or "确认移交", after={"状态": self.get_status_display()}
            )

    def confirm_taking(self, *, by: Person) -> None:
        with transaction.atomic():
            self._lock()
            if refusal := self.taking_refusal(by):
                raise MoveRefused(refusal)
            self.receiver_confirmed_at = timezone.now()
            self._finish_if_both(by)
            self._tell(by, "确认接收", after={"状态": self.get_status_display()})

    def cancel(self, *, by: Person, reason: str) -> None:
        """End it without moving anything: the receiver declines, or it was a mistake."""
        with transaction.atomic():
            self._lock()
            if refusal := self.cancel_refusal(by):
                raise MoveRefused(refusal)
            if not (reason := reason.strip()):
                raise MoveRefused("请写明原因。")
            self.status = HandoverStatus.CANCELLED
            self.ended_at, self.cancelled_by, self.cancel_reason = timezone.now(), by, reason
            self.save()
            for item in self.items.all():
                item.outcome = ItemOutcome.CANCELLED
                item.save()
            words = f"{self.giver}移交{self.receiver}的交接已取消：{reason}"
            notices.tell_of_handover(self, by, words)
            self._tell(by, f"取消交接：{reason}")

    def _tell(self, by: Person, reason: str, **values) -> None:
        from tracker import audit

        audit.record(by, AuditKind.DUTY, self, reason=reason, **values)

    def _lock(self) -> None:
        fresh = Handover.objects.select_for_update(of=("self",)).get(pk=self.pk)
        self.__dict__.update(
            {f.attname: getattr(fresh, f.attname) for f in self._meta.concrete_fields}
        )

    def _finish_if_both(self, by: Person) -> None:
        """Move every item that still stands as it was listed; leave out the others with why."""
        if not (self.giver_confirmed_at and self.receiver_confirmed_at):
            self.save()
            return
        from tracker.models.ticket import Ticket

        self.status, self.ended_at = HandoverStatus.DONE, timezone.now()
        self.save()
        items: dict[int, list[HandoverItem]] = {}
        for item in self.items.select_related("measure__unit", "measure__person").order_by(
            "ticket_id", "pk"
        ):
            items.setdefault(item.ticket_id, []).append(item)
        # By key, so that two hand-overs at once take their locks in one order.
        tickets = Ticket.objects.select_for_update(of=("self",)).select_related(
            "lead_unit", "leader", "person", "reporter"
        )
        for ticket in tickets.filter(pk__in=items).order_by("pk"):
            self._move_parts(ticket, items[ticket.pk], by)
        notices.tell_of_handover(self, by, f"{self.giver}移交{self.receiver}：{self.outcome_words}")

    def _move_parts(self, ticket: "Ticket", items: Collection["HandoverItem"], by: Person) -> None:
        moved = []
        for item in items:
            item.why = self._left_out(ticket, item)
            item.outcome = ItemOutcome.LEFT_OUT if item.why else ItemOutcome.MOVED
            if not item.why:
                moved.append(item)
            item.save(update_fields=["outcome", "why"])
        if moved:
            why = f"责任交接（{self.number}）：{self.reason}"
            self._hand(ticket, moved, by, why)

    def _hand(
        self, ticket: "Ticket", moved: Collection["HandoverItem"], by: Person, why: str
    ) -> None:
        with because(by, why):
            ticket.hold(ticket.version)
            for item in moved:
                ticket.record_change(
                    item.label, self.giver.name, self.receiver.name, by=by, why=why
                )
                if item.measure:
                    item.measure.person = self.receiver
                    item.measure.save(update_fields=["person"])
                else:
                    setattr(ticket, item.part, self.receiver)
            ticket.save()

    def _left_out(self, ticket: "Ticket", item: "HandoverItem") -> str:
        if not ticket.is_open:
            return "已销号，不再移交"
        if item.measure and (item.measure.done_on or item.measure.dropped_on):
            return f"{item.measure.label}{'已完成' if item.measure.done_on else '已撤下'}，不再移交"
        holder = item.measure.person if item.measure else getattr(ticket, item.part)
        if holder is None or holder.pk != self.giver_id:
            return f"{item.label}已改为{holder or '未定'}，不再移交"
        return cannot_take(self.receiver, ticket, Part(item.part), item.measure)


class HandoverItem(models.Model):
    """One part in one ticket, or in a measure of it, on a sheet, and what became of it."""

    handover = models.ForeignKey(
        Handover, models.PROTECT, related_name="items", verbose_name="交接单"
    )
    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, related_name="handover_items", verbose_name="问题"
    )
    part = models.CharField("身份", max_length=10, choices=Part)
    measure = models.ForeignKey(
        Measure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="措施",
    )
    outcome = models.CharField("结果", max_length=10, choices=ItemOutcome, blank=True)
    why = models.CharField("原因", max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "交接事项"
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "ticket", "part"],
                condition=Q(measure=None),
                name="handover_item_once",
                violation_error_message="同一事项在一份交接单中只能列一次。",
            ),
            models.UniqueConstraint(
                fields=["ticket", "part"],
                condition=Q(outcome="", measure=None),
                name="handover_item_waits_once",
                violation_error_message="这一事项已在另一份待确认的交接单中。",
            ),
            models.UniqueConstraint(
                fields=["handover", "measure"],
                name="handover_measure_once",
                violation_error_message="同一措施在一份交接单中只能列一次。",
            ),
            models.UniqueConstraint(
                fields=["measure"],
                condition=Q(outcome=""),
                name="handover_measure_waits_once",
                violation_error_message="这条措施已在另一份待确认的交接单中。",
            ),
            models.CheckConstraint(
                condition=Q(part=Part.MEASURE, measure__isnull=False)
                | (~Q(part=Part.MEASURE) & Q(measure__isnull=True)),
                name="handover_item_names_measure",
                violation_error_message="措施的交接事项必须写明哪条措施，其他的不能有。",
            ),
            models.CheckConstraint(
                condition=Q(part__in=Part.values),
                name="handover_item_part_is_known",
                violation_error_message="没有这种身份。",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=ItemOutcome.LEFT_OUT) | ~Q(why=""),
                name="handover_item_left_out_why",
                violation_error_message="未移交的事项必须写明原因。",
            ),
        ]

    def __str__(self):
        return f"{self.ticket.number} {self.label}"

    @property
    def label(self) -> str:
        return part_label(Part(self.part), self.measure)
