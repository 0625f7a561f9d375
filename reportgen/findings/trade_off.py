"""Quality weighed against time, size or cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TradeOff:
    """Quality against time or cost: two metrics and the configurations that none beats in both."""

    metrics: tuple[str, ...]
    """Names: the primary metric first, then what it is weighed against; empty where there is no trade-off.
    The second is ``duration_s`` (no entry of *Findings.metrics*) where it is the runs' own duration."""
    frontier: tuple[str, ...]
    """Keys of the configurations on the front, best quality first."""
    points: tuple[tuple[str, float, float], ...] = ()
    """(key, mean quality, mean cost) of every configuration that has both, best quality first."""
    near: tuple[str, ...] = ()
    """Keys of configurations off the front that cannot be told from one on it: their 95 % ranges overlap
    in every metric."""
    missing: tuple[str, ...] = ()
    """Keys of configurations that lack one of the metrics."""
    other_machines: bool = False
    """Times were left out, for the runs were made on different machines."""
