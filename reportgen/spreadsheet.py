"""A shared online spreadsheet: what was read of it, and what is to be written. Knows no library.

Requests and resources are plain mappings, in the words of the Google Sheets API v4: the plan is made in
`reportgen.render.gsheet` and carried out in `reportgen.deliver.share`, which do not know each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TAB_KEY = "reportgen.tab"
"""Key of the developer metadata that marks a tab as ours: it stays when the tab is renamed or moved."""

Request = Mapping[str, Any]
"""One request of ``spreadsheets.batchUpdate``, such as ``{"updateCells": {...}}``."""


@dataclass(frozen=True, slots=True)
class SheetState:
    """What was read of the spreadsheet before anything is written."""

    spreadsheet: Mapping[str, Any]
    """The answer of one masked ``spreadsheets.get``: title, time zone, tabs and the ids in them."""
    grids: Mapping[int, tuple[tuple[Mapping[str, Any] | None, ...], ...]] | None = None
    """Id of each of our tabs → what its cells hold now, row by row; None where they were not read.

    A cell is an ``ExtendedValue`` such as ``{"stringValue": "=1"}``, or None where it is empty. Where there
    are tabs of ours they have to be read: what people chose in drop-down cells is found there, too.
    """


@dataclass(frozen=True, slots=True)
class SheetEdit:
    """A cell of one of our tabs that somebody changed since it was written."""

    tab: str
    cell: str
    """In A1 notation, such as ``B7``."""
    written: str
    """What we had put there; ``empty`` where nothing stood, ``not known`` where the report changed as well."""
    found: str
    """What stands there now; ``empty`` where somebody took it away."""


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """Everything that brings the spreadsheet to the report."""

    requests: tuple[Request, ...]
    """One atomic batch; where there are *bulk* values, the part that has to come before them."""
    bulk: tuple[Mapping[str, Any], ...] = ()
    """Ranges of ``values:batchUpdate``, RAW: only where one batch would be larger than 2 MB."""
    finishing: tuple[Request, ...] = ()
    """The batch after *bulk*: charts, names, and the mark of each tab last."""
    words: tuple[str, ...] = ()
    """What it does, a sentence a step, for ``--dry-run``."""
    edits: tuple[SheetEdit, ...] = ()
    """What people changed in our tabs, and this plan would write over."""
    first_tab: int | None = None
    """Id of the tab that the link is to open."""
    notes: tuple[str, ...] = field(default=())
    """What the reader of the screen should know, such as rows that did not fit."""
