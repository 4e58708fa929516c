from django import forms

from tracker.models import Inspection, Person, Screen, Unit
from tracker.models.screen import units_with_screens_of
from tracker.models.unit import told_apart


class ScreenForm(forms.ModelForm):
    """Where a display hangs, and what it shows: one inspection, or all problems of a unit."""

    subject = forms.ChoiceField(label="显示", error_messages={"required": "请选择显示什么。"})
    field_order = ("name", "subject", "masks_names")

    class Meta:
        model = Screen
        fields = ("name", "masks_names")
        error_messages = {"name": {"required": "请写明大屏挂在哪里。"}}

    def __init__(self, *args, person: Person, **kwargs):
        super().__init__(*args, **kwargs)
        units = units_with_screens_of(person)
        inspections = Inspection.objects.filter(unit__in=units.values("pk"))
        self.offered: dict[str, Inspection | Unit] = {
            f"{kind}-{one.pk}": one
            for kind, found in (
                ("inspection", inspections.select_related("unit")),
                ("unit", units.select_related("parent")),
            )
            for one in found
        }

        names = told_apart(one for one in self.offered.values() if isinstance(one, Unit))
        offered = self.offered.items()
        self.fields["subject"].choices = [
            ("", "请选择"),
            (
                "一次巡视巡察",
                [(key, str(one)) for key, one in offered if isinstance(one, Inspection)],
            ),
            (
                "一个单位的全部反馈问题",
                [(key, names[one.pk]) for key, one in offered if isinstance(one, Unit)],
            ),
        ]

    def clean_subject(self) -> Inspection | Unit:
        return self.offered[self.cleaned_data["subject"]]

    def _post_clean(self):
        """The row is made by `Screen.issue`, which knows what it shows."""
