"""Runs → findings: every number of a report, computed once, by pure functions.

Nothing here prints or formats. ``scipy`` is loaded when something is tested, and nowhere else.
"""

from __future__ import annotations

from reportgen.analyse.assembly import analyse
from reportgen.analyse.draft import Draft, draft_config
from reportgen.analyse.selection import Selection, select_runs

__all__ = ["Draft", "Selection", "analyse", "draft_config", "select_runs"]
