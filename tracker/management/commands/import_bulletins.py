from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker import intake
from tracker.choices import Role
from tracker.models import Membership, Person, Unit


class Command(BaseCommand):
    help = (
        "Import every bulletin of a folder from end to end, one line for each file. What is not "
        "registered yet (unit, round) is registered; a refused file does not stop the rest."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--as",
            dest="username",
            metavar="USERNAME",
            help="Whose import it is; by default the operator of the highest unit.",
        )
        parser.add_argument(
            "--under",
            metavar="UNIT",
            help="Below which unit new ones are put; by default the operator's own.",
        )

    def handle(self, *, folder, username, under, **options):
        if not folder.is_dir():
            raise CommandError(f"{folder}: there is no such folder.")
        paths = sorted(
            path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")
        )
        duty = _duty(username)
        under = _unit(under) if under else duty.unit
        today = timezone.localdate()
        refused = 0
        for path in paths:
            outcome = intake.import_file(
                path.read_bytes(), path.name, by=duty.person, today=today, under=under
            )
            line = f"{path.name}: {outcome.message}"
            if outcome.kind in ("imported", "already"):
                self.stdout.write(line)
            else:
                refused += 1
                self.stdout.write(self.style.ERROR(line))
        if refused:
            raise CommandError(f"{refused} of {len(paths)} files were not imported")


def _duty(username: str | None) -> Membership:
    """The membership by which to import: of this person, or of whoever has the widest reach."""
    duties = Membership.objects.filter(role=Role.OPERATOR, person__is_active=True)
    if username:
        if not Person.objects.filter(username=username).exists():
            raise CommandError(f"There is no person with the username {username!r}.")
        duties = duties.filter(person__username=username)
    duties = sorted(duties.select_related("person", "unit"), key=lambda duty: len(duty.unit.path))
    if not duties:
        who = f"{username} is" if username else "nobody is"
        raise CommandError(f"Only an operator (导入员) may import, and {who} one.")
    return duties[0]


def _unit(name: str) -> Unit:
    found = list(Unit.objects.called(name)[:2])
    if len(found) != 1:
        raise CommandError(f"{'Several units are' if found else 'No unit is'} called {name!r}.")
    return found[0]
