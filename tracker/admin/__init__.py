"""The admin: the way in for bulletins, corrections of tickets, and reference data."""

from tracker.admin import bulletins, history, people, reference, tickets  # noqa: F401
