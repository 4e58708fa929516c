"""保存的视图 and 最近打开: what a reader comes back to. None of it shows a ticket out of reach."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tracker.forms.saved_view import NewViewForm, SavedViewForm
from tracker.models import Holiday, RecentTickets, SavedView, Ticket

IN_MENU = 5


@require_safe
@login_required
def board(request: HttpRequest) -> HttpResponse:
    """Open the reader's default view: their own, else that of their role, else 作战图."""
    default = SavedView.objects.default_of(request.user)
    if default and default.owner_id != request.user.pk:
        # Who did not choose it must know why not everything is there.
        messages.info(
            request,
            f"先打开的是{default.owner}共享的默认视图“{default}”。"
            "去掉上方的条件可看全部；另存一个自己的默认视图，就先打开自己的。",
        )
    return redirect(default or "tracker:timeline")


@require_safe
@login_required
def saved_view_list(request: HttpRequest) -> HttpResponse:
    on = timezone.localdate()
    kept = SavedView.objects.kept_by(request.user).values_list("pk", flat=True)
    visible = Ticket.objects.visible_to(request.user).for_list(on)
    offered, default = _offered(request), SavedView.objects.default_of(request.user)
    context = {
        "own": [view for view in offered if view.owner_id == request.user.pk],
        "shared": [view for view in offered if view.owner_id != request.user.pk],
        "kept": set(kept),
        "default": default,
        "recent": RecentTickets.of(request.user, visible),
        "calendar": Holiday.objects.calendar(),
    }
    return render(request, "tracker/saved_view_list.html", context)


@require_safe
@login_required
def saved_view_menu(request: HttpRequest) -> HttpResponse:
    """What the menu of a toolbar holds: fetched when it is opened, so that no page pays for it."""
    recent = RecentTickets.of(request.user, Ticket.objects.visible_to(request.user))
    context = {"offered": _offered(request), "recent": recent[:IN_MENU]}
    return render(request, "tracker/_saved_view_menu.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def saved_view_new(request: HttpRequest) -> HttpResponse:
    view = SavedView(owner=request.user)
    sent = {name: request.GET.get(name, "") for name in ("view", "query")}
    form = NewViewForm(request.POST or None, instance=view, by=request.user, initial=sent)
    if request.method == "POST" and form.is_valid() and form.keep(by=request.user):
        messages.success(request, f"已保存视图“{view}”。")
        return redirect(view)
    return render(request, "tracker/saved_view_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def saved_view_edit(request: HttpRequest, pk: int) -> HttpResponse:
    view = _kept_view(request, pk)
    form = SavedViewForm(request.POST or None, instance=view, by=request.user)
    if request.method == "POST" and form.is_valid() and form.keep(by=request.user):
        messages.success(request, f"已修改视图“{view}”。")
        return redirect("tracker:saved-view-list")
    context = {"form": form, "view": _kept_view(request, pk)}
    return render(request, "tracker/saved_view_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def saved_view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    view = _kept_view(request, pk)
    if request.method == "POST":
        view.delete()
        messages.success(request, f"已删除视图“{view}”，问题不受影响。")
        return redirect("tracker:saved-view-list")
    return render(request, "tracker/saved_view_delete.html", {"view": view})


def _offered(request: HttpRequest) -> list[SavedView]:
    return list(SavedView.objects.offered_to(request.user).for_list())


def _kept_view(request: HttpRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.kept_by(request.user).for_list(), pk=pk)
