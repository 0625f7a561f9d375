"""The frozen numbers of an earlier issue, read back, and its configurations found again among today's."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reportgen.errors import UsageError
from reportgen.findings import Configuration, Findings

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier issue said. An audience that gets no single runs has none in here either."""

    numbers: Mapping[str, Any]
    configurations: Sequence[Mapping[str, Any]] = field(init=False)
    """Best first."""

    def __post_init__(self) -> None:
        """Refuse what is no report of ours.

        Raises:
            UsageError: These are no frozen numbers, or of another format.
        """
        if self.numbers.get("schema") != SCHEMA or "configurations" not in self.numbers:
            raise UsageError(
                "the earlier issue holds no frozen numbers that can be read",
                found=f"its format is {self.numbers.get('schema')!r}, ours is {SCHEMA}",
                do="Compare with an issue that this version made.",
            )
        object.__setattr__(self, "configurations", self.numbers["configurations"])

    @property
    def since(self) -> str:
        """What the issue calls itself: its period, or the day it was made."""
        return str(self.numbers.get("period") or str(self.numbers["built_at"])[:10])

    @property
    def number(self) -> int | None:
        """Its number."""
        return (self.numbers.get("issue") or {}).get("number")

    @property
    def made(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.numbers["built_at"])

    @property
    def leader(self) -> Mapping[str, Any] | None:
        """The first of those with rank 1."""
        return next((c for c in self.configurations if c["rank"] == 1), None)

    @property
    def baseline(self) -> Mapping[str, Any] | None:
        """The configuration that the others were compared with."""
        return next((c for c in self.configurations if c["baseline"]), None)

    @property
    def run_ids(self) -> frozenset[str]:
        """Ids of all its runs; empty for an audience that gets none."""
        return frozenset(row["id"] for row in self.numbers.get("rows", ()))

    def tells_runs(self) -> bool:
        """Tell whether single runs are in it, or there were none."""
        return bool(self.run_ids) or not self.numbers["runs"]["total"]


def mean_in(configuration: Mapping[str, Any] | None) -> float | None:
    """Give the mean of an earlier configuration, if it had one."""
    mean = None if configuration is None else configuration["mean"]
    return None if mean is None or not math.isfinite(mean) else float(mean)


def match(earlier: Earlier, findings: Findings) -> dict[str, Mapping[str, Any]]:
    """Find each configuration of today in the earlier issue: by its key, else by its runs.

    A key changes where a fact becomes a setting, such as the version of the data: the runs stay the same.
    """
    by_key = {c["key"]: c for c in earlier.configurations}
    found = {c.key: by_key.pop(c.key) for c in findings.configurations if c.key in by_key}
    owner = {run: key for key, c in by_key.items() for run in c["run_ids"]}
    for configuration in findings.configurations:
        if configuration.key not in found:
            key = _shared(configuration, owner)
            if key in by_key:
                found[configuration.key] = by_key.pop(key)
    return found


def _shared(configuration: Configuration, owner: Mapping[str, str]) -> str:
    """Give the key of the earlier configuration that most of its runs were in; empty without one."""
    shared = [owner[run] for run in configuration.run_ids if run in owner]
    return max(sorted(set(shared)), key=shared.count, default="")
