"""Forms of 举一反三: register what was found, send a problem to other units, answer it."""

from collections.abc import Sequence

from django import forms

from tracker.choices import Kind, Origin
from tracker.forms.fields import day_field, words_field
from tracker.forms.plan import offer_people
from tracker.forms.units import offer_units
from tracker.models import Person, Ticket, Unit
from tracker.models.selfcheck import units_to_ask
from tracker.names import Directory


class FoundForm(forms.Form):
    """A problem that a unit found besides the feedback."""

    origin = forms.ChoiceField(
        label="来源",
        choices=Origin.choices,
        widget=forms.RadioSelect,
        help_text="查出同类问题选“举一反三”，自己发现的其他问题选“自查”；交给职能部门办的选“移交”。",
    )
    lead_unit = forms.ModelChoiceField(Unit.objects.none(), label="牵头单位")
    title = forms.CharField(label="问题", max_length=300, help_text="一句话，如“路灯台账不健全”。")
    problem = words_field("具体表现", help_text="登记后锁定，不能修改。")
    leader = forms.ModelChoiceField(Person.objects.all(), label="责任领导", required=False)
    kind = forms.ChoiceField(label="整改类型", choices=Kind.choices, initial=Kind.TIME_LIMITED)
    due_on = day_field("整改时限")

    def __init__(
        self,
        *args,
        parent: Ticket,
        units,
        origins: Sequence[Origin] = (),
        unit: Unit | None = None,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.fields["origin"].choices = [(each.value, each.label) for each in origins]
        self.fields["origin"].initial = origins[0] if origins else None
        offer_units(self.fields["lead_unit"], units)
        offer_people(self.fields["leader"], Directory.of(unit or parent.inspection.unit))
        if list(origins) == [Origin.TRANSFERRED]:
            del self.fields["leader"]  # the other unit names its own
        if unit:
            del self.fields["lead_unit"], self.fields["origin"]

    def facts(self) -> dict:
        return dict(self.cleaned_data)


class SendForm(forms.Form):
    """To which units a problem goes for self-check, what they look for, and until when."""

    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label="发给", widget=forms.CheckboxSelectMultiple
    )
    words = words_field(
        "自查什么",
        "请写明自查什么。",
        help_text="对方看不到这个问题本身，只看到这里写的话。",
    )
    due_on = day_field("答复时限")

    def __init__(self, *args, ticket: Ticket, person: Person, **kwargs):
        super().__init__(*args, **kwargs)
        offer_units(self.fields["units"], units_to_ask(ticket, person))


class NoneForm(forms.Form):
    """无此类问题, with what was looked at."""

    statement = words_field("自查情况", help_text="写明查了什么、怎么查的、结论是什么。")


class RecursForm(forms.Form):
    """Which earlier problem this one repeats (屡改屡犯)."""

    number = forms.CharField(
        label="以前的问题编号",
        max_length=24,
        required=False,
        help_text="如2025-03-004；清空则取消关联。",
    )
    why = forms.CharField(label="依据", max_length=200, help_text="写明为什么认定是同一问题。")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, ticket: Ticket, earlier, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial |= {
            "version": ticket.version,
            "number": ticket.recurs and ticket.recurs.number,
        }
        self.earlier = earlier

    def clean_number(self):
        number = self.cleaned_data["number"].strip()
        if not number:
            return None
        found = self.earlier.filter(number=number).first()
        if found is None:
            raise forms.ValidationError("您能看到的问题里没有这个编号，或者它不早于本问题。")
        return found

    def given(self) -> dict:
        """What `mark_recurrence` is called with: the problem for the number that was typed."""
        given = dict(self.cleaned_data)
        return {"earlier": given.pop("number"), **given}
