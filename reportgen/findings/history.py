"""The project period by period, and what its course says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Period:
    """One ISO week of the project's runs."""

    name: str
    """``2026-W46``."""
    start: datetime
    runs: int
    usable: int
    best_key: str | None
    best_mean: float | None
    """Best configuration's mean over that week's own usable runs."""
    best_so_far: float | None
    tries: int = 0
    """Results so far: one a week and configuration that gave one."""
    luck: float | None = None
    """Rise of the best so far, since the first week, that so many tries would give by luck alone; None where
    no configuration was repeated."""
    reference: float | None = None
    """Mean of the baseline's runs of this week; None where it was not run again."""
    changed: tuple[str, ...] = ()
    """What differs from the week before that has runs: ``data``, ``code``, or a fact of ``compare.same``."""
    breaks: bool = False
    """Results before and after do not compare: the data, or what had to be the same, changed."""
    partial: bool = False
    """The week was not over when the report was made."""


@dataclass(frozen=True, slots=True)
class Trend:
    """What a series of whole periods says, from the last break on. All None below eight of them."""

    series: Literal["reference", "best"] | None = None
    """The baseline run again in each period, else the best of each period; None where neither is long enough."""
    periods: int = 0
    """Whole periods since the last break that have a number."""
    since: str | None = None
    """Name of the first of them."""
    center: float | None = None
    low: float | None = None
    """Natural process limits: mean minus and plus 2.66 mean moving ranges."""
    high: float | None = None
    outside: tuple[str, ...] = ()
    """Names of periods outside of the limits."""
    slope: float | None = None
    """Median of all slopes (Theil, Sen), in the metric's unit a period."""
    slope_interval: tuple[float, float] | None = None
    tau: float | None = None
    p_value: float | None = None
    """Kendall's test that the series neither rises nor falls."""
