"""回头看: draw a sample of closed tickets, and record what was found on each."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from tracker import policy
from tracker.audit import trace_if_restricted
from tracker.choices import LookBackResult
from tracker.forms.look_back import DrawForm, LookBackItemForm
from tracker.models import LookBack, LookBackItem
from tracker.workflow import MoveRefused

PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def look_back_list(request: HttpRequest) -> HttpResponse:
    if not policy.may(request.user.roles, "look_back"):
        raise Http404
    form = DrawForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            drawn = LookBack.objects.draw(by=request.user, **form.cleaned_data)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, f"从{len(drawn.population)}个已销号问题中抽出{drawn.items.count()}个。"
            )
            return redirect("tracker:look-back-detail", drawn.pk)
    draws = LookBack.objects.visible_to(request.user).for_list()
    page = Paginator(draws, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "tracker/look_back_list.html", {"form": form, "page": page})


@require_safe
@login_required
def look_back_detail(request: HttpRequest, pk: int) -> HttpResponse:
    drawn = get_object_or_404(LookBack.objects.visible_to(request.user).for_list(), pk=pk)
    items = drawn.items.in_reach_of(request.user)
    context = {
        "drawn": drawn,
        "items": items.select_related("ticket__lead_unit", "ticket__inspection", "by"),
        "rebounded": LookBackResult.REBOUNDED,
    }
    return render(request, "tracker/look_back_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def look_back_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what was found of one drawn ticket."""
    items = LookBackItem.objects.in_reach_of(request.user).select_related(
        "ticket__lead_unit", "look_back", "by"
    )
    item = get_object_or_404(items, pk=pk)
    trace_if_restricted(request, item.ticket)
    form = LookBackItemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            item.record(form.cleaned_data["result"], form.cleaned_data["note"], by=request.user)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已登记“{item.ticket.title}”：{item.get_result_display()}。")
            return redirect("tracker:look-back-detail", item.look_back_id)
    return render(request, "tracker/look_back_item.html", {"item": item, "form": form})
