"""Settings, all of them from the environment; a missing or misspelt one stops the process."""

import os
import re
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


_names_read: set[str] = set()


def env(name: str, default: str = "") -> str:
    """Read one setting and remember its name; an empty one counts as not set."""
    _names_read.add(name)
    return os.environ.get(name) or default


def env_bool(name: str, default: bool) -> bool:
    """Read a switch; refuse anything but true and false, so that a typo cannot mean off."""
    value = env(name, str(default)).lower()
    if value not in {"true", "false"}:
        raise ImproperlyConfigured(f"{name}={value!r}: write true or false")
    return value == "true"


def env_int(name: str, default: int) -> int:
    """Read a whole number of at least 1; refuse anything else by name."""
    value = env(name, str(default))
    if not re.fullmatch("[1-9][0-9]*", value):
        raise ImproperlyConfigured(f"{name}={value!r}: write a whole number of at least 1")
    return int(value)


def env_list(name: str) -> list[str]:
    """Read a comma-separated list; blanks are dropped."""
    return [item.strip() for item in env(name).split(",") if item.strip()]


DEBUG = env_bool("TRACKER_DEBUG", False)
# The demo serves invented data with published passwords; production refuses its database.
TRACKER_DEMO = env_bool("TRACKER_DEMO", False)
PRODUCTION = not (DEBUG or TRACKER_DEMO)
# Left empty in production, so that a command that signs nothing (parse_bulletin) runs in any
# shell; `tracker.checks` stops the server and every command that touches the database.
SECRET_KEY = env("TRACKER_SECRET_KEY", "" if PRODUCTION else "for-development-only")

ALLOWED_HOSTS = env_list("TRACKER_ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = env_list("TRACKER_CSRF_TRUSTED_ORIGINS")

TRACKER_ORG_NAME = env("TRACKER_ORG_NAME", "整改办公室")
TRACKER_MAX_BULLETIN_BYTES = env_int("TRACKER_MAX_BULLETIN_BYTES", 20 * 1024 * 1024)
# The bounds of the process that reads one file; a request waits for it, so stay below the
# timeout of the proxy in front.
TRACKER_READ_SECONDS = env_int("TRACKER_READ_SECONDS", 45)
TRACKER_READ_MEGABYTES = env_int("TRACKER_READ_MEGABYTES", 1024)
TRACKER_CONVERTER = env("TRACKER_CONVERTER", "")
# The files of evidence. The demo has a folder of its own, as it has a database of its own.
TRACKER_MEDIA = Path(
    env("TRACKER_MEDIA", str(BASE_DIR / "var" / ("demo-media" if TRACKER_DEMO else "media")))
)
TRACKER_MAX_EVIDENCE_BYTES = env_int("TRACKER_MAX_EVIDENCE_BYTES", 20 * 1024 * 1024)
# A file of more rows than this is made by a process beside, and kept for so many days.
EXPORT_ROWS = env_int("TRACKER_EXPORT_ROWS", 5_000)
EXPORT_DAYS = env_int("TRACKER_EXPORT_DAYS", 7)
# With less free space than this on a disk that is written to, the board warns.
FREE_MEGABYTES = env_int("TRACKER_FREE_MEGABYTES", 2048)
# Only tests start no process: they run what waits in their own.
START_EXPORTS = True
# Only tests read in their own process: a worker for each file costs them half a second.
READ_IN_WORKER = True

# The proxies in front, by address or network: only what they say of where a request comes from
# is believed.
TRUSTED_PROXIES = env_list("TRACKER_TRUSTED_PROXIES")

# The chain of audit events. The key signs its end and its seals; it has a setting of its own so
# that TRACKER_SECRET_KEY can be changed without every seal looking forged.
AUDIT_HASH = env("TRACKER_AUDIT_HASH", "sha256")
if AUDIT_HASH not in {"sha256", "sm3"}:
    raise ImproperlyConfigured(f"TRACKER_AUDIT_HASH={AUDIT_HASH!r}: write sha256 or sm3")
AUDIT_KEY = env("TRACKER_AUDIT_KEY", SECRET_KEY)
AUDIT_FOLDER = Path(env("TRACKER_AUDIT_FOLDER", str(BASE_DIR / "var" / "audit")))

INSTALLED_APPS = [
    "tracker.apps.TrackerConfig",
    "tracker.apps.TrackerAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "import_export",
    "simple_history",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    "tracker.middleware.number_requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tracker.middleware.guard_sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tracker.middleware.record_refusals",
    "tracker.middleware.finish_signing_in",
    "tracker.middleware.keep_posts_apart",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tracker.middleware.tell_why_it_ended",
    "tracker.middleware.keep_what_was_typed",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tracker.context.chrome",
            ],
        },
    },
]

