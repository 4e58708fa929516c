"""The page of one ticket: what it shows, what it offers, and at what cost."""

import re
from datetime import date

import pytest

from tests.conftest import acts_for
from tests.factories import (
    BulletinFactory,
    CategoryFactory,
    IndicatorFactory,
    MeasureFactory,
    TicketFactory,
    close,
)
from tracker.choices import Role
from tracker.models import ReportDraft, Transition

pytestmark = pytest.mark.django_db

TEXT = """关于巡察整改进展情况的通报

1. 关于台账不健全的问题。
一是健全台账，逐项登记。二是每月核对
一次。目前<b>台账</b>已补齐。
2. 关于档案散失的问题。
一是清点档案。
"""


@pytest.fixture
def printed(inspection, department):
    """A ticket that stands on lines 3 to 5 of its bulletin."""
    bulletin = BulletinFactory(inspection=inspection, text=TEXT)
    return TicketFactory(
        inspection=inspection,
        bulletin=bulletin,
        lead_unit=department,
        in_progress=True,
        source_start=TEXT.index("1."),
        source_end=TEXT.index("2."),
        claim="done",
        claim_quote="二是每月核对一次。",
    )


def show(client, ticket, query=""):
    return client.get(f"/tickets/{ticket.pk}/{query}").content.decode()


class TestSource:
    def test_it_shows_the_printed_lines_with_title_and_claim_marked(self, sign_in, clerk, printed):
        page = show(sign_in(clerk), printed)

        assert "第3至5行" in page
        assert '<p>1. 关于<mark class="k">台账不健全</mark>的问题。</p>' in page
        # The claim runs over a line end of the print, which does not end the paragraph.
        assert "<mark>二是每月核对</mark><mark>一次。</mark>目前&lt;b&gt;台账&lt;/b&gt;已补" in page
        assert "档案散失" not in page

    def test_the_whole_bulletin_is_offered_only_to_those_who_may_see_it(
        self, sign_in, clerk, supervisor, printed
    ):
        link = f'href="/bulletins/{printed.bulletin_id}/#p{printed.pk}"'

        assert link in show(sign_in(supervisor), printed)
        assert link not in show(sign_in(clerk), printed)


class TestFacts:
    def test_who_may_correct_it_is_led_there_while_it_is_open(
        self, sign_in, clerk, operator, ticket, today
    ):
        link = f'href="/admin/tracker/ticket/{ticket.pk}/change/"'

        assert link not in show(sign_in(clerk), ticket)
        assert link in show(sign_in(operator), ticket)
        close(ticket, today)
        assert link not in show(sign_in(operator), ticket)

    def test_it_says_where_a_derived_deadline_comes_from(self, sign_in, clerk, ticket, today):
        page = show(sign_in(clerk), ticket)

        assert "从2026年9月1日反馈起按3个月集中整改期推定" in page
        assert '剩<b class="n">7</b>个工作日' in page

    def test_a_moved_deadline_keeps_the_old_one_struck_out(self, sign_in, clerk, operator, ticket):
        ticket.amend({"due_on": date(2026, 12, 18)}, by=operator, why="会议纪要三号", version=1)

        page = show(sign_in(clerk), ticket)

        assert "<del>2026年12月1日</del>" in page
        assert "整改时限 <del>2026年12月1日</del> 改为 2026年12月18日" in page
        assert "会议纪要三号" in page

    def test_a_printed_name_that_is_not_registered_says_so(self, sign_in, clerk, department):
        ticket = TicketFactory(lead_unit=department, leader_text="邓某", person=clerk)

        page = show(sign_in(clerk), ticket)

        assert '邓某<span class="gt-note">通报所印姓名，还没有对应到登记人员</span>' in page
        assert page.count("还没有对应到登记人员") == 1


class TestMeasures:
    def test_indicators_show_true_figures(self, sign_in, clerk, ticket):
        measure = MeasureFactory(ticket=ticket)
        IndicatorFactory(ticket=ticket, measure=measure)
        IndicatorFactory(ticket=ticket, label="巡查", total=40, done=50)
        IndicatorFactory(ticket=ticket, label="培训", total=None, done=1200, unit="人次")

        page = show(sign_in(clerk), ticket)

        assert "8/20</b> 处　40%　剩12处" in page
        assert 'aria-label="125%"><rect' in page
        assert 'width="100%"' in page
        assert "50/40</b> 处　125%</span>" in page
        assert "1,200</b> 人次</span>" in page


