"""Accounts and what they may do: made by one administrator, given effect by another."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group

from tracker import policy
from tracker.admin.base import ForDuty
from tracker.models import Membership, Person


class MembershipInline(ForDuty, admin.TabularInline):
    """任职: the security administrator's; the system administrator sees them."""

    model = Membership
    duty = "grant"
    extra = 1
    autocomplete_fields = ("unit",)

    def has_view_permission(self, request, obj=None):
        return True

    def get_extra(self, request, obj=None, **kwargs):
        return self.extra if self.has_add_permission(request) else 0


@admin.register(Person)
class PersonAdmin(UserAdmin):
    """Accounts: the system administrator makes them, the security administrator grants roles.

    Whoever makes an account cannot give it a right, and whoever gives rights cannot make one:
    until both have acted, nobody signs in with it.
    """

    list_display = ("name", "username", "title", "roles_in_words", "is_active")
    list_filter = ("is_active", "post", "memberships__role")
    search_fields = ("name", "username", "title")
    ordering = ("name",)
    filter_horizontal = ()
    account_fields = ("username", "name", "title", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "name", "title", "is_active")}),
        ("授权", {"fields": ("post",)}),
        ("登录", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "name", "title", "usable_password", "password1", "password2")},
        ),
    )
    inlines = (MembershipInline,)
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("memberships__unit")

    def get_readonly_fields(self, request, obj=None):
        """Each administrator changes their own part and sees the other's."""
        fixed = ["last_login", "date_joined"]
        if not policy.serves(request.user, "grant"):
            fixed.append("post")
        if not policy.serves(request.user, "accounts"):
            fixed += self.account_fields
        return fixed

    @admin.display(description="角色")
    def roles_in_words(self, person):
        return person.roles_in_words or "待授权"

    def has_module_permission(self, request):
        return any(policy.serves(request.user, duty) for duty in ("accounts", "grant"))

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    def has_change_permission(self, request, obj=None):
        # Nobody changes their own rights or keeps their own account.
        return self.has_module_permission(request) and obj != request.user

    def has_add_permission(self, request):
        return policy.serves(request.user, "accounts")

    def has_delete_permission(self, request, obj=None):
        # Whoever left stays in the history of what they did; deactivate instead.
        return False


@admin.register(Membership)
class MembershipAdmin(ForDuty, admin.ModelAdmin):
    duty = "grant"
    list_display = ("person", "unit", "role")
    list_filter = ("role",)
    list_select_related = ("person", "unit")
    search_fields = ("person__name", "person__username", "unit__name")
    autocomplete_fields = ("person", "unit")


# Rights come from memberships: Django's groups would be a second, silent source of them.
admin.site.unregister(Group)
