"""What is written down for the auditor wherever it happens: receivers, connected at start.

Pages that show, send or print something call `audit.record` themselves.
"""

from axes.signals import user_locked_out
from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from tracker import audit
from tracker.choices import AuditKind, AuditResult
from tracker.models import ImportBatch, Membership, Person


@receiver(user_logged_in)
def login(sender, request, user, **kwargs):
    audit.record(user, AuditKind.LOGIN)


@receiver(user_logged_out)
def logout(sender, request, user, **kwargs):
    if user is not None:
        audit.record(user, AuditKind.LOGOUT)


@receiver(user_login_failed)
def login_failed(sender, credentials, request=None, **kwargs):
    name = str(credentials.get("username", ""))[:150]
    audit.record(request, AuditKind.LOGIN_FAILED, name, result=AuditResult.FAILED)


@receiver(user_locked_out)
def locked_out(sender, request, username, **kwargs):
    audit.record(request, AuditKind.LOCKED, username[:150], result=AuditResult.REFUSED)


@receiver(post_delete, sender=Membership)
def role_taken_away(sender, instance, **kwargs):
    """A signal and no `delete()`: a whole queryset may be deleted, and it runs in a transaction."""
    audit.record(None, AuditKind.GRANT, instance.person, before={"任职": instance.in_words})


@receiver(post_save, sender=ImportBatch)
def imported(sender, instance, created, **kwargs):
    if created:
        audit.record(instance.by, AuditKind.IMPORT, instance)


# Both write down their own changes, with the values, whichever way they come.
_TELL_THEMSELVES = {Person, Membership}


@receiver(post_save, sender=LogEntry)
def admin_action(sender, instance, **kwargs):
    """What the admin has just logged of a model that does not tell of itself: configuration."""
    model = instance.content_type.model_class() if instance.content_type else None
    if model in _TELL_THEMSELVES or model is None:
        return
    done = {ADDITION: "新增", DELETION: "删除"}.get(instance.action_flag, "修改")
    record = model._base_manager.filter(pk=instance.object_id).first()
    audit.record(
        instance.user,
        AuditKind.CONFIG,
        record or f"{model._meta.verbose_name} {instance.object_repr}",
        reason=f"{done}{model._meta.verbose_name}：{instance.get_change_message()}",
    )
