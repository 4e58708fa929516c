from django import forms

from tracker.models import Ticket
from tracker.workflow import Move


class MoveForm(forms.Form):
    """The confirmation of one workflow move, with the note that the move asks for."""

    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, ticket: Ticket, move: Move, **kwargs):
        super().__init__(*args, initial={"version": ticket.version}, **kwargs)
        if move.needs_note:
            self.fields["note"].label = move.note_label
        else:
            del self.fields["note"]
