from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tracker.filtersets import NoticeFilterSet
from tracker.models import Notice

PER_PAGE = 30
# Where "all read" leads back to, by the name in the form.
BACK = {"workbench": "tracker:workbench"}


@require_safe
@login_required
def notice_list(request: HttpRequest) -> HttpResponse:
    mine = Notice.objects.of(request.user)
    filterset = NoticeFilterSet(request.GET, queryset=mine.for_list(), request=request)
    context = {
        "filter": filterset,
        "page": Paginator(filterset.qs, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "tracker/notice_list.html", context)


@require_POST
@login_required
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and go where it leads; a GET, which a browser may send by itself, cannot."""
    mine = Notice.objects.of(request.user)
    notice = get_object_or_404(mine, pk=pk)
    mine.filter(pk=pk).mark_read()
    if notice.link:
        return redirect(notice.link)
    if notice.ticket_id:
        return redirect("tracker:ticket-detail", notice.ticket_id)
    return redirect("tracker:notice-list")


@require_POST
@login_required
def notices_read(request: HttpRequest) -> HttpResponse:
    count = Notice.objects.of(request.user).mark_read()
    messages.success(request, f"{count}条消息已标为已读。" if count else "没有未读消息。")
    return redirect(BACK.get(request.POST.get("back", ""), "tracker:notice-list"))
