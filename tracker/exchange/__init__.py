"""导回台账: workbooks that were exported, filled in elsewhere and sent back, many at once.

`reading` finds the rows in a workbook, `taking` runs them through `tracker.ledger`: preview and
import are one path, the preview rolled back.
"""

from tracker.exchange.reading import WorkbookUnreadable
from tracker.exchange.taking import FileOutcome, RowOutcome, take

__all__ = ["FileOutcome", "RowOutcome", "WorkbookUnreadable", "take"]
