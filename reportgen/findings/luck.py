"""What luck alone would do: for the best of many, and for single repeats far from the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Luck:
    """How far above the average luck alone would put the best of the configurations tried."""

    tried: int
    """Configurations that it was picked from: all with a result, the baseline aside."""
    key: str
    """The best of them in the search runs."""
    average: float
    """Average of their means; each counts by its runs."""
    spread: float
    """Standard deviation of single runs, pooled over all configurations with repeats."""
    source: Literal["repeats", "baseline"]
    """Whose repeats tell the spread: the candidates' own, or the baseline's alone."""
    expected: float
    """Lead over the average that the best would have if all were equal; in the metric's unit, above 0."""
    line: float
    """*average* moved by *expected* in the better direction."""
    lead: float
    """Lead of the best over the average that was seen; never below 0."""


@dataclass(frozen=True, slots=True)
class Collapse:
    """One usable run far from the other repeats of its configuration: named and counted, never left out."""

    run_id: str
    key: str
    """Its configuration."""
    value: float
    side: Literal["worse", "better"]
    others: int
    """Number of the other repeats."""
    others_mean: float
