"""A folder of bulletins, imported without questions."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import acts_for
from tests.sample import BULLETIN, CONTENT
from tracker.choices import Role
from tracker.models import Bulletin, Inspection, Ticket, Unit

pytestmark = pytest.mark.django_db


def run(*args, **kwargs):
    out = StringIO()
    try:
        call_command("import_bulletins", *args, stdout=out, **kwargs)
    finally:
        lines = out.getvalue().splitlines()
    return lines


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "01.txt").write_bytes(CONTENT)
    return tmp_path


def test_it_prints_one_line_for_each_file(folder, operator):
    (line,) = run(folder)

    assert line.startswith("01.txt: ")
    assert "4个问题，7条措施，0处提醒" in line
    assert Bulletin.objects.get().imported_by == operator


def test_a_second_run_says_already_imported(folder, operator):
    run(folder)

    (line,) = run(folder)

    assert "已于" in line
    assert Ticket.objects.count() == 4


def test_a_refused_file_does_not_stop_the_rest(folder, operator, capsys):
    (folder / "00.txt").write_bytes(b"\x00\x01\x02" * 400)
    # Another team and another day: with one of them alone it might be the same inspection.
    other = BULLETIN.replace("2026年9月1日", "2026年9月2日").replace("第七巡察组", "第八巡察组")
    (folder / "02.txt").write_bytes(other.encode())
    out = StringIO()

    with pytest.raises(CommandError, match="1 of 3"):
        call_command("import_bulletins", folder, stdout=out)

    lines = out.getvalue().splitlines()
    assert [line.split(":")[0] for line in lines] == ["00.txt", "01.txt", "02.txt"]
    assert Bulletin.objects.count() == 2


def test_new_units_go_where_it_is_told(folder, db):
    city = Unit.objects.create(name="临江市")
    part = Unit.objects.create(name="临江市水务系统", short_name="水务系统", parent=city)
    acts_for(city, Role.OPERATOR, username="op")

    run(folder, under="水务系统")

    assert Inspection.objects.get().unit.parent == part


def test_by_default_the_operator_of_the_highest_unit_imports(folder, department, bureau):
    acts_for(department, Role.OPERATOR, username="low")
    high = acts_for(bureau, Role.OPERATOR, username="high")

    run(folder)

    assert Bulletin.objects.get().imported_by == high


def test_it_imports_as_somebody_who_may(folder, operator, clerk):
    with pytest.raises(CommandError, match="Only an operator"):
        run(folder, username="clerk")
    with pytest.raises(CommandError, match="no person"):
        run(folder, username="nobody")

    run(folder, username="operator")

    assert Bulletin.objects.exists()


def test_a_folder_that_is_not_there_is_named(db, tmp_path):
    with pytest.raises(CommandError, match="no such folder"):
        run(tmp_path / "nothing")
