"""工作台: what each person must do today, and that its numbers are those of the lists."""

import re
from datetime import date

import pytest
from django.urls import reverse

from tests.conftest import acts_for
from tests.factories import (
    InspectionFactory,
    MeasureFactory,
    PlanFactory,
    TicketFactory,
    UnitFactory,
)
from tests.pages.conftest import LATE
from tracker import notices
from tracker.choices import NoticeKind, Role
from tracker.models import Ticket, Transition

pytestmark = pytest.mark.django_db


def tiles(response) -> dict[str, tuple[int, str]]:
    """Label -> number and address."""
    found = re.findall(
        r'<a class="gt-tile[^"]*" href="([^"]*)">\s*<div class="k">(?:<svg.*?</svg>)?'
        r'([^<]+)<svg.*?</div>\s*<div class="v">(\d+)</div>',
        response.content.decode(),
        re.S,
    )
    return {label: (int(n), href.replace("&amp;", "&")) for href, label, n in found}


def job_titles(response) -> list[str]:
    table = response.content.decode().partition('<table class="gt-do">')[2]
    return re.findall(r'class="t" href="/tickets/\d+/">([^<]+)', table.partition("</table>")[0])


class TestTiles:
    @pytest.mark.parametrize(
        ("who", "labels"),
        [
            ("clerk", ["待签收", "待反馈", "临期", "超期", "被退回", "待审核"]),
            ("manager", ["待签收", "待反馈", "待我审核", "被退回", "超期", "临期"]),
            ("head", ["待我审核", "未反馈", "超期", "临期", "受阻", "被退回"]),
            ("leader", ["待我审核", "待协调", "超期", "临期", "受阻", "批示待回复"]),
            ("party", ["待我审核", "待协调", "超期", "临期", "受阻", "批示待回复"]),
            ("supervisor", ["待我审核", "超期", "临期", "受阻", "未反馈", "待认领"]),
            ("inspector", ["待我审核", "超期", "临期", "受阻", "未反馈", "待认领"]),
            ("viewer", ["问题总数", "在办", "超期", "临期", "受阻", "已销号"]),
            ("operator", ["问题总数", "在办", "超期", "临期", "受阻", "已销号"]),
        ],
    )
    def test_each_role_gets_its_own_and_each_number_is_that_of_its_list(
        self, sign_in, board, request, who, labels
    ):
        client = sign_in(request.getfixturevalue(who))

        shown = tiles(client.get("/"))

        assert list(shown) == labels
        for label, (number, address) in shown.items():
            rows = client.get(address).context["page"].paginator.count
            assert (label, number) == (label, rows)

    def test_they_count_what_they_say(self, sign_in, clerk, board):
        shown = {label: n for label, (n, _) in tiles(sign_in(clerk).get("/")).items()}

        assert shown == {
            "待签收": 2,
            "待反馈": 3,
            "临期": 2,
            "超期": 1,
            "被退回": 1,
            "待审核": 1,
        }

    def test_who_has_two_roles_finds_the_rest_as_lines(self, sign_in, manager, board):
        client = sign_in(manager)

        page = client.get("/").content.decode()

        more = page.partition('class="gt-more"')[2].partition("</ul>")[0]
        lines = re.findall(r'href="([^"]+)">(?:<svg.*?</svg>)?([^<]+) <b>(\d+)</b>', more, re.S)
        assert [label for _, label, _ in lines] == ["受阻", "未反馈", "待认领"]
        for address, _, number in lines:
            listed = client.get(address.replace("&amp;", "&")).context["page"].paginator.count
            assert listed == int(number)

    def test_a_request_for_coordination_waits_for_the_leader(
        self, sign_in, leader, clerk, board, department
    ):
        client = sign_in(leader)
        page = client.get("/").content.decode()
        assert tiles(client.get("/"))["待协调"] == (2, "/coordination/")
        assert "待我批示 2" in page
        assert "需市财政局：待市财政落实资金" in page

        ticket = Ticket.objects.filter(lead_unit=department, is_blocked=True).get()
        ticket.instruct(by=leader, text="周三前会商", upon=ticket.coordinations.get())

        assert tiles(client.get("/"))["待协调"][0] == 1
        assert tiles(client.get("/"))["批示待回复"][0] == 1


