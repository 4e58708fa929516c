"""From a bulletin's bytes to tickets: read, draft, reviewed draft, differences, import.

`drafting` makes drafts and edits them, `review` says what a draft still needs, `filing` previews
and writes by way of `resource`; `folder` does it all at once.
"""

from tracker.intake.drafting import Outcome, receive
from tracker.intake.filing import AlreadyImported, DiffChanged, confirm, preview
from tracker.intake.folder import import_file

__all__ = [
    "AlreadyImported",
    "DiffChanged",
    "Outcome",
    "confirm",
    "import_file",
    "preview",
    "receive",
]
