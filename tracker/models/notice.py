from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.utils import timezone

from tracker.choices import NoticeKind

if TYPE_CHECKING:
    from tracker.models.person import Person


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, person: "Person") -> Self:
        """What this person was told, without tickets that have left their reach since."""
        from tracker.models.ticket import Ticket

        in_sight = Ticket.objects.visible_to(person).values("pk")
        return self.filter(person=person).filter(Q(ticket=None) | Q(ticket__in=in_sight))

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def mark_read(self) -> int:
        return self.unread().update(read_at=timezone.now())

    def unread_first(self) -> Self:
        return self.order_by(Case(When(read_at=None, then=0), default=1), "-pk")

    def for_list(self) -> Self:
        return self.select_related("ticket", "by")


class Notice(models.Model):
    """消息: one person is told of one event. `tracker.notices` writes them."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name="收件人"
    )
    kind = models.CharField("类型", max_length=12, choices=NoticeKind)
    ticket = models.ForeignKey(
        "tracker.Ticket",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name="问题",
    )
    text = models.CharField("内容", max_length=300)
    link = models.CharField("去处", max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="来自",
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "消息"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=NoticeKind.values), name="notice_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="notice_has_text"),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_latest_first"),
            # The bell of every page counts these.
            models.Index(
                fields=["person"], condition=Q(read_at__isnull=True), name="notice_unread"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}：{self.text[:30]}"
