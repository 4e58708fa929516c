from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.utils import timezone


class PersonBackend(ModelBackend):
    """Who may sign in, and stays signed in: asked at the login and again with every request.

    An account does nothing until the security administrator has granted a role or a post, and
    nothing more once the last is taken away; an initial password opens nothing after its 72 hours.
    A superuser is a stranger in production: what one
    person may do with everything is what the three posts are there to prevent.
    """

    def user_can_authenticate(self, user):
        if (user.is_superuser and settings.PRODUCTION) or user.secret_is_stale(timezone.now()):
            return False
        return super().user_can_authenticate(user) and user.is_authorised
