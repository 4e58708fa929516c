from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.utils import timezone


class OwnPasswordForm(PasswordChangeForm):
    """A new password of one's own; the present one is asked for whatever led here."""

    def save(self, commit=True):
        self.user.take_password(self.cleaned_data["new_password1"], timezone.now())
        return self.user


def password_field() -> forms.CharField:
    """The own password once more, before what cannot be undone: the desk may be empty."""
    return forms.CharField(
        label="您的登录密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请再填一次您的登录密码。"},
        help_text="销号后随即锁定，所以要再核对一次是您本人。",
    )


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
