"""The pages of the plan: what they show, to whom, what a form does, and at what cost."""

from datetime import date

import pytest

from tests.conftest import acts_for
from tests.factories import MeasureFactory, MilestoneFactory, PlanFactory, TicketFactory
from tracker import drafting
from tracker.choices import AskKind, Role
from tracker.models import Measure, Plan, PlanAsk
from tracker.planning import Stop

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(bureau):
    return acts_for(bureau, Role.OFFICE, username="office", name="秦安")


@pytest.fixture
def plan(today, ticket):
    return PlanFactory(inspection=ticket.inspection)


@pytest.fixture
def approved(today, ticket):
    return PlanFactory(inspection=ticket.inspection, approved=True)


@pytest.fixture
def measure(ticket, clerk):
    return MeasureFactory(ticket=ticket, order=1, number="一", text="补登台账。", added_by=clerk)


def text_of(response) -> str:
    return response.content.decode()


def typed(ticket, **fields) -> dict:
    """What the browser sends from the form of a measure, its rows of milestones empty."""
    rows = {"milestone-TOTAL_FORMS": "8", "milestone-INITIAL_FORMS": "0"}
    return {"version": ticket.version, "text": "每月核对。", **rows, **fields}


class TestWhole:
    def test_without_a_plan_it_says_so_and_the_office_may_begin(
        self, sign_in, ticket, office, clerk
    ):
        url = f"/inspections/{ticket.inspection_id}/plan/"

        page = text_of(sign_in(clerk).get(url))
        assert "没有编制整改方案" in page
        assert "由整改办开始编制" in page
        client = sign_in(office)
        assert "plan/begin/" in text_of(client.get(url))
        assert client.get(f"{url}begin/").status_code == 200
        assert not Plan.objects.exists()

        assert client.post(f"{url}begin/").url == url
        assert Plan.objects.get().inspection == ticket.inspection

    def test_it_lists_all_that_is_missing_with_links_to_the_place(
        self, sign_in, plan, ticket, office
    ):
        late = MeasureFactory(ticket=ticket, order=1, due_on=date(2026, 12, 20))

        page = text_of(sign_in(office).get(f"/inspections/{ticket.inspection_id}/plan/"))

        assert f'<a href="/tickets/{ticket.pk}/plan/#id_leader">没有责任领导</a>' in page
        assert f'<a href="/tickets/{ticket.pk}/plan/#id_person">没有责任人</a>' in page
        assert f'href="/tickets/{ticket.pk}/plan/measures/{late.pk}/#id_due_on"' in page
        assert "方案还缺3处，补齐后才能提请审定" in page

    def test_it_shows_staff_their_own_problems_only(
        self, sign_in, plan, ticket, clerk, other_department
    ):
        TicketFactory(inspection=ticket.inspection, lead_unit=other_department, title="别科的问题")

        page = text_of(sign_in(clerk).get(f"/inspections/{ticket.inspection_id}/plan/"))

        assert "仅显示您可见的1项，共2项" in page
        assert "别科的问题" not in page
        assert "您看不到的问题里还缺3处" in page

    def test_it_says_which_lists_are_ready(self, sign_in, plan, measure, ticket, office):
        page = text_of(sign_in(office).get(f"/inspections/{ticket.inspection_id}/plan/"))

        for name, ready in (("问题清单", "1/1"), ("任务清单", "1/1"), ("责任清单", "0/1")):
            row = page[page.index(f'scope="row">{name}') :]
            assert ready in row[: row.index("</tr>")]

    def test_it_is_submitted_and_approved_on_its_pages(
        self, sign_in, plan, measure, ticket, office, party, clerk
    ):
        drafting.save_facts(ticket, {"leader": party, "person": clerk}, by=clerk, version=1)
        url = f"/inspections/{ticket.inspection_id}/plan/"

        sign_in(office).post(f"{url}submit/", {"note": "", "version": 1})
        client = sign_in(party)
        assert "提请后方案锁定" not in text_of(client.get(f"{url}approve/"))
        refused = client.post(f"{url}approve/", {"note": "", "version": 2})
        assert "请填写审定意见" in text_of(refused)
        client.post(f"{url}approve/", {"note": "同意。", "version": 2})

        page = text_of(client.get(url))
        assert "已批准" in page
        assert "2026年11月22日批准" in page
        plan.refresh_from_db()
        assert plan.decided_by == party

    def test_a_decision_on_what_a_colleague_changed_is_told(
        self, sign_in, plan, measure, ticket, office, party, clerk
    ):
        drafting.save_facts(ticket, {"leader": party, "person": clerk}, by=clerk, version=1)
        plan.move("submit", by=office, version=1)
        url = f"/inspections/{ticket.inspection_id}/plan/approve/"

        response = sign_in(party).post(url, {"note": "同意第一稿。", "version": 1})

        assert response.status_code == 409
        assert "刚被他人处理" in text_of(response)
        assert "同意第一稿。" in text_of(response)
        assert 'name="version" value="2"' in text_of(response)

    def test_an_unknown_move_is_404(self, sign_in, plan, ticket, office):
        assert sign_in(office).get(f"/inspections/{plan.inspection_id}/plan/x/").status_code == 404

    @pytest.mark.parametrize("rows", [2, 30])
    def test_its_queries_do_not_grow_with_the_problems(
        self, sign_in, plan, inspection, office, rows, django_assert_num_queries
    ):
        for _ in range(rows):
            made = TicketFactory(inspection=inspection)
            measure = MeasureFactory(ticket=made, order=1, added_by=office, unit=made.lead_unit)
            MilestoneFactory(measure=measure)
            PlanAsk.objects.create(
                ticket=made, measure=measure, kind=AskKind.DROP, reason="试", asked_by=office
            )
        client = sign_in(office)

        with django_assert_num_queries(16):
            client.get(f"/inspections/{inspection.pk}/plan/")


