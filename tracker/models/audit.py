from django.db import models
from django.db.models import Q

from tracker.choices import AuditKind, AuditResult


class AuditEvent(models.Model):
    """审计记录: one thing that somebody did, tried or looked at. Append-only and chained.

    Written by `tracker.audit.record` alone: `seq` has no gap, and `digest` covers every other
    column and the digest of the event before. Names are copied and not referenced, so that the
    trail reads the same whatever becomes of a person or a record. Before and after are JSON as
    text, since a database may store JSON in an order of its own and the digest would not match.
    """

    seq = models.PositiveBigIntegerField("序号", primary_key=True)
    at = models.DateTimeField("时间")
    kind = models.CharField("类型", max_length=16, choices=AuditKind)
    result = models.CharField("结果", max_length=8, choices=AuditResult)
    actor_key = models.BigIntegerField("人员号", null=True)
    actor_name = models.CharField("人员", max_length=100, blank=True)
    actor_roles = models.CharField("角色", max_length=200, blank=True)
    ip = models.CharField("地址", max_length=45, blank=True)
    session = models.CharField("会话", max_length=16, blank=True)
    request_id = models.CharField("请求号", max_length=32, blank=True)
    object_type = models.CharField("对象类型", max_length=50, blank=True)
    object_key = models.CharField("对象号", max_length=50, blank=True)
    object_name = models.CharField("对象", max_length=200, blank=True)
    before = models.TextField("原值", blank=True)
    after = models.TextField("现值", blank=True)
    reason = models.TextField("说明", blank=True)
    algorithm = models.CharField("算法", max_length=8)
    previous = models.CharField("前一摘要", max_length=64)
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        ordering = ["-seq"]
        verbose_name = verbose_name_plural = "审计记录"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AuditKind.values), name="audit_kind_known"),
            models.CheckConstraint(
                condition=Q(result__in=AuditResult.values), name="audit_result_known"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "-seq"], name="audit_by_kind"),
            models.Index(fields=["actor_key", "-seq"], name="audit_by_actor"),
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["object_type", "object_key"], name="audit_by_object"),
        ]

    def __str__(self):
        return f"{self.seq} {self.get_kind_display()} {self.actor_name}"


class AuditHead(models.Model):
    """The end of the chain, one row: the lock behind which events are written one by one.

    `mac` is signed with the server's key, so that whoever cuts off the tail in SQL cannot make
    the head agree.
    """

    seq = models.PositiveBigIntegerField("最后序号", default=0)
    digest = models.CharField("最后摘要", max_length=64)
    mac = models.CharField("签名", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "审计链头"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="audit_head_is_one")]

    def __str__(self):
        return str(self.seq)


class AuditSeal(models.Model):
    """封存: what the end of the chain was at one time, signed; a copy goes to another machine."""

    seq = models.PositiveBigIntegerField("序号")
    digest = models.CharField("摘要", max_length=64)
    at = models.DateTimeField("封存时间")
    mac = models.CharField("签名", max_length=64)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "审计封存"

    def __str__(self):
        return f"{self.seq} {self.at:%Y-%m-%d %H:%M}"


class AuditArchive(models.Model):
    """归档: the events up to `seq` were moved to a signed file; the chain goes on from `digest`."""

    seq = models.PositiveBigIntegerField("截至序号")
    digest = models.CharField("截至摘要", max_length=64)
    at = models.DateTimeField("归档时间")
    file_name = models.CharField("文件", max_length=200)
    file_digest = models.CharField("文件摘要", max_length=64)
    mac = models.CharField("签名", max_length=64)

    class Meta:
        ordering = ["-seq"]
        verbose_name = verbose_name_plural = "审计归档"

    def __str__(self):
        return f"{self.file_name}（至{self.seq}）"
