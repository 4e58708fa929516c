from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker.models import Holiday
from tracker.workbench import workbench as gather


@require_safe
@login_required
def workbench(request):
    """The first page after login: what this person must do today."""
    bench = gather(request.user, timezone.localdate(), Holiday.objects.calendar())
    return render(request, "tracker/workbench.html", {"bench": bench})
