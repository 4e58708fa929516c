from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "整改"


class TrackerAdminConfig(AdminConfig):
    default_site = "tracker.admin.site.GuatuAdminSite"
