"""对账销号单: one submission with all that was said of it, as it is printed and filed."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tracker.signoff_page import as_handed_in, lines, sheet_evidence
from tracker.views.lookup import ticket_in_sight


@require_safe
@login_required
def ticket_signoff(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    ticket = ticket_in_sight(request, pk)
    sheet = get_object_or_404(ticket.signoffs.for_card(), number=number)
    then, measures = as_handed_in(sheet)
    context = {
        "ticket": ticket,
        "then": then,
        "sheet": sheet,
        "lines": lines(sheet, ticket.inspection.round.levels),
        "measures": measures,
        "files": sheet_evidence(sheet),
    }
    return render(request, "tracker/ticket_signoff.html", context)
