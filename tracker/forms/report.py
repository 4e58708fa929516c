from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.http import QueryDict

from tracker.evidence.inspecting import ALL_EXTENSIONS
from tracker.forms.fields import at_most, day_field, words_field
from tracker.models import Indicator, Measure, Progress, ReportDraft, Ticket

# A validator and no `max_length`: a browser would cut what is pasted without a word.


def number_input(inputmode: str) -> forms.TextInput:
    """A text field with the digits of a phone's keyboard.

    In a number field a turn of the mouse wheel alters the figure, and full-width digits and
    whatever else is wrong are gone when the page comes back with the reason.
    """
    return forms.TextInput(attrs={"inputmode": inputmode})


@dataclass(frozen=True, slots=True)
class Clash:
    """A value that this person typed and a colleague set meanwhile; `name` is how a form sends it.

    `now` and `typed` are words, or a number and what was typed for it.
    """

    name: str
    label: str
    now: str | Decimal | None
    typed: str


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; what they may be, `tracker.evidence` decides by their content."""

    def __init__(self, **kwargs):
        attrs = {"accept": ",".join(f".{each}" for each in ALL_EXTENSIONS)}
        super().__init__(widget=FilesInput(attrs=attrs), **kwargs)

    @property
    def limit(self) -> int:
        """The most bytes that one file may have."""
        return settings.TRACKER_MAX_EVIDENCE_BYTES

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data]
        files = [file for file in files if file]
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"])
        return files


class ReportForm(forms.Form):
    """What a unit reports of one ticket for one period: what changed, and what comes next.

    What belongs to the ticket (figures, measures, per cent) is never filled in beforehand:
    whatever comes back was typed by this person, so what a colleague saved meanwhile is not undone
    by a field left as it was. Difficulty and forecast are carried over from `last`, since they are
    this report's own words; a report to make good (`redo`) comes back whole, and so does a draft.
    The ticket comes from `for_page`.
    """

    text = words_field(
        "本期进展",
        rows=5,
        required=False,
        help_text="只写这一期的变化：做了什么、到什么程度、还差什么。",
    )
    unchanged = forms.BooleanField(label="与上期相同，本期没有变化", required=False)
    unchanged_why = words_field("没有变化的原因", rows=2, required=False, validator=at_most(300))
    difficulty = words_field(
        "困难", rows=2, required=False, help_text="需要谁协调什么；没有就清空。"
    )
    next_step = words_field("下一步", rows=2, required=False)
    forecast_on = day_field("预计完成", required=False)
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
    files = FilesField(label="佐证材料", required=False)
    make_key = forms.BooleanField(label="所选的第一份是关键佐证", required=False)
    corrects = forms.ModelChoiceField(
        Progress.objects.none(), required=False, widget=forms.HiddenInput
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    # What a report says in words; the rest belongs to the ticket.
    WORDS = ("text", "unchanged", "unchanged_why", "difficulty", "next_step")
    # Typed on the page and kept in a draft; files stay with the browser.
    NOT_IN_DRAFT = ("version", "files")

    def __init__(
        self,
        *args,
        ticket: Ticket,
        last: Progress | None = None,
        redo: Progress | None = None,
        draft: ReportDraft | None = None,
        **kwargs,
    ):
        self.ticket, self.last, self.redo, self.draft = ticket, last, redo, draft
        super().__init__(*args, **kwargs)
        if ticket.latest_percent is not None:
            self.fields["percent"].help_text = f"现为{ticket.latest_percent}%，不填则不变。"
        self.fields["corrects"].queryset = ticket.progress.all()
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
        self.initial = {"version": ticket.version, **self._carried(), **self._drafted()}

    def _carried(self) -> dict[str, object]:
        if self.redo:
            names = ("text", "unchanged_why", "difficulty", "next_step", "forecast_on", "percent")
            carried = {name: getattr(self.redo, name) for name in names}
            return carried | {"corrects": self.redo.pk, "unchanged": bool(self.redo.unchanged_why)}
        if self.last:
            return {"difficulty": self.last.difficulty, "forecast_on": self.last.forecast_on}
        return {}

    def _drafted(self) -> dict[str, object]:
        if not self.draft:
            return {}
        typed = self.draft.typed
        many = ("done", "undone")
        return {
            name: typed.get(name, []) if name in many else "".join(typed.get(name, [])[:1])
            for name in self.draft_fields
        }

    @property
    def draft_fields(self) -> list[str]:
        return [name for name in self.fields if name not in self.NOT_IN_DRAFT]

    def clashes(self, reports: Iterable[Progress], changed_fields: Collection[str]) -> list[Clash]:
        """What was typed here and set by these reports of colleagues, with both values.

        `changed_fields` names, in the words of the history, what else was changed meanwhile.
        """
        reports, found = list(reports), []
        if self["percent"].value() and any(each.percent is not None for each in reports):
            now = self.ticket.latest_percent
            found.append(Clash("percent", self["percent"].label, now, self["percent"].value()))
        reported = {figure.indicator_id for each in reports for figure in each.figures.all()}
        for indicator, *fields in self.indicator_fields():
            for field, now in zip(fields, (indicator.done, indicator.total), strict=True):
                if indicator.pk in reported and field.value():
                    found.append(Clash(field.name, field.label, now, field.value()))
        for measure in self.measures:
            name, typed = ("undone", "未完成") if measure.done_on else ("done", "已完成")
            is_typed = str(measure.pk) in map(str, self[name].value() or [])
            if measure.label in changed_fields and is_typed:
                now = "已完成" if measure.done_on else "未完成"
                found.append(Clash(f"{name}:{measure.pk}", measure.label, now, typed))
        return found

    @classmethod
    def chosen(cls, typed: QueryDict) -> QueryDict:
        """What is sent after a conflict, without the values that the colleague's are to stand for.

        Of what clashed (`both`) only what is ticked (`mine`) overwrites; `keep` may say "words",
        and then nothing but words is reported.
        """
        left = set(typed.getlist("both")) - set(typed.getlist("mine"))
        if typed.get("keep") == "words":
            beside = (*cls.WORDS, "version", "corrects", "make_key")
            left |= {name for name in typed if name not in beside}
        if not left:
            return typed
        typed = typed.copy()
        for name, _, key in (each.partition(":") for each in left):
            kept = [value for value in typed.getlist(name) if key and value != key]
            typed.setlist(name, kept)
        return typed

    def clean(self):
        cleaned = super().clean()
        unchanged, why = cleaned.get("unchanged"), cleaned.get("unchanged_why", "").strip()
        text = cleaned.get("text", "").strip()
        if unchanged and not why:
            self.add_error("unchanged_why", "请写明为什么没有变化。")
        if unchanged and text and not self.redo:
            self.add_error("text", "勾选了“与上期相同”，就不再写本期进展；有变化请取消勾选。")
        if unchanged and self.last is None:
            self.add_error("unchanged", "还没有上期进展，请填写本期进展。")
        if not unchanged and not text and "text" not in self.errors:
            self.add_error("text", "请填写进展。")
        return cleaned

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

    def said(self) -> dict[str, object]:
        """What `Ticket.report` is told, beside figures, measures and files."""
        cleaned = self.cleaned_data
        unchanged = cleaned["unchanged"]
        return {
            "text": "" if unchanged else cleaned["text"],
            "unchanged_why": cleaned["unchanged_why"] if unchanged else "",
            "difficulty": cleaned["difficulty"],
            "next_step": cleaned["next_step"],
            "forecast_on": cleaned["forecast_on"],
            "percent": cleaned["percent"],
            "corrects": cleaned["corrects"],
            "version": cleaned["version"],
        }

    def measures_done(self) -> set[Measure]:
        """The whole set of finished measures after this report."""
        finished = set(self.ticket.finished_measures())
        return finished.union(self.cleaned_data["done"]).difference(self.cleaned_data["undone"])
