"""Time and money over all runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """Time and money over all runs, failed ones included."""

    total_s: float | None
    metered_runs: int
    median_s: float | None
    currency: str = ""
    total_cost: float | None = None
    priced_runs: int = 0
    least_s: float | None = None
    most_s: float | None = None
    per_usable_s: float | None = None
    """Time of all metered runs over the number of usable ones: failures are paid for too."""
    cost_per_usable: float | None = None
    cost_per_gain: float | None = None
    """Cost of all runs for each unit of the gain (a percentage point, where the metric is a share); None
    unless a configuration is shown to be better than the baseline."""
    gained_by: str | None = None
    """Key of that configuration."""
    machines: tuple[tuple[str, int], ...] = ()
    """(kind of machine, runs), most runs first; of the runs that tell it."""
