from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from tracker.views.fragments import wants_fragment


@require_safe
@login_required
@vary_on_headers("HX-Request")
def keys(request: HttpRequest) -> HttpResponse:
    """Say which keys do what; with script "?" opens the same over any page."""
    part = wants_fragment(request)
    return render(request, f"tracker/{'_keys' if part else 'keys'}.html", {"is_part": part})
