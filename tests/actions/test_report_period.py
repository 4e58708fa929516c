"""One report in each period: what it carries forward, when it is owed, and how it is corrected."""

from datetime import date

import pytest

from tests.conftest import acts_for
from tests.factories import TicketFactory
from tracker.choices import ReportingPeriod, ReportResult, Role
from tracker.models import Ticket
from tracker.periods import period_of

pytestmark = pytest.mark.django_db


def report(client, ticket, **typed):
    ticket.refresh_from_db()
    return client.post(f"/tickets/{ticket.pk}/report/", {"version": ticket.version, **typed})


class TestWords:
    def test_it_keeps_difficulty_next_step_and_forecast_with_its_period(
        self, sign_in, clerk, ticket, today
    ):
        report(
            sign_in(clerk),
            ticket,
            text="本期补登六处。",
            difficulty="两处产权不清。",
            next_step="约街道核对产权。",
            forecast_on="2026-12-18",
        )

        progress = ticket.progress.get()
        assert (progress.difficulty, progress.next_step) == ("两处产权不清。", "约街道核对产权。")
        assert progress.forecast_on == date(2026, 12, 18)
        assert progress.period_key == "2026-11-b"

    def test_the_form_shows_the_last_report_and_asks_for_the_change_only(
        self, sign_in, clerk, ticket
    ):
        ticket.report(
            by=clerk,
            text="上期补登四处。",
            difficulty="缺人手。",
            next_step="抽调两人。",
            percent=40,
            version=1,
        )

        response = sign_in(clerk).get(f"/tickets/{ticket.pk}/report/")

        page = response.content.decode()
        for words in ("上期补登四处。", "当时的下一步：</b>抽调两人。"):
            assert words in page
        form = response.context["form"]
        assert form["difficulty"].value() == "缺人手。"
        assert not form["text"].value()
        assert form["percent"].value() is None


class TestUnchanged:
    @pytest.fixture
    def reported(self, ticket, clerk):
        ticket.report(by=clerk, text="补登四处。", next_step="等批复。", percent=40, version=1)
        return ticket

    def test_it_carries_the_words_over_and_keeps_the_reason(self, sign_in, clerk, reported):
        report(
            sign_in(clerk),
            reported,
            unchanged="on",
            unchanged_why="批复未到。",
            difficulty="缺人。",
        )

        latest = reported.progress.first()
        assert (latest.text, latest.next_step, latest.percent) == ("补登四处。", "等批复。", 40)
        assert (latest.unchanged_why, latest.difficulty) == ("批复未到。", "缺人。")
        assert reported.progress.count() == 2

    @pytest.mark.parametrize(
        ("typed", "field", "words"),
        [
            ({"unchanged": "on"}, "unchanged_why", "请写明为什么没有变化。"),
            (
                {"unchanged": "on", "unchanged_why": "x", "text": "有变化"},
                "text",
                "有变化请取消勾选",
            ),
            ({"unchanged_why": "没有勾选"}, "text", "请填写进展。"),
        ],
    )
    def test_it_needs_a_reason_and_nothing_else(
        self, sign_in, clerk, reported, typed, field, words
    ):
        response = report(sign_in(clerk), reported, **typed)

        assert words in response.context["form"].errors[field][0]
        assert reported.progress.count() == 1

    def test_there_is_nothing_to_be_the_same_as_at_first(self, sign_in, clerk, ticket):
        response = report(sign_in(clerk), ticket, unchanged="on", unchanged_why="没变")

        assert "还没有上期进展" in response.content.decode()
        assert not ticket.progress.exists()


