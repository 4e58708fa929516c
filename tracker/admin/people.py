"""Accounts and what they may do: made by one administrator, given effect by another."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from tracker import audit, leavers, locks, policy, second_factor
from tracker.admin.base import ForDuty, ReadOnly, UnitFromTheTree, WithVersions
from tracker.admin.registers import RegisterImport
from tracker.choices import AccountConcern, AuditKind
from tracker.models import Membership, MembershipProposal, Person
from tracker.registers import PersonResource

# Making a hash is slow on purpose, and the browser waits for all of them.
SECRETS_AT_ONCE = 50


class SearchedPerson(AutocompleteSelect):
    """Django leaves it without a word, so that a screen reader has nothing to say."""

    class Media:
        js = ("js/admin-names.js",)

    def build_attrs(self, base_attrs, extra_attrs=None):
        return super().build_attrs(base_attrs, extra_attrs) | {"data-placeholder": "请选择人员"}


class MembershipInline(UnitFromTheTree, ForDuty, admin.TabularInline):
    """任职: the security administrator's; the system administrator sees them."""

    model = Membership
    duty = "grant"
    extra = 1

    def has_view_permission(self, request, obj=None):
        return True

    def get_extra(self, request, obj=None, **kwargs):
        return self.extra if self.has_add_permission(request) else 0


class ConcernFilter(admin.SimpleListFilter):
    """Accounts to see to; what people hold is counted here, never shown."""

    title = "待清理账号"
    parameter_name = "concern"

    def lookups(self, request, model_admin):
        return AccountConcern.choices

    def queryset(self, request, queryset):
        if self.value() not in AccountConcern.values:
            return queryset
        found = leavers.people_of(self.value(), timezone.now())
        return queryset.filter(pk__in=found.values("pk"))


class AccountForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ("username", "name", "title", "is_active", "post")
        labels = {"username": "账号"}
        help_texts = {
            "username": "登录时填的名字：字母、数字和 @ . + - _。",
            "is_active": "停用后立即退出，不能再登录；其办理记录保留。",
        }


