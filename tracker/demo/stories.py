"""What happened to each problem after its bulletin came in, counted back from today.

Days are days before today, so that every light and every status shows whenever the demo is
loaded. Each step goes through the same methods as a click on the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from django.utils import timezone

from tracker.choices import DueBasis, ReopenGround, ReportResult, Role
from tracker.demo import cast
from tracker.demo.files import made
from tracker.demo.requests import AskTime, RuleOnTime
from tracker.demo.supervision import Answer, Block, Instruct, Press, Unblock
from tracker.evidence.receiving import incoming
from tracker.models import Person, ReportDraft, Ticket, Unit
from tracker.workflow import next_level, refusal


class Step(Protocol):
    """One thing that somebody did with a ticket `ago` days before today."""

    ago: int

    def play(self, ticket: Ticket) -> None: ...


@dataclass(frozen=True, slots=True)
class Move:
    """A move of the workflow by the clerk of the lead unit, or by whoever is named."""

    ago: int
    name: str
    note: str = ""
    by: str = ""

    def play(self, ticket: Ticket) -> None:
        by = Person.objects.get(username=self.by) if self.by else _clerk_of(ticket)
        if self.name == "submit" and not ticket.evidence.filter(is_key=True).exists():
            with incoming([made(f"问题{ticket.serial}整改验收材料.pdf")]) as files:
                ticket.attach(files, by=by, make_key=True)
        ticket.move(self.name, by=by, note=self.note, version=ticket.version)


@dataclass(frozen=True, slots=True)
class Reopen:
    """The rectification office takes a closed problem up again; `due_in` counts from today."""

    ago: int
    note: str
    by: str
    due_in: int

    def play(self, ticket: Ticket) -> None:
        ticket.move(
            "reopen",
            by=Person.objects.get(username=self.by),
            note=self.note,
            ground=ReopenGround.REBOUND,
            # The clock stands at `ago`.
            due_on=timezone.localdate() + timedelta(days=self.ago + self.due_in),
            version=ticket.version,
        )


@dataclass(frozen=True, slots=True)
class TakeOn:
    """A clerk claims a problem and starts on it."""

    ago: int
    by: str

    def play(self, ticket: Ticket) -> None:
        Move(self.ago, "claim", by=self.by).play(ticket)
        Move(self.ago, "start", by=self.by).play(ticket)


@dataclass(frozen=True, slots=True)
class Decide:
    """The reviewers pass a submission up to the last of the named levels, who decides `name`."""

    ago: int
    name: str
    note: str
    passes: int = 9

    def play(self, ticket: Ticket) -> None:
        for _ in range(self.passes):
            following = next_level(ticket.inspection.round.levels, ticket.review_role)
            if following is None:
                break
            self._decide(ticket, "review", "材料齐全，同意上报。")
        self._decide(ticket, self.name, self.note)

    @staticmethod
    def _decide(ticket: Ticket, name: str, note: str) -> None:
        """By the first of this level to whom it is open."""
        for by in Person.objects.filter(memberships__role=ticket.review_role).order_by("pk"):
            if not refusal(name, ticket.standing_of(by)):
                ticket.move(name, by=by, note=note, version=ticket.version)
                return
        raise RuntimeError(f"{ticket}: nobody may {name} at {ticket.review_level}")


def _clerk_of(ticket: Ticket) -> Person:
    """Who reports: the ticket's reporter, else one of the unit who does not answer for it."""
    staff = Person.objects.filter(memberships__role=Role.STAFF, memberships__unit=ticket.lead_unit)
    return ticket.reporter or staff.exclude(pk=ticket.person_id).order_by("pk").last()


def _judge_of(ticket: Ticket) -> Person:
    """The rectification office of the inspected unit."""
    offices = Person.objects.filter(memberships__role=Role.OFFICE)
    return next(by for by in offices.order_by("pk") if Role.OFFICE in by.roles_on(ticket.lead_unit))


