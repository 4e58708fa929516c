from collections.abc import Callable
from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url

from tracker import bulk, changes, policy, search, workflow
from tracker.filtersets import tidy
from tracker.forms.move import MoveForm
from tracker.frame import hidden_fields, view_links
from tracker.list_page import list_page
from tracker.models import Bulletin, ImportRow, RecentTickets, ReportDraft, Ticket
from tracker.models.extension import ask_refusal
from tracker.paging import TicketPaginator
from tracker.ticket_page import (
    history,
    neighbours,
    oversight,
    printed_source,
    relations,
    report_status,
    said_by_bulletins,
    stages,
)
from tracker.versions import versions
from tracker.views.fragments import wants_fragment
from tracker.views.lookup import ticket_in_sight
from tracker.workflow import MOVES, MoveRefused, TicketChanged

PER_PAGE = 50
# The tabs above the history of a ticket.
TABS = {
    "all": "全部",
    "progress": "进展",
    "instruction": "批示",
    "move": "办理",
    "extension": "延期",
    "change": "变更",
}


@require_safe
@login_required
@vary_on_headers("HX-Request")  # or the back button shows a bare table
def ticket_list(request: HttpRequest) -> HttpResponse:
    found = list_page(request)
    filterset, since = found.filter, found.since
    lights = filterset.light_counts()
    shown = [item for item in lights if item.is_chosen or not filterset.chosen.get("light")]
    pages = TicketPaginator(found.shown, PER_PAGE, count=sum(item.count for item in shown))
    page = pages.get_page(request.GET.get("page"))
    if words := search.words_of(filterset.chosen.get("q") or ""):
        # By their keys, or what was typed would be looked for again along with the rows.
        page.object_list = list(found.tickets(pages.keys(page.number)))
        search.explain(page.object_list, words)
    else:
        page.object_list = list(page.object_list)
    context = {
        "filter": filterset,
        "views": view_links("ticket-list", filterset.query),
        "since": since,
        "changes": since and changes.summary(filterset.but("changed"), since),
        "active": list(filterset.active(filterset.unit_names)),
        "lights": lights,
        "count_of_all_lights": sum(item.count for item in lights),
        "count_found": sum(item.found for item in shown),
        "page": page,
        "calendar": found.calendar,
        "lamps": found.lamps,
        "bulk_acts": bulk.offered(request.user),
        "hidden": hidden_fields(filterset.query, ()),
    }
    if not wants_fragment(request):
        return render(request, "tracker/ticket_list.html", context)
    # Which headings are offered depends on the inspection that was chosen.
    response = render(request, "tracker/_ticket_results.html", context | {"is_part": True})
    return push_url(response, f"{request.path}?{tidy(request.GET).urlencode()}")


@require_safe
@login_required
def ticket_detail(request: HttpRequest, pk: int) -> HttpResponse:
    ticket = ticket_in_sight(request, pk)
    if request.method == "GET" and not request.htmx and "X-Polling" not in request.headers:
        RecentTickets.note(request.user, ticket)
    on = timezone.localdate()
    bands = ticket.inspection.round.bands
    standing = ticket.standing_of(request.user)
    offers, own_offers = workflow.offers(standing), workflow.own_offers(standing)
    report_refusal = workflow.report_refusal(standing)
    events = history(ticket)
    last_word_on = ticket.last_word_on(event.record for event in events)
    tab = request.GET.get("show") if request.GET.get("show") in TABS else "all"
    context = {
        "ticket": ticket,
        "bands": bands,
        "calendar": bands.calendar,
        "light": bands.judge(ticket.facts(last_word_on), on).light,
        "stages": stages(ticket, events),
        "source": printed_source(ticket),
        "said": said_by_bulletins(ticket),
        "may_see_bulletin": _bulletins(request).filter(pk=ticket.bulletin_id).exists(),
        "measures": [(m, m.lamp(on, bands, last_word_on).light) for m in ticket.measures.all()],
        "tab": tab,
        "tabs": [
            (name, label, sum(name in ("all", event.tab) for event in events))
            for name, label in TABS.items()
        ],
        "events": [event for event in events if tab in ("all", event.tab)],
        "changes": [event.record for event in events if event.kind == "change"],
        "extensions": [event.record for event in events if event.kind == "extension"],
        "may_ask_extension": policy.may(standing.roles, "ask_extension"),
        "extension_refusal": ask_refusal(ticket, request.user, on),
        "imports": ImportRow.objects.for_ticket(ticket),
        "report_refusal": report_refusal,
        "draft": None if report_refusal else ReportDraft.objects.of(ticket, request.user),
        "report_status": report_status(ticket, on, bands.calendar),
        "redo": ticket.report_to_redo(),
        "files": ticket.evidence.not_withdrawn().for_card(),
        "attach_refusal": workflow.attach_refusal(standing),
        "judge_refusal": workflow.judge_refusal(standing),
        "sheets": ticket.signoffs.for_card(),
        "look_backs": [event.record for event in events if event.kind == "look_back"],
        "cycles": ticket.cycles.select_related("opened_by"),
        "may_report": standing.may("report"),
        "may_amend": standing.may("amend"),
        "own_offers": own_offers,
        "later_offers": [offer for offer in own_offers if not offer.is_due],
        "has_turn": any(offer.is_due for offer in own_offers),
        "left_to_others": workflow.left_to_others(standing),
        "open_moves": [offer.move for offer in offers if offer.is_open],
        "oversight": oversight(ticket, request.user, standing, bands.calendar),
        "neighbours": neighbours(ticket, request.user),
        "relations": relations(ticket, request.user),
    }
    return render(request, "tracker/ticket_detail.html", context)


