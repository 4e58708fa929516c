"""A small wall with everything that merged cells can trip over."""

from datetime import date

import pytest

from tests.factories import CategoryFactory, TicketFactory


@pytest.fixture
def wall(today, inspection, department, clerk):
    """Two 方面, one 大类; problems with two measures, one, three, and none; a closed one."""
    top, other = (
        CategoryFactory(inspection=inspection, heading=heading)
        for heading in ("（一）工程管理方面", "（二）资金管理方面")
    )
    group = CategoryFactory(inspection=inspection, parent=top, heading="1.台账类")

    def problem(title, category, measures=0, **facts):
        return TicketFactory(
            inspection=inspection,
            category=category,
            title=title,
            lead_unit=department,
            measures=[
                {"number": "一二三"[order - 1], "text": f"{title}措施{order}。"}
                for order in range(1, measures + 1)
            ],
            **facts,
        )

    problem("台账不健全", group, 2, in_progress=True, person=clerk, leader_text="高副局长")
    problem("验收不及时", group, 1, in_progress=True, due_on=date(2026, 11, 2))
    problem("已改好的问题", top, 2, closed=True)
    moved = problem(
        "资金未落实", other, 3, blocked=True, in_progress=True, original_due_on=date(2026, 10, 30)
    )
    moved.measures.filter(order=2).update(due_on=date(2026, 11, 30))
    problem("没有措施的问题", other)
    return inspection


@pytest.fixture
def address(wall):
    return f"/inspections/{wall.pk}/wall/"
