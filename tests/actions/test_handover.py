"""All that one person has in hand moves to another, once both have confirmed."""

from datetime import date

import pytest

from tests.conftest import acts_for
from tests.factories import MeasureFactory, TicketFactory
from tracker.choices import AuditKind, Part, Role, Status
from tracker.models import AuditEvent, Handover, Membership, Person, Ticket
from tracker.models.in_hand import leavers, open_duties
from tracker.workflow import MoveRefused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def successor(department):
    return acts_for(department, Role.STAFF, username="successor", name="莫志")


@pytest.fixture
def in_hand(inspection, department, clerk):
    """Two open tickets of the clerk, one in two parts; a closed one and a colleague's."""

    def ticket(title, **facts):
        return TicketFactory(inspection=inspection, lead_unit=department, title=title, **facts)

    made = [
        ticket("台账不健全", person=clerk, reporter=clerk, in_progress=True),
        ticket("档案散失", reporter=clerk, returned=True),
    ]
    ticket("已经办完", person=clerk, closed=True)
    ticket("别人的", person=acts_for(department, Role.STAFF), in_progress=True)
    return made


def start(giver, receiver, by=None, duties=None, reason="岗位调整"):
    by = by or giver
    return Handover.objects.start(
        open_duties(giver, by) if duties is None else duties,
        giver=giver,
        receiver=receiver,
        reason=reason,
        by=by,
    )


def parts(tickets):
    fresh = Ticket.objects.filter(pk__in=[t.pk for t in tickets]).order_by("pk")
    return [(t.person, t.reporter) for t in fresh]


