"""Each truth that the database keeps: it refuses the breach, and says so in Chinese beforehand."""

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from tests.factories import (
    BulletinFactory,
    CategoryFactory,
    CoordinationFactory,
    EvidenceFactory,
    IndicatorFactory,
    InspectionFactory,
    MeasureFactory,
    MembershipFactory,
    MilestoneFactory,
    PersonFactory,
    PlanFactory,
    RoundFactory,
    SelfCheckFactory,
    SourceFileFactory,
    TicketFactory,
    UnitFactory,
)
from tracker.choices import Role
from tracker.models import (
    Band,
    Bulk,
    BulkRow,
    CalendarToken,
    ExportJob,
    Figure,
    Instruction,
    Membership,
    MembershipProposal,
    Notice,
    PlanAsk,
    PlanDecision,
    Press,
    Progress,
    Reply,
    ReportDraft,
    SavedView,
    Screen,
    Transition,
    Verdict,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def ticket(**facts):
    """A ticket that is not saved, sound but for these facts."""
    inspection = InspectionFactory()
    sound = TicketFactory.build(
        inspection=inspection,
        bulletin=BulletinFactory(inspection=inspection),
        lead_unit=inspection.unit,
        serial=900,
        number="N-900",
    )
    for name, value in facts.items():
        setattr(sound, name, value)
    return sound


def twin(factory, *shared):
    """A second row that shares these fields with a first one."""
    first = factory()
    return factory.build(**{name: getattr(first, name) for name in shared})


def second_category(parent):
    first = CategoryFactory(heading="同题")
    if parent:
        first.parent = CategoryFactory(inspection=first.inspection)
        first.save()
    return CategoryFactory.build(inspection=first.inspection, parent=first.parent, heading="同题")


def transition(**facts):
    sound = {"ticket_version": 2, "move": "submit", "source": "in_progress", "target": "submitted"}
    return Transition(ticket=TicketFactory(), by=PersonFactory(), **{**sound, **facts})


def transition_for_oneself():
    own = transition()
    own.acting_for = own.by
    return own


def progress(**facts):
    sound = {"ticket_version": 2, "text": "已办。"}
    return Progress(ticket=TicketFactory(), by=PersonFactory(), **{**sound, **facts})


def verdict(**facts):
    """A verdict that is not saved, on a report of its own."""
    report = progress()
    report.save()
    sound = {"ticket_version": 3, "result": "returned", "reason": "缺数字。"}
    return Verdict(progress=report, ticket=report.ticket, by=PersonFactory(), **sound | facts)


def second_verdict():
    first = verdict()
    first.save()
    second = verdict(ticket_version=4)
    second.progress = first.progress
    return second


def evidence(**facts):
    """A file that is not saved, sound but for these facts."""
    return EvidenceFactory.build(ticket=TicketFactory(), by=PersonFactory(), **facts)


def second_key_evidence():
    first = EvidenceFactory(is_key=True)
    return EvidenceFactory.build(ticket=first.ticket, by=first.by, is_key=True)


def second_report_draft():
    first = ReportDraft.objects.create(ticket=TicketFactory(), person=PersonFactory())
    return ReportDraft(ticket=first.ticket, person=first.person)


def second_of_a_version(build, model):
    first = build()
    first.save()
    second = build()
    second.ticket = first.ticket
    return second


def second_membership():
    first = MembershipFactory()
    return Membership(person=first.person, unit=first.unit, role=first.role)


def second_figure():
    report = progress()
    report.save()
    indicator = IndicatorFactory(ticket=report.ticket)
    Figure.objects.create(progress=report, indicator=indicator, done=3)
    return Figure(progress=report, indicator=indicator, done=4)


def second_unit(parent):
    first = UnitFactory(parent=UnitFactory() if parent else None, name="同名")
    return UnitFactory.build(parent=first.parent, name="同名")


def second_serial():
    first = TicketFactory()
    return ticket(inspection=first.inspection, serial=first.serial)


def bulletin(**facts):
    return BulletinFactory.build(
        inspection=InspectionFactory(),
        source=SourceFileFactory(),
        imported_by=PersonFactory(),
        **facts,
    )


def inspection(**facts):
    return InspectionFactory.build(**{"round": RoundFactory(), "unit": UnitFactory()} | facts)


def saved_view(**facts):
    sound = {"owner": PersonFactory(), "name": "我的视图", "view": "timeline"}
    return SavedView(**sound | facts)


def view_beside(**facts):
    """A view that is not saved, beside a default one of the same person."""
    first = saved_view(is_default=True)
    first.save()
    return saved_view(**{"owner": first.owner, "name": "另一个视图"} | facts)


def second_default_of_a_role():
    shared = {"shared_unit": UnitFactory(), "shared_role": "office", "is_default": True}
    saved_view(**shared).save()
    return saved_view(**shared)


def second_band():
    first = RoundFactory().band_rows.first()
    first.pk = None
    return first


def second_calendar_token():
    person = PersonFactory()
    CalendarToken.objects.create(person=person, digest="a" * 64)
    return CalendarToken(person=person, digest="b" * 64)


def export_job(**facts):
    """A job that is not saved, sound but for these facts."""
    sound = {"view": "ticket-list", "total": 9, "state": "waiting"}
    by = facts.pop("by", None) or PersonFactory()
    return ExportJob(**sound | facts, by=by)


def second_export_job():
    """What the same person has asked for already, and is not made yet."""
    first = export_job(query="light=late")
    first.save()
    return export_job(query="light=late", by=first.by)


def second_inspection():
    first = InspectionFactory()
    return inspection(
        unit=first.unit, inspecting_body=first.inspecting_body, feedback_on=first.feedback_on
    )


def coordination(**facts):
    return CoordinationFactory.build(
        **{"ticket": TicketFactory(in_progress=True), "by": PersonFactory()} | facts
    )


def second_request():
    first = coordination()
    first.save()
    return coordination(ticket=first.ticket)


def instruction(**facts):
    sound = {"ticket": TicketFactory(), "ticket_version": 1, "by": PersonFactory(), "text": "请办"}
    return Instruction(**sound | facts)


def reply(**facts):
    given = instruction()
    given.save()
    sound = {"instruction": given, "ticket_version": 1, "by": PersonFactory(), "kind": "received"}
    return Reply(**sound | facts)


def second_receipt():
    first = reply()
    first.save()
    return reply(instruction=first.instruction)


def press(**facts):
    sound = {"ticket": TicketFactory(), "ticket_version": 1, "by": PersonFactory()}
    return Press(**sound | {"number": 1, "note": "请报进展"} | facts)


def second_press():
    first = press()
    first.save()
    return press(ticket=first.ticket)


def bulk_row(**facts):
    done = Bulk.objects.create(kind="press", by=PersonFactory(), words="请办。")
    return BulkRow(**{"bulk": done, "ticket": TicketFactory(), "effect": "第1次催办"} | facts)


def second_bulk_row():
    first = bulk_row()
    first.save()
    return BulkRow(bulk=first.bulk, ticket=first.ticket, effect="第1次催办")


def notice(**facts):
    return Notice(**{"person": PersonFactory(), "kind": "other", "text": "通知"} | facts)


def found(**facts):
    """A problem found besides, sound but for these facts."""
    parent = TicketFactory()
    return ticket(
        **{
            "inspection": parent.inspection,
            "origin": "similar",
            "parent": parent,
            "found_by": PersonFactory(),
            "bulletin": None,
            **facts,
        }
    )


def second_found_serial():
    first = found()
    first.save()
    return found(inspection=first.inspection, parent=first.parent, serial=first.serial, number="N")


def its_own_repeat():
    again = TicketFactory()
    copy = ticket(pk=again.pk + 1000, number="N-901")
    copy.recurs_id = copy.pk
    return copy


def plan_ask(**facts):
    ticket = TicketFactory()
    sound = {"kind": "add", "reason": "会议纪要", "asked_by": PersonFactory()}
    return PlanAsk(ticket=ticket, **{**sound, **facts})


def second_ask():
    measure = MeasureFactory()
    first = plan_ask(kind="drop", measure=measure)
    first.save()
    return plan_ask(kind="drop", measure=measure)


def decided_ask(**facts):
    sound = {
        "status": "approved",
        "decided_by": PersonFactory(),
        "decided_at": timezone.now(),
        "opinion": "同意",
    }
    return plan_ask(**{**sound, **facts})


def ask_decided_by_its_asker():
    return decided_ask(decided_by=(person := PersonFactory()), asked_by=person)


def plan_decision(**facts):
    sound = {"plan_version": 2, "move": "submit", "edition": 1, "by": PersonFactory()}
    return PlanDecision(plan=PlanFactory(), **{**sound, **facts})


def second_decision():
    first = plan_decision()
    first.save()
    return PlanDecision(
        plan=first.plan, plan_version=2, move="submit", edition=1, by=PersonFactory()
    )


def plan(**facts):
    return PlanFactory.build(inspection=InspectionFactory(), **facts)


def self_check(**facts):
    return SelfCheckFactory.build(
        **{
            "ticket": TicketFactory(),
            "unit": UnitFactory(),
            "sent_by": PersonFactory(),
            **facts,
        }
    )


def second_self_check():
    first = SelfCheckFactory()
    return self_check(ticket=first.ticket, unit=first.unit)


def proposal(**facts):
    return MembershipProposal(
        person=PersonFactory(),
        unit=UnitFactory(),
        role=Role.STAFF,
        proposed_by=PersonFactory(),
        **facts,
    )


def second_proposal():
    first = proposal()
    first.save()
    return MembershipProposal(
        person=first.person, unit=first.unit, role=first.role, proposed_by=first.proposed_by
    )


def alone(decided):
    decided.decided_by, decided.decided_at = decided.proposed_by, timezone.now()
    return decided


# The name of each constraint, and a row that breaks it and no other.
def screen(**facts):
    return Screen(name="大厅", digest="0" * 64, made_by=PersonFactory(), **facts)


BREACHES = {
    "exportjob_once_unfinished": second_export_job,
    "exportjob_state_is_known": lambda: export_job(state="lost"),
    "exportjob_kind_is_known": lambda: export_job(kind="pdf"),
    "exportjob_file_iff_ready": lambda: export_job(state="ready", expires_at=NOON),
    "exportjob_trouble_iff_failed": lambda: export_job(trouble="断电"),
    "exportjob_done_within_total": lambda: export_job(done=10),
    "exportjob_running_is_seen": lambda: export_job(state="running"),
    "screen_shows_one_thing": lambda: screen(unit=UnitFactory(), inspection=InspectionFactory()),
    "screen_revoked_by_someone": lambda: screen(unit=UnitFactory(), revoked_at=NOON),
    "ticket_serial_once": second_serial,
    "ticket_closed_on_iff_closed": lambda: ticket(status="closed", submitted_on=date(2026, 11, 2)),
    "ticket_review_role_iff_waiting": lambda: ticket(review_role="office"),
    "ticket_submitted_on_is_kept": lambda: ticket(
        status="submitted", review_role="office", submitted_on=None
    ),
    "ticket_long_term_once_closed": lambda: ticket(long_term_on=date(2026, 11, 2)),
    "ticket_cycle_counts_from_one": lambda: ticket(cycle_number=0),
    "ticket_blocked_has_reason": lambda: ticket(is_blocked=True),
    "ticket_status_is_known": lambda: ticket(status="lost"),
    "ticket_kind_is_known": lambda: ticket(kind="never"),
    "ticket_claim_has_quote": lambda: ticket(claim="done"),
    "ticket_has_a_problem": lambda: ticket(title=""),
    "ticket_original_due_is_kept": lambda: ticket(original_due_on=None),
    "ticket_span_in_order": lambda: ticket(source_start=9, source_end=9),
    "ticket_found_serial_once": second_found_serial,
    "ticket_origin_is_known": lambda: found(origin="nowhere"),
    "ticket_fed_back_has_bulletin": lambda: ticket(bulletin=None),
    "ticket_found_has_parent": lambda: found(parent=None),
    "ticket_recurs_another": its_own_repeat,
    "category_once_per_parent": lambda: second_category(parent=True),
    "category_once_at_the_top": lambda: second_category(parent=False),
    "measure_order_once_per_ticket": lambda: twin(MeasureFactory, "ticket", "order"),
    "measure_span_in_order": lambda: MeasureFactory.build(
        ticket=TicketFactory(), source_start=5, source_end=4
    ),
    "measure_ends_after_start": lambda: MeasureFactory.build(
        ticket=TicketFactory(), starts_on=date(2026, 11, 2), due_on=date(2026, 11, 1)
    ),
    "measure_has_text": lambda: MeasureFactory.build(ticket=TicketFactory(), text=""),
    "measure_printed_is_kept": lambda: MeasureFactory.build(
        ticket=TicketFactory(), dropped_on=date(2026, 11, 1)
    ),
    "milestone_has_a_title": lambda: MilestoneFactory.build(measure=MeasureFactory(), title=""),
    "plan_status_is_known": lambda: plan(status="lost"),
    "plan_decided_by_another": lambda: plan(
        status="returned", submitted_by=(person := PersonFactory()), decided_by=person
    ),
    "plan_submitted_has_submitter": lambda: plan(status="submitted"),
    "plan_approved_by_somebody": lambda: plan(
        status="approved", submitted_by=PersonFactory(), decided_by=PersonFactory()
    ),
    "plandecision_once_per_version": second_decision,
    "plandecision_by_another": lambda: plan_decision(move="approve", note="同意"),
    "planask_has_a_reason": lambda: plan_ask(reason=""),
    "planask_names_its_measure": lambda: plan_ask(kind="drop"),
    "planask_decided_by_another": ask_decided_by_its_asker,
    "planask_decided_by_somebody": lambda: decided_ask(opinion=""),
    "planask_one_pending_a_measure": second_ask,
    "selfcheck_once_per_unit": second_self_check,
    "selfcheck_says_what": lambda: self_check(words=""),
    "selfcheck_answer_is_whole": lambda: self_check(answer="none", statement="没有"),
    "indicator_is_not_negative": lambda: IndicatorFactory.build(ticket=TicketFactory(), done=-1),
    "indicator_has_a_figure": lambda: IndicatorFactory.build(
        ticket=TicketFactory(), done=None, total=None
    ),
    "progress_has_text": lambda: progress(text=""),
    "progress_percent_in_range": lambda: progress(percent=101),
    "progress_once_per_version": lambda: second_of_a_version(progress, Progress),
    "progress_of_bulletin_no_period": lambda: progress(
        bulletin=BulletinFactory(), period_key="2026-11-b"
    ),
    "figure_once_per_report": second_figure,
    "verdict_once_per_result": second_verdict,
    "verdict_once_per_version": lambda: second_of_a_version(verdict, Verdict),
    "verdict_result_is_known": lambda: verdict(result="maybe"),
    "verdict_return_has_a_reason": lambda: verdict(reason=""),
    "report_draft_once": second_report_draft,
    "evidence_one_key_per_ticket": second_key_evidence,
    "evidence_once_per_ticket": lambda: twin(EvidenceFactory, "ticket", "by", "sha256"),
    "evidence_withdrawn_with_reason": lambda: evidence(withdrawn_at=NOON),
    "evidence_kind_is_known": lambda: evidence(kind="exe"),
    "evidence_is_a_file": lambda: evidence(size=0),
    "coordination_one_open": second_request,
    "coordination_has_a_reason": lambda: coordination(reason=""),
    "coordination_names_who_acts": lambda: coordination(needs_text=""),
    "coordination_ends_as_a_whole": lambda: coordination(outcome="已批复"),
    "instruction_has_text": lambda: instruction(text=""),
    "reply_received_once": second_receipt,
    "reply_answer_has_text": lambda: reply(kind="answered", text=""),
    "press_numbered_once": second_press,
    "press_has_number_and_note": lambda: press(note=""),
    "bulk_says_what_was_done": lambda: Bulk(kind="press", by=PersonFactory(), words=""),
    "bulkrow_once_per_ticket": second_bulk_row,
    "bulkrow_is_done_or_refused": lambda: bulk_row(refusal="已催过。"),
    "notice_kind_is_known": lambda: notice(kind="gossip"),
    "notice_has_text": lambda: notice(text=""),
    "transition_once_per_version": lambda: second_of_a_version(transition, Transition),
    "transition_target_is_known": lambda: transition(target="lost"),
    "transition_return_has_a_note": lambda: transition(
        move="return", source="submitted", target="returned"
    ),
    "transition_acts_for_another": transition_for_oneself,
    "membership_once": second_membership,
    "membership_role_is_known": lambda: Membership(
        person=PersonFactory(), unit=UnitFactory(), role="boss"
    ),
    "proposal_open_once": second_proposal,
    "proposal_decided_by_someone": lambda: proposal(decided_at=timezone.now()),
    "proposal_not_decided_alone": lambda: alone(proposal()),
    "person_username_any_case": lambda: PersonFactory.build(
        username=PersonFactory(username="doubled").username.upper()
    ),
    "person_post_is_known": lambda: PersonFactory.build(post="chief"),
    "person_post_is_no_superuser": lambda: PersonFactory.build(post="system", is_superuser=True),
    "unit_name_once_per_parent": lambda: second_unit(parent=True),
    "unit_name_once_at_the_top": lambda: second_unit(parent=False),
    "round_focus_months_in_range": lambda: RoundFactory.build(focus_months=0),
    "round_plan_days_in_range": lambda: RoundFactory.build(plan_days=0),
    "round_plan_approver_is_known": lambda: RoundFactory.build(plan_approver="staff"),
    "round_period_is_known": lambda: RoundFactory.build(reporting_period="daily"),
    "round_press_pause_in_range": lambda: RoundFactory.build(press_pause=0),
    "round_review_roles_in_order": lambda: RoundFactory.build(review_roles="party,head"),
    "band_once_per_round": second_band,
    "band_look_is_known": lambda: Band(
        round=RoundFactory(), order=9, light="lantern", word="灯", colour="red", shape="square"
    ),
    "calendar_token_once_live": second_calendar_token,
    "saved_view_name_once": lambda: view_beside(name="我的视图"),
    "saved_view_one_own_default": lambda: view_beside(is_default=True),
    "saved_view_one_role_default": second_default_of_a_role,
    "saved_view_is_a_view": lambda: saved_view(view="globe"),
    "saved_view_has_a_name": lambda: saved_view(name=""),
    "saved_view_role_is_known": lambda: saved_view(shared_role="boss", shared_unit=UnitFactory()),
    "saved_view_role_in_a_unit": lambda: saved_view(shared_role="office"),
    "inspection_once": second_inspection,
    "inspection_ends_after_start": lambda: inspection(
        started_on=date(2026, 6, 2), ended_on=date(2026, 6, 1)
    ),
    "bulletin_publicity_in_order": lambda: bulletin(
        publicity_from=date(2026, 6, 2), publicity_to=date(2026, 6, 1)
    ),
}
# Written by the program alone, from facts that no person types: nobody would read a message.
WITHOUT_A_MESSAGE = {
    "exportjob_kind_is_known",
    "exportjob_state_is_known",
    "saved_view_is_a_view",
    "saved_view_role_is_known",
    "evidence_is_a_file",
    "notice_has_text",
    "notice_kind_is_known",
    "report_draft_once",
    "verdict_once_per_version",
    "verdict_result_is_known",
    "progress_once_per_version",
    "transition_once_per_version",
    "transition_target_is_known",
    "plandecision_once_per_version",
}
# Those of drafts and of imports are tested with the import, those of the audit trail and
# of decisions with these.
ELSEWHERE = (
    "handover",
    "extension",
    "substitution",
    "round_extension_steps",
    "audit",
    "cycle",
    "signoff",
    "opinion",
    "lookback",
    "draft",
    "importbatch",
    "importrow",
    "finding",
    "upload",
)


def constraints() -> dict[str, models.BaseConstraint]:
    return {
        constraint.name: constraint
        for model in apps.get_app_config("tracker").get_models()
        for constraint in model._meta.constraints
        if not constraint.name.startswith(ELSEWHERE)
    }


def test_every_constraint_has_its_breach_here():
    assert set(constraints()) == set(BREACHES)


@pytest.mark.parametrize("name", BREACHES)
def test_the_database_refuses_the_breach(name):
    broken = BREACHES[name]()

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        broken.save(force_insert=True)

    # SQLite names the columns of a broken UNIQUE over plain columns, not the constraint.
    constraint = constraints()[name]
    if isinstance(constraint, models.CheckConstraint):
        assert name in str(refused.value)
    else:
        assert "unique" in str(refused.value).lower()


@pytest.mark.parametrize("name", sorted(set(BREACHES) - WITHOUT_A_MESSAGE))
def test_a_person_is_told_in_chinese(name):
    broken, message = BREACHES[name](), constraints()[name].violation_error_message

    with pytest.raises(ValidationError) as refused:
        broken.validate_constraints()

    assert refused.value.message_dict[NON_FIELD_ERRORS] == [message]
    assert any("一" <= character <= "鿿" for character in message)


def test_the_roles_in_the_database_are_those_of_the_program():
    for role in Role:
        MembershipFactory(role=role)
    assert Membership.objects.count() == len(Role)
