"""The demo: whoever loads it, on whatever day, finds a board on which everything happens."""

import re
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from tests.factories import PersonFactory
from tracker import locks
from tracker.choices import Light, PlanStatus, Status
from tracker.demo import cast
from tracker.demo.loading import SAMPLES, moved, signed_on
from tracker.demo.stories import STORIES, TRANSPORT
from tracker.lights import PLAIN
from tracker.models import (
    Bulk,
    Bulletin,
    DemoMark,
    Handover,
    ImportBatch,
    Inspection,
    Instruction,
    MembershipProposal,
    Person,
    Plan,
    PlanDecision,
    Progress,
    Ticket,
    Transition,
)
from tracker.parsing import parse


@pytest.fixture
def demo_settings(settings):
    settings.TRACKER_DEMO, settings.PRODUCTION = True, False


def letters(path: Path) -> str:
    """The text without marks and blanks, so that neither hides a copy."""
    return re.sub(r"[\W_]", "", path.read_text(encoding="utf-8-sig"))


def load_demo() -> str:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="class")
def demo(django_db_setup, django_db_blocker):
    """What loading the demo printed; one load for a class of tests that look at it."""
    with (
        django_db_blocker.unblock(),
        override_settings(TRACKER_DEMO=True, PRODUCTION=False),
        transaction.atomic(),
    ):
        yield load_demo()
        transaction.set_rollback(True)


class TestSamples:
    """What `make demo` imports, and what a newcomer can try the import with by hand."""

    @pytest.mark.parametrize(
        ("name", "problems", "measures"),
        [
            ("yanchuan_jiaotong.txt", 20, 47),
            ("yanchuan_yuanlin.txt", 11, 27),
            ("luxi_minzheng.txt", 9, 20),
            ("yanchuan_dangan.txt", 6, 5),
        ],
    )
    def test_each_is_read_without_losing_a_sentence(self, name, problems, measures):
        bulletin = parse((SAMPLES / name).read_bytes(), name=name, today=date(2026, 11, 22))

        assert len(bulletin.problems) == problems
        assert bulletin.measure_count == measures
        assert bulletin.remainder == ()

    def test_every_sample_has_its_story(self):
        assert {path.name for path in SAMPLES.glob("*")} == {story.file for story in STORIES}

    @pytest.mark.parametrize("sample", [story.file for story in STORIES])
    def test_none_copies_a_real_bulletin(self, sample):
        """Formulas of officialese recur; a run of sixteen characters would be a copied sentence."""
        shared = settings.BASE_DIR.parent / "shared" / "bulletins"
        if not shared.is_dir():
            pytest.skip("the shared folder beside the project is absent")
        text = letters(SAMPLES / sample)
        runs = {text[start : start + 16] for start in range(len(text) - 15)}

        for real in shared.glob("*.txt"):
            theirs = letters(real)
            assert not [run for run in runs if run in theirs]

    def test_its_dates_move_together(self):
        text = (SAMPLES / TRANSPORT.file).read_text(encoding="utf-8")

        later = moved(text, 92)

        assert signed_on(text) == date(2026, 11, 10)
        assert signed_on(later) == date(2027, 2, 10)
        assert "完成时限：2027年2月24日" in later
        assert moved(later, -92) == text


@pytest.mark.django_db
class TestRefusal:
    """Published passwords never reach a database that is not a demo's."""

    def test_it_refuses_outside_the_demo(self):
        with pytest.raises(CommandError, match="TRACKER_DEMO=true"):
            load_demo()

        assert not Person.objects.exists()

    def test_it_refuses_a_database_with_real_people(self, demo_settings):
        PersonFactory()

        with pytest.raises(CommandError, match="was not made by the demo"):
            load_demo()

        assert not DemoMark.objects.exists()


@pytest.mark.django_db
class TestLoading:
    @pytest.mark.parametrize(
        "day",
        [
            pytest.param(None, id="today"),
            pytest.param("2027-02-22T08:00+08:00", id="three_months_later"),
            pytest.param("2026-02-14T00:10+08:00", id="eve_of_spring_festival"),
            pytest.param("2026-09-30T23:50+08:00", id="eve_of_national_day"),
        ],
    )
    def test_every_light_and_every_status_shows(self, demo_settings, time_machine, day):
        if day:
            time_machine.move_to(day)

        load_demo()

        plain = {lamp.light for lamp in PLAIN}
        on_board = Ticket.objects.with_light(timezone.localdate())
        assert {ticket.light_on_day for ticket in on_board} >= plain
        assert {ticket.status for ticket in on_board} == set(Status)
        # The newest has only its plan; this is the newest that is at work.
        at_work = Inspection.objects.filter(bulletins__source__name=TRANSPORT.file)
        latest = on_board.fed_back().filter(inspection=at_work.get())
        # Its bulletin is younger than a reporting period.
        assert {ticket.light_on_day for ticket in latest} == plain - {Light.STALE}
        assert {ticket.status for ticket in latest} == set(Status)


