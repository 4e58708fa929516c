from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from tracker.choices import FileKind
from tracker.models.of_ticket import OfTicketQuerySet

if TYPE_CHECKING:
    pass


IMAGES = (FileKind.PNG, FileKind.JPEG)


class EvidenceQuerySet(OfTicketQuerySet):
    def not_withdrawn(self) -> Self:
        """What has not been withdrawn."""
        return self.filter(withdrawn_at=None)

    def images(self) -> Self:
        """Those that have a small picture."""
        return self.filter(kind__in=IMAGES)

    def for_card(self) -> Self:
        """Fetch in one query what a list of files shows."""
        return self.select_related("by", "withdrawn_by", "measure", "progress")


class Evidence(models.Model):
    """佐证材料: one file that proves what was done; the bytes lie in the media folder.

    The row and its file are never altered or removed. Withdrawing is a decision on record, and
    only which one is the key evidence (关键佐证) may change.
    """

    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, related_name="evidence", verbose_name="问题"
    )
    measure = models.ForeignKey(
        "tracker.Measure",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name="措施",
    )
    progress = models.ForeignKey(
        "tracker.Progress",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name="进展",
    )
    name = models.CharField("文件名", max_length=200)
    kind = models.CharField("类型", max_length=8, choices=FileKind)
    size = models.PositiveBigIntegerField("字节数")
    sha256 = models.CharField("SHA-256", max_length=64)
    path = models.CharField("存放位置", max_length=100, unique=True, editable=False)
    is_key = models.BooleanField("关键佐证", default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    at = models.DateTimeField("上传时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="撤回人",
        editable=False,
    )
    withdrawn_why = models.CharField("撤回原因", max_length=300, blank=True, editable=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "佐证材料"
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(is_key=True),
                name="evidence_one_key_per_ticket",
                violation_error_message="一个问题只能有一份关键佐证。",
            ),
            models.UniqueConstraint(
                fields=["ticket", "sha256"],
                condition=Q(withdrawn_at__isnull=True),
                name="evidence_once_per_ticket",
                violation_error_message="该问题已有内容相同的材料。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_why="")
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, is_key=False)
                    & ~Q(withdrawn_why="")
                ),
                name="evidence_withdrawn_with_reason",
                violation_error_message="撤回材料必须写明原因，关键佐证须先另行指定。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=FileKind.values),
                name="evidence_kind_is_known",
                violation_error_message="没有这种文件类型。",
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0) & ~Q(name=""), name="evidence_is_a_file"
            ),
        ]
        indexes = [
            models.Index(fields=["ticket", "-id"], name="evidence_latest_first"),
            models.Index(fields=["sha256"], name="evidence_by_digest"),
        ]

    def __str__(self):
        return self.name

    def as_filed(self) -> dict[str, object]:
        """What a sign-off sheet keeps of it: enough to tell whether a file is the same."""
        return {
            "evidence": self.pk,
            "name": self.name,
            "size": self.size,
            "sha256": self.sha256,
            "is_key": self.is_key,
        }

    @property
    def audit_name(self) -> str:
        return f"{self.ticket.number}　佐证{self.pk}"

    @property
    def is_image(self) -> bool:
        return self.kind in IMAGES

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None
