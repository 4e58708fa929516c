from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "整改"

    def ready(self):
        from tracker import checks  # noqa: F401  (registers them)
        from tracker.models import guards

        post_migrate.connect(guards.install_after_migrate, sender=self)


class TrackerAdminConfig(AdminConfig):
    default_site = "tracker.admin_site.GuatuAdminSite"
