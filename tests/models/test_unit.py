"""The tree of units: its paths stay true when a unit moves."""

import pytest
from django.core.exceptions import ValidationError

from tests.conftest import acts_for
from tests.factories import TicketFactory, UnitFactory
from tracker.choices import Role
from tracker.models import Ticket, Unit, UnitAlias

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(department):
    return UnitFactory(name="质检股", parent=department)


class TestMove:
    def test_all_below_a_unit_move_with_it(self, bureau, department, section, other_bureau):
        department.parent = other_bureau
        department.save()

        section.refresh_from_db()
        assert department.path == f"/{other_bureau.pk}/{department.pk}/"
        assert section.path == f"/{other_bureau.pk}/{department.pk}/{section.pk}/"

    def test_reach_follows_the_move(self, bureau, department, section, other_bureau):
        TicketFactory(lead_unit=section)
        old, new = acts_for(bureau, Role.VIEWER), acts_for(other_bureau, Role.VIEWER)

        department.parent = other_bureau
        department.save()

        assert not Ticket.objects.visible_to(old).exists()
        assert Ticket.objects.visible_to(new).count() == 1

    def test_a_unit_can_rise_to_the_top(self, department, section):
        department.parent = None
        department.save()

        section.refresh_from_db()
        assert section.path == f"/{department.pk}/{section.pk}/"

    def test_a_unit_cannot_go_below_itself(self, bureau, department, section):
        for below in (bureau, department, section):
            bureau.parent = below
            with pytest.raises(ValidationError, match="上级单位不能是本单位或其下级"):
                bureau.full_clean()

    def test_a_new_name_leaves_the_path_alone(self, department):
        path = department.path
        department.name = "工程管理科"
        department.save()

        department.refresh_from_db()
        assert department.path == path


class TestCalled:
    def test_a_unit_answers_to_name_short_name_and_alias(self, bureau, other_bureau):
        UnitAlias.objects.create(unit=bureau, name="水利局")

        for name in ("临江市水务局", "市水务局", "水利局"):
            assert list(Unit.objects.called(name)) == [bureau]
        assert not Unit.objects.called("水务").exists()


def test_the_units_above_are_found_by_path(bureau, department, section, other_bureau):
    found = Unit.objects.filter(pk=section.pk).and_above()

    assert set(found) == {bureau, department, section}
