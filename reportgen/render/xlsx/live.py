"""The live comparison's names, fit for look-ups in a sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from reportgen.document import Report
from reportgen.render.live import LiveModel, compared_model
from reportgen.render.xlsx.names import one_line

MAX_NAME: Final = 80
_ROOM: Final = MAX_NAME - 6
"""Characters of a metric's name with its unit: a number may have to follow it."""
_WILDCARDS: Final = str.maketrans(
    {"*": "\N{ASTERISK OPERATOR}", "?": "\N{FULLWIDTH QUESTION MARK}", "~": "\N{TILDE OPERATOR}"}
)
"""MATCH would read them as patterns."""


def live_model(report: Report) -> LiveModel | None:
    """Gather what the live sheets hold, each name once; None where there is nothing to compare."""
    model = compared_model(report)
    if model is None:
        return None
    labels = _unique([_with_its_unit(one_line(metric.label)) for metric in model.metrics])
    metrics = tuple(replace(m, label=label) for m, label in zip(model.metrics, labels, strict=True))
    return replace(model, setups=_unique([one_line(name) for name in model.setups]), metrics=metrics)


def _with_its_unit(label: str) -> str:
    """Cut a metric's name that is too long, and never the unit behind it."""
    name, _, unit = label.rpartition(" (")
    room = _ROOM - len(unit) - 2
    return label if len(label) <= _ROOM else f"{name[:room].rstrip()} ({unit}"


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """Make names that a look-up finds: short, without patterns, each once whatever its case."""
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        plain = re.sub(r"\s+", " ", name.translate(_WILDCARDS))[:MAX_NAME].strip() or "\N{EN DASH}"
        number, tried = 1, plain
        while tried.casefold() in taken:
            number += 1
            tried = f"{plain[: MAX_NAME - 6]} ({number})"
        taken.add(tried.casefold())
        found.append(tried)
    return tuple(found)
