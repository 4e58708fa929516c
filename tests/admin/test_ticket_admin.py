"""Tickets in the admin: corrected with a reason, never added, moved or removed."""

from datetime import date

import pytest

from tests.conftest import acts_for
from tests.factories import InspectionFactory, PlanFactory, TicketFactory
from tracker.choices import DueBasis, Role, Status
from tracker.models import Change, Person, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

LIST = "/admin/tracker/ticket/"


def page(response):
    return response.content.decode()


def change_url(ticket):
    return f"{LIST}{ticket.pk}/change/"


def fields(ticket, **changed):
    """What the browser sends of the change form."""
    return {
        "title": ticket.title,
        "leader": "",
        "leader_text": ticket.leader_text,
        "lead_unit": ticket.lead_unit_id,
        "lead_unit_text": ticket.lead_unit_text,
        "person": ticket.person_id or "",
        "person_text": ticket.person_text,
        "kind": ticket.kind,
        "due_on": ticket.due_on or "",
        "seen": ticket.version,
        "why": "市委巡察办函",
        **changed,
    }


@pytest.fixture
def as_operator(sign_in, operator):
    return sign_in(operator)


class TestAmend:
    def test_a_correction_is_recorded_with_who_and_why(self, as_operator, operator, ticket):
        response = as_operator.post(
            change_url(ticket), fields(ticket, due_on="2027-03-01", title="改过的标题")
        )

        assert response.status_code == 302
        old = ticket.due_on
        ticket.refresh_from_db()
        assert (ticket.due_on, ticket.due_basis) == (date(2027, 3, 1), DueBasis.DECIDED)
        assert (ticket.original_due_on, ticket.title) == (old, "改过的标题")
        changes = {c.field: c for c in Change.objects.filter(ticket=ticket)}
        assert set(changes) == {"问题", "整改时限", "时限来源"}
        assert changes["整改时限"].by == operator
        assert changes["整改时限"].why == "市委巡察办函"

    def test_its_history_tells_every_field(self, as_operator, ticket):
        as_operator.post(change_url(ticket), fields(ticket, title="改过的标题"))

        shown = page(as_operator.get(f"{LIST}{ticket.pk}/history/"))

        assert "<td>台账不健全</td><td>改过的标题</td>" in shown
        for words in ("何敏", "市委巡察办函"):
            assert words in shown

    def test_a_reason_is_required(self, as_operator, ticket):
        response = as_operator.post(change_url(ticket), fields(ticket, title="改过", why=""))

        assert response.status_code == 200
        ticket.refresh_from_db()
        assert ticket.title != "改过"

    def test_who_comes_second_is_told_and_keeps_what_was_typed(
        self, as_operator, operator, ticket, clerk
    ):
        seen = fields(ticket, title="我的标题")
        ticket.amend({"person": clerk}, by=operator, why="分工", version=ticket.version)

        text = page(as_operator.post(change_url(ticket), seen))

        assert "没有保存" in text
        assert "责任人" in text
        assert "我的标题" in text
        ticket.refresh_from_db()
        assert ticket.title != "我的标题"
        # Having seen it, the next try counts.
        assert f'name="seen" value="{ticket.version}"' in text
        as_operator.post(change_url(ticket), {**seen, "seen": ticket.version})
        ticket.refresh_from_db()
        assert ticket.title == "我的标题"

    def test_what_was_left_alone_does_not_undo_what_another_saved(
        self, as_operator, operator, ticket, clerk
    ):
        assert 'name="initial-due_on"' in page(as_operator.get(change_url(ticket)))
        opened = fields(ticket, title="我的标题", due_on="2027-03-01")
        first = {f"initial-{name}": value for name, value in fields(ticket).items()}
        ticket.amend(
            {"person": clerk, "due_on": date(2026, 12, 18)},
            by=operator,
            why="分工",
            version=ticket.version,
        )

        response = as_operator.post(change_url(ticket), opened | first)

        assert "您和别人都改了整改时限，再保存就以您填的为准。" in page(response)
        form = response.context["adminform"].form
        second = {name: form[name].value() for name in opened} | {
            f"initial-{name}": form.data[f"initial-{name}"] for name in opened
        }
        as_operator.post(change_url(ticket), second)
        ticket.refresh_from_db()
        assert (ticket.title, ticket.person) == ("我的标题", clerk)
        assert ticket.due_on == date(2027, 3, 1)

    def test_what_a_submitted_plan_says_stands_still(self, as_operator, supervisor, ticket):
        PlanFactory(inspection=ticket.inspection, status="submitted", submitted_by=supervisor)

        text = page(as_operator.post(change_url(ticket), fields(ticket, due_on="2027-03-01")))

        assert "整改方案正在审定，责任和时限不能更正" in text
        assert 'value="2027-03-01"' in text
        as_operator.post(change_url(ticket), fields(ticket, title="改过的标题"))
        ticket.refresh_from_db()
        assert (ticket.title, ticket.due_on) == ("改过的标题", date(2026, 12, 1))

    def test_helping_units_are_recorded_too(self, as_operator, ticket, other_department):
        as_operator.post(change_url(ticket), fields(ticket, co_units=[other_department.pk]))

        assert list(ticket.co_units.all()) == [other_department]
        assert Change.objects.get().field == "配合单位"

    def test_a_unit_outside_the_inspected_one_is_no_choice(self, as_operator, ticket, other_bureau):
        as_operator.post(change_url(ticket), fields(ticket, lead_unit=other_bureau.pk))

        ticket.refresh_from_db()
        assert ticket.lead_unit != other_bureau

    def test_status_cannot_be_set(self, as_operator, ticket):
        as_operator.post(change_url(ticket), fields(ticket, status=Status.CLOSED))

        ticket.refresh_from_db()
        assert ticket.status == Status.IN_PROGRESS

    def test_a_closed_ticket_is_only_read(self, as_operator, inspection):
        ticket = TicketFactory(inspection=inspection, closed=True)

        assert "submit-row" in page(as_operator.get(change_url(ticket)))
        assert as_operator.post(change_url(ticket), fields(ticket)).status_code == 403


