"""The auditor's page."""

import pytest

from tracker import audit
from tracker.choices import AuditKind, AuditResult
from tracker.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_auditor(client, auditor):
    client.force_login(auditor)
    return client


def write(count: int, kind=AuditKind.VIEW, **facts) -> None:
    for number in range(count):
        audit.record(None, kind, f"事项{number}", **facts)


def test_the_newest_events_stand_first_and_older_ones_follow(as_auditor):
    write(60)

    first = as_auditor.get("/audit/").content.decode()
    oldest = AuditEvent.objects.all()[49].seq
    second = as_auditor.get(f"/audit/?below={oldest}").content.decode()

    assert "事项59" in first
    assert f"below={oldest}" in first
    assert "事项59" not in second
    assert "事项0" in second


@pytest.mark.parametrize("rows", [1, 45])
def test_its_queries_do_not_grow_with_the_list(as_auditor, django_assert_num_queries, rows):
    write(rows)
    as_auditor.get("/audit/")

    with django_assert_num_queries(5):  # session, person, events, seal, archive
        response = as_auditor.get("/audit/")

    assert response.content.decode().count("事项") >= rows


def test_the_filters_narrow(as_auditor, clerk):
    write(2)
    audit.record(clerk, AuditKind.EXPORT, "台账", result=AuditResult.FAILED, reason="磁盘满")

    for query in ("kind=export", "result=failed", "q=磁盘满", "q=梁文&kind=export"):
        page = as_auditor.get(f"/audit/?{query}").content.decode()
        assert "台账" in page, query
        assert "事项1" not in page, query
    assert "没有符合条件的记录" in as_auditor.get("/audit/?until=2001-01-01").content.decode()
    assert as_auditor.get("/audit/?since=nonsense&kind=no").status_code == 200


class TestExport:
    def rows(self, client, query=""):
        response = client.get(f"/audit/export/{query}")
        return b"".join(response.streaming_content).decode()

    def test_it_holds_what_the_filter_shows_and_is_an_event_itself(self, as_auditor, auditor):
        write(3)

        text = self.rows(as_auditor, "?kind=view")

        assert text.startswith("\ufeff序号,时间,类型")
        assert len(text.splitlines()) == 4
        event = AuditEvent.objects.first()
        assert (event.kind, event.actor_name, event.object_name) == (
            AuditKind.EXPORT,
            auditor.name,
            "审计记录",
        )

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
    def test_no_cell_is_a_formula(self, as_auditor, start):
        audit.record(None, AuditKind.VIEW, f"{start}cmd|' /C calc'!A0")

        assert f"'{start}cmd" in self.rows(as_auditor)

    def test_no_value_starts_a_line_of_its_own(self, as_auditor):
        audit.record(None, AuditKind.VIEW, "甲", reason="一\r\n99,2026-01-01,登录\u2028乙")

        text = self.rows(as_auditor, "?kind=view")

        assert len(text.splitlines()) == 2


def test_a_check_says_what_it_found(as_auditor):
    write(3)

    page = as_auditor.post("/audit/check/", follow=True).content.decode()

    assert "审计链完整" in page
    assert AuditEvent.objects.first().object_name == "校验审计链"
