from django.db import models

from tracker.initials import LONGEST, initials_of


class SpeltQuerySet(models.QuerySet):
    def spelt(self, letters: str):
        """Those whose name is read with these first letters somewhere in it."""
        return self.filter(initials__contains=letters.lower())


class Spelt(models.Model):
    """What has a Chinese name that people also look for by the first letters of its reading."""

    # Follows from the fields that SPELT_BY names; written with them, and never by itself.
    initials = models.CharField(
        "拼音首字母", max_length=LONGEST, blank=True, default="", editable=False
    )

    SPELT_BY: tuple[str, ...] = ("name",)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.initials = initials_of(*(getattr(self, name) for name in self.SPELT_BY))
        written = kwargs.get("update_fields")
        if written is not None and not set(written).isdisjoint(self.SPELT_BY):
            kwargs["update_fields"] = {*written, "initials"}
        super().save(*args, **kwargs)
