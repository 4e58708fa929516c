"""The forms of the review page: the facts of the inspection, and one row for each problem."""

import copy
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter

from django import forms
from django.utils import timezone

from tracker.choices import Claim, DueBasis, FindingKind, Kind
from tracker.findings import DEADLINE_TYPES
from tracker.forms.fields import DateInput
from tracker.forms.units import offer_units
from tracker.intake.drafting import rematch
from tracker.models import Draft, DraftFinding, DraftProblem, Inspection, Round, Ticket, Unit
from tracker.names import Directory, body_names


class UploadInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files; cleans to a list."""

    widget = UploadInput

    def clean(self, data, initial=None):
        files = data if data and isinstance(data, (list, tuple)) else [data or None]
        # Emptiness is judged by the reader, whose message says what to do.
        return [super(FilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    """Files, or text that was copied from anywhere: it becomes a file of its own."""

    files = FilesField(
        label="通报文件",
        required=False,
        allow_empty_file=True,
        help_text=(
            "可一次选多份：.docx、有文字的 .pdf、网页（.html、.mht）、.xlsx 台账、.txt。"
            "旧格式 .doc、.wps、.xls 请先另存为 .docx 或 .xlsx；扫描件请先转成文字。"
        ),
    )
    text = forms.CharField(
        label="粘贴文字",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="没有文件时，把通报全文粘贴在这里。",
    )

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self._files and not (cleaned.get("text") or "").strip():
            self.add_error("files", "请选择文件，或粘贴通报的文字。")
        return cleaned

    @property
    def _files(self) -> list:
        return [file for file in self.cleaned_data.get("files") or () if file]

    def received(self, today: date, enough: int) -> list[tuple[str, bytes]]:
        """The files by name, at most `enough` bytes of each, the pasted text as the last."""
        received = [(file.name, file.read(enough)) for file in self._files]
        text = self.cleaned_data["text"]
        if text.strip():
            received.append((f"粘贴-{today:%Y-%m-%d}.txt", text.encode()[:enough]))
        return received


_full_name = attrgetter("name")


class FactsForm(forms.ModelForm):
    """What the inspection is: read from the bulletin, put right by the operator.

    Nothing is required while the draft is worked on; `review.musts` says what is still missing.
    A round that is not on the list is registered by its name.
    """

    new_round = forms.CharField(label="或新建轮次", max_length=100, required=False)

    class Meta:
        model = Draft
        fields = (
            "title",
            "unit",
            "continues",
            "is_another",
            "inspecting_body",
            "kind",
            "round",
            "feedback_on",
            "started_on",
            "ended_on",
            "published_on",
            "signed_on",
            "publicity_from",
            "publicity_to",
            "phone",
            "address",
            "postcode",
            "email",
            "stated_aspects",
            "stated_categories",
            "stated_problems",
            "stated_measures",
        )
        widgets = {
            name: DateInput()
            for name in (
                "feedback_on",
                "started_on",
                "ended_on",
                "published_on",
                "signed_on",
                "publicity_from",
                "publicity_to",
            )
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reach = self.instance.by.reach_for("import")
        offer_units(self.fields["unit"], Unit.objects.subtree(*reach), _full_name)
        self.fields["continues"].queryset = Inspection.objects.filter(unit=self.instance.unit_id)
        self.fields["continues"].empty_label = "自动查找"
        self.fields["continues"].label_from_instance = lambda inspection: (
            f"{inspection.code}　{inspection.inspecting_body}　{inspection.feedback_on}反馈"
        )

    def clean_feedback_on(self):
        day = self.cleaned_data["feedback_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("反馈日期不能晚于今天。")
        return day

    def save(self, commit=True):
        if name := self.cleaned_data["new_round"]:
            self.instance.round, _ = Round.objects.get_or_create(name=name)
        draft = super().save(commit)
        if draft.continues and draft.continues.unit_id != draft.unit_id:
            draft.continues = None
            draft.save()
        if "unit" in self.changed_data:
            rematch(draft)
        return draft


class AdoptForm(forms.ModelForm):
    """Whether what nobody has decided on is taken as it was read."""

    class Meta:
        model = Draft
        fields = ("adopts_undecided",)


class NewUnitForm(forms.Form):
    """Registers the inspected unit by its printed name, below a unit of the operator."""

    name = forms.CharField(label="单位名称", max_length=100, required=False)
    parent = forms.ModelChoiceField(label="上级单位", queryset=Unit.objects.none(), required=False)

    def __init__(self, *args, draft: Draft, **kwargs):
        super().__init__(*args, **kwargs)
        reach = draft.by.reach_for("import")
        self.fields["name"].initial = body_names(draft.unit_text)[-1]
        offer_units(self.fields["parent"], Unit.objects.subtree(*reach), _full_name)
        self.fields["parent"].initial = Unit.objects.filter(path__in=reach).first()

    def clean(self):
        # Asked for only by the button beside them, so they are not required before.
        cleaned = super().clean()
        for name, message in (("name", "请填写单位名称。"), ("parent", "请选择上级单位。")):
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, message)
        return cleaned


class NamesMixin:
    """Fields in which a name may be that of somebody registered, or stay text as printed."""

    directory: Directory

    def set_names(self, problem: DraftProblem, *, blanks: bool) -> None:
        """Set each name that was entered, as what is registered or else as text.

        `blanks` says whether an empty field empties the name.
        """
        for name, find in (
            ("leader", self.directory.person),
            ("lead_unit", self.directory.unit),
            ("person", self.directory.person),
        ):
            entered = self.cleaned_data[name]
            if not (entered or blanks):
                continue
            meant = find(entered)
            setattr(problem, name, meant)
            if meant is None:
                setattr(problem, f"{name}_text", entered)


def _name_field(label: str, datalist: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"list": datalist, "placeholder": label, "autocomplete": "off"})
    return forms.CharField(label=label, max_length=100, required=False, widget=widget)


# The choice that a problem is none of the tickets there are.
NEW = "new"


class ProblemForm(NamesMixin, forms.ModelForm):
    """One problem of a draft. What differs from the text becomes the operator's decision."""

    leader = _name_field("责任领导", "people")
    lead_unit = _name_field("牵头单位", "units")
    person = _name_field("责任人", "people")
    kind = forms.ChoiceField(
        label="整改类型",
        required=False,
        choices=[
            ("", Kind.TIME_LIMITED.label),
            *[c for c in Kind.choices if c[0] != Kind.TIME_LIMITED],
        ],
    )

    match = forms.ChoiceField(label="对应问题", required=False)

    class Meta:
        model = DraftProblem
        fields = ("title", "kind", "due_on")
        widgets = {"title": forms.Textarea(attrs={"rows": 2}), "due_on": DateInput()}

    def __init__(self, *args, directory: Directory, tickets: Sequence[Ticket], **kwargs):
        self.directory = directory
        super().__init__(*args, prefix=f"p{kwargs['instance'].pk}", **kwargs)
        problem = self.instance
        if tickets or problem.match_is_decided:
            self.fields["match"].choices = [
                ("", "自动"),
                (NEW, "新问题"),
                *((str(ticket.pk), f"{ticket.number}　{ticket.title}"[:40]) for ticket in tickets),
            ]
            if problem.match_is_decided:
                self.initial["match"] = str(problem.ticket_id or NEW)
        else:
            del self.fields["match"]
        self.initial.update(
            leader=directory.label(problem.leader) if problem.leader else problem.leader_text,
            person=directory.label(problem.person) if problem.person else problem.person_text,
            lead_unit=str(problem.lead_unit) if problem.lead_unit else problem.lead_unit_text,
        )
        if problem.kind == Kind.TIME_LIMITED:
            self.initial["kind"] = ""
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{problem.printed_number} {field.label}"

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def save(self, commit=True):
        problem = self.instance
        self.set_names(problem, blanks=True)
        if match := self.cleaned_data.get("match"):
            problem.match_is_decided = True
            problem.ticket_id = None if match == NEW else int(match)
        elif "match" in self.fields:
            problem.match_is_decided, problem.ticket_id = False, None
        if problem.due_on is None:
            problem.due_basis = DueBasis.DERIVED
        elif "due_on" in self.changed_data:
            problem.due_basis = DueBasis.DECIDED
        return super().save(commit)


