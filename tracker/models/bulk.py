"""批量办理: what was done to many tickets at once, row by row."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q

from tracker.choices import BulkKind

if TYPE_CHECKING:
    from tracker.models.person import Person


class BulkQuerySet(models.QuerySet["Bulk"]):
    def visible_to(self, person: "Person") -> Self:
        """Those that this person did: the rows of others may be out of the reader's reach."""
        return self.filter(by=person)

    def with_counts(self) -> Self:
        return self.annotate(
            done_count=Count("rows", filter=Q(rows__refusal="")),
            refused_count=Count("rows", filter=~Q(rows__refusal="")),
        )


class Bulk(models.Model):
    """One act on many tickets. Append-only; each ticket's own record stands with the ticket."""

    kind = models.CharField("办理", max_length=12, choices=BulkKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    words = models.TextField("内容")
    request_id = models.CharField("请求号", max_length=32, blank=True)

    objects = BulkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "批量办理"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=BulkKind.values) & ~Q(words=""),
                name="bulk_says_what_was_done",
                violation_error_message="批量办理必须写明办理什么。",
            )
        ]

    def __str__(self):
        return f"批量{self.get_kind_display()} {self.pk}"


class BulkRow(models.Model):
    """What became of one row: done, with what it came to, or refused with the reason.

    Without a ticket it was one that the person could not see when the act was done.
    """

    bulk = models.ForeignKey(Bulk, models.PROTECT, related_name="rows", verbose_name="批量办理")
    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, null=True, related_name="bulk_rows", verbose_name="问题"
    )
    effect = models.TextField("结果", blank=True)
    refusal = models.TextField("未成原因", blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "批量办理的一行"
        constraints = [
            models.UniqueConstraint(
                fields=["bulk", "ticket"],
                name="bulkrow_once_per_ticket",
                violation_error_message="同一批里已有这个问题。",
            ),
            models.CheckConstraint(
                condition=(~Q(effect="") & Q(refusal="", ticket__isnull=False))
                | (Q(effect="") & ~Q(refusal="")),
                name="bulkrow_is_done_or_refused",
                violation_error_message="每一行必须写明办成什么，或未成的原因。",
            ),
        ]

    def __str__(self):
        return self.effect or self.refusal
