from django import forms
from django.core.exceptions import ValidationError

from tracker.forms.units import offer_units
from tracker.models import Person, SavedView, Unit
from tracker.models.saved_view import LONGEST_QUERY, kept_query


class SavedViewForm(forms.ModelForm):
    """The name of a view and with whom it is shared; who may not share is not asked."""

    class Meta:
        model = SavedView
        fields = ("name", "shared_unit", "shared_role", "is_default")
        error_messages = {
            "name": {"required": "请填写名称。", "max_length": "请写在40字以内。"},
        }

    def keep(self, *, by: Person) -> bool:
        """Save what was typed, or say in the form why not."""
        try:
            self.instance.keep(by=by)
        except ValidationError as refused:
            self.add_error(None, refused.messages)
            return False
        return True

    def __init__(self, *args, by: Person, **kwargs):
        super().__init__(*args, **kwargs)
        units = Unit.objects.subtree(*by.reach_for("share_view"))
        if by.may("share_view"):
            offer_units(self.fields["shared_unit"], units)
            self.fields["shared_unit"].empty_label = "不共享，仅自己"
            self.fields["shared_role"].choices = [
                ("", "所有人"),
                *self.fields["shared_role"].choices[1:],
            ]
        else:
            del self.fields["shared_unit"], self.fields["shared_role"]


class NewViewForm(SavedViewForm):
    """As sent from a view: which one it is and its filter go along."""

    query = forms.CharField(required=False, max_length=LONGEST_QUERY, widget=forms.HiddenInput)

    class Meta(SavedViewForm.Meta):
        fields = (*SavedViewForm.Meta.fields, "view", "query")
        widgets = {"view": forms.HiddenInput}

    def clean_query(self) -> str:
        return kept_query(self.cleaned_data["query"])
