from django.contrib import admin
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html

from tracker.admin import drafts
from tracker.admin.base import ForOperators, ReadOnlyForOperators
from tracker.models import Bulletin, Inspection, Unit


@admin.register(Bulletin)
class BulletinAdmin(ReadOnlyForOperators):
    """Imported bulletins; the way in is 导入通报, whose pages are in `drafts`."""

    list_display = ("title_or_file", "inspection", "published_on", "imported_by", "imported_at")
    list_select_related = ("inspection__unit", "source", "imported_by")
    search_fields = ("title", "source__name", "inspection__unit__name")
    date_hierarchy = "imported_at"
    change_list_template = "admin/tracker/bulletin/change_list.html"

    def in_reach(self, queryset, person):
        return queryset.visible_to(person)

    @admin.display(description="通报", ordering="title")
    def title_or_file(self, bulletin):
        return str(bulletin)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("import/", wrap(drafts.upload), name="tracker_bulletin_import"),
            path(
                "import/reading/<str:group>/",
                wrap(drafts.reading),
                name="tracker_bulletin_reading",
            ),
            path("import/<int:pk>/", wrap(drafts.review_draft), name="tracker_bulletin_review"),
            path("import/<int:pk>/discard/", wrap(drafts.discard), name="tracker_bulletin_discard"),
            path("import/<int:pk>/diff/", wrap(drafts.diff), name="tracker_bulletin_diff"),
            path("import/<int:pk>/confirm/", wrap(drafts.confirm), name="tracker_bulletin_confirm"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A bulletin is read on the board, where its problems are links."""
        bulletin = self.get_object(request, object_id)
        if bulletin is None or not self.has_view_permission(request):
            raise Http404
        return redirect("tracker:bulletin-detail", bulletin.pk)


@admin.register(Inspection)
class InspectionAdmin(ForOperators, admin.ModelAdmin):
    """Inspections come with their first bulletin; what else is known of them is added here."""

    list_display = ("code", "unit", "inspecting_body", "kind", "round", "feedback_on", "wall")
    list_display_links = ("code", "unit")
    list_select_related = ("unit", "round")
    list_filter = ("kind", "round")
    search_fields = ("code", "unit__name", "inspecting_body")
    # Tickets are matched and deadlines derived by these; a change would have to move them.
    readonly_fields = ("code", "unit", "unit_text", "inspecting_body", "feedback_on", "round")
    actions = None
    fieldsets = (
        (None, {"fields": (*readonly_fields, "kind", "chief_text")}),
        ("时间", {"fields": ("started_on", "ended_on")}),
        ("联系方式", {"fields": ("phone", "address", "postcode", "email")}),
        (
            "文中所称数目",
            {
                "fields": (
                    "stated_aspects",
                    "stated_categories",
                    "stated_problems",
                    "stated_measures",
                )
            },
        ),
    )

    def in_reach(self, queryset, person):
        return queryset.filter(unit__in=Unit.objects.subtree(*person.reach_for("import")))

    def has_change_permission(self, request, obj=None):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="作战图")
    def wall(self, inspection):
        url = reverse("tracker:inspection-wall", args=[inspection.pk])
        return format_html('<a href="{}">看作战图</a>', url)
