"""Which settings mattered, or why that cannot be said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Refusal = Literal["off", "no_metric", "one_setting", "too_few", "no_variation", "not_predictable", "unstable"]
ImportanceMethod = Literal["analysis of variance", "random forest"]


@dataclass(frozen=True, slots=True)
class ParameterShare:
    """Share of the differences between results that goes together with one parameter."""

    name: str
    share: float
    """0 to 1, of the variance between the configurations' means; what no parameter explains is in none."""
    interval: tuple[float, float] | None
    """95 % range over resamples of the configurations."""
    along: tuple[str, ...] = ()
    """Further parameters that always change together with it: their effects cannot be told apart."""
    low: float | None = None
    """Smallest value tried; None unless all values are numbers."""
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Interaction:
    """Share that goes together with two parameters in combination only, beyond what each does alone."""

    names: tuple[str, str]
    share: float


@dataclass(frozen=True, slots=True)
class Branch:
    """The same question within the configurations to which further, conditional parameters apply."""

    where: tuple[tuple[str, Any], ...]
    """(parameter, value) that they share; empty where no single parameter marks them."""
    applies: tuple[str, ...]
    """The conditional parameters."""
    importance: Importance


@dataclass(frozen=True, slots=True)
class Importance:
    """Which settings mattered, or why that cannot be said."""

    stated: bool
    reason: Refusal | None
    """Why nothing is stated; None where something is."""
    parameters: tuple[ParameterShare, ...] = ()
    """Largest share first; the first alone where the prediction is too weak to rank the others."""
    method: ImportanceMethod | None = None
    predicted: float | None = None
    """Share of the variance between configurations that is predicted for ones left out (R squared)."""
    top_share: float | None = None
    """Share of resamples in which the first parameter is first."""
    first_only: bool = False
    configurations: int = 0
    """Configurations that were looked at."""
    available: int = 0
    """Those that could have been: more only where a sample was drawn."""
    settings: int = 0
    """Parameters that were looked at, those that always change together counted once."""
    interactions: tuple[Interaction, ...] = ()
    branches: tuple[Branch, ...] = ()
