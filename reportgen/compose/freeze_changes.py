"""The part of the frozen numbers that tells what changed since an earlier issue."""

from __future__ import annotations

from collections import Counter
from typing import Any

from reportgen.compose.freeze_inputs import TIME_UNITS
from reportgen.compose.plain import plain
from reportgen.findings import Change, Findings


def freeze_changes(findings: Findings) -> dict[str, Any]:
    """Freeze the changes, with the sizes and counts that sentences need; a first report has none."""
    changes = findings.changes
    if changes.since is None:
        return {"since": None, "entries": []}
    frozen: dict[str, Any] = plain(changes)
    frozen["entries"] = [_entry(entry) for entry in changes.entries]
    frozen["counts"] = dict(Counter(entry.kind for entry in changes.entries))
    frozen["without_result"] = sum(e.kind == "new" and e.after is None for e in changes.entries)
    frozen["with_result"] = frozen["counts"].get("new", 0) - frozen["without_result"]
    frozen["verdicts"] = dict(Counter(entry.after for entry in changes.entries if entry.kind == "verdict"))
    return frozen


def _entry(change: Change) -> dict[str, Any]:
    """Freeze one entry: the size of a difference whose direction the words tell, a time in every unit."""
    frozen: dict[str, Any] = plain(change)
    difference, (low, high) = frozen["difference"], frozen["interval"] or (None, None)
    frozen["size"] = None if difference is None else abs(difference)
    if difference is not None and difference < 0:
        low, high = (None if end is None else -end for end in (high, low))
    frozen["size_low"], frozen["size_high"] = low, high
    if change.kind == "time":
        for side in ("before", "after"):
            frozen |= {f"{side}_{unit}": frozen[side] / seconds for unit, seconds in TIME_UNITS.items()}
    return frozen
