"""What the review page of a draft shows, and how what was typed into it is saved."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render

from tracker.choices import Decision, DueBasis, FindingKind
from tracker.forms.drafts import (
    AdoptForm,
    BulkForm,
    FactsForm,
    FindingForm,
    NewUnitForm,
    ProblemForm,
)
from tracker.intake import drafting, review
from tracker.models import Draft, DraftFinding, DraftProblem, Ticket
from tracker.names import Directory
from tracker.source_text import Mark, SourceLine, find, source_lines

MARKS = {
    FindingKind.CLAIM: "mk-c",
    FindingKind.OWNER: "mk-o",
    FindingKind.DEADLINE: "mk-w",
    FindingKind.INDICATOR: "mk-n",
    FindingKind.DOCUMENT: "mk-d",
    FindingKind.BLOCKER: "mk-b",
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
