from django import forms

from tracker.forms.report import NOT_ENDLESS
from tracker.models import Ticket
from tracker.workflow import Move


class MoveForm(forms.Form):
    """The confirmation of one workflow move, with the note that the move asks for."""

    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), validators=[NOT_ENDLESS])
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, ticket: Ticket, move: Move, **kwargs):
        super().__init__(*args, initial={"version": ticket.version}, **kwargs)
        if move.needs_note:
            self.fields["note"].label = move.note_label
            self.fields["note"].error_messages["required"] = f"请填写{move.note_label}。"
        else:
            del self.fields["note"]
