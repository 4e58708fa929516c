"""For a period one person decides in another's place, and every decision says so."""

from datetime import date

import pytest

from tests.conftest import acts_for
from tracker.choices import AuditKind, Role, Status
from tracker.models import AuditEvent, Extension, Membership, Person, Substitution, Ticket
from tracker.workflow import MoveRefused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY, END = date(2026, 11, 22), date(2026, 11, 30)


@pytest.fixture
def deputy(department):
    """Works in 工程科, and decides nothing there."""
    return acts_for(department, Role.VIEWER, username="deputy", name="卢平")


def name(substitute, principal, by=None, from_on=TODAY, to_on=END, reason="出差"):
    return Substitution.objects.appoint(
        substitute,
        principal=principal,
        from_on=from_on,
        to_on=to_on,
        reason=reason,
        by=by or principal,
    )


def again(person):
    """The person as a new request finds them."""
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def submitted(ticket, clerk):
    ticket.report(by=clerk, text="已补登。", version=1)
    ticket.move("submit", by=clerk, note="台账已补齐。", version=2)
    return ticket


class TestName:
    def test_who_decides_names_a_substitute(self, sign_in, supervisor, deputy):
        response = sign_in(supervisor).post(
            "/substitutions/new/",
            {
                "principal": supervisor.pk,
                "substitute": deputy.pk,
                "from_on": "2026-11-22",
                "to_on": "2026-11-30",
                "reason": "出差",
            },
        )

        assert response.url == "/substitutions/"
        made = Substitution.objects.get()
        assert (made.principal, made.substitute, made.named_by) == (supervisor, deputy, supervisor)
        assert (made.from_on, made.to_on) == (TODAY, END)

    def test_the_office_names_one_for_others(self, sign_in, department, supervisor, deputy):
        head = acts_for(department, Role.HEAD, name="莫志")
        client = sign_in(supervisor)
        assert "莫志" in client.get("/substitutions/new/?principal=other").content.decode()

        client.post(
            "/substitutions/new/",
            {
                "principal": head.pk,
                "substitute": deputy.pk,
                "from_on": "2026-11-22",
                "to_on": "2026-11-30",
                "reason": "病假",
            },
        )

        made = Substitution.objects.get()
        assert (made.principal, made.named_by) == (head, supervisor)

    @pytest.mark.parametrize("who", ["clerk", "viewer", "operator", "neighbour"])
    def test_who_decides_nothing_names_nobody(self, sign_in, request, who):
        assert sign_in(request.getfixturevalue(who)).get("/substitutions/new/").status_code == 404

    def test_nobody_names_one_for_a_colleague(self, department, deputy, supervisor):
        head = acts_for(department, Role.HEAD)

        with pytest.raises(MoveRefused, match="只有本人或其单位的整改办"):
            name(deputy, supervisor, by=head)

    def test_the_substitute_acts_for_the_same_units(self, supervisor, neighbour):
        with pytest.raises(MoveRefused, match="方远不在邓佳的单位任职"):
            name(neighbour, supervisor)

    @pytest.mark.parametrize(
        ("period", "words"),
        [
            ({"from_on": date(2026, 11, 21)}, "不能从过去的日子开始"),
            ({"to_on": date(2026, 11, 21)}, "止日不能早于起日"),
            ({"reason": " "}, "请写明代理原因"),
        ],
    )
    def test_the_period_lies_ahead_and_has_a_reason(self, supervisor, deputy, period, words):
        with pytest.raises(MoveRefused, match=words):
            name(deputy, supervisor, **period)

    def test_not_oneself(self, supervisor):
        with pytest.raises(MoveRefused, match="代理人不能是本人"):
            name(supervisor, supervisor)

    def test_one_at_a_time(self, department, supervisor, deputy):
        other = acts_for(department, Role.STAFF)
        first = name(deputy, supervisor)

        with pytest.raises(MoveRefused, match="邓佳在这段时间已由卢平代理"):
            name(other, supervisor, from_on=END, to_on=date(2026, 12, 9))

        first.revoke(by=supervisor)
        name(other, supervisor, from_on=END, to_on=date(2026, 12, 9))

    def test_not_one_who_is_away_too(self, bureau, supervisor, deputy):
        head = acts_for(bureau, Role.HEAD, name="莫志")
        name(deputy, head)

        with pytest.raises(MoveRefused, match="莫志在这段时间自己也由他人代理"):
            name(head, supervisor)


