"""Who is told of requests for more time and of hand-overs, and where they wait for whom."""

from datetime import date

import pytest

from tests.conftest import acts_for
from tests.factories import SelfCheckFactory
from tracker.choices import NoticeKind, Role, Ruling
from tracker.models import Extension, Handover, Notice, Substitution
from tracker.models.in_hand import open_duties

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def told(kind) -> list[tuple[str, str]]:
    notices = Notice.objects.filter(kind=kind).select_related("person").order_by("pk")
    return [(notice.person.name, notice.text) for notice in notices]


def answers(client) -> dict[str, int]:
    return {answer.label: answer.count for answer in client.get("/").context["bench"].answers}


@pytest.fixture(autouse=True)
def reported(ticket, clerk):
    """Who reports on the ticket may ask for more time."""
    ticket.reporter = clerk
    ticket.save()


@pytest.fixture
def asked(ticket, clerk, head, supervisor):
    return Extension.ask(
        ticket,
        by=clerk,
        due_on=date(2026, 12, 20),
        reason="冻雨停工。",
        ground="预警",
        progress="过半。",
        version=1,
    )


class TestExtension:
    def test_who_decides_first_is_told_that_it_was_asked(self, asked, sign_in, head):
        ((name, words),) = told(NoticeKind.EXTENSION)

        assert name == "莫科"
        assert "冻雨停工" in words
        assert Notice.objects.get().link == f"/extensions/{asked.pk}/"

    def test_then_the_next_and_at_the_end_those_who_answer(self, asked, head, supervisor):
        Notice.objects.all().delete()
        decided = {"ground": "预警", "opinion": "", "due_on": date(2026, 12, 10)}
        asked.decide(by=head, ruling=Ruling.AGREE, version=asked.ticket.version, **decided)
        assert [name for name, _ in told(NoticeKind.EXTENSION)] == ["邓佳"]

        Notice.objects.all().delete()
        asked.decide(by=supervisor, ruling=Ruling.AGREE, version=asked.ticket.version, **decided)

        assert {name for name, _ in told(NoticeKind.EXTENSION)} == {"梁文", "莫科"}

    def test_it_is_a_line_of_the_workbench_equal_to_the_list(
        self, sign_in, asked, head, supervisor
    ):
        assert answers(sign_in(supervisor)) == {}
        client = sign_in(head)

        assert answers(client) == {"延期申请待审批": 1}
        assert client.get("/extensions/?show=waiting").context["page"].paginator.count == 1

    def test_a_substitute_is_told_and_has_the_line(self, sign_in, ticket, clerk, head, viewer):
        day = date(2026, 11, 22)
        Substitution.objects.appoint(
            viewer, principal=head, from_on=day, to_on=day, reason="出差", by=head
        )
        Extension.ask(
            ticket,
            by=clerk,
            due_on=date(2026, 12, 20),
            reason="冻雨停工。",
            ground="预警",
            progress="过半。",
            version=1,
        )

        assert {name for name, _ in told(NoticeKind.EXTENSION)} == {"莫科", "陈栋"}
        assert answers(sign_in(viewer)) == {"延期申请待审批": 1}


class TestHandover:
    def test_each_step_is_told_to_the_others(self, sign_in, ticket, clerk, department):
        other = acts_for(department, Role.STAFF, name="莫志")
        made = Handover.objects.start(
            open_duties(clerk, clerk), giver=clerk, receiver=other, reason="岗位调整", by=clerk
        )

        assert told(NoticeKind.HANDOVER) == [
            ("莫志", "梁文的1项在办事项移交莫志，待确认：岗位调整")
        ]
        assert answers(sign_in(other)) == {"责任交接待确认": 1}
        made.confirm_taking(by=other)

        assert told(NoticeKind.HANDOVER)[-1] == (
            "梁文",
            "梁文移交莫志：双方已确认，移交1项。",
        )
        assert answers(sign_in(other)) == {}


def test_a_self_check_is_a_line_for_the_unit_that_owes_the_answer(
    sign_in, clerk, viewer, other_department, department
):
    SelfCheckFactory(unit=department)
    SelfCheckFactory(unit=other_department)

    assert answers(sign_in(clerk)) == {"举一反三自查待答复": 1}
    assert len(sign_in(clerk).get("/self-checks/").context["waiting"]) == 1
    assert answers(sign_in(viewer)) == {}