class TestWhatToDo:
    def test_a_clerk_gets_their_units_tickets_the_most_pressing_first(self, sign_in, clerk, board):
        response = sign_in(clerk).get("/")

        assert job_titles(response) == [
            "无人认领且超期",
            "受阻",
            "整改中且临期",
            "被退回的问题",
            "无人认领",
            "整改中",
        ]
        assert "待我办理 6" in response.content.decode()

    def test_each_line_leads_to_the_next_step(self, sign_in, clerk, inspection, department, today):
        in_unit = {"inspection": inspection, "lead_unit": department}
        unclaimed = TicketFactory(**in_unit)
        in_work = TicketFactory(**in_unit, in_progress=True)
        finished = TicketFactory(**in_unit, in_progress=True)
        finished.report(by=clerk, text="全部补齐。", percent=100, version=1)

        page = sign_in(clerk).get("/").content.decode()

        assert f'href="/tickets/{unclaimed.pk}/move/claim/">认领<' in page
        assert f'href="/tickets/{in_work.pk}/report/">填报进展<' in page
        assert f'href="/tickets/{finished.pk}/move/submit/">提交销号<' in page

    def test_the_steps_it_offers_are_open(self, sign_in, manager, board):
        client = sign_in(manager)
        page = client.get("/").content.decode()
        steps = re.findall(r'href="(/tickets/\d+/(?:report|move/\w+)/)"', page)

        assert len(steps) == 6
        for address in steps:
            assert client.get(address).status_code == 200

    def test_only_one_button_is_primary(self, sign_in, manager, board):
        assert sign_in(manager).get("/").content.decode().count("btn-primary") == 1

    def test_who_only_helps_finds_the_ticket_and_may_report(
        self, sign_in, clerk, inspection, department, other_department, today
    ):
        helped, waiting = (
            TicketFactory(inspection=inspection, lead_unit=other_department, title=title, **state)
            for title, state in (("配合的问题", {"in_progress": True}), ("还没认领的", {}))
        )
        for ticket in (helped, waiting):
            ticket.co_units.add(department)
        client = sign_in(clerk)

        response = client.get("/")

        assert job_titles(response) == ["配合的问题"]
        page = response.content.decode()
        assert "待我配合 1" in page
        assert "财务科牵头" in page
        assert f'href="/tickets/{helped.pk}/report/">填报进展<' in page
        rows = client.get("/tickets/?act=help").context["page"].object_list
        assert list(rows) == [helped]
        assert (
            client.post(
                f"/tickets/{helped.pk}/report/", {"version": helped.version, "text": "已提供资料。"}
            ).status_code
            == 302
        )

    def test_what_the_unit_leads_itself_is_not_help(
        self, sign_in, clerk, inspection, department, today
    ):
        ticket = TicketFactory(inspection=inspection, lead_unit=department, in_progress=True)
        ticket.co_units.add(department)

        assert "待我配合" not in sign_in(clerk).get("/").content.decode()

    def test_a_supervisor_reviews_first_and_sees_the_submitters_words(
        self, sign_in, clerk, supervisor, inspection, department, today
    ):
        ticket = TicketFactory(inspection=inspection, lead_unit=department, in_progress=True)
        ticket.report(by=clerk, text="已补齐。", version=1)
        ticket.move("submit", by=clerk, note="台账逐项登记。", version=2)

        page = sign_in(supervisor).get("/").content.decode()

        assert "待我审核 1" in page
        assert "梁文提交：台账逐项登记。" in page

    def test_what_the_bulletin_calls_done_is_quoted_as_its_words(
        self, sign_in, supervisor, operator, inspection, today
    ):
        ticket = TicketFactory(inspection=inspection, submitted=True, claimed_done=True)
        Transition.objects.create(
            ticket=ticket, ticket_version=1, move="import", target="submitted", by=operator
        )

        assert "通报称：台账已补齐。" in sign_in(supervisor).get("/").content.decode()

    def test_it_lists_at_most_ten_and_says_how_many_there_are(
        self, sign_in, manager, inspection, department, today
    ):
        for state in ("in_progress", "submitted"):
            TicketFactory.create_batch(
                9, inspection=inspection, lead_unit=department, **{state: True}
            )

        response = sign_in(manager).get("/")

        assert len(job_titles(response)) == 10
        page = response.content.decode()
        assert "待我办理 9，先列5项" in page
        assert "待我审核 9，先列5项" in page
        assert 'href="/tickets/?act=review">看全部9项' in page

    def test_all_of_a_group_is_a_list_of_just_as_many(
        self, sign_in, supervisor, inspection, department, today
    ):
        for state in ("in_progress", "submitted"):
            TicketFactory.create_batch(
                9, inspection=inspection, lead_unit=department, due_on=LATE, **{state: True}
            )
        client = sign_in(supervisor)

        page = client.get("/").content.decode()

        groups = re.findall(r'>([^<]+) (\d+)，先列5项<.*?href="([^"]+)">看全部', page)
        assert [label for label, _, _ in groups] == ["待我审核", "超期、临期与受阻"]
        for _, count, address in groups:
            listed = client.get(address.replace("&amp;", "&")).context["page"].paginator.count
            assert listed == int(count) == 9


