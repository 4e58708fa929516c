from django import forms

from tracker.forms.fields import at_most, words_field
from tracker.forms.report import FilesField
from tracker.models import Measure, Ticket


class EvidenceForm(forms.Form):
    """Files for a ticket, or for one of its measures."""

    files = FilesField(label="文件", error_messages={"required": "请选择文件。"})
    measure = forms.ModelChoiceField(
        Measure.objects.none(), label="对应措施", required=False, empty_label="整个问题"
    )
    make_key = forms.BooleanField(label="所选的第一份是关键佐证", required=False)

    def __init__(self, *args, ticket: Ticket, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["measure"].queryset = ticket.measures.all()
        if not ticket.measures.all():
            del self.fields["measure"]


class WithdrawForm(forms.Form):
    """Why a file is taken out of the evidence."""

    why = words_field("撤回原因", rows=3, validator=at_most(300))
