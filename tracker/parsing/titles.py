"""The core of a problem's title: what is wrong, without 关于 … 的问题 and the like."""

import re

_FORM_LABEL = re.compile(
    r"(?:巡[察视]组?|审计|督[察查]组?)?(?:反馈|指出|发现|查出|存在|交办)?(?:的)?(?:具体|主要)?"
    r"(?:问题|意见)(?:描述|内容|表现)?\s*[：:]\s*"
)
_OPENING = re.compile(r"(?:关于|针对|对)")
_EXISTING = re.compile(r"存在(?=.*问题$)")
_ENDING = re.compile(r"(?:(?:方面)?(?:所)?(?:存在)?的?(?:突出)?问题(?:的?整改(?:情况)?)?|方面)$")
_VERB = re.compile(
    r"(?:加快推进|深入推进|切实维护|大力打击|严厉打击|严厉整治|巩固拓展|进一步加强|进一步|加快|加强|加大|提升|推进|强化|切实)"
)
_VERB_ENDING = re.compile(r"(?:力度|进度|工作力度|工作|整改)$")
_QUOTED = re.compile(r"“[^“”]*”")


def title_core(title: str) -> str:
    """Return a contiguous part of the title that names the problem itself.

    A slogan of two clauses is kept whole.

    >>> [title_core(t) for t in ("关于“台账不全”的问题", "加快沟渠清淤", "针对用章方面存在的问题")]
    ['台账不全', '沟渠清淤', '用章']
    """
    core = title.strip()
    if label := _FORM_LABEL.match(core):
        core = core[label.end() :]
    if (existing := _EXISTING.match(core)) and len(core) > 6:
        core = core[existing.end() :]
    if opened := _OPENING.match(core):
        core = core[opened.end() :]
    elif not re.search(r"[，,；;]", core) and (verb := _VERB.match(core)):
        core = _VERB_ENDING.sub("", core[verb.end() :])
    shorter = _ENDING.sub("", core).strip()
    core = shorter if len(shorter) >= 2 else core
    return core[1:-1] if _QUOTED.fullmatch(core) else core or title
