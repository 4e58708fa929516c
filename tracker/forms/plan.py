"""Forms of the plan: who answers for a problem, one measure with its milestones, decisions."""

from django import forms
from django.forms import formset_factory

from tracker.forms.fields import NOT_ENDLESS, DateInput, day_field
from tracker.forms.meeting import MeetsHalfway
from tracker.forms.units import offer_units
from tracker.models import Measure, Ticket
from tracker.models.plan import units_offered
from tracker.names import Directory
from tracker.planning import PlanMove, Stop

MOST_MILESTONES = 8


def offer_people(field: forms.ModelChoiceField, directory: Directory, current=None) -> None:
    """Offer the people of the inspected unit, and whoever is named already."""
    people = {person.pk: directory.label(person) for person in directory.people}
    if current:
        people.setdefault(current.pk, str(current))
    field.queryset = field.queryset.filter(pk__in=people)
    field.label_from_instance = lambda person: people[person.pk]


class FactsForm(MeetsHalfway):
    """Who answers for a problem and by when, as the plan sets it."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Ticket
        fields = ("leader", "person", "kind", "due_on", "due_reason")
        widgets = {"due_on": DateInput(), "due_reason": forms.TextInput()}

    def __init__(self, *args, ticket: Ticket, directory: Directory, **kwargs):
        super().__init__(*args, instance=ticket, **kwargs)
        self.initial["version"] = ticket.version
        offer_people(self.fields["leader"], directory, ticket.leader)
        offer_people(self.fields["person"], directory, ticket.person)
        for name in ("leader", "person"):
            self.fields[name].empty_label = "未定"
        for name, printed in (("leader", ticket.leader_text), ("person", ticket.person_text)):
            self.fields[name].help_text = f"通报所印：{printed}" if printed else "批准前必须写明。"
        self.fields[
            "due_on"
        ].help_text = f"集中整改期至{ticket.inspection.focus_ends_on:%Y年%-m月%-d日}。"
        self.remember(self.Meta.fields)

    def _post_clean(self):
        """Leave the ticket as it is: `drafting.save_facts` sets and checks what differs."""

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class MeasureForm(MeetsHalfway):
    """One measure of the plan. Of a printed one the words stay; of an approved one the deadline."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="调整理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明为什么要调整，如会议纪要、批示的日期；审定人据此决定。",
    )

    class Meta:
        model = Measure
        fields = ("text", "goal", "unit", "person", "starts_on", "due_on", "printed")
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "goal": forms.Textarea(attrs={"rows": 2}),
            "starts_on": DateInput(),
            "due_on": DateInput(),
        }

    def __init__(
        self,
        *args,
        ticket: Ticket,
        measure: Measure | None,
        directory: Directory,
        asks: bool,
        **kwargs,
    ):
        super().__init__(*args, instance=measure, **kwargs)
        self.initial["version"] = ticket.version
        self.fields["text"].validators.append(NOT_ENDLESS)
        offer_units(self.fields["unit"], units_offered(ticket))
        self.fields["unit"].empty_label = f"{ticket.lead_unit}（牵头单位）"
        offer_people(self.fields["person"], directory, measure and measure.person)
        named = f"{ticket.person_name}（问题的责任人）" if ticket.person_name else "问题的责任人"
        self.fields["person"].empty_label = named
        self.fields["due_on"].help_text = (
            f"空则随问题的时限（{ticket.due_on:%Y年%-m月%-d日}），不能晚于它。"
            if ticket.due_on
            else ""
        )
        printed = ticket.measures.filter(added_by=None)
        self.fields["printed"].queryset = printed
        self.fields["printed"].empty_label = "没有对应"
        if not asks:
            del self.fields["reason"]
        if measure and measure.is_printed:
            self.fields["text"].disabled = True
            self.fields["text"].help_text = "通报所印，锁定不改。"
            del self.fields["printed"]
        elif not printed.exists():
            del self.fields["printed"]
        if asks and measure:
            self.fields["due_on"].disabled = True
            self.fields["due_on"].help_text = "方案批准后，时限只能申请延期。"
        self.remember(self.Meta.fields)

    def _post_clean(self):
        """Leave the measure as it is: `drafting` sets, checks and records what differs."""

    def values(self) -> dict:
        names = self.Meta.fields
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class MilestoneForm(forms.Form):
    title = forms.CharField(label="节点", max_length=100, required=False)
    due_on = day_field("应到日期", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # They stand in a table, where no label can be seen.
            field.widget.attrs["aria-label"] = f"{field.label}（第{self.number}行）"

    @property
    def number(self) -> int:
        return int(self.prefix.rsplit("-", 1)[1]) + 1

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("title")) != bool(cleaned.get("due_on")) and not self.errors:
            raise forms.ValidationError("节点和应到日期要一起填写；整行清空则删去。")
        return cleaned


_Milestones = formset_factory(
    MilestoneForm, extra=0, min_num=MOST_MILESTONES, max_num=MOST_MILESTONES, absolute_max=20
)


class MilestoneFormSet(_Milestones):
    """The milestones of one measure; empty rows count for nothing."""

    def __init__(self, data=None, *, stops=()):
        rows = [{"title": stop.title, "due_on": stop.due_on} for stop in stops]
        super().__init__(data, initial=rows, prefix="milestone")

    def stops(self) -> list[Stop]:
        rows = [form.cleaned_data for form in self.forms]
        stops = [Stop(row["title"], row["due_on"]) for row in rows if row.get("title")]
        return sorted(stops, key=lambda stop: stop.due_on)


class PlanMoveForm(forms.Form):
    """The confirmation of one move of the plan, with the words that it asks for."""

    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), validators=[NOT_ENDLESS])
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, move: PlanMove, version: int, **kwargs):
        super().__init__(*args, initial={"version": version}, **kwargs)
        note = self.fields["note"]
        note.label, note.required = move.note_label, move.needs_note
        note.error_messages["required"] = f"请填写{move.note_label}。"


class DropForm(forms.Form):
    """Why a measure of an approved plan is to be taken away."""

    reason = forms.CharField(
        label="撤下理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class DecideForm(forms.Form):
    """The decision on a request to change the plan."""

    opinion = forms.CharField(
        label="审定意见",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请填写审定意见。"},
    )
