import json

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from tracker import audit_chain


class Command(BaseCommand):
    help = (
        "Sign the present end of the audit trail, in the database and in seals.jsonl of "
        "TRACKER_AUDIT_FOLDER, and print the line: keep a copy on another machine. Once a day."
    )

    def handle(self, **options):
        line = json.dumps(audit_chain.seal(timezone.now()))
        settings.AUDIT_FOLDER.mkdir(parents=True, exist_ok=True)
        with (settings.AUDIT_FOLDER / "seals.jsonl").open("a", encoding="ascii") as file:
            file.write(f"{line}\n")
        self.stdout.write(line)
