"""Units to choose from, each called so that it cannot be taken for another."""

from collections.abc import Callable

from django import forms
from django.db.models import QuerySet

from tracker.models import Unit
from tracker.models.unit import told_apart


def offer_units(
    field: forms.ModelChoiceField, units: QuerySet[Unit], called: Callable[[Unit], str] = str
) -> None:
    """Offer units in the order of the tree; one query now, and one when the field is shown."""
    field.queryset = units = units.select_related("parent").order_by("path")
    names = told_apart(units, called)
    field.label_from_instance = lambda unit: names[unit.pk]
