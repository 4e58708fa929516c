"""Units and people from a workbook: preview, all errors at once, and rights only proposed."""

import io

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook

from tests.conftest import acts_for
from tracker.choices import AuditKind, Post, Role
from tracker.models import AuditEvent, Membership, MembershipProposal, Person, Unit

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/tracker/person/"
UNITS = "/admin/tracker/unit/"
HEADS = ("账号", "姓名", "职务", "单位", "角色")


@pytest.fixture
def as_system(client, system_administrator):
    client.force_login(system_administrator)
    return client


@pytest.fixture
def as_security(security_administrator):
    client = Client()
    client.force_login(security_administrator)
    return client


def workbook(*rows) -> io.BytesIO:
    book, stream = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    stream.seek(0)
    stream.name = "人员.xlsx"
    return stream


def preview(client, base, *rows):
    return client.post(f"{base}import/", {"import_file": workbook(*rows), "format": "0"})


def confirm(client, base, response):
    form = response.context["confirm_form"].initial
    return client.post(f"{base}process_import/", form, follow=True)


def take(client, base, *rows):
    return confirm(client, base, preview(client, base, *rows))


class TestPeople:
    def test_the_preview_shows_and_writes_nothing(self, as_system, department):
        page = preview(
            as_system, PEOPLE, HEADS, ("suhe", "苏禾", "科员", "工程科", "承办人")
        ).content.decode()

        assert "预览：新增1行" in page
        assert "苏禾" in page
        assert "style=" not in page.split('id="content"')[1]
        assert not Person.objects.filter(username="suhe").exists()
        assert not MembershipProposal.objects.exists()

    def test_the_confirmation_makes_accounts_that_wait_for_a_grant(self, as_system, department):
        page = take(as_system, PEOPLE, HEADS, ("suhe", "苏禾", "科员", "工程科", "承办人"))

        assert "已导入：新增1" in page.content.decode()
        assert "由安全管理员在“待授权”里授权后生效" in page.content.decode()
        person = Person.objects.get(username="suhe")
        assert (person.name, person.title, person.state) == ("苏禾", "科员", "待授权")
        assert not person.has_usable_password()
        proposal = person.proposals.get()
        assert (proposal.unit, proposal.role) == (department, Role.STAFF)
        assert not person.memberships.exists()
        event = AuditEvent.objects.filter(kind=AuditKind.IMPORT).get()
        assert (event.actor_name, event.object_name) == ("系统员", "人员")

    def test_every_row_that_is_wrong_is_named_at_once_and_none_is_taken(
        self, as_system, department, auditor
    ):
        page = preview(
            as_system,
            PEOPLE,
            HEADS,
            ("suhe", "苏禾", "", "", ""),
            ("", "无账号", "", "", ""),
            ("fang", "方远", "", "没有的科", "承办人"),
            ("qin", "秦川", "", "工程科", "科长"),
            ("meng", "孟川", "", "工程科", ""),
            ("auditor", "审计员", "", "工程科", "承办人"),
            ("bad name", "坏账号", "", "", ""),
        ).content.decode()

        for words in (
            "第3行：账号没有填",
            "没有名为“没有的科”的单位",
            "没有“科长”这种角色",
            "单位和角色要一起填",
            "此人有管理岗位",
            "请输入合法的用户名",
        ):
            assert words in page, words
        assert "confirm" not in page.split("<h2>")[1]
        assert not Person.objects.filter(username="suhe").exists()

    def test_an_empty_cell_changes_nothing(self, as_system, clerk):
        clerk.title = "科长"
        clerk.save()

        take(as_system, PEOPLE, HEADS, ("CLERK", "梁文", "", "", ""))

        clerk.refresh_from_db()
        assert (clerk.username, clerk.title) == ("clerk", "科长")

    def test_a_second_import_of_the_same_file_changes_nothing(self, as_system, department):
        rows = (HEADS, ("suhe", "苏禾", "科员", "工程科", "承办人"))
        take(as_system, PEOPLE, *rows)

        page = take(as_system, PEOPLE, *rows).content.decode()

        assert "新增0，修改0，未变1" in page
        assert MembershipProposal.objects.count() == 1

    def test_a_file_without_its_headings_is_refused(self, as_system):
        page = preview(as_system, PEOPLE, ("甲", "乙"), ("1", "2")).content.decode()

        assert "第一行缺少这些列：账号、姓名" in page

    def test_many_get_their_first_password_on_one_page(self, as_system, clerk, auditor):
        response = as_system.post(
            PEOPLE, {"action": "hand_out_secrets", "_selected_action": [clerk.pk, auditor.pk]}
        )

        page = response.content.decode()
        secret = page.split("<code>")[1].split("</code>")[0]
        clerk.refresh_from_db()
        assert clerk.check_password(secret)
        assert page.count("<code>") == 1  # an administrator's comes from the server