class TestStages:
    def line(self, client, ticket):
        response = client.get(f"/tickets/{ticket.pk}/")
        return [(s.label, s.state, s.on, s.note) for s in response.context["stages"]]

    def test_it_walks_from_import_to_closing(
        self, sign_in, clerk, supervisor, operator, inspection, department, time_machine
    ):
        time_machine.move_to("2026-11-02T12:00:00+08:00", tick=False)
        ticket = TicketFactory(inspection=inspection, lead_unit=department)
        Transition.objects.create(
            ticket=ticket, ticket_version=1, move="import", target="unclaimed", by=operator
        )
        assert self.line(sign_in(clerk), ticket)[:2] == [
            ("立项", "ok", date(2026, 11, 2), ""),
            ("认领", "now", None, "待承办人认领"),
        ]

        time_machine.move_to("2026-11-03T12:00:00+08:00", tick=False)
        ticket.move("claim", by=clerk, version=1)
        assert self.line(sign_in(clerk), ticket)[2] == ("启动", "now", None, "待填报人启动")

        ticket.move("start", by=clerk, version=2)
        ticket.report(by=clerk, text="已补登。", percent=40, version=3)
        assert self.line(sign_in(clerk), ticket)[1:5] == [
            ("认领", "ok", date(2026, 11, 3), ""),
            ("启动", "ok", date(2026, 11, 3), ""),
            ("整改", "now", None, "进度40%"),
            ("整改办复核", "", None, ""),
        ]

        time_machine.move_to("2026-11-04T12:00:00+08:00", tick=False)
        ticket.move("submit", by=clerk, note="已补齐。", version=4)
        assert self.line(sign_in(clerk), ticket)[3:] == [
            ("整改", "ok", date(2026, 11, 4), ""),
            ("整改办复核", "now", None, "待整改办办理"),
            ("销号", "", None, ""),
        ]

        time_machine.move_to("2026-11-05T12:00:00+08:00", tick=False)
        ticket.move("close", by=supervisor, note="同意。", version=5)
        line = self.line(sign_in(clerk), ticket)
        assert [state for _, state, _, _ in line] == ["ok"] * 6
        assert line[5][2] == date(2026, 11, 5)

    def test_the_step_in_hand_is_told_to_screen_readers(self, sign_in, clerk, ticket):
        page = show(sign_in(clerk), ticket)

        assert page.count('aria-current="step"') == 1
        assert 'class="now" aria-current="step"><b>整改</b>' in page


class TestHistory:
    @pytest.fixture
    def worked(self, ticket, clerk, operator):
        ticket.report(by=clerk, text="已补登八处。", version=1)
        ticket.amend({"kind": "long_term"}, by=operator, why="会议纪要三号", version=2)
        ticket.move("submit", by=clerk, note="台账已补齐。", version=3)
        return ticket

    def test_it_merges_reports_moves_and_changes_the_newest_first(self, sign_in, clerk, worked):
        response = sign_in(clerk).get(f"/tickets/{worked.pk}/")

        assert [event.kind for event in response.context["events"]] == [
            "move",
            "change",
            "change",
            "progress",
        ]
        assert [count for _, _, count in response.context["tabs"]] == [4, 1, 0, 1, 0, 2]

    @pytest.mark.parametrize("tab", ["progress", "move", "change"])
    def test_a_tab_shows_one_kind(self, sign_in, clerk, worked, tab):
        response = sign_in(clerk).get(f"/tickets/{worked.pk}/?show={tab}")

        assert [event.kind for event in response.context["events"]] == [tab] * (
            2 if tab == "change" else 1
        )

    def test_an_unknown_tab_shows_all(self, sign_in, clerk, worked):
        response = sign_in(clerk).get(f"/tickets/{worked.pk}/?show=nonsense")

        assert len(response.context["events"]) == 4


