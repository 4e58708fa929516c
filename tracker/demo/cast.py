"""The invented city of 砚川: its units, its people, and the logins that the demo prints."""

from typing import NamedTuple

from tracker.choices import Post, Role

# Published on purpose: one password for everybody in the demo, and nobody outside it.
PASSWORD = "yanchuan-demo"

CITY = "砚川市"
TRANSPORT, PARKS = "砚川市交通运输局", "砚川市园林绿化局"
ARCHIVES = "砚川市档案馆"
DISTRICT, CIVIL_AFFAIRS = "砚川市鹿溪区", "鹿溪区民政局"

# Name, short name, parent.
UNITS = [
    (CITY, "", None),
    (TRANSPORT, "市交通运输局", CITY),
    (PARKS, "市园林绿化局", CITY),
    (ARCHIVES, "市档案馆", CITY),
    (DISTRICT, "鹿溪区", CITY),
    (CIVIL_AFFAIRS, "区民政局", DISTRICT),
]


# How the inspections are reviewed: the rounds that their bulletins name.
ROUNDS = {
    "第四轮巡察": (Role.OFFICE, Role.INSPECTOR),
    "第五轮巡察": (Role.HEAD, Role.OFFICE, Role.INSPECTOR),
    "第六轮巡察": (Role.LEADER, Role.OFFICE, Role.PARTY),
    "第七轮巡察": (Role.OFFICE, Role.PARTY),
}


class Someone(NamedTuple):
    """A person with a duty; `department` is a unit below the one under which they stand."""

    username: str
    name: str
    title: str
    role: Role
    department: str = ""
    also: tuple[Role, ...] = ()


# The departments follow from who works where, in this order.
PEOPLE = {
    CITY: [
        Someone("hemin", "何敏之", "市委巡察办综合科", Role.OPERATOR),
        Someone("chengyining", "程以宁", "市委巡察办督查科", Role.INSPECTOR),
        Someone("gaoyuanshan", "高远山", "市委巡察办主任", Role.VIEWER),
    ],
    TRANSPORT: [
        Someone("guchengyuan", "顾承远", "党组书记、局长", Role.PARTY, also=(Role.LEADER,)),
        Someone("shenshaoan", "沈绍安", "副局长", Role.LEADER),
        Someone("jiangyining", "蒋以宁", "副局长", Role.LEADER),
        Someone("luwenxin", "陆文馨", "机关党委书记", Role.LEADER, also=(Role.PARTY,)),
        Someone("hanmuzhi", "韩牧之", "总工程师", Role.LEADER),
        Someone("mengxiaochuan", "孟晓川", "主任", Role.STAFF, "办公室"),
        Someone("suyanqing", "苏砚清", "专职副书记", Role.STAFF, "机关党委"),
        Someone("bairuolan", "白若兰", "科长", Role.STAFF, "组织人事科"),
        Someone("xujingshu", "许静姝", "科长", Role.STAFF, "计划财务科"),
        Someone("yezhiqiu", "叶知秋", "科长", Role.STAFF, "公路建设科"),
        Someone("songhuaijin", "宋怀瑾", "科长", Role.STAFF, "运输管理科"),
        Someone("hechanglin", "贺长林", "科长", Role.STAFF, "安全监督科"),
        Someone("shiwanjun", "石万钧", "支队长", Role.STAFF, "综合行政执法支队"),
        Someone("dingchunhe", "丁春和", "主任", Role.STAFF, "市公路养护中心"),
        Someone("peisiyuan", "裴思远", "整改办副主任", Role.OFFICE),
        Someone("wenruhe", "温如鹤", "秘书", Role.STAFF, "办公室"),
        Someone("liuxinmiao", "柳新苗", "干事", Role.STAFF, "机关党委"),
        Someone("tongyinuo", "童一诺", "干事", Role.STAFF, "组织人事科"),
        Someone("haojinghao", "郝静好", "会计", Role.STAFF, "计划财务科"),
        Someone("lingyunzhou", "凌云舟", "工程师", Role.STAFF, "公路建设科"),
        Someone("qiaomusheng", "乔木生", "科员", Role.STAFF, "运输管理科"),
        Someone("feisiqi", "费思齐", "科员", Role.STAFF, "安全监督科"),
        Someone("jiangdu", "江渡", "内勤", Role.STAFF, "综合行政执法支队"),
        Someone("taoanzhi", "陶安之", "工程师", Role.STAFF, "市公路养护中心"),
    ],
    PARKS: [
        Someone("jitongzhou", "季同舟", "党组书记、局长", Role.PARTY, also=(Role.LEADER,)),
        Someone("fanlixia", "樊立夏", "副局长", Role.LEADER),
        Someone("yinsuxin", "尹素心", "主任", Role.HEAD, "办公室"),
        Someone("luxingjian", "鲁行简", "科长", Role.HEAD, "计划财务科"),
        Someone("geqiubai", "葛秋白", "科长", Role.HEAD, "规划建设科"),
        Someone("zoumingyuan", "邹明远", "科长", Role.HEAD, "养护管理科"),
        Someone("tangruogu", "汤若谷", "科长", Role.HEAD, "公园管理科"),
        Someone("qinruoshui", "秦若水", "整改办主任", Role.OFFICE),
        Someone("yuemingke", "岳明珂", "秘书", Role.STAFF, "办公室"),
        Someone("xueqingyang", "薛清扬", "会计", Role.STAFF, "计划财务科"),
        Someone("leimingyuan", "雷鸣远", "工程师", Role.STAFF, "规划建设科"),
        Someone("niexiaoman", "聂小满", "科员", Role.STAFF, "养护管理科"),
        Someone("fengzhiwei", "冯知微", "科员", Role.STAFF, "公园管理科"),
    ],
    CIVIL_AFFAIRS: [
        Someone("meiwangshu", "梅望舒", "党组书记、局长", Role.PARTY, also=(Role.LEADER,)),
        Someone("fangjingxing", "方景行", "副局长", Role.LEADER),
        Someone("gongyifan", "龚一帆", "主任", Role.STAFF, "办公室"),
        Someone("houxingye", "侯星野", "科长", Role.STAFF, "养老服务科"),
        Someone("yucaiwei", "俞采薇", "科长", Role.STAFF, "社会救助科"),
        Someone("zhuanghuaimin", "庄怀民", "科长", Role.STAFF, "社会事务科"),
        Someone("qiuheyi", "邱和一", "科员", Role.STAFF, "社会救助科"),
        Someone("wangzhixia", "汪知夏", "整改办主任", Role.OFFICE),
    ],
    ARCHIVES: [
        Someone("cenbonian", "岑伯年", "党组书记、馆长", Role.PARTY, also=(Role.LEADER,)),
        Someone("wujingzhi", "邬静之", "副馆长", Role.LEADER),
        Someone("xiangzhixing", "项知行", "整改办主任", Role.OFFICE),
        Someone("jishuyao", "纪书瑶", "主任", Role.STAFF, "办公室"),
        Someone("ruanqinghe", "阮清和", "科长", Role.STAFF, "保管利用科"),
        Someone("tangxiaohe", "汤小禾", "馆员", Role.STAFF, "保管利用科"),
    ],
}

