"""One factory for each model; traits name the states. Everything here is invented."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from tracker.choices import Claim, FileKind, InspectionKind, PlanStatus, Role, Status
from tracker.models import (
    Bulletin,
    Category,
    Coordination,
    Evidence,
    Indicator,
    Inspection,
    Measure,
    Membership,
    Milestone,
    Person,
    Plan,
    Round,
    SelfCheck,
    SignOff,
    SourceFile,
    Ticket,
    Unit,
)

PASSWORD = "Qingyun-2026-ceshi"


class UnitFactory(DjangoModelFactory[Unit]):
    class Meta:
        model = Unit

    name = factory.Sequence(lambda n: f"临江市第{n + 1}管理局")


class PersonFactory(DjangoModelFactory[Person]):
    """An account without any role; `acts_for(unit, role)` of conftest gives one."""

    class Meta:
        model = Person

    username = factory.Sequence(lambda n: f"person{n + 1}")
    name = factory.Sequence(lambda n: f"林某{n + 1}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(*args, password=PASSWORD, **kwargs)


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    unit = factory.SubFactory(UnitFactory)
    role = Role.STAFF


class RoundFactory(DjangoModelFactory[Round]):
    class Meta:
        model = Round

    name = factory.Sequence(lambda n: f"第{n + 1}轮巡察")


class InspectionFactory(DjangoModelFactory[Inspection]):
    class Meta:
        model = Inspection

    round = factory.SubFactory(RoundFactory)
    kind = InspectionKind.LOCAL
    inspecting_body = "市委第七巡察组"
    unit = factory.SubFactory(UnitFactory)
    feedback_on = date(2026, 9, 1)


class SourceFileFactory(DjangoModelFactory[SourceFile]):
    class Meta:
        model = SourceFile

    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    name = factory.Sequence(lambda n: f"通报{n + 1}.txt")
    size = 12
    content = "整改通报".encode()
    received_by = factory.SubFactory(PersonFactory)


class BulletinFactory(DjangoModelFactory[Bulletin]):
    class Meta:
        model = Bulletin

    inspection = factory.SubFactory(InspectionFactory)
    source = factory.SubFactory(SourceFileFactory)
    title = "关于巡察整改进展情况的通报"
    text = "1. 关于台账不健全的问题。一是健全台账，逐项登记。二是每月核对一次。"
    published_on = date(2026, 11, 2)
    imported_by = factory.SelfAttribute("source.received_by")


class CategoryFactory(DjangoModelFactory[Category]):
    class Meta:
        model = Category

    inspection = factory.SubFactory(InspectionFactory)
    heading = factory.Sequence(lambda n: f"（{n + 1}）工程管理方面")
    order = factory.Sequence(lambda n: n)


def close(ticket: Ticket, closed_on: date, submitted_on: date | None = None, **facts) -> None:
    """Close a ticket without anybody's opinion: the last thing that a test can do to it."""
    submitted_on = submitted_on or closed_on
    cycle = ticket.cycles.get(closed_on=None)
    cycle.submitted_on, cycle.closed_on = submitted_on, closed_on
    cycle.save()
    ticket.status, ticket.review_role = Status.CLOSED, ""
    ticket.submitted_on, ticket.closed_on = submitted_on, closed_on
    for name, value in facts.items():
        setattr(ticket, name, value)
    ticket.save()