@dataclass(frozen=True, slots=True)
class Report:
    """A progress report; `done` is the new figure of the first indicator that has a total.

    `files` come with it, the first of them the key evidence; `forecast_in` counts days from today.
    With `redo` it makes good the report that was returned.
    """

    ago: int
    text: str = ""
    percent: int | None = None
    done: int | None = None
    measures: tuple[int, ...] = ()
    difficulty: str = ""
    next_step: str = ""
    forecast_in: int | None = None
    unchanged_why: str = ""
    files: tuple[str, ...] = ()
    redo: bool = False

    def play(self, ticket: Ticket) -> None:
        figures = {}
        if self.done is not None:
            indicator = ticket.indicators.exclude(total=None)[0]
            figures[indicator] = (self.done, indicator.total)
        finished = ticket.measures.filter(order__in=self.measures) if self.measures else None
        forecast_on = None
        if self.forecast_in is not None:
            # The clock stands at `ago`.
            forecast_on = timezone.localdate() + timedelta(days=self.ago + self.forecast_in)
        with incoming([made(name) for name in self.files]) as files:
            ticket.report(
                by=_clerk_of(ticket),
                text=self.text,
                percent=self.percent,
                figures=figures,
                measures_done=finished,
                difficulty=self.difficulty,
                next_step=self.next_step,
                forecast_on=forecast_on,
                unchanged_why=self.unchanged_why,
                corrects=ticket.report_to_redo() if self.redo else None,
                files=files,
                make_key=bool(files),
                version=ticket.version,
            )


@dataclass(frozen=True, slots=True)
class Judge:
    """The office returns the newest report with a reason, or accepts it without one."""

    ago: int
    reason: str = ""

    def play(self, ticket: Ticket) -> None:
        result = ReportResult.RETURNED if self.reason else ReportResult.ACCEPTED
        ticket.judge(
            ticket.last_report(),
            result,
            by=_judge_of(ticket),
            reason=self.reason,
            version=ticket.version,
        )


