"""One question, one number: every page that answers it says the same."""

import re

import pytest

from tracker.choices import Light, Status
from tracker.models import Ticket

pytestmark = pytest.mark.django_db


def page(client, path) -> str:
    return client.get(path, follow=True).content.decode()


def numbers(words: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", words)]


def of_lights(html: str) -> dict[str, int]:
    """The counts of the row of lights that stands above a view."""
    row = html.partition('class="gt-lfilter"')[2].partition("</nav>")[0]
    found = re.findall(r"light=(\w+)[^>]*>.*?<b>(\d+)</b>", row, re.S)
    return {light: int(number) for light, number in found if light in Light.values}


@pytest.mark.parametrize("who", ["clerk", "supervisor", "viewer"])
class TestEveryPageSaysTheSame:
    """On one board of sixteen tickets, as each role sees it."""

    def test_of_each_light(self, sign_in, board, today, request, who):
        person = request.getfixturevalue(who)
        client = sign_in(person)
        tickets = Ticket.objects.visible_to(person).with_light(today)
        truth = {light.value: tickets.filter(light_on_day=light).count() for light in Light}

        for path in ("/timeline/", "/matrix/", "/kanban/", "/calendar/", "/sheets/", "/tickets/"):
            counts = of_lights(page(client, path))
            assert counts == {light: truth[light] for light in counts}, path
        wall = of_lights(page(client, f"/inspections/{board.pk}/wall/"))
        assert wall == {light: truth[light] for light in wall}
        legend = page(client, "/overview/").partition('class="gt-lbar"')[2].partition("</ul>")[0]
        shown = re.findall(r'light=(\w+)[^>]*>.*?<b class="gt-num">(\d+)</b>', legend, re.S)
        assert {light: int(n) for light, n in shown} == {light: truth[light] for light, _ in shown}
        for light in (Light.LATE, Light.WARN, Light.BLOCK):
            found = client.get(f"/tickets/?light={light}").context["page"].paginator.count
            assert found == truth[light]

    def test_of_the_tiles_of_the_workbench(self, sign_in, board, request, who):
        client = sign_in(request.getfixturevalue(who))
        strip = page(client, "/").partition('class="gt-tiles"')[2].partition("</nav>")[0]
        tiles = re.findall(r'href="(/tickets/[^"]*)".*?class="v">(\d+)', strip, re.S)

        for address, number in tiles:
            found = client.get(address.replace("&amp;", "&")).context["page"].paginator.count
            assert found == int(number), address

    def test_of_all_open_and_closed(self, sign_in, board, request, who):
        person = request.getfixturevalue(who)
        client = sign_in(person)
        tickets = Ticket.objects.visible_to(person)
        total, closed = tickets.count(), tickets.filter(status=Status.CLOSED).count()

        overview = page(client, "/overview/")
        assert f'问题总数</div><div class="v">{total}<' in overview
        assert f'在办</div><div class="v">{total - closed}<' in overview
        assert f'已销号</div><div class="v">{closed}<' in overview
        head = page(client, f"/inspections/{board.pk}/wall/").partition('class="gt-wallhead"')[2]
        assert f"已销号{closed}" in head.partition("</dl>")[0]
        kanban = page(client, "/kanban/")
        columns = re.findall(r'class="gt-count" href="[^"]+"[^>]*>(\d+)</a>', kanban)
        assert sum(map(int, columns)) == total
        assert int(columns[-1]) == closed
        index = client.get("/sheets/?by=unit").context["index"]
        assert sum(one.total for one in index) == total
        assert sum(one.closed for one in index) == closed
        assert client.get("/tickets/").context["page"].paginator.count == total

    def test_of_each_outcome(self, sign_in, board, request, who):
        client = sign_in(request.getfixturevalue(who))
        overview = page(client, "/overview/").partition('class="gt-figures')[2]
        shown = re.findall(r'href="([^"]+)"[^>]*><b>(\d+)</b>', overview.partition("</ul>")[0])
        units = client.get("/sheets/?by=unit").context["index"]

        for address, number in shown:
            path = address.replace("&amp;", "&")
            assert client.get(path).context["page"].paginator.count == int(number)
            summed = 0
            for unit in units:
                query = f"{path}&by=unit&unit={unit.value}&own=1".replace("/tickets/", "/sheets/")
                summed += client.get(query).context["sheet"].figures.total
            assert summed == int(number), address