class TestTicketPlan:
    def test_facts_are_saved_and_recorded(self, sign_in, plan, ticket, clerk, office):
        url = f"/tickets/{ticket.pk}/plan/"

        sign_in(clerk).post(
            url,
            {
                "leader": office.pk,
                "person": clerk.pk,
                "kind": "immediate",
                "due_on": "2026-11-30",
                "due_reason": "",
                "version": 1,
            },
        )

        ticket.refresh_from_db()
        assert (ticket.leader, ticket.person, ticket.kind) == (office, clerk, "immediate")
        assert set(ticket.changes.values_list("field", flat=True)) == {
            "责任领导",
            "责任人",
            "整改类型",
            "整改时限",
        }

    def test_an_old_version_keeps_what_was_typed(self, sign_in, plan, ticket, clerk):
        ticket.amend({"title": "别名"}, by=clerk, why="试", version=1)

        response = sign_in(clerk).post(
            f"/tickets/{ticket.pk}/plan/",
            {"kind": "immediate", "due_on": "2026-11-30", "due_reason": "急", "version": 1},
        )

        assert response.status_code == 409
        page = text_of(response)
        assert "没有保存" in page
        assert 'value="急"' in page
        assert 'name="version" value="2"' in page

    def test_measures_are_moved_and_dropped_by_buttons(self, sign_in, plan, measure, ticket, clerk):
        second = MeasureFactory(ticket=ticket, order=2, number="二", text="再查。", added_by=clerk)
        client, url = sign_in(clerk), f"/tickets/{ticket.pk}/plan/"

        client.post(url, {"act": f"up:{second.pk}", "version": 1})
        assert [m.text for m in ticket.measures.all()] == ["再查。", "补登台账。"]
        client.post(url, {"act": f"drop:{second.pk}", "version": 2})
        assert [m.text for m in ticket.measures.all()] == ["补登台账。"]
        assert client.post(url, {"act": "burn:1", "version": 3}).status_code == 404

    def test_the_page_of_another_department_is_404(self, sign_in, plan, neighbour, ticket):
        client = sign_in(neighbour)
        for path in ("plan/", "plan/measures/", "found/", "checks/", "recurs/"):
            assert client.get(f"/tickets/{ticket.pk}/{path}").status_code == 404

    def test_a_viewer_reads_and_is_told_who_drafts(self, sign_in, plan, measure, ticket, viewer):
        page = text_of(sign_in(viewer).get(f"/tickets/{ticket.pk}/plan/"))

        assert "由牵头单位的承办人、部门负责人或整改办编制" in page
        assert "添加措施" not in page
        assert "补登台账" in page

    @pytest.mark.parametrize("rows", [1, 20])
    def test_its_queries_do_not_grow_with_the_measures(
        self, sign_in, plan, ticket, clerk, rows, django_assert_num_queries
    ):
        for order in range(1, rows + 1):
            made = MeasureFactory(ticket=ticket, order=order, added_by=clerk, person=clerk)
            MilestoneFactory(measure=made)
        client = sign_in(clerk)

        with django_assert_num_queries(19):
            client.get(f"/tickets/{ticket.pk}/plan/")


