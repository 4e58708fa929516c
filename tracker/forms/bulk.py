"""What is filled in for many tickets at once; what may be done to each, `bulk` asks the models."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone

from tracker import bulk, policy
from tracker.choices import BulkKind, CheckingWay, Role
from tracker.dates import zh_date
from tracker.forms.account import password_field
from tracker.forms.fields import day_field, line_field, words_field
from tracker.models import Holiday, Person, Ticket, Unit
from tracker.models.in_hand import BESIDE_THE_WORK
from tracker.models.unit import told_apart
from tracker.workflow import ASSIGNED

# In a list of names: to leave what is there, and to take it away. The two are never the same.
LEAVE, CLEAR = "", "clear"


class RowsField(forms.CharField):
    """The tickets that the page showed, each with its version: `12:3 15:1`."""

    widget = forms.HiddenInput

    def clean(self, value):
        try:
            pairs = [pair.split(":") for pair in super().clean(value).split()]
            rows = {int(pk): int(version) for pk, version in pairs}
        except ValueError as odd:
            raise forms.ValidationError("页面不完整，请回到清单重新选择。") from odd
        if len(rows) > bulk.MOST:
            raise forms.ValidationError(f"一次最多办理{bulk.MOST}项。")
        return rows


class BulkForm(forms.Form):
    rows = RowsField(error_messages={"required": "没有选中任何问题。"})

    def __init__(
        self,
        *args,
        tickets: list[Ticket],
        by: Person,
        is_own_password: Callable[[str], bool],
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.initial["rows"] = " ".join(f"{ticket.pk}:{ticket.version}" for ticket in tickets)
        self.tickets, self.by, self.is_own_password = tickets, by, is_own_password

    def act(self) -> bulk.Act:
        """The act with what was filled in; before that as far as it is known."""
        raise NotImplementedError

    def given(self, name: str) -> Any:
        return getattr(self, "cleaned_data", {}).get(name, "")


class PressAllForm(BulkForm):
    note = words_field(
        "催办内容",
        "请填写催办内容。",
        rows=3,
        initial="请尽快办理，并报送最新进展。",
        help_text="每个问题各记一次催办，会原样送到各自的填报人、责任人和部门负责人。",
    )

    def act(self):
        return bulk.PressAll(self.given("note"), Holiday.objects.calendar())


class ApproveAllForm(BulkForm):
    note = words_field(
        "审核意见",
        "请填写审核意见。",
        rows=3,
        help_text="同一意见写进每个问题的对账销号单；意见不同的，请分开审核。",
    )
    way = forms.ChoiceField(
        label="核查方式",
        choices=CheckingWay,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择核查方式。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Closing cannot be undone by who did it; passing on can still be returned.
        if any(bulk.closes(ticket) for ticket in self.tickets):
            self.fields["password"] = password_field()

    def act(self):
        return bulk.ApproveAll(self.given("note"), self.given("way"))

    def clean_password(self):
        if not self.is_own_password(self.cleaned_data["password"]):
            raise forms.ValidationError("密码不对，没有办理。")
        return ""


class AssignAllForm(BulkForm):
    """Each fact is left unless something is chosen; clearing is a choice of its own."""

    lead_unit = forms.ChoiceField(label="牵头单位", required=False)
    leader = forms.ChoiceField(label="责任领导", required=False)
    person = forms.ChoiceField(label="责任人", required=False)
    reporter = forms.ChoiceField(label="填报人", required=False)
    due_on = day_field(
        "整改时限", "", required=False, help_text="不填为不改动；时限不能清空，已经起算的只能延期。"
    )
    why = line_field("依据", "请写明依据。", help_text="如会议纪要、分工文件的名称和日期。")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (action, *_) in ASSIGNED.items():
            if not self.by.may(action):
                del self.fields[name]
        self._objects: dict[str, dict[str, Any]] = {}
        self._units: list[Unit] = []
        if "lead_unit" in self.fields:
            units = Unit.objects.subtree(*self.by.reach_for("allot")).select_related("parent")
            self._units = list(units)
            names = told_apart(self._units)
            self._offer(
                "lead_unit", {unit: names[unit.pk] for unit in self._units}, may_clear=False
            )
        people = self._people()
        for name in ("leader", "person", "reporter"):
            if name in self.fields:
                fitting = {
                    person: label
                    for person, label in people.items()
                    if _fits(name, {duty.role for duty in person.memberships.all()})
                }
                self._offer(name, fitting, may_clear=True)

    def _offer(self, name: str, labels: dict, *, may_clear: bool) -> None:
        self._objects[name] = {str(each.pk): each for each in labels}
        choices = [(LEAVE, "不改动")]
        if may_clear:
            choices.append((CLEAR, "清空"))
        named = [(str(each.pk), label) for each, label in labels.items()]
        self.fields[name].choices = [*choices, ("改为", named)]

    def _people(self) -> dict[Person, str]:
        """Those who act in the person's reach, or for a unit that leads one of the tickets."""
        leading = {ticket.lead_unit_id for ticket in self.tickets}
        above = Unit.objects.filter(pk__in=leading).and_above()
        within = Unit.objects.subtree(*self.by.reach_for("assign"))
        people = Person.objects.filter(
            is_active=True, memberships__unit__in=(above | within).values("pk")
        )
        people = people.distinct().prefetch_related("memberships__unit__parent")
        duties = [duty for person in people for duty in person.memberships.all()]
        names = told_apart({*self._units, *(duty.unit for duty in duties)})
        return {person: _label(person, names) for person in people}

    def assigned(self) -> dict[str, Any]:
        """What is to be set, by the field of the ticket; None where it is to be cleared."""
        chosen = {}
        for name in ASSIGNED:
            value = self.given(name) if name in self.fields else LEAVE
            if value in (LEAVE, None):
                continue
            chosen[name] = None if value == CLEAR else self._objects.get(name, {}).get(value, value)
        return chosen

    def act(self):
        return bulk.AssignAll(self.assigned(), self.given("why"))

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on and due_on <= timezone.localdate():
            raise forms.ValidationError("请填写今天以后的时限。")
        return due_on

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.assigned():
            raise forms.ValidationError("各项都是“不改动”，没有要办的。")
        return cleaned

    def values(self) -> list[tuple[str, str]]:
        """What stays as it is, what is cleared, and what is set, in words for the check."""
        shown = []
        given = self.assigned()
        for name in ASSIGNED:
            if name in self.fields:
                value = given.get(name)
                words = (
                    "不改动" if name not in given else "清空" if value is None else _words(value)
                )
                shown.append((self.fields[name].label, words))
        return shown


FORMS: dict[BulkKind, type[BulkForm]] = {
    BulkKind.ASSIGN: AssignAllForm,
    BulkKind.PRESS: PressAllForm,
    BulkKind.APPROVE: ApproveAllForm,
}


def _fits(name: str, roles: set[str]) -> bool:
    """Whether somebody with these roles can be meant; whether it fits a ticket is asked there."""
    if name == "leader":
        return Role.LEADER in roles
    return policy.may(roles, "report") if name == "reporter" else bool(roles - BESIDE_THE_WORK)


def _label(person: Person, names: dict[int, str]) -> str:
    duty = next(iter(person.memberships.all()))
    title = f"（{person.title}）" if person.title else ""
    return f"{person.name}{title}　{names[duty.unit_id]}"


def _words(value: Any) -> str:
    return zh_date(value) if hasattr(value, "month") else str(value)