class TestProposals:
    @pytest.fixture
    def proposal(self, department, system_administrator):
        person = Person.objects.create(username="suhe", name="苏禾")
        return MembershipProposal.objects.create(
            person=person, unit=department, role=Role.STAFF, proposed_by=system_administrator
        )

    def decide(self, client, proposal, action):
        return client.post(
            "/admin/tracker/membershipproposal/",
            {"action": action, "_selected_action": [proposal.pk]},
            follow=True,
        )

    def test_the_security_administrator_grants(self, as_security, proposal, department):
        self.decide(as_security, proposal, "grant")

        assert proposal.person.memberships.get().unit == department
        proposal.refresh_from_db()
        assert (proposal.is_granted, proposal.decided_by.name) == (True, "安全员")
        assert AuditEvent.objects.filter(kind=AuditKind.GRANT, actor_name="安全员").exists()

    def test_or_refuses(self, as_security, proposal):
        self.decide(as_security, proposal, "refuse")

        assert not proposal.person.memberships.exists()
        assert not MembershipProposal.objects.open().exists()
        assert AuditEvent.objects.filter(kind=AuditKind.GRANT, reason="不授权").exists()

    def test_nobody_else_does(self, as_system, proposal):
        assert self.decide(as_system, proposal, "grant").status_code == 403
        assert not proposal.person.memberships.exists()

    def test_a_second_decision_does_nothing(self, proposal, security_administrator):
        proposal.decide(by=security_administrator, grant=False)
        proposal.decide(by=security_administrator, grant=True)

        assert not Membership.objects.filter(person=proposal.person).exists()

    def test_who_got_a_post_meanwhile_gets_no_role(self, as_security, proposal):
        proposal.person.post = Post.AUDITOR
        proposal.person.save()

        page = self.decide(as_security, proposal, "grant").content.decode()

        assert "此人有管理岗位" in page
        assert MembershipProposal.objects.open().count() == 1


class TestUnits:
    HEADS = ("名称", "简称", "上级单位", "排序")

    def test_a_tree_comes_in_from_the_top_down(self, as_system, bureau):
        take(
            as_system,
            UNITS,
            self.HEADS,
            ("临江市交通局", "市交通局", "", 3),
            ("运输科", "", "市交通局", ""),
            ("安全科", "", "临江市交通局/运输科", 2),
        )

        unit = Unit.objects.get(name="安全科")
        assert (str(unit.parent), str(unit.parent.parent)) == ("运输科", "市交通局")
        assert unit.path == f"{unit.parent.path}{unit.pk}/"

    def test_namesakes_must_be_told_apart(self, as_system, bureau, other_bureau):
        for body in (bureau, other_bureau):
            Unit.objects.create(name="办公室", parent=body)

        page = preview(as_system, UNITS, self.HEADS, ("文印组", "", "办公室", "")).content.decode()
        assert "有2个“办公室”" in page

        take(as_system, UNITS, self.HEADS, ("文印组", "", "市水务局/办公室", ""))
        assert Unit.objects.get(name="文印组").parent.parent == bureau

    def test_an_operator_does_not_import_units(self, client, operator):
        client.force_login(operator)

        assert client.get(f"{UNITS}import/").status_code == 403
        assert client.get(f"{UNITS}template/").status_code == 403


@pytest.mark.parametrize(("base", "sheet"), [(PEOPLE, "人员"), (UNITS, "单位")])
def test_the_template_says_how_to_fill_it_in(as_system, base, sheet):
    response = as_system.get(f"{base}template/")

    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == [sheet, "填写说明"]
    guide = [row[0] for row in book["填写说明"].iter_rows(values_only=True)]
    assert guide[1:-1] == [cell.value for cell in book[sheet][1]]


def test_a_row_costs_a_fixed_number_of_queries(as_system, bureau, django_assert_max_num_queries):
    acts_for(bureau, Role.STAFF)
    rows = [(f"person{n}x", f"林某{n}", "", "市水务局", "承办人") for n in range(20)]

    with django_assert_max_num_queries(700):
        preview(as_system, PEOPLE, HEADS, *rows)


def test_who_grants_sees_for_which_bureau(
    as_system, department, other_bureau, security_administrator
):
    """Every bureau has an office: a grant for the wrong one opens another bureau's problems."""
    city = Unit.objects.create(name="临江市")
    for unit in (department.parent, other_bureau):
        unit.parent = city
        unit.save()
    take(as_system, PEOPLE, HEADS, ("suhe", "苏禾", "科员", "工程科", "承办人"))
    client = Client()
    client.force_login(security_administrator)

    assert "待授权1项" in client.get("/admin/").content.decode()
    page = client.get("/admin/tracker/membershipproposal/").content.decode()
    assert "市水务局工程科" in page
