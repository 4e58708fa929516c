from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone

from tracker.choices import BoardView, ExportKind, ExportState

if TYPE_CHECKING:
    from tracker.exports.files import Kept
    from tracker.models.person import Person

# A worker that has said nothing for so long is taken for dead.
SILENT = timedelta(minutes=2)
# What was begun so often and never finished breaks its worker: it is not begun again by itself.
MOST_RUNS = 3
# Of one person at once; more would keep the others waiting.
MOST_WAITING = 3
UNFINISHED = ("waiting", "running")


class ExportRefused(Exception):
    """A file cannot be asked for; the message says why."""


class ExportStopped(Exception):
    """The job was cancelled, or another worker has taken it: this one must let go of it."""


class ExportJobQuerySet(models.QuerySet["ExportJob"]):
    def of(self, person: "Person") -> Self:
        return self.filter(by=person)

    def unfinished(self) -> Self:
        return self.filter(state__in=UNFINISHED)

    def lost(self, now: datetime) -> Self:
        """Those whose worker died: it says something every few seconds."""
        return self.filter(state=ExportState.RUNNING, seen_at__lt=now - SILENT)

    def alive(self, now: datetime) -> Self:
        return self.filter(state=ExportState.RUNNING, seen_at__gte=now - SILENT)

    def to_begin(self, now: datetime) -> Self:
        """Those that a worker may take, the oldest first."""
        waiting = Q(state=ExportState.WAITING) | Q(
            state=ExportState.RUNNING, seen_at__lt=now - SILENT, run__lt=MOST_RUNS
        )
        return self.filter(waiting).order_by("pk")

    def given_up(self, now: datetime) -> Self:
        """Those that lost their worker too often."""
        return self.lost(now).filter(run__gte=MOST_RUNS)

    def expired(self, now: datetime) -> Self:
        return self.filter(state=ExportState.READY, expires_at__lte=now)


class ExportJobManager(models.Manager.from_queryset(ExportJobQuerySet)):
    def ask(
        self,
        *,
        by: "Person",
        view: BoardView,
        kind: ExportKind,
        query: str,
        words: str,
        total: int,
    ) -> "ExportJob":
        """Ask for a file; what somebody has asked for already is not made twice.

        Raises ExportRefused.
        """
        unfinished = self.of(by).unfinished()
        asked = {"view": view, "kind": kind, "query": query}
        if same := unfinished.filter(**asked).first():
            return same
        if unfinished.count() >= MOST_WAITING:
            raise ExportRefused(f"您已有{MOST_WAITING}个导出没有完成，请等其中一个完成或取消它。")
        if len(query) > self.model._meta.get_field("query").max_length:
            raise ExportRefused("条件太长，请去掉几个再导出。")
        longest = self.model._meta.get_field("words").max_length
        facts = {"words": words[:longest], "total": total}
        try:
            with transaction.atomic():
                return self.create(by=by, **asked, **facts)
        except IntegrityError:  # the same, by a second click at the same moment
            return unfinished.get(**asked)