class TestActing:
    def test_within_the_period_what_waits_for_the_principal_waits_for_the_substitute(
        self, sign_in, supervisor, deputy, submitted
    ):
        assert not Ticket.objects.awaiting("review", again(deputy)).exists()
        name(deputy, supervisor)

        assert list(Ticket.objects.awaiting("review", again(deputy))) == [submitted]
        client = sign_in(deputy)
        assert "待我审核" in client.get("/").content.decode()
        assert submitted.title in client.get("/tickets/?act=review").content.decode()

    def test_a_closing_says_in_whose_place(self, sign_in, supervisor, deputy, submitted):
        name(deputy, supervisor)
        client = sign_in(deputy)
        page = client.get(f"/tickets/{submitted.pk}/move/close/").content.decode()
        assert "代邓佳" in page

        submitted.move("close", by=again(deputy), note="同意销号。", version=3)

        submitted.refresh_from_db()
        assert submitted.status == Status.CLOSED
        record = submitted.transitions.first()
        assert (record.by, record.acting_for) == (deputy, supervisor)
        assert "卢平（代邓佳）" in client.get(f"/tickets/{submitted.pk}/").content.decode()

    @pytest.mark.parametrize("day", ["2026-11-21T23:00+08:00", "2026-12-01T00:10+08:00"])
    def test_before_and_after_it_gives_nothing(
        self, time_machine, supervisor, deputy, submitted, day
    ):
        name(deputy, supervisor)
        time_machine.move_to(day)

        assert not Ticket.objects.awaiting("review", again(deputy)).exists()
        with pytest.raises(MoveRefused, match="需要"):
            submitted.move("close", by=again(deputy), note="同意。", version=3)

    def test_once_revoked_it_gives_nothing(self, sign_in, supervisor, deputy, submitted):
        made = name(deputy, supervisor)
        sign_in(supervisor).post(f"/substitutions/{made.pk}/revoke/")

        assert not Ticket.objects.awaiting("review", again(deputy)).exists()
        made.refresh_from_db()
        assert made.revoked_by == supervisor

    def test_only_decisions_are_lent(self, bureau, supervisor, deputy, submitted):
        name(deputy, supervisor)
        stand_in = again(deputy)

        assert stand_in.may("close")
        for action in ("press", "reopen", "hand_over", "name_substitute", "report", "substitute"):
            assert not stand_in.may(action), action

    def test_who_was_lent_a_role_does_not_lend_it_on(self, department, supervisor, deputy):
        other = acts_for(department, Role.STAFF, name="韦青")
        name(deputy, supervisor)

        with pytest.raises(MoveRefused, match="卢平没有审核、审批的角色"):
            name(other, again(deputy))

    def test_a_substitute_who_submitted_is_refused(self, supervisor, clerk, submitted):
        name(clerk, supervisor)

        with pytest.raises(MoveRefused, match="提交人不能审核自己提交的问题"):
            submitted.move("close", by=again(clerk), note="同意。", version=3)

    def test_a_substitute_of_the_responsible_person_is_refused(self, supervisor, deputy, submitted):
        Ticket.objects.filter(pk=submitted.pk).update(person=supervisor)
        name(deputy, supervisor)

        with pytest.raises(MoveRefused, match="责任人"):
            Ticket.objects.get(pk=submitted.pk).move(
                "close", by=again(deputy), note="同意。", version=3
            )
        assert not Ticket.objects.awaiting("review", again(deputy)).exists()

    def test_a_leaver_lends_nothing(self, supervisor, deputy, submitted):
        name(deputy, supervisor)
        Person.objects.filter(pk=supervisor.pk).update(is_active=False)

        assert not Ticket.objects.awaiting("review", again(deputy)).exists()

    def test_a_role_taken_from_the_principal_is_lent_no_more(self, supervisor, deputy, submitted):
        name(deputy, supervisor)
        Membership.objects.filter(person=supervisor).delete()

        assert not again(deputy).may("close")