OPERATOR, INSPECTOR = "hemin", "chengyining"
# 三员: each keeps one third of what a superuser would have, and none sees the business.
ADMINISTRATORS = [
    ("xitong", "钟越", Post.SYSTEM),
    ("anquan", "秦野", Post.SECURITY),
    ("shenji", "闻舒", Post.AUDITOR),
]
# Typed a wrong password too often, just before the demo is looked at.
LOCKED_OUT = "jiangdu"
# The secret address of the display in the demo, as public as the password.
SCREEN = "yanchuan-jiaotong-yanshi"
# One login for each role, and a clerk elsewhere who must see nothing of the first clerk's work.
LOGINS = [
    ("承办人", "lingyunzhou", "市交通运输局公路建设科填报人：认领、填报、提交销号"),
    ("责任人", "yezhiqiu", "同一科的科长：可以填报，不能提交自己负责的问题"),
    ("部门负责人", "zoumingyuan", "市园林绿化局养护管理科：部门初审"),
    ("责任领导", "shenshaoan", "市交通运输局：复核自己领衔的问题"),
    ("整改办", "peisiyuan", "市交通运输局：复核、重启、回头看"),
    ("党组", "guchengyuan", "市交通运输局：审定"),
    ("方案编制", "xiangzhixing", "市档案馆整改办：整改方案正在拟定"),
    ("巡察办", INSPECTOR, "全市：验收销号，看作战图和总览"),
    ("只读领导", "gaoyuanshan", "全市：只看不办"),
    ("导入员", OPERATOR, "全市：导入通报，校对，更正问题信息"),
    ("别局承办人", "houxingye", "鹿溪区民政局：看不到交通运输局的问题"),
    ("系统管理员", "xitong", "后台：建账号、单位、轮次、节假日；看不到业务"),
    ("安全管理员", "anquan", "后台：授权、解锁、结束会话；看不到业务"),
    ("审计管理员", "shenji", "只看审计记录"),
]
