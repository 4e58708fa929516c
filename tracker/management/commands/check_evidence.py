from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker.evidence import storing
from tracker.models import Evidence

# A file is written before its row: a younger one may be an upload that is still under way.
ORPHAN_AFTER = timedelta(hours=1)


class Command(BaseCommand):
    help = (
        "Compare every file of evidence with its row. Missing and altered files are listed and "
        "make the command fail; files without a row are listed, and removed with --remove-orphans."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--remove-orphans",
            action="store_true",
            help="Remove files older than an hour that have no row.",
        )

    def handle(self, *, remove_orphans, **options):
        faults, count = 0, 0
        known: set[str] = set()
        for evidence in Evidence.objects.select_related("ticket").order_by("pk").iterator():
            count += 1
            known.add(evidence.path)
            try:
                storing.open_verified(evidence.path, evidence.sha256).close()
            except (storing.Missing, storing.Tampered) as fault:
                faults += 1
                what = "MISSING" if isinstance(fault, storing.Missing) else "ALTERED"
                self.stdout.write(
                    self.style.ERROR(
                        f"{what}  {evidence.path}  {evidence.ticket.number}  {evidence.name}"
                    )
                )
        orphans = self.orphans(known)
        for path in orphans:
            self.stdout.write(f"ORPHAN   {path}{'  removed' if remove_orphans else ''}")
            if remove_orphans:
                storing.discard(path)
        self.stdout.write(
            f"{count} files on record in {settings.TRACKER_MEDIA}: {faults} missing or altered, "
            f"{len(orphans)} without a row."
        )
        if faults:
            raise CommandError(f"{faults} files do not match: restore them from a backup.")

    def orphans(self, known: set[str]) -> list[str]:
        """Files that no row names, old enough that no upload is still writing its row."""
        before = timezone.now() - ORPHAN_AFTER
        return [
            path
            for path in storing.all_stored()
            if storing.owner_of(path) not in known and storing.written_at(path) < before
        ]
