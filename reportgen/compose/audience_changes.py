"""What other audiences than the team may read of what changed since an earlier issue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

from reportgen.compose.freeze_inputs import WITHHELD
from reportgen.findings import Change, Changes, Findings, Verdict

_ABOUT_METRICS = frozenset(("deciding_metric", "metric"))
"""Names and definitions of metrics are told to everybody."""
_ABOUT_NAMES = frozenset(("renamed", "baseline"))
_ABOUT_DATA = frozenset(("data", "data_again"))


def changes_for_others(findings: Findings, *, hides_names: bool) -> Changes:
    """Keep numbers and verdicts; of texts only what the audience gets elsewhere in the report, too.

    *hides_names*: set-ups are called by letters, in order of rank. The letters of the earlier issue meant
    others, so nothing is said of those that are gone or renamed but that they are.
    """
    return replace(findings.changes, entries=tuple(_told(findings, hides_names=hides_names)))


def _told(findings: Findings, *, hides_names: bool) -> Iterator[Change]:
    versions = {version.version for version in findings.quality.data if version.version}
    for entry in findings.changes.entries:
        if entry.kind in _ABOUT_METRICS:
            yield entry
        elif entry.kind in _ABOUT_DATA:
            shown = (value if value in versions else WITHHELD for value in (entry.before, entry.after))
            yield replace(entry, before=next(shown), after=next(shown))
        elif entry.kind in _ABOUT_NAMES:
            yield from _names(entry, hides_names=hides_names)
        else:
            told = replace(entry, before=_plain(entry.before), after=_plain(entry.after))
            yield replace(told, label="", against_label="") if hides_names else told


def _names(entry: Change, *, hides_names: bool) -> Iterator[Change]:
    if not hides_names:
        yield entry
    elif entry.kind == "baseline":
        before, after = (None if value is None else WITHHELD for value in (entry.before, entry.after))
        yield replace(entry, before=before, after=after, label="")


def _plain(value: Any) -> Any:
    is_shown = value is None or isinstance(value, int | float) or value in get_args(Verdict)
    return value if is_shown else WITHHELD
