from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from tracker import audit
from tracker.choices import AuditKind, Post
from tracker.models import Person


class Command(BaseCommand):
    help = (
        "Make the three administrators (三员) of a new installation, three different people, and "
        "print the password of each once: random, good for 72 hours, to be replaced at the first "
        "login. --reset POST gives the present holder of a post a new one."
    )

    def add_arguments(self, parser):
        for post in Post:
            parser.add_argument(
                f"--{post.value}", nargs=2, metavar=("ACCOUNT", "NAME"), help=post.label
            )
        parser.add_argument("--reset", choices=Post.values)

    def handle(self, *, reset, **options):
        now = timezone.now()
        with transaction.atomic():
            if reset:
                people = list(Person.objects.filter(post=reset, is_active=True))
                if not people:
                    raise CommandError(f"没有{Post(reset).label}。")
            else:
                people = [self._make(post, options[post.value]) for post in Post]
            secrets = [person.issue_secret(now) for person in people]
            for person in people:
                self._save(person)
                person.visits.all().end()
                audit.record(None, AuditKind.PASSWORD, person, reason="服务器上发初始密码")
        for person, secret in zip(people, secrets, strict=True):
            self.stdout.write(f"{person.get_post_display()}\t{person.username}\t{secret}")
        self.stdout.write("只显示这一次；72小时内有效，第一次登录必须修改。")

    def _make(self, post: Post, wanted: list[str] | None) -> Person:
        if Person.objects.filter(post=post, is_active=True).exists():
            raise CommandError(f"已有{post.label}。换人请在后台，忘记密码用 --reset {post.value}。")
        if wanted is None:
            raise CommandError(f"请写明{post.label}是谁：--{post.value} 账号 姓名")
        username, name = wanted
        return Person(username=username, name=name, post=post)

    def _save(self, person: Person) -> None:
        try:
            person.full_clean(exclude=["password"])
        except ValidationError as refusal:
            raise CommandError("；".join(refusal.messages)) from refusal
        person.save()
