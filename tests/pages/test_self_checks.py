"""The pages of 举一反三: found problems count apart, requests are answered, repeats are linked."""

from datetime import date

import pytest

from tests.conftest import acts_for
from tests.factories import InspectionFactory, SelfCheckFactory, TicketFactory, UnitFactory
from tracker.choices import Origin, Role
from tracker.models import SelfCheck, Ticket, selfcheck

pytestmark = pytest.mark.django_db

FACTS = {"title": "路灯台账不健全", "problem": "缺三十处。", "due_on": date(2026, 12, 10)}


@pytest.fixture
def office(bureau):
    return acts_for(bureau, Role.OFFICE, username="office", name="秦安")


@pytest.fixture
def found(today, ticket, clerk):
    return selfcheck.open_found(
        ticket, by=clerk, origin=Origin.SIMILAR, lead_unit=ticket.lead_unit, **FACTS
    )


def text_of(response) -> str:
    return response.content.decode()


class TestFound:
    def test_it_is_registered_on_the_page_of_its_parent(self, sign_in, today, ticket, clerk):
        client = sign_in(clerk)
        assert "单独编号、单独统计" in text_of(client.get(f"/tickets/{ticket.pk}/found/"))

        response = client.post(
            f"/tickets/{ticket.pk}/found/",
            {
                "origin": "self",
                "lead_unit": ticket.lead_unit_id,
                "title": "路灯台账不健全",
                "problem": "缺三十处。",
                "kind": "time_limited",
                "due_on": "2026-12-10",
            },
        )

        made = Ticket.objects.found().get()
        assert response.url == f"/tickets/{made.pk}/"
        page = text_of(client.get(response.url))
        assert "自查" in page
        assert f'由此查出</dt><dd><a href="/tickets/{ticket.pk}/' in page
        assert "问题表现" in page
        assert "缺三十处。" in page

    def test_a_supervisor_hands_one_over_to_a_unit_and_no_unit_does(
        self, sign_in, today, ticket, inspector, clerk, other_department, department
    ):
        told = acts_for(other_department, Role.STAFF)
        typed = {"origin": "transferred", "lead_unit": other_department.pk, "title": "经费未拨",
                 "problem": "缺口二十万元。", "kind": "time_limited",
                 "due_on": "2026-12-10"}  # fmt: skip
        url = f"/tickets/{ticket.pk}/found/"
        assert "transferred" not in text_of(sign_in(clerk).get(url))
        sign_in(clerk).post(url, typed | {"lead_unit": department.pk})
        assert not Ticket.objects.found().exists()

        sign_in(inspector).post(url, typed)

        made = Ticket.objects.found().get()
        assert (made.origin, made.number[-4:], made.lead_unit) == (
            "transferred",
            "Y001",
            other_department,
        )
        assert told.notices.get().text == "移交问题：经费未拨"

    def test_who_answers_for_one_found_elsewhere_is_chosen_from_there(
        self, sign_in, today, ticket, neighbour, other_bureau, clerk
    ):
        check = SelfCheckFactory(ticket=ticket, unit=other_bureau)
        section = UnitFactory(name="造林科", parent=other_bureau)
        forester = acts_for(section, Role.STAFF)
        found = check.answer_found(by=neighbour, **FACTS)

        form = sign_in(neighbour).get(f"/tickets/{found.pk}/plan/").context["form"]

        assert set(form.fields["person"].queryset) == {neighbour, forester}

    def test_the_parent_shows_what_it_led_to(self, sign_in, found, ticket, clerk):
        page = text_of(sign_in(clerk).get(f"/tickets/{ticket.pk}/"))

        assert f"{found.number}　路灯台账不健全" in page

    def test_a_unit_out_of_reach_is_not_offered(self, sign_in, ticket, clerk, other_bureau):
        response = sign_in(clerk).post(
            f"/tickets/{ticket.pk}/found/",
            {"origin": "self", "lead_unit": other_bureau.pk, "title": "甲", "problem": "乙",
             "kind": "time_limited", "due_on": "2026-12-10"},
        )  # fmt: skip

        assert response.status_code == 200
        assert not Ticket.objects.found().exists()

    def test_the_list_shows_both_and_counts_apart(self, sign_in, found, ticket, clerk):
        client = sign_in(clerk)

        assert "共2项，其中自查等问题1项" in text_of(client.get("/tickets/"))
        assert "共1项" in text_of(client.get("/tickets/?origin=feedback"))
        page = text_of(client.get("/tickets/?origin=found"))
        assert "共1项" in page
        assert found.number in page

    def test_the_overview_counts_feedback_unless_asked(self, sign_in, found, ticket, office):
        client = sign_in(office)

        page = text_of(client.get("/overview/"))
        assert '问题总数</div><div class="v">1</div>' in page
        assert "另有自查等问题" in page
        assert "origin=feedback" in page
        asked = text_of(client.get("/overview/?origin=found"))
        assert '问题总数</div><div class="v">1</div>' in asked
        assert "origin=found" in asked

    def test_the_wall_is_of_the_feedback_unless_asked(self, sign_in, found, ticket, office):
        client, url = sign_in(office), f"/inspections/{ticket.inspection_id}/wall/"

        page = text_of(client.get(url))
        assert "路灯台账不健全" not in page
        assert "另有自查等问题" in page
        asked = text_of(client.get(f"{url}?origin=found"))
        assert "路灯台账不健全" in asked
        assert "自查问题整改台账" in asked

    def test_without_any_nothing_is_said_of_them(self, sign_in, ticket, office):
        page = text_of(sign_in(office).get("/overview/"))

        assert "自查等问题" not in page
        assert "origin=" not in page


