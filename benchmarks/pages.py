"""How long the server takes for each view, and how many queries, with few tickets and with many.

    python -m benchmarks.pages --as staff|supervisor [--tickets 300] [--times 5]
    scripts/with_postgres.sh python -m benchmarks.pages --as staff --tickets 30000

Everything is invented and generated into an empty database: the one of TRACKER_DATABASE_URL, or a
SQLite file that is removed afterwards. Times are of the server: the median of several requests
after a first one, the best of them, and the processor time that is our own (what is missing is the
database, or other work of the machine). Records are made in bulk, so no rule of the workflow runs.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

TODAY = date.today()  # noqa: DTZ011 - the views ask the same clock
BATCH = 2000
PROBLEMS_OF_AN_INSPECTION, DEPARTMENTS = 40, 8
WALL_PROBLEMS, WALL_MEASURES = 60, 5

PATHS = {
    "工作台": "/",
    "清单": "/tickets/",
    "清单 变化": "/tickets/?since=monday",
    "搜索 常见": "/tickets/?q=台账",
    "搜索 少见": "/tickets/?q=第17项",
    "搜索 两词": "/tickets/?q=经办人+签字",
    "搜索 序号": "/tickets/?q=17",
    "搜索 拼音": "/tickets/?q=d1k",
    "作战图": "/timeline/",
    "矩阵 状态": "/matrix/",
    "矩阵 问题": "/matrix/?by=problem",
    "矩阵 方面": "/matrix/?by=aspect",
    "看板": "/kanban/",
    "日历": "/calendar/",
    "责任": "/sheets/",
    "总览": "/overview/",
    "台账": "/wall/",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--as", dest="who", choices=["staff", "supervisor"], default="staff")
    parser.add_argument("--tickets", type=int, default=300)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument(
        "--again", action="store_true", help="measure what an earlier run has filled"
    )
    parser.add_argument("--page", default="", help="only pages whose name or address holds this")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("TRACKER_DEBUG", "true")
        os.environ.setdefault("TRACKER_DATABASE_URL", f"sqlite:///{Path(folder) / 'pages.sqlite3'}")
        os.environ["TRACKER_MEDIA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        return measure(asked.who, asked.tickets, asked.times, asked.again, asked.page)


def measure(who: str, tickets: int, times: int, again: bool, only: str) -> int:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, reset_queries
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tracker.models import Inspection, Person, Ticket

    # As in production: no record of every query, templates read once.
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.SECURE_SSL_REDIRECT = False
    call_command("migrate", verbosity=0)
    if not again:
        if Ticket.objects.exists():
            print("The database is not empty; nothing was done.", file=sys.stderr)
            return 1
        Generator(tickets).fill()
    person = Person.objects.get(username=who)
    wall = Inspection.objects.latest("pk")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    client = Client()
    client.force_login(person)
    count = Ticket.objects.visible_to(person).count()
    print(f"{connection.vendor}, {tickets} tickets, as {who} ({count} in sight)")
    print(f"{'median':>10} {'best':>9} {'our CPU':>9} {'queries':>8}  page")
    paths = PATHS | {f"台账 {WALL_PROBLEMS}题": f"/inspections/{wall.pk}/wall/?text=full"}
    if who == "staff":
        paths.popitem()  # it is another unit's
    for name, path in paths.items():
        if only not in f"{name} {path}":
            continue
        client.get(path, follow=True)
        reset_queries()  # the log is bounded; a full one would count nothing
        with CaptureQueriesContext(connection) as captured:
            client.get(path, follow=True)
        queries = len(captured)
        spent, worked = [], []
        for _ in range(times):
            start, began = perf_counter(), process_time()
            response = client.get(path, follow=True)
            spent.append((perf_counter() - start) * 1000)
            worked.append((process_time() - began) * 1000)
            assert response.status_code == 200, (path, response.status_code)
        print(
            f"{statistics.median(spent):7.0f} ms {min(spent):6.0f} ms"
            f" {statistics.median(worked):6.0f} ms {queries:8}  {name}  {path}"
        )
    return 0


class Generator:
    """Fills an empty database: a city, its bureaus and departments, inspections and tickets."""

    def __init__(self, tickets: int):
        self.tickets = tickets
        self.random = random.Random(2026)

    def fill(self) -> None:
        from tracker.choices import Role
        from tracker.models import Membership, Person, Round, Unit

        self.city = Unit.objects.create(name="砚川市", sort_no=1)
        bureaus = max(3, min(60, self.tickets // 500))
        self.departments = {}
        for n in range(bureaus):
            bureau = Unit.objects.create(name=f"砚川市第{n + 1}局", parent=self.city, sort_no=n + 2)
            self.departments[bureau] = [
                Unit.objects.create(name=f"第{d + 1}科", parent=bureau, sort_no=d + 1)
                for d in range(DEPARTMENTS)
            ]
        self.round = Round.objects.create(name="第一轮巡察")
        first = next(iter(self.departments))
        people = {}
        for username, role, unit in (
            ("staff", Role.STAFF, self.departments[first][0]),
            ("supervisor", Role.OFFICE, self.city),
        ):
            people[username] = Person.objects.create(username=username, name=username)
            Membership.objects.create(person=people[username], unit=unit, role=role)
        self.by = people["staff"]
        left, number = self.tickets, 0
        bodies = list(self.departments)
        while left > 0:
            size = min(PROBLEMS_OF_AN_INSPECTION, left)
            self._inspection(bodies[number % len(bodies)], number, size, measures=4)
            left, number = left - size, number + 1
        self._inspection(bodies[-1], number, WALL_PROBLEMS, measures=WALL_MEASURES)

    def _inspection(self, bureau, number: int, size: int, measures: int):
        """One inspection with all that happened to its tickets, on some day of three months."""
        from tracker.demo.loading import clock_at

        day = TODAY - timedelta(days=self.random.randrange(90))
        with clock_at(datetime(day.year, day.month, day.day, 1, tzinfo=UTC)):
            return self._lived_through(bureau, number, size, measures)

    def _lived_through(self, bureau, number: int, size: int, measures: int):
        from tracker.models import Bulletin, Category, Inspection, SourceFile

        inspection = Inspection.objects.create(
            round=self.round,
            kind="local",
            inspecting_body=f"市委第{number + 1}巡察组",
            unit=bureau,
            feedback_on=TODAY - timedelta(days=30 + number % 200),
        )
        source = SourceFile.objects.create(
            sha256=f"{number:064x}",
            name=f"{number}.txt",
            size=12,
            content="整改通报".encode(),
            received_by=self.by,
        )
        bulletin = Bulletin.objects.create(
            inspection=inspection,
            source=source,
            title="整改情况的通报",
            text="一是健全台账，逐项登记。二是每月核对一次。",
            published_on=TODAY,
            imported_by=self.by,
        )
        headings = [
            Category.objects.create(inspection=inspection, heading=f"（{n}）{words}方面", order=n)
            for n, words in enumerate(("工程管理", "财务管理", "队伍建设", "作风建设"))
        ]
        self._tickets(inspection, bulletin, headings, size, measures)
        return inspection

    def _tickets(self, inspection, bulletin, headings, size: int, measures: int) -> None:
        from tracker.choices import Role, Status
        from tracker.models import Measure, Progress, Ticket, Transition

        units = self.departments[inspection.unit]
        tickets, closed = [], []
        for serial in range(1, size + 1):
            status = self.random.choices(list(Status), weights=[1, 1, 6, 1, 2, 5])[0]
            day = TODAY - timedelta(days=self.random.randrange(60))
            due_on = TODAY + timedelta(days=self.random.randrange(-30, 120))
            blocked = status == Status.IN_PROGRESS and self.random.random() < 0.1
            tickets.append(
                Ticket(
                    inspection=inspection,
                    bulletin=bulletin,
                    category=headings[serial % len(headings)],
                    serial=serial,
                    number=f"{inspection.code}-{serial:03d}",
                    printed_number=str(serial),
                    order=serial,
                    title=f"第{serial}项台账不健全，逐项登记不及时",
                    problem=f"关于第{serial}项台账不健全的问题",
                    lead_unit=units[serial % len(units)],
                    leader_text=f"第{serial % 5 + 1}副局长",
                    person_text=f"第{serial % 9 + 1}经办人",
                    status=Status.IN_PROGRESS if status == Status.CLOSED else status,
                    review_role=Role.OFFICE if status == Status.SUBMITTED else "",
                    submitted_on=day if status == Status.SUBMITTED else None,
                    is_blocked=blocked,
                    blocked_reason="待市财政落实资金" if blocked else "",
                    due_on=due_on,
                    original_due_on=due_on,
                )
            )
            if status == Status.CLOSED:
                closed.append((tickets[-1], day))
        Ticket.objects.bulk_create(tickets, BATCH)
        Measure.objects.bulk_create(
            [
                Measure(
                    ticket=ticket,
                    order=order,
                    number="一二三四五"[order - 1],
                    text="健全台账，逐项登记入库，按月核对并签字留痕。" * 3,
                )
                for ticket in tickets
                for order in range(1, measures + 1)
            ],
            BATCH,
        )
        Progress.objects.bulk_create(
            [
                Progress(
                    ticket=ticket,
                    ticket_version=version,
                    by=self.by,
                    text="已补登八处，其余按月推进，下月底前完成。" * 2,
                    percent=version * 15,
                )
                for ticket in tickets
                for version in range(2, 6)
            ],
            BATCH,
        )
        Transition.objects.bulk_create(
            [
                Transition(
                    ticket=ticket,
                    ticket_version=version,
                    move=move,
                    source=source,
                    target=target,
                    by=self.by,
                    note="按计划办理",
                )
                for ticket in tickets
                for version, (move, source, target) in enumerate(
                    (
                        ("import", "", Status.UNCLAIMED),
                        ("claim", Status.UNCLAIMED, Status.CLAIMED),
                        ("start", Status.CLAIMED, Status.IN_PROGRESS),
                    ),
                    start=6,
                )
            ],
            BATCH,
        )
        # Last, because nothing is added to a closed ticket.
        for ticket, day in closed:
            ticket.status = Status.CLOSED
            ticket.submitted_on = ticket.closed_on = day
        Ticket.objects.bulk_update(
            [ticket for ticket, _ in closed], ["status", "submitted_on", "closed_on"], BATCH
        )


if __name__ == "__main__":
    sys.exit(main())
