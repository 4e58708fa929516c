"""A supervisor presses a ticket: numbered, told to those who answer, and not again too soon."""

from datetime import date

import pytest

from tests.conftest import acts_for
from tests.factories import TicketFactory
from tracker.choices import NoticeKind, Role
from tracker.models import Press, Ticket
from tracker.workflow import MoveRefused
from tracker.worktime import WorkCalendar

pytestmark = pytest.mark.django_db


def press(client, ticket, note="请于今日报送未完成原因", query=""):
    return client.post(f"/tickets/{ticket.pk}/press/{query}", {"note": note})


class TestPress:
    def test_it_is_numbered_and_told_to_all_who_answer(
        self, sign_in, supervisor, clerk, ticket, department, today
    ):
        head, person = acts_for(department, Role.HEAD), acts_for(department, Role.STAFF)
        Ticket.objects.update(reporter=clerk, person=person)

        press(sign_in(supervisor), ticket)

        made = Press.objects.get()
        assert (made.number, made.by, made.note) == (1, supervisor, "请于今日报送未完成原因")
        for one in (head, person, clerk):
            notice = one.notices.get()
            assert (notice.kind, notice.by, notice.ticket) == (
                NoticeKind.PRESSED,
                supervisor,
                ticket,
            )
            assert notice.text == "请于今日报送未完成原因（第1次）"

    def test_while_nobody_has_it_the_units_staff_are_told(
        self, sign_in, supervisor, clerk, inspection, department, today
    ):
        press(sign_in(supervisor), TicketFactory(inspection=inspection, lead_unit=department))

        assert clerk.notices.count() == 1

    def test_nobody_loses_what_they_are_typing(self, sign_in, supervisor, clerk, ticket, today):
        press(sign_in(supervisor), ticket)

        ticket.report(by=clerk, text="打字期间被催办。", version=1)

        assert ticket.progress.count() == 1

    def test_the_head_may_press_in_their_unit(self, sign_in, ticket, department, today):
        press(sign_in(acts_for(department, Role.HEAD)), ticket)

        assert Press.objects.count() == 1

    def test_not_again_before_the_pause_is_over(self, sign_in, supervisor, ticket, time_machine):
        time_machine.move_to("2026-11-20T16:00:00+08:00", tick=False)  # Friday
        press(sign_in(supervisor), ticket)
        time_machine.move_to("2026-11-23T15:59:00+08:00", tick=False)
        client = sign_in(supervisor)

        page = press(client, ticket).content.decode()

        assert "刚催办过，11月23日 16:00起可以再催。" in page
        assert "请于今日报送未完成原因" in page
        time_machine.move_to("2026-11-23T16:00:00+08:00", tick=False)
        press(client, ticket)
        assert [one.number for one in Press.objects.all()] == [2, 1]

    def test_the_round_sets_the_pause(self, sign_in, supervisor, ticket, time_machine):
        round = ticket.inspection.round
        round.press_pause, round.press_pause_in_workdays = 4, False
        round.save()
        time_machine.move_to("2026-11-20T16:00:00+08:00", tick=False)
        press(sign_in(supervisor), ticket)

        page = sign_in(supervisor).get(f"/tickets/{ticket.pk}/").content.decode()

        assert "催办：刚催办过，11月20日 20:00起可以再催。" in page
        assert "已催办1次" in page

    def test_it_needs_words(self, sign_in, supervisor, ticket, today):
        assert "请填写催办内容。" in press(sign_in(supervisor), ticket, " ").content.decode()
        assert not Press.objects.exists()

    @pytest.mark.parametrize(
        ("state", "reason"),
        [("submitted", "已经提交，正等待审核"), ("closed", "已销号的问题已锁定")],
    )
    def test_it_is_refused_where_the_unit_cannot_act(
        self, sign_in, supervisor, inspection, department, today, state, reason
    ):
        ticket = TicketFactory(inspection=inspection, lead_unit=department, **{state: True})

        assert reason in press(sign_in(supervisor), ticket).content.decode()
        assert not Press.objects.exists()

    @pytest.mark.parametrize("who", ["clerk", "viewer", "operator"])
    def test_it_is_refused_to_other_roles(self, sign_in, request, ticket, today, who):
        page = press(sign_in(request.getfixturevalue(who)), ticket).content.decode()

        assert "需要部门负责人、整改办、巡察办催办。" in page
        assert not Press.objects.exists()

    def test_a_neighbour_gets_404(self, sign_in, neighbour, ticket):
        assert press(sign_in(neighbour), ticket).status_code == 404

    def test_a_get_changes_nothing(self, sign_in, supervisor, ticket, today):
        page = sign_in(supervisor).get(f"/tickets/{ticket.pk}/press/?note=催").content.decode()

        assert "同一个问题1个工作日内只能催一次" in page
        assert not Press.objects.exists()

    @pytest.mark.parametrize(
        ("back", "lands_on"),
        [("workbench", "/"), ("overview", "/overview/"), ("//elsewhere.example", "/tickets/{}/")],
    )
    def test_it_leads_back_to_where_it_was_called_from_and_nowhere_else(
        self, sign_in, supervisor, ticket, today, back, lands_on
    ):
        response = press(sign_in(supervisor), ticket, query=f"?back={back}")

        assert response.url == lands_on.format(ticket.pk)

    def test_the_overview_offers_it_until_it_was_done(
        self, sign_in, supervisor, inspection, department, today
    ):
        late = TicketFactory(
            inspection=inspection,
            lead_unit=department,
            due_on=date(2026, 11, 12),
            in_progress=True,
        )
        client = sign_in(supervisor)
        page = client.get("/overview/").content.decode()
        assert f'href="/tickets/{late.pk}/press/?back=overview">催办<' in page

        page = client.post(
            f"/tickets/{late.pk}/press/?back=overview", {"note": "请报进展"}, follow=True
        ).content.decode()

        assert "已催办1次" in page
        assert f"/tickets/{late.pk}/press/" not in page

    def test_its_count_stands_in_the_list(self, sign_in, supervisor, ticket, today):
        client = sign_in(supervisor)
        press(client, ticket)

        assert "催办1次" in client.get("/tickets/").content.decode()
        assert client.get("/tickets/?asks=pressed").context["page"].paginator.count == 1

    def test_the_service_call_says_why_it_refuses(self, clerk, ticket, today):
        """What the bulk action shows beside each row."""
        with pytest.raises(MoveRefused, match="需要部门负责人、整改办、巡察办催办"):
            ticket.press(by=clerk, note="催", calendar=WorkCalendar())