class TestChecks:
    def test_a_problem_is_sent_and_the_answers_are_listed(
        self, sign_in, today, ticket, office, other_department
    ):
        client, url = sign_in(office), f"/tickets/{ticket.pk}/checks/"
        assert "还没有发给别的单位自查" in text_of(client.get(url))

        client.post(
            url, {"units": [other_department.pk], "words": "请自查。", "due_on": "2026-12-01"}
        )

        assert SelfCheck.objects.get().unit == other_department
        page = text_of(client.get(url))
        assert "0/1" in page
        assert "未答复" in page

    def test_an_answer_of_none(self, sign_in, today, ticket, neighbour, other_bureau):
        check = SelfCheckFactory(ticket=ticket, unit=other_bureau)
        client, url = sign_in(neighbour), f"/self-checks/{check.pk}/"
        page = text_of(client.get(url))
        assert check.words in page
        # The unit that is asked does not see the ticket itself.
        for shown in (page, text_of(client.get("/self-checks/"))):
            assert f"/tickets/{ticket.pk}/" not in shown
            assert ticket.title not in shown

        client.post(url, {"statement": "查了全部台账，无缺项。"})

        assert "查了全部台账" in text_of(client.get(url))
        assert "没有待答复的自查" in text_of(client.get("/self-checks/"))

    def test_an_answer_with_a_problem(self, sign_in, today, ticket, neighbour, other_bureau):
        check = SelfCheckFactory(ticket=ticket, unit=other_bureau)
        client, url = sign_in(neighbour), f"/self-checks/{check.pk}/"
        assert "答复并登记问题" in text_of(client.get(f"{url}?answer=found"))

        response = client.post(
            url,
            {"found": "1", "title": "林地台账不健全", "problem": "缺两处。",
             "kind": "time_limited", "due_on": "2026-12-10"},
        )  # fmt: skip

        made = Ticket.objects.found().get()
        assert response.url == f"/tickets/{made.pk}/"
        assert made.lead_unit == other_bureau
        page = text_of(client.get(response.url))
        assert ticket.number in page
        assert f'href="/tickets/{ticket.pk}/"' not in page

    def test_a_form_that_was_refused_keeps_what_was_typed(
        self, sign_in, today, ticket, neighbour, other_bureau
    ):
        check = SelfCheckFactory(ticket=ticket, unit=other_bureau)

        page = text_of(
            sign_in(neighbour).post(
                f"/self-checks/{check.pk}/", {"found": "1", "title": "林地", "kind": "immediate"}
            )
        )

        assert 'value="林地"' in page
        assert "没有保存" in page

    def test_the_unit_that_sent_it_reads_and_does_not_answer(self, sign_in, today, ticket, clerk):
        check = SelfCheckFactory(ticket=ticket)

        page = text_of(sign_in(clerk).get(f"/self-checks/{check.pk}/"))

        assert "答复：无此类问题" not in page
        assert "答复。" in page

    def test_a_stranger_finds_none(self, sign_in, ticket, neighbour):
        check = SelfCheckFactory(ticket=ticket)

        client = sign_in(neighbour)
        assert client.get(f"/self-checks/{check.pk}/").status_code == 404
        assert "没有待答复的自查" in text_of(client.get("/self-checks/"))

    @pytest.mark.parametrize("rows", [2, 30])
    def test_the_queries_of_the_list_do_not_grow(
        self, sign_in, today, ticket, neighbour, other_bureau, rows, django_assert_num_queries
    ):
        for _ in range(rows):
            SelfCheckFactory(ticket=TicketFactory(inspection=ticket.inspection), unit=other_bureau)
        client = sign_in(neighbour)

        with django_assert_num_queries(7):
            client.get("/self-checks/")

    @pytest.mark.parametrize("rows", [2, 30])
    def test_the_queries_of_the_answers_do_not_grow(
        self, sign_in, today, ticket, clerk, rows, django_assert_num_queries
    ):
        for _ in range(rows):
            SelfCheckFactory(ticket=ticket)
        client = sign_in(clerk)

        with django_assert_num_queries(8):
            client.get(f"/tickets/{ticket.pk}/checks/")


