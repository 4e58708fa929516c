"""More time is asked for, decided step by step, and only the decision moves the deadline."""

from datetime import date

import pytest

from tests.conftest import acts_for
from tests.factories import TicketFactory
from tracker.choices import DueBasis, ExtensionStatus, Role, Status
from tracker.models import Extension, Membership, Person, Ticket
from tracker.workflow import MoveRefused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DUE, LATER, OTHER = date(2026, 12, 1), date(2027, 1, 15), date(2026, 12, 20)
ASKED = {
    "due_on": "2027-01-15",
    "reason": "桥面铺装受冻雨影响。",
    "ground": "气象局道路结冰预警",
    "progress": "四座中已完成三座。",
}


@pytest.fixture
def head(department):
    return acts_for(department, Role.HEAD, username="head", name="莫志")


@pytest.fixture
def ticket(ticket, clerk, head):
    """In work, with a head above the clerk who reports on it."""
    ticket.reporter = clerk
    ticket.save()
    return ticket


def ask(ticket, by, **changes):
    given = {**ASKED, "due_on": LATER, "version": ticket.version, **changes}
    return Extension.ask(Ticket.objects.get(pk=ticket.pk), by=by, **given)


def decide(extension, ruling, by, **given):
    extension, by = Extension.objects.get(pk=extension.pk), as_they_come(by)
    given = {"opinion": "情况属实。", "version": extension.ticket.version, **given}
    return extension.decide(ruling, by=by, **given)


def as_they_come(person):
    """The person as a new request finds them, with the roles of now."""
    return Person.objects.get(pk=person.pk)


def waiting_for(person):
    return list(Extension.objects.awaiting(as_they_come(person)))


@pytest.fixture
def asked(ticket, clerk):
    return ask(ticket, clerk)


@pytest.fixture
def agreed(asked, head):
    """The head has agreed; the office decides."""
    decide(asked, "agree", head, due_on=LATER)
    asked.refresh_from_db()
    return asked


