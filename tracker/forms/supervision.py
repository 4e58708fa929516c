from datetime import date

from django import forms
from django.db.models import Q, QuerySet

from tracker.choices import Role
from tracker.forms.fields import day_field, words_field
from tracker.forms.units import offer_units
from tracker.models import Coordination, Person, Ticket, Unit


class ActForm(forms.Form):
    """The page of one act about a ticket; `act_data` is what the act is called with."""

    def __init__(self, *args, ticket: Ticket, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.ticket, self.on = ticket, on
        if "version" in self.fields:
            self.initial["version"] = ticket.version

    def act_data(self) -> dict:
        return self.cleaned_data


class BlockForm(ActForm):
    reason = forms.CharField(
        label="受阻原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明卡在哪里、需要对方办什么；会显示在作战图和清单上。",
        error_messages={"required": "请填写受阻原因。"},
    )
    needs_unit = forms.ModelChoiceField(
        Unit.objects.none(), label="需协调单位", required=False, empty_label="不在名单中"
    )
    needs_text = forms.CharField(
        label="需协调的其他方面",
        max_length=100,
        required=False,
        help_text="名单里没有的单位或人员写在这里，如“市财政局预算科”。",
    )
    since_on = day_field("受阻自", "请填写从哪天起受阻。")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The names of the inspected body's own tree, and of what stands above it.
        body = self.ticket.inspection.unit
        within = Unit.objects.subtree(body.path)
        above = Unit.objects.filter(pk=body.pk).and_above()
        offer_units(self.fields["needs_unit"], within | above)
        for name in ("needs_unit", "needs_text"):
            self.fields[name].needed_when = "两项填一项"
        self.initial["since_on"] = self.on

    def clean_since_on(self):
        if (since_on := self.cleaned_data["since_on"]) > self.on:
            raise forms.ValidationError("受阻的起始日期不能晚于今天。")
        return since_on

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("needs_unit") and not cleaned.get("needs_text"):
            self.add_error("needs_text", "请选择需协调的单位，或在这里写明需要谁来办。")
        return cleaned


class UnblockForm(ActForm):
    outcome = words_field("解除说明", rows=3, help_text="协调的结果，或为什么不再算受阻。")
    version = forms.IntegerField(widget=forms.HiddenInput)


class PressForm(ActForm):
    note = words_field(
        "催办内容", rows=3, help_text="会原样送到填报人、责任人和部门负责人的消息里。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        late = self.ticket.due_on and self.ticket.due_on < self.on
        self.initial["note"] = (
            "请于今日报送未完成原因和完成日期。" if late else "请尽快办理，并报送最新进展。"
        )


class RestrictForm(ActForm):
    reason = words_field("原因", rows=3, help_text="记入变更历史。")
    version = forms.IntegerField(widget=forms.HiddenInput)


class InstructForm(ActForm):
    text = words_field("批示")
    to = forms.ModelChoiceField(
        Person.objects.none(),
        label="交办给",
        required=False,
        empty_label="承办单位（填报人、责任人和负责人）",
    )
    reply_due_on = day_field("回复期限", required=False)
    upon = forms.ModelChoiceField(
        Coordination.objects.none(),
        label="所答复的协调请求",
        required=False,
        empty_label="不针对协调请求",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people_in_sight_of(self.ticket)
        self.fields["to"].label_from_instance = lambda p: f"{p.name}　{p.title}".rstrip("　")
        requests = self.ticket.coordinations.open().select_related("needs_unit")
        if request := requests.first():
            self.fields["upon"].queryset = requests
            self.fields["upon"].label_from_instance = lambda r: f"需{r.needs}：{r.reason}"
            self.initial["upon"] = request
        else:
            del self.fields["upon"]

    def clean_reply_due_on(self):
        due_on = self.cleaned_data["reply_due_on"]
        if due_on and due_on < self.on:
            raise forms.ValidationError("回复期限不能早于今天。")
        return due_on


class AnswerForm(ActForm):
    text = words_field("回复", help_text="批示办得怎样；批示人会收到这条回复。")


def people_in_sight_of(ticket: Ticket) -> QuerySet[Person]:
    """The people who act for a unit of the ticket: whom an instruction can be addressed to."""
    units = [ticket.lead_unit]
    acting = ~Q(memberships__role=Role.VIEWER)
    if not ticket.is_restricted:
        units += ticket.co_units.all()
        acting = Q()
    keys = {int(key) for unit in units for key in unit.path.split("/") if key}
    acting &= Q(memberships__unit__in=keys)
    return Person.objects.filter(acting, is_active=True).distinct()
