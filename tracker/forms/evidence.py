from django import forms
from django.core.validators import MaxLengthValidator

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

    why = forms.CharField(
        label="撤回原因",
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[MaxLengthValidator(300, "写了%(show_value)s字，请写在300字以内。")],
        error_messages={"required": "请填写撤回原因。"},
    )