class TestAsk:
    def test_the_request_alone_moves_nothing(self, sign_in, clerk, ticket):
        response = sign_in(clerk).post(f"/tickets/{ticket.pk}/extension/", {**ASKED, "version": 1})

        assert response.url == f"/tickets/{ticket.pk}/"
        made = ticket.extensions.get()
        assert (made.by, made.asked_due_on, made.present_due_on) == (clerk, LATER, DUE)
        assert (made.steps, made.waits_for, made.status) == ("unit,office", "unit", "pending")
        ticket.refresh_from_db()
        assert (ticket.due_on, ticket.original_due_on, ticket.status) == (DUE, DUE, "in_progress")

    def test_it_can_be_asked_on_the_last_day_itself(self, time_machine, ticket, clerk):
        time_machine.move_to("2026-12-01T23:50+08:00")

        assert ask(ticket, clerk).is_pending

    def test_late_it_is_refused_with_the_way_out(self, time_machine, sign_in, ticket, clerk):
        time_machine.move_to("2026-12-02T00:10+08:00")
        client = sign_in(clerk)

        page = client.post(f"/tickets/{ticket.pk}/extension/", {**ASKED, "version": 1})

        assert "时限已过，不能再申请延期。请联系整改办" in page.content.decode()
        assert "桥面铺装受冻雨影响。" in page.content.decode()
        assert "请联系整改办" in client.get(f"/tickets/{ticket.pk}/").content.decode()
        assert not Extension.objects.exists()

    @pytest.mark.parametrize("name", ["reason", "ground", "progress", "due_on"])
    def test_nothing_may_be_left_out(self, sign_in, clerk, ticket, name):
        response = sign_in(clerk).post(
            f"/tickets/{ticket.pk}/extension/", {**ASKED, name: "", "version": 1}
        )

        assert list(response.context["form"].errors) == [name]
        assert not Extension.objects.exists()

    @pytest.mark.parametrize("day", ["2026-12-01", "2026-11-30"])
    def test_the_new_date_is_later_than_the_present_one(self, sign_in, clerk, ticket, day):
        response = sign_in(clerk).post(
            f"/tickets/{ticket.pk}/extension/", {**ASKED, "due_on": day, "version": 1}
        )

        assert response.context["form"].errors == {"due_on": ["必须晚于现在的时限2026年12月1日。"]}

    def test_one_request_at_a_time(self, sign_in, clerk, asked):
        page = sign_in(clerk).get(f"/tickets/{asked.ticket_id}/extension/").content.decode()

        assert "已有一项延期申请在审批" in page

    @pytest.mark.parametrize("status", ["unclaimed", "submitted", "closed"])
    def test_only_what_is_being_worked_on(self, clerk, inspection, department, status):
        state = {} if status == "unclaimed" else {status: True}
        other = TicketFactory(inspection=inspection, lead_unit=department, reporter=clerk, **state)

        with pytest.raises(MoveRefused, match="的问题可以申请延期，现在是"):
            ask(other, clerk)

    def test_a_ticket_without_a_deadline_needs_none(self, clerk, inspection, department):
        other = TicketFactory(
            inspection=inspection,
            lead_unit=department,
            person=clerk,
            in_progress=True,
            due_on=None,
        )

        with pytest.raises(MoveRefused, match="没有时限"):
            ask(other, clerk)

    @pytest.mark.parametrize("role", ["supervisor", "operator", "viewer"])
    def test_other_roles_cannot_ask(self, sign_in, request, ticket, role):
        response = sign_in(request.getfixturevalue(role)).post(
            f"/tickets/{ticket.pk}/extension/", {**ASKED, "version": 1}
        )

        assert "需要这个问题的填报人、责任人" in response.content.decode()
        assert not Extension.objects.exists()

    def test_a_colleague_who_has_nothing_to_do_with_it_cannot_ask(self, department, ticket):
        colleague = acts_for(department, Role.STAFF)

        with pytest.raises(MoveRefused, match="需要这个问题的填报人"):
            ask(ticket, colleague)

    def test_a_neighbour_gets_404(self, sign_in, neighbour, ticket):
        client = sign_in(neighbour)
        assert client.get(f"/tickets/{ticket.pk}/extension/").status_code == 404
        assert client.post(f"/tickets/{ticket.pk}/extension/", ASKED).status_code == 404

    def test_where_the_head_asks_the_unit_has_agreed(self, ticket, head):
        assert ask(ticket, head).steps == "office"

    def test_a_unit_without_a_head_goes_straight_to_the_office(self, ticket, head, clerk):
        Membership.objects.filter(person=head).delete()

        assert ask(ticket, clerk).steps == "office"

    def test_a_colleague_who_was_faster_is_shown_and_no_word_is_lost(
        self, sign_in, clerk, department, ticket
    ):
        colleague = acts_for(department, Role.STAFF, name="韦青")
        ticket.report(by=colleague, text="又完成一座。", version=1)
        client = sign_in(clerk)

        response = client.post(f"/tickets/{ticket.pk}/extension/", {**ASKED, "version": 1})

        assert response.status_code == 409
        page = response.content.decode()
        assert "又完成一座。" in page
        form = response.context["form"]
        kept = {name: form[name].value() for name in form.fields}
        assert kept == {**ASKED, "version": 2}
        assert client.post(f"/tickets/{ticket.pk}/extension/", kept).status_code == 302
        assert ticket.extensions.get().is_pending


