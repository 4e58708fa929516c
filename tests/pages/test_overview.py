"""总览: numbers that are links, and every link holds just that number."""

import re

import pytest

from tests.conftest import TODAY
from tests.factories import CategoryFactory, InspectionFactory, TicketFactory, UnitFactory
from tracker.filtersets import TicketFilterSet
from tracker.models import Round, Ticket

pytestmark = pytest.mark.django_db


def part(page: str, start: str, end: str) -> str:
    return page.partition(start)[2].partition(end)[0]


def counted_links(page: str):
    """Each link to the list whose text has a number that stands for its tickets.

    A number that no list holds is a link without an address.
    """
    for address, text in re.findall(
        r'<a[^>]*? (?:href="(/tickets/\?[^"]*)"|role="link" aria-disabled="true")[^>]*>(.*?)</a>',
        page,
        re.S,
    ):
        marked = re.search(r'class="v[^"]*">([\d.]+)<', text) or re.search(
            r"<b[^>]*>(\d+)</b>", text
        )
        bare = re.fullmatch(r"\s*(\d+)\s*", re.sub("<[^>]+>", "", text))
        if "<small>%" in text:
            marked = re.search(r'class="h">(\d+)／', text)
        if found := marked or bare:
            yield address, int(found[1])


def listed(rf, person, address: str) -> int:
    """How many tickets the list of an address holds, without drawing it a hundred times."""
    request = rf.get(address.replace("&amp;", "&"))
    request.user = person
    tickets = Ticket.objects.visible_to(person).for_list(TODAY).with_was_late(TODAY)
    return TicketFilterSet(request.GET, queryset=tickets, request=request).qs.count()


def rows_of(client, address: str) -> int:
    return client.get(address.replace("&amp;", "&")).context["page"].paginator.count


