from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate, pre_migrate


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "整改"

    def ready(self):
        from tracker import audit_chain, audited, checks, signing_in  # noqa: F401  (registers them)
        from tracker.models import triggers

        pre_migrate.connect(triggers.remove_rules_before_migrate, sender=self)
        post_migrate.connect(triggers.install_after_migrate, sender=self)
        post_migrate.connect(audit_chain.begin, sender=self)


class TrackerAdminConfig(AdminConfig):
    default_site = "tracker.admin_site.GuatuAdminSite"