class TestDecide:
    def test_the_last_step_moves_the_deadline_and_keeps_the_first(
        self, sign_in, supervisor, agreed, ticket
    ):
        response = sign_in(supervisor).post(
            f"/extensions/{agreed.pk}/",
            {
                "ruling": "agree",
                "due_on": "2026-12-20",
                "ground": "整改办会议纪要第三号",
                "opinion": "压缩工期。",
                "version": agreed.ticket.version,
            },
        )

        assert response.url == f"/extensions/{agreed.pk}/"
        agreed.refresh_from_db()
        assert (agreed.status, agreed.permitted_due_on) == ("approved", OTHER)
        ticket.refresh_from_db()
        assert (ticket.due_on, ticket.original_due_on) == (OTHER, DUE)
        assert ticket.due_basis == DueBasis.DECIDED
        change = ticket.changes.get(field="整改时限")
        assert (change.old, change.new) == ("2026年12月1日", "2026年12月20日")
        assert (change.by, change.why) == (supervisor, "批准延期：整改办会议纪要第三号")

    def test_the_ticket_shows_both_dates_and_counts_it(self, sign_in, clerk, supervisor, agreed):
        decide(agreed, "agree", supervisor, due_on=OTHER, ground="会议纪要")

        page = sign_in(clerk).get(f"/tickets/{agreed.ticket_id}/").content.decode()

        assert "延期1次" in page
        assert "<del>2026年12月1日</del>" in page
        assert "2026年12月20日" in page
        assert "延期1次" in sign_in(clerk).get("/tickets/").content.decode()

    def test_it_is_decided_level_by_level(self, asked, head, supervisor, ticket):
        with pytest.raises(MoveRefused, match="正等待部门负责人或责任领导审批"):
            decide(asked, "agree", supervisor, due_on=LATER, ground="会议纪要")

        decide(asked, "agree", head, due_on=LATER)

        asked.refresh_from_db()
        assert (asked.status, asked.waits_for) == ("pending", "office")
        ticket.refresh_from_db()
        assert ticket.due_on == DUE
        with pytest.raises(MoveRefused, match="正等待整改办审批"):
            decide(asked, "agree", head, due_on=LATER)

    @pytest.mark.parametrize(("ruling", "status"), [("return", "returned"), ("refuse", "refused")])
    def test_no_needs_a_reason_and_leaves_the_deadline(
        self, sign_in, head, asked, ticket, ruling, status
    ):
        client = sign_in(head)
        given = {"ruling": ruling, "version": asked.ticket.version, "opinion": ""}

        refused = client.post(f"/extensions/{asked.pk}/", given)
        assert refused.context["form"].errors == {"opinion": ["退回补充和不同意必须写明原因。"]}

        client.post(f"/extensions/{asked.pk}/", {**given, "opinion": "缺气象证明。"})
        asked.refresh_from_db()
        assert (asked.status, asked.permitted_due_on) == (status, None)
        ticket.refresh_from_db()
        assert ticket.due_on == DUE

    def test_after_a_return_it_can_be_asked_again(self, asked, head, clerk, ticket):
        decide(asked, "return", head, opinion="缺气象证明。")
        ticket.refresh_from_db()

        assert ask(ticket, clerk).is_pending

    @pytest.mark.parametrize("missing", ["due_on", "ground"])
    def test_the_last_agreement_names_date_and_ground(self, sign_in, supervisor, agreed, missing):
        given = {"ruling": "agree", "due_on": "2027-01-15", "ground": "会议纪要"}

        response = sign_in(supervisor).post(
            f"/extensions/{agreed.pk}/",
            {**given, missing: "", "version": agreed.ticket.version},
        )

        assert list(response.context["form"].errors) == [missing]

    @pytest.mark.parametrize("day", [DUE, date(2026, 11, 30)])
    def test_the_permitted_date_is_later_than_the_deadline(self, agreed, supervisor, day):
        with pytest.raises(MoveRefused, match="必须晚于现在的时限"):
            decide(agreed, "agree", supervisor, due_on=day, ground="会议纪要")

    def test_who_asks_never_decides(self, agreed, clerk, bureau):
        Membership.objects.create(person=clerk, unit=bureau, role=Role.OFFICE)

        with pytest.raises(MoveRefused, match="您是这项申请的申请人"):
            decide(agreed, "agree", clerk, due_on=LATER, ground="会议纪要")
        assert waiting_for(clerk) == []

    def test_who_answers_for_the_ticket_never_decides(self, agreed, ticket, supervisor):
        Ticket.objects.filter(pk=ticket.pk).update(person=supervisor)

        with pytest.raises(MoveRefused, match="责任人，不能审批"):
            decide(agreed, "agree", supervisor, due_on=LATER, ground="会议纪要")
        assert waiting_for(supervisor) == []

    def test_no_one_decides_two_steps(self, agreed, head, bureau):
        Membership.objects.create(person=head, unit=bureau, role=Role.OFFICE)

        with pytest.raises(MoveRefused, match="您已审批过前一环节"):
            decide(agreed, "agree", head, due_on=LATER, ground="会议纪要")
        assert waiting_for(head) == []

    def test_only_the_registered_leader_agrees_for_the_unit(self, asked, ticket, bureau, head):
        Membership.objects.filter(person=head).delete()
        own, other = (acts_for(bureau, Role.LEADER) for _ in range(2))
        Ticket.objects.filter(pk=ticket.pk).update(leader=own)

        assert (waiting_for(own), waiting_for(other)) == ([asked], [])
        with pytest.raises(MoveRefused, match="正等待部门负责人或责任领导审批"):
            decide(asked, "agree", other, due_on=LATER)
        decide(asked, "agree", own, due_on=LATER)

    def test_what_is_settled_is_decided_no_more(self, agreed, supervisor):
        decide(agreed, "refuse", supervisor, opinion="理由不足。")

        with pytest.raises(MoveRefused, match="未批准，不再审批"):
            decide(agreed, "agree", supervisor, due_on=LATER, ground="会议纪要")

    def test_a_closed_ticket_gets_no_more_time(self, agreed, supervisor, ticket):
        Ticket.objects.filter(pk=ticket.pk).update(
            status=Status.CLOSED, submitted_on=DUE, closed_on=DUE
        )

        with pytest.raises(MoveRefused, match="已销号，不需要延期"):
            decide(agreed, "agree", supervisor, due_on=LATER, ground="会议纪要")

    def test_of_two_decisions_the_second_sees_the_first(self, sign_in, supervisor, bureau, agreed):
        version = agreed.ticket.version
        other = acts_for(bureau, Role.OFFICE, name="何敏")
        decide(agreed, "return", other, opinion="缺气象证明。")

        response = sign_in(supervisor).post(
            f"/extensions/{agreed.pk}/",
            {"ruling": "agree", "due_on": "2027-01-15", "ground": "纪要", "version": version},
        )

        assert response.status_code == 409
        assert "缺气象证明。" in response.content.decode()
        agreed.refresh_from_db()
        assert agreed.status == ExtensionStatus.RETURNED

    def test_a_stranger_gets_404(self, sign_in, neighbour, agreed):
        for path in (f"/extensions/{agreed.pk}/", f"/extensions/{agreed.pk}/withdraw/"):
            client = sign_in(neighbour)
            assert client.get(path).status_code == client.post(path).status_code == 404


class TestWithdraw:
    def test_the_asker_takes_it_back(self, sign_in, clerk, asked, ticket):
        sign_in(clerk).post(f"/extensions/{asked.pk}/withdraw/", {"version": asked.ticket.version})

        asked.refresh_from_db()
        assert (asked.status, asked.waits_for) == ("withdrawn", "")
        ticket.refresh_from_db()
        assert ticket.due_on == DUE
        change = ticket.changes.get()
        assert (change.field, change.old, change.new) == ("延期申请", "待审批", "已撤回")

    def test_nobody_else_does(self, sign_in, head, asked):
        response = sign_in(head).post(
            f"/extensions/{asked.pk}/withdraw/", {"version": asked.ticket.version}, follow=True
        )

        assert "只有申请人可以撤回。" in response.content.decode()
        asked.refresh_from_db()
        assert asked.is_pending

    def test_what_is_settled_is_not_taken_back(self, asked, head, clerk):
        decide(asked, "refuse", head, opinion="理由不足。")

        with pytest.raises(MoveRefused, match="未批准，不能撤回"):
            Extension.objects.get(pk=asked.pk).withdraw(by=clerk, version=3)
