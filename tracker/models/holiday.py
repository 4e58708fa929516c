from django.db import models

from tracker.worktime import WorkCalendar


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def calendar(self) -> WorkCalendar:
        """Return all that is known of holidays and make-up workdays, in one query."""
        off, on = set(), set()
        for day, is_workday in self.values_list("on", "is_workday"):
            (on if is_workday else off).add(day)
        return WorkCalendar(frozenset(off), frozenset(on))


class Holiday(models.Model):
    """A day that differs from Monday-to-Friday, as the State Council's yearly notice says."""

    on = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("调休上班", default=False, help_text="周末补班的日子打勾。")
    name = models.CharField("名称", max_length=20, blank=True)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        ordering = ["on"]
        verbose_name = verbose_name_plural = "节假日"

    def __str__(self):
        return f"{self.on} {self.name}{'（班）' if self.is_workday else '（休）'}"
