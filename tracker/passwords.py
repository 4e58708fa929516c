"""What a password must be: the profile 等保 asks for composition, names and age (see settings)."""

import re

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from pypinyin import lazy_pinyin

KEPT = 5
_CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")


class LongEnough(MinimumLengthValidator):
    """As Django's, whose refusal is English whatever the language."""

    def get_error_message(self):
        return self.get_help_text()

    def get_help_text(self):
        return f"至少{self.min_length}个字符。"


class ThreeOfFour:
    """Of lower case, upper case, digits and others, three kinds at least."""

    def validate(self, password, user=None):
        if sum(bool(re.search(kind, password)) for kind in _CLASSES) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self):
        return "大写字母、小写字母、数字、符号四类中至少要有三类。"


class NotTheirOwnName:
    """Neither the account's name, nor the person's, nor its pinyin, nor that of a unit's name."""

    def validate(self, password, user=None):
        typed = re.sub(r"[\W_]", "", password.casefold())
        if user is not None and any(word in typed for word in own_words(user)):
            raise ValidationError(self.get_help_text(), code="password_has_name")

    def get_help_text(self):
        return "不能包含账号、姓名、单位简称或它们的拼音。"


def own_words(person) -> set[str]:
    """What anybody would try first for this person.

    Initials are left out where they are shorter than four letters: every password has some.
    """
    words = {person.username}
    names = [person.name]
    if person.pk:
        names += [duty.unit.short_name or duty.unit.name for duty in person.duties]
    for name in names:
        syllables = lazy_pinyin(name, errors="ignore")
        words |= {name, "".join(syllable[0] for syllable in syllables)}
        # Any part first: a surname may have two characters, and some write it behind.
        words |= {"".join(syllables[at:] + syllables[:at]) for at in range(len(syllables))}
    plain = {re.sub(r"[\W_]", "", word.casefold()) for word in words}
    return {word for word in plain if len(word) >= (4 if word.isascii() else 2)}


class NotLately:
    """None of the last five comes back. The present one is among them."""

    def validate(self, password, user=None):
        if user is None or not user.pk:
            return
        had = [user.password, *user.past_passwords.values_list("password", flat=True)[:KEPT]]
        if any(check_password(password, each) for each in dict.fromkeys(had)):
            raise ValidationError(self.get_help_text(), code="password_lately")

    def password_changed(self, password, user=None):
        """Django calls this once a new password is saved."""
        if user is not None and user.pk:
            user.past_passwords.create(password=user.password)
            old = user.past_passwords.values_list("pk", flat=True)[KEPT:]
            user.past_passwords.filter(pk__in=list(old)).delete()

    def get_help_text(self):
        return f"不能与最近{KEPT}次用过的密码相同。"