class TicketFactory(DjangoModelFactory[Ticket]):
    """A ticket nobody has claimed; ask for any other state by name.

    It has a key evidence, without which nothing is submitted, unless `proved=False`.

    Give `inspection=` or `bulletin=` to put several into one inspection; the lead unit is the
    inspected unit unless given.
    """

    class Meta:
        model = Ticket
        skip_postgeneration_save = True

    class Params:
        in_progress = factory.Trait(status=Status.IN_PROGRESS)
        claimed = factory.Trait(status=Status.CLAIMED)
        submitted = factory.Trait(status=Status.SUBMITTED)
        returned = factory.Trait(status=Status.RETURNED)
        closed = factory.Trait(status=Status.CLOSED, closed_on=date(2026, 11, 1))
        blocked = factory.Trait(
            is_blocked=True,
            blocked_reason="待市财政落实资金",
            request=factory.RelatedFactory(
                "tests.factories.CoordinationFactory", factory_related_name="ticket"
            ),
        )
        claimed_done = factory.Trait(claim=Claim.DONE, claim_quote="台账已补齐。")

    @factory.post_generation
    def sheet(self, create, given, **kwargs):
        """A submitted ticket has its sign-off sheet, made by whoever imported it."""
        if create and self.status == Status.SUBMITTED:
            SignOff.objects.create(
                ticket=self,
                ticket_version=self.version,
                cycle=self.cycles.get(),
                number=1,
                submitter=self.bulletin.imported_by,
                responsible=self.person,
                result="台账已补齐。",
            )

    inspection = factory.SubFactory(InspectionFactory)
    bulletin = factory.SubFactory(BulletinFactory, inspection=factory.SelfAttribute("..inspection"))
    serial = factory.LazyAttribute(lambda t: t.inspection.take_serials(1)[0])
    number = factory.LazyAttribute(lambda t: f"{t.inspection.code}-{t.serial:03d}")
    printed_number = factory.LazyAttribute(lambda t: str(t.serial))
    order = factory.SelfAttribute("serial")
    title = "台账不健全"
    problem = "关于台账不健全的问题"
    source_start = 0
    source_end = 30
    lead_unit = factory.SelfAttribute("inspection.unit")
    due_on = date(2026, 12, 1)
    original_due_on = factory.SelfAttribute("due_on")
    closed_on = None

    @factory.lazy_attribute
    def review_role(self):
        return Role.OFFICE if self.status == Status.SUBMITTED else ""

    @factory.lazy_attribute
    def submitted_on(self):
        """Some days ago; a closed one was closed on the day on which it was submitted."""
        return {Status.SUBMITTED: date(2026, 11, 20), Status.CLOSED: self.closed_on}.get(
            self.status
        )

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        """Leave the closing to the end: nothing is added to a closed ticket."""
        closing = {}
        if kwargs.get("status") == Status.CLOSED:
            for name in ("closed_on", "submitted_on", "long_term_on"):
                closing[name] = kwargs.pop(name, None)
            kwargs["status"] = Status.IN_PROGRESS
        ticket = super()._create(model_class, *args, **kwargs)
        ticket._closing = closing
        return ticket

    @factory.post_generation
    def proved(self, create, extracted, **kwargs):
        if create and extracted is not False:
            EvidenceFactory(ticket=self, by=self.bulletin.imported_by, is_key=True)

    @factory.post_generation
    def measures(self, create, extracted, **kwargs):
        """Facts of each of its measures: a closed ticket cannot be given one afterwards."""
        for order, facts in enumerate(extracted or [], start=1):
            MeasureFactory(ticket=self, **{"order": order, **facts})

    @classmethod
    def _after_postgeneration(cls, instance, create, results=None):
        if create and instance._closing:
            close(instance, **instance._closing)


class CoordinationFactory(DjangoModelFactory[Coordination]):
    """What `blocked=True` leaves beside the ticket; acts go through `Ticket.block`."""

    class Meta:
        model = Coordination

    ticket_version = 1
    reason = "待市财政落实资金"
    needs_text = "市财政局"
    since_on = date(2026, 11, 2)
    by = factory.SubFactory(PersonFactory)


class MeasureFactory(DjangoModelFactory[Measure]):
    class Meta:
        model = Measure

    ticket = factory.SubFactory(TicketFactory)
    order = factory.Sequence(lambda n: n + 1)
    number = "一"
    text = "健全台账，逐项登记。"


class MilestoneFactory(DjangoModelFactory[Milestone]):
    class Meta:
        model = Milestone

    measure = factory.SubFactory(MeasureFactory)
    title = "完成台账补录"
    due_on = date(2026, 11, 20)


class PlanFactory(DjangoModelFactory[Plan]):
    """A plan that is being drafted; ask for any other state by name."""

    class Meta:
        model = Plan

    class Params:
        submitted = factory.Trait(
            status=PlanStatus.SUBMITTED, submitted_by=factory.SubFactory(PersonFactory)
        )
        approved = factory.Trait(
            status=PlanStatus.APPROVED,
            submitted_by=factory.SubFactory(PersonFactory),
            decided_by=factory.SubFactory(PersonFactory),
            approved_on=date(2026, 9, 25),
        )

    inspection = factory.SubFactory(InspectionFactory)


class SelfCheckFactory(DjangoModelFactory[SelfCheck]):
    """A problem sent to a unit that has not answered yet."""

    class Meta:
        model = SelfCheck

    ticket = factory.SubFactory(TicketFactory)
    unit = factory.SubFactory(UnitFactory)
    words = "请对照自查台账是否健全。"
    due_on = date(2026, 12, 5)
    sent_by = factory.SubFactory(PersonFactory)


class IndicatorFactory(DjangoModelFactory[Indicator]):
    class Meta:
        model = Indicator

    ticket = factory.SubFactory(TicketFactory)
    label = "隐患除险"
    unit = "处"
    total = 20
    done = 8


class EvidenceFactory(DjangoModelFactory[Evidence]):
    """A row without its file; `ticket.attach` makes both."""

    class Meta:
        model = Evidence

    ticket = factory.SubFactory(TicketFactory, proved=False)
    by = factory.SubFactory(PersonFactory)
    name = factory.Sequence(lambda n: f"验收单{n + 1}.pdf")
    kind = FileKind.PDF
    size = 1024
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    path = factory.Sequence(lambda n: f"00/{n:032x}")