class TestStart:
    def test_the_open_items_are_listed_each_ticked(self, sign_in, clerk, in_hand):
        page = sign_in(clerk).get("/handovers/new/").content.decode()

        keys = [f"{in_hand[0].pk}-person", f"{in_hand[0].pk}-reporter", f"{in_hand[1].pk}-reporter"]
        for key in keys:
            assert f'value="{key}" id="duty-{key}" checked' in page
        assert page.count('name="duties"') == 3
        assert "已经办完" not in page
        assert "别人的" not in page

    def test_who_hands_over_their_own_confirms_by_starting(
        self, sign_in, clerk, successor, in_hand
    ):
        response = sign_in(clerk).post(
            "/handovers/new/",
            {
                "receiver": successor.pk,
                "reason": "岗位调整",
                "duties": [f"{in_hand[0].pk}-person", f"{in_hand[1].pk}-reporter"],
            },
        )

        made = Handover.objects.get()
        assert response.url == f"/handovers/{made.pk}/"
        assert (made.giver_confirmed_by, made.receiver_confirmed_at) == (clerk, None)
        assert [(item.ticket, item.part) for item in made.items.all()] == [
            (in_hand[0], "person"),
            (in_hand[1], "reporter"),
        ]
        assert parts(in_hand) == [(clerk, clerk), (None, clerk)]

    def test_the_office_starts_it_for_somebody_and_confirms_nothing(
        self, sign_in, supervisor, clerk, successor, in_hand
    ):
        client = sign_in(supervisor)
        assert "台账不健全" in client.get(f"/handovers/new/?giver={clerk.pk}").content.decode()

        client.post(
            f"/handovers/new/?giver={clerk.pk}",
            {
                "receiver": successor.pk,
                "reason": "调离",
                "duties": [f"{in_hand[1].pk}-reporter"],
            },
        )

        made = Handover.objects.get()
        assert (made.started_by, made.giver_confirmed_at) == (supervisor, None)
        assert made.waits_for_words == "移交人梁文、接收人莫志"

    def test_only_who_could_take_it_is_offered(
        self, sign_in, clerk, successor, head, viewer, operator, in_hand
    ):
        offered = sign_in(clerk).get("/handovers/new/").context["form"]["receiver"]
        assert {successor, head} < set(offered.field.queryset)
        assert not {viewer, operator} & set(offered.field.queryset)

        Ticket.objects.filter(pk=in_hand[0].pk).update(person=None)
        offered = sign_in(clerk).get("/handovers/new/").context["form"]["receiver"]
        assert head not in offered.field.queryset

    def test_others_cannot_start_it_for_somebody(self, sign_in, successor, clerk, in_hand):
        assert sign_in(successor).get(f"/handovers/new/?giver={clerk.pk}").status_code == 404

    def test_an_office_cannot_start_it_beyond_its_reach(
        self, sign_in, other_department, clerk, in_hand
    ):
        office = acts_for(other_department, Role.OFFICE)

        assert sign_in(office).get(f"/handovers/new/?giver={clerk.pk}").status_code == 404

    def test_the_receiver_must_act_for_the_unit(self, clerk, other_department, in_hand):
        stranger = acts_for(other_department, Role.STAFF, name="韦青")

        with pytest.raises(MoveRefused, match=r"有3项不能交给韦青。.*韦青不在工程科任职"):
            start(clerk, stranger)
        assert not Handover.objects.exists()

    def test_who_reports_must_have_the_role_for_it(self, clerk, department, in_hand):
        viewer = acts_for(department, Role.VIEWER, name="韦青")

        with pytest.raises(MoveRefused, match="韦青在工程科没有填报的角色"):
            start(clerk, viewer)

    def test_not_to_oneself_not_without_reason_not_without_items(self, clerk, successor, in_hand):
        with pytest.raises(MoveRefused, match="接收人不能是移交人本人"):
            start(clerk, clerk)
        with pytest.raises(MoveRefused, match="请写明交接原因"):
            start(clerk, successor, reason=" ")
        with pytest.raises(MoveRefused, match="请至少选一项"):
            start(clerk, successor, duties=[])

    def test_an_item_waits_on_one_sheet_only(self, clerk, successor, in_hand):
        start(clerk, successor)

        with pytest.raises(MoveRefused, match="已在另一份待确认的交接单中"):
            start(clerk, successor)

    def test_only_what_the_giver_has_in_hand(self, clerk, successor, in_hand):
        duties = open_duties(clerk, clerk)
        Ticket.objects.filter(pk=in_hand[1].pk).update(reporter=successor)

        with pytest.raises(MoveRefused, match="刚被他人处理"):
            start(clerk, successor, duties=duties)


