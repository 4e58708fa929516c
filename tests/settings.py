"""The product's settings as in production, with a secret and cheap passwords for the tests."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("TRACKER_SECRET_KEY", "for-the-tests-only")
os.environ.setdefault("TRACKER_TLS", "false")
# Only the tests of the second factor ask for it.
os.environ.setdefault("TRACKER_ADMIN_TOTP", "false")

from config.settings import *  # noqa: F403
from config.settings import DATABASES, STORAGES

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in production: in memory, two connections would share one and never wait for
    # each other. Its own folder for each run, so that two runs do not meet.
    test_folder = tempfile.TemporaryDirectory(prefix="guatu-tests-")
    DATABASES["default"]["TEST"] = {"NAME": f"{test_folder.name}/test.sqlite3"}

# Evidence goes to a folder that is gone after the run.
media_folder = tempfile.TemporaryDirectory(prefix="guatu-media-")
TRACKER_MEDIA = Path(media_folder.name)

# A worker for each file would cost the suite minutes; the tests of the worker itself start it.
READ_IN_WORKER = False

# A process beside would look at another database than that of the test.
START_EXPORTS = False

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Straight from the source folders: the tests must not need `collectstatic`.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
