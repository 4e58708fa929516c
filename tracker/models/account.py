from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone


class PastPassword(models.Model):
    """The hash of a password a person has had, so that it does not come back too soon."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="past_passwords"
    )
    password = models.CharField(max_length=128)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "用过的密码"

    def __str__(self):
        return f"{self.person} {self.at:%Y-%m-%d}"


class VisitQuerySet(models.QuerySet["Visit"]):
    def open(self) -> Self:
        """Those whose session still lives, with `expires_at`."""
        session = Session.objects.filter(session_key=OuterRef("session_key"))
        visits = self.annotate(expires_at=Subquery(session.values("expire_date")[:1]))
        return visits.filter(expires_at__gt=timezone.now())

    def end(self) -> int:
        """End these sessions on the server: the next click of each leads to the login."""
        keys = list(self.values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=keys).delete()
        return len(keys)

    def make_room(self, for_key: str, most: int) -> list["Visit"]:
        """End those that were used longest ago until `most` are open, never the one just begun."""
        others = self.open().exclude(session_key=for_key).order_by("-expires_at", "-pk")
        ended = list(others[most - 1 :])
        if ended:
            gone = self.filter(pk__in=[visit.pk for visit in ended])
            gone.update(gave_way=True)
            gone.end()
        return ended


class Visit(models.Model):
    """会话: one session of one person, from a login to its end: where one is signed in.

    When it was last used is not written here: that would be a write with every page. It follows
    from the time at which the session will expire.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="visits")
    session_key = models.CharField(max_length=40, unique=True)
    ip = models.CharField("地址", max_length=45, blank=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)
    began_at = models.DateTimeField("登录时间", auto_now_add=True)
    # So that whoever is thrown out can be told why.
    gave_way = models.BooleanField("让位于新的登录", default=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "会话"
        indexes = [models.Index(fields=["person", "-id"], name="visit_by_person")]

    def __str__(self):
        return f"{self.began_at:%Y-%m-%d %H:%M} {self.ip}"

    @property
    def used_at(self):
        """When a page was last asked for, to the minute; only for visits of `open`."""
        return self.expires_at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