class TestTheRestOfThePage:
    def test_a_clerk_reads_why_a_ticket_came_back(self, sign_in, clerk, viewer, board):
        assert "缺监理单位的回执。" in sign_in(clerk).get("/").content.decode()
        assert 'id="returned"' not in sign_in(viewer).get("/").content.decode()

    def test_it_says_how_far_the_end_of_the_focused_period_is(self, sign_in, clerk, board):
        page = sign_in(clerk).get("/").content.decode()

        assert "2026年11月22日 周日" in page
        assert "周日　距集中整改期满 7 个工作日（12月1日）" in page

    def test_it_says_of_which_inspection_where_there_are_more(
        self, sign_in, supervisor, bureau, board
    ):
        InspectionFactory(
            unit=bureau, inspecting_body="市委第九巡察组", feedback_on=date(2026, 8, 28)
        )

        page = sign_in(supervisor).get("/").content.decode()

        assert f"周日　{board}距集中整改期满 7 个工作日" in page

    def test_the_calendar_marks_today_and_what_is_due(self, sign_in, clerk, board):
        page = sign_in(clerk).get("/").content.decode()
        days = re.findall(r'<li class="([^"]*)">\s*<div class="d"><b>(\d+)</b>', page)

        assert [int(day) for _, day in days] == [*range(16, 30)]
        marks = {int(day): classes.split() for classes, day in days}
        assert "today" in marks[22]
        assert "off" in marks[28]
        assert "has-events" in marks[24]
        assert "has-events" not in marks[25]

    def test_a_make_up_workday_is_marked(self, sign_in, clerk, ticket, time_machine):
        time_machine.move_to("2026-10-05T12:00:00+08:00", tick=False)

        page = sign_in(clerk).get("/").content.decode()

        day = re.search(r'<li class="([^"]*)">\s*<div class="d"><b>10</b>(.*?)</div>', page, re.S)
        assert "off" not in day[1].split()
        assert "班" in day[2]

    def test_the_calendar_shows_what_else_falls_on_a_day(
        self, sign_in, clerk, leader, ticket, today
    ):
        ticket.instruct(by=leader, text="请办", reply_due_on=date(2026, 11, 26))

        page = sign_in(clerk).get("/").content.decode()

        def day(number):
            return page.partition(f'<div class="d"><b>{number}</b>')[2].partition("</li>")[0]

        assert "1 回复批示" in day(26)
        assert "1 到期" not in day(26)

    def test_the_calendar_shows_the_nodes_to_be_reached(
        self, sign_in, clerk, neighbour, ticket, today
    ):
        measure = MeasureFactory(ticket=ticket)
        for title in ("立项", "招标", "开工"):
            measure.milestones.create(title=title, due_on=date(2026, 11, 26))
        measure.milestones.create(title="摸底", due_on=date(2026, 11, 24), done_on=today)

        page = sign_in(clerk).get("/").content.decode()

        def day(number):
            return page.partition(f'<div class="d"><b>{number}</b>')[2].partition("</li>")[0]

        assert re.findall(r"节点：(\w+)（", day(26)) == ["立项", "招标"]
        assert '<a href="/calendar/?month=2026-11">共3个节点</a>' in day(26)
        assert "摸底" not in page
        assert "立项" not in sign_in(neighbour).get("/").content.decode()

    def test_the_newest_records_of_the_readers_tickets_are_shown_to_who_only_looks(
        self, sign_in, viewer, clerk, other_bureau, board
    ):
        page = sign_in(viewer).get("/").content.decode()
        events = page.partition('id="events"')[2]

        labels = re.findall(r'<span class="gt-chip">([^<]+)</span>', events)
        assert labels == ["退回", "提交销号", "填报进展"]
        assert 'id="events"' not in sign_in(clerk).get("/").content.decode()
        stranger = acts_for(other_bureau, Role.VIEWER)
        assert "还没有办理记录" in sign_in(stranger).get("/").content.decode()