class TestOwed:
    def owed(self, on, kind=ReportingPeriod.HALF_MONTH):
        return set(Ticket.objects.not_reported_in(period_of(on, kind)))

    def test_a_ticket_in_work_owes_one_report_in_each_period(self, ticket, clerk, time_machine):
        time_machine.move_to("2026-11-10T10:00:00+08:00", tick=False)
        assert self.owed(date(2026, 11, 10)) == {ticket}
        ticket.report(by=clerk, text="已补登。", version=1)
        assert self.owed(date(2026, 11, 10)) == set()

        time_machine.move_to("2026-11-16T10:00:00+08:00", tick=False)
        assert self.owed(date(2026, 11, 16)) == {ticket}
        assert set(Ticket.objects.not_reported(date(2026, 11, 16))) == {ticket}

    def test_the_round_sets_how_often(self, ticket, clerk, today):
        ticket.inspection.round.reporting_period = "week"
        ticket.inspection.round.save()

        ticket.report(by=clerk, text="已补登。", version=1)

        assert ticket.progress.get().period_key == "2026-W47"
        assert self.owed(today) == set()  # no half-months are counted in its round
        assert self.owed(date(2026, 11, 23), ReportingPeriod.WEEK) == {ticket}

    @pytest.mark.parametrize("state", ["submitted", "closed"])
    def test_what_is_not_in_work_owes_nothing(self, inspection, state, today):
        TicketFactory(inspection=inspection, **{state: True})

        assert self.owed(today) == set()
        assert not Ticket.objects.not_reported(today)

    def test_the_word_of_a_bulletin_is_no_report(self, ticket, operator, today):
        ticket.record_bulletin(ticket.bulletin, by=operator, text="通报称已补登。", version=1)

        assert self.owed(today) == {ticket}

    def test_the_page_says_when_the_next_is_asked(self, sign_in, clerk, ticket, today):
        page = sign_in(clerk).get(f"/tickets/{ticket.pk}/").content.decode()
        assert "<dt>下次反馈</dt><dd>11月30日（每半月）" in page
        assert "11月下半月还没有填报" in page

        ticket.report(by=clerk, text="已补登。", version=1)
        page = sign_in(clerk).get(f"/tickets/{ticket.pk}/").content.decode()
        assert "<dt>下次反馈</dt><dd>12月15日（每半月）" in page
        assert "11月下半月已于11月22日填报" in page

    def test_once_its_last_workday_is_over_the_missing_report_stands_out(
        self, sign_in, clerk, ticket, time_machine
    ):
        time_machine.move_to("2026-11-15T10:00:00+08:00", tick=False)  # a Sunday
        page = sign_in(clerk).get(f"/tickets/{ticket.pk}/").content.decode()

        assert '11月上半月<b class="is-warn-t">还没有填报</b>' in page


