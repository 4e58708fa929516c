"""The buttons of the review page: each act changes the draft and says where the page goes on.

An act is given the request, the page, the key of a row and, for a split, a measure. It returns
what follows the address of the page, "diff" for the differences, or None to show what is wrong.
"""

from django.contrib import messages
from django.db.models import Max

from tracker.choices import Decision
from tracker.forms.drafts import FindingForm
from tracker.intake import drafting, review
from tracker.models import DraftProblem, Unit


def saved(request, page, *_):
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
        name=form.cleaned_data["name"],
        parent=form.cleaned_data["parent"],
        # Behind those whose order somebody has set.
        defaults={"sort_no": (Unit.objects.aggregate(last=Max("sort_no"))["last"] or 0) + 1},
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
    "save": saved,
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
