"""Every version of a record tells who changed it, why, and in which request."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import files
from tests.conftest import CHECKED, TODAY
from tests.factories import MeasureFactory
from tracker.choices import DueBasis
from tracker.evidence.receiving import incoming
from tracker.models import Evidence, Measure, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def newest(model=Ticket):
    version = model.history.latest()
    return (version.history_user, version.history_change_reason)


def test_a_move_says_its_name_and_the_words_left(ticket, clerk, supervisor):
    ticket.report(by=clerk, text="已补登。", version=1)
    assert newest() == (clerk, "填报进展")
    ticket.move("submit", by=clerk, note="台账已补齐。", version=2)
    assert newest() == (clerk, "提交销号：台账已补齐。")
    ticket.move("return", by=supervisor, note="缺现场照片。", version=3)
    assert newest() == (supervisor, "退回：缺现场照片。")


def test_so_do_what_hangs_on_the_ticket(ticket, clerk):
    measure = MeasureFactory(ticket=ticket)
    ticket.report(by=clerk, text="已补登。", version=1, measures_done=[measure])
    assert newest(Measure) == (clerk, "填报进展")

    with incoming([SimpleUploadedFile("现场.png", files.png())]) as uploads:
        (file,) = ticket.attach(uploads, by=clerk)
    assert newest(Evidence) == (clerk, "上传佐证")
    ticket.withdraw(file, by=clerk, why="传错了。")
    assert newest(Evidence) == newest() == (clerk, "传错了。")


def test_acts_of_supervision_and_corrections_too(ticket, clerk, supervisor, operator):
    ticket.block(by=clerk, reason="待批复", needs_text="市编办", since_on=TODAY, version=1)
    assert newest() == (clerk, "标记受阻：待批复")
    ticket.unblock(by=clerk, outcome="已批复。", version=2)
    assert newest() == (clerk, "解除受阻：已批复。")
    ticket.restrict(by=supervisor, reason="涉及在查线索。", version=3)
    assert newest() == (supervisor, "涉及在查线索。")
    ticket.amend({"title": "台账不全"}, by=operator, why="通报更正", version=4)
    assert newest() == (operator, "通报更正")


def test_the_request_is_named_and_one_that_failed_leaves_no_cause(sign_in, ticket, clerk):
    client = sign_in(clerk)
    refused = client.post(
        f"/tickets/{ticket.pk}/move/submit/", {"note": "试", "version": 1} | CHECKED
    )
    assert refused.status_code == 200

    response = client.post(
        f"/tickets/{ticket.pk}/block/",
        {"reason": "待批复", "needs_text": "市编办", "since_on": "2026-11-16", "version": 1},
    )

    version = Ticket.history.latest()
    assert version.request_id == response["X-Request-ID"]
    assert version.history_change_reason == "标记受阻：待批复"


class TestFieldDiffs:
    @pytest.fixture
    def amended(self, ticket, clerk, supervisor, operator):
        MeasureFactory(ticket=ticket, number="二")
        changes = {"title": "台账不全", "leader": supervisor, "due_on": date(2026, 12, 31)}
        ticket.amend(changes, by=operator, why="通报更正", version=1)
        measure = Measure.objects.get()
        ticket.report(by=clerk, text="已补登。", version=2, measures_done=[measure])
        return ticket

    def test_the_page_says_what_differs_by_whom_and_why(self, sign_in, amended, clerk):
        shown = sign_in(clerk).get(f"/tickets/{amended.pk}/versions/").context["versions"]

        by_record = {v.of: v for v in shown}
        assert {(v.of, v.by, v.why) for v in shown} == {
            ("措施二", "梁文", "填报进展"),
            ("", "何敏", "通报更正"),
        }
        assert {d.field: (d.old, d.new) for d in by_record[""].diffs} == {
            "问题": ("台账不健全", "台账不全"),
            "责任领导": ("", "邓佳"),
            "整改时限": ("2026-12-01", "2026-12-31"),
            "时限来源": (DueBasis.DERIVED.label, DueBasis.DECIDED.label),
        }

    def test_it_is_a_link_on_the_ticket_and_comes_as_a_part_if_asked(self, sign_in, amended, clerk):
        client, address = sign_in(clerk), f"/tickets/{amended.pk}/versions/"

        assert f'hx-get="{address}"' in client.get(f"/tickets/{amended.pk}/").content.decode()
        part = client.get(address, headers={"HX-Request": "true"}).content.decode()

        assert "<html" not in part
        assert "改为 台账不全" in part
        # The newest first, in one column; `gt-versions` lays two versions beside each other.
        assert '<ol class="gt-list">' in part
        assert "gt-versions" not in part

    @pytest.mark.parametrize("count", [1, 12])
    def test_its_queries_do_not_grow(
        self, sign_in, amended, clerk, operator, django_assert_num_queries, count
    ):
        for n in range(count):
            amended.amend({"title": f"台账不全{n}"}, by=operator, why="试", version=amended.version)
        client = sign_in(clerk)

        with django_assert_num_queries(13):
            client.get(f"/tickets/{amended.pk}/versions/")