@require_safe
@login_required
@vary_on_headers("HX-Request")
def ticket_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """What differs between the versions of a ticket, field by field; into its page if asked."""
    ticket = ticket_in_sight(request, pk)
    part = "_ticket_versions" if wants_fragment(request) else "ticket_versions"
    context = {"ticket": ticket, "versions": versions(ticket)}
    return render(request, f"tracker/{part}.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ticket_move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    if name not in MOVES:
        raise Http404
    ticket, move = ticket_in_sight(request, pk), MOVES[name]
    bind = partial(MoveForm, move=move)
    form = bind(request.POST or None, ticket=ticket)
    ground = request.GET.get("ground", "")
    form.initial |= {"ground": ground, **ticket.said_before(name, ground)}
    standing = ticket.standing_of(request.user)
    refusal = workflow.refusal(name, standing)
    if request.method == "POST" and request.POST.get("keep") == "words":
        return _keep_words(request, ticket, move)
    if request.method == "POST" and form.is_valid():
        try:
            ticket.move(name, by=request.user, **form.given())
        except TicketChanged:
            return _conflict(request, pk, bind, seen=form.cleaned_data["version"], move=move)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, f"已{move.label}“{ticket.title}”，现为{ticket.get_status_display()}。"
            )
            return redirect("tracker:ticket-detail", pk)
    context = {
        "ticket": ticket,
        "move": move,
        "form": form,
        "refusal": refusal,
        "sheet": ticket.signoffs.first(),
        "acting_for": standing.acting_for if move.by_level else "",
        "last_move": ticket.transitions.select_related("by", "acting_for").first(),
    }
    return render(request, "tracker/ticket_move.html", context)


def _bulletins(request: HttpRequest):
    return Bulletin.objects.visible_to(request.user)


def _keep_words(request: HttpRequest, ticket: Ticket, move: workflow.Move) -> HttpResponse:
    """After a conflict: of a move that is not made keep the words, as the draft of a report."""
    words = request.POST.get("note", "").strip()
    if not words or workflow.report_refusal(ticket.standing_of(request.user)):
        return redirect("tracker:ticket-move", ticket.pk, move.name)
    ReportDraft.objects.add_words(ticket, request.user, words)
    messages.success(request, "文字已存为进展草稿，还没有提交。")
    return redirect("tracker:ticket-report", ticket.pk)


def _conflict(
    request: HttpRequest,
    pk: int,
    bind: Callable[..., forms.Form],
    *,
    seen: int,
    move: workflow.Move | None = None,
) -> HttpResponse:
    """Show what happened since version `seen` beside all that was typed, to be sent once more.

    Where the ticket no longer allows it, the page says why and leaves the text to be copied.
    """
    ticket = ticket_in_sight(request, pk)
    typed = request.POST.copy()
    typed["version"] = ticket.version
    standing = ticket.standing_of(request.user)
    context = {
        "ticket": ticket,
        "move": move,
        "form": bind(typed, ticket=ticket),
        "refusal": workflow.refusal(move.name, standing)
        if move
        else workflow.report_refusal(standing),
        "events": history(ticket, since=seen),
        "is_conflict": True,
        "may_keep_words": bool(request.POST.get("note")) and not workflow.report_refusal(standing),
    }
    return render(request, "tracker/ticket_conflict.html", context, status=409)
