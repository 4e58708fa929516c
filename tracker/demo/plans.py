"""Scenes of plans and of 举一反三: a plan being drafted, one that waits, one approved and changed,
and one problem that other units look for at home.

As in `stories`, days are days before today, and each scene goes the way of a click on the page.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from tracker import drafting
from tracker.choices import AskKind, Origin, Role
from tracker.demo import cast
from tracker.models import Holiday, Inspection, Person, Plan, Ticket, Unit
from tracker.models import selfcheck as checks
from tracker.planning import count_back

PARKS, CIVIL, ARCHIVES = "yanchuan_yuanlin.txt", "luxi_minzheng.txt", "yanchuan_dangan.txt"
TRANSPORT = "yanchuan_jiaotong.txt"


class Scene(NamedTuple):
    ago: int
    play: Callable[[], None]


def _person(username: str) -> Person:
    return Person.objects.get(username=username)


def _inspection(file: str) -> Inspection:
    return Inspection.objects.get(bulletins__source__name=file)


def _ticket(file: str, serial: int) -> Ticket:
    return Ticket.objects.get(bulletin__source__name=file, serial=serial)


def _days_on(days: int):
    return timezone.localdate() + timedelta(days=days)


def _complete(file: str, office: str, chief: str) -> None:
    """Give every open problem what a plan needs; the measures are those of the bulletin."""
    inspection, by = _inspection(file), _person(office)
    for ticket in inspection.tickets.fed_back().open():
        facts = {}
        if not ticket.leader_name:
            facts["leader"] = _person(chief)
        if not ticket.person_name:
            facts["person"] = _head_of(ticket.lead_unit) or _person(chief)
        if ticket.due_on > inspection.focus_ends_on:
            facts["due_reason"] = "资金和手续跨季度办理，已经局党组会议研究"
        if facts:
            drafting.save_facts(ticket, facts, by=by, version=ticket.version)


def _head_of(unit: Unit) -> Person | None:
    """Who may answer for it: not the clerk, who reports and submits."""
    return Person.objects.filter(memberships__unit=unit, memberships__role=Role.HEAD).first()


def _move(file: str, name: str, by: str, note: str = "") -> None:
    plan = _inspection(file).plan
    plan.move(name, by=_person(by), note=note, version=plan.version)


# -- 市档案馆: the plan is being drafted, and nothing starts before it is approved ---------------


def archives_begin() -> None:
    inspection = _inspection(ARCHIVES)
    inspection.round.plan_first = True
    inspection.round.save()
    Plan.begin(inspection, by=_person("xiangzhixing"))


def archives_draft() -> None:
    by = _person("ruanqinghe")
    ticket = _ticket(ARCHIVES, 1)
    drafting.save_facts(ticket, {"person": by}, by=by, version=ticket.version)
    start, due_on = timezone.localdate(), _days_on(45)
    drafting.save_measure(
        ticket,
        None,
        {
            "text": "更换老化探头并接入值班室报警，异常十分钟内到场处置。",
            "goal": "监测记录完整率100%，超标报警全部处置并留痕",
            "person": by,
            "starts_on": start,
            "due_on": due_on,
        },
        count_back(start, due_on, Holiday.objects.calendar()),
        by=by,
        version=ticket.version,
    )
    for measure in ticket.measures.filter(added_by=None):
        drafting.save_measure(
            ticket,
            measure,
            {"goal": "十二处探头全部在线，巡查登记无缺页", "due_on": _days_on(30)},
            [],
            by=by,
            version=ticket.version,
        )


def archives_too_late() -> None:
    """A deadline after the focus period, without a reason: the check finds it."""
    ticket = _ticket(ARCHIVES, 4)
    by = _person("ruanqinghe")
    drafting.save_facts(
        ticket, {"person": by, "due_on": _days_on(150)}, by=by, version=ticket.version
    )


# -- 区民政局: submitted, waits for the Party group ------------------------------------------------


def civil_submit() -> None:
    Plan.begin(_inspection(CIVIL), by=_person("wangzhixia"))
    _complete(CIVIL, "wangzhixia", "meiwangshu")
    _move(CIVIL, "submit", "wangzhixia", "八月反馈问题的整改方案，请审定。")


# -- 市园林绿化局: approved on the second edition, then changed by request -------------------------


def parks_first_edition() -> None:
    Plan.begin(_inspection(PARKS), by=_person("qinruoshui"))
    _complete(PARKS, "qinruoshui", "jitongzhou")
    _move(PARKS, "submit", "qinruoshui")


def parks_returned() -> None:
    _move(PARKS, "return", "jitongzhou", "问题九的措施没有写到什么时候见效，补充目标后再报。")


def parks_second_edition() -> None:
    ticket, by = _ticket(PARKS, 9), _person("yinsuxin")
    for measure in ticket.measures.all():
        drafting.save_measure(
            ticket,
            measure,
            {"goal": "三个月内完成全部结对，半年考核合格"},
            [],
            by=by,
            version=ticket.version,
        )
    _move(PARKS, "submit", "qinruoshui", "已补充目标。")


def parks_approved() -> None:
    _move(PARKS, "approve", "jitongzhou", "党组会议研究同意，按此执行。")


def parks_changed() -> None:
    ticket, by = _ticket(PARKS, 3), _person("zoumingyuan")
    ask = drafting.ask(
        ticket,
        ticket.measures.first(),
        AskKind.CHANGE,
        {"goal": "代管单位全部签字，名木一树一档"},
        [],
        reason="市主管部门检查要求一树一档",
        by=by,
    )
    drafting.decide(ask, granted=True, opinion="同意调整。", by=_person("jitongzhou"))


def parks_asks() -> None:
    ticket, by = _ticket(PARKS, 9), _person("yinsuxin")
    start, due_on = timezone.localdate(), ticket.due_on
    drafting.ask(
        ticket,
        None,
        AskKind.ADD,
        {
            "text": "请市绿化协会专家每月到班组授课一次，结业考核与岗位津贴挂钩。",
            "goal": "养护人员轮训一遍，考核合格率95%以上",
            "person": by,
        },
        count_back(start, due_on, Holiday.objects.calendar()),
        reason="首批结对人员反映理论课不足，局务会同意增加",
        by=by,
    )


# -- 举一反三 -------------------------------------------------------------------------------------


def send_self_checks() -> None:
    ticket = _ticket(TRANSPORT, 15)
    units = Unit.objects.filter(name__in=[cast.PARKS, cast.CIVIL_AFFAIRS, cast.ARCHIVES])
    checks.send(
        ticket,
        units,
        by=_person(cast.INSPECTOR),
        words=f"请对照“{ticket.title}”自查：本单位已完工项目是否存在同类情况，逐个项目列明。",
        due_on=_days_on(16),
    )


def _check(unit: str):
    return _ticket(TRANSPORT, 15).self_checks.get(unit__name=unit)


def parks_answer() -> None:
    _check(cast.PARKS).answer_none(
        by=_person("qinruoshui"),
        statement="逐个核对近三年完工的17个项目，结算均在合同期内办结，未发现同类问题。",
    )


def civil_answer() -> None:
    _check(cast.CIVIL_AFFAIRS).answer_found(
        by=_person("wangzhixia"),
        title="敬老院维修项目结算滞后",
        problem="自查发现敬老院屋面维修等2个项目竣工满一年未办结算，主要是变更签证缺页。",
        due_on=_days_on(60),
        leader=_person("fangjingxing"),
    )


def transport_finds() -> None:
    parent, by = _ticket(TRANSPORT, 1), _person("lingyunzhou")
    found = checks.open_found(
        parent,
        by=by,
        origin=Origin.SELF,
        title="县道涵洞病害台账不全",
        problem="排查危桥时一并检查涵洞，发现14处病害未登记入册。",
        lead_unit=parent.lead_unit,
        due_on=_days_on(50),
    )
    found.move("claim", by=by, version=found.version)


SCENES = (
    Scene(22, parks_first_edition),
    Scene(20, parks_returned),
    Scene(19, parks_second_edition),
    Scene(18, parks_approved),
    Scene(11, send_self_checks),
    Scene(10, parks_changed),
    Scene(8, civil_submit),
    Scene(7, archives_begin),
    Scene(6, parks_answer),
    Scene(5, civil_answer),
    Scene(4, transport_finds),
    Scene(4, archives_draft),
    Scene(3, archives_too_late),
    Scene(2, parks_asks),
)