class TestJudged:
    @pytest.fixture
    def reported(self, ticket, clerk):
        ticket.report(by=clerk, text="已全部补登。", difficulty="无", percent=100, version=1)
        return ticket

    def judge(self, client, ticket, result, reason=""):
        ticket.refresh_from_db()
        typed = {"version": ticket.version, "result": result, "reason": reason}
        return client.post(f"/reports/{ticket.progress.first().pk}/judge/", typed)

    def test_a_returned_report_stays_on_record_and_no_longer_counts(
        self, sign_in, supervisor, clerk, reported, today
    ):
        response = self.judge(sign_in(supervisor), reported, "returned", "没有写剩余数。")

        assert response.url == f"/tickets/{reported.pk}/"
        verdict = reported.verdicts.get()
        assert (verdict.by, verdict.reason) == (supervisor, "没有写剩余数。")
        assert reported.progress.count() == 1
        assert set(Ticket.objects.not_reported(today)) == {reported}
        page = sign_in(clerk).get(f"/tickets/{reported.pk}/").content.decode()
        assert "退回了梁文填报的11月下半月进展" in page
        assert "进展退回" in page
        returned = Ticket.objects.with_returned_report().get(pk=reported.pk)
        assert (returned.redo_why, returned.redo_by) == ("没有写剩余数。", "邓佳")

    def test_the_next_form_brings_it_back_whole_and_the_new_one_names_it(
        self, sign_in, supervisor, clerk, reported, time_machine
    ):
        self.judge(sign_in(supervisor), reported, "returned", "没有写剩余数。")
        period_key = reported.progress.get().period_key
        time_machine.move_to("2027-01-04T09:00:00+08:00", tick=False)
        client = sign_in(clerk)

        response = client.get(f"/tickets/{reported.pk}/report/")
        form = response.context["form"]
        assert (form["text"].value(), form["percent"].value()) == ("已全部补登。", 100)
        assert "没有写剩余数。" in response.content.decode()

        report(client, reported, corrects=form["corrects"].value(), text="补登20处，剩0处。")

        new, old = reported.progress.all()
        assert (new.corrects, new.period_key) == (old, period_key)
        assert reported.report_to_redo() is None

    def test_an_accepted_one_counts_and_may_still_be_returned(
        self, sign_in, supervisor, reported, today
    ):
        client = sign_in(supervisor)
        self.judge(client, reported, "accepted")
        assert not Ticket.objects.not_reported(today)

        self.judge(client, reported, "returned", "抽查不符。")
        assert [verdict.result for verdict in reported.verdicts.all()] == ["returned", "accepted"]

        again = self.judge(client, reported, "accepted").content.decode()
        assert "这次填报已被退回或更正，不再审阅。" in again
        assert reported.verdicts.count() == 2

    def test_after_a_return_the_ticket_cannot_be_submitted_on_it(
        self, sign_in, supervisor, clerk, reported
    ):
        self.judge(sign_in(supervisor), reported, "returned", "没有写剩余数。")

        assert not reported.standing_of(clerk).reported

    def test_a_return_needs_its_reason(self, sign_in, supervisor, reported):
        response = self.judge(sign_in(supervisor), reported, "returned", "  ")

        assert response.context["form"].errors == {"reason": ["请填写退回原因。"]}
        assert not reported.verdicts.exists()

    def test_nobody_judges_their_own(self, sign_in, bureau, supervisor, clerk, reported):
        supervisor.memberships.create(unit=reported.lead_unit, role=Role.STAFF)
        reported.report(by=supervisor, text="我也补登了。", version=2)

        page = self.judge(sign_in(supervisor), reported, "accepted").content.decode()

        assert "填报人不能审阅自己填报的进展。" in page
        assert not reported.verdicts.exists()

    @pytest.mark.parametrize("role", ["clerk", "viewer", "operator"])
    def test_other_roles_are_refused(self, sign_in, request, reported, role):
        page = self.judge(sign_in(request.getfixturevalue(role)), reported, "accepted")

        assert "审阅进展。" in page.content.decode()
        assert not reported.verdicts.exists()

    def test_who_judges_on_an_old_page_is_told_what_happened(
        self, sign_in, supervisor, bureau, reported
    ):
        other = acts_for(bureau, Role.OFFICE)
        stale = reported.version
        reported.judge(
            reported.progress.get(), ReportResult.RETURNED, by=other, reason="缺数。", version=stale
        )

        response = sign_in(supervisor).post(
            f"/reports/{reported.progress.get().pk}/judge/",
            {"version": stale, "result": "accepted", "reason": "同意"},
        )

        page = response.content.decode()
        assert "不再审阅" in page
        assert "同意" in page
        assert reported.verdicts.count() == 1

    def test_a_neighbour_gets_404(self, sign_in, neighbour, reported):
        assert self.judge(sign_in(neighbour), reported, "accepted").status_code == 404


class TestCorrection:
    def test_it_is_a_new_entry_that_names_the_one_it_corrects(self, sign_in, clerk, ticket, today):
        ticket.report(by=clerk, text="补登六十处。", version=1)
        wrong = ticket.progress.get()
        client = sign_in(clerk)

        form = client.get(f"/tickets/{ticket.pk}/report/?corrects={wrong.pk}").context["form"]
        assert form["text"].value() == "补登六十处。"
        report(client, ticket, corrects=wrong.pk, text="补登六处。")

        right = ticket.progress.first()
        assert right.corrects == wrong
        assert list(ticket.progress.that_hold()) == [right]
        page = client.get(f"/tickets/{ticket.pk}/").content.decode()
        assert "更正11月下半月进展" in page
        assert "已更正" in page

    def test_a_report_is_corrected_once_and_then_its_correction_is(self, sign_in, clerk, ticket):
        ticket.report(by=clerk, text="补登六十处。", version=1)
        wrong = ticket.progress.get()
        ticket.report(by=clerk, text="补登六处。", corrects=wrong, version=2)

        page = report(sign_in(clerk), ticket, corrects=wrong.pk, text="补登七处。")

        assert "请更正最新的一次。" in page.content.decode()
        assert ticket.progress.count() == 2

    def test_what_belongs_to_another_ticket_or_to_a_bulletin_is_not_corrected(
        self, sign_in, clerk, operator, ticket, inspection, department
    ):
        other = TicketFactory(inspection=inspection, lead_unit=department, in_progress=True)
        other.report(by=clerk, text="别的问题。", version=1)
        printed = ticket.record_bulletin(ticket.bulletin, by=operator, text="通报称。", version=1)
        client = sign_in(clerk)

        for wrong in (other.progress.get().pk, printed.pk, 999_999, "x"):
            response = report(client, ticket, corrects=wrong, text="改。")
            assert response.status_code == 200
        assert ticket.progress.own().count() == 0
