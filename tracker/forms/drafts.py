"""The forms of the review page: the facts of the inspection, and one row for each problem."""

from django import forms
from django.utils import timezone

from tracker.choices import DueBasis, Kind
from tracker.intake.drafting import rematch
from tracker.models import Draft, DraftProblem, Round, Unit
from tracker.names import Directory, body_names


class DateInput(forms.DateInput):
    """The browser's own date picker, which needs ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


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
    files = FilesField(
        label="通报文件",
        allow_empty_file=True,
        help_text="可一次选多份。按内容识别，与文件名无关；读不了的会说明原因和办法。",
        error_messages={"required": "请选择文件。"},
    )


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
        self.fields["unit"].queryset = Unit.objects.subtree(*reach)
        self.fields["unit"].label_from_instance = lambda unit: unit.name

    def clean_feedback_on(self):
        day = self.cleaned_data["feedback_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("反馈日期不能晚于今天。")
        return day

    def save(self, commit=True):
        if name := self.cleaned_data["new_round"]:
            self.instance.round, _ = Round.objects.get_or_create(name=name)
        draft = super().save(commit)
        if "unit" in self.changed_data:
            rematch(draft)
        return draft


class NewUnitForm(forms.Form):
    """Registers the inspected unit by its printed name, below a unit of the operator."""

    name = forms.CharField(label="单位名称", max_length=100, required=False)
    parent = forms.ModelChoiceField(label="上级单位", queryset=Unit.objects.none(), required=False)

    def __init__(self, *args, draft: Draft, **kwargs):
        super().__init__(*args, **kwargs)
        reach = draft.by.reach_for("import")
        self.fields["name"].initial = body_names(draft.unit_text)[-1]
        self.fields["parent"].queryset = Unit.objects.subtree(*reach)
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

    class Meta:
        model = DraftProblem
        fields = ("title", "kind", "due_on")
        widgets = {"title": forms.Textarea(attrs={"rows": 2}), "due_on": DateInput()}

    def __init__(self, *args, directory: Directory, **kwargs):
        self.directory = directory
        super().__init__(*args, prefix=f"p{kwargs['instance'].pk}", **kwargs)
        problem = self.instance
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
        if problem.due_on is None:
            problem.due_basis = DueBasis.DERIVED
        elif "due_on" in self.changed_data:
            problem.due_basis = DueBasis.DECIDED
        return super().save(commit)


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
