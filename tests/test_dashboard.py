"""总览: ages, common headings and the ranking, counted from facts of items only."""

from collections import Counter
from datetime import date

import pytest

from tracker.choices import Status
from tracker.dashboard import AGES, FedBack, ranking
from tracker.statistics import Tally, UnitTally

TODAY = date(2026, 11, 22)


def unit(name, *, total, late=0, closed=0) -> UnitTally:
    tally = Tally(
        total=total,
        by_status=Counter({Status.CLOSED: closed, Status.IN_PROGRESS: total - closed}),
        by_light=Counter({"late": late}),
        percent=None,
        earliest_due={},
    )
    return UnitTally(hash(name), name, tally)


class TestAges:
    def test_every_open_problem_has_one_age(self):
        fed = FedBack(
            {
                date(2026, 11, 22): (2, 2),
                date(2026, 10, 23): (1, 1),  # 30 days
                date(2026, 10, 22): (1, 1),  # 31 days
                date(2026, 5, 26): (3, 2),  # 180 days
                date(2026, 5, 25): (4, 4),  # 181 days
            }
        )

        ages = fed.ages(TODAY)

        assert [(age.label, age.count) for age in ages] == [
            ("30天以内", 3),
            ("31至60天", 1),
            ("61至90天", 0),
            ("91至180天", 2),
            ("180天以上", 4),
        ]
        assert sum(age.count for age in ages) == sum(n for _, n in fed.by_day.values())
        assert len(ages) == len(AGES) + 1


class TestRanking:
    def test_fewer_late_then_more_closed_comes_first(self):
        places = ranking(
            [
                unit("甲", total=10, late=2, closed=1),
                unit("乙", total=10, closed=2),
                unit("丙", total=10, closed=5),
            ]
        )

        assert [(one.place, one.unit.name) for one in places] == [(1, "丙"), (2, "乙"), (3, "甲")]

    def test_equal_units_share_a_place_and_the_next_is_left_out(self):
        places = ranking(
            [unit("甲", total=4, closed=2), unit("乙", total=8, closed=4), unit("丙", total=4)]
        )

        assert [one.place for one in places] == [1, 1, 3]

    @pytest.mark.parametrize("total", [1, 2])
    def test_a_unit_with_too_few_problems_has_no_place(self, total):
        places = ranking([unit("甲", total=total, closed=total), unit("乙", total=3, late=3)])

        assert [(one.place, one.unit.name) for one in places] == [(1, "乙"), (None, "甲")]
