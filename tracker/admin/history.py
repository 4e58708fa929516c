"""What happened, for reading: nothing here can be added, changed or deleted."""

from django.contrib import admin
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from tracker.admin.base import ReadOnlyForOperators
from tracker.choices import ImportOutcome
from tracker.intake.filing import buckets
from tracker.intake.following import next_steps
from tracker.models import Bulletin, Change, ImportBatch, Progress, Ticket, Transition


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyForOperators):
    """导入历史: each import, and on its own page exactly what it created or changed."""

    list_display = ("file_name", "kind", "by", "at", "new", "changed", "unchanged", "missing")
    list_select_related = ("by",)
    list_filter = ("kind",)
    search_fields = ("file_name",)
    date_hierarchy = "at"

    def in_reach(self, queryset, person):
        return queryset.filter(pk__in=ImportBatch.objects.visible_to(person)).with_counts()

    @admin.display(description=ImportOutcome.NEW.label)
    def new(self, batch):
        return batch.count_new

    @admin.display(description=ImportOutcome.CHANGED.label)
    def changed(self, batch):
        return batch.count_changed

    @admin.display(description=ImportOutcome.UNCHANGED.label)
    def unchanged(self, batch):
        return batch.count_unchanged + batch.count_closed

    @admin.display(description=ImportOutcome.MISSING.label)
    def missing(self, batch):
        return batch.count_missing

    def change_view(self, request, object_id, form_url="", extra_context=None):
        batch = self.get_object(request, object_id)
        if batch is None or not self.has_view_permission(request):
            raise Http404
        # One's own import may have touched tickets that have since left one's reach.
        rows = batch.rows.filter(ticket__in=Ticket.objects.visible_to(request.user))
        rows = rows.select_related("ticket__lead_unit", "ticket__leader", "ticket__person")
        bulletins = Bulletin.objects.visible_to(request.user)
        created = [row.ticket for row in rows if row.outcome == ImportOutcome.NEW]
        context = {
            "batch": batch,
            "next_steps": next_steps(created, timezone.localdate()),
            "buckets": buckets(rows),
            "bulletin_in_sight": bulletins.filter(pk=batch.bulletin_id).exists(),
        }
        return render(request, "admin/tracker/importbatch/change.html", context)


class TicketRecordAdmin(ReadOnlyForOperators):
    """Records below a ticket, of tickets whose lead unit is in the operator's reach."""

    list_select_related = ("ticket", "by")
    search_fields = ("ticket__number", "ticket__title")
    date_hierarchy = "at"

    def in_reach(self, queryset, person):
        tickets = Ticket.objects.led_in_reach_of(person, "amend")
        return queryset.filter(ticket__in=tickets)


@admin.register(Progress)
class ProgressAdmin(TicketRecordAdmin):
    list_display = ("ticket", "text", "percent", "by", "at")


@admin.register(Transition)
class TransitionAdmin(TicketRecordAdmin):
    list_display = ("ticket", "move", "source", "target", "note", "by", "at")
    list_filter = ("move",)


@admin.register(Change)
class ChangeAdmin(TicketRecordAdmin):
    list_display = ("ticket", "field", "old", "new", "why", "by", "at")
    list_filter = ("field",)
