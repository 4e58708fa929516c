"""工作台: what one person must do today, in a fixed number of queries. No HTML.

What the page holds follows from the roles that a person has anywhere: each role brings its tiles
and its groups of things to do, and who has several gets the union. Each tile is a set of filters
of a list, and its number is the number of rows behind them.

`desk` counts once what the parts share: `tiles`, `jobs` and `days`; `page` puts them together.
"""

from tracker.workbench.page import Workbench, workbench

__all__ = ["Workbench", "workbench"]
