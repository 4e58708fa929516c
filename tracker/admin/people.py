from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group

from tracker.models import Membership, Person


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 1
    autocomplete_fields = ("unit",)


@admin.register(Person)
class PersonAdmin(UserAdmin):
    """Accounts, for superusers; what a person may do comes from their memberships alone."""

    list_display = ("name", "username", "title", "duties_in_words", "is_active")
    list_filter = ("is_active", "is_superuser", "memberships__role")
    search_fields = ("name", "username", "title")
    ordering = ("name",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password", "name", "title")}),
        (
            "账号",
            {
                "fields": ("is_active", "is_superuser", "last_login", "date_joined"),
                "description": "超级用户只管账号和设置，看不到也办不了问题。",
            },
        ),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "name", "title", "usable_password", "password1", "password2")},
        ),
    )
    readonly_fields = ("last_login", "date_joined")
    inlines = (MembershipInline,)
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("memberships__unit")

    @admin.display(description="任职")
    def duties_in_words(self, person):
        return "；".join(f"{d.unit} {d.get_role_display()}" for d in person.memberships.all())

    def has_delete_permission(self, request, obj=None):
        # Whoever left stays in the history of what they did; deactivate instead.
        return False


# Rights come from memberships: Django's groups would be a second, silent source of them.
admin.site.unregister(Group)
