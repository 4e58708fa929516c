from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.utils import timezone


class OwnPasswordForm(PasswordChangeForm):
    """A new password of one's own; the present one is asked for whatever led here."""

    def save(self, commit=True):
        self.user.take_password(self.cleaned_data["new_password1"], timezone.now())
        return self.user


class TokenForm(forms.Form):
    """The six digits that the phone shows, or a recovery code."""

    token = forms.CharField(
        label="动态口令",
        max_length=16,
        help_text="手机上显示的六位数字；手机不在身边时填一个恢复码。",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}
        ),
    )

    def clean_token(self):
        return self.cleaned_data["token"].replace(" ", "").lower()
