import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Imported here because Django must be set up first.
from django.db import connections  # noqa: E402

from tracker.checks import missing_secret, wrong_database  # noqa: E402

if refusal := missing_secret() or wrong_database():
    raise ImproperlyConfigured(refusal)
# The server's workers are about to fork: none may inherit this connection.
connections.close_all()
