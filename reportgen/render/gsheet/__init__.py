"""Plans the shared Google Sheet: report and state in, requests out. Pure; speaks to nobody.

`plan_sheet` needs one answer of ``spreadsheets.get`` with `STATE_FIELDS`, and for finding what people changed
one of ``spreadsheets.getByDataFilter`` with `EDIT_FILTERS` and `EDIT_FIELDS`, turned around by `grids_of`.
"""

from __future__ import annotations

from reportgen.render.gsheet.planning import MOST_BYTES, plan_sheet
from reportgen.render.gsheet.state import EDIT_FIELDS, EDIT_FILTERS, STATE_FIELDS, grids_of

__all__ = ["EDIT_FIELDS", "EDIT_FILTERS", "MOST_BYTES", "STATE_FIELDS", "grids_of", "plan_sheet"]
