from django import forms

from tracker.choices import ReportResult
from tracker.forms.fields import words_field
from tracker.models import Ticket


class JudgeForm(forms.Form):
    """What the head or the office makes of one progress report."""

    # Two buttons carry the result.
    result = forms.ChoiceField(label="结果", choices=ReportResult)
    reason = words_field(
        "意见", rows=3, required=False, help_text="退回必须写明哪里不实、要补什么。"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, ticket: Ticket, **kwargs):
        super().__init__(*args, initial={"version": ticket.version}, **kwargs)

    def clean(self):
        cleaned = super().clean()
        returned = cleaned.get("result") == ReportResult.RETURNED
        if returned and not cleaned.get("reason", "").strip() and "reason" not in self.errors:
            self.add_error("reason", "请填写退回原因。")
        return cleaned
