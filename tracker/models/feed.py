from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tracker.models.address import (
    SecretAddress,
    SecretAddressQuerySet,
    digest_of,
    new_secret,
)

if TYPE_CHECKING:
    from tracker.models.person import Person


class CalendarTokenQuerySet(SecretAddressQuerySet):
    def live(self) -> Self:
        return super().live().filter(person__is_active=True)


class CalendarToken(SecretAddress):
    """订阅地址: lets a calendar program read one person's dates; one live token at most."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="calendar_tokens",
        verbose_name="人员",
    )

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
        secret = new_secret()
        cls.revoke(person)
        cls.objects.create(person=person, digest=digest_of(secret))
        return secret

    @classmethod
    def revoke(cls, person: "Person") -> None:
        cls.objects.filter(person=person, revoked_at=None).update(revoked_at=timezone.now())
