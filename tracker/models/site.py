from django.db import models


class DemoMark(models.Model):
    """One row says: this database holds invented data and published passwords.

    Production settings refuse to start on it (see `tracker.checks`).
    """

    made_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "演示库标记"

    def __str__(self):
        return f"演示库，{self.made_at:%Y-%m-%d}建立"
