import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from tracker import audit_chain


class Command(BaseCommand):
    help = (
        "Check the whole audit trail: edits, gaps, changes of order, a tail cut off. Exits 1 and "
        "says where. Give the seals kept on another machine with --seals."
    )

    def add_arguments(self, parser):
        parser.add_argument("--seals", type=Path, help="File of seals, one printed line each.")
        parser.add_argument(
            "--archive", type=Path, nargs="*", default=[], help="Archives to check."
        )

    def handle(self, *, seals, archive, **options):
        copies = [json.loads(line) for line in seals.read_text().splitlines()] if seals else []
        outcome = audit_chain.verify(copies)
        for fault in outcome.faults:
            self.stdout.write(self.style.ERROR(str(fault)))
        forged = [path for path in archive if not audit_chain.is_archive_sound(path)]
        for path in forged:
            self.stdout.write(self.style.ERROR(f"{path}：与签名不符。"))
        if outcome.faults or forged:
            raise CommandError(f"审计链不完整：{len(outcome.faults) + len(forged)}处。")
        self.stdout.write(f"审计链完整：第{outcome.first}至{outcome.last}号。")