class TestOffers:
    def test_staff_get_what_is_open_and_the_reason_for_the_rest(self, sign_in, clerk, ticket):
        page = show(sign_in(clerk), ticket)

        assert f'href="/tickets/{ticket.pk}/report/"' in page
        assert f'href="/tickets/{ticket.pk}/move/' not in page
        assert "还没有填报过进展。" in page
        assert "由整改办办理：整改办复核" in page

    def test_what_other_roles_do_is_mentioned_but_is_no_button(self, sign_in, clerk, ticket):
        card = show(sign_in(clerk), ticket).partition('id="actions"')[2].partition("</section>")[0]

        assert re.findall(r"<button[^>]*>([^<]+)", card) == ["提交销号", "申请延期"]
        folded = card.partition("<details")[2].partition("</details>")[0]
        assert re.findall(r"<b>([^<]+)", folded) == ["认领", "启动整改"]

    def test_a_report_that_was_not_sent_is_pointed_out_to_who_typed_it(
        self, sign_in, clerk, department, ticket
    ):
        ReportDraft.objects.keep(ticket, clerk, {"text": ["补登六处"]}, version=1)

        assert "暂存的填报还没有提交" in show(sign_in(clerk), ticket)
        assert "接着填报" in sign_in(clerk).get("/").content.decode()
        assert "暂存" not in show(sign_in(acts_for(department, Role.STAFF)), ticket)

    def test_who_helps_is_told_that_the_lead_unit_submits(
        self, sign_in, clerk, inspection, other_department, department
    ):
        ticket = TicketFactory(inspection=inspection, lead_unit=other_department, in_progress=True)
        ticket.co_units.add(department)

        client = sign_in(clerk)

        page = show(client, ticket)
        assert f'href="/tickets/{ticket.pk}/report/"' in page
        assert "由承办人办理：认领、启动整改、提交销号" in page
        refused = client.get(f"/tickets/{ticket.pk}/move/submit/").content.decode()
        assert "需要牵头单位的承办人办理。" in refused

    def test_a_closed_ticket_says_that_it_is_locked(self, sign_in, clerk, department):
        ticket = TicketFactory(lead_unit=department, closed=True)

        page = show(sign_in(clerk), ticket)

        assert "销号，已锁定，不能再填报或修改。" in page
        assert "disabled" not in page.partition('id="actions"')[2]

    def test_a_supervisor_gets_return_and_close(self, sign_in, supervisor, department):
        ticket = TicketFactory(lead_unit=department, submitted=True)

        page = show(sign_in(supervisor), ticket)

        assert f'href="/tickets/{ticket.pk}/move/return/"' in page
        assert f'href="/tickets/{ticket.pk}/move/close/"' in page
        assert "由承办人办理：填报进展、认领、启动整改、提交销号" in page

    def test_a_viewer_gets_nothing_to_press(self, sign_in, viewer, department):
        ticket = TicketFactory(lead_unit=department, submitted=True)

        page = show(sign_in(viewer), ticket)

        assert f'href="/tickets/{ticket.pk}/move/' not in page
        assert f'href="/tickets/{ticket.pk}/report/' not in page


class TestNeighbours:
    def test_before_and_after_are_those_the_reader_may_see(
        self, sign_in, clerk, supervisor, inspection, department, other_department
    ):
        first, hidden, last = (
            TicketFactory(inspection=inspection, lead_unit=unit)
            for unit in (department, other_department, department)
        )

        page = show(sign_in(clerk), first)
        assert f'rel="next" href="/tickets/{last.pk}/"' in page
        assert 'rel="prev"' not in page
        assert f'rel="next" href="/tickets/{hidden.pk}/"' in show(sign_in(supervisor), first)


class TestCost:
    @pytest.mark.parametrize("count", [1, 30])
    def test_its_queries_do_not_grow_with_its_history(
        self, sign_in, clerk, supervisor, inspection, department, django_assert_num_queries, count
    ):
        ticket = TicketFactory(
            inspection=inspection,
            lead_unit=department,
            in_progress=True,
            category=CategoryFactory(inspection=inspection),
        )
        indicator = None
        for n in range(count):
            measure = MeasureFactory(ticket=ticket, order=n)
            indicator = IndicatorFactory(ticket=ticket, measure=measure)
            ticket.report(
                by=clerk,
                text=f"第{n}次。",
                version=ticket.version,
                figures={indicator: (n + 9, 20)},
                measures_done=[measure],
            )
        TicketFactory.create_batch(count, inspection=inspection, lead_unit=department)
        client = sign_in(clerk)
        client.get(f"/tickets/{ticket.pk}/")  # renews the session, once a minute

        with django_assert_num_queries(48):
            client.get(f"/tickets/{ticket.pk}/")


class TestAccess:
    def test_another_units_ticket_is_404(self, sign_in, neighbour, ticket):
        assert sign_in(neighbour).get(f"/tickets/{ticket.pk}/").status_code == 404

    def test_it_takes_no_post(self, sign_in, clerk, ticket):
        assert sign_in(clerk).post(f"/tickets/{ticket.pk}/").status_code == 405