class TestConfirm:
    def test_once_both_have_confirmed_all_moves_at_once(self, sign_in, clerk, successor, in_hand):
        made = start(clerk, successor)

        response = sign_in(successor).post(f"/handovers/{made.pk}/confirm/", follow=True)

        assert "双方已确认，移交3项。" in response.content.decode()
        assert parts(in_hand) == [(successor, successor), (None, successor)]
        made.refresh_from_db()
        assert made.is_done
        assert {item.outcome for item in made.items.all()} == {"moved"}

    def test_the_history_of_each_ticket_keeps_both_names(self, clerk, successor, in_hand):
        made = start(clerk, successor)
        made.confirm_taking(by=successor)

        changes = in_hand[0].changes.order_by("pk")
        assert [(c.field, c.old, c.new, c.by) for c in changes] == [
            ("责任人", "梁文", "莫志", successor),
            ("填报人", "梁文", "莫志", successor),
        ]
        assert {c.why for c in changes} == {f"责任交接（{made.number}）：岗位调整"}
        in_hand[0].refresh_from_db()
        assert in_hand[0].version == 2

    def test_who_would_then_submit_nothing_is_told_before(self, sign_in, clerk, successor, in_hand):
        made = start(clerk, successor)

        page = sign_in(successor).get(f"/handovers/{made.pk}/confirm/").content.decode()

        assert f"您在{in_hand[0].number}“台账不健全”里既是责任人又是填报人" in page

    def test_the_receiver_may_confirm_first(self, supervisor, clerk, successor, in_hand):
        made = start(clerk, successor, by=supervisor)
        made.confirm_taking(by=successor)
        assert parts(in_hand) == [(clerk, clerk), (None, clerk)]

        made.confirm_giving(by=clerk)

        assert parts(in_hand) == [(successor, successor), (None, successor)]

    def test_for_one_who_has_left_the_office_confirms_with_a_reason(
        self, sign_in, supervisor, clerk, successor, in_hand
    ):
        Person.objects.filter(pk=clerk.pk).update(is_active=False)
        made = start(clerk, successor, by=supervisor)
        made.confirm_taking(by=successor)
        client = sign_in(supervisor)

        refused = client.post(f"/handovers/{made.pk}/confirm/", {"reason": ""})
        assert refused.context["form"].errors == {"reason": ["请写明原因。"]}
        client.post(f"/handovers/{made.pk}/confirm/", {"reason": "已调离，无法登录"})

        made.refresh_from_db()
        assert (made.giver_confirmed_by, made.giver_reason) == (supervisor, "已调离，无法登录")
        assert parts(in_hand) == [(successor, successor), (None, successor)]
        page = client.get(f"/handovers/{made.pk}/").content.decode()
        assert "邓佳（代梁文）" in page
        assert "代为确认的原因：已调离，无法登录" in page

    def test_for_one_who_is_still_there_the_office_does_not_confirm(
        self, supervisor, clerk, successor, other_bureau, in_hand
    ):
        made = start(clerk, successor, by=supervisor)

        with pytest.raises(MoveRefused, match="移交人仍在岗，由本人确认"):
            made.confirm_giving(by=supervisor, reason="出差了")

        Membership.objects.filter(person=clerk).update(unit=other_bureau)
        Handover.objects.get().confirm_giving(by=supervisor, reason="已调林业局")
        assert Handover.objects.get().giver_confirmed_by == supervisor

    def test_nobody_confirms_both_sides(self, bureau, clerk, successor, supervisor, in_hand):
        Membership.objects.create(person=successor, unit=bureau, role=Role.OFFICE)
        made = start(clerk, successor, by=supervisor)

        with pytest.raises(MoveRefused, match="接收人不能代移交人确认"):
            made.confirm_giving(by=Person.objects.get(pk=successor.pk), reason="代办")

    def test_others_confirm_nothing(self, clerk, successor, department, in_hand):
        made = start(clerk, successor)
        other = acts_for(department, Role.STAFF)

        with pytest.raises(MoveRefused, match="由接收人本人确认"):
            made.confirm_taking(by=other)

    def test_what_changed_meanwhile_is_left_out_and_says_why(
        self, sign_in, clerk, successor, in_hand, supervisor
    ):
        made = start(clerk, successor)
        Ticket.objects.filter(pk=in_hand[0].pk).update(person=supervisor)
        Ticket.objects.filter(pk=in_hand[1].pk).update(
            status=Status.CLOSED, submitted_on=date(2026, 11, 22), closed_on=date(2026, 11, 22)
        )

        page = sign_in(successor).post(f"/handovers/{made.pk}/confirm/", follow=True)

        assert parts(in_hand) == [(supervisor, successor), (None, clerk)]
        assert [(i.part, i.outcome, i.why) for i in made.items.all()] == [
            ("person", "left_out", "责任人已改为邓佳，不再移交"),
            ("reporter", "moved", ""),
            ("reporter", "left_out", "已销号，不再移交"),
        ]
        assert "移交1项，2项期间有变化，没有移交。" in page.content.decode()
        assert "责任人已改为邓佳，不再移交" in page.content.decode()

    def test_a_receiver_who_lost_the_role_meanwhile_takes_nothing(self, clerk, successor, in_hand):
        made = start(clerk, successor)
        Membership.objects.filter(person=successor).delete()

        made = Handover.objects.get(pk=made.pk)
        made.confirm_taking(by=Person.objects.get(pk=successor.pk))

        assert parts(in_hand) == [(clerk, clerk), (None, clerk)]
        assert {item.why for item in made.items.all()} == {"莫志不在工程科任职"}

    def test_who_reviewed_a_submission_does_not_become_responsible_for_it(
        self, clerk, inspection, department, bureau
    ):
        inspection.round.review_roles = "head,office"
        inspection.round.save()
        head = acts_for(department, Role.HEAD, name="莫志")
        submitter, person = (acts_for(department, Role.STAFF) for _ in range(2))
        ticket = TicketFactory(
            inspection=inspection, lead_unit=department, person=person, in_progress=True
        )
        ticket.report(by=submitter, text="已补登。", version=1)
        ticket.move("submit", by=submitter, note="已补齐。", version=2)
        ticket.move("review", by=head, note="同意。", version=3)

        with pytest.raises(MoveRefused, match="莫志已审核过这次提交"):
            start(person, head)

    def test_a_leader_hands_over_to_a_leader(self, bureau, inspection, supervisor):
        old, new = (acts_for(bureau, Role.LEADER, name=name) for name in ("周正", "吴平"))
        ticket = TicketFactory(inspection=inspection, leader=old)

        made = start(old, new)
        made.confirm_taking(by=new)

        ticket.refresh_from_db()
        assert ticket.leader == new
        assert ticket.changes.get().field == Part.LEADER.label


