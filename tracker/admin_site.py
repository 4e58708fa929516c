"""The admin's own site; outside `tracker.admin`, which needs it to be there already."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models.base import ModelBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from tracker import disk, leavers, policy
from tracker.choices import Post
from tracker.models import MembershipProposal


class GuatuAdminSite(AdminSite):
    """The admin of this product: for those who import bulletins, and for two of the 三员."""

    site_header = "挂图 · 管理"
    site_title = "挂图管理"
    index_title = "导入通报与基础资料"
    site_url = "/"
    enable_nav_sidebar = False

    def register(self, model_or_iterable, admin_class=None, **options):
        """Take our own models only.

        Django's groups would be a second, silent source of rights, and the keys of one-time
        passwords are nobody's to look at.
        """
        is_one = isinstance(model_or_iterable, ModelBase)
        models = [model_or_iterable] if is_one else model_or_iterable
        own = [model for model in models if model._meta.app_label == "tracker"]
        super().register(own, admin_class, **options)

    def has_permission(self, request):
        person = request.user
        keeps = any(policy.serves(person, duty) for duty in ("accounts", "grant"))
        return person.is_active and (keeps or policy.may_import(person))

    def index(self, request, extra_context=None):
        """The three who meet here have different work, and the page is named after it."""
        titles = {Post.SYSTEM: "账号、单位与设置", Post.SECURITY: "授权与账号安全"}
        context = {"title": titles.get(request.user.post, self.index_title)}
        if policy.serves(request.user, "settings"):
            context["nearly_full"] = disk.nearly_full()
        if policy.serves(request.user, "accounts") or policy.serves(request.user, "grant"):
            context["concerns"] = leavers.counts(timezone.now())
        if policy.serves(request.user, "grant"):
            context["proposals"] = MembershipProposal.objects.open().count()
        return super().index(request, {**context, **(extra_context or {})})

    def login(self, request, extra_context=None):
        """There is one login page; Django's own admits only `is_staff`, which we do not use."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request, extra_context=None):
        return redirect("logout", preserve_request=True)

    def password_change(self, request, extra_context=None):
        return redirect("password_change")
