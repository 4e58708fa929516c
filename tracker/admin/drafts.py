"""The pages of an import, from the upload to the confirmation; `intake` does the work."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Min
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from tracker import intake, policy
from tracker.admin.review_acts import ACTIONS, FINDING_ACTIONS, saved
from tracker.admin.review_page import ReviewPage
from tracker.choices import DraftStatus
from tracker.forms.drafts import UploadForm
from tracker.intake import drafting, queue, review
from tracker.models import Bulletin, Draft, Upload


def for_operators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only who may import gets further: the admin also admits superusers, who have no such role."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not policy.may_import(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def on_own_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the person's own open draft; another's, or a discarded one, is 404.

    What has been imported meanwhile, perhaps in another window, leads to what became of it.
    """

    @wraps(view)
    @for_operators
    def guarded(request, pk):
        drafts = Draft.objects.of(request.user).exclude(status=DraftStatus.DISCARDED)
        draft = get_object_or_404(drafts.select_related("source", "unit", "round", "by"), pk=pk)
        if draft.status == DraftStatus.IMPORTED:
            messages.warning(request, "这份草稿已入库。")
            return redirect("admin:tracker_importbatch_change", draft.bulletin.batch.pk)
        return view(request, draft)

    return guarded


# -- upload ---------------------------------------------------------------------------------------


# One file of this size is read while the browser waits; more, or larger ones, one by one.
READ_AT_ONCE_BYTES = 256 * 1024


@require_http_methods(["GET", "HEAD", "POST"])
@for_operators
def upload(request):
    is_post = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_post else UploadForm()
    if is_post and form.is_valid():
        # One byte over the limit is enough for the reader to refuse the rest.
        enough = settings.TRACKER_MAX_BULLETIN_BYTES + 1
        files = form.received(timezone.localdate(), enough)
        group = queue.enqueue(files, by=request.user)
        if len(files) == 1 and len(files[0][1]) <= READ_AT_ONCE_BYTES:
            queue.read_next(group, by=request.user)
        return _after_reading(request, group)
    own = Draft.objects.of(request.user)
    return render(
        request,
        "admin/tracker/bulletin/import.html",
        {
            "form": form,
            "drafts": own.open().select_related("source", "unit"),
            "discarded": own.discarded().select_related("source", "unit")[:20],
            "unread": _unread(request.user),
        },
        status=422 if form.errors else 200,
    )


def _unread(person) -> list[dict]:
    """The uploads that were left before all their files were read, each with how many."""
    waiting = Upload.objects.of(person).waiting()
    return list(waiting.values("group").annotate(count=Count("pk"), at=Min("at")).order_by("at"))


def _after_reading(request, group: str):
    """Lead to the outcomes; of a single file that became a draft straight to its review."""
    uploads = list(Upload.objects.of(request.user).filter(group=group))
    if len(uploads) == 1 and uploads[0].outcome == "drafted":
        return redirect("admin:tracker_bulletin_review", uploads[0].draft_id)
    return redirect("admin:tracker_bulletin_reading", group)


@require_http_methods(["GET", "HEAD", "POST"])
@for_operators
def reading(request, group):
    """What has become of the files of one upload; each POST reads one that still waits."""
    uploads = Upload.objects.of(request.user).filter(group=group)
    if not uploads.exists():
        raise Http404
    if request.method == "POST":
        queue.read_next(group, by=request.user)
        response = _after_reading(request, group)
        if not request.htmx:
            return response
        if response.url != request.path:
            return HttpResponseClientRedirect(response.url)
    uploads = list(uploads.defer("content").select_related("draft", "bulletin"))
    in_sight = Bulletin.objects.visible_to(request.user).filter(
        pk__in=[upload.bulletin_id for upload in uploads if upload.bulletin_id]
    )
    context = {
        "group": group,
        "uploads": uploads,
        "done": sum(bool(upload.outcome) for upload in uploads),
        "in_sight": set(in_sight.values_list("pk", flat=True)),
    }
    name = "_reading.html" if request.htmx else "reading.html"
    return render(request, f"admin/tracker/bulletin/{name}", context)


# -- review ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@on_own_draft
def review_draft(request, draft):
    """Show the draft; on POST save what was sent, be it the whole page or one row, then act.

    The button "split:17:2" says the action, the row, and the measure where the second part starts.
    """
    page = ReviewPage(draft, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        page.opened = request.GET.get("problem", "")
        page.correcting = request.GET.get("correct", "")
        return page.render(request)
    with transaction.atomic():
        page.save()
    action, pk, before, *_ = [*request.POST.get("action", "").split(":"), "", ""]
    if request.htmx and action in FINDING_ACTIONS:
        return page.render_decided(request, FINDING_ACTIONS[action](request, page, pk))
    if request.htmx:
        # The unit, the round and the feedback decide what stands beside every problem.
        if page.facts.is_bound and page.facts.changed_data:
            return HttpResponseClientRefresh()
        return page.render_saved(request)
    if not page.is_valid:
        return page.render(request)
    try:
        where = ACTIONS.get(action, saved)(request, page, pk, before)
    except drafting.NotPossible as refusal:
        messages.error(request, str(refusal))
        where = ""
    if where is None:
        return page.render(request)
    if where == "diff":
        return redirect("admin:tracker_bulletin_diff", draft.pk)
    response = redirect("admin:tracker_bulletin_review", draft.pk)
    response["Location"] += where
    return response


# -- discard, differences, confirmation -----------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@on_own_draft
def discard(request, draft):
    if request.method == "POST":
        draft.status = DraftStatus.DISCARDED
        draft.save(update_fields=["status", "updated_at"])
        messages.success(request, f"草稿“{draft}”已作废，没有写入任何问题。")
        return redirect("admin:tracker_bulletin_import")
    return render(request, "admin/tracker/bulletin/discard.html", {"draft": draft})


@require_safe
@on_own_draft
def diff(request, draft):
    if review.musts(draft):
        return redirect("admin:tracker_bulletin_review", draft.pk)
    try:
        differences = intake.preview(draft)
    except intake.AlreadyImported as known:
        return _already(request, known)
    return _show(request, draft, differences)


@require_POST
@on_own_draft
def confirm(request, draft):
    if review.musts(draft):
        return redirect("admin:tracker_bulletin_review", draft.pk)
    taken = request.POST.getlist("progress")
    shown = request.POST.getlist("proposed")
    draft.problems.filter(pk__in=shown).update(takes_progress=False)
    draft.problems.filter(pk__in=taken).update(takes_progress=True)
    try:
        done = intake.confirm(draft, digest=request.POST.get("digest", ""))
    except intake.AlreadyImported as known:
        return _already(request, known)
    except intake.DiffChanged as changed:
        messages.error(request, str(changed))
        return _show(request, draft, changed.differences, status=409)
    messages.success(request, "已入库。")
    return redirect("admin:tracker_importbatch_change", done.batch.pk)


def _show(request, draft, differences, status=200):
    context = {"draft": draft, "differences": differences}
    return render(request, "admin/tracker/bulletin/diff.html", context, status=status)


def _already(request, known: intake.AlreadyImported):
    """Tell that it is in, with the link; what was imported for others' units has none."""
    bulletin = known.bulletin
    message = str(known)
    if Bulletin.objects.visible_to(request.user).filter(pk=bulletin.pk).exists():
        url = reverse("tracker:bulletin-detail", args=[bulletin.pk])
        message = format_html('{} <a href="{}">看通报“{}”</a>', known, url, bulletin)
    messages.warning(request, message)
    return redirect("admin:tracker_bulletin_import")
