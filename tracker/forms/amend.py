from django import forms
from django.utils.html import format_html_join

from tracker.forms.fields import DateInput
from tracker.forms.meeting import MeetsHalfway
from tracker.forms.units import offer_units
from tracker.models import Ticket, Unit
from tracker.names import Directory


class AmendForm(MeetsHalfway):
    """Corrects facts of a ticket, with the reason; an old version is told what happened since."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.CharField(
        label="依据",
        max_length=200,
        help_text="写明为什么改，如批示、会议纪要的日期；会记入变更历史。",
        widget=forms.TextInput(attrs={"size": 80}),
    )

    class Meta:
        model = Ticket
        fields = (
            "title",
            "leader",
            "leader_text",
            "lead_unit",
            "lead_unit_text",
            "co_units",
            "person",
            "person_text",
            "kind",
            "due_on",
        )
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2, "cols": 80}),
            "due_on": DateInput(),
            "co_units": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        ticket = self.instance
        self.initial["seen"] = ticket.version
        self.remember(AmendForm.Meta.fields)
        if self.fields.keys() >= {"leader", "lead_unit"}:  # a closed ticket is shown without
            self._people_and_units(ticket)

    def _people_and_units(self, ticket: Ticket) -> None:
        """Offer the people and units of the inspected unit, and whoever is named already."""
        directory = Directory.for_ticket(ticket)
        for name in ("leader", "person"):
            people = {person.pk: directory.label(person) for person in directory.people}
            if current := getattr(ticket, name):
                people.setdefault(current.pk, str(current))
            field = self.fields[name]
            field.queryset = field.queryset.filter(pk__in=people)
            field.label_from_instance = lambda person, people=people: people[person.pk]
        units = Unit.objects.subtree(ticket.inspection.unit.path, ticket.lead_unit.path)
        for name in ("lead_unit", "co_units"):
            offer_units(self.fields[name], units)
        for name in ("leader", "person", "lead_unit", "co_units"):
            # The admin's pencils beside a field lead to pages that operators do not have.
            for link in ("add", "change", "view", "delete"):
                setattr(self.fields[name].widget, f"can_{link}_related", False)

    def clean(self):
        cleaned = super().clean()
        current = Ticket.objects.values_list("version", flat=True).get(pk=self.instance.pk)
        if cleaned.get("seen") not in (None, current):
            seen = cleaned["seen"]
            both = self.meet_halfway()
            # The next try is made knowing what this message says.
            self.data[self.add_prefix("seen")] = current
            changes = self.instance.changes.filter(ticket_version__gt=seen).select_related("by")
            moves = self.instance.transitions.filter(ticket_version__gt=seen).select_related("by")
            lines = [(c.by, f"{c.field}：{c.old} → {c.new}") for c in changes]
            lines += [(m.by, m.get_move_display()) for m in moves]
            raise forms.ValidationError(
                format_html_join(
                    "",
                    "{}{}",
                    [
                        ("没有保存：您填写期间，这条记录已被别人修改。", ""),
                        *((f"　{by} ", words) for by, words in lines),
                        ("　您改过的都还在下面，没有改的已换成现在的值，核对后再保存一次。", ""),
                        (f"您和别人都改了{'、'.join(both)}，再保存就以您填的为准。", "")
                        if both
                        else ("", ""),
                    ],
                )
            )
        differing = [
            name
            for name in Ticket.AMENDABLE
            if name in cleaned and cleaned[name] != getattr(self.instance, name)
        ]
        if reason := self.instance.amend_refusal(differing):
            raise forms.ValidationError(reason)
        return cleaned