class TestPressing:
    """Supervisors press what is behind right from their workbench."""

    def test_each_line_offers_it_until_it_was_done(
        self, sign_in, supervisor, inspection, department, today
    ):
        ticket = TicketFactory(
            inspection=inspection, lead_unit=department, due_on=LATE, in_progress=True
        )
        client = sign_in(supervisor)
        page = client.get("/").content.decode()
        assert f'href="/tickets/{ticket.pk}/press/?back=workbench">催办<' in page

        response = client.post(
            f"/tickets/{ticket.pk}/press/?back=workbench", {"note": "请报进展"}, follow=True
        )

        page = response.content.decode()
        assert "已催办1次" in page
        assert 'disabled title="11月23日 12:00起可再催">已催办<' in page

    def test_a_leader_and_a_viewer_only_look(self, sign_in, leader, viewer, board):
        for person in (leader, viewer):
            page = sign_in(person).get("/").content.decode()
            assert "/press/" not in page
            assert ">查看<" in page


class TestNotices:
    def test_the_unread_come_first_and_all_are_marked_at_once(
        self, sign_in, clerk, supervisor, ticket, today
    ):
        for text in ("先读的", "后说的"):
            notices.tell([clerk], NoticeKind.PRESSED, ticket, text, by=supervisor)
        client = sign_in(clerk)
        client.post(f"/notices/{clerk.notices.get(text='后说的').pk}/open/")

        page = client.get("/").content.decode()

        shown = page.partition('id="notices"')[2].partition("</section>")[0]
        assert re.findall(r'class="t">1　([^<]+)<', shown) == ["先读的", "后说的"]
        assert '<span class="gt-count">1</span>' in shown
        client.post("/notices/read/", {"back": "workbench"})
        assert "全部已读" not in client.get("/").content.decode()


class TestPeriod:
    def test_it_counts_what_was_reported_and_names_the_rest(self, sign_in, clerk, board):
        """The one with a report of this half-month was returned; it is in work."""
        page = sign_in(clerk).get("/").content.decode()

        card = page.partition('id="period"')[2].partition("</section>")[0]
        assert card.startswith(">11月下半月反馈<")
        assert "已报1，未报3" in card
        assert "11月30日截止" in card
        assert len(re.findall(r'href="/tickets/\d+/"', card)) == 3

    def test_a_report_takes_the_ticket_off(self, sign_in, clerk, ticket, today):
        client = sign_in(clerk)
        assert tiles(client.get("/"))["待反馈"][0] == 1

        ticket.report(by=clerk, text="已补登。", version=1)

        assert tiles(client.get("/"))["待反馈"][0] == 0
        assert "本期已全部填报。" in client.get("/").content.decode()

    def test_a_report_of_the_last_period_does_not_count(self, sign_in, clerk, ticket, time_machine):
        time_machine.move_to("2026-11-15T12:00:00+08:00", tick=False)
        ticket.report(by=clerk, text="上半月的。", version=1)
        assert tiles(sign_in(clerk).get("/"))["待反馈"][0] == 0
        time_machine.move_to("2026-11-16T12:00:00+08:00", tick=False)

        assert tiles(sign_in(clerk).get("/"))["待反馈"][0] == 1

    def test_a_viewer_has_none(self, sign_in, viewer, board):
        assert 'id="period"' not in sign_in(viewer).get("/").content.decode()


class TestLed:
    def test_a_leader_sees_the_lights_of_their_own_and_each_is_a_list(
        self, sign_in, leader, clerk, board, department
    ):
        Ticket.objects.open().filter(lead_unit=department).update(leader=leader)
        client = sign_in(leader)

        page = client.get("/").content.decode()

        card = page.partition('id="led"')[2].partition("</section>")[0]
        counts = re.findall(r'href="([^"]+)"><span.*?</span><b>(\d+)</b>', card, re.S)
        assert sum(int(count) for _, count in counts) == 7
        for address, count in counts:
            listed = client.get(address.replace("&amp;", "&")).context["page"].paginator.count
            assert listed == int(count)
        assert 'id="led"' not in sign_in(clerk).get("/").content.decode()


