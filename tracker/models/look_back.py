"""回头看: a sample of closed tickets, drawn by lot, and what was found on each."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone

from tracker import policy
from tracker.choices import Kind, LookBackResult
from tracker.models.unit import Unit
from tracker.workflow import MoveRefused

if TYPE_CHECKING:
    from tracker.models.person import Person


def draw(keys: Iterable[int], size: int, seed: str) -> list[int]:
    """Draw so many of these keys: those whose digest with the seed comes first.

    Anybody with the seed and the list can repeat it by hand, on any machine.

    >>> draw([1, 2, 3, 4], 2, "2026")
    [1, 4]
    """

    def lot(key: int) -> str:
        return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()

    return sorted(keys, key=lot)[:size]


class LookBackQuerySet(models.QuerySet["LookBack"]):
    def visible_to(self, person: "Person") -> Self:
        """Those that hold a ticket which this person may look back at."""
        units = Unit.objects.subtree(*person.reach_for("look_back")).values("pk")
        items = LookBackItem.objects.filter(ticket__lead_unit__in=units)
        return self.filter(pk__in=items.values("look_back"))

    def for_list(self) -> Self:
        """Fetch in one query what a row of the list shows, the newest draw first."""
        results = {
            f"of_{result.value}": Count("items", filter=Q(items__result=result))
            for result in LookBackResult
        }
        counted = self.annotate(
            drawn=Count("items"), open=Count("items", filter=Q(items__result="")), **results
        )
        return counted.select_related("unit", "drawn_by").order_by("-pk")

    @transaction.atomic
    def draw(
        self,
        *,
        by: "Person",
        size: int,
        seed: str,
        unit: Unit | None = None,
        kind: str = "",
    ) -> "LookBack":
        """Draw a sample from the closed tickets for which this person may look back.

        The list that was drawn from is kept beside the seed. Raises MoveRefused if it is empty.
        """
        from tracker.models.ticket import Ticket

        tickets = Ticket.objects.closed().led_in_reach_of(by, "look_back")
        if unit:
            tickets = tickets.filter(lead_unit__in=Unit.objects.subtree(unit.path).values("pk"))
        if kind:
            tickets = tickets.filter(kind=kind)
        population = list(tickets.order_by("pk").values_list("pk", flat=True))
        if not population:
            raise MoveRefused("这个范围内没有已销号的问题可抽。")
        look_back = self.create(
            drawn_by=by, size=size, seed=seed, unit=unit, kind=kind, population=population
        )
        for place, key in enumerate(draw(population, size, seed), start=1):
            LookBackItem(look_back=look_back, ticket_id=key, place=place).save()
        return look_back


class LookBack(models.Model):
    """回头看: one draw. Append-only; the results are on its items."""

    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="牵头单位",
    )
    kind = models.CharField("整改类型", max_length=12, choices=Kind, blank=True)
    size = models.PositiveSmallIntegerField(
        "抽查数", validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    seed = models.CharField("随机种子", max_length=32)
    population = models.JSONField("抽取范围")
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="抽取人"
    )
    drawn_at = models.DateTimeField("抽取时间", auto_now_add=True)

    objects = LookBackQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "回头看"
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gte=1) & ~Q(seed=""),
                name="lookback_has_size_and_seed",
                violation_error_message="抽查数至少为1，种子不能为空。",
            )
        ]

    def __str__(self):
        return f"{timezone.localdate(self.drawn_at)}回头看"

    @property
    def scope(self) -> str:
        """What was drawn from, in words."""
        return "、".join([str(self.unit or "全部单位"), self.get_kind_display() or "全部类型"])

    def repeated(self) -> list[int]:
        """The same draw once more, from what is on record."""
        return draw(self.population, self.size, self.seed)


class LookBackItemQuerySet(models.QuerySet["LookBackItem"]):
    def in_reach_of(self, person: "Person") -> Self:
        """The drawn tickets of the units for which this person may look back."""
        from tracker.models.ticket import Ticket

        tickets = Ticket.objects.led_in_reach_of(person, "look_back")
        return self.filter(ticket__in=tickets.values("pk"))

    def told_to(self, person: "Person") -> Self:
        """What was found, and what waits to be looked at by this person's own office."""
        units = Unit.objects.subtree(*person.reach_for("look_back")).values("pk")
        return self.exclude(result="") | self.filter(ticket__lead_unit__in=units)

    def between(self, start: date, end: date) -> Self:
        """Those looked at between two days, or drawn then and waiting."""
        drawn = Q(look_back__drawn_at__date__range=(start, end), checked_on=None)
        return self.filter(Q(checked_on__range=(start, end)) | drawn).select_related("look_back")


class LookBackItem(models.Model):
    """One drawn ticket and what was found: set once, then never altered."""

    look_back = models.ForeignKey(
        LookBack, models.PROTECT, related_name="items", verbose_name="回头看"
    )
    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, related_name="look_backs", verbose_name="问题"
    )
    place = models.PositiveSmallIntegerField("顺序")
    result = models.CharField("结果", max_length=12, choices=LookBackResult, blank=True)
    note = models.TextField("情况", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="核查人",
    )
    checked_on = models.DateField("核查日期", null=True)
    # Where it stands in the ticket's story: the version it found, and when it was said.
    ticket_version = models.PositiveIntegerField("登记时版本", null=True, editable=False)
    at = models.DateTimeField("登记时间", null=True, editable=False)

    objects = LookBackItemQuerySet.as_manager()

    class Meta:
        ordering = ["look_back", "place"]
        verbose_name = verbose_name_plural = "回头看抽查"
        constraints = [
            models.UniqueConstraint(fields=["look_back", "ticket"], name="lookback_ticket_once"),
            models.CheckConstraint(
                condition=Q(result="", note="", by__isnull=True, checked_on__isnull=True)
                | (
                    Q(
                        result__in=LookBackResult.values,
                        by__isnull=False,
                        checked_on__isnull=False,
                    )
                    & ~Q(note="")
                ),
                name="lookback_result_is_whole",
                violation_error_message="回头看结果须写明情况。",
            ),
        ]

    def __str__(self):
        return f"{self.ticket}：{self.get_result_display() or '待核查'}"

    @property
    def day(self) -> date:
        """The day it was looked at; until then that of the lot."""
        return self.checked_on or timezone.localdate(self.look_back.drawn_at)

    def record(self, result: str, note: str, *, by: "Person") -> None:
        """Record what was found. Raises MoveRefused where it cannot be."""
        note = note.strip()
        with transaction.atomic():
            fresh = LookBackItem.objects.select_for_update(of=("self",)).get(pk=self.pk)
            if not policy.may(by.roles_on(self.ticket.lead_unit), "look_back"):
                raise MoveRefused("需要整改办、巡察办办理。")
            if fresh.result:
                raise MoveRefused("这个问题的回头看结果已经登记。")
            if result not in LookBackResult.values or not note:
                raise MoveRefused("请选择结果并写明情况。")
            self.result, self.note = result, note
            self.by, self.checked_on = by, timezone.localdate()
            self.ticket_version, self.at = self.ticket.version, timezone.now()
            self.save(update_fields=["result", "note", "by", "checked_on", "ticket_version", "at"])
