"""Views of one set of tickets: 作战图, 矩阵, 看板, 日历, 责任; 台账 and 清单 have their own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from tracker import agenda, audit, kanban, matrix, sheets, statistics, workflow
from tracker.choices import AuditKind
from tracker.figures import basis_of
from tracker.filtersets import FED_BACK
from tracker.frame import Frame, frame
from tracker.models import CalendarToken, Holiday, Inspection, Measure, Ticket, Unit
from tracker.paging import TicketPaginator
from tracker.timeline import GROUPINGS, SCALES, Timeline, in_order
from tracker.timeline import timeline as lay_out
from tracker.views.fragments import wants_fragment
from tracker.views.lookup import ticket_in_sight
from tracker.worktime import WorkCalendar, add_months

BARS_ON_PAGE = 60
ITEMS_ON_SHEET = 60


def _choice(request: HttpRequest, name: str, offered: dict[str, str]) -> str:
    """What the address chooses of these; the first where it names none of them."""
    chosen = request.GET.get(name, "")
    return chosen if chosen in offered else next(iter(offered))


@require_safe
@login_required
def timeline(request: HttpRequest) -> HttpResponse:
    """Show the tickets as bars in time."""
    shared = frame(request, "timeline")
    context = shared.context()
    grouping = grouping_of(request)
    pages = TicketPaginator(in_order(shared.tickets, grouping), BARS_ON_PAGE)
    page = pages.get_page(request.GET.get("page"))
    tickets = list(page.object_list)
    context |= {
        "page": page,
        "chart": chart_of(shared, tickets, context["calendar"]),
        "scale": scale_of(request),
        "scales": SCALES,
        "grouping": grouping,
        "groupings": GROUPINGS,
    }
    if inspection := shared.inspection:
        total = statistics.tally(shared.visible.filter(inspection=inspection))
        focus = statistics.focus(inspection, shared.on, context["calendar"])
        context |= {
            "total": total,
            "focus": focus,
            "gap": statistics.Gap(total.percent or 0.0, focus.time_percent),
        }
    return render(request, "tracker/timeline.html", context)


def scale_of(request: HttpRequest) -> str:
    return _choice(request, "scale", SCALES)


def grouping_of(request: HttpRequest) -> str:
    return _choice(request, "rows", GROUPINGS)


def chart_of(shared: Frame, tickets: list[Ticket], calendar: WorkCalendar) -> Timeline:
    """The bars of these tickets with their nodes, by the scale and groups of the address."""
    nodes: dict[int, list] = {}
    measures = Measure.objects.filter(ticket__in=[ticket.pk for ticket in tickets])
    for measure in measures.prefetch_related("milestones"):
        own = [measure] if measure.due_on else []
        nodes.setdefault(measure.ticket_id, []).extend([*own, *measure.milestones.all()])
    return lay_out(
        tickets,
        nodes,
        scale=scale_of(shared.request),
        grouping=grouping_of(shared.request),
        on=shared.on,
        calendar=calendar,
    )


@require_safe
@login_required
def matrix_view(request: HttpRequest) -> HttpResponse:
    """Show units against statuses, problems or headings."""
    return render(request, "tracker/matrix.html", matrix_context(request))


def matrix_context(request: HttpRequest, units_on_page: int = matrix.UNITS_ON_PAGE) -> dict:
    """What the page of the matrix shows; its file shows the same, of all units."""
    shared = frame(request, "matrix")
    axis = _choice(request, "by", matrix.AXES)
    context = shared.context() | {"axis": axis, "axes": matrix.AXES}
    # What every link to the list carries, so that its rows are the number that was clicked.
    context["scope"] = shared.filter.query
    if not context["scope"].get("origin"):
        context["scope"]["origin"] = FED_BACK
    tickets = shared.tickets
    if axis == "status":
        units = statistics.tally_units(tickets)
        context |= {
            "page": {"units": units, "total": statistics.total_of(units)},
            "watched": statistics.WATCHED,
        }
    elif axis == "problem":
        # The cells need no more of a ticket than its light: no report is looked up.
        tickets = shared.bare
        units = Unit.objects.filter(pk__in=tickets.order_by().values("lead_unit"))
        page = Paginator(units, units_on_page).get_page(request.GET.get("page"))
        context |= {"page": page, "rows": matrix.by_problem(tickets, list(page.object_list))}
    elif shared.inspection:
        # Headings are those of one inspection; of all together they would be thousands.
        context["table"] = matrix.by_aspect(tickets)
    else:
        context["asks_for_inspection"] = True
    return context


@require_safe
@login_required
def kanban_view(request: HttpRequest) -> HttpResponse:
    """Show a column of cards for each stage."""
    shared = frame(request, "kanban")
    context = shared.context()
    context["columns"] = kanban.columns(
        shared.tickets, request.user, shared.on, context["calendar"]
    )
    return render(request, "tracker/kanban.html", context)


@require_safe
@login_required
@vary_on_headers("HX-Request")
def ticket_moves(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer every move of one ticket, or say why it is not open; with `to`, those of a column."""
    ticket = ticket_in_sight(request, pk)
    offers = workflow.offers(ticket.standing_of(request.user))
    if column := request.GET.get("to"):
        stage = next((s for s in statistics.STAGES if kanban.key_of(s) == column), None)
        if stage is None:
            raise Http404
        offers = [offer for offer in offers if offer.move.target in stage.statuses]
    part = "_moves" if wants_fragment(request) else "ticket_moves"
    return render(request, f"tracker/{part}.html", {"ticket": ticket, "offers": offers})


