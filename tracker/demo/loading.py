"""Fills an empty database with the demo: its cast, its bulletins, and what happened since."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from tracker import intake
from tracker.dates import zh_date
from tracker.demo import accounts, cast, offices, requests, saved_views, supervision
from tracker.demo.plans import SCENES
from tracker.demo.stories import STORIES, Step, Story
from tracker.models import (
    DemoMark,
    Inspection,
    LookBack,
    Membership,
    Person,
    Round,
    Screen,
    Ticket,
    Unit,
)
from tracker.models.address import digest_of

SAMPLES = Path(settings.BASE_DIR) / "fixtures" / "bulletins"

_FULL_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日|(\d{4})-(\d{2})-(\d{2})")


@contextmanager
def clock_at(instant: datetime) -> Iterator[None]:
    """Let Django's clock stand at this instant, so that history can be lived through in order.

    The records of the board take their time from the clock and can never be altered, and no
    method of theirs takes a date: in the product nobody may choose when something happened.
    The demo has to, so it turns the clock instead of opening a door in the models. One command
    in one thread, so nothing else reads the clock meanwhile.
    """
    real = timezone.now
    timezone.now = lambda: instant
    try:
        yield
    finally:
        timezone.now = real


def moved(text: str, days: int) -> str:
    """Move every full date of a bulletin by this many days.

    >>> moved("2026年11月30日前完成。", 2)
    '2026年12月2日前完成。'
    """

    def move(match: re.Match[str]) -> str:
        on = date(*(int(part) for part in match.groups() if part)) + timedelta(days)
        return zh_date(on) if match[1] else on.isoformat()

    return _FULL_DATE.sub(move, text)


def signed_on(text: str) -> date:
    """Return the date under the signature: the last one written out in the bulletin."""
    year, month, day = [match for match in _FULL_DATE.findall(text) if match[0]][-1][:3]
    return date(int(year), int(month), int(day))


@transaction.atomic
def load() -> None:
    """Build the whole demo as of today; all of it or nothing."""
    today = timezone.localdate()
    DemoMark.objects.create()
    _make_units_and_people()
    for name, levels in cast.ROUNDS.items():
        Round.objects.create(name=name, review_roles=",".join(levels))
    events = [(story.imported_ago, partial(_import, story, today)) for story in STORIES]
    events += [
        (step.ago, partial(_play, step, story, serial))
        for story in STORIES
        for serial, steps in story.steps.items()
        for step in steps
    ]
    scenes = (SCENES, requests.SCENES, saved_views.SCENES, accounts.SCENES, offices.SCENES)
    events += [(scene.ago, scene.play) for each in scenes for scene in each]
    events.append((6, _look_back))
    # Sorting is stable: what happened to one ticket on one day keeps its order.
    events.sort(key=lambda event: -event[0])
    for minute, (ago, happen) in enumerate(events):
        with clock_at(_working_hour(today - timedelta(ago), minute)):
            happen()
    _hang_up_screen()
    accounts.lock_out()
    # Whoever opens the demo finds the last days unread, not two months.
    supervision.read_the_old(days=5)


def _working_hour(day: date, minute: int) -> datetime:
    """Nine o'clock on this day, and so many minutes later."""
    return timezone.make_aware(datetime.combine(day, time(9)) + timedelta(minutes=minute))


def _make_units_and_people() -> None:
    units: dict[tuple[str, str], Unit] = {}

    def unit(name: str, short_name: str = "", parent: Unit | None = None) -> Unit:
        key = (parent.name if parent else "", name)
        if key not in units:
            units[key] = Unit.objects.create(
                name=name, short_name=short_name, parent=parent, sort_no=len(units) + 1
            )
        return units[key]

    bodies: dict[str | None, Unit | None] = {None: None}
    for name, short_name, parent in cast.UNITS:
        bodies[name] = unit(name, short_name, bodies[parent])
    # Hashing is slow on purpose; one published password needs it once.
    password = make_password(cast.PASSWORD)
    for body, people in cast.PEOPLE.items():
        for someone in people:
            person = Person.objects.create(
                username=someone.username, name=someone.name, title=someone.title, password=password
            )
            where = bodies[body]
            if someone.department:
                where = unit(someone.department, parent=where)
            for role in (someone.role, *someone.also):
                Membership.objects.create(person=person, unit=where, role=role)
    for username, name, post in cast.ADMINISTRATORS:
        Person.objects.create(username=username, name=name, password=password, post=post)


def _import(story: Story, today: date) -> None:
    text = (SAMPLES / story.file).read_text(encoding="utf-8")
    days = (today - timedelta(story.signed_ago) - signed_on(text)).days
    outcome = intake.import_file(
        moved(text, days).encode(),
        story.file,
        by=Person.objects.get(username=cast.OPERATOR),
        today=timezone.localdate(),
    )
    if outcome.kind != "imported":
        raise RuntimeError(f"{story.file}: {outcome.message}")
    # No bulletin prints it in a form that the reader knows; the operator adds it in the admin.
    inspection = outcome.bulletin.inspection
    inspection.chief_text = story.chief
    inspection.save()
    outcome.bulletin.inspection.round.take_preset(story.lights)


def _hang_up_screen() -> None:
    """A display at the transport bureau; its address is published, where the product draws one."""
    inspection = Inspection.objects.get(unit__name=cast.TRANSPORT)
    Screen.objects.create(
        name="局机关一楼大厅",
        inspection=inspection,
        digest=digest_of(cast.SCREEN),
        made_by=Person.objects.get(username=cast.INSPECTOR),
    )


def _look_back() -> None:
    """A sample of the park bureau's closed problems: two hold, one rebounded, one is left."""
    by = Person.objects.get(username=cast.INSPECTOR)
    unit = Unit.objects.get(name=cast.PARKS)
    drawn = LookBack.objects.draw(by=by, size=4, seed="640218", unit=unit)
    found = (
        ("holds", "查看近一个月记录，做法仍在执行。"),
        ("partly", "制度在执行，台账有两处漏记，已当场补齐。"),
        ("rebounded", "随机抽查三处，一处又回到整改前的样子。"),
    )
    for item, (result, note) in zip(drawn.items.all(), found, strict=False):
        item.record(result, note, by=by)


def _play(step: Step, story: Story, serial: int) -> None:
    step.play(Ticket.objects.get(bulletin__source__name=story.file, serial=serial))
