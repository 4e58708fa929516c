"""Many tickets at once: who may, what happens to each row, and that all of it happens or none."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError

from tests.conftest import TODAY, acts_for
from tests.factories import PASSWORD, MeasureFactory, PlanFactory, TicketFactory, UnitFactory
from tracker import bulk
from tracker.choices import AuditKind, AuditResult, Role, Status
from tracker.models import AuditEvent, Bulk, BulkRow, Change, Notice, Press, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

OPINION = {"note": "已核查。", "way": "on_site", "step": "apply", "password": PASSWORD}


@pytest.fixture
def make(inspection, department):
    """Return a function that makes a ticket of 工程科."""

    def make(**facts):
        return TicketFactory(**{"inspection": inspection, "lead_unit": department} | facts)

    return make


def rows_of(*tickets):
    return " ".join(f"{ticket.pk}:{ticket.version}" for ticket in tickets)


def send(client, act, tickets, **typed):
    return client.post(f"/tickets/bulk/{act}/", {"rows": rows_of(*tickets), **typed})


def status_of(ticket):
    return Ticket.objects.get(pk=ticket.pk).status


class TestChoosing:
    """The page that lists what will happen, before anything does."""

    def test_it_shows_the_ticked_rows_and_writes_nothing(self, sign_in, supervisor, make):
        mine, other = make(submitted=True, title="台账不健全"), make(submitted=True, title="别的")
        unfit = make(in_progress=True, title="还在整改")
        MeasureFactory(ticket=mine, number="一")

        page = sign_in(supervisor).get(
            f"/tickets/bulk/approve/?of=picked&pick={mine.pk}&pick={unfit.pk}"
        )

        text = page.content.decode()
        assert "台账不健全" in text
        assert "别的" not in text
        assert "共2项，可办1项，不能办1项" in text
        assert "确认销号，随即锁定" in text
        assert "<b>请先核对：措施一未完成</b>" in text
        assert "只有“待审核”的问题可以审核通过，现在是“整改中”。" in text
        assert (status_of(mine), status_of(other)) == (Status.SUBMITTED, Status.SUBMITTED)
        assert not Bulk.objects.exists()

    def test_all_means_all_that_the_filter_leaves(self, sign_in, supervisor, make):
        for _ in range(3):
            make(submitted=True)
        make(in_progress=True, title="不在筛选之内")

        page = sign_in(supervisor).get("/tickets/bulk/press/?of=all&status=submitted&page=2")

        assert "共3项" in page.content.decode()
        assert "不在筛选之内" not in page.content.decode()

    def test_an_address_that_cannot_be_understood_means_nothing(self, sign_in, supervisor, make):
        make()

        for query in ("of=all&status=nonsense", "of=picked", "pick=9" + "9" * 40, "pick=x"):
            page = sign_in(supervisor).get(f"/tickets/bulk/press/?{query}")
            assert "没有选中任何问题" in page.content.decode()

    def test_too_many_are_refused_with_the_way_out(self, sign_in, supervisor, make, monkeypatch):
        monkeypatch.setattr(bulk, "MOST", 2)
        for _ in range(3):
            make()

        page = sign_in(supervisor).get("/tickets/bulk/press/?of=all")

        assert "一次最多办理2项" in page.content.decode()
        assert 'name="rows"' not in page.content.decode()
        tickets = list(Ticket.objects.all())
        answer = send(sign_in(supervisor), "press", tickets, note="请办。", step="apply")
        assert "一次最多办理2项" in answer.content.decode()
        assert not Press.objects.exists()

    def test_the_list_offers_only_what_the_reader_may(self, sign_in, make, department, bureau):
        make()
        offers = {}
        for role in Role:
            page = sign_in(acts_for(bureau, role)).get("/tickets/").content.decode()
            offers[role] = {
                kind.value for kind in bulk.ACTIONS if f"/tickets/bulk/{kind.value}/" in page
            }
            assert ('name="pick"' in page) == bool(offers[role]), role
        all_three, none = {"assign", "press", "approve"}, set()
        assert offers == {
            Role.STAFF: none,
            Role.HEAD: all_three,
            Role.LEADER: {"approve"},
            Role.OFFICE: all_three,
            Role.PARTY: {"approve"},
            Role.INSPECTOR: all_three,
            Role.VIEWER: none,
            Role.OPERATOR: none,
        }

    def test_who_and_where_are_told_apart_and_onlookers_are_not_offered(
        self, sign_in, make, other_bureau
    ):
        city = UnitFactory(name="临江市")
        ticket = make()
        for bureau in (ticket.inspection.unit, other_bureau):
            bureau.parent = city
            bureau.save()
        acts_for(UnitFactory(name="工程科", parent=other_bureau), Role.STAFF, name="同名科的人")
        acts_for(city, Role.OPERATOR, name="只导入的人")
        client = sign_in(acts_for(city, Role.INSPECTOR, name="只巡察的人"))

        page = client.get(f"/tickets/bulk/assign/?of=picked&pick={ticket.pk}").content.decode()

        for label in ("市水务局工程科", "市林业局工程科", "同名科的人　市林业局工程科"):
            assert f">{label}</option>" in page
        assert "只导入的人" not in page
        assert "只巡察的人　" not in page

    def test_to_others_the_page_does_not_exist(self, sign_in, make, clerk, leader, supervisor):
        ticket = make(submitted=True)

        assert sign_in(clerk).get("/tickets/bulk/approve/").status_code == 404
        assert send(sign_in(clerk), "approve", [ticket], **OPINION).status_code == 404
        assert sign_in(leader).get("/tickets/bulk/press/").status_code == 404
        assert sign_in(supervisor).get("/tickets/bulk/delete/").status_code == 404


class TestApprove:
    def test_what_can_pass_passes_and_the_rest_says_why(
        self, sign_in, supervisor, make, inspection
    ):
        good, responsible = make(submitted=True), make(submitted=True, person=supervisor)
        working = make(in_progress=True)

        answer = send(sign_in(supervisor), "approve", [good, responsible, working], **OPINION)

        assert answer.status_code == 302
        assert status_of(good) == Status.CLOSED
        assert status_of(responsible) == Status.SUBMITTED
        done = Bulk.objects.get()
        assert answer.url == f"/bulk/{done.pk}/"
        assert [(row.ticket_id, row.effect, row.refusal) for row in done.rows.all()] == [
            (good.pk, "确认销号，随即锁定", ""),
            (responsible.pk, "", "责任人不能审核自己负责的问题。"),
            (working.pk, "", "只有“待审核”的问题可以审核通过，现在是“整改中”。"),
        ]
        opinion = good.signoffs.get().opinions.get()
        assert (opinion.text, opinion.way, opinion.by) == ("已核查。", "on_site", supervisor)
        page = sign_in(supervisor).get(answer.url).content.decode()
        assert "已办1项，未办2项" in page
        assert "责任人不能审核自己负责的问题。" in page
        assert f'href="/tickets/{good.pk}/"' in page

    def test_closing_asks_for_the_password_once_more(self, sign_in, supervisor, make):
        ticket = make(submitted=True)

        for password, words in (("", "请再填一次您的登录密码。"), ("不对", "密码不对，没有办理。")):
            answer = send(
                sign_in(supervisor), "approve", [ticket], **OPINION | {"password": password}
            )
            assert words in answer.content.decode()
            assert "已核查。" in answer.content.decode()

        assert status_of(ticket) == Status.SUBMITTED
        assert AuditEvent.objects.filter(kind=AuditKind.LOGIN_FAILED).count() == 1
        send(sign_in(supervisor), "approve", [ticket], **OPINION)
        assert status_of(ticket) == Status.CLOSED

    def test_each_ticket_passes_its_own_level(self, sign_in, head, supervisor, make, inspection):
        inspection.round.review_roles = "head,office"
        inspection.round.save()
        first = make(submitted=True)
        Ticket.objects.filter(pk=first.pk).update(review_role=Role.HEAD)
        second = make(submitted=True)

        send(sign_in(head), "approve", [first, second], **OPINION)

        first.refresh_from_db()
        assert (first.status, first.review_role) == (Status.SUBMITTED, Role.OFFICE)
        rows = dict(BulkRow.objects.values_list("ticket", "effect"))
        assert rows[first.pk] == "审核通过，转到整改办复核"
        assert "需要整改办办理" in BulkRow.objects.get(ticket=second).refusal

    def test_a_row_that_somebody_else_moved_meanwhile_is_left_alone(
        self, sign_in, supervisor, bureau, make
    ):
        seen, other = make(submitted=True), make(submitted=True)
        rows = rows_of(seen, other)
        seen.move("return", by=acts_for(bureau, Role.OFFICE), note="缺回执。", version=1)

        sign_in(supervisor).post("/tickets/bulk/approve/", {"rows": rows, **OPINION})

        assert (status_of(seen), status_of(other)) == (Status.RETURNED, Status.CLOSED)
        assert "刚被他人处理" in BulkRow.objects.get(ticket=seen).refusal

    def test_role_and_reach_are_asked_again_when_it_is_done(
        self, sign_in, supervisor, make, department, other_department, other_bureau
    ):
        mine, moved = make(submitted=True), make(submitted=True)
        foreign = TicketFactory(lead_unit=other_bureau, submitted=True, title="别家的事")
        supervisor.memberships.all().delete()
        supervisor.memberships.create(unit=department, role=Role.OFFICE)
        Ticket.objects.filter(pk=moved.pk).update(lead_unit=other_department)

        answer = send(sign_in(supervisor), "approve", [mine, moved, foreign], **OPINION)

        assert status_of(mine) == Status.CLOSED
        assert {status_of(moved), status_of(foreign)} == {Status.SUBMITTED}
        refused = BulkRow.objects.exclude(refusal="")
        assert {(row.ticket_id, row.refusal) for row in refused} == {(None, bulk.OUT_OF_REACH)}
        assert "别家的事" not in sign_in(supervisor).get(answer.url).content.decode()

    def test_without_an_opinion_or_a_way_nothing_happens(self, sign_in, supervisor, make):
        ticket = make(submitted=True)

        answer = send(sign_in(supervisor), "approve", [ticket], note=" ", step="apply")

        assert "请填写审核意见。" in answer.content.decode()
        assert "请选择核查方式。" in answer.content.decode()
        assert status_of(ticket) == Status.SUBMITTED

    def test_a_second_click_changes_nothing(self, sign_in, supervisor, make):
        ticket = make(submitted=True)

        for _ in range(2):
            send(sign_in(supervisor), "approve", [ticket], **OPINION)

        assert ticket.transitions.count() == 1
        assert [row.refusal == "" for row in BulkRow.objects.all()] == [True, False]


class TestWhole:
    def test_one_request_writes_the_rows_the_batch_and_the_audit(self, sign_in, supervisor, make):
        tickets = [make(submitted=True), make(in_progress=True)]

        answer = send(sign_in(supervisor), "approve", tickets, **OPINION)

        event = AuditEvent.objects.get(kind=AuditKind.BULK)
        assert Bulk.objects.get().request_id == event.request_id == answer["X-Request-ID"]
        assert event.actor_name == "邓佳"
        assert tickets[0].number in event.after
        refused = AuditEvent.objects.get(kind=AuditKind.REFUSED, result=AuditResult.REFUSED)
        assert "只有“待审核”的问题可以" in refused.reason
        versions = Ticket.history.filter(id=tickets[0].pk, status=Status.CLOSED)
        assert versions.get().request_id == answer["X-Request-ID"]

    def test_when_writing_fails_no_row_is_changed(self, sign_in, supervisor, make, monkeypatch):
        tickets = [make(submitted=True), make(submitted=True)]
        whole = BulkRow.objects.bulk_create

        def fail(rows, **kwargs):
            whole(rows, **kwargs)
            raise DatabaseError("disk full")

        monkeypatch.setattr(type(BulkRow.objects), "bulk_create", lambda self, rows: fail(rows))
        answer = send(sign_in(supervisor), "approve", tickets, **OPINION)

        assert "一项也没有改动" in answer.content.decode()
        assert "已核查。" in answer.content.decode()
        assert {status_of(ticket) for ticket in tickets} == {Status.SUBMITTED}
        assert not Bulk.objects.exists()
        assert not Notice.objects.exists()

    def test_a_glance_does_nothing(self, sign_in, supervisor, make):
        ticket = make(submitted=True)

        sign_in(supervisor).get(
            "/tickets/bulk/approve/", {"rows": rows_of(ticket), "pick": ticket.pk, **OPINION}
        )

        assert status_of(ticket) == Status.SUBMITTED

    def test_the_result_is_for_whoever_did_it(self, sign_in, supervisor, inspector, make):
        client = sign_in(supervisor)
        answer = send(client, "approve", [make(submitted=True), make()], **OPINION)

        assert 'href="/bulk/"' in client.get("/tickets/").content.decode()
        mine = client.get("/bulk/").content.decode()
        assert f'href="{answer.url}">批量审核通过' in mine
        assert "已办1项，未办1项" in mine
        assert sign_in(inspector).get(answer.url).status_code == 404
        assert "还没有批量办理过" in sign_in(inspector).get("/bulk/").content.decode()

    def test_own_batches_are_paged_and_cost_the_same(
        self, sign_in, supervisor, make, django_assert_num_queries
    ):
        ticket, client = make(), sign_in(supervisor)

        def more(count):
            for _ in range(count):
                batch = Bulk.objects.create(kind="press", by=supervisor, words="请办。")
                BulkRow.objects.create(bulk=batch, ticket=ticket, effect="催办1次")

        client.get("/bulk/")
        for count in (2, 33):
            more(count)
            with django_assert_num_queries(6):
                page = client.get("/bulk/").content.decode()
        assert "共35次" in page
        assert client.get("/bulk/?page=2").content.decode().count("data-href") == 5

    @pytest.mark.parametrize("act", ["press", "approve"])
    def test_its_queries_grow_by_a_bounded_number_for_each_row(
        self, sign_in, supervisor, make, act, django_assert_max_num_queries
    ):
        tickets = [make(submitted=act == "approve", in_progress=act == "press") for _ in range(20)]

        with django_assert_max_num_queries(60 + 20 * 40):
            send(sign_in(supervisor), act, tickets, **OPINION)

        assert BulkRow.objects.filter(refusal="").count() == 20


class TestPress:
    def test_each_is_pressed_once_and_not_again_within_the_pause(self, sign_in, head, make):
        tickets = [make(in_progress=True), make()]

        send(sign_in(head), "press", tickets, note="请办。", step="apply")
        send(sign_in(head), "press", tickets, note="请办。", step="apply")

        assert [press.note for press in Press.objects.all()] == ["请办。"] * 2
        assert "可以再催" in BulkRow.objects.last().refusal


class TestAssign:
    @pytest.fixture
    def worker(self, department):
        return acts_for(department, Role.STAFF, name="莫志")

    def assign(self, client, tickets, step="apply", why="分工文件", **typed):
        return send(client, "assign", tickets, step=step, why=why, **typed)

    def test_before_anybody_claims_all_of_it_can_be_set(
        self, sign_in, supervisor, make, worker, leader, clerk, department
    ):
        ticket = make(person=clerk, due_on=date(2026, 12, 1))

        self.assign(
            sign_in(supervisor),
            [ticket],
            leader=leader.pk,
            person=worker.pk,
            reporter=clerk.pk,
            due_on="2026-12-15",
        )

        ticket.refresh_from_db()
        assert (ticket.leader, ticket.person, ticket.reporter) == (leader, worker, clerk)
        assert (ticket.due_on, ticket.original_due_on) == (date(2026, 12, 15), date(2026, 12, 1))
        assert ticket.version == 2
        changes = {c.field: (c.old, c.new, c.why) for c in Change.objects.all()}
        assert changes["责任人"] == ("梁文", "莫志", "分工文件")
        assert changes["整改时限"] == ("2026年12月1日", "2026年12月15日", "分工文件")
        assert Notice.objects.filter(person=worker, text__contains="已指定您为责任人").exists()

    def test_leave_is_not_clear(self, sign_in, supervisor, make, clerk, leader):
        ticket = make(person=clerk, leader=leader, leader_text="吴副局长")

        self.assign(sign_in(supervisor), [ticket], person="", leader="clear")

        ticket.refresh_from_db()
        assert (ticket.person, ticket.leader, ticket.leader_name) == (clerk, None, "")
        assert [c.field for c in Change.objects.all()] == ["责任领导"]

    def test_the_check_says_what_stays_what_goes_and_what_comes(
        self, sign_in, supervisor, make, clerk, leader, worker
    ):
        ticket = make(leader=leader)

        page = self.assign(
            sign_in(supervisor), [ticket], step="check", person=worker.pk, leader="clear"
        )

        text = page.content.decode()
        assert "责任人：空 → 莫志" in text
        assert "责任领导：吴志 → 空" in text
        assert '<dd class="is-left">不改动</dd>' in text
        assert f'name="person" value="{worker.pk}"' in text
        ticket.refresh_from_db()
        assert (ticket.person, ticket.version) == (None, 1)

    def test_once_claimed_only_gaps_are_filled(
        self, sign_in, supervisor, make, clerk, worker, other_department
    ):
        held = make(in_progress=True, person=clerk)
        free = make(in_progress=True)

        self.assign(sign_in(supervisor), [held, free], person=worker.pk)

        held.refresh_from_db()
        free.refresh_from_db()
        assert (held.person, free.person) == (clerk, worker)
        assert "换人请走责任交接" in BulkRow.objects.get(ticket=held).refusal

    def test_until_the_plan_is_approved_all_can_still_be_set(
        self, sign_in, supervisor, make, inspection, clerk, worker
    ):
        inspection.round.plan_first = True
        inspection.round.save()
        ticket = make(status=Status.CLAIMED, person=clerk)

        self.assign(sign_in(supervisor), [ticket], person=worker.pk, due_on="2027-01-15")

        ticket.refresh_from_db()
        assert (ticket.person, ticket.due_on) == (worker, date(2027, 1, 15))

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("person", "责任人已写入批准的整改方案，换人请走责任交接。"),
            ("due_on", "时限已写入批准的整改方案，只能由延期审批调整。"),
        ],
    )
    def test_what_an_approved_plan_says_changes_by_its_own_way(
        self, sign_in, supervisor, make, inspection, clerk, worker, typed, words
    ):
        PlanFactory(inspection=inspection, approved=True)
        ticket = make(person=clerk)
        value = {"person": worker.pk, "due_on": "2027-01-15"}[typed]

        self.assign(sign_in(supervisor), [ticket], **{typed: value})

        ticket.refresh_from_db()
        assert (ticket.person, ticket.due_on) == (clerk, date(2026, 12, 1))
        assert BulkRow.objects.get().refusal == words

    @pytest.mark.parametrize("status", [s for s in Status if s != Status.UNCLAIMED])
    def test_a_deadline_that_runs_moves_only_by_an_extension(
        self, sign_in, supervisor, make, status
    ):
        ticket = make(status=status, closed_on=TODAY if status == Status.CLOSED else None)

        self.assign(sign_in(supervisor), [ticket], due_on="2027-01-15")

        ticket.refresh_from_db()
        assert ticket.due_on == date(2026, 12, 1)
        assert BulkRow.objects.get().refusal

    def test_a_running_ticket_without_a_deadline_gets_its_first(self, sign_in, supervisor, make):
        ticket = make(in_progress=True, due_on=None)

        self.assign(sign_in(supervisor), [ticket], due_on="2027-01-15")

        ticket.refresh_from_db()
        assert ticket.due_on == ticket.original_due_on == date(2027, 1, 15)

    def test_another_unit_takes_only_people_of_its_own(
        self, sign_in, supervisor, make, clerk, other_department
    ):
        with_person, without = make(person=clerk), make()

        self.assign(sign_in(supervisor), [with_person, without], lead_unit=other_department.pk)

        assert "梁文不在财务科任职" in BulkRow.objects.get(ticket=with_person).refusal
        without.refresh_from_db()
        assert without.lead_unit == other_department

    def test_a_head_names_people_of_the_department_and_nothing_else(
        self, sign_in, head, make, clerk, leader, other_department
    ):
        ticket = make()
        elsewhere = make(lead_unit=other_department)

        page = self.assign(sign_in(head), [ticket], step="edit").content.decode()
        assert 'name="person"' in page
        assert 'name="leader"' not in page
        self.assign(
            sign_in(head),
            [ticket, elsewhere],
            reporter=clerk.pk,
            leader=leader.pk,
            due_on="2027-01-15",
        )

        ticket.refresh_from_db()
        elsewhere.refresh_from_db()
        assert (ticket.reporter, ticket.leader, ticket.due_on) == (clerk, None, date(2026, 12, 1))
        assert elsewhere.reporter is None

    def test_who_reports_is_not_who_answers(self, sign_in, supervisor, make, clerk):
        ticket = make()

        self.assign(sign_in(supervisor), [ticket], person=clerk.pk, reporter=clerk.pk)

        assert "不能是同一人" in BulkRow.objects.get().refusal

    def test_somebody_out_of_reach_is_not_offered(self, sign_in, supervisor, make, neighbour):
        ticket = make()

        answer = self.assign(sign_in(supervisor), [ticket], person=neighbour.pk)

        assert answer.status_code == 200
        assert "没有保存" in answer.content.decode()
        assert "方远" not in answer.content.decode()

    def test_nothing_chosen_is_nothing_done(self, sign_in, supervisor, make):
        answer = self.assign(sign_in(supervisor), [make()], step="check")

        assert "各项都是“不改动”" in answer.content.decode()

    def test_without_the_reason_nothing_is_done(self, sign_in, supervisor, make, clerk):
        ticket = make()

        answer = self.assign(sign_in(supervisor), [ticket], why=" ", person=clerk.pk)

        assert "请写明依据。" in answer.content.decode()
        assert not Change.objects.exists()

    def test_a_past_deadline_is_refused(self, sign_in, supervisor, make):
        yesterday = TODAY - timedelta(1)

        answer = self.assign(sign_in(supervisor), [make()], due_on=yesterday.isoformat())

        assert "请填写今天以后的时限。" in answer.content.decode()
