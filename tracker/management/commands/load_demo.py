from unicodedata import east_asian_width

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from tracker.checks import wrong_database
from tracker.demo import cast, loading
from tracker.models import DemoMark, Ticket


class Command(BaseCommand):
    help = (
        "Fill the demo's database with invented units, people and bulletins, and print the logins. "
        "A second run keeps what is there. Needs TRACKER_DEMO=true."
    )

    def handle(self, **options):
        if not settings.TRACKER_DEMO:
            raise CommandError("The passwords are published. Set TRACKER_DEMO=true to load them.")
        if refusal := wrong_database():
            raise CommandError(refusal)
        mark = DemoMark.objects.first()
        if mark is None:
            loading.load()
            self.stdout.write(f"演示数据已建立：{Ticket.objects.count()}个问题。")
        else:
            made_on = timezone.localdate(mark.made_at)
            self.stdout.write(f"保留{made_on:%Y-%m-%d}建立的演示数据。从头再来：make clean demo。")
        self.stdout.write("")
        for row in [("角色", "账号", "密码", "能做什么"), *self.logins()]:
            role, username, password, purpose = row
            self.stdout.write(
                f"  {padded(role, 12)}{padded(username, 14)}{padded(password, 16)}{purpose}"
            )

        screen = reverse("tracker:screen", args=[cast.SCREEN])
        self.stdout.write("")
        self.stdout.write(f"  大屏（不用登录，1920×1080）：{screen}")

    def logins(self):
        return [(role, username, cast.PASSWORD, purpose) for role, username, purpose in cast.LOGINS]


def padded(text: str, columns: int) -> str:
    """Fill up with blanks to so many columns of a terminal, where a Chinese character takes two."""
    return text + " " * (columns - sum(1 + (east_asian_width(ch) in "WF") for ch in text))