class FindingForm(forms.Form):
    """Puts one thing right that was misread; which fields there are depends on its kind."""

    def __init__(self, *args, finding: DraftFinding, **kwargs):
        self.finding = finding
        kwargs.setdefault("initial", finding.value)
        super().__init__(*args, prefix=f"f{finding.pk}", **kwargs)
        self.fields.update(copy.deepcopy(CORRECTIONS[FindingKind(finding.kind)]))

    def clean(self):
        cleaned = super().clean()
        if self.finding.kind == FindingKind.INDICATOR and not self.errors:
            figures = (cleaned["done"], cleaned["total"], cleaned["rate"])
            if all(figure in (None, "") for figure in figures):
                raise forms.ValidationError("请至少填写已完成、总数或百分比之一。")
        return cleaned

    @property
    def value(self) -> dict:
        """The value as corrected, in the form that is kept."""
        plain = {
            name: entered.isoformat()
            if isinstance(entered, date)
            else float(entered)
            if isinstance(entered, Decimal)
            else entered
            for name, entered in self.cleaned_data.items()
        }
        return {**self.finding.value, **plain}


def _figure(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, min_value=0, max_digits=16, decimal_places=2
    )


CORRECTIONS: dict[FindingKind, dict[str, forms.Field]] = {
    FindingKind.CLAIM: {
        "status": forms.ChoiceField(
            label="称", choices=[c for c in Claim.choices if c[0] != Claim.NOT_STATED]
        )
    },
    FindingKind.OWNER: {"name": forms.CharField(label="姓名或单位", max_length=100)},
    FindingKind.DEADLINE: {
        "date": forms.DateField(label="日期", widget=DateInput()),
        "type": forms.ChoiceField(label="何事", choices=list(DEADLINE_TYPES.items())),
        "is_forecast": forms.BooleanField(label="预计", required=False),
    },
    FindingKind.INDICATOR: {
        "label": forms.CharField(label="指标", max_length=100),
        "unit": forms.CharField(label="单位", max_length=20, required=False),
        "done": _figure("已完成"),
        "total": _figure("总数"),
        "rate": forms.RegexField(
            r"^\d{1,5}(?:\.\d+)?[%％]?$", label="百分比", max_length=10, required=False
        ),
    },
    FindingKind.DOCUMENT: {
        "title": forms.CharField(label="文件名", max_length=200),
        "is_issued": forms.BooleanField(label="本次印发", required=False),
    },
    FindingKind.BLOCKER: {"text": forms.CharField(label="困难", max_length=300)},
}


class BulkForm(NamesMixin, forms.Form):
    """Gives the chosen problems the same unit, people or deadline; blanks change nothing."""

    lead_unit = _name_field("牵头单位", "units")
    leader = _name_field("责任领导", "people")
    person = _name_field("责任人", "people")
    due_on = forms.DateField(label="整改时限", required=False, widget=DateInput())

    def __init__(self, *args, directory: Directory, **kwargs):
        self.directory = directory
        super().__init__(*args, prefix="bulk", **kwargs)

    def apply(self, problems: list[DraftProblem]) -> None:
        """Write what was entered to these problems."""
        for problem in problems:
            self.set_names(problem, blanks=False)
            if due_on := self.cleaned_data["due_on"]:
                problem.due_on, problem.due_basis = due_on, DueBasis.DECIDED
        DraftProblem.objects.bulk_update(
            problems,
            fields=[
                *("lead_unit", "lead_unit_text", "leader", "leader_text"),
                *("person", "person_text", "due_on", "due_basis"),
            ],
        )
