"""Importing a file from end to end without questions: for the demo, and for moving in."""

from datetime import date

from django.db import transaction

from tracker import names
from tracker.intake import drafting, review
from tracker.intake.drafting import Outcome
from tracker.intake.filing import DiffChanged, confirm
from tracker.models import Draft, Person, Round, Unit, UnitAlias


@transaction.atomic
def import_file(
    content: bytes, name: str, *, by: Person, today: date, under: Unit | None = None
) -> Outcome:
    """Import one bulletin as `by`, who becomes its operator; nothing is stored if it is refused.

    A unit that is not registered is registered below `under`, by the name as printed without
    the words for its Party group; a round that is not registered is registered too.
    """
    outcome = drafting.receive(content, name, by=by, today=today)
    if outcome.kind in ("refused", "already"):
        return outcome
    draft = outcome.draft
    try:
        with transaction.atomic():
            _fill_in(draft, under)
            if missing := review.musts(draft):
                raise _NeedsReview("；".join(each.message for each in missing))
            done = confirm(draft, digest=None)
    except _NeedsReview as reason:
        return Outcome("drafted", name, f"要先校对：{reason}", draft=draft)
    except DiffChanged as refusal:
        rows = [message for each in refusal.differences.refused for _, message in each.errors]
        words = "；".join(dict.fromkeys([*refusal.differences.trouble, *rows]))
        return Outcome("drafted", name, f"要先校对：{words}", draft=draft)
    read = draft.read
    words = (
        f"{len(read['problems'])}个问题，{read['measure_count']}条措施，"
        f"{len(read['remarks'])}处提醒"
    )
    return Outcome("imported", name, words, draft=draft, bulletin=draft.bulletin, batch=done.batch)


class _NeedsReview(Exception):
    """Nobody is there to answer what the bulletin leaves open."""


def _fill_in(draft: Draft, under: Unit | None) -> None:
    if draft.unit is None and draft.unit_text:
        draft.unit = register_unit(draft.unit_text, under)
        drafting.rematch(draft)
    if draft.round is None and (name := drafting.suggested_round(draft)):
        draft.round, _ = Round.objects.get_or_create(name=name)
    draft.save()


def register_unit(printed: str, under: Unit | None) -> Unit:
    """Return the unit below `under` by its printed name, made if it is not there yet."""
    plain = names.body_names(printed)[-1][:100]
    unit, is_new = Unit.objects.get_or_create(name=plain, parent=under)
    if is_new and printed != plain:
        UnitAlias.objects.get_or_create(name=printed[:100], defaults={"unit": unit})
    return unit
