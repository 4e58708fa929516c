"""Units, rounds and holidays: what the rest refers to."""

from django.contrib import admin

from tracker import policy
from tracker.models import Holiday, Membership, Round, Unit, UnitAlias


class AliasInline(admin.TabularInline):
    model = UnitAlias
    extra = 1

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "name":
            # The table's heading does not name the field to a screen reader.
            field.widget.attrs["aria-label"] = str(db_field.verbose_name)
        return field

    # An alias goes with its unit: whoever may change the unit may name it.
    def has_view_permission(self, request, obj=None):
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    """Superusers build the tree; operators see their part of it and give names to its units."""

    list_display = ("name", "short_name", "parent", "sort_no")
    list_select_related = ("parent",)
    search_fields = ("name", "short_name", "aliases__name")
    fields = ("name", "short_name", "parent", "sort_no")
    ordering = ("path",)
    inlines = (AliasInline,)
    actions = None

    def get_queryset(self, request):
        units = super().get_queryset(request)
        if request.user.is_superuser:
            return units
        return units.subtree(*request.user.reach_for("import"))

    def has_module_permission(self, request):
        return request.user.is_superuser or policy.may_import(request.user)

    has_view_permission = has_change_permission = lambda self, request, obj=None: (
        self.has_module_permission(request)
    )

    def get_readonly_fields(self, request, obj=None):
        # Moving a unit moves what everybody above and below it may see.
        return () if request.user.is_superuser else ("parent",)


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ("person", "unit", "role")
    list_filter = ("role",)
    list_select_related = ("person", "unit")
    search_fields = ("person__name", "person__username", "unit__name")
    autocomplete_fields = ("person", "unit")


@admin.register(Round)
class RoundAdmin(admin.ModelAdmin):
    list_display = (
        "name",
        "focus_months",
        "warn_days",
        "warn_in_workdays",
        "review_levels",
        "reporting_period",
    )
    search_fields = ("name",)
    actions = None


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin):
    list_display = ("on", "name", "is_workday")
    list_filter = ("is_workday",)
    date_hierarchy = "on"
    search_fields = ("name",)