class TestWhatIsNotOffered:
    def test_tickets_are_neither_added_nor_deleted(self, as_operator, ticket):
        assert as_operator.get(f"{LIST}add/").status_code == 403
        assert as_operator.post(f"{LIST}{ticket.pk}/delete/").status_code == 403
        as_operator.post(
            LIST, {"action": "delete_selected", "_selected_action": [ticket.pk], "post": "yes"}
        )
        assert Ticket.objects.filter(pk=ticket.pk).exists()

    @pytest.mark.parametrize("model", ["progress", "transition", "change", "importbatch"])
    def test_history_is_only_read(self, as_operator, model):
        assert as_operator.get(f"/admin/tracker/{model}/").status_code == 200
        assert as_operator.get(f"/admin/tracker/{model}/add/").status_code == 403


class TestReach:
    def test_the_list_holds_what_is_in_reach(self, as_operator, ticket, other_bureau):
        elsewhere = TicketFactory(
            inspection=InspectionFactory(unit=other_bureau), title="别处的问题"
        )

        text = page(as_operator.get(LIST))

        assert ticket.number in text
        assert elsewhere.title not in text
        assert elsewhere.inspection.code not in text

    def test_a_ticket_out_of_reach_is_not_there(self, as_operator, other_bureau):
        elsewhere = TicketFactory(inspection=InspectionFactory(unit=other_bureau))

        response = as_operator.get(change_url(elsewhere))

        assert (response.status_code, response.url) == (302, "/admin/")

    def test_reading_a_unit_is_not_amending_it(self, client, ticket, bureau, other_bureau):
        person = acts_for(other_bureau, Role.OPERATOR, username="both")
        person.memberships.create(unit=bureau, role=Role.VIEWER)
        client.force_login(Person.objects.get(pk=person.pk))

        assert ticket.number not in page(client.get(LIST))

    def test_an_administrator_sees_no_tickets(self, client, ticket, system_administrator):
        client.force_login(system_administrator)

        assert client.get(LIST).status_code == 403

    def test_the_lights_filter(self, as_operator, inspection):
        late = TicketFactory(
            inspection=inspection,
            title="超期的",
            due_on=date(2026, 11, 1),
            in_progress=True,
        )
        fine = TicketFactory(inspection=inspection, title="从容的", due_on=date(2027, 6, 1))

        text = page(as_operator.get(LIST, {"light": "late"}))

        assert late.title in text
        assert fine.title not in text

    @pytest.mark.parametrize("rows", [3, 30])
    def test_its_queries_do_not_grow_with_the_list(
        self, as_operator, inspection, django_assert_num_queries, rows
    ):
        TicketFactory.create_batch(rows, inspection=inspection)

        with django_assert_num_queries(12):
            as_operator.get(LIST)