class TestRecurrence:
    @pytest.fixture
    def earlier(self, bureau, department):
        inspection = InspectionFactory(unit=bureau, feedback_on=date(2024, 3, 1))
        return TicketFactory(inspection=inspection, lead_unit=department, title="台账缺项")

    def test_it_is_linked_by_the_office_and_shown_on_both(
        self, sign_in, today, ticket, earlier, office
    ):
        client, url = sign_in(office), f"/tickets/{ticket.pk}/recurs/"
        assert earlier.number in text_of(client.get(url))

        client.post(url, {"number": earlier.number, "why": "同一台账", "version": 1})

        page = text_of(client.get(f"/tickets/{ticket.pk}/"))
        assert "屡改屡犯" in page
        assert f'href="/tickets/{earlier.pk}/"' in page
        assert "再次出现" in text_of(client.get(f"/tickets/{earlier.pk}/"))
        assert ticket.changes.get().field == "屡改屡犯"

    def test_only_an_earlier_problem_in_sight_is_taken(self, sign_in, today, ticket, office):
        foreign = TicketFactory(
            inspection=InspectionFactory(feedback_on=date(2024, 3, 1)), title="别局"
        )
        for number in (ticket.number, foreign.number, "2020-01-001"):
            page = text_of(
                sign_in(office).post(
                    f"/tickets/{ticket.pk}/recurs/", {"number": number, "why": "同", "version": 1}
                )
            )
            assert "没有这个编号" in page

    def test_staff_are_told_who_does(self, sign_in, ticket, earlier, clerk):
        url = f"/tickets/{ticket.pk}/recurs/"
        client = sign_in(clerk)

        assert "由整改办或巡察办认定" in text_of(client.get(url))
        client.post(url, {"number": earlier.number, "why": "同", "version": 1})
        ticket.refresh_from_db()
        assert ticket.recurs is None