@require_safe
@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    """Show a month of deadlines, measures, report dates and reviews."""
    shared = frame(request, "calendar")
    context = shared.context()
    context |= {
        "month": month_of(shared, context["calendar"]),
        "key": [(mark, agenda.KINDS[kind]) for kind, mark in agenda.MARKS.items()],
        "token": CalendarToken.objects.live().filter(person=request.user).first(),
        # Shown once, right after it was made.
        "feed": request.session.pop("calendar_feed", None),
    }
    return render(request, "tracker/calendar.html", context)


def month_of(shared: Frame, calendar: WorkCalendar) -> agenda.Month:
    """The month that the address names, of the inspection it chooses or of all in sight."""
    request = shared.request
    first = agenda.month_of(request.GET.get("month", ""), shared.on)
    inspections = [shared.inspection] if shared.inspection else shared.inspections
    return agenda.month(shared.bare, inspections, first, shared.on, calendar, request.user)


@require_POST
@login_required
@transaction.atomic
def calendar_token(request: HttpRequest, action: str) -> HttpResponse:
    """Make the reader's subscription address, or take it back."""
    if action == "issue":
        had_one = CalendarToken.objects.live().filter(person=request.user).exists()
        path = reverse("tracker:calendar-feed", args=[CalendarToken.issue(request.user)])
        request.session["calendar_feed"] = request.build_absolute_uri(path)
        old = "，旧的地址已作废" if had_one else ""
        messages.success(request, f"已生成订阅地址{old}。")
    elif action == "revoke":
        CalendarToken.revoke(request.user)
        messages.success(request, "订阅地址已作废。")
    else:
        raise Http404
    return redirect("tracker:calendar")


@require_safe
@never_cache
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Send a person's dates to a calendar program; the address itself is the key."""
    token = CalendarToken.objects.select_related("person").opened_by(secret)
    if token is None:
        raise Http404
    now = timezone.now()
    on = timezone.localdate()
    tickets = Ticket.objects.visible_to(token.person).unrestricted().with_light(on)
    inspections = Inspection.objects.visible_to(token.person).for_page()
    events = agenda.events(
        tickets,
        inspections,
        add_months(on, -agenda.FEED_MONTHS_BACK),
        add_months(on, agenda.FEED_MONTHS_AHEAD),
        Holiday.objects.calendar(),
        token.person,
    )
    sent = events[: agenda.MOST_IN_FEED]
    text = agenda.feed(
        sent,
        name=f"整改日历（{token.person}）",
        host=request.get_host(),
        stamp=now,
        link=lambda ticket: request.build_absolute_uri(
            reverse("tracker:ticket-detail", args=[ticket.pk])
        ),
    )
    with transaction.atomic():
        token.note_use(now)
        audit.record(token.person, AuditKind.EXPORT, "日历订阅", after={"条数": len(sent)})
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="guatu.ics"'
    return response


@require_safe
@login_required
def sheets_view(request: HttpRequest) -> HttpResponse:
    """Show who answers for what; for one leader or unit the whole sheet."""
    shared = frame(request, "sheets")
    context = shared.context()
    by = sheets.by_of(request.GET.get("by"))
    chosen = shared.filter.chosen.get(by)
    context |= {"by": by, "bys": sheets.BY, "chosen": chosen, "scope": shared.filter.query}
    context["open_statuses"] = statistics.OPEN_STATUSES
    if chosen:
        tickets = shared.tickets.with_names().order_by("urgency", "due_on", "pk")
        page = TicketPaginator(tickets, ITEMS_ON_SHEET).get_page(request.GET.get("page"))
        context["page"] = page
        context["basis"] = basis_of(request.GET.get("basis"))
        context["sheet"] = sheets.sheet(
            shared.filter.qs, list(page.object_list), shared.on, context["calendar"]
        )
    else:
        context["index"] = sheets.index(shared.filter.qs, by)
    return render(request, "tracker/sheets.html", context)
