from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import get_random_string

from tracker.choices import ImportOutcome, ImportSource
from tracker.models.bulletin import Bulletin
from tracker.models.draft import Draft
from tracker.models.unit import Unit

if TYPE_CHECKING:
    from tracker.models.person import Person
    from tracker.models.ticket import Ticket


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, person: "Person") -> Self:
        """What one imported oneself, and bulletins about units in one's reach."""
        return self.filter(
            Q(by=person) | Q(bulletin__inspection__unit__in=Unit.objects.in_reach_of(person))
        )

    def with_counts(self) -> Self:
        """Annotate `count_new`, `count_changed` and so on: tickets by outcome."""
        return self.annotate(
            **{
                f"count_{outcome}": models.Count("rows", filter=Q(rows__outcome=outcome))
                for outcome in ImportOutcome.values
            }
        )


class ImportBatch(models.Model):
    """导入批次: one confirmed import of one file. Append-only."""

    kind = models.CharField("来源", max_length=10, choices=ImportSource)
    bulletin = models.OneToOneField(
        Bulletin,
        models.PROTECT,
        null=True,
        related_name="batch",
        verbose_name="通报",
    )
    file_name = models.CharField("文件名", max_length=255, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人"
    )
    at = models.DateTimeField("导入时间", auto_now_add=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "导入历史"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ImportSource.BULLETIN, bulletin__isnull=False)
                | Q(kind=ImportSource.LEDGER, bulletin__isnull=True),
                name="importbatch_bulletin_iff_from_one",
                violation_error_message="通报的导入批次必须关联通报。",
            ),
        ]

    def __str__(self):
        return self.file_name or f"批次{self.pk}"


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def for_ticket(self, ticket: "Ticket") -> Self:
        """What imports did with this ticket, the newest first."""
        return self.filter(ticket=ticket).select_related("batch__by", "batch__bulletin")


class ImportRow(models.Model):
    """What one import did with one ticket. Append-only.

    `changes` lists {field, old, new} in the words of the change history. `values` is what the
    file said of each amendable field: the next import compares with it, so that a file that
    still says the same does not undo what people have decided since.
    """

    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, related_name="rows", verbose_name="导入批次"
    )
    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, related_name="import_rows", verbose_name="问题"
    )
    outcome = models.CharField("结果", max_length=10, choices=ImportOutcome)
    changes = models.JSONField("变更", default=list)
    values = models.JSONField("文件所写", default=dict)
    note = models.CharField("说明", max_length=300, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "pk"]
        verbose_name = verbose_name_plural = "导入结果"
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "ticket"],
                name="importrow_once_per_ticket",
                violation_error_message="同一批次中一个问题只能有一条结果。",
            ),
        ]
        indexes = [models.Index(fields=["ticket", "-id"], name="importrow_latest_first")]

    def __str__(self):
        return f"{self.get_outcome_display()} {self.ticket_id}"


def _random_name() -> str:
    return get_random_string(32)


class UploadQuerySet(models.QuerySet["Upload"]):
    def of(self, person: "Person") -> Self:
        return self.filter(by=person)

    def waiting(self) -> Self:
        return self.filter(outcome="")

    def forget(self, before: datetime) -> None:
        """Delete what was read before this instant; its drafts and bulletins stay."""
        self.exclude(outcome="").filter(at__lt=before).delete()


class Upload(models.Model):
    """One file that was sent: waiting to be read, or with the outcome of that.

    In the database, so that any worker can read it next and a closed browser loses nothing. The
    bytes go once it is read: a file that is refused leaves only its name and the reason.
    """

    group = models.CharField("一次上传", max_length=32, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    name = models.CharField("文件名", max_length=255)
    content = models.BinaryField("内容", null=True)
    at = models.DateTimeField("上传时间", auto_now_add=True)
    taken_at = models.DateTimeField("开始识别", null=True)
    outcome = models.CharField("结果", max_length=10, blank=True)
    message = models.TextField("说明", blank=True)
    draft = models.ForeignKey(Draft, models.PROTECT, null=True, related_name="+")
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, null=True, related_name="+")

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "上传"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", content__isnull=False)
                | (~Q(outcome="") & Q(content__isnull=True)),
                name="upload_content_until_read",
                violation_error_message="识别之后不再保留上传的内容。",
            ),
        ]

    def __str__(self):
        return self.name


class PendingUploadQuerySet(models.QuerySet["PendingUpload"]):
    def forget(self, before: datetime) -> None:
        """Delete what nobody confirmed, or needs any more, before this instant."""
        self.filter(at__lt=before).delete()

    def sent_as(self, group: str, *, by: "Person") -> Self:
        """The workbooks that this person sent at once."""
        return self.filter(group=group, by=by).exclude(group="").order_by("pk")


class PendingUpload(models.Model):
    """A ledger file between its preview and its confirmation.

    In the database, because the request that confirms may reach another worker than the one
    that showed the preview. The name cannot be guessed. Files that were sent at once share a
    group, and stay a day after they are confirmed: rows that were refused are fetched from them.
    """

    name = models.CharField("名称", max_length=32, unique=True, default=_random_name)
    content = models.BinaryField("内容")
    at = models.DateTimeField("上传时间", auto_now_add=True)
    group = models.CharField("一次上传", max_length=32, blank=True, db_index=True)
    file_name = models.CharField("文件名", max_length=255, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="上传人",
    )

    objects = PendingUploadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "待确认文件"

    def __str__(self):
        return self.file_name or self.name
