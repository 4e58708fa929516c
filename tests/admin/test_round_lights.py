"""The lights of a round in the admin: a preset in one step, or row by row."""

from datetime import date

import pytest

from tests.factories import InspectionFactory, PersonFactory, RoundFactory, TicketFactory
from tracker.choices import Post
from tracker.models import Round, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(sign_in):
    return sign_in(PersonFactory(post=Post.SYSTEM))


def form_of(item, **changes):
    """What the change page would send back as it stands, with these changes."""
    bands = list(item.band_rows.all())
    data = {
        "name": item.name,
        "focus_months": item.focus_months,
        "review_roles": item.review_roles.split(","),
        "extension_steps": item.extension_steps.split(","),
        "reporting_period": item.reporting_period,
        "preset": "",
        "band_rows-TOTAL_FORMS": len(bands),
        "band_rows-INITIAL_FORMS": len(bands),
    }
    for field in Round._meta.fields:
        if field.name not in data and field.editable and field.name != "id":
            value = getattr(item, field.name)
            # Levels are kept in one column and ticked one by one.
            data[field.name] = value.split(",") if "," in str(value) else value
    for n, band in enumerate(bands):
        prefix = f"band_rows-{n}-"
        data |= {
            f"{prefix}id": band.pk,
            f"{prefix}round": item.pk,
            f"{prefix}order": band.order,
            f"{prefix}light": band.light,
            f"{prefix}word": band.word,
            f"{prefix}colour": band.colour,
            f"{prefix}shape": band.shape,
            f"{prefix}conditions": band.conditions,
            f"{prefix}days": "" if band.days is None else band.days,
            f"{prefix}in_workdays": "on" if band.in_workdays else "",
            f"{prefix}tells": band.tells,
        }
    return {key: value for key, value in (data | changes).items() if value not in (None, "", False)}


def words(item):
    return [band.word for band in item.band_rows.all()]


def test_a_new_round_begins_with_the_plain_lights():
    item = RoundFactory()

    assert words(item) == ["已销号", "受阻", "超期", "临期", "久未更新", "未开始", "正常"]


def test_a_preset_replaces_all_lights(admin):
    item = RoundFactory()

    response = admin.post(
        f"/admin/tracker/round/{item.pk}/change/", form_of(item, preset="jiangjin")
    )

    assert response.status_code == 302, response.context["errors"]
    assert [w for w in words(item) if "预警" in w] == ["红色预警", "黄色预警", "绿色预警"]


def test_a_row_changes_what_every_page_judges_and_prints(admin, sign_in, supervisor, bureau, today):
    item = RoundFactory()
    inspection = InspectionFactory(unit=bureau, round=item)
    TicketFactory(inspection=inspection, in_progress=True, due_on=date(2026, 12, 10))
    warn = next(n for n, band in enumerate(item.band_rows.all()) if band.light == "warn")
    changes = {f"band_rows-{warn}-days": 30, f"band_rows-{warn}-word": "将到期"}

    response = admin.post(f"/admin/tracker/round/{item.pk}/change/", form_of(item, **changes))
    page = sign_in(supervisor).get("/tickets/").content.decode()

    assert response.status_code == 302, response.context["errors"]
    assert Ticket.objects.with_light(today).get().light_on_day == "warn"
    assert '<use href="#l-triangle"/></svg>将到期</span>' in page
    assert "30个工作日内到期" in page


@pytest.mark.parametrize(
    ("light", "changes", "words"),
    [
        ("ok", {"conditions": ["unclaimed"]}, "最后的一种灯"),
        ("late", {"conditions": ["blocked"]}, "超过整改时限"),
        ("block", {"conditions": ["otherwise"]}, "只能放在判灯顺序的最后"),
        ("warn", {"days": ""}, "这一条件要写天数"),
        ("warn", {"conditions": []}, "这个字段"),
    ],
)
def test_lights_that_would_leave_a_ticket_dark_are_refused(admin, light, changes, words):
    item = RoundFactory()
    row = next(n for n, band in enumerate(item.band_rows.all()) if band.light == light)
    data = form_of(item)
    for name, value in changes.items():
        data.pop(f"band_rows-{row}-{name}", None)
        if value:
            data[f"band_rows-{row}-{name}"] = value

    response = admin.post(f"/admin/tracker/round/{item.pk}/change/", data)

    assert response.status_code == 200
    assert words in response.content.decode()


def test_rounds_that_differ_are_named_in_the_legend(sign_in, supervisor, bureau):
    plain, other = RoundFactory(name="第一轮巡察"), RoundFactory(name="第二轮巡察")
    other.take_preset("jiangjin")
    for item in (plain, other):
        TicketFactory(
            inspection=InspectionFactory(unit=bureau, round=item, inspecting_body=item.name)
        )
    hidden = RoundFactory(name="别处的轮次")
    hidden.take_preset("jingdezhen")

    page = sign_in(supervisor).get("/tickets/").content.decode()

    assert "第一轮巡察：" in page
    assert "第二轮巡察：" in page
    assert "绿色预警" in page
    assert "别处的轮次" not in page


def test_lights_that_most_rounds_share_do_not_name_them_all(sign_in, supervisor, bureau):
    shared = [RoundFactory(name=f"第{number}轮巡察") for number in "一二三四"]
    other = RoundFactory(name="第五轮巡察")
    other.take_preset("jiangjin")
    for item in (*shared, other):
        TicketFactory(
            inspection=InspectionFactory(unit=bureau, round=item, inspecting_body=item.name)
        )

    page = sign_in(supervisor).get("/tickets/").content.decode()

    assert page.index("第五轮巡察：") < page.index("其他轮次：")
    assert "第一轮巡察、" not in page
