from datetime import date

import pytest
from django.core.management import CommandError, call_command

from tests.factories import PersonFactory
from tracker.checks import check_evidence_is_not_served, check_there_is_room, wrong_database
from tracker.models import DemoMark, Holiday

pytestmark = pytest.mark.django_db


class TestWrongDatabase:
    """Production and the demo each refuse the other's database."""

    def test_production_starts_on_a_database_of_its_own(self):
        PersonFactory()

        assert wrong_database() == ""

    def test_production_refuses_the_database_of_a_demo(self):
        DemoMark.objects.create()

        assert "passwords are published" in wrong_database()

    def test_the_demo_starts_on_an_empty_database(self, settings):
        settings.PRODUCTION, settings.TRACKER_DEMO = False, True

        assert wrong_database() == ""

    def test_the_demo_starts_on_its_own_database(self, settings):
        settings.PRODUCTION, settings.TRACKER_DEMO = False, True
        DemoMark.objects.create()
        PersonFactory()

        assert wrong_database() == ""

    def test_the_demo_refuses_a_database_with_real_people(self, settings):
        settings.PRODUCTION, settings.TRACKER_DEMO = False, True
        PersonFactory()

        assert "was not made by the demo" in wrong_database()

    def test_check_stops_on_it(self):
        DemoMark.objects.create()

        with pytest.raises(CommandError, match=r"guatu\.E001"):
            call_command("check", databases=["default"])


class TestHolidays:
    """A year without its notice is announced, not silently counted Monday to Friday."""

    def test_this_year_is_loaded(self, today, capsys):
        call_command("check", databases=["default"])

        assert "guatu.W001" not in capsys.readouterr().err

    def test_a_year_without_holidays_warns(self, today, capsys):
        Holiday.objects.filter(on__year=2026).delete()

        call_command("check", databases=["default"])

        assert "The holidays of 2026 are not loaded" in capsys.readouterr().err

    def test_the_new_year_warns_until_its_notice_is_entered(self, time_machine, capsys):
        time_machine.move_to("2027-01-04T09:00:00+08:00")
        call_command("check", databases=["default"])
        assert "guatu.W001" in capsys.readouterr().err

        Holiday.objects.create(on=date(2027, 1, 1), name="元旦")
        call_command("check", databases=["default"])
        assert "guatu.W001" not in capsys.readouterr().err


class TestEvidenceIsNotServed:
    def test_a_folder_of_its_own_is_well(self):
        assert check_evidence_is_not_served(None) == []

    def test_a_folder_below_the_static_files_is_refused(self, settings):
        settings.TRACKER_MEDIA = settings.BASE_DIR / "static" / "media"

        assert [error.id for error in check_evidence_is_not_served(None)] == ["guatu.E004"]


class TestFreeSpace:
    """A full disk stops every act: who keeps the server is told before."""

    def test_enough_is_not_spoken_of(self, settings):
        settings.FREE_MEGABYTES = 1

        assert check_there_is_room(None) == []

    def test_too_little_warns_here_and_at_the_administrator(
        self, settings, client, system_administrator, security_administrator
    ):
        settings.FREE_MEGABYTES = 1024**3

        warnings = check_there_is_room(None)
        assert {warning.id for warning in warnings} == {"guatu.W002"}
        assert str(settings.TRACKER_MEDIA) in warnings[0].msg
        client.force_login(system_administrator)
        assert "磁盘快满了：佐证材料所在的磁盘只剩" in client.get("/admin/").content.decode()
        client.force_login(security_administrator)
        assert "磁盘快满了" not in client.get("/admin/").content.decode()