class TestCancel:
    def test_the_receiver_declines_with_a_reason(self, sign_in, clerk, successor, in_hand):
        made = start(clerk, successor)

        sign_in(successor).post(f"/handovers/{made.pk}/cancel/", {"reason": "分工还没有定"})

        made.refresh_from_db()
        assert (made.status, made.cancel_reason) == ("cancelled", "分工还没有定")
        assert parts(in_hand) == [(clerk, clerk), (None, clerk)]
        # What it listed can go on another sheet.
        assert start(clerk, successor).is_waiting

    def test_what_is_done_is_not_cancelled(self, clerk, successor, in_hand):
        made = start(clerk, successor)
        made.confirm_taking(by=successor)

        with pytest.raises(MoveRefused, match="已交接，不能取消"):
            made.cancel(by=clerk, reason="改主意")


class TestAccess:
    def test_a_stranger_gets_404(self, sign_in, neighbour, clerk, successor, in_hand):
        made = start(clerk, successor)
        client = sign_in(neighbour)

        for path in ("", "confirm/", "cancel/"):
            assert client.get(f"/handovers/{made.pk}/{path}").status_code == 404
        assert made.number not in client.get("/handovers/").content.decode()

    def test_both_and_their_office_see_the_sheet(
        self, sign_in, supervisor, clerk, successor, in_hand
    ):
        made = start(clerk, successor)

        for person in (clerk, successor, supervisor):
            page = sign_in(person).get(f"/handovers/{made.pk}/").content.decode()
            assert "整改责任交接单" in page
            assert made.number in page


class TestLeavers:
    def test_who_left_their_work_behind_is_listed(self, sign_in, supervisor, clerk, in_hand):
        Person.objects.filter(pk=clerk.pk).update(is_active=False)

        assert leavers(supervisor) == [(clerk, 2)]
        page = sign_in(supervisor).get("/handovers/").content.decode()
        assert "账号已停用，仍有2个在办问题" in page.replace('<span class="gt-note">', "")
        assert f'href="/handovers/new/?giver={clerk.pk}"' in page
        assert f'<option value="{clerk.pk}"' not in page  # 为在岗人员发起

    def test_so_is_who_moved_to_another_unit(self, supervisor, clerk, other_bureau, in_hand):
        Membership.objects.filter(person=clerk).update(unit=other_bureau)

        assert leavers(supervisor) == [(clerk, 2)]

    def test_who_is_still_there_is_not(self, supervisor, in_hand):
        assert leavers(supervisor) == []

    def test_staff_see_no_such_list(self, sign_in, clerk, in_hand):
        assert "离岗人员" not in sign_in(clerk).get("/handovers/").content.decode()