class TestNumbersAreLinks:
    @pytest.mark.parametrize("who", ["clerk", "supervisor", "viewer"])
    @pytest.mark.parametrize("picks", [False, True])
    def test_it_has_the_key_figures(self, sign_in, board, request, who, picks):
        client = sign_in(request.getfixturevalue(who))
        page = client.get(f"/overview/?inspection={board.pk}" if picks else "/overview/")
        strip = part(page.content.decode(), '<nav class="gt-kpis"', "</nav>")
        labels = re.findall(r'<div class="k">(?:<svg.*?</svg>)?([^<]+)</div>', strip, re.S)

        assert labels == [
            "问题总数",
            "在办",
            "已销号",
            "完成率",
            "超期",
            "临期",
            "受阻",
            "待审核",
        ]

    @pytest.mark.parametrize(
        ("query", "least"),
        [
            ("", 100),
            ("?unit={unit}&since=2026-10-01&basis=schedule", 100),
            ("?light=late", 80),
            ("?light=late&light=warn&status=in_progress&status=submitted", 80),
            ("?status=closed&closed_before=2026-11-20&fed_after=2026-01-01", 80),
            ("?outcome=undone", 80),
        ],
    )
    def test_every_figure_opens_exactly_its_tickets(
        self, sign_in, rf, supervisor, department, board, bureau, clerk, query, least
    ):
        """Whatever number of the page is a link to the list, the list holds so many."""
        Round.objects.update(ranks_units=True)
        other = InspectionFactory(unit=UnitFactory(name="二所", parent=bureau))
        heading = CategoryFactory(inspection=other, heading="3.工程管理的问题")
        TicketFactory(inspection=other, category=heading, lead_unit=department)
        TicketFactory(
            inspection=board,
            origin="similar",
            bulletin=None,
            parent=board.tickets.first(),
            found_by=clerk,
            proved=False,
        )
        client = sign_in(supervisor)
        page = client.get("/overview/" + query.format(unit=department.pk)).content.decode()

        figures = list(counted_links(page.partition("<main")[2]))
        linked = [(address, number) for address, number in figures if address]

        parts = ("changed=", "outcome=", "alike=", "closed_before=", "act=", "fed_after=")
        assert len(linked) > least
        for name in parts if least == 100 else ():
            assert any(name in address for address, _ in figures), name
        for address, number in {*linked}:
            assert (address, listed(rf, supervisor, address)) == (address, number)
        address, number = linked[0]
        assert rows_of(client, address) == number
        # Of lights and statuses other than those of the page there is nothing to open.
        if "outcome" not in query:
            assert {number for address, number in figures if not address} <= {0}

    @pytest.mark.parametrize(
        ("path", "least"),
        [
            ("/matrix/", 40),
            ("/matrix/?by=aspect&inspection={board}", 6),
            ("/matrix/?by=problem", 3),
            ("/sheets/?by=unit", 18),
            ("/sheets/?by=leader", 5),
            ("/sheets/?by=person", 5),
            ("/kanban/", 5),
            ("/matrix/?light=late", 8),
            ("/matrix/?by=aspect&inspection={board}&category={heading}", 1),
            ("/sheets/?by=unit&light=warn&light=late", 3),
            ("/sheets/?by=unit&unit={unit}&outcome=done&status=closed", 1),
            ("/kanban/?status=submitted&light=late&light=warn", 1),
        ],
    )
    def test_so_does_every_number_of_the_views(
        self, sign_in, rf, supervisor, department, board, clerk, path, least
    ):
        TicketFactory(inspection=board, lead_unit=department, title="没有方面")
        aspect = board.categories.get()
        heading = CategoryFactory(inspection=board, parent=aspect, heading="1.档案管理")
        TicketFactory(inspection=board, lead_unit=department, category=heading)
        address = path.format(board=board.pk, heading=heading.pk, unit=department.pk)
        page = sign_in(supervisor).get(address).content.decode()

        figures = {(a, n) for a, n in counted_links(page.partition("<main")[2]) if a}

        assert len(figures) >= least
        assert {(a, listed(rf, supervisor, a)) for a, _ in figures} == figures

    def test_a_unit_above_others_counts_only_its_own(self, sign_in, supervisor, board):
        page = sign_in(supervisor).get("/overview/").content.decode()

        assert 'aria-label="市水务局，共1项"' in page
        assert 'aria-label="工程科，共8项"' in page

    def test_the_legend_says_all_lights(self, sign_in, supervisor, board):
        legend = part(
            sign_in(supervisor).get("/overview/").content.decode(), 'class="gt-lbar"', "</ul>"
        )

        assert "亮灯分布：超期2，临期3，受阻2，久未更新0，正常4，未开始3，已销号2" in legend