class TestEmptyPages:
    def test_a_neighbour_sees_nothing_of_it(self, sign_in, neighbour, board):
        page = sign_in(neighbour).get("/").content.decode()

        assert "还没有您能看到的问题" in page
        assert "工程科" not in page

    def test_it_says_when_the_next_deadline_is(self, sign_in, supervisor, inspection, today):
        TicketFactory(inspection=inspection, in_progress=True)

        page = sign_in(supervisor).get("/").content.decode()

        assert "今天没有要您办的事项。最近一项将于12月1日 周二到期。" in page

    def test_it_says_that_all_is_closed(self, sign_in, viewer, inspection, today):
        TicketFactory(inspection=inspection, closed=True)

        assert "1项问题已全部销号。" in sign_in(viewer).get("/").content.decode()

    def test_it_asks_for_a_login_first(self, client):
        assert client.get("/").url == "/login/?next=/"

    def test_it_only_answers_reading(self, sign_in, clerk):
        assert sign_in(clerk).post("/").status_code == 405


class TestDraftPlan:
    def test_the_office_finds_its_draft_and_what_it_lacks(
        self, sign_in, supervisor, inspection, today
    ):
        TicketFactory.create_batch(2, inspection=inspection)
        PlanFactory(inspection=inspection)

        page = re.sub(r"<[^>]+>", "", sign_in(supervisor).get("/").content.decode())

        assert "正在编制的方案1" in page
        assert "还缺6处：没有整改措施2处、没有责任领导2处、没有责任人2处" in page

    def test_where_the_plan_comes_first_the_unit_is_led_to_it(
        self, sign_in, clerk, inspection, department, today
    ):
        inspection.round.plan_first = True
        inspection.round.save()
        ticket = TicketFactory(inspection=inspection, lead_unit=department, claimed=True)
        PlanFactory(inspection=inspection)

        page = sign_in(clerk).get("/").content.decode()

        assert "整改方案编制中，批准后启动" in page
        assert f'href="/tickets/{ticket.pk}/plan/"' in page


def test_a_ticket_of_a_unit_elsewhere_does_not_count(sign_in, clerk, board, today):
    before = tiles(sign_in(clerk).get("/"))
    TicketFactory(lead_unit=UnitFactory(), in_progress=True)

    assert tiles(sign_in(clerk).get("/")) == before


class TestReportsReturned:
    def test_a_returned_report_stands_on_the_home_of_who_reports(
        self, sign_in, clerk, supervisor, viewer, ticket
    ):
        ticket.report(by=clerk, text="已全部补登。", version=1)
        report = ticket.progress.get()
        ticket.judge(report, "returned", by=supervisor, reason="没有写剩余数。", version=2)

        page = sign_in(clerk).get("/").content.decode()
        assert "进展被退回：没有写剩余数。" in page
        card = page.partition('id="reports-returned"')[2].partition("</section>")[0]
        assert f'href="/tickets/{ticket.pk}/report/"' in card
        assert "没有写剩余数。" in card
        assert "reports-returned" not in sign_in(viewer).get("/").content.decode()

        ticket.report(by=clerk, text="补登20处，剩0处。", corrects=report, version=3)
        assert "reports-returned" not in sign_in(clerk).get("/").content.decode()


class TestShortcuts:
    def test_each_lists_what_it_can_be_done_to(
        self, sign_in, clerk, viewer, inspection, department, today
    ):
        def ticket(title, **facts):
            facts = {"in_progress": True, **facts}
            return TicketFactory(inspection=inspection, lead_unit=department, title=title, **facts)

        own = ticket("本人填报的", reporter=clerk)
        ticket("别人填报的")
        ticket("已经超期的", reporter=clerk, due_on=date(2026, 11, 20))
        ticket("没有认领的", reporter=clerk, in_progress=False)
        client = sign_in(clerk)

        page = client.get("/").content.decode()
        extension = reverse("tracker:pick", args=["extension"])
        assert f'href="{extension}"' in page
        offered = client.get(extension)
        assert list(offered.context["tickets"]) == [own]
        assert f'href="/tickets/{own.pk}/extension/"' in offered.content.decode()
        evidence = reverse("tracker:pick", args=["evidence"])
        titles = [each.title for each in client.get(evidence).context["tickets"]]
        assert titles == ["已经超期的", "本人填报的", "别人填报的"]
        assert not sign_in(viewer).get(evidence).context["tickets"]