@pytest.mark.django_db
class TestBoard:
    """The board as a visitor of the demo finds it."""

    def test_history_is_in_order_and_not_in_the_future(self, demo):
        now = datetime.now(UTC)

        for model in (Progress, Transition):
            times = [record.at for record in model.objects.order_by("pk")]
            assert times == sorted(times)
            assert times[-1] < now

    def test_the_history_of_one_problem_is_told_as_it_went(self, demo):
        ticket = Ticket.objects.get(title="重大事项议事规则执行不严格")

        moves = [(each.move, each.by.name) for each in ticket.transitions.order_by("pk")]

        assert moves == [
            ("import", "何敏之"),
            ("return", "顾承远"),
            ("submit", "温如鹤"),
            ("review", "顾承远"),
            ("review", "裴思远"),
            ("close", "陆文馨"),
        ]
        assert ticket.status == Status.CLOSED

    def test_what_is_rare_shows_too(self, demo):
        batch = Bulk.objects.with_counts().get()
        assert batch.done_count
        assert batch.refused_count
        assert Ticket.objects.filter(is_restricted=True).count() == 1
        assert Ticket.objects.exclude(recurs=None).count() == 1
        assert MembershipProposal.objects.open().get().person.state == "待授权"
        assert locks.is_locked(Person.objects.get(username=cast.LOCKED_OUT))
        assert {batch.kind for batch in ImportBatch.objects.all()} == {"bulletin", "ledger"}
        assert Ticket.objects.filter(changes__field="责任人", changes__new="苏砚清").exists()
        # The plan that was sent back is in its second edition now.
        assert PlanDecision.objects.filter(move="return").exists()
        now = set(Plan.objects.values_list("status", flat=True))
        assert now == set(PlanStatus) - {PlanStatus.RETURNED}
        answers = {each.is_answered for each in Instruction.objects.all()}
        assert answers == {True, False}
        assert Handover.objects.waiting().count() == 1

    def test_figures_run_on_from_report_to_report(self, demo):
        ticket = Ticket.objects.get(title="农村公路危旧桥梁改造进度偏慢")

        done = [
            (report.figures.get().old_done, report.figures.get().done)
            for report in ticket.progress.order_by("pk")
        ]

        assert done == [(31, 34), (34, 38)]
        assert ticket.lead_unit.name == "公路建设科"
        assert ticket.person.name == "叶知秋"

    def test_the_clock_runs_on_afterwards(self, demo):
        assert abs((timezone.now() - datetime.now(UTC)).total_seconds()) < 1

    def test_a_second_run_keeps_what_is_there(self, demo, django_assert_max_num_queries):
        ticket = Ticket.objects.filter(status=Status.IN_PROGRESS).first()
        ticket.report(by=ticket.person, text="访客的填报", version=ticket.version)
        before = (Ticket.objects.count(), Progress.objects.count(), Bulletin.objects.count())

        with django_assert_max_num_queries(5):
            again = load_demo()

        assert "保留" in again
        assert (
            Ticket.objects.count(),
            Progress.objects.count(),
            Bulletin.objects.count(),
        ) == before

    def test_every_login_that_it_prints_works(self, demo):
        for role, username, _ in cast.LOGINS:
            line = next(line for line in demo.splitlines() if username in line.split())
            assert role in line
            client = Client()

            response = client.post("/login/", {"username": username, "password": line.split()[2]})

            assert response.status_code == 302
            assert client.get("/", follow=True).status_code == 200

    def test_the_clerk_elsewhere_sees_nothing_of_the_first_clerk(self, demo, client):
        clerk, neighbour = (
            Person.objects.get(username=username) for username in ("yezhiqiu", "houxingye")
        )
        theirs = Ticket.objects.visible_to(clerk)
        client.force_login(neighbour)

        assert len(theirs) >= 4
        assert {client.get(f"/tickets/{ticket.pk}/").status_code for ticket in theirs} == {404}
