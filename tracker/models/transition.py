from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Concat

from tracker.choices import Status
from tracker.dates import zh_date
from tracker.models.person import signature
from tracker.workflow import MOVE_LABELS, SUBMITTING


class TransitionQuerySet(models.QuerySet["Transition"]):
    def submissions(self) -> Self:
        """Those that put a ticket before its first reviewer; an import may be one."""
        return self.filter(target=Status.SUBMITTED, move__in=SUBMITTING)


# `Transition.signed_by` said in SQL.
SIGNED_BY = Case(
    When(acting_for=None, then=F("by__name")),
    default=Concat("by__name", Value("（代"), "acting_for__name", Value("）")),
    output_field=models.CharField(),
)


class Transition(models.Model):
    """流转: who moved a ticket, when, from where to where, and why. Append-only."""

    ticket = models.ForeignKey(
        "tracker.Ticket",
        models.PROTECT,
        related_name="transitions",
        verbose_name="问题",
    )
    ticket_version = models.PositiveIntegerField("办理后版本")
    move = models.CharField("办理", max_length=12, choices=MOVE_LABELS)
    source = models.CharField("原状态", max_length=12, choices=Status, blank=True)
    target = models.CharField("新状态", max_length=12, choices=Status)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="办理人",
    )
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代",
        help_text="以代理人身份办理时，被代理的人。",
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    note = models.TextField("意见", blank=True)

    objects = TransitionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "流转"
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "ticket_version"], name="transition_once_per_version"
            ),
            models.CheckConstraint(
                condition=Q(target__in=Status.values), name="transition_target_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(move="return") | ~Q(note=""),
                name="transition_return_has_a_note",
                violation_error_message="退回必须写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(acting_for__isnull=True) | ~Q(acting_for=F("by")),
                name="transition_acts_for_another",
                violation_error_message="不能代自己办理。",
            ),
        ]
        indexes = [
            models.Index(fields=["ticket", "-id"], name="transition_latest_first"),
            # For 久未更新 and what is new: which tickets moved since a day.
            models.Index(fields=["at", "target", "ticket"], name="transition_moved_since"),
        ]

    def __str__(self):
        return f"{self.get_move_display()} {self.at:%Y-%m-%d}"

    @property
    def signed_by(self) -> str:
        """Who did it, and in whose place."""
        return signature(self.by, self.acting_for)


def in_words(field: models.Field, value: Any) -> str:
    """A value as the change history prints it."""
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return zh_date(value)
    return str(value)


class Change(models.Model):
    """变更: one fact of a ticket that was altered, with both values and the reason. Append-only."""

    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, related_name="changes", verbose_name="问题"
    )
    ticket_version = models.PositiveIntegerField("变更后版本")
    field = models.CharField("项目", max_length=50)
    old = models.TextField("原值", blank=True)
    new = models.TextField("现值", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="变更人",
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    why = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "变更"
        indexes = [models.Index(fields=["ticket", "-id"], name="change_latest_first")]

    def __str__(self):
        return f"{self.field}：{self.old} → {self.new}"
