"""A unit reports what it did."""

from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import acts_for
from tests.factories import IndicatorFactory, MeasureFactory, TicketFactory
from tracker.choices import Role

pytestmark = pytest.mark.django_db


def report(client, ticket, **typed):
    typed = {"version": ticket.version, "text": "本周补登六处。", **typed}
    return client.post(f"/tickets/{ticket.pk}/report/", typed)


class TestReport:
    def test_it_is_kept_with_who_and_how_far(self, sign_in, clerk, ticket):
        response = report(sign_in(clerk), ticket, percent="60")

        assert response.url == f"/tickets/{ticket.pk}/"
        progress = ticket.progress.get()
        assert (progress.by, progress.text, progress.percent) == (clerk, "本周补登六处。", 60)

    def test_it_records_new_figures_beside_the_old(self, sign_in, clerk, ticket):
        indicator = IndicatorFactory(ticket=ticket)
        untouched = IndicatorFactory(ticket=ticket, label="巡查责任人")

        report(sign_in(clerk), ticket, **{f"done_{indicator.pk}": "14"})

        indicator.refresh_from_db()
        assert (indicator.done, indicator.total) == (14, 20)
        figure = ticket.progress.get().figures.get()
        assert (figure.indicator, figure.old_done, figure.done) == (indicator, 8, 14)
        untouched.refresh_from_db()
        assert untouched.done == 8

    def test_more_than_all_and_nought_are_true_figures(self, sign_in, clerk, ticket):
        over, none = IndicatorFactory.create_batch(2, ticket=ticket)

        report(sign_in(clerk), ticket, **{f"done_{over.pk}": "25.5", f"done_{none.pk}": "0"})

        over.refresh_from_db()
        none.refresh_from_db()
        assert (over.done, over.rate) == (Decimal("25.5"), Decimal("127.5"))
        assert none.done == 0

    def test_it_finishes_the_measures_that_are_ticked_and_no_other(
        self, sign_in, clerk, ticket, today
    ):
        first, second, third = (
            MeasureFactory(ticket=ticket, number=n, order=i) for i, n in enumerate("一二三")
        )
        third.done_on = date(2026, 11, 2)
        third.save()

        report(sign_in(clerk), ticket, done=[first.pk])

        done = {m.number: m.done_on for m in ticket.measures.all()}
        assert done == {"一": date(2026, 11, 22), "二": None, "三": date(2026, 11, 2)}
        assert ticket.changes.get().field == "措施一"

        ticket.refresh_from_db()
        report(sign_in(clerk), ticket, undone=[third.pk])
        assert ticket.measures.get(number="三").done_on is None
        assert second.done_on is None

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"text": " "}, "text"),
            ({"percent": "101"}, "percent"),
            ({"percent": "-1"}, "percent"),
            ({"version": "x"}, "version"),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_kept(self, sign_in, clerk, ticket, typed, field):
        response = report(sign_in(clerk), ticket, **typed)

        assert list(response.context["form"].errors) == [field]
        assert "没有保存。" in response.content.decode()
        assert not ticket.progress.exists()

    def test_what_is_wrong_comes_back_as_it_was_typed_with_the_reason(self, sign_in, clerk, ticket):
        indicator = IndicatorFactory(ticket=ticket)

        page = report(
            sign_in(clerk), ticket, text=" ", percent="95%", **{f"done_{indicator.pk}": "三十处"}
        ).content.decode()

        for words in ("请填写进展。", "请填写0至100的整数，不写百分号。", "请填写数字，不写单位。"):
            assert words in page
        assert 'value="95%"' in page
        assert 'value="三十处"' in page

    def test_full_width_digits_are_digits(self, sign_in, clerk, ticket):
        indicator = IndicatorFactory(ticket=ticket)

        report(sign_in(clerk), ticket, percent="６０", **{f"done_{indicator.pk}": "１４"})

        indicator.refresh_from_db()
        assert (ticket.progress.get().percent, indicator.done) == (60, 14)

    def test_a_long_text_is_kept_whole_and_an_endless_one_refused(self, sign_in, clerk, ticket):
        client = sign_in(clerk)

        report(client, ticket, text="补" * 5000)
        refused = report(client, ticket, version=2, text="补" * 10_001)

        assert len(ticket.progress.get().text) == 5000
        assert refused.context["form"].errors == {"text": ["写了10001字，请写在10000字以内。"]}

    def test_a_negative_figure_is_refused(self, sign_in, clerk, ticket):
        indicator = IndicatorFactory(ticket=ticket)

        response = report(sign_in(clerk), ticket, **{f"done_{indicator.pk}": "-3"})

        assert list(response.context["form"].errors) == [f"done_{indicator.pk}"]
        assert "本周补登六处。" in response.content.decode()

    def test_another_tickets_measure_is_refused(self, sign_in, clerk, ticket, inspection):
        foreign = MeasureFactory(ticket=TicketFactory(inspection=inspection))

        response = report(sign_in(clerk), ticket, done=[foreign.pk])

        assert list(response.context["form"].errors) == ["done"]
        foreign.refresh_from_db()
        assert foreign.done_on is None

    def test_staff_of_a_unit_that_helps_may_report(self, sign_in, ticket, other_department):
        ticket.co_units.add(other_department)
        helper = acts_for(other_department, Role.STAFF)

        report(sign_in(helper), ticket)

        assert ticket.progress.get().by == helper

    @pytest.mark.parametrize(
        ("status", "reason"),
        [
            ("unclaimed", "请先认领。"),
            ("submitted", "“待审核”的问题不能填报进展。"),
            ("closed", "“已销号”的问题不能填报进展。"),
        ],
    )
    def test_it_is_refused_from_every_other_status(
        self, sign_in, clerk, inspection, department, status, reason
    ):
        state = {} if status == "unclaimed" else {status: True}
        ticket = TicketFactory(inspection=inspection, lead_unit=department, **state)

        page = report(sign_in(clerk), ticket).content.decode()

        assert reason in page
        assert "本周补登六处。" in page
        assert not ticket.progress.exists()

    @pytest.mark.parametrize("role", ["supervisor", "operator", "viewer"])
    def test_it_is_refused_to_every_other_role(self, sign_in, request, ticket, role):
        page = report(sign_in(request.getfixturevalue(role)), ticket).content.decode()

        assert "需要承办人填报。" in page
        assert not ticket.progress.exists()

    def test_a_get_shows_the_form_and_keeps_nothing(self, sign_in, clerk, ticket):
        MeasureFactory(ticket=ticket, text="健全台账。")
        IndicatorFactory(ticket=ticket)

        page = sign_in(clerk).get(f"/tickets/{ticket.pk}/report/?text=x&version=1")

        assert "健全台账。" in page.content.decode()
        assert "8/20 处" in page.content.decode()
        assert not ticket.progress.exists()

    def test_htmx_gets_the_form_alone(self, sign_in, clerk, ticket):
        part = (
            sign_in(clerk)
            .get(f"/tickets/{ticket.pk}/report/", headers={"HX-Request": "true"})
            .content.decode()
        )

        assert "<html" not in part
        assert f'action="/tickets/{ticket.pk}/report/"' in part

    def test_a_neighbour_gets_404(self, sign_in, neighbour, ticket):
        assert report(sign_in(neighbour), ticket).status_code == 404
        assert sign_in(neighbour).get(f"/tickets/{ticket.pk}/report/").status_code == 404
        assert not ticket.progress.exists()

    def test_other_methods_are_refused(self, sign_in, clerk, ticket):
        client = sign_in(clerk)
        for method in (client.put, client.patch, client.delete):
            assert method(f"/tickets/{ticket.pk}/report/").status_code == 405
