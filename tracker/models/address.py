import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Self

from django.db import models

# A reading is written down so often at most: a screen that asks every half minute shall not take
# SQLite's one write lock each time.
USE_KEPT_FOR = timedelta(minutes=5)


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class SecretAddressQuerySet(models.QuerySet):
    def live(self) -> Self:
        return self.filter(revoked_at=None)

    def opened_by(self, secret: str) -> models.Model | None:
        """The live one that this secret opens, if any."""
        return self.live().filter(digest=digest_of(secret)).first()


class SecretAddress(models.Model):
    """An address that is its own key: whoever has it may read, without a session.

    The secret itself is shown once and never stored.
    """

    digest = models.CharField("摘要", max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    used_at = models.DateTimeField("最近读取", null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def note_use(self, now: datetime) -> None:
        """Write down that it was read; no more often than `USE_KEPT_FOR`."""
        if self.used_at and now - self.used_at < USE_KEPT_FOR:
            return
        self.used_at = now
        self.save(update_fields=["used_at"])