# Every measure, however many there are.
ALL = tuple(range(1, 20))


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The clerk takes a file out of the evidence."""

    ago: int
    name: str
    why: str

    def play(self, ticket: Ticket) -> None:
        ticket.withdraw(ticket.evidence.get(name=self.name), by=_clerk_of(ticket), why=self.why)


@dataclass(frozen=True, slots=True)
class Typed:
    """What the clerk has typed into the next report and not sent."""

    ago: int
    text: str

    def play(self, ticket: Ticket) -> None:
        typed = {"text": [self.text]}
        ReportDraft.objects.keep(ticket, _clerk_of(ticket), typed, version=ticket.version)


@dataclass(frozen=True, slots=True)
class Amend:
    """The operator hands a problem out or corrects it; `due_in` counts days from today."""

    ago: int
    why: str
    unit: str = ""
    leader: str = ""
    helpers: tuple[str, ...] = ()
    due_in: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    def play(self, ticket: Ticket) -> None:
        within = Unit.objects.subtree(ticket.inspection.unit.path)
        changes = dict(self.facts)
        if self.unit:
            changes["lead_unit"] = within.get(name=self.unit)
        if self.leader:
            changes["leader"] = Person.objects.get(name=self.leader)
        if self.due_in is not None:
            # The clock stands at `ago`.
            changes["due_on"] = timezone.localdate() + timedelta(days=self.ago + self.due_in)
            changes["due_basis"] = DueBasis.DECIDED
        ticket.amend(
            changes,
            by=Person.objects.get(username=cast.OPERATOR),
            why=self.why,
            co_units=within.filter(name__in=self.helpers) if self.helpers else None,
            version=ticket.version,
        )


def claim(ago: int, by: str) -> TakeOn:
    return TakeOn(ago, by)


def submit(ago: int, note: str) -> Move:
    return Move(ago, "submit", note)


def send_back(ago: int, note: str, passes: int = 0) -> Decide:
    return Decide(ago, "return", note, passes)


def approve(ago: int, note: str) -> Decide:
    return Decide(ago, "review", note, passes=0)


def close(ago: int, note: str) -> Decide:
    return Decide(ago, "close", note)


@dataclass(frozen=True, slots=True)
class Story:
    """One bulletin and its problems' history, by their place in the bulletin (from 1).

    The bulletin's dates are moved together so that it was signed `signed_ago` days before
    today; it came in the next morning.
    """

    file: str
    chief: str
    signed_ago: int
    steps: Mapping[int, tuple[Step, ...]]
    # The preset of `lights` that its round uses.
    lights: str = "plain"

    @property
    def imported_ago(self) -> int:
        return self.signed_ago - 1


def _finished(ago: int, unit: str, leader: str) -> tuple[Step, ...]:
    """A claim of the bulletin that proved true on checking."""
    return (
        Amend(ago + 6, "会议分办", unit=unit, leader=leader),
        close(ago, "现场核查与通报所述一致，同意销号。"),
    )


TRANSPORT = Story(
    "yanchuan_jiaotong.txt",
    chief="顾承远　党组书记、局长",
    signed_ago=12,
    steps={
        1: (
            Report(
                9,
                "本周完成桥面铺装3座，累计完成34座；其余8座正在下部结构施工。",
                80,
                34,
                next_step="月内再完成桥面铺装4座。",
                files=("桥面铺装现场.png",),
            ),
            Report(
                3,
                "累计完成改造38座，剩余4座中2座待桥面铺装，2座受降雨影响顺延。",
                90,
                38,
                (1, 3),
                difficulty="雨季吊装窗口少，需养护中心调一台汽车吊。",
                next_step="两座铺装桥面，两座抢晴天吊装。",
                forecast_in=6,
                files=("危旧桥梁改造台账.xlsx", "交工验收证书.pdf", "完工桥梁.png"),
            ),
            Judge(2),
            Press(2, "请报剩余4座桥的完工日期。"),
            Instruct(1, "剩余4座排出周计划，逐座销账。", reply_in=3),
        ),
        2: (
            Report(
                6, "雁洲渡口改桥施工图审查已通过，石浦渡口修改意见正在落实。", 45, measures=(1,)
            ),
            Press(5, "请说明石浦渡口修改意见何时落实。"),
            Typed(1, "石浦渡口修改意见已落实三条，余下一条"),
            Press(1, "仍未见石浦渡口的进展，请于今日报送未完成原因。"),
        ),
        3: (close(5, "抽查护栏6处，数量与台账相符，同意销号。"),),
        4: (
            Report(10, "与住建部门会商道路移交，明确4个片区本月移交。", 78, 29),
            Block(9, "4个片区道路未移交，公交无法开线", "市住房城乡建设局", since=12),
            Instruct(8, "请与住建部门现场会办，明确移交日期。", role=Role.OFFICE),
            Answer(6, "已现场会办，2个片区本月移交，其余2个下月移交。"),
            Unblock(5, "住建部门已明确移交日期，可以排班开线。"),
            Report(4, "新开通两条接驳线，累计覆盖33个片区，剩余4个片区道路尚未移交。", 89, 33),
        ),
        5: (
            approve(8, "随机抽查站亭20处，均已修复。"),
            approve(7, "与整改台账一致，提请党组审定。"),
        ),
        6: (
            Report(9, "约谈企业整改回执已收齐，抽查报警处置率98%。", 95, measures=ALL),
            submit(8, "重点营运车辆动态监控报警十分钟内处置率由81%提升到98%。"),
            send_back(5, "缺少3家企业的整改验收材料，月度抽查记录只有一个月，请补齐后再报。"),
        ),
        7: (
            Amend(10, "会议分办", helpers=("公路建设科",)),
            Report(7, "剩余4处隐患已整改，逐处拍照存档。", 100, 55, measures=ALL),
            submit(2, "专项检查发现的55处隐患全部整改，涉路施工监管办法已印发执行。"),
        ),
        8: (
            send_back(7, "议题材料送达记录未附，请补充近三次党组会的送达签收单。"),
            Report(6, "已补充近三次党组会议题送达签收单和表决记录。", 100, measures=ALL),
            submit(5, "议事规则修订印发，三次党组会均按新规则执行，记录完整。"),
            close(3, "材料齐全，同意销号。"),
        ),
        9: (
            Report(6, "5个调研课题均已开题，其中2个形成初稿。", 40),
            Report(1, unchanged_why="初稿正在征求基层意见，意见收齐后再改。"),
        ),
        10: (
            Report(8, "材料精简清单已公布，窗口试行一周。", 70, measures=(1,)),
            Report(2, "办理时限压缩到九日，距七日目标还差系统改造。", 85),
        ),
        11: (
            Report(9, "剩余13件工单已全部办结并回访。", 100, 1264, measures=ALL),
            submit(8, "工单办结率达到100%，不满意工单逐件复核完毕。"),
            close(4, "抽查回访录音15件，群众评价属实，同意销号。"),
        ),
        12: (
            Report(8, "补员计划已报市委编办，尚未批复。", 50, measures=(1,)),
            Block(7, "用编申请待市委编办批复，批复前不能招录", "市委编办", since=9),
        ),
        13: (
            Report(5, "第二批4名年轻干部岗位已定。", 60, measures=(1,)),
            Judge(4, "没有写清到岗时间和带教人，请补报。"),
            Report(3, "第二批4名年轻干部确定锻炼岗位，带教人已定，下周到岗。", 60, redo=True),
        ),
        14: (Report(4, "三个后进支部台账补齐，联络员每周到会。", 75),),
        15: (
            Report(10, "催办施工单位补充资料，3项已报审。", 73, 24),
            Report(3, "又完成结算4项，累计28项，剩余5项对工程量有争议。", 85, 28, (1,)),
            Judge(2, "争议的5项没有写是哪几项、争议多少，请逐项写明再报。"),
        ),
        16: (
            Report(8, "补归档5个项目，累计114个。", 96, 114, measures=ALL),
            submit(7, "应归档项目已基本归档，归档目录样本已印发。"),
            send_back(4, "还有4个项目未归档，不能按全部完成申请；请逐个说明缺什么、何时补齐。"),
            Report(
                2,
                "4个项目中2个补齐竣工图，其余2个已约施工单位本周送交。",
                98,
                116,
                (1,),
                files=("归档目录.xlsx", "竣工图移交单.pdf"),
            ),
            Withdraw(1, "归档目录.xlsx", "误传了上一版目录，改后重传。"),
        ),
        17: (Report(6, "新核销5笔，剩余7笔已查明成因，等待会计师事务所意见。", 85, measures=(1,)),),
        18: (Move(2, "claim"),),
    },
)

PARKS = Story(
    "yanchuan_yuanlin.txt",
    chief="季同舟　党组书记、局长",
    signed_ago=65,
    steps={
        1: _finished(50, "养护管理科", "樊立夏"),
        2: (
            Amend(62, "会议分办", unit="公园管理科", leader="樊立夏"),
            claim(61, "fengzhiwei"),
            Report(55, "14座公厕移交运营，保洁排班和巡查签到已上墙。", 100, measures=ALL),
            submit(54, "公厕改造全部完成，市民打分平均92分。"),
            close(48, "实地查看5座，同意销号。"),
        ),
        3: (
            Amend(62, "会议分办", unit="养护管理科", leader="樊立夏", due_in=24),
            claim(60, "niexiaoman"),
            Report(45, "新签责任书6份，剩余9株产权变更手续在办。", 90, 408),
            Report(16, "累计签订411份，剩余6株已明确代管单位。", 95, 411, (2, 3)),
            AskTime(14, 54, "剩余6株的代管单位改制，印章启用前不能签订。", "代管单位改制批复"),
            RuleOnTime(13, "agree", "情况属实，建议同意。"),
            RuleOnTime(11, "agree", "压缩十天。", "整改办第六次调度会纪要", due_in=44),
        ),
        4: (
            Amend(62, "会议分办", unit="规划建设科", leader="季同舟"),
            claim(60, "leimingyuan"),
            Report(52, "补正后的31份签证单全部复核通过，抽查组完成首次抽查。", 100, measures=ALL),
            submit(50, "新签证规定执行三个月，未发现越权签证。"),
            close(44, "抽查签证单40份，手续完备，同意销号。"),
            Reopen(4, "新开工项目又有2份签证先施工后补签。", "qinruoshui", due_in=21),
            Report(2, "2份签证已停用重办，施工前签证会签表试行。", 60),
        ),
        5: (
            Amend(62, "会议分办", unit="计划财务科", leader="季同舟", due_in=40),
            claim(61, "xueqingyang"),
            Report(40, "财政部门安排第二笔资金，累计拨付1180万元。", 80, 1180),
            Block(20, "剩余280万元待市财政年度预算调整后拨付", "市财政局预算科", since=22),
            Instruct(18, "每周与财政对接一次，年底前拨付到位；对接结果报我。", reply_in=4),
            Answer(17),
        ),
        6: _finished(47, "规划建设科", "季同舟"),
        7: (
            Amend(62, "会议分办", unit="养护管理科", leader="樊立夏", due_in=3),
            claim(59, "niexiaoman"),
            Report(30, "恢复绿地2处，累计71处；3处进入行政处罚程序。", 92, 71, (1, 2)),
            AskTime(2, 30, "3处行政处罚听证期未满，期满前不能强制恢复。", "行政处罚听证告知书"),
            RuleOnTime(1, "agree", "听证期限属实。"),
        ),
        8: _finished(46, "公园管理科", "樊立夏"),
        9: (
            Amend(62, "会议分办", unit="办公室", leader="季同舟", due_in=45),
            claim(60, "yuemingke"),
            Report(25, "首批结对12对，工作室每月集中研讨一次。", 60, measures=(1,)),
        ),
        10: (
            Amend(62, "会议分办", unit="办公室", leader="季同舟"),
            claim(60, "yuemingke"),
            Report(50, "28个养护班组全部设岗，首次专题研讨成果已转化。", 100, measures=ALL),
            submit(49, "班组投诉按期办结率由88%提高到97%。"),
            close(43, "查看岗位承诺和研讨记录，同意销号。"),
            Move(42, "keep", "岗位承诺每季度更新一次，随机抽查。", by="qinruoshui"),
        ),
        11: (
            Amend(62, "会议分办", unit="计划财务科", leader="季同舟", due_in=-12),
            claim(58, "xueqingyang"),
            Report(28, "又查明2项为登记错误，其余2项仍在核对领用单。", 90, 4),
            Press(9, "已超期，请报送未完成原因和完成日期。"),
            Press(2, "其余2项请逐项说明，今日报送。", role=Role.INSPECTOR),
        ),
    },
)

CIVIL_AFFAIRS = Story(
    "luxi_minzheng.txt",
    lights="jiangjin",
    chief="梅望舒　党组书记、局长",
    signed_ago=43,
    steps={
        1: (
            Amend(40, "会议分办", unit="养老服务科", leader="方景行", due_in=4),
            claim(39, "houxingye"),
            Report(20, "又恢复5个站点运行，累计57个。", 85, 57),
            Report(6, "累计恢复60个，其余4个完成撤并公示。", 94, 60, (2,)),
            Instruct(4, "撤并的4个站点要逐户回访老人，结果报我。", reply_in=2),
            Answer(3),
        ),
        2: (
            Amend(40, "会议分办", unit="养老服务科", leader="方景行", due_in=9),
            claim(39, "houxingye"),
            Report(15, "剩余6处隐患整改完毕，消防部门复查合格。", 100, 118, measures=ALL),
            submit(4, "118处隐患全部整改并通过复查，公办机构喷淋设施全部安装。"),
        ),
        3: _finished(30, "养老服务科", "方景行"),
        4: (
            Amend(40, "会议分办", unit="社会救助科", leader="方景行"),
            claim(38, "yucaiwei"),
            Report(32, "复核档案归档完毕，抽查入户照片齐全。", 100, measures=ALL),
            submit(31, "3126户全部复核，停发和调整均有书面告知。"),
            close(26, "电话抽查30户，情况属实，同意销号。"),
        ),
        5: _finished(29, "社会救助科", "方景行"),
        6: (
            Amend(40, "会议分办", unit="社会救助科", leader="梅望舒", due_in=30),
            claim(38, "yucaiwei"),
            Report(12, "又完成退款1笔，剩余2笔签订分期退款协议。", 89, 17, (1,)),
        ),
        7: (Amend(40, "会议分办", unit="社会事务科", leader="梅望舒", due_in=36),),
        8: _finished(28, "办公室", "梅望舒"),
        9: (
            Amend(40, "会议分办", unit="社会事务科", leader="方景行", due_in=60),
            claim(37, "zhuanghuaimin"),
            Report(9, "冬至前鲜花换纸钱活动方案已定，劝导点增至11处。", 70, measures=(1,)),
        ),
    },
)

# Fed back three weeks ago: the plan is still being drafted, so nothing is started.
ARCHIVES = Story(
    "yanchuan_dangan.txt",
    chief="岑伯年　党组书记、馆长",
    signed_ago=10,
    steps={
        serial: (Amend(8, "会议分办", unit=unit, leader=leader),)
        for serial, unit, leader in (
            (1, "保管利用科", "邬静之"),
            (2, "办公室", "邬静之"),
            (4, "保管利用科", "邬静之"),
            (5, "保管利用科", "岑伯年"),
        )
    },
)

STORIES = (PARKS, CIVIL_AFFAIRS, TRANSPORT, ARCHIVES)