class TestMeasureForm:
    def test_it_adds_a_measure_with_milestones(self, sign_in, plan, ticket, clerk):
        fields = typed(
            ticket,
            goal="账实相符",
            **{"milestone-0-title": "核对完", "milestone-0-due_on": "2026-11-27"},
        )

        response = sign_in(clerk).post(f"/tickets/{ticket.pk}/plan/measures/", fields)

        assert response.url == f"/tickets/{ticket.pk}/plan/"
        made = ticket.measures.get()
        assert (made.goal, made.milestones.get().title) == ("账实相符", "核对完")

    def test_counting_back_fills_the_rows_and_saves_nothing(self, sign_in, plan, ticket, clerk):
        fields = typed(ticket, due_on="2026-11-30", lay_out="1")

        page = text_of(sign_in(clerk).post(f"/tickets/{ticket.pk}/plan/measures/", fields))

        assert "已倒排4个节点，还没有保存" in page
        assert 'value="2026-11-30"' in page
        assert "每月核对。" in page
        assert "没有保存。" not in page.replace("还没有保存。", "")
        assert not ticket.measures.exists()

    def test_what_is_on_record_stands_in_the_form(self, sign_in, plan, measure, ticket, clerk):
        drafting.save_measure(
            ticket,
            measure,
            {"starts_on": date(2026, 11, 23), "due_on": date(2026, 11, 28)},
            [Stop("核对完", date(2026, 11, 27))],
            by=clerk,
            version=1,
        )

        page = text_of(sign_in(clerk).get(f"/tickets/{ticket.pk}/plan/measures/{measure.pk}/"))

        for day in ("2026-11-23", "2026-11-28", "2026-11-27"):
            assert f'value="{day}"' in page

    def test_half_a_milestone_is_told(self, sign_in, plan, ticket, clerk):
        fields = typed(ticket, **{"milestone-0-title": "核对完"})

        page = text_of(sign_in(clerk).post(f"/tickets/{ticket.pk}/plan/measures/", fields))

        assert "节点和应到日期要一起填写" in page
        assert not ticket.measures.exists()

    def test_an_end_before_the_start_is_told(self, sign_in, plan, ticket, clerk):
        fields = typed(ticket, starts_on="2026-11-29", due_on="2026-11-20")

        page = text_of(sign_in(clerk).post(f"/tickets/{ticket.pk}/plan/measures/", fields))

        assert "完成时限不能早于开始日期" in page

    def test_a_printed_measure_keeps_its_words(self, sign_in, plan, ticket, clerk):
        printed = MeasureFactory(ticket=ticket, order=1)
        client, url = sign_in(clerk), f"/tickets/{ticket.pk}/plan/measures/{printed.pk}/"

        assert "通报所印，锁定不改" in text_of(client.get(url))
        client.post(url, typed(ticket, text="改写", goal="见底"))

        printed.refresh_from_db()
        assert (printed.text, printed.goal) == ("健全台账，逐项登记。", "见底")

    def test_two_at_once_and_nothing_is_lost(self, sign_in, plan, measure, ticket, clerk):
        url = f"/tickets/{ticket.pk}/plan/measures/{measure.pk}/"
        fields = typed(ticket, text="我的写法。")
        drafting.save_measure(ticket, measure, {"goal": "甲"}, [], by=clerk, version=1)

        response = sign_in(clerk).post(url, fields)

        assert response.status_code == 409
        page = text_of(response)
        assert "我的写法。" in page
        assert 'name="version" value="2"' in page


class TestAsk:
    def test_the_form_of_an_approved_plan_asks(self, sign_in, approved, measure, ticket, clerk):
        url = f"/tickets/{ticket.pk}/plan/measures/{measure.pk}/"
        client = sign_in(clerk)
        assert "时限只能申请延期" in text_of(client.get(url))

        client.post(url, typed(ticket, text="补登并核对。", reason="会议纪要五号"))

        ask = PlanAsk.objects.get()
        assert (ask.reason, ask.asked_by) == ("会议纪要五号", clerk)
        assert Measure.objects.get(pk=measure.pk).text == "补登台账。"

    def test_old_and_new_stand_side_by_side_and_are_decided(
        self, sign_in, approved, measure, ticket, clerk, party
    ):
        ask = drafting.ask(
            ticket, measure, AskKind.CHANGE, {"goal": "账实相符"}, [], reason="纪要", by=clerk
        )
        client, url = sign_in(party), f"/plan-asks/{ask.pk}/"

        page = text_of(client.get(url))
        assert "<ins>账实相符</ins>" in page
        assert "同意调整" in page
        assert "请填写审定意见" in text_of(client.post(url, {"grant": "1", "opinion": ""}))
        client.post(url, {"grant": "1", "opinion": "同意"})

        assert Measure.objects.get(pk=measure.pk).goal == "账实相符"
        assert "已同意" in text_of(client.get(url))

    def test_who_asked_sees_that_another_decides(
        self, sign_in, approved, measure, ticket, clerk, party
    ):
        ask = drafting.ask(ticket, measure, AskKind.DROP, {}, [], reason="并入", by=clerk)

        page = text_of(sign_in(clerk).get(f"/plan-asks/{ask.pk}/"))

        assert "由被巡察单位的党组审定" in page
        assert "同意调整" not in page

    def test_dropping_is_asked_on_a_page_of_its_own(
        self, sign_in, approved, measure, ticket, clerk
    ):
        url = f"/tickets/{ticket.pk}/plan/measures/{measure.pk}/drop/"

        sign_in(clerk).post(url, {"reason": "已并入"})

        assert PlanAsk.objects.get().kind == AskKind.DROP

    def test_a_stranger_finds_no_request(
        self, sign_in, approved, measure, ticket, clerk, neighbour
    ):
        ask = drafting.ask(ticket, measure, AskKind.DROP, {}, [], reason="并入", by=clerk)

        assert sign_in(neighbour).get(f"/plan-asks/{ask.pk}/").status_code == 404


