from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tracker.forms.requests import SubstitutionForm
from tracker.models import Person, Substitution
from tracker.models.substitution import people_named_for_by, who_may_stand_in_for
from tracker.workflow import MoveRefused


@require_safe
@login_required
def substitution_list(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom: the reader's own, and those of the people of their office."""
    on = timezone.localdate()
    found = Substitution.objects.visible_to(request.user).for_list()
    revocable = Substitution.objects.revocable_by(request.user, on).values_list("pk", flat=True)
    context = {
        "rows": [(each, each.state(on)) for each in found],
        "revocable": set(revocable),
        "may_name": _principals(request).exists(),
    }
    return render(request, "tracker/substitution_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def substitution_new(request: HttpRequest) -> HttpResponse:
    """Name a substitute: first for whom, if that is open, then who and how long."""
    principals = _principals(request)
    if not principals.exists():
        raise Http404
    principal = _chosen(request, principals)
    form = SubstitutionForm(
        request.POST or None,
        principals=principals,
        substitutes=who_may_stand_in_for(principal) if principal else Person.objects.none(),
        on=timezone.localdate(),
        initial={"principal": principal},
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = Substitution.objects.appoint(
                typed["substitute"],
                principal=typed["principal"],
                from_on=typed["from_on"],
                to_on=typed["to_on"],
                reason=typed["reason"],
                by=request.user,
            )
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已指定{made.substitute}代理{made.principal}。")
            return redirect("tracker:substitution-list")
    context = {"form": form, "principal": principal, "principals": principals}
    return render(request, "tracker/substitution_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def substitution_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Substitution.objects.visible_to(request.user).for_list()
    substitution = get_object_or_404(visible, pk=pk)
    if request.method == "POST":
        try:
            substitution.revoke(by=request.user)
        except MoveRefused as refused:
            messages.error(request, f"没有撤销：{refused}")
        else:
            messages.success(
                request, f"已撤销{substitution.substitute}对{substitution.principal}的代理。"
            )
        return redirect("tracker:substitution-list")
    context = {
        "substitution": substitution,
        "may_revoke": substitution.may_be_revoked_by(request.user, timezone.localdate()),
    }
    return render(request, "tracker/substitution_revoke.html", context)


def _principals(request: HttpRequest) -> QuerySet[Person]:
    """The reader, if they decide anything, and those for whom their office may name one."""
    own = Person.objects.filter(pk=request.user.pk) if request.user.may("substitute") else None
    others = people_named_for_by(request.user)
    return others | own if own is not None else others


def _chosen(request: HttpRequest, principals: QuerySet[Person]) -> Person | None:
    picked = request.POST.get("principal") or request.GET.get("principal", "")
    if not picked:
        return request.user if principals.filter(pk=request.user.pk).exists() else None
    return principals.filter(pk=picked).first() if picked.isdecimal() else None
