from django.core.management.base import BaseCommand
from django.utils import timezone

from tracker import leavers
from tracker.choices import AccountConcern


class Command(BaseCommand):
    help = (
        "List the accounts that somebody must see to: unused for TRACKER_DORMANT_DAYS, without "
        "any role, and of people who have left and still stand on open problems. Writes nothing."
    )

    def handle(self, **options):
        now = timezone.now()
        for concern in AccountConcern:
            people = list(leavers.people_of(concern, now).order_by("username"))
            self.stdout.write(f"{concern.label}：{len(people)}人")
            for person in people:
                used = person.last_login
                last = f"{timezone.localtime(used):%Y-%m-%d}" if used else "从未登录"
                self.stdout.write(f"  {person.username}\t{person.name}\t{last}\t{person.state}")
