"""变化: what is different since a day, found in the records and never in a copy of the board."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, Count, Q, Value, When
from django.db.models.fields import BooleanField
from django.utils import timezone
from django.utils.dateparse import parse_date

from tracker import periods
from tracker.choices import ReportingPeriod, Status
from tracker.models import Change, Coordination, Ticket, Transition
from tracker.models.ticket_queryset import TicketQuerySet
from tracker.worktime import ONE_DAY


@dataclass(frozen=True, slots=True)
class Kind:
    """One way in which a ticket can have changed; the ticket list finds them by `changed=`."""

    name: str
    label: str
    rule: str


KINDS: dict[str, Kind] = {
    one.name: one
    for one in (
        Kind("new", "新增", "这一天以后建立"),
        Kind("closed", "新销号", "这一天以后销号，现在仍是已销号"),
        Kind("red", "转红", "这一天以后变为超期，现在仍超期"),
        Kind("moved", "改时限", "这一天以后改过整改时限"),
        Kind("reopened", "重启", "这一天以后由已销号重启"),
    )
}
# What else 总览 counts; a list can be asked for these too.
EVENTS: dict[str, Kind] = {
    one.name: one
    for one in (
        Kind("submitted", "新提交", "这一天以后提交过销号"),
        Kind("returned", "退回", "这一天以后被退回过"),
        Kind("claimed", "新认领", "这一天以后被认领"),
        Kind("blocked", "新受阻", "这一天以后标记受阻，现在仍受阻"),
    )
}
_MOVES = {"submitted": "submit", "returned": "return", "claimed": "claim"}


def last_monday(on: date) -> date:
    """上周一: the Monday of the week before this day's.

    >>> last_monday(date(2026, 11, 22))  # a Sunday
    datetime.date(2026, 11, 9)
    """
    return on - timedelta(days=on.weekday() + 7)


def last_report(on: date) -> date:
    """上期反馈: the first day after the last half-month that is over.

    >>> last_report(date(2026, 11, 22))
    datetime.date(2026, 11, 16)
    """
    return periods.period_of(on, ReportingPeriod.HALF_MONTH).first


# What an address may say instead of a date.
WORDS = {"monday": ("上周一", last_monday), "report": ("上期反馈", last_report)}


class SinceField(forms.CharField):
    """A day, written as a date or as one of WORDS; the day itself is what comes out."""

    widget = forms.TextInput(attrs={"placeholder": "上周一，或2026-11-16"})

    def prepare_value(self, value):
        """Show a word of the address as the office says it; so written it is understood too."""
        return WORDS[value][0] if value in WORDS else value

    def to_python(self, value):
        value = super().to_python(value)
        if not value:
            return None
        value = next((word for word, (said, _) in WORDS.items() if said == value), value)
        if value in WORDS:
            return WORDS[value][1](timezone.localdate())
        try:
            day = parse_date(value)
        except ValueError:
            day = None
        if day is None:
            raise ValidationError("请写成2026-11-16这样的日期，或写上周一、上期反馈。")
        return day


def having(kind: str, since: date) -> Q:
    """The condition under which a ticket changed so; it must carry `with_light`."""
    since_at = timezone.make_aware(datetime.combine(since, time.min))
    match kind:
        case "new":
            return Q(created_at__gte=since_at)
        case "closed":
            return Q(status=Status.CLOSED, closed_on__gte=since)
        case "red":
            # A ticket is late the day after its deadline.
            return Q(is_late=True, due_on__gte=since - ONE_DAY)
        case "moved":
            field = str(Ticket._meta.get_field("due_on").verbose_name)
            moved = Change.objects.filter(at__gte=since_at, field=field).exclude(old="")
            return Q(pk__in=moved.order_by().values("ticket"))
        case "reopened":
            again = Transition.objects.filter(at__gte=since_at, source=Status.CLOSED)
            again = again.exclude(target=Status.CLOSED)
            return Q(pk__in=again.order_by().values("ticket"))
        case "submitted" | "returned" | "claimed":
            moved = Transition.objects.filter(at__gte=since_at, move=_MOVES[kind])
            return Q(pk__in=moved.order_by().values("ticket"))
        case "blocked":
            began = Coordination.objects.open().filter(at__gte=since_at)
            return ~Q(status=Status.CLOSED) & Q(pk__in=began.order_by().values("ticket"))
    raise KeyError(kind)


def counts(names: Iterable[str], since: date) -> dict[str, Count]:
    """What counts these kinds, along with other things."""
    return {name: Count(Case(When(having(name, since), then=Value(1)))) for name in names}


def summary(tickets: TicketQuerySet, since: date) -> list[tuple[Kind, int]]:
    """How many tickets changed in each way, in one query."""
    counted = tickets.order_by().aggregate(**counts(KINDS, since))
    return [(kind, counted[name]) for name, kind in KINDS.items()]


def with_changes(tickets: TicketQuerySet, since: date) -> TicketQuerySet:
    """Annotate `changed_<kind>` for every kind, for the chips of a page."""
    return tickets.annotate(
        **{
            f"changed_{name}": Case(
                When(having(name, since), then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
            for name in KINDS
        }
    )


def chips(ticket: Ticket) -> Iterable[Kind]:
    """The ways in which this ticket changed; none unless it came `with_changes`."""
    return (kind for name, kind in KINDS.items() if getattr(ticket, f"changed_{name}", False))
