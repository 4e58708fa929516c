"""History is append-only and the printed words are locked: the database itself refuses."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from tests.conftest import TODAY
from tests.factories import (
    BulletinFactory,
    EvidenceFactory,
    IndicatorFactory,
    InspectionFactory,
    MeasureFactory,
    MilestoneFactory,
    PersonFactory,
    TicketFactory,
)
from tracker.choices import AskKind, FindingKind, Post, ReportResult, Role, Status
from tracker.models import (
    Bulletin,
    Change,
    Coordination,
    Evidence,
    Extension,
    Figure,
    Indicator,
    Inspection,
    Instruction,
    LookBack,
    Measure,
    Membership,
    Person,
    Press,
    Progress,
    Reply,
    SignOff,
    SourceFile,
    Ticket,
    Transition,
    Verdict,
    guards,
)
from tracker.models.selfcheck import send
from tracker.worktime import WorkCalendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def worked(ticket, clerk, supervisor, today):
    """A ticket with one row in every table of its history."""
    measure = MeasureFactory(ticket=ticket)
    indicator = IndicatorFactory(ticket=ticket, measure=measure)
    ticket.report(
        by=clerk,
        text="已补登。",
        version=1,
        figures={indicator: (9, 20)},
        measures_done=[measure],
    )
    EvidenceFactory(ticket=ticket, by=clerk)
    report = ticket.progress.get()
    ticket.judge(report, ReportResult.ACCEPTED, by=supervisor, version=2)
    ticket.block(by=clerk, reason="待批复", needs_text="市编办", since_on=TODAY, version=3)
    instruction = ticket.instruct(by=supervisor, text="排出周计划")
    ticket.answer(instruction, by=clerk, text="已排出。")
    ticket.press(by=supervisor, note="请报进展", calendar=WorkCalendar())
    ticket.unblock(by=clerk, outcome="已批复。", version=4)
    ticket.move("submit", by=clerk, note="已补齐。", version=5)
    return ticket


def refused(act) -> str:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()
    return str(refusal.value)


@pytest.mark.parametrize(
    ("model", "change", "message"),
    [
        (Progress, {"text": "改写"}, "进展只能新增"),
        (Figure, {"done": 20}, "指标数只能新增"),
        (Transition, {"note": "改写"}, "流转记录只能新增"),
        (Change, {"why": "改写"}, "变更记录只能新增"),
        (SourceFile, {"content": b"forged"}, "原始文件不能修改"),
        (Verdict, {"reason": "改写"}, "进展审阅只能新增"),
        (Instruction, {"text": "改写"}, "批示只能新增"),
        (Reply, {"text": "改写"}, "批示回复只能新增"),
        (Press, {"note": "改写"}, "催办只能新增"),
        (Coordination, {"reason": "改写"}, "协调请求只能新增和解除一次"),
        (Coordination, {"outcome": "改写"}, "协调请求只能新增和解除一次"),
    ],
)
class TestAppendOnly:
    def test_a_row_cannot_be_altered(self, worked, model, change, message):
        assert message in refused(lambda: model.objects.update(**change))

    def test_a_row_cannot_be_deleted(self, worked, model, change, message):
        def delete():
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {model._meta.db_table}")

        assert message in refused(delete)


class TestEndedOnce:
    """A request for coordination may end once, and nothing else of it may change."""

    @pytest.fixture
    def asked(self, ticket, clerk, today):
        return ticket.block(
            by=clerk, reason="待批复", needs_text="市编办", since_on=TODAY, version=1
        )

    @pytest.mark.parametrize(
        "change", [{"reason": "改写"}, {"needs_text": "别人"}, {"since_on": date(2026, 1, 1)}]
    )
    def test_what_was_asked_cannot_be_altered_before_the_end_either(self, asked, change):
        assert "协调请求" in refused(lambda: Coordination.objects.update(**change))

    def test_it_cannot_be_opened_again(self, asked, ticket, clerk):
        ticket.unblock(by=clerk, outcome="已批复。", version=2)

        reopened = {"ended_at": None, "ended_by": None, "ended_version": None, "outcome": ""}
        assert "协调请求" in refused(lambda: Coordination.objects.update(**reopened))


class TestPrinted:
    @pytest.mark.parametrize(
        ("model", "change"),
        [
            (Ticket, {"problem": "改写"}),
            (Ticket, {"number": "2026-99-001"}),
            (Ticket, {"serial": 77}),
            (Ticket, {"source_start": None, "source_end": None}),
            (Ticket, {"claim": "done", "claim_quote": "已完成。"}),
            (Bulletin, {"text": "改写"}),
            (Measure, {"source_start": 1, "source_end": 2}),
            (Measure, {"text": "改写"}),
            (Measure, {"number": "九"}),
            (Ticket, {"origin": "transferred"}),
            (Evidence, {"sha256": "0" * 64}),
            (Evidence, {"name": "别的.pdf"}),
            (Evidence, {"path": "00/else"}),
        ],
    )
    def test_what_was_printed_cannot_be_altered(self, worked, model, change):
        assert "锁定" in refused(lambda: model.objects.update(**change))

    def test_a_ticket_stays_with_its_bulletin(self, worked):
        other = BulletinFactory(inspection=InspectionFactory())

        assert "锁定" in refused(lambda: Ticket.objects.update(bulletin=other))

    def test_what_people_decide_can_be_altered(self, worked):
        Ticket.objects.update(title="台账不健全、不及时", person_text="莫某")
        Measure.objects.update(goal="账实相符")

        worked.refresh_from_db()
        assert worked.title == "台账不健全、不及时"

    def test_the_same_words_again_are_no_change(self, worked):
        """A full save writes every column; it must pass while the locked ones stay the same."""
        worked.save()


@pytest.mark.parametrize("model", [Ticket, Bulletin, Measure, Indicator, Inspection, Evidence])
def test_what_is_on_the_board_cannot_be_deleted(worked, model):
    def delete():
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")

    assert "不能删除" in refused(delete)


class TestThreePosts:
    """三员分立: the database itself keeps a post and a role apart, whichever comes first."""

    def test_who_holds_a_post_gets_no_role(self, bureau):
        auditor = PersonFactory(post=Post.AUDITOR)

        message = refused(
            lambda: Membership.objects.create(person=auditor, unit=bureau, role=Role.STAFF)
        )

        assert "此人有管理岗位" in message

    def test_no_role_is_moved_to_who_holds_a_post(self, clerk):
        auditor = PersonFactory(post=Post.AUDITOR)

        assert "此人有管理岗位" in refused(lambda: clerk.memberships.update(person=auditor))

    def test_who_holds_a_role_gets_no_post(self, clerk):
        people = Person.objects.filter(pk=clerk.pk)

        assert "此人有任职" in refused(lambda: people.update(post=Post.SYSTEM))

    def test_a_post_may_follow_when_the_last_role_is_gone(self, clerk):
        clerk.memberships.all().delete()
        clerk.post = Post.SYSTEM
        clerk.save()

        assert Person.objects.get(pk=clerk.pk).post == Post.SYSTEM

    def test_the_forms_say_so_beforehand(self, clerk, bureau):
        clerk.post = Post.SYSTEM
        with pytest.raises(ValidationError, match="此人有任职"):
            clerk.full_clean()
        with pytest.raises(ValidationError, match="此人有管理岗位"):
            Membership(
                person=PersonFactory(post=Post.SYSTEM), unit=bureau, role=Role.STAFF
            ).full_clean()


class TestApart:
    """申请与审批分离, whatever the workflow is told and whoever asks the database."""

    @pytest.fixture
    def sheet(self, worked, supervisor):
        return worked.signoffs.get()

    def opinion(self, sheet, by, **facts):
        parties = {"submitter_id": sheet.submitter_id, "responsible_id": sheet.responsible_id}
        words = {"level": "office", "is_approval": True, "text": "属实。", "way": "on_site"}
        return sheet.opinions.create(
            **{"ticket_version": 98, "by": by, **words, **parties, **facts}
        )

    def test_a_sheet_names_who_answers_for_the_problem(self, clerk):
        """Else whoever answers for it could pass as a stranger and approve it."""
        ticket = TicketFactory(in_progress=True, person=PersonFactory())

        for responsible in (PersonFactory(), None):
            sheet = SignOff(
                ticket=ticket,
                ticket_version=2,
                cycle=ticket.cycles.get(),
                number=1,
                submitter=clerk,
                responsible=responsible,
                result="已补齐。",
            )
            assert "须是这个问题现在的责任人" in refused(sheet.save)
        sheet.responsible = ticket.person
        sheet.save()

    def test_who_submitted_does_not_approve_under_another_name(self, sheet, clerk):
        other = PersonFactory()

        assert "须与对账销号单一致" in refused(
            lambda: self.opinion(sheet, clerk, submitter_id=other.pk)
        )
        assert "须与对账销号单一致" in refused(
            lambda: self.opinion(sheet, PersonFactory(), responsible_id=other.pk)
        )

    def test_nor_does_a_substitute_of_whoever_has_a_part_in_it(self, sheet, clerk, supervisor):
        refused(lambda: self.opinion(sheet, PersonFactory(), acting_for=clerk))
        self.opinion(sheet, PersonFactory(), acting_for=supervisor)

        for facts in ({"by": supervisor}, {"by": PersonFactory(), "acting_for": supervisor}):
            assert "须由不同的人审核" in refused(
                lambda facts=facts: self.opinion(
                    sheet, facts["by"], level="party", acting_for=facts.get("acting_for")
                )
            )

    def test_nobody_judges_their_own_report(self, worked):
        report = worked.progress.get()

        assert "不能审阅自己" in refused(
            lambda: worked.verdicts.create(
                progress=report, ticket_version=98, result="returned", reason="试", by=report.by
            )
        )


class TestClosed:
    """To a closed ticket nothing is added, nor taken from it; its story goes on."""

    @pytest.fixture
    def closed(self, worked, department, supervisor, clerk):
        """With a row in every table of `WORK_ON_A_TICKET`."""
        Ticket.objects.filter(pk=worked.pk).update(reporter=clerk)
        worked.refresh_from_db()
        MilestoneFactory(measure=worked.measures.get())
        worked.co_units.add(department)
        worked.findings.create(
            bulletin=worked.bulletin, kind=FindingKind.INDICATOR, value={}, by=clerk
        )
        worked.plan_asks.create(kind=AskKind.ADD, reason="补一条", asked_by=clerk)
        worked.move("return", by=supervisor, note="缺签字。", version=worked.version)
        worked.report(by=clerk, text="已签。", version=worked.version)
        Extension.ask(
            worked,
            by=clerk,
            due_on=date(2026, 12, 20),
            reason="冻雨",
            ground="预警",
            progress="过半",
            version=worked.version,
        )
        worked.move("submit", by=clerk, note="已补齐。", version=worked.version)
        worked.move("close", by=supervisor, note="属实。", version=worked.version)
        return worked

    @pytest.mark.parametrize(
        ("table", "event"),
        [
            (table, event)
            for table, (_, events) in guards.WORK_ON_A_TICKET.items()
            for event in events
        ],
    )
    def test_what_hangs_on_it_stays_as_it_is(self, closed, table, event):
        with connection.cursor() as cursor:
            columns = [
                column.name
                for column in connection.introspection.get_table_description(cursor, table)
                if column.name != "id"
            ]
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0], "a breach needs a row"
        # By somebody else, so that no rule about who may refuses it first.
        somebody = PersonFactory().pk
        names = ", ".join(f'"{name}"' for name in columns)
        values = ", ".join(str(somebody) if name == "by_id" else f'"{name}"' for name in columns)
        statement = {
            "INSERT": f"INSERT INTO {table} (id, {names}) SELECT id + 1000, {values} FROM {table}",
            "UPDATE": f"UPDATE {table} SET id = id",
            "DELETE": f"DELETE FROM {table}",
        }[event]

        def breach():
            with connection.cursor() as cursor:
                cursor.execute(statement)

        assert "重启整改后才能改动" in refused(breach)

    def test_nothing_is_moved_out_of_it_or_into_it(self, closed):
        other = TicketFactory(inspection=closed.inspection, in_progress=True)
        indicator = IndicatorFactory(ticket=other)

        assert "重启整改" in refused(lambda: closed.indicators.update(ticket=other))
        assert "重启整改" in refused(
            lambda: Indicator.objects.filter(pk=indicator.pk).update(ticket=closed)
        )

    def test_no_move_leads_out_of_it_but_reopening(self, closed, supervisor):
        record = {"ticket_version": 99, "move": "return", "source": "submitted", "by": supervisor}

        for target in (Status.RETURNED, Status.SUBMITTED):
            assert "只能重启整改" in refused(
                lambda target=target: closed.transitions.create(target=target, **record)
            )

    def test_it_gets_no_more_time(self, closed, head):
        agreed = {"step": "unit", "by": head, "ruling": "agree", "due_on": date(2026, 12, 20)}

        assert "不需要延期" in refused(
            lambda: closed.extensions.get().decisions.create(ticket_version=99, **agreed)
        )

    def test_the_request_that_it_left_behind_is_sent_back(self, closed, supervisor):
        closed.extensions.get().decide(
            "return", by=supervisor, opinion="已销号。", version=closed.version
        )

        assert not closed.extensions.pending().exists()

    def test_what_is_said_of_it_afterwards_is_kept(
        self, closed, supervisor, other_department, today
    ):
        drawn = LookBack.objects.draw(by=supervisor, size=1, seed="7")
        drawn.items.get().record("holds", "抽查属实。", by=supervisor)
        send(closed, [other_department], by=supervisor, words="请自查。", due_on=today)
        closed.restrict(by=supervisor, reason="涉密", version=closed.version)
        closed.move("keep", by=supervisor, version=closed.version, note="每月核对。")

        assert "不能移出" in refused(lambda: Ticket.objects.update(long_term_on=None))
        assert closed.history.filter(long_term_on=today, version=closed.version).exists()

    def test_in_the_next_cycle_work_goes_on(self, closed, supervisor, clerk):
        closed.move(
            "reopen",
            by=supervisor,
            version=closed.version,
            note="台账又断了。",
            ground="rebound",
            due_on=date(2027, 1, 29),
        )

        MeasureFactory(ticket=closed, order=2)
        closed.co_units.clear()
        closed.report(by=clerk, text="又查一遍。", version=closed.version)


def test_every_guard_stands_in_this_database():
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        standing = {name for (name,) in cursor.fetchall()}

    assert {guard.name for guard in [*guards.GUARDS, *guards.RULES]} <= standing
