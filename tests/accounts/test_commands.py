"""The first three administrators, and accounts that nobody uses."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.conftest import acts_for
from tests.factories import PersonFactory
from tracker.checks import superusers_in_production
from tracker.choices import Post, Role
from tracker.models import AuditEvent, Person

pytestmark = pytest.mark.django_db
THREE = {
    "system": ["zhongyue", "钟越"],
    "security": ["qinye", "秦野"],
    "auditor": ["wenshu", "闻舒"],
}


class TestCreateAdministrators:
    def test_it_makes_three_people_and_prints_their_secrets_once(self, capsys):
        call_command("create_administrators", **THREE)

        lines = capsys.readouterr().out.splitlines()[:3]
        secrets = [line.split("\t")[2] for line in lines]
        assert len(set(secrets)) == 3
        for line, secret in zip(lines, secrets, strict=True):
            person = Person.objects.get(username=line.split("\t")[1])
            assert person.check_password(secret)
            assert person.must_change_password
            assert person.secret_expires_at - timezone.now() <= timedelta(hours=72)
        for event in AuditEvent.objects.all():
            assert not any(secret in str(vars(event)) for secret in secrets)

    def test_one_person_is_not_two_of_them(self):
        with pytest.raises(CommandError, match="不分大小写"):
            call_command("create_administrators", **{**THREE, "auditor": ["QinYe", "秦野"]})

        assert not Person.objects.exists()

    def test_it_makes_no_second_set(self):
        call_command("create_administrators", **THREE)

        with pytest.raises(CommandError, match="已有系统管理员"):
            call_command("create_administrators", **THREE)

    def test_a_missing_name_makes_none(self):
        with pytest.raises(CommandError, match="--auditor"):
            call_command(
                "create_administrators", system=THREE["system"], security=THREE["security"]
            )

        assert not Person.objects.exists()

    def test_a_forgotten_password_is_replaced_on_the_server(self, auditor, capsys):
        call_command("create_administrators", reset="auditor")

        secret = capsys.readouterr().out.split("\t")[2].split("\n")[0]
        auditor.refresh_from_db()
        assert auditor.check_password(secret)


class TestDisableDormant:
    @pytest.fixture(autouse=True)
    def _people(self, bureau):
        long_ago = timezone.now() - timedelta(days=91)
        acts_for(bureau, Role.STAFF, username="gone", name="久未登录", last_login=long_ago)
        acts_for(bureau, Role.STAFF, username="never", name="从未登录", date_joined=long_ago)
        acts_for(bureau, Role.STAFF, username="here", name="在岗", last_login=timezone.now())
        PersonFactory(username="only", post=Post.AUDITOR, last_login=long_ago)

    def active(self):
        names = Person.objects.filter(is_active=True).values_list("username", flat=True)
        return set(names)

    def test_it_reports_and_deactivates(self, capsys):
        call_command("disable_dormant")

        out = capsys.readouterr().out
        assert self.active() == {"here", "only"}
        assert "gone\t久未登录" in out
        assert "唯一的审计管理员" in out
        assert "已停用2个账号" in out

    def test_a_dry_run_only_reports(self, capsys):
        call_command("disable_dormant", dry_run=True)

        assert "将停用2个账号" in capsys.readouterr().out
        assert "gone" in self.active()


def test_a_superuser_is_an_error_in_production():
    PersonFactory(username="root", is_superuser=True)

    assert "root" in superusers_in_production()
    with pytest.raises(CommandError, match=r"guatu\.E003"):
        call_command("check", databases=["default"])
