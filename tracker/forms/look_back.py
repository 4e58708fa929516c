import secrets

from django import forms

from tracker.choices import Kind, LookBackResult
from tracker.forms.fields import words_field
from tracker.forms.units import offer_units
from tracker.models import Person, Unit


class DrawForm(forms.Form):
    """What to draw from, how many, and the seed with which anybody can repeat the draw."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="牵头单位", required=False, empty_label="全部单位"
    )
    kind = forms.ChoiceField(
        label="整改类型", choices=[("", "全部类型"), *Kind.choices], required=False
    )
    size = forms.IntegerField(
        label="抽查数",
        min_value=1,
        max_value=500,
        initial=5,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "请填写1至500的整数。"
        ),
    )
    seed = forms.CharField(
        label="随机种子",
        max_length=32,
        help_text="可以当场报一个数；用同一种子、同一范围，谁来抽都是同一结果。",
        error_messages={"required": "请填写种子。", "max_length": "种子最多32个字。"},
    )

    def __init__(self, *args, person: Person, **kwargs):
        super().__init__(*args, **kwargs)
        offer_units(self.fields["unit"], Unit.objects.subtree(*person.reach_for("look_back")))
        self.fields["seed"].initial = str(secrets.randbelow(10**6)).zfill(6)


class LookBackItemForm(forms.Form):
    """What was found of one drawn ticket."""

    result = forms.ChoiceField(
        label="结果",
        choices=LookBackResult,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择结果。"},
    )
    note = words_field("情况", "请写明情况。")
