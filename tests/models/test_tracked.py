"""Every version of every business record is kept, and nothing in the code writes past it."""

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from tests.conftest import JUSTIFIED, PAST_IT, ROOT
from tests.factories import InspectionFactory, MeasureFactory, UnitFactory
from tracker.models import Measure, Person, Ticket
from tracker.models.tracked import TRACKED, UNTRACKED, create_all


def test_every_model_is_tracked_or_says_why_not():
    models = {
        model.__name__
        for model in apps.get_app_config("tracker").get_models()
        if not model.__name__.startswith("Historical") and not model._meta.auto_created
    }

    assert models == {model.__name__ for model in TRACKED} | set().union(*UNTRACKED.values())


# -- nothing writes past it -----------------------------------------------------------------------


def words_of_tracked() -> set[str]:
    """How code gets at rows of tracked models: by the model, or from a record that refers to it."""
    words = {model.__name__ for model in TRACKED}
    for model in TRACKED:
        for field in model._meta.get_fields():
            if field.many_to_one and field.concrete and field.remote_field:
                name = field.remote_field.get_accessor_name()
                words |= {name} if name and not name.endswith("+") else set()
    return words


def writes_past_versions() -> Iterator[tuple[str, str, int]]:
    words = words_of_tracked()
    for path in sorted((ROOT / "tracker").rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr not in PAST_IT:
                continue
            said = [
                part.id if isinstance(part, ast.Name) else part.attr
                for part in ast.walk(node.func.value)
                if isinstance(part, ast.Name | ast.Attribute)
            ]
            if found := words & set(said):
                yield str(path.relative_to(ROOT)), min(found), node.lineno


def test_nothing_writes_past_the_versions():
    found = {(file, word): line for file, word, line in writes_past_versions()}

    assert {place: line for place, line in found.items() if place not in JUSTIFIED} == {}
    assert set(JUSTIFIED) <= set(found)  # an excuse that nobody needs any more goes


# -- what is kept ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_under_no_other_name_either(ticket):
    """What the scan cannot read off the code is refused when it happens."""
    rows, row = Ticket.objects.all(), {"title": "改写"}
    code = compile("rows.update(**row)", str(ROOT / "tracker" / "anywhere.py"), "exec")

    with pytest.raises(AssertionError, match="writes past the versions"):
        exec(code, {"rows": rows, "row": row})
    assert rows.update(**row) == 1


@pytest.mark.django_db
class TestVersions:
    def test_a_page_says_who_when_what_and_in_which_request(self, client, operator, bureau):
        client.force_login(operator)
        response = client.post(
            f"/admin/tracker/unit/{bureau.pk}/change/",
            {
                "name": "临江市水利局",
                "short_name": "市水务局",
                "sort_no": "0",
                "aliases-TOTAL_FORMS": "0",
                "aliases-INITIAL_FORMS": "0",
            },
        )

        new, old = bureau.history.all()
        assert (old.name, new.name) == ("临江市水务局", "临江市水利局")
        assert (new.history_type, new.history_user) == ("~", operator)
        assert new.request_id == response["X-Request-ID"]
        assert [change.field for change in new.diff_against(old).changes] == ["name"]

    def test_a_correction_keeps_its_reason(self, ticket, operator):
        ticket.amend({"title": "台账不全"}, by=operator, why="会议纪要", version=1)

        version = ticket.history.first()
        assert (version.title, version.version) == ("台账不全", 2)
        assert (version.history_user, version.history_change_reason) == (operator, "会议纪要")

    def test_a_role_that_is_taken_away_is_kept(self, clerk):
        Kept = clerk.memberships.model.history.model
        clerk.memberships.all().delete()

        assert list(Kept.objects.values_list("history_type", flat=True)) == ["-", "+"]

    def test_many_new_rows_have_their_first_version(self, ticket):
        create_all(Measure, [MeasureFactory.build(ticket=ticket, order=n) for n in (1, 2, 3)])

        assert Measure.history.filter(ticket=ticket, history_type="+").count() == 3

    def test_no_password_is_kept_and_a_login_is_no_change(self, client, clerk):
        before = clerk.history.count()
        client.force_login(clerk)

        columns = {field.name for field in Person.history.model._meta.get_fields()}
        assert "password" not in columns
        assert clerk.history.count() == before

    def test_numbers_are_handed_out_without_a_version(self, db):
        inspection = InspectionFactory()
        before = inspection.history.count()

        assert list(inspection.take_serials(2)) == [1, 2]
        assert inspection.history.count() == before

    @pytest.mark.parametrize("statement", ["UPDATE {} SET name = 'x'", "DELETE FROM {}"])
    def test_the_database_keeps_the_versions(self, statement):
        UnitFactory()

        with (
            pytest.raises(IntegrityError, match="历史版本只能新增"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format("tracker_historicalunit"))

    def test_a_move_that_is_rolled_back_leaves_none(self, ticket):
        before = ticket.history.count()
        with transaction.atomic():
            Ticket.objects.get(pk=ticket.pk).save()
            assert ticket.history.count() == before + 1
            transaction.set_rollback(True)

        assert ticket.history.count() == before
