"""The pages of an import, from the upload to the confirmation; `intake` does the work."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from itertools import groupby

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
from tracker.choices import Decision, DraftStatus, DueBasis, FindingKind
from tracker.forms.drafts import (
    AdoptForm,
    BulkForm,
    FactsForm,
    FindingForm,
    NewUnitForm,
    ProblemForm,
    UploadForm,
)
from tracker.intake import drafting, queue, review
from tracker.models import Bulletin, Draft, DraftFinding, DraftProblem, Ticket, Unit, Upload
from tracker.names import Directory
from tracker.source_text import Mark, SourceLine, find, source_lines

FORM_PAGE = require_http_methods(["GET", "HEAD", "POST"])


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


@FORM_PAGE
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


@FORM_PAGE
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


@FORM_PAGE
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
        where = ACTIONS.get(action, _saved)(request, page, pk, before)
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


def _saved(request, page, *_):
    messages.success(request, "草稿已保存。")
    return ""


def _to_diff(request, page, *_):
    missing = review.musts(page.draft)
    if missing:
        messages.error(request, f"还有{len(missing)}处必须处理，见“提醒”。")
        return "#points"
    return "diff"


def _restore_all(request, page, *_):
    drafting.restore_all(page.draft)
    messages.success(request, "已恢复为识别结果。")
    return ""


def _register_unit(request, page, *_):
    form = page.new_unit
    if not form.is_valid():
        return None
    draft = page.draft
    draft.unit, _ = Unit.objects.get_or_create(
        name=form.cleaned_data["name"], parent=form.cleaned_data["parent"]
    )
    draft.save()
    drafting.rematch(draft)
    messages.success(request, f"已登记“{draft.unit.name}”，并作为被巡察单位。")
    return ""


def _picked(request, page) -> list[DraftProblem]:
    picked = set(request.POST.getlist("pick"))
    problems = [problem for problem in page.problems if str(problem.pk) in picked]
    if not problems:
        raise drafting.NotPossible("请先在表的第一列选中问题。")
    return problems


def _assign(request, page, *_):
    if not page.bulk.is_valid():
        return None
    problems = _picked(request, page)
    page.bulk.apply(problems)
    messages.success(request, f"已指定{len(problems)}个问题。")
    return ""


def _set_excluded(excluded: bool):
    def act(request, page, pk, *_):
        chosen = [page.problem(pk)] if pk else _picked(request, page)
        for problem in chosen:
            problem.is_excluded = excluded
        DraftProblem.objects.bulk_update(chosen, ["is_excluded"])
        return f"#p{pk}" if pk else ""

    return act


def _merge(request, page, pk, *_):
    above = drafting.merge_with_previous(page.problem(pk))
    messages.success(request, f"已并入“{above.title}”。")
    return f"#p{above.pk}"


def _split(request, page, pk, before):
    if not before.isdecimal():
        raise drafting.NotPossible("请选择从哪条措施处拆分。")
    second = drafting.split(page.problem(pk), int(before))
    messages.success(request, f"已拆出{second.printed_number}，请改它的标题。")
    return f"#p{second.pk}"


def _decided(decision: Decision):
    def act(request, page, pk, *_):
        finding = page.finding(pk)
        drafting.decide(finding, decision)
        return finding.problem

    return act


def _correct(request, page, pk, *_):
    """Show the fields of one finding."""
    page.correcting = pk
    return page.finding(pk).problem


def _corrected(request, page, pk, *_):
    finding = page.finding(pk)
    form = FindingForm(request.POST, finding=finding)
    if form.is_valid():
        drafting.decide(finding, Decision.CORRECTED, form.value)
    else:
        page.correcting, page.correction = pk, form
    return finding.problem


def _accept_all(request, page, pk, *_):
    problem = page.problem(pk)
    drafting.accept_all(problem)
    return problem


# Each returns the problem that it was about.
FINDING_ACTIONS = {
    "accept": _decided(Decision.ACCEPTED),
    "drop": _decided(Decision.DISCARDED),
    "reopen": _decided(Decision.PENDING),
    "correct": _correct,
    "corrected": _corrected,
    "accept-all": _accept_all,
}


def _on_whole_page(act):
    """The same without JavaScript: lead back to the problem, or show what is wrong."""

    def acting(request, page, pk, *_):
        problem = act(request, page, pk)
        if page.correction is not None:
            return None
        correcting = f"&correct={pk}" if page.correcting else ""
        return f"?problem={problem.pk}{correcting}#f{problem.pk}"

    return acting


def _restore(request, page, pk, *_):
    drafting.restore(page.problem(pk))
    messages.success(request, "已恢复为识别结果。")
    return ""


ACTIONS = {
    "save": _saved,
    "diff": _to_diff,
    "restore-all": _restore_all,
    "register-unit": _register_unit,
    "assign": _assign,
    "exclude": _set_excluded(True),
    "include": _set_excluded(False),
    "merge": _merge,
    "split": _split,
    "restore": _restore,
    **{name: _on_whole_page(act) for name, act in FINDING_ACTIONS.items()},
}


@dataclass(frozen=True, slots=True)
class Row:
    """One problem on the review page, with what is to be said beside its fields."""

    problem: DraftProblem
    form: ProblemForm
    line: int
    last_line: int
    hints: dict[str, tuple[str, bool]]
    findings: list[DraftFinding]
    is_open: bool
    correction: FindingForm | None

    @property
    def pending(self) -> int:
        """How many findings nobody has decided on."""
        return sum(finding.is_pending for finding in self.findings)


class ReviewPage:
    """Everything on the review page; with posted data, only what was sent is bound and saved.

    The page costs the same number of queries however many problems the draft has.
    """

    def __init__(self, draft: Draft, data=None):
        self.draft = draft
        self.data = data
        self.directory = Directory.of(draft.unit)
        problems = draft.problems.select_related("leader", "lead_unit", "person")
        self.problems = list(problems.prefetch_related("findings"))
        for problem in self.problems:
            problem.draft = draft
        # The problem whose findings are unfolded, the finding whose fields are shown, and its
        # form once something in it is wrong.
        self.opened = ""
        self.correcting = ""
        self.correction: FindingForm | None = None
        self.known = review.Known.of(draft, self.problems)
        posted = data or {}
        self.facts = FactsForm(data if "title" in posted else None, instance=draft)
        self.adopt = AdoptForm(data if "adopt-sent" in posted else None, instance=draft)
        self.new_unit = NewUnitForm(
            data if posted.get("action") == "register-unit" else None, draft=draft, prefix="unit"
        )
        self.bulk = BulkForm(
            data if posted.get("action") == "assign" else None, directory=self.directory
        )
        self.forms = {
            problem.pk: ProblemForm(
                data if f"p{problem.pk}-title" in posted else None,
                instance=problem,
                directory=self.directory,
                tickets=self._tickets_for(problem),
            )
            for problem in self.problems
        }

    def _tickets_for(self, problem: DraftProblem) -> list[Ticket]:
        """The tickets that the operator may choose for a problem, the likeliest first."""
        likely = self.known.matches.candidates.get(problem, [])
        if found := self.known.matches.ticket(problem):
            likely = [found, *likely]
        return [*likely, *(ticket for ticket in self.known.unmatched if ticket not in likely)]

    def problem(self, pk: str) -> DraftProblem:
        """The problem of this draft with this key, as text; NotPossible if it is gone."""
        for problem in self.problems:
            if str(problem.pk) == pk:
                return problem
        raise drafting.NotPossible("这个问题已不在草稿里。")

    def finding(self, pk: str) -> DraftFinding:
        """The finding of this draft with this key, as text; NotPossible if it is gone."""
        for problem in self.problems:
            for finding in problem.findings.all():
                if str(finding.pk) == pk:
                    finding.problem = problem
                    return finding
        raise drafting.NotPossible("这一项已不在草稿里。")

    @property
    def is_valid(self) -> bool:
        return not any(form.errors for form in self._bound())

    def _bound(self):
        forms = (self.facts, self.adopt, *self.forms.values())
        return [form for form in forms if form.is_bound]

    def save(self) -> None:
        """Save every form that was sent, was changed and is right; what is wrong stays shown."""
        changed = [form for form in self._bound() if form.has_changed() and form.is_valid()]
        for form in changed:
            form.save()
        if changed:
            self.draft.save(update_fields=["updated_at"])
            self.known = review.Known.of(self.draft, self.problems)

    # -- what the templates show ------------------------------------------------------------------

    @property
    def rows(self) -> list[Row]:
        lines = review.Lines(self.draft.text)
        return [self._row(problem, lines) for problem in self.problems]

    def _row(self, problem: DraftProblem, lines: review.Lines) -> Row:
        order = list(FindingKind)
        found = sorted(problem.findings.all(), key=lambda each: order.index(each.kind))
        correction = next(
            (
                self.correction or FindingForm(finding=each)
                for each in found
                if str(each.pk) == self.correcting
            ),
            None,
        )
        return Row(
            problem,
            self.forms[problem.pk],
            lines.number(problem.source_start),
            lines.number(problem.source_end - 1),
            self._hints(problem),
            found,
            is_open=correction is not None or str(problem.pk) == self.opened,
            correction=correction,
        )

    def _hints(self, problem: DraftProblem) -> dict[str, tuple[str, bool]]:
        """For each field, what the system made of it and whether that is wrong."""
        hints = {}
        for name in ("leader", "person"):
            printed = getattr(problem, f"{name}_text")
            if getattr(problem, f"{name}_id") or not printed:
                continue
            same = self.directory.namesakes(printed)
            hints[name] = (f"重名{len(same)}人", True) if same else ("未登记，按原文", False)
        if problem.lead_unit_text and not problem.lead_unit_id:
            hints["lead_unit"] = ("未登记，归被巡察单位", False)
        if problem.due_on:
            hints["due_on"] = (DueBasis(problem.due_basis).label, False)
        elif day := self.draft.focus_ends_on:
            hints["due_on"] = (f"推定 {day:%Y-%m-%d}", False)
        else:
            hints["due_on"] = ("待推定", False)
        if problem in self.known.matches.candidates:
            hints["match"] = ("请选定", True)
        elif ticket := self.known.matches.ticket(problem):
            hints["match"] = (f"已有 {ticket.number}", False)
        elif self.known.tickets:
            hints["match"] = ("新问题", False)
        return hints

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        """Rows under the chain of headings above them, in the order of the bulletin."""
        return [
            ("　".join(path), list(rows))
            for path, rows in groupby(self.rows, key=lambda row: row.problem.path)
        ]

    @property
    def people(self) -> list[str]:
        """The names that the fields for people offer."""
        return [self.directory.label(person) for person in self.directory.people]

    @property
    def fact_names(self) -> str:
        return ",".join(self.facts.fields)

    @property
    def facts_are_open(self) -> bool:
        return bool(self.facts.errors or self.new_unit.errors or review.needed(self.draft))

    @property
    def suggested_round(self) -> str:
        return drafting.suggested_round(self.draft)

    @property
    def points(self) -> list[review.Point]:
        return review.points(self.draft, self.problems, self.directory, self.known)

    @property
    def lines(self) -> list[tuple[SourceLine, bool]]:
        """The source, line by line, marked, and whether the line is a heading."""
        headings = [heading["span"] for heading in self.draft.read["headings"]]
        return [
            (line, any(start < line.end and end > line.start for start, end in headings))
            for line in source_lines(self.draft.text, marks=_marks(self.draft, self.problems))
        ]

    def context(self) -> dict:
        points = self.points
        included = [problem for problem in self.problems if not problem.is_excluded]
        return {
            "page": self,
            "draft": self.draft,
            "points": points,
            "musts": [point for point in points if point.is_must],
            "undecided": sum(
                finding.is_pending for problem in included for finding in problem.findings.all()
            ),
            "included": len(included),
            "excluded": len(self.problems) - len(included),
        }

    def render(self, request) -> HttpResponse:
        status = 200 if self.is_valid else 422
        return render(request, "admin/tracker/bulletin/review.html", self.context(), status=status)

    def render_decided(self, request, problem: DraftProblem) -> HttpResponse:
        """The reply to a decision on what was read: the items of its problem, and the bar."""
        correcting, correction = self.correcting, self.correction
        fresh = ReviewPage(self.draft)
        fresh.opened = str(problem.pk)
        fresh.correcting, fresh.correction = correcting, correction
        row = fresh._row(fresh.problem(str(problem.pk)), review.Lines(self.draft.text))
        return render(
            request,
            "admin/tracker/bulletin/_review_decided.html",
            {**fresh.context(), "row": row, "problem": row.problem, "form": row.form},
        )

    def render_saved(self, request) -> HttpResponse:
        """The reply to htmx: what changed around the fields, never the fields themselves.

        Somebody may be typing in the next one already.
        """
        sent = [row for row in self.rows if row.form.is_bound]
        return render(
            request,
            "admin/tracker/bulletin/_review_saved.html",
            {**self.context(), "sent": sent},
        )


MARKS = {
    FindingKind.CLAIM: "mk-c",
    FindingKind.OWNER: "mk-o",
    FindingKind.DEADLINE: "mk-w",
    FindingKind.INDICATOR: "mk-n",
    FindingKind.DOCUMENT: "mk-d",
    FindingKind.BLOCKER: "mk-b",
}


def _marks(draft: Draft, problems: list[DraftProblem]) -> list[Mark]:
    """What the reader used of the text, by the colours of the key below it.

    Where marks overlap the first wins, so the shorter ones come before what holds them.
    """
    found = [
        each
        for problem in problems
        for each in problem.findings.all()
        if each.source_start is not None and each.decision != Decision.DISCARDED
    ]
    found.sort(key=lambda each: each.source_end - each.source_start)
    marks = [
        Mark(each.source_start, each.source_end, MARKS[FindingKind(each.kind)], f"w{each.pk}")
        for each in found
    ]
    for problem in draft.read["problems"]:
        start, end = problem["span"]
        marks += find(draft.text, problem["title_core"] or problem["title"], start, end, "mk-p")
        for measure in problem["measures"]:
            if measure["number"]:
                # The words that count the measure stand just before it: 一是, 二要.
                at = measure["span"][0]
                for found in find(draft.text, measure["number"], max(start, at - 4), at, ""):
                    marks.append(Mark(found.start, at, "mk-m"))
    marks += [Mark(*piece["span"], "mk-r") for piece in draft.read["remainder"]]
    return marks


# -- discard, differences, confirmation -----------------------------------------------------------


@FORM_PAGE
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
