"""Making the files that wait, one by one, as whoever asked for them.

A worker is a process of its own (`manage.py run_exports`), started when somebody asks and once
more whenever the page of exports finds work that nobody does. It says every few seconds that it
lives; what it leaves behind when it dies is begun anew. All that must last is in the database.
"""

import hashlib
import json
import logging
import subprocess
import sys
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone

from tracker import audit, notices
from tracker.choices import AuditKind, NoticeKind
from tracker.exports import files
from tracker.exports.making import EXPORTS
from tracker.models import ExportJob, ExportStopped, Person, Ticket
from tracker.models.export import MOST_RUNS

log = logging.getLogger(__name__)

# A process needs some seconds to begin: so long no other is started for the same work.
CALL_AGAIN = timedelta(seconds=30)
# Files that no row knows are left alone for so long: one may be about to get its row.
LEFT_OVER_AFTER = timedelta(hours=1)
# Rows are of use as long as somebody may ask what became of a file; the audit trail keeps more.
FORGOTTEN_AFTER = timedelta(days=90)


# -- starting a worker ---------------------------------------------------------------------------


def call_worker() -> None:
    """Start a process for what waits, unless one works or was just called."""
    now = timezone.now()
    if ExportJob.objects.alive(now).exists():
        return
    uncalled = Q(called_at=None) | Q(called_at__lt=now - CALL_AGAIN)
    # Only one of several pages that ask at once gets to call.
    if not ExportJob.objects.filter(
        uncalled, pk__in=ExportJob.objects.to_begin(now).order_by().values("pk")
    ).update(called_at=now):
        return
    if settings.START_EXPORTS:
        subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_exports"],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )


# -- in the worker -------------------------------------------------------------------------------


def take() -> ExportJob | None:
    """Take the next job, if no other worker lives: two would only slow the pages down."""
    now = timezone.now()
    if ExportJob.objects.alive(now).exists():
        return None
    waiting = ExportJob.objects.to_begin(now).select_related("by")
    return next((job for job in waiting if job.begin(now)), None)


def run(job: ExportJob) -> None:
    """Make the file of a job that was taken, or write down why not."""
    person = Person.objects.get(pk=job.by_id)
    try:
        _make(job, person)
    except ExportStopped:
        log.info("export %d was cancelled or taken over", job.pk)
    except Http404:
        _fail(job, "条件里有您现在看不到的内容，或您已不能导出。请在页面上重新选条件再导出。")
    except Exception:
        log.exception("export %d failed", job.pk)
        at = timezone.localtime()
        _fail(
            job, f"生成时出错（{at:%m-%d %H:%M}，任务{job.pk}）。可再试一次；仍不行请告诉管理员。"
        )
    except BaseException:
        # Told to stop, as when the server is updated: the next worker begins it anew.
        job.put_back()
        raise


def _make(job: ExportJob, person: Person) -> None:
    if not (person.is_active and person.may("export")):
        raise Http404
    # Before the first row is read: what goes out of sight meanwhile may be in the file.
    reach = reach_of(person)
    with files.keeping() as kept:
        export = EXPORTS[job.view, job.kind](_request(job, person))
        job.note(0, export.total)
        export.write(kept.stream, kept.folder, lambda done: job.note(done, export.total))
    try:
        with transaction.atomic():
            name = f"{export.name}.{job.kind}"
            done = job.finish(kept, name=name, reach=reach, now=timezone.now())
            if not done:
                raise ExportStopped
            _tell(person, f"导出好了：{job}，保留{settings.EXPORT_DAYS}天")
            audit.record(
                person,
                AuditKind.EXPORT,
                export.title,
                after={
                    "格式": job.kind,
                    "条件": job.query,
                    "行": export.length,
                    "SHA-256": kept.sha256,
                },
                reason="后台导出",
            )
    except BaseException:
        files.discard(kept.path)
        raise


def _request(job: ExportJob, person: Person) -> HttpRequest:
    """The address as its asker would open it now: what is out of sight by now is left out."""
    request = HttpRequest()
    request.method, request.user, request.GET = "GET", person, QueryDict(job.query)
    return request


def _fail(job: ExportJob, trouble: str) -> None:
    with transaction.atomic():
        if job.fail(trouble, timezone.now()):
            _tell(job.by, f"导出没有完成：{job}。{trouble}")


def _tell(person: Person, words: str) -> None:
    notices.tell([person], NoticeKind.OTHER, None, words, link=reverse("tracker:export-list"))


def reach_of(person: Person) -> str:
    """What somebody may see, in short: a file made under another reach is not handed out.

    Restricted tickets of which they may not know count wherever they are: one may have been theirs
    when the file was made, and have been restricted and given to another unit since.
    """
    visible = Ticket.objects.visible_to(person).order_by().values("pk")
    hidden = Ticket.objects.filter(is_restricted=True).exclude(pk__in=visible).order_by("pk")
    said = [
        sorted(set(person.reach)),
        sorted(person.roles),
        list(hidden.values_list("pk", flat=True)),
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


# -- keeping order -------------------------------------------------------------------------------


def tidy(now: datetime) -> None:
    """Let go of files that have expired, of rows nobody asks after, of jobs that kill workers."""
    for job in ExportJob.objects.expired(now):
        path = job.path
        if job.expire():
            files.discard(path)
    for job in ExportJob.objects.given_up(now).select_related("by"):
        _fail(job, f"生成时中断了{MOST_RUNS}次。请加条件分几次导出；仍不行请告诉管理员。")
    old = ExportJob.objects.filter(path="", asked_at__lt=now - FORGOTTEN_AFTER)
    old.exclude(pk__in=ExportJob.objects.unfinished().values("pk")).delete()
    files.remove_left_over(
        set(ExportJob.objects.exclude(path="").values_list("path", flat=True)),
        now - LEFT_OVER_AFTER,
    )