class TestWhatItShows:
    def test_the_rates_come_with_their_basis(self, sign_in, supervisor, board):
        page = sign_in(supervisor).get(f"/overview/?inspection={board.pk}").content.decode()

        assert '<div class="h">2／16</div>' in page
        assert "口径：完成率＝完成÷问题总数" in page
        assert "时间进度90.1%" in page

    def test_the_pressing_come_by_light_and_deadline(self, sign_in, supervisor, board):
        page = sign_in(supervisor).get("/overview/").content.decode()
        table = part(page, 'class="gt-urge"', "</table>")

        lights = re.findall(r'<span class="gt-lt gt-lt-(\w+)">', table)
        assert lights == ["red"] * 2 + ["amber"] * 3 + ["violet"] * 2
        assert "超期6个工作日" in table
        assert "待市财政落实资金" in table

    def test_only_a_reviewer_gets_the_card_of_reviews(self, sign_in, supervisor, viewer, board):
        assert "待我审核" in sign_in(supervisor).get("/overview/").content.decode()
        assert "待我审核" not in sign_in(viewer).get("/overview/").content.decode()

    def test_the_chart_has_its_numbers_as_a_table(self, sign_in, supervisor, board):
        page = sign_in(supervisor).get("/overview/").content.decode()

        assert 'aria-label="累计反馈16项，累计销号2项，按原时限本周应销号6项"' in page
        table = part(page, ">每周累计反馈、销号与原计划</caption>", "</table>")
        week = part(table, '<th scope="row">2026年11月16日</th>', "</tr>")
        assert re.findall(r">(\d+)</a>", week) == ["16", "2", "6"]
        assert "<td>未到</td>" in table

    def test_another_rule_is_chosen_in_the_address_and_printed(self, sign_in, supervisor, board):
        page = sign_in(supervisor).get("/overview/?basis=on_time").content.decode()

        assert '<div class="k">按时销号率</div>' in page
        assert "按时销号率＝按时销号÷（按时销号＋超期销号）。" in page

    def test_a_heading_of_two_units_is_common(self, sign_in, supervisor, bureau, board):
        other = InspectionFactory(unit=UnitFactory(name="二所", parent=bureau))
        heading = CategoryFactory(inspection=other, heading="3.工程管理的问题")
        TicketFactory(inspection=other, category=heading)
        client = sign_in(supervisor)

        page = client.get("/overview/").content.decode()
        card = part(page, 'id="common"', "</section>")

        address, words = re.search(r'href="([^"]+)"><span class="e" title="([^"]+)"', card).groups()
        assert words == "工程管理"
        assert "2个单位，<b>17</b>项" in card
        assert rows_of(client, address) == 17

    def test_units_are_ranked_only_where_the_round_says_so(self, sign_in, supervisor, board):
        client = sign_in(supervisor)
        assert "单位排名" not in client.get("/overview/").content.decode()
        Round.objects.update(ranks_units=True)

        page = client.get("/overview/").content.decode()

        card = part(page, 'id="ranking"', "</section>")
        assert re.findall(r"<tr><td>([^<]+)</td>", card) == ["1", "2", "不排"]
        assert "不足3项的单位不排名" in card
        assert "名次并列" in card

    def test_the_same_page_for_one_unit(self, sign_in, supervisor, other_department, board):
        page = sign_in(supervisor).get(f"/overview/?unit={other_department.pk}").content.decode()

        assert '问题总数</div><div class="v">7<' in page
        assert "工程科" not in part(page, 'class="gt-heat"', "</table>")

    def test_choosing_a_unit_keeps_the_other_conditions(self, sign_in, supervisor, board):
        page = sign_in(supervisor).get("/overview/?light=late&status=in_progress").content.decode()
        form = part(page, '<form class="gt-pick', "</form>")

        assert '<input type="hidden" name="light" value="late">' in form
        assert '<input type="hidden" name="status" value="in_progress">' in form

    def test_a_picked_inspection_leaves_out_the_others(self, sign_in, supervisor, bureau, board):
        other = TicketFactory(inspection__unit=bureau, inspection__inspecting_body="县委第一巡察组")
        client = sign_in(supervisor)

        assert '问题总数</div><div class="v">17<' in client.get("/overview/").content.decode()
        page = client.get(f"/overview/?inspection={other.inspection_id}").content.decode()
        assert '问题总数</div><div class="v">1<' in page


class TestAccess:
    def test_a_clerk_counts_their_own_unit_only(self, sign_in, clerk, board):
        page = sign_in(clerk).get("/overview/").content.decode()

        assert '问题总数</div><div class="v">8<' in page
        assert "财务科" not in page

    def test_a_neighbour_sees_nothing_of_it(self, sign_in, neighbour, board):
        client = sign_in(neighbour)

        assert "还没有您能看到的问题" in client.get("/overview/").content.decode()
        assert client.get(f"/overview/?inspection={board.pk}").status_code == 404

    def test_an_inspection_that_is_none_gets_404(self, sign_in, supervisor, board):
        assert sign_in(supervisor).get("/overview/?inspection=x").status_code == 404

    def test_it_asks_for_a_login_first(self, client):
        assert client.get("/overview/").url == "/login/?next=/overview/"

    def test_it_only_answers_reading(self, sign_in, supervisor):
        assert sign_in(supervisor).post("/overview/").status_code == 405
