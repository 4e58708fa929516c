from datetime import datetime, time, timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone

from tracker.choices import AuditKind, AuditResult
from tracker.forms.fields import DateInput
from tracker.models import AuditEvent


class TrailForm(forms.Form):
    """What the auditor looks for; whatever is left empty does not narrow."""

    q = forms.CharField(label="关键词", required=False)
    kind = forms.ChoiceField(
        label="类型", required=False, choices=[("", "全部"), *AuditKind.choices]
    )
    result = forms.ChoiceField(
        label="结果", required=False, choices=[("", "全部"), *AuditResult.choices]
    )
    since = forms.DateField(label="从", required=False, widget=DateInput())
    until = forms.DateField(label="到", required=False, widget=DateInput())

    def events(self):
        """The events that answer to a valid form, the newest first."""
        events = AuditEvent.objects.all()
        asked = self.cleaned_data
        for name in ("kind", "result"):
            if asked[name]:
                events = events.filter(**{name: asked[name]})
        if asked["since"]:
            events = events.filter(at__gte=_midnight(asked["since"]))
        if asked["until"]:
            events = events.filter(at__lt=_midnight(asked["until"]) + timedelta(days=1))
        if words := asked["q"]:
            events = events.filter(
                Q(actor_name__icontains=words)
                | Q(object_name__icontains=words)
                | Q(reason__icontains=words)
                | Q(ip=words)
                | Q(request_id=words)
                | Q(session=words)
            )
        return events


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))
