"""Two people edit the same record: what one left alone does not undo what the other saved."""

from collections.abc import Iterable

from django import forms


def knowing(form: forms.BaseForm, version: int) -> forms.BaseForm:
    """The same form with all that was typed; the next try is made knowing what it says."""
    form.data = form.data.copy()
    form.data["version"] = version
    return form


class MeetsHalfway(forms.ModelForm):
    """A form whose fields send along what they held when it was opened.

    After somebody else was first, a field that this person left alone takes the value of now, and
    one that both altered keeps what was typed.
    """

    def remember(self, names: Iterable[str]) -> None:
        """Let these fields, as far as the form has them, send what they held at first."""
        self._remembered = [name for name in names if name in self.fields]
        for name in self._remembered:
            self.fields[name].show_hidden_initial = True

    def meet_halfway(self) -> list[str]:
        """Put the present values into the fields left alone; the labels of those both altered.

        What every field held at first becomes the present value, so that the next try counts
        only what this person wants otherwise. The record of the form is as it is now.
        """
        own, both = set(self.changed_data), []
        self.data = self.data.copy()
        for name in self._remembered:
            first = self.add_initial_prefix(name)
            if first not in self.data:
                continue
            present, seen = self._as_sent(name), self.data.getlist(first)
            self.data.setlist(first, present)
            if name not in own:
                self.data.setlist(self.add_prefix(name), present)
            elif seen != present:
                both.append(str(self.fields[name].label))
        return both

    def typed(self) -> str:
        """All that was typed or picked otherwise than it stood, to be copied."""
        names = [name for name in self.changed_data if name in self._remembered]
        lines = [(self.fields[name].label, self[name].value()) for name in names]
        return "\n".join(f"{label}：{value}" for label, value in lines if value)

    def _as_sent(self, name: str) -> list[str]:
        """What the browser would send of this field, had nobody touched it."""
        present = self.initial.get(name)
        values = present if isinstance(present, list) else [present]
        return ["" if value is None else str(getattr(value, "pk", value)) for value in values]
