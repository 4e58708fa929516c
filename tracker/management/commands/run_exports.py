import signal
import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from tracker.exports import jobs


class Command(BaseCommand):
    help = (
        "Make the export files that wait, one after the other, and remove those that have expired. "
        "The server starts it by itself; run it from a timer too, for what a restart left behind."
    )

    def handle(self, **options):
        # `sys.exit` lets the job at hand be put back and its half-written file be removed.
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        try:
            jobs.tidy(timezone.now())
            while job := jobs.take():
                jobs.run(job)
                self.stdout.write(f"{job.pk}: {job.state}, {job.done} of {job.total} rows")
        finally:
            signal.signal(signal.SIGTERM, before)
