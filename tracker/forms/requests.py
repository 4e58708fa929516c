"""The forms of extensions, substitutes and hand-overs; what is allowed, the models decide."""

from datetime import date

from django import forms

from tracker.choices import Ruling
from tracker.dates import zh_date
from tracker.forms.fields import day_field, line_field, words_field
from tracker.models import Extension, Person, Ticket
from tracker.models.in_hand import Duty


class AskForm(forms.Form):
    """What is written when more time is asked for."""

    due_on = day_field("申请延至", "请填写申请延至哪一天。")
    reason = words_field(
        "延期理由",
        "请填写延期理由。",
        help_text="写清什么原因、影响了哪些措施，为什么按原时限完不成。",
    )
    ground = line_field(
        "依据",
        "请填写依据。",
        help_text="如会议纪要、批复、合同工期、气象预报的名称和日期。",
    )
    progress = words_field(
        "目前进展", "请填写目前进展。", rows=3, help_text="已完成什么，还差什么，下一步怎么做。"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, ticket: Ticket, **kwargs):
        initial = {"version": ticket.version, "progress": ticket.latest_text or ""}
        super().__init__(*args, initial=initial, **kwargs)
        self.ticket = ticket
        if ticket.due_on:
            self.fields["due_on"].help_text = f"须晚于现在的时限{zh_date(ticket.due_on)}。"

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if self.ticket.due_on and due_on <= self.ticket.due_on:
            raise forms.ValidationError(f"必须晚于现在的时限{zh_date(self.ticket.due_on)}。")
        return due_on


class DecideForm(forms.Form):
    """One step's decision; a date and a ground only where it is agreed to."""

    ruling = forms.ChoiceField(
        label="决定",
        choices=Ruling,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择决定。"},
    )
    due_on = day_field("同意延至", "", required=False)
    ground = line_field("批准依据", "", required=False)
    opinion = words_field("意见", "", rows=3, required=False, help_text="写明原因。")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, extension: Extension, **kwargs):
        last = max(
            (decision.due_on for decision in extension.decisions.all() if decision.due_on),
            default=extension.asked_due_on,
        )
        super().__init__(
            *args, initial={"version": extension.ticket.version, "due_on": last}, **kwargs
        )
        self.extension = extension
        asked = zh_date(extension.asked_due_on)
        self.fields["due_on"].help_text = f"申请延至{asked}；可以同意别的日期。"
        self.fields["due_on"].needed_when = "同意时必填"
        self.fields["opinion"].needed_when = "退回、不同意时必填"
        if extension.is_pending and extension.next_step is None:
            self.fields["ground"].needed_when = "同意时必填"
            self.fields["ground"].help_text = "如会议纪要、批示的名称和日期。"
        else:
            self.fields["ground"].help_text = "中间环节可以不写。"

    def clean(self):
        cleaned = super().clean()
        ruling = cleaned.get("ruling")
        if ruling == Ruling.AGREE:
            if not cleaned.get("due_on") and "due_on" not in self.errors:
                self.add_error("due_on", "请写明同意延至哪一天。")
            is_last = self.extension.is_pending and self.extension.next_step is None
            if is_last and not cleaned.get("ground"):
                self.add_error("ground", "请写明批准的依据。")
        elif ruling and not cleaned.get("opinion"):
            self.add_error("opinion", "退回补充和不同意必须写明原因。")
        return cleaned


class WithdrawForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, extension: Extension, **kwargs):
        super().__init__(*args, initial={"version": extension.ticket.version}, **kwargs)


class SubstitutionForm(forms.Form):
    """Who stands in for whom, and for how long."""

    principal = forms.ModelChoiceField(
        Person.objects.none(), label="被代理人", error_messages={"required": "请选择被代理人。"}
    )
    substitute = forms.ModelChoiceField(
        Person.objects.none(),
        label="代理人",
        empty_label="请选择",
        error_messages={"required": "请选择代理人。"},
    )
    from_on = day_field("起", "请填写从哪一天起。")
    to_on = day_field("止", "请填写到哪一天止。", help_text="含当日。")
    reason = line_field("原因", "请写明代理原因。", help_text="如出差、学习、病假。")

    def __init__(self, *args, principals, substitutes, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["principal"].queryset = principals
        self.fields["substitute"].queryset = substitutes
        self.fields["from_on"].initial = on
        for name in ("principal", "substitute"):
            self.fields[name].label_from_instance = _with_title

    def clean(self):
        cleaned = super().clean()
        if (start := cleaned.get("from_on")) and (end := cleaned.get("to_on")) and end < start:
            self.add_error("to_on", "止日不能早于起日。")
        return cleaned


class HandoverForm(forms.Form):
    """To whom the ticked duties of the giver go, and why."""

    receiver = forms.ModelChoiceField(
        Person.objects.none(),
        label="接收人",
        empty_label="请选择",
        help_text="只列能接手的人；一个也没有的，先请安全管理员授予承办人角色。",
        error_messages={"required": "请选择接收人。"},
    )
    reason = line_field("交接原因", "请写明交接原因。", help_text="如岗位调整、调离、退休。")
    duties = forms.MultipleChoiceField(
        label="移交事项",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请至少选一项移交。",
            "invalid_choice": "所选事项刚被他人处理，请核对后再提交。",
        },
    )

    def __init__(self, *args, duties: list[Duty], receivers, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {duty.key: duty for duty in duties}
        self.fields["receiver"].queryset = receivers
        self.fields["receiver"].label_from_instance = _with_title
        self.fields["duties"].choices = [
            (key, str(duty.ticket)) for key, duty in self.by_key.items()
        ]
        self.fields["duties"].initial = list(self.by_key)

    def boxes(self) -> list[tuple[Duty, bool]]:
        """Each duty and whether its box is ticked; all are until somebody unticks one."""
        ticked = set(self["duties"].value() or [])
        return [(duty, key in ticked) for key, duty in self.by_key.items()]

    def chosen(self) -> list[Duty]:
        return [self.by_key[key] for key in self.cleaned_data["duties"]]


class ReasonForm(forms.Form):
    """One line of reason, under the name that the act gives it."""

    reason = line_field("原因", "请写明原因。")

    def __init__(self, *args, label: str = "原因", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label


def _with_title(person: Person) -> str:
    return f"{person.name}（{person.title}）" if person.title else person.name
