from collections import Counter

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from tracker import notices
from tracker.choices import NoticeKind, ReportingPeriod
from tracker.dates import zh_md
from tracker.models import Holiday, Notice, Ticket
from tracker.periods import Period, period_of


class Command(BaseCommand):
    help = (
        "Tell everyone who owes a report of the current period how many, once a period. Run it "
        "every morning: whoever was told is not told again."
    )

    def handle(self, **options):
        on, calendar = timezone.localdate(), Holiday.objects.calendar()
        for kind in ReportingPeriod:
            period = period_of(on, kind)
            due_on = period.due_on(calendar)
            told = tell(period, zh_md(due_on))
            self.stdout.write(f"{period.label}: {told} told")


@transaction.atomic
def tell(period: Period, due: str) -> int:
    """Write one notice for each person who owes reports and was not told of this period yet."""
    owed = Counter(
        person
        for ticket in Ticket.objects.not_reported_in(period).select_related("lead_unit", "reporter")
        for person in notices.reporting_for(ticket)
    )
    opening = f"{period.label}反馈已开放"
    told = Notice.objects.filter(
        kind=NoticeKind.REPORTING, text__startswith=opening, at__date__gte=period.first
    )
    told = set(told.values_list("person", flat=True))
    new = [(person, count) for person, count in owed.items() if person.pk not in told]
    for person, count in new:
        words = f"{opening}，{due}截止，您有{count}项待填报"
        notices.tell([person], NoticeKind.REPORTING, None, words, link="/tickets/?act=feedback")
    return len(new)
