"""Units, rounds and holidays: what the rest refers to."""

from django.contrib import admin

from tracker import policy
from tracker.admin.base import ForDuty, UnitFromTheTree, WithVersions
from tracker.admin.registers import RegisterImport
from tracker.forms.round import BandForm, BandFormSet, RoundForm
from tracker.models import Band, Holiday, Round, Unit, UnitAlias
from tracker.registers import UnitResource
from tracker.workflow import LEVELS


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
class UnitAdmin(UnitFromTheTree, WithVersions, RegisterImport, admin.ModelAdmin):
    """System administrators build the tree; operators name the units of their part of it."""

    list_display = ("name", "short_name", "parent", "sort_no")
    list_select_related = ("parent",)
    search_fields = ("name", "short_name", "aliases__name")
    fields = ("name", "short_name", "parent", "sort_no")
    ordering = ("path",)
    inlines = (AliasInline,)
    actions = None
    resource_classes = (UnitResource,)

    def get_queryset(self, request):
        units = super().get_queryset(request)
        if policy.serves(request.user, "units"):
            return units
        return units.subtree(*request.user.reach_for("import"))

    def has_module_permission(self, request):
        return policy.serves(request.user, "units") or policy.may_import(request.user)

    has_view_permission = has_change_permission = lambda self, request, obj=None: (
        self.has_module_permission(request)
    )

    def has_add_permission(self, request):
        return policy.serves(request.user, "units")

    def has_delete_permission(self, request, obj=None):
        return policy.serves(request.user, "units")

    def get_readonly_fields(self, request, obj=None):
        # Moving a unit moves what everybody above and below it may see.
        return () if policy.serves(request.user, "units") else ("parent",)


class BandInline(ForDuty, admin.StackedInline):
    """The lights of a round, in the order in which they are asked."""

    duty = "settings"
    model = Band
    form = BandForm
    formset = BandFormSet
    extra = 0
    fields = (
        ("order", "light", "word"),
        ("colour", "shape"),
        "conditions",
        ("days", "in_workdays"),
        "tells",
    )


@admin.register(Round)
class RoundAdmin(ForDuty, admin.ModelAdmin):
    duty = "settings"
    form = RoundForm
    list_display = ("name", "focus_months", "lights_in_words", "levels_in_words", "press_pause")
    search_fields = ("name",)
    actions = None
    inlines = (BandInline,)

    def get_inlines(self, request, obj):
        # A new round begins with a whole preset; its rows can be changed once it is saved.
        return self.inlines if obj else ()

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("band_rows")

    @admin.display(description="灯")
    def lights_in_words(self, item):
        return "、".join(band.word for band in item.band_rows.all())

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if preset := form.cleaned_data.get("preset"):
            form.instance.take_preset(preset)

    @admin.display(description="审核级次")
    def levels_in_words(self, item: Round) -> str:
        return "、".join(LEVELS[role] for role in item.levels)


@admin.register(Holiday)
class HolidayAdmin(ForDuty, admin.ModelAdmin):
    duty = "settings"
    list_display = ("on", "name", "kind")
    list_filter = ("is_workday",)
    date_hierarchy = "on"
    search_fields = ("name",)

    @admin.display(description="放假或上班", ordering="is_workday")
    def kind(self, holiday):
        # Django's mark for yes and no is called True and False.
        return "调休上班" if holiday.is_workday else "放假"
