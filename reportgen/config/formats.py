"""The names of the formats that may be asked for: ours, and those that other packages add."""

from __future__ import annotations

from importlib.metadata import entry_points

from reportgen.config.settings import FORMATS

ENTRY_POINTS = "reportgen.renderers"
"""Entry-point group in which another package names its renderers."""


def unknown_formats(names: tuple[str, ...]) -> tuple[str, ...]:
    """Give those of *names* that no renderer answers to."""
    others = [name for name in names if name not in FORMATS]
    # looking through all installed packages takes time, so only for names that are not ours
    added = {entry.name for entry in entry_points(group=ENTRY_POINTS)} if others else set()
    return tuple(name for name in others if name not in added)
