"""Who sees what in the admin: reference data is for administrators, business for operators."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet

from tracker import policy
from tracker.audit import trace_if_restricted
from tracker.models import Person, Ticket, Unit
from tracker.versions import versions_of


class ReadOnly:
    """Nothing here is added, changed or deleted by hand."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class WithVersions:
    """历史 shows what each act changed, field by field, whoever made it and wherever."""

    def history_view(self, request, object_id, extra_context=None):
        record = self.get_object(request, unquote(object_id))
        told = {} if record is None else {"versions": versions_of(record)}
        return super().history_view(request, object_id, told | (extra_context or {}))


class ForDuty(WithVersions):
    """Only the post to which the duty belongs gets in; a superuser's blanket right counts not."""

    duty = ""

    def has_module_permission(self, request):
        return policy.serves(request.user, self.duty)

    def has_view_permission(self, request, obj=None):
        return policy.serves(request.user, self.duty)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class ForOperators(WithVersions):
    """Operators see what is in their reach; an administrator has no role and sees nothing.

    What is out of reach is not in the queryset, so asking for it leads back as if it were not
    there.
    """

    def in_reach(self, queryset: QuerySet, person: Person) -> QuerySet:
        raise NotImplementedError

    def get_queryset(self, request):
        return self.in_reach(super().get_queryset(request), request.user)

    def get_object(self, request, *args, **kwargs):
        found = super().get_object(request, *args, **kwargs)
        ticket = found if isinstance(found, Ticket) else getattr(found, "ticket", None)
        if ticket:
            trace_if_restricted(request, ticket)
        return found

    def has_module_permission(self, request):
        return policy.may_import(request.user)

    def has_view_permission(self, request, obj=None):
        return policy.may_import(request.user)


class ReadOnlyForOperators(ReadOnly, ForOperators, admin.ModelAdmin):
    """Records that are looked at and never edited."""

    actions = None


class UnitFromTheTree:
    """A unit is chosen from the tree, and shown with its bureau: every bureau has an office.

    From the whole tree, since the search of units is shut to who only grants roles.
    """

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.related_model is Unit:
            field.queryset = Unit.objects.order_by("path")
            field.label_from_instance = lambda unit: "　" * (unit.path.count("/") - 2) + unit.name
        return field

    @admin.display(description="单位", ordering="unit")
    def of_unit(self, duty):
        return duty.unit.with_bureau