class TestExtensions:
    @pytest.fixture
    def asked(self, ticket, clerk):
        Ticket.objects.filter(pk=ticket.pk).update(reporter=clerk)
        ticket.refresh_from_db()
        return Extension.ask(
            ticket,
            by=clerk,
            due_on=date(2027, 1, 15),
            reason="冻雨。",
            ground="预警",
            progress="过半。",
            version=1,
        )

    def test_a_decision_says_in_whose_place(self, sign_in, supervisor, deputy, asked):
        name(deputy, supervisor)
        client = sign_in(deputy)
        assert asked.ticket.title in client.get("/extensions/").content.decode()
        assert "您正代邓佳审批" in client.get(f"/extensions/{asked.pk}/").content.decode()

        client.post(
            f"/extensions/{asked.pk}/",
            {"ruling": "agree", "due_on": "2027-01-15", "ground": "纪要", "version": 2},
        )

        decision = asked.decisions.get()
        assert (decision.by, decision.acting_for) == (deputy, supervisor)
        for path in (f"/extensions/{asked.pk}/", f"/tickets/{asked.ticket_id}/"):
            assert "卢平（代邓佳）" in client.get(path).content.decode()

    def test_a_substitute_who_asked_is_refused(self, supervisor, clerk, asked):
        name(clerk, supervisor)

        assert not Extension.objects.awaiting(again(clerk)).exists()
        with pytest.raises(MoveRefused, match="您是这项申请的申请人"):
            asked.decide("agree", by=again(clerk), opinion="", due_on=date(2027, 1, 15), version=2)

    def test_a_substitute_of_who_answers_for_it_is_refused(self, supervisor, deputy, asked):
        Ticket.objects.filter(pk=asked.ticket_id).update(person=supervisor)
        name(deputy, supervisor)
        fresh = Extension.objects.get(pk=asked.pk)

        assert not Extension.objects.awaiting(again(deputy)).exists()
        with pytest.raises(MoveRefused, match="被代理人邓佳是"):
            fresh.decide("agree", by=again(deputy), opinion="", due_on=date(2027, 1, 15), version=2)


class TestList:
    def test_it_shows_both_and_the_office_and_nobody_else(
        self, sign_in, supervisor, deputy, clerk, neighbour
    ):
        name(deputy, supervisor)

        for who in (supervisor, deputy):
            page = sign_in(who).get("/substitutions/").content.decode()
            assert "卢平" in page
            assert "代理中" in page
        for who in (clerk, neighbour):
            assert "卢平" not in sign_in(who).get("/substitutions/").content.decode()

    def test_revoking_is_for_both_and_the_office(
        self, sign_in, supervisor, deputy, clerk, department
    ):
        made = name(deputy, supervisor)

        assert sign_in(clerk).post(f"/substitutions/{made.pk}/revoke/").status_code == 404
        sign_in(deputy).post(f"/substitutions/{made.pk}/revoke/")

        made.refresh_from_db()
        assert made.revoked_by == deputy
        assert made.state(TODAY) == "已撤销"

    def test_a_glance_revokes_nothing(self, sign_in, supervisor, deputy):
        made = name(deputy, supervisor)

        page = sign_in(supervisor).get(f"/substitutions/{made.pk}/revoke/").content.decode()

        assert "已作的决定不变" in page
        made.refresh_from_db()
        assert made.revoked_at is None


def test_naming_and_revoking_are_written_down_for_the_auditor(head, deputy):
    named = name(deputy, head)
    named.revoke(by=head)

    events = AuditEvent.objects.filter(kind=AuditKind.DUTY).order_by("seq")
    assert [(e.actor_name, e.object_name, e.reason) for e in events] == [
        ("莫科", "卢平代莫科", "指定代理：出差"),
        ("莫科", "卢平代莫科", "撤销代理"),
    ]