@admin.register(Person)
class PersonAdmin(WithVersions, RegisterImport, admin.ModelAdmin):
    """Accounts: the system administrator makes them, the security administrator grants roles.

    Whoever makes an account cannot give it a right, and whoever gives rights cannot make one:
    until both have acted, nobody signs in with it.
    """

    form = AccountForm
    list_display = ("name", "account", "title", "granted", "state", "last_login")
    list_filter = (ConcernFilter, "is_active", "post", "memberships__role")
    search_fields = ("name", "username", "title")
    ordering = ("name",)
    account_fields = ("username", "name", "title", "is_active")
    fieldsets = (
        (None, {"fields": account_fields}),
        ("授权", {"fields": ("post",)}),
        ("登录", {"fields": ("state", "last_login", "last_login_ip", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("username", "name", "title"),
                "description": (
                    "保存后显示一次初始密码，72小时内有效。安全管理员授权之前，账号不能登录。"
                ),
            },
        ),
    )
    inlines = (MembershipInline,)
    actions = ("hand_out_secrets",)
    resource_classes = (PersonResource,)
    after_import = (
        "接下来：在列表里勾选新账号，“发初始密码”；所填任职由安全管理员在“待授权”里授权后生效。"
    )
    change_form_template = "admin/tracker/person/change_form.html"

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("memberships__unit__parent")

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets
        if policy.serves(request.user, "accounts"):
            return self.fieldsets
        # Whoever cannot change it reads it in words, below 状态.
        seen = tuple(name for name in self.account_fields if name != "is_active")
        return ((None, {"fields": seen}), *self.fieldsets[1:])

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def get_readonly_fields(self, request, obj=None):
        """Each administrator changes their own part and sees the other's."""
        fixed = ["state", "last_login", "last_login_ip", "date_joined"]
        if not policy.serves(request.user, "grant"):
            fixed.append("post")
        if not policy.serves(request.user, "accounts"):
            fixed += self.account_fields
        return fixed

    @admin.display(description="账号", ordering="username")
    def account(self, person):
        return person.username

    @admin.display(description="角色")
    def granted(self, person):
        duties = "；".join(
            f"{duty.unit.with_bureau} {duty.get_role_display()}"
            for duty in person.memberships.all()
        )
        return person.get_post_display() or duties or "—"

    @admin.display(description="状态")
    def state(self, person):
        return person.state

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

    def save_model(self, request, obj, form, change):
        if not change:
            obj.shown_once = obj.issue_secret(timezone.now())
        super().save_model(request, obj, form, change)
        if not obj.is_active and "is_active" in form.changed_data:
            holding = leavers.people_of(AccountConcern.STILL_HOLDS, timezone.now())
            if holding.filter(pk=obj.pk).exists():
                words = f"“{obj}”还有未办结的事项：请告知所在单位的整改办，在“责任交接”里移交。"
                messages.warning(request, words)

    def response_add(self, request, obj, post_url_continue=None):
        return self._show_once(request, obj, obj.shown_once)

    def _show_once(self, request, person, secret):
        """The secret is in this answer and nowhere else: in no message, cookie or log."""
        context = {**self.admin_site.each_context(request), "person": person, "secret": secret}
        return render(request, "admin/tracker/person/secret.html", context)

    def render_change_form(self, request, context, **kwargs):
        if person := kwargs.get("obj"):
            is_other = person != request.user
            context |= {
                "may_reset": is_other
                and policy.serves(request.user, "accounts")
                and not person.post,
                "may_unlock": policy.serves(request.user, "unlock"),
                "is_locked": locks.is_locked(person),
                "may_end_sessions": policy.serves(request.user, "end_sessions"),
                "visits": person.visits.open().count(),
                "device": second_factor.device_of(person),
            }
        return super().render_change_form(request, context, **kwargs)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions if policy.serves(request.user, "accounts") else {}

    @admin.action(description="发初始密码（原密码作废，只显示一次）")
    def hand_out_secrets(self, request, queryset):
        """Give many accounts their first password at once, as after an import."""
        people = list(queryset.filter(post="", is_active=True).exclude(pk=request.user.pk))
        if len(people) > SECRETS_AT_ONCE:
            messages.error(request, f"一次最多{SECRETS_AT_ONCE}人。")
            return None
        rows = []
        with transaction.atomic():
            for person in people:
                rows.append((person, person.issue_secret(timezone.now())))
                person.save()
                person.visits.all().end()
                audit.record(request, AuditKind.PASSWORD, person, reason="管理员发初始密码")
        context = {**self.admin_site.each_context(request), "rows": rows}
        return render(request, "admin/tracker/person/secrets.html", context)

    # -- what is done to an account with one button -----------------------------------------------

    def get_urls(self):
        acts = {"secret": self.secret, "unlock": self.unlock, "end-sessions": self.end_sessions}
        acts["second-factor"] = self.forget_second_factor
        return [
            *(
                path(
                    f"<int:pk>/{name}/",
                    require_POST(self.admin_site.admin_view(act)),
                    name=f"tracker_person_{name}",
                )
                for name, act in acts.items()
            ),
            *super().get_urls(),
        ]

    def _person(self, request, pk, duty) -> Person:
        person = get_object_or_404(Person, pk=pk)
        if not policy.serves(request.user, duty) or person == request.user:
            raise PermissionDenied
        return person

    def secret(self, request, pk):
        """Hand out a new initial password; every session under the old one ends.

        Not for another administrator: who could take over a second post would hold two. Theirs
        comes from `create_administrators --reset`, on the server.
        """
        person = self._person(request, pk, "accounts")
        if person.post:
            raise PermissionDenied
        with transaction.atomic():
            secret = person.issue_secret(timezone.now())
            person.save()
            person.visits.all().end()
            audit.record(request, AuditKind.PASSWORD, person, reason="管理员重设")
        return self._show_once(request, person, secret)

    def unlock(self, request, pk):
        person = self._person(request, pk, "unlock")
        with transaction.atomic():
            locks.unlock(person)
            audit.record(request, AuditKind.UNLOCKED, person)
        return self._done(request, person, f"已解除“{person}”的登录锁定。")

    def end_sessions(self, request, pk):
        person = self._person(request, pk, "end_sessions")
        with transaction.atomic():
            ended = person.visits.open().count()
            person.visits.all().end()
            audit.record(request, AuditKind.SESSION, person, reason=f"安全管理员结束{ended}个会话")
        return self._done(request, person, f"已结束“{person}”的{ended}个会话。")

    def forget_second_factor(self, request, pk):
        """For who lost the phone and the codes: the next login sets up a new phone."""
        person = self._person(request, pk, "unlock")
        with transaction.atomic():
            second_factor.remove(person)
            person.visits.all().end()
            audit.record(request, AuditKind.SECOND_FACTOR, person, reason="安全管理员重设")
        return self._done(request, person, f"已清除“{person}”的动态口令。")

    def _done(self, request, person, words):
        messages.success(request, words)
        return redirect("admin:tracker_person_change", person.pk)


@admin.register(Membership)
class MembershipAdmin(UnitFromTheTree, ForDuty, admin.ModelAdmin):
    duty = "grant"
    list_display = ("person", "of_unit", "role")
    list_filter = ("role",)
    list_select_related = ("person", "unit__parent")
    search_fields = ("person__name", "person__username", "unit__name")
    autocomplete_fields = ("person",)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "person":
            kwargs["widget"] = SearchedPerson(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(MembershipProposal)
class MembershipProposalAdmin(ReadOnly, UnitFromTheTree, ForDuty, admin.ModelAdmin):
    """待授权: what the system administrator has asked for, to be granted or refused here."""

    duty = "grant"
    list_display = ("person", "of_unit", "role", "proposed_by", "proposed_at")
    list_display_links = None
    list_filter = ("role",)
    list_select_related = ("person", "unit__parent", "proposed_by")
    search_fields = ("person__name", "person__username", "unit__name")
    actions = ("grant", "refuse")

    def get_queryset(self, request):
        return super().get_queryset(request).open()

    @admin.action(description="授权")
    def grant(self, request, queryset):
        self._decide(request, queryset, grant=True)

    @admin.action(description="不授权")
    def refuse(self, request, queryset):
        self._decide(request, queryset, grant=False)

    def _decide(self, request, queryset, *, grant):
        done = 0
        for proposal in queryset.select_related("person", "unit"):
            try:
                with transaction.atomic():
                    proposal.decide(by=request.user, grant=grant)
                    if not grant:
                        words = {"任职": f"{proposal.unit} {proposal.get_role_display()}"}
                        audit.record(
                            request, AuditKind.GRANT, proposal.person, before=words, reason="不授权"
                        )
                done += 1
            except ValidationError as refusal:
                messages.error(request, f"{proposal}：{'；'.join(refusal.messages)}")
        messages.success(request, f"{'已授权' if grant else '已拒绝'}{done}项。")
