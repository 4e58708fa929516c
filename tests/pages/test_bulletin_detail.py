"""The page of a whole bulletin, and the file as it was received."""

import pytest

from tests.conftest import acts_for
from tests.factories import BulletinFactory, SourceFileFactory, TicketFactory
from tracker.choices import Role

pytestmark = pytest.mark.django_db

TEXT = """关于巡察整改进展情况的通报

（一）工程管理方面
1. 关于台账不健全的问题。
<script>alert(1)</script>台账已补齐。
"""


@pytest.fixture
def bulletin(inspection, operator):
    source = SourceFileFactory(name="通报.txt", content=TEXT.encode("gb18030"), size=99)
    return BulletinFactory(
        inspection=inspection,
        source=source,
        imported_by=operator,
        text=TEXT,
        read={
            "headings": [{"span": [TEXT.index("（一）"), TEXT.index("\n1.")]}],
            "remarks": [
                {
                    "message": "没有写明整改时限。",
                    "span": [TEXT.index("1."), 30],
                    "severity": "hint",
                },
                {"message": "文中没有落款日期。", "span": None, "severity": "must"},
            ],
        },
    )


@pytest.fixture
def listed(bulletin, department):
    return TicketFactory(
        inspection=bulletin.inspection,
        bulletin=bulletin,
        lead_unit=department,
        source_start=TEXT.index("1."),
        source_end=len(TEXT),
        claimed_done=True,
        claim_quote="台账已补齐。",
    )


class TestWithheld:
    """限定知悉: who may not know of one problem reads the others, and gets no file."""

    @pytest.fixture
    def restricted(self, bulletin, listed, department):
        at = TEXT.index("<script>")
        return TicketFactory(
            inspection=bulletin.inspection,
            bulletin=bulletin,
            lead_unit=department,
            title="另一个问题",
            is_restricted=True,
            source_start=at,
            source_end=len(TEXT),
        )

    @pytest.fixture
    def listed(self, bulletin, department):
        end = TEXT.index("\n<script>")
        start = TEXT.index("1.")
        return TicketFactory(
            inspection=bulletin.inspection,
            bulletin=bulletin,
            lead_unit=department,
            source_start=start,
            source_end=end,
        )

    def test_the_reader_sees_the_rest(self, sign_in, viewer, bulletin, restricted):
        client = sign_in(viewer)
        page = client.get(f"/bulletins/{bulletin.pk}/").content.decode()

        assert "台账不健全" in page
        assert "（一）工程管理方面" in page
        assert "台账已补齐" not in page
        assert "您不在知悉范围内" in page
        assert "没有落款日期" not in page
        assert f"/bulletins/{bulletin.pk}/file/" not in page
        assert client.get(f"/bulletins/{bulletin.pk}/file/").status_code == 404

    def test_whoever_knows_reads_all(self, sign_in, clerk, supervisor, bulletin, restricted):
        client = sign_in(supervisor)

        page = client.get(f"/bulletins/{bulletin.pk}/").content.decode()
        assert "台账已补齐" in page
        assert "您不在知悉范围内" not in page
        assert client.get(f"/bulletins/{bulletin.pk}/file/").status_code == 200


class TestBulletinPage:
    def test_it_shows_every_line_with_its_number_and_escapes_it(
        self, sign_in, supervisor, bulletin, listed
    ):
        page = sign_in(supervisor).get(f"/bulletins/{bulletin.pk}/").content.decode()

        assert '<span class="no" aria-hidden="true">5</span>' in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;<mark>台账已补齐。</mark>" in page
        assert '<div class="gt-text-line is-heading" id="l3">' in page

    def test_each_problem_has_a_place_and_a_way_to_its_ticket(
        self, sign_in, supervisor, bulletin, listed
    ):
        page = sign_in(supervisor).get(f"/bulletins/{bulletin.pk}/").content.decode()

        assert f'id="p{listed.pk}" href="/tickets/{listed.pk}/"' in page
        assert f'<a href="#p{listed.pk}">' in page
        assert '<mark class="k">台账不健全</mark>' in page

    def test_it_tells_where_the_bulletin_comes_from(self, sign_in, supervisor, bulletin):
        page = sign_in(supervisor).get(f"/bulletins/{bulletin.pk}/").content.decode()

        for words in (bulletin.source.sha256, "通报.txt", "何敏", "2026年11月2日"):
            assert words in page

    def test_its_remarks_lead_to_their_lines(self, sign_in, supervisor, bulletin):
        page = sign_in(supervisor).get(f"/bulletins/{bulletin.pk}/").content.decode()

        assert '<a href="#l4">第4行</a>　没有写明整改时限。' in page
        assert "<li>文中没有落款日期。</li>" in page

    @pytest.mark.parametrize("count", [1, 30])
    def test_its_queries_do_not_grow_with_its_problems(
        self, sign_in, supervisor, bulletin, django_assert_num_queries, count
    ):
        TicketFactory.create_batch(count, inspection=bulletin.inspection, bulletin=bulletin)
        client = sign_in(supervisor)
        client.get(f"/bulletins/{bulletin.pk}/")

        # session, person, duties; notices; bulletin; holidays, rounds, bands; tickets
        with django_assert_num_queries(10):
            client.get(f"/bulletins/{bulletin.pk}/")


class TestFile:
    def test_it_comes_as_received_and_as_a_download(self, sign_in, supervisor, bulletin):
        response = sign_in(supervisor).get(f"/bulletins/{bulletin.pk}/file/")

        assert b"".join(response.streaming_content) == TEXT.encode("gb18030")
        assert response["Content-Type"] == "application/octet-stream"
        assert response["Content-Disposition"].startswith("attachment;")
        assert "%E9%80%9A%E6%8A%A5.txt" in response["Content-Disposition"]
        assert response["X-Content-Type-Options"] == "nosniff"


class TestAccess:
    @pytest.mark.parametrize("path", ["", "file/"])
    def test_only_those_who_act_for_the_inspected_unit_get_it(
        self, sign_in, bulletin, listed, clerk, neighbour, viewer, path
    ):
        """The clerk of a department sees the paragraph of a ticket, not everybody's problems."""
        url = f"/bulletins/{bulletin.pk}/{path}"

        assert sign_in(viewer).get(url).status_code == 200
        assert sign_in(clerk).get(url).status_code == 404
        assert sign_in(neighbour).get(url).status_code == 404

    @pytest.mark.parametrize("path", ["", "file/"])
    def test_it_takes_no_post(self, sign_in, supervisor, bulletin, path):
        assert sign_in(supervisor).post(f"/bulletins/{bulletin.pk}/{path}").status_code == 405

    def test_staff_of_the_whole_bureau_see_it(self, sign_in, bureau, bulletin):
        response = sign_in(acts_for(bureau, Role.STAFF)).get(f"/bulletins/{bulletin.pk}/")

        assert response.status_code == 200
