"""整改方案 as a grid: every problem with its measures, who does them and until when."""

from collections.abc import Iterable
from datetime import date

from tracker.models import Measure
from tracker.paper.grid import Cell, Head, Row
from tracker.plan_page import Row as Problem

HEADS = [
    Head("number", "序号", 15, is_centred=True),
    Head("title", "反馈问题", 46, is_heading=True),
    Head("leader", "责任领导", 20, is_centred=True),
    Head("unit", "责任部门", 26, is_centred=True),
    Head("measure", "整改措施", 82),
    Head("goal", "整改目标", 44),
    Head("doer", "措施责任", 28, is_centred=True),
    Head("due", "完成时限", 24, is_centred=True, is_date=True),
]
SIGNS = ("编制人：", "审核人：", "党组织负责人：", "（盖章）", "　　　　年　　月　　日")


def plan_rows(problems: Iterable[Problem]) -> list[Row]:
    """One row for each measure; what it says nothing of is as for its problem."""
    return [
        _row(problem, measure) for problem in problems for measure in (problem.measures or [None])
    ]


def _row(problem: Problem, measure: Measure | None) -> Row:
    ticket = problem.ticket
    key = measure.pk if measure else 0
    leader = ticket.leader_name or "未定"
    of_problem = {
        "number": ticket.printed_number or ticket.number,
        "title": ticket.title,
        "leader": leader,
        "unit": str(ticket.lead_unit),
    }
    of_measure = {"measure": "没有列出措施", "goal": "", "doer": ticket.person_name or "未定"}
    due = ticket.due_on
    if measure:
        number = f"{measure.number}、" if measure.number else ""
        doer = (measure.unit, measure.person or ticket.person_name)
        of_measure = {
            "measure": f"{number}{measure.text}",
            "goal": measure.goal,
            "doer": "\n".join(str(one) for one in doer if one) or "未定",
        }
        due = measure.due_on or ticket.due_on
    of_measure["due"] = _iso(due)
    cells = {key: Cell(words, ("problem", ticket.pk)) for key, words in of_problem.items()}
    cells |= {name: Cell(words, (ticket.pk, key, name)) for name, words in of_measure.items()}
    return Row(ticket, tuple(cells[head.key] for head in HEADS))


def _iso(on: date | None) -> str:
    return on.isoformat() if on else "未定"
