import logging
from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tracker import bulk, signing_in
from tracker.choices import BulkKind
from tracker.filtersets import TicketFilterSet, tidy
from tracker.forms.bulk import FORMS
from tracker.models import Bulk, Ticket
from tracker.models.ticket_queryset import TicketQuerySet

logger = logging.getLogger(__name__)

# What the list sends beside its filter: the ticked rows, and whether they or all are meant.
OWN = ("pick", "of", "page")
PER_PAGE = 30
EFFECTS = {
    BulkKind.ASSIGN: (
        "整改方案批准以前（没有方案的，认领以前）都可以分派；"
        "此后只补空缺，换人走责任交接，改时限走延期。"
    ),
    BulkKind.PRESS: "每个问题各记一次催办并编号；间隔未满的不催。",
    BulkKind.APPROVE: "每个问题通过您这一级的审核；您是最后一级的，即确认销号并锁定。",
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ticket_bulk(request: HttpRequest, act: str) -> HttpResponse:
    """Show what would happen to the chosen tickets, and do it once it is confirmed."""
    if act not in bulk.offered(request.user):
        raise Http404
    kind = BulkKind(act)
    step = request.POST.get("step", "")
    tickets, count = _chosen(request)
    form = FORMS[kind](
        request.POST or None,
        tickets=tickets,
        by=request.user,
        is_own_password=partial(signing_in.is_own_password, request),
    )
    failed = False
    if step == "apply" and form.is_valid():
        try:
            done = bulk.apply(form.act(), form.cleaned_data["rows"], by=request.user)
        except DatabaseError:
            # Nothing was written: the transaction is gone as a whole.
            logger.exception("bulk %s failed", kind)
            failed = True
        else:
            back = _filter_of(request).urlencode()
            result = reverse("tracker:bulk-detail", args=[done.pk])
            return redirect(f"{result}?{back}" if back else result)
    is_check = kind == BulkKind.ASSIGN and step in ("check", "apply") and form.is_valid()
    shows_rows = kind != BulkKind.ASSIGN or is_check
    rows = bulk.preview(form.act(), tickets, request.user) if shows_rows else []
    context = {
        "kind": kind,
        "form": form,
        "failed": failed,
        "effect": EFFECTS[kind],
        "count": count,
        "is_too_many": count > bulk.MOST,
        "most": bulk.MOST,
        "tickets": tickets,
        "is_check": is_check,
        "asks_check": kind == BulkKind.ASSIGN and not is_check,
        "rows": sorted(rows, key=lambda row: bool(row.refusal)),
        "open_count": sum(not row.refusal for row in rows),
        "refused_count": sum(bool(row.refusal) for row in rows),
        "back": _filter_of(request).urlencode(),
    }
    return render(request, "tracker/bulk_act.html", context)


@require_safe
@login_required
def bulk_list(request: HttpRequest) -> HttpResponse:
    """The reader's own batches, also those of a role that they no longer have."""
    mine = Bulk.objects.visible_to(request.user).with_counts().order_by("-pk")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "tracker/bulk_list.html", {"page": page})


@require_safe
@login_required
def bulk_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of every row, those that were refused first."""
    done = get_object_or_404(Bulk.objects.visible_to(request.user).with_counts(), pk=pk)
    rows = done.rows.select_related("ticket__lead_unit")
    visible = Ticket.objects.visible_to(request.user).filter(bulk_rows__bulk=done)
    context = {
        "bulk": done,
        "rows": sorted(rows, key=lambda row: not row.refusal),
        # The list from which it came.
        "back": request.GET.urlencode(),
        "in_sight": set(visible.values_list("pk", flat=True)),
    }
    return render(request, "tracker/bulk_detail.html", context)


def _chosen(request: HttpRequest) -> tuple[list[Ticket], int]:
    """The tickets that are meant, none if there are too many, and how many there are."""
    if request.method == "POST":
        pairs = request.POST.get("rows", "").split()
        keys = [pair.split(":")[0] for pair in pairs]
        tickets = _visible(request).filter(pk__in=_numbers(keys))
    elif request.GET.get("of") == "all":
        query = _filter_of(request)
        on = timezone.localdate()
        listed = _visible(request).for_list(on).with_was_late(on)
        found = TicketFilterSet(query, queryset=listed, request=request).qs
        tickets = _visible(request).filter(pk__in=found.order_by().values("pk"))
    else:
        tickets = _visible(request).filter(pk__in=_numbers(request.GET.getlist("pick")))
    count = tickets.count()
    tickets = bulk.in_sight(tickets).order_by("inspection", "order", "pk")
    return (list(tickets) if count <= bulk.MOST else []), count


def _numbers(words: list[str]) -> list[int]:
    # A longer number is no key of any table, and SQLite would not take it.
    return [int(word) for word in words if word.isascii() and word.isdecimal() and len(word) < 16]


def _visible(request: HttpRequest) -> TicketQuerySet:
    return Ticket.objects.visible_to(request.user)


def _filter_of(request: HttpRequest):
    query = request.GET.copy()
    for name in OWN:
        query.pop(name, None)
    return tidy(query)
