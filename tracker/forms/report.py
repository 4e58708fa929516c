from collections.abc import Iterator
from decimal import Decimal

from django import forms
from django.core.validators import MaxLengthValidator
from django.forms.boundfield import BoundField

from tracker.models import Indicator, Measure, Ticket

# A validator and no `max_length`: a browser would cut what is pasted without a word.
NOT_ENDLESS = MaxLengthValidator(10_000, "写了%(show_value)s字，请写在10000字以内。")


def number_input(inputmode: str) -> forms.TextInput:
    """A text field with the digits of a phone's keyboard.

    In a number field a turn of the mouse wheel alters the figure, and full-width digits and
    whatever else is wrong are gone when the page comes back with the reason.
    """
    return forms.TextInput(attrs={"inputmode": inputmode})


class ReportForm(forms.Form):
    """What a unit reports of one ticket: the work done, a percentage, figures, finished measures.

    Nothing that is on record is filled in beforehand: whatever comes back was typed by this
    person, so what a colleague saved meanwhile is never undone by a field left as it was. The
    ticket comes from `for_page`.
    """

    text = forms.CharField(
        label="进展",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="写清做了什么、到什么程度、还差什么。",
        validators=[NOT_ENDLESS],
        error_messages={"required": "请填写进展。"},
    )
    percent = forms.IntegerField(
        label="完成比例（%）",
        min_value=0,
        max_value=100,
        required=False,
        widget=number_input("numeric"),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "请填写0至100的整数，不写百分号。"
        ),
    )
    done = forms.ModelMultipleChoiceField(Measure.objects.none(), required=False)
    undone = forms.ModelMultipleChoiceField(Measure.objects.none(), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, ticket: Ticket, **kwargs):
        super().__init__(*args, initial={"version": ticket.version}, **kwargs)
        if ticket.latest_percent is not None:
            self.fields["percent"].help_text = f"现为{ticket.latest_percent}%，不填则不变。"
        self.ticket = ticket
        self.measures = list(ticket.measures.all())
        self.indicators = list(ticket.indicators.all())
        for name in ("done", "undone"):
            self.fields[name].queryset = ticket.measures.all()
        for indicator in self.indicators:
            for figure, label in (("done", "已完成"), ("total", "总数")):
                field = forms.DecimalField(
                    label=f"{indicator.label}{label}",
                    min_value=0,
                    max_digits=16,
                    decimal_places=2,
                    required=False,
                    widget=number_input("decimal"),
                    error_messages={
                        "invalid": "请填写数字，不写单位。",
                        "min_value": "不能小于0。",
                    },
                )
                # They stand in a table, where no label can be seen.
                field.widget.attrs["aria-label"] = field.label
                self.fields[f"{figure}_{indicator.pk}"] = field

    def measure_boxes(self) -> Iterator[tuple[Measure, str, bool]]:
        """Each measure with the name of its box and whether that is ticked."""
        for measure in self.measures:
            name = "undone" if measure.done_on else "done"
            yield measure, name, str(measure.pk) in map(str, self[name].value() or [])

    def indicator_fields(self) -> Iterator[tuple[Indicator, BoundField, BoundField]]:
        for indicator in self.indicators:
            yield indicator, self[f"done_{indicator.pk}"], self[f"total_{indicator.pk}"]

    def figures(self) -> dict[Indicator, tuple[Decimal | None, Decimal | None]]:
        """Done and total of every indicator as of now; a field left empty changes nothing."""

        def typed(figure, indicator):
            value = self.cleaned_data[f"{figure}_{indicator.pk}"]
            return getattr(indicator, figure) if value is None else value

        return {i: (typed("done", i), typed("total", i)) for i in self.indicators}

    def measures_done(self) -> set[Measure]:
        """The whole set of finished measures after this report."""
        finished = set(self.ticket.finished_measures())
        return finished.union(self.cleaned_data["done"]).difference(self.cleaned_data["undone"])
