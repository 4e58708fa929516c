"""问题清单: what it shows, to whom, and at what cost."""

import re
from datetime import date

import pytest

from tests.factories import CategoryFactory, InspectionFactory, TicketFactory

pytestmark = pytest.mark.django_db


def rows(response) -> list[str]:
    """The titles in the table, from the top down."""
    page = re.sub("</?mark>", "", response.content.decode())
    return re.findall(r'<a class="t" href="/tickets/\d+/">(.*?)</a>', page)


class TestTicketList:
    def test_it_asks_for_a_login_first(self, client):
        response = client.get("/tickets/")

        assert response.status_code == 302
        assert response.url == "/login/?next=/tickets/"

    def test_it_shows_the_reader_their_own_tickets_only(
        self, sign_in, clerk, inspection, department, other_department
    ):
        TicketFactory(inspection=inspection, lead_unit=department, title="台账不健全")
        TicketFactory(inspection=inspection, lead_unit=other_department, title="报销不规范")

        response = sign_in(clerk).get("/tickets/")

        assert rows(response) == ["台账不健全"]
        assert "报销不规范" not in response.content.decode()
        assert "财务科" not in response.content.decode()

    def test_it_says_where_tickets_come_from_when_there_are_none(self, sign_in, clerk, operator):
        assert "通报由导入员导入" in sign_in(clerk).get("/tickets/").content.decode()
        assert (
            "/admin/tracker/bulletin/import/" in sign_in(operator).get("/tickets/").content.decode()
        )

    def test_a_row_shows_the_facts_of_its_ticket(
        self, sign_in, supervisor, inspection, department, clerk, today
    ):
        aspect = CategoryFactory(inspection=inspection, heading="（一）工程管理方面")
        group = CategoryFactory(inspection=inspection, parent=aspect, heading="1.档案管理")
        ticket = TicketFactory(
            inspection=inspection,
            lead_unit=department,
            category=group,
            in_progress=True,
            leader_text="邓副局长",
            person=clerk,
            original_due_on=date(2026, 10, 30),
            due_on=date(2026, 11, 25),
            blocked=True,
        )
        ticket.report(by=clerk, text="已补登八处。", percent=40, version=1)

        page = sign_in(supervisor).get("/tickets/").content.decode()

        for words in (
            "（一）工程管理方面 / 1.档案管理",
            "曾超期",
            "受阻：待市财政落实资金",
            "邓副局长",
            "梁文",
            "剩3个工作日",
            "11月25日 <del>10月30日</del> 推定",
            "已补登八处。",
            "40%",
            "整改中",
        ):
            assert words in page

    @pytest.mark.parametrize(
        ("sort", "titles"),
        [
            ("", ["晚", "近", "远", "未"]),
            ("light", ["晚", "近", "远", "未"]),
            ("-light", ["远", "未", "近", "晚"]),
            ("due", ["晚", "近", "远", "未"]),
            ("-due", ["远", "近", "晚", "未"]),
            ("number", ["远", "晚", "未", "近"]),
            ("-number", ["近", "未", "晚", "远"]),
        ],
    )
    def test_its_columns_sort_with_empty_deadlines_last(
        self, sign_in, supervisor, inspection, today, sort, titles
    ):
        for title, due_on in (
            ("远", date(2027, 1, 8)),
            ("晚", date(2026, 11, 2)),
            ("未", None),
            ("近", date(2026, 11, 24)),
        ):
            TicketFactory(inspection=inspection, title=title, due_on=due_on, in_progress=True)

        assert rows(sign_in(supervisor).get("/tickets/", {"sort": sort})) == titles

    def test_its_light_links_count_what_the_other_filters_leave(
        self, sign_in, supervisor, inspection, today
    ):
        TicketFactory(inspection=inspection, due_on=date(2026, 11, 2), title="晚一")
        TicketFactory(inspection=inspection, due_on=date(2026, 11, 2), title="晚二")
        TicketFactory(
            inspection=inspection, due_on=date(2027, 1, 8), title="远一", in_progress=True
        )

        response = sign_in(supervisor).get("/tickets/", {"light": "late", "q": "一"})

        assert rows(response) == ["晚一"]
        counts = {item.light: item.count for item in response.context["lights"]}
        assert {light: n for light, n in counts.items() if n} == {"late": 1, "ok": 1}
        assert response.context["count_of_all_lights"] == 2

    def test_each_condition_in_force_can_be_dropped_by_itself(
        self, sign_in, supervisor, inspection, department
    ):
        TicketFactory(inspection=inspection, lead_unit=department)

        response = sign_in(supervisor).get(
            "/tickets/",
            {"q": "台账", "unit": department.pk, "status": ["unclaimed", "closed"], "page": "1"},
        )

        assert [(one.label, one.words, one.query) for one in response.context["active"]] == [
            ("关键词", "台账", f"unit={department.pk}&status=unclaimed&status=closed"),
            ("牵头单位", "工程科", "q=%E5%8F%B0%E8%B4%A6&status=unclaimed&status=closed"),
            ("状态", "待认领", f"q=%E5%8F%B0%E8%B4%A6&unit={department.pk}&status=closed"),
            ("状态", "已销号", f"q=%E5%8F%B0%E8%B4%A6&unit={department.pk}&status=unclaimed"),
        ]

    def test_htmx_gets_the_results_alone_and_a_tidy_address(self, sign_in, supervisor, ticket):
        client = sign_in(supervisor)

        part = client.get("/tickets/?q=台账&unit=&person=", headers={"HX-Request": "true"})

        assert "<html" not in part.content.decode()
        assert rows(part) == ["台账不健全"]
        assert part["HX-Push-Url"] == "/tickets/?q=%E5%8F%B0%E8%B4%A6"
        assert "HX-Request" in part["Vary"]
        restored = client.get(
            "/tickets/",
            headers={"HX-Request": "true", "HX-History-Restore-Request": "true"},
        )
        assert "<html" in restored.content.decode()

    def test_the_headings_follow_the_inspection(
        self, sign_in, supervisor, inspection, bureau, ticket
    ):
        heading = CategoryFactory(inspection=inspection, heading="工程方面")
        TicketFactory(inspection=inspection, category=heading)
        client = sign_in(supervisor)
        assert "先选巡视巡察" not in client.get("/tickets/").content.decode()
        other = InspectionFactory(unit=bureau, inspecting_body="省委第一巡视组")
        TicketFactory(inspection=other, lead_unit=bureau)

        page = client.get("/tickets/").content.decode()
        assert "（先选巡视巡察）" in page
        assert ">工程方面</option>" not in page
        part = client.get(f"/tickets/?inspection={inspection.pk}", headers={"HX-Request": "true"})
        field = part.content.decode().partition('<div id="heading-field" hx-swap-oob="true">')[2]
        assert "（先选巡视巡察）" not in field
        assert f'<option value="{heading.pk}">工程方面</option>' in field

    @pytest.mark.parametrize("key", ["99999999999999999999", "²", "-1", "%00"])
    def test_a_key_that_can_be_none_finds_nothing(self, sign_in, supervisor, ticket, key):
        for name in ("inspection", "unit", "category"):
            response = sign_in(supervisor).get(f"/tickets/?{name}={key}")

            assert response.status_code == 200
            assert "网址里有用不了的条件" in response.content.decode()
            assert rows(response) == []

    def test_it_has_fifty_on_a_page(self, sign_in, supervisor, inspection):
        TicketFactory.create_batch(51, inspection=inspection)
        client = sign_in(supervisor)

        assert len(rows(client.get("/tickets/"))) == 50
        assert len(rows(client.get("/tickets/?page=2"))) == 1
