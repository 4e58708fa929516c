from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker import audit, audit_chain
from tracker.choices import AuditKind


class Command(BaseCommand):
    help = (
        "Move audit events older than --days (default three years, never less than 180 days) to a "
        "signed file in TRACKER_AUDIT_FOLDER. Checks the chain first and the file afterwards."
    )

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=3 * 365)

    def handle(self, *, days, **options):
        now = timezone.now()
        try:
            archive = audit_chain.purge(now - timedelta(days=days), settings.AUDIT_FOLDER, now)
        except audit_chain.NotArchived as refusal:
            raise CommandError(str(refusal)) from refusal
        if archive is None:
            self.stdout.write("没有这么早的审计记录。")
            return
        audit.record(None, AuditKind.AUDIT, archive, reason=f"归档至第{archive.seq}号")
        self.stdout.write(f"已归档到{settings.AUDIT_FOLDER / archive.file_name}。")
