from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from tracker.choices import CheckingWay, CheckItem, ReopenGround
from tracker.forms.fields import NOT_ENDLESS, day_field
from tracker.models import Ticket
from tracker.workflow import Move


class MoveForm(forms.Form):
    """The confirmation of one workflow move, asking exactly what this move needs.

    Each item of the acceptance checklist is ticked or explained.
    """

    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), validators=[NOT_ENDLESS])
    way = forms.ChoiceField(
        label="核查方式",
        choices=CheckingWay,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择核查方式。"},
    )
    ground = forms.ChoiceField(
        label="重启依据",
        choices=ReopenGround,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择重启依据。"},
    )
    due_on = day_field("新的整改时限")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, ticket: Ticket, move: Move, **kwargs):
        super().__init__(*args, initial={"version": ticket.version}, **kwargs)
        if move.needs_note:
            self.fields["note"].label = move.note_label
            self.fields["note"].error_messages["required"] = f"请填写{move.note_label}。"
        else:
            del self.fields["note"]
        self.move = move
        self.items = list(CheckItem) if move.needs_checklist else []
        for item in self.items:
            self.fields[f"yes_{item}"] = forms.BooleanField(label=item.label, required=False)
            why = forms.CharField(required=False, validators=[NOT_ENDLESS])
            why.widget.attrs |= {
                "aria-label": f"{item.label}的说明",
                "placeholder": "不能勾选的，写明原因",
            }
            self.fields[f"why_{item}"] = why
        if not move.by_level:
            del self.fields["way"]
        if not move.needs_ground:
            del self.fields["ground"]
        if not move.needs_deadline:
            del self.fields["due_on"]

    def given(self) -> dict[str, Any]:
        """What was filled in, as `Ticket.move` takes it."""
        given = {
            name: value
            for name, value in self.cleaned_data.items()
            if not name.startswith(("yes_", "why_"))
        }
        if self.items:
            given["explained"] = {
                item: self.cleaned_data[f"why_{item}"]
                for item in self.items
                if not self.cleaned_data[f"yes_{item}"]
            }
        return given

    def clean(self):
        for item in self.items:
            if not self.cleaned_data[f"yes_{item}"] and not self.cleaned_data.get(f"why_{item}"):
                self.add_error(f"why_{item}", f"“{item.label}”未勾选，请写明原因。")
        return self.cleaned_data

    def plain_fields(self) -> list[BoundField]:
        return [
            field for field in self.visible_fields() if not field.name.startswith(("yes_", "why_"))
        ]

    def checklist(self) -> Iterator[tuple[BoundField, BoundField]]:
        for item in self.items:
            yield self[f"yes_{item}"], self[f"why_{item}"]