# The demo has a file of its own, so that trying it out never touches a real database.
SQLITE_FILE = BASE_DIR / "var" / ("demo.sqlite3" if TRACKER_DEMO else "guatu.sqlite3")
DATABASES = {
    "default": dj_database_url.parse(
        env("TRACKER_DATABASE_URL", f"sqlite:///{quote(str(SQLITE_FILE))}"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        # IMMEDIATE takes the write lock at once: a waiting writer waits instead of failing late.
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command="PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    )
else:
    # The queries of a page are long but short-lived: compiling one takes longer than running it.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "tracker.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # only refuses
    "tracker.backends.PersonBackend",
]
# 等保 asks for composition and rotation, OWASP ASVS forbids both: see docs/operations.md.
PASSWORD_PROFILE = env("TRACKER_PASSWORD_PROFILE", "dengbao")
_OWN, _DJANGO = "tracker.passwords.", "django.contrib.auth.password_validation."
_PASSWORD_PROFILES = {
    "dengbao": {
        "length": 10,
        "max_days": 90,
        "own": ("ThreeOfFour", "NotTheirOwnName", "NotLately"),
    },
    "asvs": {"length": 12, "max_days": 0, "own": ("NotTheirOwnName",)},
}
if PASSWORD_PROFILE not in _PASSWORD_PROFILES:
    raise ImproperlyConfigured(
        f"TRACKER_PASSWORD_PROFILE={PASSWORD_PROFILE!r}: write dengbao or asvs"
    )
_profile = _PASSWORD_PROFILES[PASSWORD_PROFILE]
PASSWORD_MAX_DAYS = _profile["max_days"]
PASSWORD_LENGTH = env_int("TRACKER_PASSWORD_LENGTH", _profile["length"])
if not 8 <= PASSWORD_LENGTH <= 64:
    raise ImproperlyConfigured(f"TRACKER_PASSWORD_LENGTH={PASSWORD_LENGTH}: write 8 to 64")
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{_OWN}LongEnough",
        "OPTIONS": {"min_length": PASSWORD_LENGTH},
    },
    {"NAME": f"{_DJANGO}CommonPasswordValidator"},
    *({"NAME": _OWN + name} for name in _profile["own"]),
]
# The second only reads what an installation without Argon2 has written.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if find_spec("argon2") is None:  # no wheel for this processor
    PASSWORD_HASHERS.reverse()

# Five failures lock a name for half an hour, wherever they come from, so that a whole bureau
# behind one address is not locked out with it.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = ["username", ["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "tracker.signing_in.login_name"
AXES_CLIENT_IP_CALLABLE = "tracker.client.client_ip"
AXES_LOCKOUT_CALLABLE = "tracker.views.account.locked"
AXES_DISABLE_ACCESS_LOG = True  # the audit trail has it
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Whether the three administrators need a one-time password besides their own.
ADMIN_TOTP = env_bool("TRACKER_ADMIN_TOTP", PRODUCTION)
OTP_TOTP_ISSUER = f"挂图 {TRACKER_ORG_NAME}"
# A session ends this long after the last page; `tracker.middleware.guard_sessions` renews it.
SESSION_COOKIE_AGE = 60 * env_int("TRACKER_IDLE_MINUTES", 30)
# However busy, a session ends after these hours.
SESSION_HOURS = env_int("TRACKER_SESSION_HOURS", 12)
# An account that nobody has used for so many days is reported, and `disable_dormant` closes it.
DORMANT_DAYS = env_int("TRACKER_DORMANT_DAYS", 90)
# Of more sessions than this, the oldest of an account ends.
SESSIONS_AT_ONCE = env_int("TRACKER_SESSIONS_AT_ONCE", 3)
# How often a display on a wall asks for its picture, and how long each of its pages stands.
SCREEN_SECONDS, SCREEN_TURN_SECONDS = 30, 12
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "tracker:workbench"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# In production `collectstatic` renames each file by its content, so that browsers keep it for
# good; to try it out, files are served from where they lie.
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
    }
}

# Served over https. Gunicorn tells Django so when the proxy on the same machine says it in
# X-Forwarded-Proto; nobody else is believed (see docs/operations.md).
TLS = env_bool("TRACKER_TLS", PRODUCTION)
SECURE_SSL_REDIRECT = TLS
SESSION_COOKIE_SECURE = TLS
CSRF_COOKIE_SECURE = TLS
# With this prefix a browser refuses the cookie from any other host of the same domain.
SESSION_COOKIE_NAME = "__Host-session" if TLS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "csrf"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
# Preloading is a list in browsers of public sites; an intranet host cannot be on it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# The review page of a long bulletin sends every measure's fields at once.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

FILTERS_EMPTY_CHOICE_LABEL = "全部"
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "tracker.logs.RequestIdFilter"},
        "short_warnings": {"()": "tracker.logs.ShortWarningFilter"},
    },
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"}
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["request_id", "short_warnings"],
            "formatter": "line",
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Without handlers of its own, so that each problem is one line and no mail is tried.
    # The audit trail has what axes would say of each login.
    "loggers": {"django": {"handlers": [], "level": "INFO"}, "axes": {"level": "WARNING"}},
}

if unknown := {name for name in os.environ if name.startswith("TRACKER_")} - _names_read:
    raise ImproperlyConfigured(f"Unknown: {', '.join(sorted(unknown))}. See docs/operations.md.")