class TestMeasures:
    @pytest.fixture
    def measure(self, in_hand, clerk):
        return MeasureFactory(ticket=in_hand[1], number="二", person=clerk)

    @pytest.fixture
    def of_measure(self, clerk, measure):
        """The duty of the measure alone."""
        return [duty for duty in open_duties(clerk, clerk) if duty.measure]

    def test_they_are_listed_ticked_and_named(self, sign_in, clerk, measure, in_hand):
        MeasureFactory(ticket=in_hand[1], number="三", person=clerk, done_on=date(2026, 11, 1))
        key = f"{in_hand[1].pk}-measure-{measure.pk}"

        page = sign_in(clerk).get("/handovers/new/").content.decode()

        assert f'value="{key}" id="duty-{key}" checked' in page
        assert "措施二责任人" in page
        assert "措施三责任人" not in page

    def test_once_confirmed_they_move_and_history_keeps_both_names(
        self, sign_in, clerk, successor, measure, in_hand, of_measure
    ):
        made = start(clerk, successor, duties=of_measure)

        sign_in(successor).post(f"/handovers/{made.pk}/confirm/")

        measure.refresh_from_db()
        assert measure.person == successor
        changes = in_hand[1].changes.all()
        assert [(c.field, c.old, c.new) for c in changes] == [("措施二责任人", "梁文", "莫志")]
        assert parts(in_hand) == [(clerk, clerk), (None, clerk)]
        assert "措施二责任人" in sign_in(successor).get(f"/handovers/{made.pk}/").content.decode()

    @pytest.mark.parametrize(
        ("facts", "why"),
        [
            ({"done_on": date(2026, 11, 20)}, "措施二已完成，不再移交"),
            ({"person": None}, "措施二责任人已改为未定，不再移交"),
        ],
    )
    def test_what_has_changed_meanwhile_stays(
        self, clerk, successor, measure, of_measure, facts, why
    ):
        made = start(clerk, successor, duties=of_measure)
        for name, value in facts.items():
            setattr(measure, name, value)
        measure.save()

        made.confirm_taking(by=successor)

        assert made.items.get().why == why

    def test_each_waits_on_one_sheet_only(self, clerk, successor, of_measure):
        start(clerk, successor, duties=of_measure)

        with pytest.raises(MoveRefused, match="已在另一份待确认的交接单中"):
            start(clerk, successor, duties=of_measure)

    def test_somebody_of_the_department_that_it_names_may_take_it(
        self, clerk, other_department, measure
    ):
        measure.unit = other_department
        measure.save()
        colleague = acts_for(other_department, Role.STAFF)
        duties = [duty for duty in open_duties(clerk, clerk) if duty.measure]

        start(clerk, colleague, duties=duties).confirm_taking(by=colleague)

        measure.refresh_from_db()
        assert measure.person == colleague

    def test_who_left_with_nothing_but_a_measure_is_named_to_the_office(
        self, supervisor, department, other_department, inspection
    ):
        gone = acts_for(other_department, Role.STAFF)
        ticket = TicketFactory(inspection=inspection, lead_unit=department, in_progress=True)
        MeasureFactory(ticket=ticket, person=gone)

        assert leavers(supervisor) == [(gone, 1)]


def test_each_step_is_written_down_for_the_auditor(supervisor, clerk, successor, in_hand):
    made = start(clerk, successor, by=supervisor)
    made.confirm_taking(by=successor)
    made.confirm_giving(by=clerk)

    events = AuditEvent.objects.filter(kind=AuditKind.DUTY).order_by("seq")
    assert [(e.actor_name, e.reason) for e in events] == [
        ("邓佳", "发起交接：岗位调整"),
        ("莫志", "确认接收"),
        ("梁文", "确认移交"),
    ]
    assert {e.object_name for e in events} == {str(made)}
