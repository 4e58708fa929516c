"""A leader writes an instruction on a ticket; the unit reads it and answers."""

import pytest

from tests.conftest import TODAY, acts_for
from tests.factories import TicketFactory
from tracker.choices import NoticeKind, ReplyKind, Role
from tracker.models import Coordination, Instruction, Ticket

pytestmark = pytest.mark.django_db


def instruct(client, ticket, text="剩余部分排出周计划，逐处销账", **fields):
    return client.post(f"/tickets/{ticket.pk}/instruct/", {"text": text, **fields})


def answer(client, instruction, text="周计划已排出。"):
    return client.post(f"/instructions/{instruction.pk}/answer/", {"text": text})


@pytest.fixture
def boss(bureau):
    return acts_for(bureau, Role.LEADER, name="吴志", title="副局长")


@pytest.fixture
def instruction(ticket, boss, clerk, today):
    Ticket.objects.update(reporter=clerk)
    return ticket.instruct(by=boss, text="排出周计划")


class TestInstruct:
    @pytest.mark.parametrize("role", [Role.LEADER, Role.PARTY, Role.OFFICE, Role.INSPECTOR])
    def test_whoever_leads_may_write_one(self, sign_in, bureau, ticket, today, role):
        person = acts_for(bureau, role)

        response = instruct(sign_in(person), ticket)

        assert response.url == f"/tickets/{ticket.pk}/"
        assert Instruction.objects.get().by == person

    def test_it_stands_pinned_on_the_ticket_and_in_its_history(
        self, sign_in, clerk, boss, ticket, today
    ):
        instruct(sign_in(boss), ticket, reply_due_on="2026-11-27")

        page = sign_in(clerk).get(f"/tickets/{ticket.pk}/").content.decode()

        pinned = page.partition('id="instructions"')[2].partition("</section>")[0]
        assert "剩余部分排出周计划，逐处销账" in pinned
        assert "吴志　副局长" in pinned
        assert "11月27日前回复" in pinned
        assert page.index('id="instructions"') < page.index('id="history"')
        shown = sign_in(clerk).get(f"/tickets/{ticket.pk}/?show=instruction").content.decode()
        assert "<b>批示</b>" in shown.partition('id="history"')[2]

    def test_those_who_answer_and_the_addressee_are_told(
        self, sign_in, boss, clerk, ticket, other_department, bureau, today
    ):
        Ticket.objects.update(reporter=clerk)
        to = acts_for(bureau, Role.STAFF)

        instruct(sign_in(boss), ticket, to=to.pk)

        assert {notice.person for notice in ticket.notices.filter(kind=NoticeKind.INSTRUCTED)} == {
            clerk,
            to,
        }

    def test_nobody_out_of_reach_can_be_addressed(self, sign_in, boss, ticket, neighbour, today):
        page = instruct(sign_in(boss), ticket, to=neighbour.pk).content.decode()

        assert "没有保存" in page
        assert not Instruction.objects.exists()

    def test_it_answers_the_open_request_for_coordination(
        self, sign_in, boss, clerk, ticket, today
    ):
        request = ticket.block(
            by=clerk, reason="待批复", needs_text="市编办", since_on=TODAY, version=1
        )
        client = sign_in(boss)
        assert "待批复" in client.get("/coordination/").content.decode()

        instruct(client, ticket, upon=request.pk)

        assert Instruction.objects.get().coordination == request
        assert not Coordination.objects.unanswered().exists()
        assert "没有等待批示的协调请求" in client.get("/coordination/").content.decode()
        assert "剩余部分排出周计划" in client.get("/coordination/?state=open").content.decode()

    def test_a_second_click_makes_no_second_one(self, sign_in, boss, ticket, today):
        client = sign_in(boss)
        instruct(client, ticket)

        page = instruct(client, ticket).content.decode()

        assert "您已经作过同样的批示" in page
        assert Instruction.objects.count() == 1

    def test_a_past_day_for_the_answer_is_refused(self, sign_in, boss, ticket, today):
        page = instruct(sign_in(boss), ticket, reply_due_on="2026-11-21").content.decode()

        assert "回复期限不能早于今天。" in page

    def test_a_closed_ticket_takes_none(self, sign_in, boss, inspection, department, today):
        ticket = TicketFactory(inspection=inspection, lead_unit=department, closed=True)

        assert "已销号的问题已锁定" in instruct(sign_in(boss), ticket).content.decode()

    @pytest.mark.parametrize("who", ["clerk", "viewer", "operator"])
    def test_it_is_refused_to_other_roles(self, sign_in, request, ticket, today, who):
        page = instruct(sign_in(request.getfixturevalue(who)), ticket).content.decode()

        assert "需要责任领导、整改办、党组、巡察办批示。" in page
        assert not Instruction.objects.exists()

    def test_a_leader_elsewhere_gets_404(self, sign_in, ticket, other_bureau):
        assert instruct(sign_in(acts_for(other_bureau, Role.LEADER)), ticket).status_code == 404


class TestAnswer:
    def test_the_unit_answers_and_the_leader_is_told(self, sign_in, clerk, boss, instruction):
        answer(sign_in(clerk), instruction)

        reply = instruction.replies.get()
        assert (reply.kind, reply.by, reply.text) == (ReplyKind.ANSWERED, clerk, "周计划已排出。")
        assert boss.notices.get().text == "回复“排出周计划”：周计划已排出。"
        assert not Instruction.objects.unanswered().exists()

    def test_it_is_read_first_and_answered_later(self, sign_in, clerk, instruction):
        client = sign_in(clerk)
        client.post(f"/instructions/{instruction.pk}/receive/")
        assert Instruction.objects.unanswered().exists()

        answer(client, instruction)

        assert [reply.kind for reply in instruction.replies.order_by("pk")] == [
            ReplyKind.RECEIVED,
            ReplyKind.ANSWERED,
        ]

    def test_it_is_read_only_once(self, sign_in, clerk, instruction):
        client = sign_in(clerk)
        client.post(f"/instructions/{instruction.pk}/receive/")

        response = client.post(f"/instructions/{instruction.pk}/receive/", follow=True)

        assert "这条批示已经签收。" in response.content.decode()
        assert instruction.replies.count() == 1

    def test_a_unit_that_helps_may_answer(
        self, sign_in, ticket, boss, other_department, instruction
    ):
        ticket.co_units.add(other_department)

        answer(sign_in(acts_for(other_department, Role.STAFF)), instruction)

        assert instruction.replies.count() == 1

    def test_the_addressee_may_answer_whatever_their_role(
        self, sign_in, ticket, boss, viewer, today
    ):
        instruction = ticket.instruct(by=boss, text="请协调", to=viewer)

        answer(sign_in(viewer), instruction)

        assert instruction.replies.get().by == viewer

    @pytest.mark.parametrize("who", ["supervisor", "operator", "viewer"])
    def test_others_may_not(self, sign_in, request, instruction, who):
        page = answer(sign_in(request.getfixturevalue(who)), instruction).content.decode()

        assert "需要承办人、部门负责人或批示交办的人员回复。" in page
        assert not instruction.replies.exists()

    def test_an_empty_answer_is_refused(self, sign_in, clerk, instruction):
        assert "请填写回复。" in answer(sign_in(clerk), instruction, "").content.decode()

    def test_a_neighbour_gets_404(self, sign_in, neighbour, instruction):
        client = sign_in(neighbour)

        assert answer(client, instruction).status_code == 404
        assert client.post(f"/instructions/{instruction.pk}/receive/").status_code == 404
