from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from tracker import leavers
from tracker.choices import Post
from tracker.models import Person


class Command(BaseCommand):
    help = (
        "Deactivate accounts that nobody has used for --days (TRACKER_DORMANT_DAYS), and print "
        "which. The last holder of a post stays, with a remark. --dry-run only prints."
    )

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=settings.DORMANT_DAYS)
        parser.add_argument("--dry-run", action="store_true", help="Report, and write nothing.")

    def handle(self, *, days, dry_run, **options):
        holders = {
            post: Person.objects.filter(post=post, is_active=True).count() for post in Post.values
        }
        disabled = 0
        for person in leavers.unused(timezone.now(), days).order_by("username"):
            used = person.last_login or person.date_joined
            line = f"{person.username}\t{person.name}\t{timezone.localtime(used):%Y-%m-%d}"
            if person.post and holders[person.post] == 1:
                self.stdout.write(f"{line}\t保留：唯一的{person.get_post_display()}")
                continue
            if person.post:
                holders[person.post] -= 1
            self.stdout.write(line)
            disabled += 1
            if not dry_run:
                person.is_active = False
                person.save()
                person.visits.all().end()
        self.stdout.write(f"{'将停用' if dry_run else '已停用'}{disabled}个账号。")
