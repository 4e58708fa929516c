from django.db import models
from django.db.models import Q

from tracker.models.inspection import Inspection


class Category(models.Model):
    """A heading that stands above problems in the bulletin: 方面, 大类."""

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, related_name="categories", verbose_name="巡视巡察"
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级",
    )
    heading = models.CharField("标题", max_length=300)
    order = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        ordering = ["inspection", "order", "pk"]
        verbose_name = verbose_name_plural = "方面与大类"
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "parent", "heading"],
                name="category_once_per_parent",
                violation_error_message="同一上级下已有这一标题。",
            ),
            models.UniqueConstraint(
                fields=["inspection", "heading"],
                condition=Q(parent__isnull=True),
                name="category_once_at_the_top",
                violation_error_message="这次巡视巡察已有这一方面。",
            ),
        ]

    def __str__(self):
        return self.heading
