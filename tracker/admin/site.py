from django.contrib.admin import AdminSite

from tracker import policy


class GuatuAdminSite(AdminSite):
    """The admin of this product: for those who import bulletins, and for superusers."""

    site_header = "挂图 · 管理"
    site_title = "挂图管理"
    index_title = "导入通报与基础资料"
    enable_nav_sidebar = False

    def has_permission(self, request):
        person = request.user
        return person.is_active and (person.is_superuser or policy.may_import(person))
