"""The settings of a round in the admin: its lights, row by row or from a preset."""

from django import forms
from django.core.exceptions import ValidationError

from tracker.choices import Condition, ExtensionStep, Role
from tracker.lights import PRESETS
from tracker.models import Band, Round
from tracker.workflow import LEVELS


class BandForm(forms.ModelForm):
    """One light; what may light it, and who is told, are ticked."""

    conditions = forms.MultipleChoiceField(
        choices=Condition, label="亮灯条件", widget=forms.CheckboxSelectMultiple
    )
    tells = forms.MultipleChoiceField(
        choices=Role, label="亮灯时告知", required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Band
        fields = (
            "order",
            "light",
            "word",
            "colour",
            "shape",
            "conditions",
            "days",
            "in_workdays",
            "tells",
        )


class BandFormSet(forms.BaseInlineFormSet):
    """The lights of a round together: every ticket must get one."""

    def clean(self):
        super().clean()
        rows = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        if any(self.errors) or not rows:
            return
        rows.sort(key=lambda row: row["order"])
        lit = {condition for row in rows for condition in row["conditions"]}
        if missing := [c.label for c in (Condition.CLOSED, Condition.OVERDUE) if c not in lit]:
            raise ValidationError(f"没有一种灯的条件是“{'”、“'.join(missing)}”。")
        if Condition.OTHERWISE not in rows[-1]["conditions"]:
            raise ValidationError("判灯顺序最后的一种灯，条件必须是“其余”，否则有的问题没有灯。")
        if any(Condition.OTHERWISE in row["conditions"] for row in rows[:-1]):
            raise ValidationError("“其余”只能放在判灯顺序的最后，后面的灯永远不会亮。")


class LevelsField(forms.MultipleChoiceField):
    """Levels of review or approval as boxes, kept in their fixed order however they come in."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, choices, **kwargs):
        super().__init__(choices=choices, **kwargs)

    def prepare_value(self, value):
        return value.split(",") if isinstance(value, str) else value

    def clean(self, value):
        chosen = super().clean(value)
        return ",".join(level for level, _ in self.choices if level in chosen)

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)


class RoundForm(forms.ModelForm):
    """A round, its levels as boxes, with the offer to take a preset in place of its lights."""

    review_roles = LevelsField(
        choices=[(role.value, f"{role.label}（{words}）") for role, words in LEVELS.items()],
        label="审核级次",
        help_text=Round._meta.get_field("review_roles").help_text,
        error_messages={"required": "至少选一级审核。"},
    )
    extension_steps = LevelsField(
        choices=ExtensionStep.choices,
        label="延期审批",
        help_text=Round._meta.get_field("extension_steps").help_text,
        error_messages={"required": "至少选一级审批。"},
    )
    preset = forms.ChoiceField(
        choices=[("", "保留下面的灯"), *((name, one.label) for name, one in PRESETS.items())],
        required=False,
        label="套用一套灯",
        help_text="选了就整套换掉下面的灯，保存后还可以逐行改。",
    )

    class Meta:
        model = Round
        fields = "__all__"  # noqa: DJ007 - the admin lists the fields
