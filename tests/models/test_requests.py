"""What the database itself keeps of extensions, substitutes and hand-overs."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.conftest import acts_for
from tests.factories import PersonFactory, TicketFactory
from tracker.choices import Part, Role
from tracker.models import (
    Extension,
    ExtensionDecision,
    Handover,
    HandoverItem,
    Round,
    Substitution,
    Ticket,
)

pytestmark = pytest.mark.django_db

DUE, LATER, TODAY = date(2026, 12, 1), date(2027, 1, 15), date(2026, 11, 22)


def extension(**facts):
    """A pending request that is not saved, sound but for these facts."""
    sound = {
        "ticket_version": 2,
        "asked_on": TODAY,
        "present_due_on": DUE,
        "asked_due_on": LATER,
        "reason": "冻雨。",
        "ground": "预警",
        "progress": "过半。",
        "steps": "unit,office",
        "waits_for": "unit",
    }
    facts = sound | facts
    by = facts.pop("by", None) or PersonFactory()
    ticket = facts.pop("ticket", None) or TicketFactory(in_progress=True)
    return Extension(by=by, ticket=ticket, **facts)


def decision(**facts):
    if "extension" not in facts:
        facts["extension"] = extension()
        facts["extension"].save()
    sound = {"ticket_version": 3, "step": "unit", "ruling": "agree", "due_on": LATER}
    by = facts.pop("by", None) or PersonFactory()
    return ExtensionDecision(by=by, **{**sound, **facts})


def substitution(**facts):
    principal = facts.pop("principal", None) or PersonFactory()
    sound = {
        "substitute": facts.pop("substitute", None) or PersonFactory(),
        "from_on": TODAY,
        "to_on": DUE,
        "reason": "出差",
        "named_by": principal,
        "named_on": TODAY,
    }
    return Substitution(principal=principal, **{**sound, **facts})


def of_oneself():
    person = PersonFactory()
    return substitution(principal=person, substitute=person)


def handover(**facts):
    giver = facts.pop("giver", None) or PersonFactory()
    receiver = facts.pop("receiver", None) or PersonFactory()
    return Handover(
        giver=giver, receiver=receiver, **{"started_by": giver, "reason": "调离", **facts}
    )


def handover_to_oneself():
    person = PersonFactory()
    return handover(giver=person, receiver=person)


def given_by_the_receiver():
    receiver = PersonFactory()
    return handover(
        receiver=receiver,
        giver_confirmed_at=timezone.now(),
        giver_confirmed_by=receiver,
        giver_reason="代办",
    )


def acting_for_oneself():
    person = PersonFactory()
    return decision(by=person, acting_for=person)


BREACHES = {
    "extension_asks_for_later": lambda: extension(asked_due_on=DUE),
    "extension_asked_in_time": lambda: extension(asked_on=date(2026, 12, 2)),
    "extension_says_why": lambda: extension(ground=""),
    "extension_status_is_known": lambda: extension(status="lost", waits_for="", settled_on=TODAY),
    "extension_waits_iff_pending": lambda: extension(waits_for=""),
    "extension_permits_a_date": lambda: extension(
        status="approved", waits_for="", settled_on=TODAY
    ),
    "extension_ruling_is_known": lambda: decision(ruling="perhaps", due_on=None, opinion="？"),
    "extension_no_has_a_reason": lambda: decision(ruling="refuse", due_on=None),
    "extension_yes_has_a_date": lambda: decision(due_on=None),
    "extension_acts_for_another": acting_for_oneself,
    "substitution_not_of_oneself": of_oneself,
    "substitution_ends_after_start": lambda: substitution(to_on=date(2026, 11, 21)),
    "substitution_not_backdated": lambda: substitution(from_on=date(2026, 11, 1)),
    "substitution_has_a_reason": lambda: substitution(reason=""),
    "substitution_revoked_by_someone": lambda: substitution(revoked_at=timezone.now()),
    "handover_between_two": handover_to_oneself,
    "handover_has_a_reason": lambda: handover(reason=""),
    "handover_done_by_both": lambda: handover(status="done", ended_at=timezone.now()),
    "handover_given_by_someone": lambda: handover(giver_confirmed_at=timezone.now()),
    "handover_not_both_by_one": given_by_the_receiver,
    "handover_for_giver_says_why": lambda: handover(
        giver_confirmed_at=timezone.now(), giver_confirmed_by=PersonFactory()
    ),
    "handover_cancelled_with_reason": lambda: handover(status="cancelled", ended_at=timezone.now()),
    "handover_ended_iff_settled": lambda: handover(ended_at=timezone.now()),
    "round_extension_steps_in_order": lambda: Round(name="新一轮", extension_steps="unit"),
}


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_refused_by_the_database_and_explained_before(name):
    row = BREACHES[name]()
    constraint = next(c for c in row._meta.constraints if c.name == name)

    with pytest.raises(ValidationError) as explained:
        constraint.validate(type(row), row)
    assert explained.value.messages == [constraint.violation_error_message]
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        row.save()


def refused(act) -> str:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()
    return str(refusal.value)


def delete_all(model):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")


def test_one_pending_request_for_a_ticket():
    first = extension()
    first.save()
    second = extension(ticket=first.ticket, ticket_version=3)

    refused(second.save)

    Extension.objects.update(status="withdrawn", waits_for="", settled_on=TODAY)
    second.save()


class TestWhoDecides:
    """申请与审批分离, superusers included: no code path is asked."""

    def test_not_who_asked(self):
        asked = extension()
        asked.save()
        own = decision(extension=asked, by=asked.by)

        assert "不能审批自己的延期申请" in refused(own.save)

    def test_not_in_the_place_of_who_asked(self):
        asked = extension()
        asked.save()
        own = decision(extension=asked, acting_for=asked.by)

        assert "不能审批自己的延期申请" in refused(own.save)

    @pytest.mark.parametrize("part", ["person", "reporter"])
    def test_not_who_answers_for_the_ticket(self, part):
        person = PersonFactory(is_superuser=True)
        asked = extension(ticket=TicketFactory(in_progress=True, **{part: person}))
        asked.save()

        assert "不能审批" in refused(decision(extension=asked, by=person).save)
        assert "不能审批" in refused(decision(extension=asked, acting_for=person).save)

    def test_no_one_twice(self):
        asked = extension()
        asked.save()
        first, principal = PersonFactory(), PersonFactory()
        decision(extension=asked, by=first, acting_for=principal).save()

        for again in ({"by": first}, {"by": principal}, {"acting_for": principal}):
            second = decision(extension=asked, step="office", **again)
            assert "须由不同的人审批" in refused(second.save)

        decision(extension=asked, step="office").save()


class TestKept:
    def test_a_decision_is_neither_altered_nor_deleted(self):
        decision().save()

        assert "只能新增" in refused(lambda: ExtensionDecision.objects.update(opinion="改写"))
        assert "只能新增" in refused(lambda: delete_all(ExtensionDecision))

    @pytest.mark.parametrize(
        "change",
        [
            {"reason": "改写"},
            {"asked_due_on": date(2028, 1, 1)},
            {"present_due_on": date(2026, 12, 30)},
            {"steps": "office"},
        ],
    )
    def test_what_was_asked_is_locked(self, change):
        extension().save()

        assert "不能修改" in refused(lambda: Extension.objects.update(**change))

    def test_what_is_settled_is_locked(self):
        extension(status="refused", waits_for="", settled_on=TODAY).save()

        reopened = {"status": "approved", "permitted_due_on": LATER}
        assert "锁定" in refused(lambda: Extension.objects.update(**reopened))
        assert "不能删除" in refused(lambda: delete_all(Extension))

    def test_a_substitution_is_only_revoked_and_once(self):
        made = substitution()
        made.save()

        assert "只能撤销" in refused(lambda: Substitution.objects.update(to_on=LATER))
        Substitution.objects.update(revoked_at=timezone.now(), revoked_by=made.principal)
        undone = {"revoked_at": None, "revoked_by": None}
        assert "只能撤销" in refused(lambda: Substitution.objects.update(**undone))
        assert "不能修改或删除" in refused(lambda: delete_all(Substitution))

    def test_periods_of_one_principal_do_not_overlap(self):
        first = substitution()
        first.save()
        same = {"principal": first.principal}
        overlapping = substitution(**same, from_on=DUE, to_on=LATER)

        assert "已指定了代理人" in refused(overlapping.save)

        substitution(**same, from_on=date(2026, 12, 2), to_on=LATER).save()
        Substitution.objects.filter(pk=first.pk).update(
            revoked_at=timezone.now(), revoked_by=first.principal
        )
        substitution(**same).save()

    def test_a_sheet_is_locked_once_it_is_settled(self):
        made = handover()
        made.save()
        ticket = TicketFactory(in_progress=True)
        HandoverItem.objects.create(handover=made, ticket=ticket, part=Part.PERSON)

        assert "不能修改" in refused(lambda: Handover.objects.update(reason="改写"))
        assert "不能修改" in refused(lambda: HandoverItem.objects.update(part=Part.LEADER))
        made.cancel(by=made.giver, reason="不交了")
        assert "锁定" in refused(lambda: Handover.objects.update(cancel_reason="改写"))
        assert "锁定" in refused(lambda: HandoverItem.objects.update(outcome="moved"))
        for model in (HandoverItem, Handover):
            assert "不能删除" in refused(lambda model=model: delete_all(model))

    def test_an_item_waits_on_one_sheet_only(self):
        ticket = TicketFactory(in_progress=True)
        first, second = handover(), handover()
        first.save()
        second.save()
        HandoverItem.objects.create(handover=first, ticket=ticket, part=Part.PERSON)

        with pytest.raises(IntegrityError), transaction.atomic():
            HandoverItem.objects.create(handover=second, ticket=ticket, part=Part.PERSON)


class TestQuerySet:
    def test_granted_extensions_are_counted(self, ticket):
        other = TicketFactory(in_progress=True)
        for version, status in enumerate(("approved", "approved", "refused", "withdrawn"), start=2):
            permitted = LATER if status == "approved" else None
            extension(
                ticket=ticket,
                ticket_version=version,
                status=status,
                waits_for="",
                settled_on=TODAY,
                permitted_due_on=permitted,
            ).save()
        extension(ticket=ticket, ticket_version=9).save()

        counts = Ticket.objects.with_extension_count().values_list("pk", "extension_count")

        assert dict(counts) == {ticket.pk: 2, other.pk: 0}

    @pytest.mark.parametrize(
        ("present", "permitted", "late"),
        [
            pytest.param(DUE, LATER, False, id="asked before the first deadline"),
            pytest.param(DUE, date(2026, 12, 5), True, id="and missed again"),
            pytest.param(date(2026, 12, 20), LATER, True, id="asked after the first was missed"),
        ],
    )
    def test_time_granted_in_time_is_no_lateness(self, present, permitted, late):
        """The first deadline was 1 December; it is 10 December."""
        ticket = TicketFactory(in_progress=True, original_due_on=DUE, due_on=permitted)
        extension(
            ticket=ticket,
            status="approved",
            waits_for="",
            settled_on=TODAY,
            present_due_on=present,
            asked_due_on=LATER,
            permitted_due_on=permitted,
        ).save()

        found = Ticket.objects.with_was_late(date(2026, 12, 10)).get(pk=ticket.pk)

        assert found.was_late == late

    def test_what_awaits_a_person_is_what_they_may_decide(
        self, today, bureau, department, other_department, inspection, clerk
    ):
        """`awaiting` says in SQL what `decide_refusal` says of each request."""
        people = [acts_for(unit, role) for unit in (bureau, department) for role in Role]
        people += [acts_for(other_department, Role.HEAD), clerk]
        Substitution.objects.appoint(
            people[6],
            principal=people[1],
            from_on=today,
            to_on=DUE,
            reason="出差",
            by=people[1],
        )
        for number, step in enumerate(("unit", "office", "party", "inspector") * 3):
            tickets = {"inspection": inspection, "lead_unit": department, "in_progress": True}
            if number >= 4:
                tickets["leader"] = people[2]
            if number >= 8:
                tickets["person"] = people[number % 5 + 1]
            extension(
                ticket=TicketFactory(**tickets),
                by=people[number],
                steps="unit,office,party,inspector",
                waits_for=step,
            ).save()

        for person in people:
            may = {e.pk for e in Extension.objects.all() if not e.decide_refusal(person)}
            waiting = set(Extension.objects.awaiting(person).values_list("pk", flat=True))
            assert waiting == may, person
