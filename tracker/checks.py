"""System checks: what would make a running board dangerous or wrong, said before it starts.

Those that read the database run with `migrate` and with `check --database default`, as Django
does it; `config.wsgi` asks for the two refusals once more, since a server runs no checks.
"""

from pathlib import Path

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.utils import timezone

from tracker import disk


def _exists(model, using: str) -> bool:
    """True when the table is there and holds a row; before the first migrate it is not."""
    tables = connections[using].introspection.table_names()
    return model._meta.db_table in tables and model.objects.using(using).exists()


def missing_secret() -> str:
    """Say what to do when nothing signs the sessions; empty means the secret is set."""
    try:
        settings.SECRET_KEY  # noqa: B018  (Django refuses to hand out an empty one)
    except ImproperlyConfigured:
        return "Set TRACKER_SECRET_KEY, or TRACKER_DEBUG=true to try it out."
    return ""


@register(Tags.security)
def check_secret_is_set(app_configs, **kwargs):
    """guatu.E002: production without a secret."""
    refusal = missing_secret()
    return [Error(refusal, id="guatu.E002")] if refusal else []


def wrong_database(using: str = "default") -> str:
    """Say why these settings must not be used with this database; empty means they may.

    A demo has published passwords, so production refuses its database, and the demo refuses
    every database with people in it that was not made as a demo.
    """
    from tracker.models import DemoMark, Person

    is_demo = _exists(DemoMark, using)
    if settings.PRODUCTION and is_demo:
        return (
            "This database was made by the demo: its passwords are published. Point "
            "TRACKER_DATABASE_URL to a database of its own, or set TRACKER_DEMO=true for the demo."
        )
    if settings.TRACKER_DEMO and not is_demo and _exists(Person, using):
        return (
            "TRACKER_DEMO=true, but this database has people in it and was not made by the demo. "
            "Unset TRACKER_DEMO, or unset TRACKER_DATABASE_URL to use the demo's own file."
        )
    return ""


@register(Tags.security)
def check_evidence_is_not_served(app_configs, **kwargs):
    """guatu.E004: the files of evidence lie where the server hands out files to everybody."""
    media = Path(settings.TRACKER_MEDIA).resolve()
    served = [Path(folder).resolve() for folder in settings.STATICFILES_DIRS]
    if settings.STATIC_ROOT:
        served.append(Path(settings.STATIC_ROOT).resolve())
    if any(media.is_relative_to(folder) for folder in served):
        hint = "Point TRACKER_MEDIA to a folder that only the server's user can read."
        return [Error(f"Evidence in {media} would be public.", hint=hint, id="guatu.E004")]
    return []


@register(Tags.database)
def check_database_fits_settings(app_configs, databases, **kwargs):
    """guatu.E001: a demo's database in production, or a real one in the demo."""
    refusals = [wrong_database(using) for using in databases or []]
    return [Error(refusal, id="guatu.E001") for refusal in refusals if refusal]


def superusers_in_production(using: str = "default") -> str:
    """Say which accounts would have every right at once; empty means none."""
    from tracker.models import Person

    table = Person._meta.db_table
    if not settings.PRODUCTION or table not in connections[using].introspection.table_names():
        return ""
    names = Person.objects.using(using).filter(is_superuser=True)
    names = ", ".join(names.values_list("username", flat=True))
    return f"Superusers in this database: {names}. They cannot sign in." if names else ""


@register(Tags.database)
def check_no_superuser(app_configs, databases, **kwargs):
    """guatu.E003: a superuser would be all three administrators in one."""
    hint = "Make the three administrators with create_administrators, and unset is_superuser."
    refusals = [superusers_in_production(using) for using in databases or []]
    return [Error(refusal, hint=hint, id="guatu.E003") for refusal in refusals if refusal]


@register(Tags.database)
def check_holidays_are_loaded(app_configs, databases, **kwargs):
    """guatu.W001: this year's holidays are missing, so workdays are counted Monday to Friday."""
    from tracker.models import Holiday

    year = timezone.localdate().year
    return [
        Warning(
            f"The holidays of {year} are not loaded: deadlines count every Monday to Friday.",
            hint="Enter the State Council's notice in the admin, 节假日 (docs/operations.md).",
            id="guatu.W001",
        )
        for using in databases or []
        if Holiday._meta.db_table in connections[using].introspection.table_names()
        and not Holiday.objects.using(using).filter(on__year=year).exists()
    ]


@register(Tags.files)
def check_there_is_room(app_configs, **kwargs):
    """guatu.W002: a disk that the board writes to is nearly full."""
    hint = "Make room: once it is full, no act can be written down, and so none can be done."
    return [
        Warning(
            f"Only {place.free_megabytes} MB are free at {place.folder}.",
            hint=hint,
            id="guatu.W002",
        )
        for place in disk.nearly_full()
    ]
