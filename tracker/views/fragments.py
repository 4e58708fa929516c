from django.http import HttpRequest


def wants_fragment(request: HttpRequest) -> bool:
    """True when htmx will swap the reply into a page that is already on screen."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request
