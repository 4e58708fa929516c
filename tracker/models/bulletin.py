from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from tracker.models.person import Person


class SourceFile(models.Model):
    """A file exactly as received; the digest makes the same file one row, whoever sends it.

    The bytes live in the database so that they are saved in the same transaction, and backed
    up by the same command, as what was read from them.
    """

    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    name = models.CharField("文件名", max_length=255)
    size = models.PositiveIntegerField("大小（字节）")
    content = models.BinaryField("内容")
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="上传人",
    )
    received_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        ordering = ["-received_at"]
        verbose_name = verbose_name_plural = "原始文件"

    def __str__(self):
        return self.name


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def visible_to(self, person: "Person") -> Self:
        """The bulletins of inspected units in reach: each names every problem, so no one else."""
        from tracker.models.unit import Unit

        return self.filter(inspection__unit__in=Unit.objects.in_reach_of(person))


class Bulletin(models.Model):
    """通报: one published text about one inspection, with what was read from it."""

    inspection = models.ForeignKey(
        "tracker.Inspection",
        models.PROTECT,
        related_name="bulletins",
        verbose_name="巡视巡察",
    )
    source = models.OneToOneField(
        SourceFile, models.PROTECT, related_name="bulletin", verbose_name="原始文件"
    )
    title = models.CharField("标题", max_length=300, blank=True)
    text = models.TextField("全文", help_text="解码后的文字；各问题的位置按它的字符数计。")
    read = models.JSONField("识别结果", default=dict)
    published_on = models.DateField("公布日期", null=True, blank=True)
    signed_on = models.DateField("落款日期", null=True, blank=True)
    publicity_from = models.DateField("公开期限起", null=True, blank=True)
    publicity_to = models.DateField("公开期限止", null=True, blank=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="导入人",
    )
    imported_at = models.DateTimeField("导入时间", auto_now_add=True)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        ordering = ["-imported_at", "-pk"]
        verbose_name = verbose_name_plural = "通报"
        constraints = [
            models.CheckConstraint(
                condition=Q(publicity_from__isnull=True)
                | Q(publicity_to__isnull=True)
                | Q(publicity_to__gte=F("publicity_from")),
                name="bulletin_publicity_in_order",
                violation_error_message="公开期限的止日不能早于起日。",
            ),
        ]

    def __str__(self):
        return self.title or self.source.name

    def is_withheld_from(self, person: "Person") -> bool:
        """Whether its inspection has a restricted ticket (限定知悉) of which they may not know.

        Which words of a later bulletin speak of it nobody can tell, so all of them count.
        """
        tickets = self.inspection.tickets.filter(is_restricted=True)
        return tickets.exclude(pk__in=tickets.visible_to(person).values("pk")).exists()
