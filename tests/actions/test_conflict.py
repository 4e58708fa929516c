"""Two people act on one ticket at once: the second sees both versions and loses no word."""

from datetime import date

import pytest

from tests.conftest import CHECKED, acts_for
from tests.factories import IndicatorFactory, MeasureFactory
from tracker.choices import Role, Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(department):
    return acts_for(department, Role.STAFF, name="莫志")


class TestConflict:
    def test_a_report_shows_what_happened_and_all_that_was_typed(
        self, sign_in, clerk, colleague, ticket
    ):
        first, second = (
            MeasureFactory(ticket=ticket, number=n, order=i) for i, n in enumerate("一二")
        )
        indicator = IndicatorFactory(ticket=ticket)
        ticket.report(
            by=colleague,
            text="已登记四处。",
            percent=50,
            version=1,
            figures={indicator: (12, 20)},
            measures_done=[first],
        )
        typed = {
            "version": "1",
            "text": "本周补登六处。",
            "percent": "60",
            f"done_{indicator.pk}": "14",
            "done": [str(second.pk)],
        }
        client = sign_in(clerk)

        response = client.post(f"/tickets/{ticket.pk}/report/", typed)

        assert response.status_code == 409
        assert [e.record.text for e in response.context["events"] if e.kind == "progress"] == [
            "已登记四处。"
        ]
        page = response.content.decode()
        assert "莫志" in page
        form = response.context["form"]
        kept = {name: form[name].value() for name in typed}
        assert kept == typed | {"version": 2}
        assert ticket.progress.count() == 1

        # Read and sent once more: both reports stand, nothing of the first is undone.
        again = client.post(f"/tickets/{ticket.pk}/report/", kept)

        assert again.status_code == 302
        assert [p.text for p in ticket.progress.all()] == ["本周补登六处。", "已登记四处。"]
        indicator.refresh_from_db()
        assert indicator.done == 14
        assert not ticket.measures.filter(done_on=None).exists()

    def test_fields_left_alone_keep_what_the_other_saved(self, sign_in, clerk, colleague, ticket):
        measure = MeasureFactory(ticket=ticket)
        indicator = IndicatorFactory(ticket=ticket)
        client = sign_in(clerk)
        seen = client.get(f"/tickets/{ticket.pk}/report/").context["form"]
        ticket.report(
            by=colleague,
            text="已登记四处。",
            version=1,
            figures={indicator: (12, 20)},
            measures_done=[measure],
        )
        as_opened = {name: seen[name].value() for name in seen.fields if seen[name].value()}

        conflict = client.post(f"/tickets/{ticket.pk}/report/", as_opened | {"text": "已催办。"})
        form = conflict.context["form"]
        kept = {name: form[name].value() for name in form.fields if form[name].value()}
        client.post(f"/tickets/{ticket.pk}/report/", kept)

        indicator.refresh_from_db()
        measure.refresh_from_db()
        assert ticket.progress.count() == 2
        assert (indicator.done, measure.done_on is not None) == (12, True)

    def test_each_value_that_both_set_is_chosen_and_words_alone_can_be_kept(
        self, sign_in, clerk, colleague, ticket
    ):
        indicator = IndicatorFactory(ticket=ticket)
        client = sign_in(clerk)

        def clash(text):
            """Both report at once; what the second is shown, as it would be sent again."""
            ticket.refresh_from_db()
            seen = ticket.version
            figures = {indicator: (12, 20)}
            ticket.report(by=colleague, text="四处", percent=50, version=seen, figures=figures)
            ticket.refresh_from_db()
            typed = {f"done_{indicator.pk}": "14", "percent": "60", "text": text}
            shown = client.post(f"/tickets/{ticket.pk}/report/", {**typed, "version": seen})
            both = [each.name for each in shown.context["clashes"]]
            return typed | {"version": ticket.version, "both": both}

        again = clash("六处")
        assert again["both"] == ["percent", f"done_{indicator.pk}"]
        client.post(f"/tickets/{ticket.pk}/report/", again | {"mine": ["percent"]})
        last = ticket.progress.first()
        indicator.refresh_from_db()
        assert (last.text, last.percent, indicator.done) == ("六处", 60, 12)

        words = clash("只有文字") | {"keep": "words"}
        client.post(f"/tickets/{ticket.pk}/report/", words)
        last = ticket.progress.first()
        assert (last.text, last.percent, list(last.figures.all())) == ("只有文字", None, [])

    def test_of_a_move_the_words_are_kept_as_a_draft(self, sign_in, clerk, colleague, ticket):
        ticket.report(by=clerk, text="已补登。", version=1)
        ticket.report(by=colleague, text="又补两处。", version=2)
        client = sign_in(clerk)
        url = f"/tickets/{ticket.pk}/move/submit/"
        typed = {"version": 2, "note": "台账已补齐。", **CHECKED}

        page = client.post(url, typed).content.decode()
        assert "只留文字" in page
        response = client.post(url, {**typed, "keep": "words"})

        assert response.url == f"/tickets/{ticket.pk}/report/"
        form = client.get(response.url).context["form"]
        assert form["text"].value() == "台账已补齐。"
        ticket.refresh_from_db()
        assert ticket.status == Status.IN_PROGRESS

    def test_a_report_on_a_ticket_closed_meanwhile_can_only_be_copied(
        self, sign_in, clerk, colleague, supervisor, ticket
    ):
        ticket.report(by=colleague, text="已登记四处。", version=1)
        ticket.move("submit", by=colleague, note="已补齐。", version=2)
        ticket.move("close", by=supervisor, note="同意销号。", version=3)

        response = sign_in(clerk).post(
            f"/tickets/{ticket.pk}/report/", {"version": 1, "text": "本周补登六处。"}
        )

        assert response.status_code == 409
        page = response.content.decode()
        assert "“已销号”的问题不能填报进展。" in page
        assert '<textarea id="typed" class="form-control" rows="5" readonly>本周补登六处。' in page
        assert f'action="/tickets/{ticket.pk}/report/"' not in page
        for words in ("已登记四处。", "已补齐。", "同意销号。"):
            assert words in page

    def test_of_two_supervisors_the_second_sees_the_firsts_decision(
        self, sign_in, supervisor, clerk, bureau, ticket
    ):
        ticket.report(by=clerk, text="已补登。", version=1)
        ticket.move("submit", by=clerk, note="已补齐。", version=2)
        other = acts_for(bureau, Role.OFFICE, name="何敏")
        ticket.move("return", by=other, note="缺验收单", version=3)

        response = sign_in(supervisor).post(
            f"/tickets/{ticket.pk}/move/close/",
            {"version": 3, "note": "同意销号。", "way": "documents"},
        )

        assert response.status_code == 409
        page = response.content.decode()
        assert "只有“待审核”的问题可以确认销号" in page
        assert "缺验收单" in page
        assert "何敏" in page
        assert "同意销号。" in page
        ticket.refresh_from_db()
        assert ticket.status == Status.RETURNED

    def test_a_move_that_is_still_open_can_be_sent_again(
        self, sign_in, supervisor, operator, clerk, ticket
    ):
        ticket.report(by=clerk, text="已补登。", version=1)
        ticket.move("submit", by=clerk, note="已补齐。", version=2)
        ticket.amend({"due_on": date(2026, 12, 18)}, by=operator, why="会议纪要三号", version=3)
        client = sign_in(supervisor)

        response = client.post(
            f"/tickets/{ticket.pk}/move/close/",
            {"version": 3, "note": "同意销号。", "way": "documents"},
        )

        assert response.status_code == 409
        assert "会议纪要三号" in response.content.decode()
        form = response.context["form"]
        client.post(f"/tickets/{ticket.pk}/move/close/", {n: form[n].value() for n in form.fields})
        ticket.refresh_from_db()
        assert ticket.status == Status.CLOSED

    def test_a_neighbour_learns_nothing_from_a_wrong_version(self, sign_in, neighbour, ticket):
        response = sign_in(neighbour).post(
            f"/tickets/{ticket.pk}/report/", {"version": 7, "text": "试试"}
        )

        assert response.status_code == 404

    def test_a_ticket_moved_out_of_reach_leaves_the_typed_text_and_shows_nothing(
        self, sign_in, clerk, operator, other_bureau, ticket
    ):
        client = sign_in(clerk)
        client.get(f"/tickets/{ticket.pk}/report/")
        ticket.amend({"lead_unit": other_bureau}, by=operator, why="调整分工", version=1)

        for address, field in (("report", "text"), ("move/submit", "note")):
            response = client.post(
                f"/tickets/{ticket.pk}/{address}/", {"version": 1, field: "本周补登<六>处。"}
            )

            assert response.status_code == 404
            page = response.content.decode()
            assert "readonly>本周补登&lt;六&gt;处。</textarea>" in page
            assert ticket.title not in page
            assert ticket.number not in page
