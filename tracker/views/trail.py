"""The pages of the auditor: the trail, its export, and the check of its chain."""

import csv
import re
from collections.abc import Iterator
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tracker import audit, audit_chain, policy
from tracker.choices import AuditKind, AuditResult
from tracker.forms.trail import TrailForm
from tracker.models import AuditArchive, AuditEvent, AuditSeal

PER_PAGE = 50


def for_auditor(view):
    @wraps(view)
    @login_required
    def guarded(request, *args, **kwargs):
        if not policy.serves(request.user, "audit"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_auditor
def trail(request: HttpRequest) -> HttpResponse:
    """One page of the trail, from a number downwards: a page stays cheap however long it gets."""
    form = TrailForm(request.GET)
    events = form.events() if form.is_valid() else AuditEvent.objects.none()
    if (below := request.GET.get("below", "")).isdecimal():
        events = events.filter(seq__lt=int(below))
    page = list(events[: PER_PAGE + 1])
    context = {
        "form": form,
        "events": page[:PER_PAGE],
        "older": page[PER_PAGE - 1].seq if len(page) > PER_PAGE else None,
        "is_first": not below,
        "seal": AuditSeal.objects.last(),
        "archive": AuditArchive.objects.first(),
    }
    return render(request, "audit/trail.html", context)


@require_safe
@for_auditor
def export(request: HttpRequest) -> HttpResponse:
    """The events of the filter as CSV; that they were taken away is an event itself."""
    form = TrailForm(request.GET)
    if not form.is_valid():
        return redirect("audit:trail")
    audit.record(
        request,
        AuditKind.EXPORT,
        "审计记录",
        after={name: str(value) for name, value in form.cleaned_data.items() if value},
    )
    response = StreamingHttpResponse(_rows(form.events()), content_type="text/csv; charset=utf-8")
    name = f"shenji-{timezone.localdate():%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@for_auditor
def check(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain now, and say what was found."""
    outcome = audit_chain.verify()
    if outcome.is_sound:
        messages.success(
            request, f"审计链完整：第{outcome.first}至{outcome.last}号，没有发现改动。"
        )
    for fault in outcome.faults[:20]:
        messages.error(request, str(fault))
    audit.record(
        request,
        AuditKind.AUDIT,
        "校验审计链",
        result=AuditResult.OK if outcome.is_sound else AuditResult.FAILED,
        reason="；".join(map(str, outcome.faults[:20])),
    )
    return redirect("audit:trail")


COLUMNS = {
    "序号": lambda e: e.seq,
    "时间": lambda e: timezone.localtime(e.at).isoformat(sep=" ", timespec="milliseconds"),
    "类型": lambda e: e.get_kind_display(),
    "结果": lambda e: e.get_result_display(),
    "人员": lambda e: e.actor_name,
    "人员号": lambda e: e.actor_key,
    "角色": lambda e: e.actor_roles,
    "地址": lambda e: e.ip,
    "会话": lambda e: e.session,
    "请求号": lambda e: e.request_id,
    "对象类型": lambda e: e.object_type,
    "对象号": lambda e: e.object_key,
    "对象": lambda e: e.object_name,
    "原值": lambda e: e.before,
    "现值": lambda e: e.after,
    "说明": lambda e: e.reason,
    "摘要": lambda e: e.digest,
}


class _Line:
    """Hands the writer's line on instead of keeping it."""

    def write(self, line):
        return line


def _rows(events) -> Iterator[str]:
    writer = csv.writer(_Line())
    # Excel takes a file without this mark for GBK.
    yield "\ufeff"
    yield writer.writerow(COLUMNS)
    for event in events.iterator(chunk_size=2000):
        yield writer.writerow([cell(value(event)) for value in COLUMNS.values()])


def cell(value: object) -> str:
    """A value as one harmless cell: no formula, no second line.

    >>> cell('=HYPERLINK("http://x")'), cell("a\\r\\nb")
    ('\\'=HYPERLINK("http://x")', 'a b')
    """
    text = "" if value is None else re.sub(r"[\r\n\v\f\x85\u2028\u2029]+", " ", str(value))
    return f"'{text}" if text[:1] in tuple("=+-@\t") and text[:1] else text
