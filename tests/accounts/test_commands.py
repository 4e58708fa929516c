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


class TestLeavers:
    """Whom an administrator must see to: counted and named, but never by what they hold."""

    @pytest.fixture(autouse=True)
    def _people(self, department, ticket):
        long_ago = timezone.now() - timedelta(days=91)
        acts_for(department, Role.STAFF, username="idle", name="久未登录", last_login=long_ago)
        PersonFactory(username="norole", name="没有任职的")
        acts_for(department, Role.STAFF, username="here", name="在岗", last_login=timezone.now())
        left = acts_for(department, Role.STAFF, username="left", name="已调离", is_active=False)
        acts_for(department, Role.STAFF, username="done", name="已交清", is_active=False)
        ticket.person = left
        ticket.save()

    def test_the_report_names_them(self, capsys, ticket):
        call_command("report_leavers")

        out = capsys.readouterr().out
        assert "长期未登录：1人\n  idle\t" in out
        assert "  norole\t没有任职的\t从未登录\t待授权" in out
        assert "已离岗，仍有未办结事项：1人\n  left\t已调离\t" in out
        assert "在岗" not in out
        assert "已交清" not in out

    def test_the_admin_counts_them_and_opens_exactly_them(self, sign_in, system_administrator):
        system_administrator.last_login = timezone.now()
        system_administrator.save()
        client = sign_in(system_administrator)

        front = client.get("/admin/").content.decode()

        assert "已离岗，仍有未办结事项1人" in front
        page = client.get("/admin/tracker/person/?concern=still_holds").content.decode()
        assert "已调离" in page
        assert "已交清" not in page
        assert client.get("/admin/tracker/person/?concern=nonsense").status_code == 200

    def test_who_closes_an_account_is_told_that_work_is_left(
        self, sign_in, system_administrator, ticket, clerk
    ):
        ticket.reporter = clerk
        ticket.save()
        facts = {"username": "clerk", "name": "梁文", "title": ""}
        facts |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
        address = f"/admin/tracker/person/{clerk.pk}/change/"

        client = sign_in(system_administrator)
        wrong = client.post(address, facts | {"username": ""}).content.decode()
        assert "<title>有错误：人员：梁文" in wrong
        page = client.post(address, facts, follow=True).content.decode()

        assert "“梁文”还有未办结的事项" in page
        clerk.refresh_from_db()
        assert not clerk.is_active

    def test_it_is_nothing_for_who_imports(self, sign_in, operator):
        assert "待清理账号" not in sign_in(operator).get("/admin/").content.decode()