def test_a_milestone_is_ticked_on_the_page(sign_in, approved, measure, ticket, clerk):
    stop = MilestoneFactory(measure=measure, due_on=date(2026, 11, 20))
    client, url = sign_in(clerk), f"/tickets/{ticket.pk}/plan/"
    assert "已过期" in text_of(client.get(url))

    client.post(url, {"act": f"tick:{stop.pk}", "version": 1})

    assert "11月22日到达" in text_of(client.get(url))


class TestAtOnce:
    def test_what_was_left_alone_keeps_what_the_other_saved(
        self, sign_in, plan, ticket, clerk, office, party
    ):
        url, client = f"/tickets/{ticket.pk}/plan/", sign_in(clerk)
        form = client.get(url).context["form"]
        opened = {name: form[name].value() or "" for name in (*form.Meta.fields, "version")}
        opened |= {f"initial-{name}": opened[name] for name in form.Meta.fields}
        facts = {"leader": party, "due_on": date(2026, 12, 18)}
        drafting.save_facts(ticket, facts, by=office, version=ticket.version)

        response = client.post(url, opened | {"person": clerk.pk, "due_on": "2026-12-20"})

        assert response.status_code == 409
        assert "别人先处理了这个问题" in text_of(response)
        assert "季舟" in text_of(response)
        form = response.context["form"]
        again = {name: form[name].value() or "" for name in (*form.Meta.fields, "version")}
        client.post(url, again | {f"initial-{name}": again[name] for name in form.Meta.fields})
        ticket.refresh_from_db()
        assert (ticket.leader, ticket.person, ticket.due_on) == (party, clerk, date(2026, 12, 20))

    def test_a_measure_typed_while_the_plan_was_submitted_can_be_copied(
        self, sign_in, plan, ticket, clerk, office
    ):
        Plan.objects.update(status="submitted", submitted_by=office)

        page = text_of(sign_in(clerk).post(f"/tickets/{ticket.pk}/plan/measures/", typed(ticket)))

        assert "整改方案正在审定，不能修改。" in page
        assert "readonly>措施：每月核对。</textarea>" in page
        assert not Measure.objects.filter(ticket=ticket).exists()


class TestEditions:
    def test_two_editions_are_laid_beside_each_other_for_what_the_reader_sees(
        self, sign_in, plan, ticket, measure, office, party, clerk, other_department
    ):
        inspection = ticket.inspection
        everything = {"leader": party, "person": clerk}
        elsewhere = TicketFactory(inspection=inspection, lead_unit=other_department, **everything)
        MeasureFactory(ticket=elsewhere, order=1)
        drafting.save_facts(ticket, everything, by=clerk, version=ticket.version)
        plan.move("submit", by=office, version=plan.version)
        plan.move("return", by=party, note="目标不清。", version=plan.version)
        values = {"text": "逐座补登台账。", "goal": "账实相符", "unit": None, "person": None}
        drafting.save_measure(ticket, measure, values, [], by=clerk, version=ticket.version)
        drafting.save_facts(elsewhere, {"person": None}, by=office, version=elsewhere.version)
        url = f"/inspections/{inspection.pk}/plan/editions/"

        def told(who, query=""):
            page = sign_in(who).get(url + query).context["page"]
            return [(d.label, d.old, d.new) for row in page.changed for d in row.differences]

        own = [("措施一", "补登台账。", "逐座补登台账。"), ("措施一目标", "", "账实相符")]
        assert told(clerk) == own
        assert told(office) == [*own, ("责任人", "梁文", "")]
        assert told(office, "?old=1&new=1") == []
