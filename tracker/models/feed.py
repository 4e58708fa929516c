import hashlib
import secrets
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from tracker.models.person import Person


class CalendarTokenQuerySet(models.QuerySet["CalendarToken"]):
    def live(self) -> Self:
        return self.filter(revoked_at=None, person__is_active=True)

    def opened_by(self, secret: str) -> "CalendarToken | None":
        """The live token that this secret opens, if any."""
        return self.live().filter(digest=digest_of(secret)).select_related("person").first()


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class CalendarToken(models.Model):
    """订阅地址: lets a calendar program read one person's dates without a session.

    The secret itself is shown once and never stored; a person has one live token at most.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="calendar_tokens",
        verbose_name="人员",
    )
    digest = models.CharField("摘要", max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    used_at = models.DateTimeField("最近读取", null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True, editable=False)

    objects = CalendarTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "日历订阅"
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(revoked_at__isnull=True),
                name="calendar_token_once_live",
                violation_error_message="已有一个有效的订阅地址。",
            )
        ]

    def __str__(self):
        return f"{self.person}的日历订阅"

    @classmethod
    def issue(cls, person: "Person") -> str:
        """Make a new token in place of the one there is; return its secret, once for all."""
        secret = secrets.token_urlsafe(32)
        cls.revoke(person)
        cls.objects.create(person=person, digest=digest_of(secret))
        return secret

    @classmethod
    def revoke(cls, person: "Person") -> None:
        cls.objects.filter(person=person, revoked_at=None).update(revoked_at=timezone.now())