class TestReference:
    """Who looks after accounts, and who after units."""

    @pytest.mark.parametrize("model", ["unit", "person", "round", "holiday"])
    def test_the_system_administrator_looks_after_reference_data(
        self, client, system_administrator, bureau, model
    ):
        client.force_login(system_administrator)

        assert client.get("/admin/").status_code == 200
        assert client.get(f"/admin/tracker/{model}/").status_code == 200
        assert client.get(f"/admin/tracker/{model}/add/").status_code == 200

    @pytest.mark.parametrize("model", ["person", "membership", "round", "holiday"])
    def test_an_operator_does_not(self, as_operator, model):
        assert as_operator.get(f"/admin/tracker/{model}/").status_code == 403

    def test_an_operator_names_units_in_reach_but_does_not_move_them(
        self, as_operator, department, other_bureau
    ):
        url = f"/admin/tracker/unit/{department.pk}/change/"
        as_operator.post(
            url,
            {
                "name": "工程管理科",
                "short_name": "工程科",
                "sort_no": "1",
                "parent": other_bureau.pk,
                "aliases-TOTAL_FORMS": "1",
                "aliases-INITIAL_FORMS": "0",
                "aliases-0-name": "建管科",
            },
        )

        department.refresh_from_db()
        assert (department.name, department.parent.name) == ("工程管理科", "临江市水务局")
        assert department.aliases.get().name == "建管科"
        assert as_operator.get(f"/admin/tracker/unit/{other_bureau.pk}/change/").status_code == 302


class TestMatchPrintedNames:
    """A name that nobody bore at the import is matched once the person is registered."""

    def match(self, client, *tickets):
        return client.post(
            LIST,
            {"action": "match_printed_names", "_selected_action": [t.pk for t in tickets]},
            follow=True,
        )

    def test_a_registered_person_takes_the_place_of_the_printed_name(
        self, as_operator, operator, inspection, department
    ):
        ticket = TicketFactory(inspection=inspection, person_text="罗启", leader_text="沈远")
        person = acts_for(department, Role.STAFF, name="罗启")

        response = self.match(as_operator, ticket)

        ticket.refresh_from_db()
        assert (ticket.person, ticket.person_text, ticket.leader) == (person, "罗启", None)
        change = Change.objects.get(ticket=ticket)
        assert (change.field, change.new, change.by) == ("责任人", "罗启", operator)
        assert "对应了1处姓名" in page(response)
        assert "沈远：还没有登记" in page(response)

    def test_of_two_namesakes_none_is_guessed(
        self, as_operator, inspection, department, other_department
    ):
        ticket = TicketFactory(inspection=inspection, person_text="罗启")
        for unit in (department, other_department):
            acts_for(unit, Role.STAFF, name="罗启")

        response = self.match(as_operator, ticket)

        ticket.refresh_from_db()
        assert ticket.person is None
        assert "有2人同名" in page(response)

    def test_the_list_can_show_only_tickets_with_unregistered_names(self, as_operator, inspection):
        printed = TicketFactory(inspection=inspection, person_text="罗启")
        TicketFactory(inspection=inspection)

        shown = as_operator.get(LIST, {"names": "printed"}).context["cl"].queryset

        assert list(shown) == [printed]

    def test_a_ticket_out_of_reach_is_left_alone(self, as_operator, other_bureau):
        ticket = TicketFactory(inspection=InspectionFactory(unit=other_bureau), person_text="罗启")
        acts_for(other_bureau, Role.STAFF, name="罗启")

        self.match(as_operator, ticket)

        ticket.refresh_from_db()
        assert ticket.person is None
