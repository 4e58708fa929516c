import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.conftest import TODAY, acts_for
from tests.factories import EvidenceFactory, InspectionFactory, MeasureFactory, TicketFactory
from tracker.choices import LookBackResult, Role
from tracker.models import Evidence, LookBack, LookBackItem, Measure, SignOff, Ticket, Transition

# The next one is the last that fills in rows: it gives the look backs their place in history.
BEFORE = "0036_place_look_backs_in_history"


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_rows_of_an_earlier_version_come_along_and_are_guarded(request, bureau, department):
    """Every table keeps its rows, what is new in them is filled in, and nobody alters them."""
    if request.config.getoption("nomigrations"):
        pytest.skip("there is nothing to go back to")
    office, clerk = acts_for(bureau, Role.OFFICE), acts_for(department, Role.STAFF)
    inspection = InspectionFactory(unit=bureau)
    worked = TicketFactory(inspection=inspection, lead_unit=department)
    MeasureFactory(ticket=worked)
    EvidenceFactory(ticket=worked, by=clerk)
    worked.move("claim", by=clerk, version=1)
    TicketFactory(inspection=inspection, submitted=True)
    closed = TicketFactory(inspection=inspection, closed=True)
    LookBack.objects.draw(by=office, size=1, seed="1")
    found = {"result": LookBackResult.HOLDS, "note": "属实。", "by": office, "checked_on": TODAY}
    assert LookBackItem.objects.update(**found) == 1
    kept = (Ticket, Transition, Measure, Evidence, SignOff)
    rows = {model: list(model.objects.order_by("pk").values()) for model in kept}

    try:
        call_command("migrate", "tracker", BEFORE, verbosity=0)
    finally:
        call_command("migrate", verbosity=0)

    assert {model: list(model.objects.order_by("pk").values()) for model in kept} == rows
    item = LookBackItem.objects.get()
    assert item.ticket_version == closed.version
    assert timezone.localtime(item.at).isoformat() == f"{TODAY}T12:00:00+08:00"
    for model in (SignOff, Transition, LookBackItem):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(ticket_version=99)
