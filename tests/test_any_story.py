"""Random people do random things to one ticket, and what must hold of it always holds."""

from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.conftest import acts_for
from tests.factories import InspectionFactory, MeasureFactory, TicketFactory, UnitFactory
from tracker import bulk, workflow
from tracker.choices import Role, Ruling, Status
from tracker.models import Extension, Ticket
from tracker.workflow import MOVES, MoveRefused

START = date(2026, 11, 22)
LEVELS = [
    "office",
    "head,office",
    "leader,party",
    "head,leader,office,party,inspector",
]
WORDS = {"note": "已办。", "ground": "rebound", "explained": {}}
some_day = st.integers(min_value=1, max_value=90)


class Story(RuleBasedStateMachine):
    """One ticket, nine people; whatever is refused must leave no trace."""

    clock = None  # set by the test

    @initialize(levels=st.sampled_from(LEVELS), answers=st.integers(-1, 8), led=st.booleans())
    def begin(self, levels, answers, led):
        self.day = START
        self._set_clock()
        bureau = UnitFactory()
        department = UnitFactory(parent=bureau)
        inspection = InspectionFactory(unit=bureau)
        inspection.round.review_roles = levels
        inspection.round.save()
        roles = [Role.STAFF, Role.STAFF, *Role]
        self.people = [acts_for(department, role) for role in roles[:8]]
        # One with a hand on both sides: the rules alone keep the two apart.
        both = acts_for(department, Role.STAFF)
        both.memberships.create(unit=bureau, role=Role.OFFICE)
        self.people.append(both)
        self.people.append(acts_for(bureau, Role.OPERATOR))
        leaders = [p for p in self.people if Role.LEADER in p.roles]
        self.ticket = TicketFactory(
            inspection=inspection,
            lead_unit=department,
            person=self.people[answers] if answers >= 0 else None,
            leader=leaders[0] if led else None,
            due_on=START + timedelta(30),
        )
        MeasureFactory(ticket=self.ticket, order=1)
        self.due_on = self.ticket.due_on

    def __init__(self):
        super().__init__()
        self.ticket = None
        self._whole = transaction.atomic()
        self._whole.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self._whole.__exit__(None, None, None)

    # -- what people do -------------------------------------------------------------------------

    @rule(data=st.data())
    def do_what_is_open(self, data):
        """A move that the page offers somebody: it must succeed."""
        fresh = self._fresh()
        offered = [
            (offer.move.name, person)
            for person in self.people
            for offer in workflow.offers(fresh.standing_of(person))
            if offer.is_open
        ]
        if offered:
            name, person = data.draw(st.sampled_from(offered))
            due_on = self.day + timedelta(60)
            fresh.move(name, by=person, version=fresh.version, due_on=due_on, **WORDS)
            self._deadline_may_move(name == "reopen")

    @rule(data=st.data(), name=st.sampled_from(list(MOVES)), late=st.booleans())
    def try_anything(self, data, name, late):
        fresh, person = self._fresh(), self._somebody(data)
        version = fresh.version - late
        with self._all_or_nothing() as done:
            fresh.move(name, by=person, version=version, due_on=self.day + timedelta(60), **WORDS)
        assert not (done and late)
        self._deadline_may_move(done and name == "reopen")

    @rule(data=st.data(), finished=st.booleans())
    def report(self, data, finished):
        fresh, person = self._fresh(), self._somebody(data)
        measures = list(fresh.measures.all()) if finished else None
        with self._all_or_nothing():
            fresh.report(
                by=person, text="又办一处。", version=fresh.version, measures_done=measures
            )

    @rule(data=st.data(), days=some_day)
    def ask_for_time(self, data, days):
        fresh, person = self._fresh(), self._somebody(data)
        with self._all_or_nothing():
            Extension.ask(
                fresh,
                by=person,
                due_on=fresh.due_on + timedelta(days),
                reason="冻雨。",
                ground="预警",
                progress="过半。",
                version=fresh.version,
            )

    @precondition(lambda self: self.ticket and self.ticket.extensions.pending().exists())
    @rule(data=st.data(), ruling=st.sampled_from(Ruling), days=some_day)
    def decide_on_time(self, data, ruling, days):
        extension = self.ticket.extensions.pending().get()
        # One to whom it is open, as long as there is one: else nearly all are refused.
        able = [p for p in self.people if not extension.decide_refusal(p)] or self.people
        with self._all_or_nothing() as done:
            extension.decide(
                ruling,
                by=data.draw(st.sampled_from(able)),
                opinion="已核。",
                ground="纪要",
                due_on=self._fresh().due_on + timedelta(days),
                version=self._fresh().version,
            )
        self._deadline_may_move(done and ruling == Ruling.AGREE)

    @rule(data=st.data(), days=some_day)
    def correct_the_deadline(self, data, days):
        fresh = self._fresh()
        with self._all_or_nothing() as done:
            fresh.amend(
                {"due_on": self.day + timedelta(days)},
                by=self.people[-1],
                why="会议纪要",
                version=fresh.version,
            )
        self._deadline_may_move(done)

    @rule(data=st.data(), field=st.sampled_from(["person", "reporter", "due_on"]), days=some_day)
    def assign(self, data, field, days):
        fresh, person = self._fresh(), self._somebody(data)
        new = self.day + timedelta(days) if field == "due_on" else self._somebody(data)
        with self._all_or_nothing() as done:
            fresh.assign({field: new}, by=person, why="分工", version=fresh.version)
        self._deadline_may_move(done and field == "due_on")
        assert not done or field != "due_on" or fresh.status == Status.UNCLAIMED

    @rule(data=st.data())
    def approve_in_bulk(self, data):
        fresh, person = self._fresh(), self._somebody(data)
        may = not workflow.refusal(
            workflow.approval(fresh.inspection.round.levels, fresh.review_role),
            fresh.standing_of(person),
        )
        done = bulk.apply(
            bulk.ApproveAll("已核查。", "on_site"), {fresh.pk: fresh.version}, by=person
        )
        assert (done.rows.get().refusal == "") == may

    @rule(days=st.integers(1, 40))
    def days_pass(self, days):
        self.day += timedelta(days)
        self._set_clock()

    # -- what always holds ----------------------------------------------------------------------

    @invariant()
    def every_status_is_what_the_last_move_came_to(self):
        if not self.ticket:
            return
        moves = list(self.ticket.transitions.order_by("pk"))
        status = Status.UNCLAIMED
        for move in moves:
            assert move.source == status
            assert move.move in MOVES
            assert status in MOVES[move.move].sources
            status = move.target
        assert self._fresh().status == status
        versions = [move.ticket_version for move in moves]
        assert versions == sorted(set(versions))

    @invariant()
    def every_version_is_kept(self):
        if self.ticket:
            kept = set(self.ticket.history.values_list("version", flat=True))
            assert kept == set(range(1, self._fresh().version + 1))

    @invariant()
    def one_cycle_is_open_unless_it_is_closed(self):
        if not self.ticket:
            return
        fresh, cycles = self._fresh(), list(self.ticket.cycles.order_by("number"))
        assert [cycle.number for cycle in cycles] == list(range(1, fresh.cycle_number + 1))
        still_open = [cycle for cycle in cycles if cycle.closed_on is None]
        assert still_open == ([cycles[-1]] if fresh.is_open else [])

    @invariant()
    def what_is_closed_was_signed_off_by_others(self):
        if not self.ticket:
            return
        fresh = self._fresh()
        for close in fresh.transitions.filter(move="close"):
            sheet = fresh.signoffs.filter(ticket_version__lt=close.ticket_version).first()
            opinions = list(sheet.opinions.all())
            assert [opinion.level for opinion in opinions] == list(fresh.inspection.round.levels)
            assert all(opinion.is_approval for opinion in opinions)
            parties = [opinion.by_id for opinion in opinions] + [sheet.submitter_id]
            if sheet.responsible_id:
                parties.append(sheet.responsible_id)
            assert len(set(parties)) == len(parties)

    @invariant()
    def the_deadline_moves_only_by_decision(self):
        if not self.ticket:
            return
        fresh = self._fresh()
        assert fresh.due_on == self.due_on
        last = fresh.changes.filter(field="整改时限").first()
        shown = f"{fresh.due_on.year}年{fresh.due_on.month}月{fresh.due_on.day}日"
        assert last.new == shown if last else fresh.due_on == START + timedelta(30)

    @invariant()
    def what_is_closed_is_locked(self):
        if not self.ticket or self._fresh().is_open:
            return
        for change in ({"title": "改写"}, {"due_on": self.day}, {"status": Status.RETURNED}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Ticket.objects.filter(pk=self.ticket.pk).update(**change)
        fresh = self._fresh()
        with self._all_or_nothing() as done:
            fresh.report(by=self.people[0], text="再报。", version=fresh.version)
        assert not done

    # -- how it is told -------------------------------------------------------------------------

    def _fresh(self) -> Ticket:
        return Ticket.objects.get(pk=self.ticket.pk)

    def _somebody(self, data):
        return data.draw(st.sampled_from(self.people))

    def _set_clock(self):
        self.clock.move_to(f"{self.day}T12:00:00+08:00", tick=False)

    def _all_or_nothing(self):
        return _Attempt(self)

    def _deadline_may_move(self, may) -> None:
        if may:
            self.due_on = self._fresh().due_on

    def _trace(self):
        fresh = self._fresh()
        rows = (fresh.transitions, fresh.progress, fresh.changes, fresh.signoffs, fresh.extensions)
        return fresh.version, fresh.status, fresh.due_on, *(each.count() for each in rows)


class _Attempt:
    """An act that may be refused: true once it was done; refused, it must leave no trace."""

    def __init__(self, story):
        self.story, self.done, self.before = story, False, story._trace()

    def __enter__(self):
        return self

    def __exit__(self, kind, refusal, traceback):
        self.done = kind is None
        if kind is not None and issubclass(kind, MoveRefused):
            assert str(refusal)
            assert self.story._trace() == self.before
            return True
        return False

    def __bool__(self):
        return self.done


@pytest.mark.django_db
def test_no_story_breaks_what_must_hold(time_machine):
    time_machine.move_to(f"{START}T12:00:00+08:00", tick=False)
    Story.clock = time_machine
    assert timezone.localdate() == START
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=10,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