class ExportJob(models.Model):
    """导出任务: a file too long to be made while a browser waits, for who asked for it alone.

    `run` counts how often it was begun: a worker that was given up for dead and is not finds
    another number there, and stops. `reach` is what the asker could see when it was made.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports", verbose_name="导出人"
    )
    view = models.CharField("视图", max_length=12, choices=BoardView)
    kind = models.CharField("格式", max_length=4, choices=ExportKind, default=ExportKind.XLSX)
    query = models.CharField("条件（网址）", max_length=2000, blank=True)
    words = models.CharField("条件", max_length=300, blank=True)
    asked_at = models.DateTimeField("提出时间", auto_now_add=True)
    state = models.CharField(
        "状态", max_length=10, choices=ExportState, default=ExportState.WAITING
    )
    run = models.PositiveSmallIntegerField("第几次", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    done = models.PositiveIntegerField("已完成", default=0)
    called_at = models.DateTimeField("叫起时间", null=True, blank=True)
    seen_at = models.DateTimeField("最近动静", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    trouble = models.CharField("没有完成的原因", max_length=300, blank=True)
    name = models.CharField("文件名", max_length=200, blank=True)
    path = models.CharField("存放位置", max_length=100, blank=True)
    size = models.PositiveBigIntegerField("字节数", default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    reach = models.CharField("可见范围", max_length=64, blank=True)
    expires_at = models.DateTimeField("保留至", null=True, blank=True)

    objects = ExportJobManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "导出任务"
        constraints = [
            models.UniqueConstraint(
                fields=["by", "view", "kind", "query"],
                condition=Q(state__in=UNFINISHED),
                name="exportjob_once_unfinished",
                violation_error_message="同样的导出还没有完成。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ExportState.values), name="exportjob_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ExportKind.values), name="exportjob_kind_is_known"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=ExportState.READY, expires_at__isnull=False)
                    & ~Q(path="")
                    & ~Q(sha256="")
                )
                | (~Q(state=ExportState.READY) & Q(path="", sha256="")),
                name="exportjob_file_iff_ready",
                violation_error_message="完成的导出才有文件。",
            ),
            models.CheckConstraint(
                condition=(Q(state=ExportState.FAILED) & ~Q(trouble=""))
                | (~Q(state=ExportState.FAILED) & Q(trouble="")),
                name="exportjob_trouble_iff_failed",
                violation_error_message="没有完成的导出要写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")),
                name="exportjob_done_within_total",
                violation_error_message="完成数不能多于总数。",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.RUNNING) | Q(seen_at__isnull=False),
                name="exportjob_running_is_seen",
                violation_error_message="生成中的导出要有动静。",
            ),
        ]

    def __str__(self):
        return f"{self.get_view_display()}{self.get_kind_display()}（{self.total}项）"

    # -- what a page asks --------------------------------------------------------------------------

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0

    @property
    def is_written_by_row(self) -> bool:
        """Whether its rows go to the file as they are read, so that all of them can be counted."""
        return self.view == BoardView.LIST and self.kind == ExportKind.XLSX

    @property
    def doing(self) -> str:
        """What its worker is at: a table whose cells span rows is read whole, then written."""
        if not self.done:
            return "正在查询"
        if self.is_written_by_row:
            return "正在逐行写入"
        return "正在读取" if self.percent < 50 else "正在写入表格"

    def is_lost(self, now: datetime) -> bool:
        return self.state == ExportState.RUNNING and self.seen_at < now - SILENT

    def may_begin_again(self, now: datetime) -> bool:
        ended = (ExportState.FAILED, ExportState.CANCELLED, ExportState.EXPIRED)
        return self.state in ended or self.is_lost(now)

    def is_ready(self, now: datetime) -> bool:
        return self.state == ExportState.READY and self.expires_at > now

    # -- what becomes of it: each act takes only a row that is still as it was seen ---------------

    def _turn(self, **values) -> bool:
        """Change the row if nobody has since; leave no trace of a file that is gone."""
        if values.get("state") != ExportState.READY:
            values |= {"path": "", "sha256": "", "expires_at": None}
        if values.get("state") != ExportState.FAILED:
            values["trouble"] = ""
        same = ExportJob.objects.filter(pk=self.pk, run=self.run, state=self.state)
        turned = bool(same.update(**values))
        if turned:
            for name, value in values.items():
                setattr(self, name, value)
        return turned

    def begin(self, now: datetime) -> bool:
        """Take it for a worker; false if another was faster."""
        return self._turn(state=ExportState.RUNNING, run=self.run + 1, done=0, seen_at=now)

    def note(self, done: int, total: int) -> None:
        """Say how far it is. Raises ExportStopped."""
        still = ExportJob.objects.filter(pk=self.pk, run=self.run, state=ExportState.RUNNING)
        total = max(done, total)
        if not still.update(done=done, total=total, seen_at=timezone.now()):
            raise ExportStopped
        self.done, self.total = done, total

    def finish(self, kept: "Kept", *, name: str, reach: str, now: datetime) -> bool:
        """Keep its file for some days."""
        return self._turn(
            state=ExportState.READY,
            done=self.total,
            name=name,
            path=kept.path,
            size=kept.size,
            sha256=kept.sha256,
            reach=reach,
            finished_at=now,
            expires_at=now + timedelta(days=settings.EXPORT_DAYS),
        )

    def fail(self, trouble: str, now: datetime) -> bool:
        return self._turn(state=ExportState.FAILED, trouble=trouble, finished_at=now)

    def put_back(self) -> bool:
        """Let another worker begin it anew: this one was told to stop."""
        return self._turn(state=ExportState.WAITING, run=self.run - 1, done=0)

    def cancel(self, now: datetime) -> bool:
        """Stop it, whether it waits or is at work; its worker finds out when it next says so."""
        still = ExportJob.objects.unfinished().filter(pk=self.pk)
        return bool(still.update(state=ExportState.CANCELLED, finished_at=now))

    def begin_again(self, now: datetime) -> bool:
        """Let it wait once more, from the start."""
        if not self.may_begin_again(now):
            return False
        return self._turn(state=ExportState.WAITING, run=0, done=0, finished_at=None)

    def expire(self) -> bool:
        return self._turn(state=ExportState.EXPIRED)
