"""Plans the shared Google Sheet: report and state in, requests out. Pure; speaks to nobody.

`plan_sheet` needs one answer of ``spreadsheets.get`` with `STATE_FIELDS`, and for finding what people changed
the cells of the tabs that are marked as ours, of the same moment as their marks.
"""

from __future__ import annotations

from reportgen.render.gsheet.planning import MOST_BYTES, plan_sheet
from reportgen.render.gsheet.state import STATE_FIELDS

__all__ = ["MOST_BYTES", "STATE_FIELDS", "plan_sheet"]
