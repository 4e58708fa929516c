from typing import Any

from django import forms

from tracker.choices import ReopenGround
from tracker.forms.report import NOT_ENDLESS
from tracker.models import Ticket
from tracker.workflow import Move


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


class MoveForm(forms.Form):
    """The confirmation of one workflow move, with the note that the move asks for."""

    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), validators=[NOT_ENDLESS])
    ground = forms.ChoiceField(
        label="重启依据",
        choices=ReopenGround,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择重启依据。"},
    )
    due_on = forms.DateField(
        label="新的整改时限",
        widget=DateInput,
        error_messages={
            "required": "请填写新的整改时限。",
            "invalid": "请填写日期，如2026-12-31。",
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, ticket: Ticket, move: Move, **kwargs):
        super().__init__(*args, initial={"version": ticket.version}, **kwargs)
        if move.needs_note:
            self.fields["note"].label = move.note_label
            self.fields["note"].error_messages["required"] = f"请填写{move.note_label}。"
        else:
            del self.fields["note"]
        if not move.needs_ground:
            del self.fields["ground"]
        if not move.needs_deadline:
            del self.fields["due_on"]

    def given(self) -> dict[str, Any]:
        """What was filled in, as `Ticket.move` takes it."""
        return dict(self.cleaned_data)
